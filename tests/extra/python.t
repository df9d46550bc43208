#!/bin/sh
# SPDX-License-Identifier: MIT
# python.t -- examples/python behind Flask's own server, through HTTP: a photo, those that are
# refused, the time limit, and how many run at once.
. "$(dirname "$0")/../cli/lib.sh"
. "$root/tests/extra/backend-lib.sh"

needs curl
# The one that has Debian's Flask, wherever another python3 comes first.
for python in /usr/bin/python3 python3; do
    "$python" -c 'import flask' 2>/dev/null && break
    python=
done
[ -n "$python" ] || {
    skip python 'there is no Flask'
    finish
}
make_uploads
mkdir -p public/photos tmp
port=$(free_port)
n_photos() { count_files public/photos; }
start() { # start PROGRAM [VARIABLE=VALUE]...
    start_program=$1
    shift
    serve env STORYPHOTO="$start_program" TMPDIR="$scratch/tmp" PYTHONDONTWRITEBYTECODE=1 \
        PYTHONPATH="$root/examples/python" "$@" "$python" -m flask --app app run -p "$port"
}
start "$SP" MAX_UPLOAD=3000000

ask 200 'the form' "$site/"
check 'it has a file to choose' body_has 'type="file" name="photo"'
ask 200 'a photo' -F 'story=It is <b>mine</b>' -F "photo=@photo.jpg;filename=$canary.jpg" "$site/"
check 'it is shown' body_has '<picture><source type="image/webp" srcset="/photos/'
check 'the story is shown as text' body_has 'It is &lt;b&gt;mine&lt;/b&gt;'
check 'what was removed is said' body_has "$(removal location)"
check 'no name of the sender' test -z "$(grep -F $canary body)"
check 'two files' test "$(n_photos)" = 2
for at in $(grep -o '/photos/[a-z0-9]*\.[a-z]*' body | sort -u); do
    ask 200 "its ${at##*.}" "$site$at"
    check 'it is that file' cmp body "public$at"
done
ask 404 'no other file' --path-as-is "$site/photos/../../photo.jpg"

ask 422 'half a photo' -F 'story=what I "wrote"' -F photo=@half.jpg "$site/"
check 'it is said' says truncated
check 'what they wrote is still there' body_has 'what I &#34;wrote&#34;</textarea>'
ask 422 'no photo' -H 'Accept-Language: es-MX,en' -F photo=@notes.txt "$site/"
check 'it is said in Spanish' says not-an-image es
ask 422 'no photo, for whom there are no sentences' -H 'Accept-Language: tlh' -F photo=@notes.txt "$site/"
check 'it is said in English' says not-an-image
ask 422 'nothing chosen' -F story=x -F 'photo=;filename=' "$site/"
check 'it is said' says empty
: >nothing
ask 422 'an empty file' -F story=x -F photo=@nothing "$site/"
check 'it is said' says empty
head -c 4000000 /dev/zero >large
ask 413 'more than the server takes' -F story=x -F photo=@large "$site/"
check 'it is said' says too-large
for i in 1 2 3 4 5 6; do
    curl -s -o many.$i -F photo=@photo.jpg "$site/" &
    many="$many $!"
done
# shellcheck disable=SC2086 # a list of numbers
wait $many
check 'six at once' test "$(cat many.* | grep -o '/photos/[a-z0-9]*\.jpg' | sort -u | wc -l)" = 6
check 'all are published' test "$(n_photos)" = 14
mv public/photos away
ask 500 'no folder to publish in' -F photo=@photo.jpg "$site/"
check 'it is said' says internal
mv away public/photos
clean_outcome published public/photos tmp

slow_program slow
cat >alone.py <<'END'
import sys, threading, storyphoto
storyphoto.PROGRAM, storyphoto.SECONDS, storyphoto.WAIT = sys.argv[1], float(sys.argv[2]), 0.5
storyphoto.AT_ONCE = threading.BoundedSemaphore(1)
def take():
    with open("photo.jpg", "rb") as photo:
        print(storyphoto.process(photo, "public/photos")[0], flush=True)
first = threading.Thread(target=take)
first.start()
if len(sys.argv) > 3:
    take()
first.join()
END
alone() {
    PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$root/examples/python" "$python" alone.py "$@"
}
run alone "$scratch/slow" 1
expect 0 '^busy$' 'did not end within 1' 'one that does not end is ended'
check 'it has ended' all_ended slow.pids
run alone "$scratch/slow" 4 more
expect 0 '^busy$' 'did not end within 4' 'more than may run at once'
check 'the second was not begun' test "$(wc -l <slow.pids)" = 2
run alone /nonexistent 4
expect 0 '^internal$' 'cannot start' 'no program'
check 'nothing of them is published' test "$(n_photos)" = 14
finish
