#!/bin/sh
# SPDX-License-Identifier: MIT
# node.t -- examples/node through HTTP, with a process for each upload and with one for all: a
# photo, those that are refused, senders that go away, the time limit, and how many run at once.
. "$(dirname "$0")/../cli/lib.sh"
. "$root/tests/extra/backend-lib.sh"

needs node curl
make_uploads
{ cat photo.jpg && head -c 70000000 /dev/zero; } >large
port=$(free_port)
export PORT="$port"
mkdir -p public/photos private
slow_program slow
send() { # send STATUS NAME FILE [CURL'S ARGUMENT]...
    send_status=$1 send_name=$2 send_file=$3
    shift 3
    ask "$send_status" "$send_name" -H 'Expect:' -H 'Content-Type: application/octet-stream' \
        --data-binary "@$send_file" "$@" "$site/photos"
}
told() { test "$(jq -r .sentence body)" = "$(sentence "$@")"; }
n_photos() { count_files public/photos; }
# The server's children, and theirs.
children() { pgrep -g "$server" | grep -vx "$server"; }
no_child() { [ -z "$(children)" ]; }
has_child() { [ -n "$(children)" ]; }
spooled() { [ -n "$(ls private)" ]; }
nothing_spooled() { [ -z "$(ls private)" ]; }

for way in '' --stream; do
    name=${way:-a process each}
    start() { serve env STORYPHOTO="$1" ${2+"$2"} node "$root/examples/node/server.js" $way; }
    start "$SP"
    before=$(n_photos)
    ask 200 "$name: the form" "$site/"
    send 200 "$name: a photo" photo.jpg
    check 'a <picture>' test "$(jq -r .picture body | grep -c '<picture><source')" = 1
    check 'what was removed' test "$(jq -r '.removed[0]' body)" = "$(removal location)"
    check 'nothing of a path' test -z "$(grep -F "$scratch" body)"
    check 'two files' test $(($(n_photos) - before)) = 2
    for at in $(jq -r .picture body | grep -o '/photos/[a-z0-9]*\.[a-z]*'); do
        ask 200 "$name: ${at##*.}" "$site$at"
        check 'it is that file' cmp body "public$at"
    done
    ask 404 "$name: no other file" --path-as-is "$site/photos/../../notes.txt"
    send 422 "$name: half a photo" half.jpg
    check 'it is said' told truncated
    send 422 "$name: no photo" notes.txt -H 'Accept-Language: es-MX'
    check 'it is said in Spanish' told not-an-image es
    send 422 "$name: nothing" /dev/null
    check 'it is said' told empty
    send 413 "$name: too large" large
    check 'it is said' told too-large
    send 413 "$name: too large, and no length is told" large -H 'Transfer-Encoding: chunked'
    check 'it is said' told too-large
    # One that is refused by its first bytes, long before the last has come.
    { cat notes.txt && head -c 30000000 /dev/zero; } >long
    send 422 "$name: no photo, and long" long
    check 'it is said' told not-an-image

    # Goes away in the middle.
    rm -f line && mkfifo line
    curl -s -o /dev/null -H 'Expect:' -H 'Transfer-Encoding: chunked' -T - -X POST \
        "$site/photos" <line &
    sender=$!
    exec 9>line
    head -c 100000 photo.jpg >&9
    if [ -z "$way" ]; then await has_child; else await spooled; fi
    kill $sender
    wait $sender 2>/dev/null
    exec 9>&-
    [ -n "$way" ] || await no_child
    await nothing_spooled
    send 200 "$name: somebody went away, the next one is taken" photo.jpg
    check 'and nobody else' test $(($(n_photos) - before)) = 4

    for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
        curl -s -o many.$i --data-binary @photo.jpg "$site/photos" &
        many="$many $!"
    done
    # shellcheck disable=SC2086 # a list of numbers
    wait $many
    many=
    check "$name: twelve at once" test "$(cat many.* | jq -r .picture | sort -u | grep -c '<pic')" = 12
    check 'all are published' test $(($(n_photos) - before)) = 28
    clean_outcome "$name" public/photos private

    rm -f slow.pids
    start "$scratch/slow" DEADLINE=1
    send "$([ -z "$way" ] && echo 500 || echo 503)" "$name: one that does not end" photo.jpg
    check 'it is said' told "$([ -z "$way" ] && echo internal || echo interrupted)"
    check 'it has ended' all_ended slow.pids
    start /nonexistent
    send "$([ -z "$way" ] && echo 500 || echo 503)" "$name: no program" photo.jpg
    check 'something is said' test -n "$(jq -r .sentence body)"
    check 'nothing lies between' nothing_spooled
done

# Of one process for all, that ends while it works, those who wait are told; the next starts anew.
start "$SP"
send 200 'the one process' photo.jpg
kill -KILL "$(pgrep -g "$server" -x storyphoto-bulk)"
await no_child
send 200 'it is started again' photo.jpg

way=
start "$scratch/slow" AT_ONCE=1
for i in $(seq 17); do
    curl -s -o /dev/null --max-time 20 --data-binary @photo.jpg "$site/photos" &
    all="$all $!"
done
await test -s slow.pids
busy() { [ "$(curl -s --max-time 1 --data-binary @notes.txt "$site/photos" | jq -r .error)" = busy ]; }
await busy
send 503 'more than may run and wait' photo.jpg
check 'it is said' told busy
check 'and when to come again' grep -qi '^retry-after: 60' head
# shellcheck disable=SC2086 # a list of numbers
kill $all 2>/dev/null
kill -s KILL -- "-$server" # it would finish what waits
finish
