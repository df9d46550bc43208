#!/bin/sh
# SPDX-License-Identifier: MIT
# jobs.t -- several photos at once: the same files and the same words as one after the other, in
# the order of the command line, whoever is slow, in each other's way, or stopped.
. "$(dirname "$0")/lib.sh"
upload slow.jpg --size 4000x3000 --noise 20
upload photo.jpg --size 1600x1200
photos=
for i in 1 2 3 4 5 6 7 8; do
    upload "$i.jpg" --size "6${i}0x400"
    photos="$photos $i.jpg"
done
echo text >text.jpg
mkfifo fifo other

has_published() { [ "$(count_files "$1")" -ge "$2" ]; }
threads_of() { find "/proc/$1/task" -mindepth 1 -maxdepth 1 | wc -l; }

# ---- the same, whatever is asked for -------------------------------------------------------------
mkdir want
# shellcheck disable=SC2086 # words on purpose
run sp process --jobs 1 slow.jpg text.jpg $photos nope.jpg photo.jpg -o want
expect 1 '^slow.jpg: ' "'nope.jpg': " '--jobs 1'
mv .streams/out told && mv .streams/err said
for jobs in '' '--jobs 2' '--jobs=7' '--jobs 64'; do
    rm -rf out && mkdir out
    # shellcheck disable=SC2086
    run sp process $jobs slow.jpg text.jpg $photos nope.jpg photo.jpg -o out
    expect 1 '*' '*' "with ${jobs:-the default}: the exit code"
    sed 's|  out/|  want/|; s|  *| |g' .streams/out >got
    sed 's|  *| |g' told >told.same
    check "with ${jobs:-the default}: what is told, in order" diff told.same got
    check "with ${jobs:-the default}: what is complained of" diff said .streams/err
    check "with ${jobs:-the default}: what is published" diff -r want out
done
for jobs in 0 65 -1 1.5 two '' 0x2 99999999999999999999; do
    run sp process "--jobs=$jobs" photo.jpg -o out
    expect 64 '' "^storyphoto: --jobs '$jobs' is not a number from 1 to 64$" "--jobs '$jobs'"
done
rm -rf out && mkdir out
# shellcheck disable=SC2086
run sh -c 'ulimit -n 20 && exec "$0" process --jobs 64 "$@" -o out' "$SP" $photos
expect 0 '^8.jpg: ' '' 'no more at once than there are descriptors for'

# ---- side by side ------------------------------------------------------------------------------
rm -rf out && mkdir out
"$SP" process --jobs 2 fifo photo.jpg -o out >got 2>said 3<&- &
pid=$!
exec 3>fifo
await has_published out 2
check 'one that waits does not hold up the next' test "$(count_files out)" = 2
check 'but what is told is in order' test ! -s got
cat 1.jpg >&3
exec 3>&-
wait $pid
check 'then all is told' test "$(grep -o '^[a-z]*' got | tr '\n' ' ')" = 'fifo photo '

"$SP" process fifo -o out >got 2>said 3<&- &
pid=$!
exec 3>fifo
check 'one photo: no thread is started' test "$(threads_of $pid)" = 1
cat 1.jpg >&3
exec 3>&-
wait $pid
"$SP" process --jobs 7 fifo other -o out >got 2>said 3<&- 4<&- &
pid=$!
exec 3>fifo 4>other # opened by two who read
check 'two photos: no more than two' test "$(threads_of $pid)" = 3
cat 1.jpg >&4
exec 4>&-
cat 2.jpg >&3
exec 3>&-
wait $pid
check 'two pipes, the second one first' test "$(grep -o '^[a-z]*' got | tr '\n' ' ')" = 'fifo other '
run sh -c 'cat 3.jpg | "$0" process photo.jpg - 1.jpg -o out' "$SP"
expect 0 '^-: 630 x 400 jpeg' '' 'standard input among others'

# ---- in each other's way -----------------------------------------------------------------------
rm -rf out && mkdir out receipts
run sp process --jobs 8 photo.jpg photo.jpg photo.jpg photo.jpg photo.jpg photo.jpg photo.jpg \
    photo.jpg -o out --receipts receipts
expect 0 '^photo.jpg: ' '' 'the same photo eight times'
check 'is published once' test "$(count_files out)" = 2
check 'and has one receipt' test "$(count_files receipts)" = 1

# names = source: the first of a name has it; with --force the last.
for i in 1 2 3 4 5 6 7 8; do
    mkdir "of.$i"
    cp "$i.jpg" "of.$i/same.jpg"
done
cp slow.jpg of.1/same.jpg
for try in 1 2 3; do
    rm -rf source && mkdir source
    run sp process --jobs 8 of.?/same.jpg -o source --set preset.names=source --json
    expect 1 '*' '' "eight of one name: the exit code ($try)"
    check "eight of one name: the first has it ($try)" test \
        "$(json '.error.code // .input.width' | tr '\n' ' ')" = \
        '4000 exists exists exists exists exists exists exists '
    run sp process --jobs 8 of.?/same.jpg -o source --set preset.names=source --force
    expect 0 '*' '' "eight of one name, --force: the exit code ($try)"
    check "eight of one name, --force: the last has it ($try)" test \
        "$(djpeg -ppm source/same.jpg.jpg | head -c 11 | tr '\n' ' ')" = 'P6 680 400 '
    check "eight of one name: nothing beside it ($try)" test "$(find source -mindepth 1 | wc -l)" = 2
done

if mount_tmpfs full size=64k; then
    # shellcheck disable=SC2086
    run sp process --jobs 4 --json $photos slow.jpg -o full
    expect 1 '*' '' 'a disk that fills up'
    check 'each is done, or told what it lacks' jq -se \
        'length == 9 and all(.[]; .status == "ok" or .error.code == "no-space")' .streams/out
    check 'and nothing is there but what is told' test \
        "$(json 'select(.status == "ok").outputs[].path' | sort)" = "$(find full -type f | sort)"
else
    skip 'a disk that fills up' 'may not mount'
fi

# ---- stopped -----------------------------------------------------------------------------------
# A shell starts background jobs with SIGINT ignored; perl gives it back.
listen() { exec perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$SP" "$@"; }
rm -rf out && mkdir out
# shellcheck disable=SC2086
listen process --jobs 2 fifo photo.jpg other $photos -o out >got 2>said 3<&- 4<&- &
pid=$!
exec 3>fifo 4>other
await has_published out 2
kill -INT $pid
wait $pid
check 'Ctrl-C: 75' test $? = 75
exec 3>&- 4>&-
check 'Ctrl-C: what was done is told' grep -q '^photo.jpg: ' got
check 'Ctrl-C: and what was begun' test "$(grep -c '(interrupted)$' said)" = 2
check 'Ctrl-C: nothing further is begun' test "$(count_files out)" = 2

rm -rf out && mkdir out
# shellcheck disable=SC2086
run sh -c '"$0" process --jobs 2 "$@" -o out >/dev/full' "$SP" $photos $photos slow.jpg
expect 74 '' 'cannot write to standard output: No space' 'nobody can be told: 74'
check 'nobody can be told: not all are begun' test "$(count_files out)" -lt 18

finish
