#!/bin/sh
# SPDX-License-Identifier: MIT
# killed.t -- a run that is ended, and one whose renderers are: what was published is whole, the
# exit code says what to do, and no process stays.
. "$(dirname "$0")/lib.sh"
upload photo.jpg --size 3000x2000 --gps
uploads=
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    upload "$i.jpg" --size "16${i}0x1200"
    uploads="$uploads $i.jpg"
done

# A shell starts background jobs with SIGINT ignored; perl gives it back. exec, so that the job is
# the program and not a shell around it.
listen() { exec perl -e '$SIG{$_} = "DEFAULT" for qw(INT HUP TERM PIPE); exec @ARGV' "$SP" "$@"; }

# A process that is stopped counts, a zombie does not.
runs() { grep -qsE '^State:.[^ZX]' "/proc/$1/status"; }

# family PID: its children and theirs.
family() {
    for family_child in $(pgrep -P "$1"); do
        echo "$family_child"
        pgrep -P "$family_child"
    done
}

none_run() {
    for none_pid in $1; do
        ! runs "$none_pid" || return 1
    done
}

has_files() { [ -n "$(ls -A "$1")" ]; }
has_renderer() { [ "$(family $pid | wc -l)" -ge 2 ]; } # a server and its child

# whole FOLDER NAME: nothing partial, under no name.
whole() {
    check "$2: no file is hidden or partial" test -z "$(find "$1" -name '.*' -mindepth 1)"
    if has_files "$1"; then
        check "$2: what is published is whole" sp audit "$1"
    fi
}

# ---- in the middle of many ---------------------------------------------------------------------
for signal in TERM INT; do
    rm -rf out && mkdir out
    # shellcheck disable=SC2086
    listen process $uploads $uploads -o out --json >told 2>said &
    pid=$!
    await has_files out
    await has_renderer
    renderers=$(family $pid)
    kill -$signal $pid
    wait $pid
    check "SIG$signal in the middle of many: 75" test $? = 75
    check "SIG$signal: no renderer stays" none_run "$renderers"
    whole out "SIG$signal"
    jq -r 'select(.status == "ok") | .outputs[].path' told | sort -u >want
    find out -type f | sort >got
    check "SIG$signal: what is told is published, and nothing else" diff want got
    check "SIG$signal: who was not done is interrupted" \
        jq -se 'all(.[]; .status == "ok" or .error.code == "interrupted")' told
    check "SIG$signal: not all were done" test "$(jq -s 'map(select(.status == "ok")) | length' told)" -lt 24
done

rm -rf out && mkdir out
# shellcheck disable=SC2086
"$SP" process $uploads $uploads -o out >/dev/null 2>&1 &
pid=$!
await has_files out
await has_renderer
renderers=$(family $pid)
kill -KILL $pid
wait $pid 2>/dev/null
await none_run "$renderers"
check 'SIGKILL: no renderer stays' none_run "$renderers"
whole out SIGKILL

# ---- the renderers -----------------------------------------------------------------------------
rm -rf out && mkdir out
# shellcheck disable=SC2086
"$SP" process $uploads -o out --json >told 2>said &
pid=$!
await has_renderer
kill -KILL "$(pgrep -P $pid | head -n 1)"
wait $pid
check 'a server killed at work: all is done' test $? = 0
check 'a server killed at work: each of them' test "$(count_files out)" = 24

# A pipe cannot be read again, and its upload is not to blame.
rm -rf out && mkdir out && mkfifo fifo
{ head -c 20000 photo.jpg && exec sleep 60; } >fifo 2>/dev/null &
sender=$!
"$SP" process - -o out --json <fifo >told 2>said &
pid=$!
await has_renderer
kill -KILL "$(pgrep -P $pid | head -n 1)"
wait $pid
check 'a server killed while a pipe is read: 75' test $? = 75
check 'a server killed while a pipe is read: busy' jq -e '.error.code == "busy"' told
kill $sender

rm -rf out && mkdir out
# shellcheck disable=SC2086
"$SP" process --jobs 2 photo.jpg $uploads -o out --json --set limits.timeout=10 >told 2>said &
pid=$!
await has_renderer
kill -STOP "$(pgrep -P $pid | head -n 1)"
renderers=$(family $pid)
wait $pid
check 'a server stopped at work: what it had is busy, the others are done' \
    jq -se 'map(.error.code // "ok") | sort | .[0] == "busy" and .[2] == "ok" and .[12] == "ok"' told
check 'a server stopped at work: it does not stay' none_run "$renderers"

# ---- a host with few descriptors ---------------------------------------------------------------
for n in 5 6 7 8 9 10 11 12 13 14 16 20; do
    rm -rf out && mkdir out
    run sh -c 'ulimit -n "$1" && exec "$0" process photo.jpg -o out' "$SP" "$n"
    if [ "$code" = 0 ]; then
        check "$n descriptors: enough" test "$(count_files out)" = 2
    else
        expect 75 '' 'Too many open files \(busy\)$' "$n descriptors: busy"
        check "$n descriptors: nothing is published" test "$(count_files out)" = 0
    fi
done
check '20 are enough' test "$code" = 0

finish
