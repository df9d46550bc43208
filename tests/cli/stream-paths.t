#!/bin/sh
# SPDX-License-Identifier: MIT
# stream-paths.t -- paths in, a receipt each out: in order, at once, for as long as it is asked.
. "$(dirname "$0")/lib.sh"
upload photo.jpg --size 640x480
upload slow.jpg --size 4000x3000 --noise 20
for i in 1 2 3 4 5 6 7 8; do upload "$i.jpg" --size "6${i}0x400"; done
echo text >text.jpg
cp photo.jpg ./-
cp photo.jpg 'a
b.jpg'
names() { json '.input.name' | tr '\n' ' '; }
ends() { json '.error.code // .status' | tr '\n' ' '; }

# ---- the same as process -------------------------------------------------------------------------
mkdir want out
run sp process slow.jpg 1.jpg text.jpg 2.jpg nope.jpg 3.jpg -o want --json
sed 's|want/|out/|g' .streams/out >want.json
for jobs in '' '--jobs 1' '--jobs 7'; do
    rm -rf out && mkdir out
    # shellcheck disable=SC2086 # words on purpose
    run sh -c 'printf "slow.jpg\n1.jpg\ntext.jpg\n2.jpg\nnope.jpg\n3.jpg\n" | "$@"' sh \
        "$SP" stream --lines -o out $jobs
    expect 0 '*' '' "as process, ${jobs:-the default}"
    check "the same receipts, ${jobs:-the default}" diff want.json .streams/out
    check "the same files, ${jobs:-the default}" diff -r want out
done
run sh -c 'printf "1.jpg\0a\nb.jpg\0text.jpg" | "$0" stream -0 -o out' "$SP"
expect 0 '*' '' 'paths with a NUL behind each'
check 'each is answered' test "$(ends)" = 'ok ok not-an-image '
check 'and has its name' test "$(json '.input.name | length' | tr '\n' ' ')" = '5 7 8 '
mkdir receipts
run sh -c 'echo 1.jpg | "$0" stream --lines -o out --receipts receipts --base-url /p --set webp.quality=50 -p story' "$SP"
expect 0 '"src|/p/' '' 'options of process'
check 'a receipt is kept' test "$(count_files receipts)" = 1
run sh -c 'echo 1.jpg | "$0" stream --lines -o out --receipts out' "$SP"
expect 64 '' 'choose a private one' 'receipts where it publishes'
run sh -c 'echo 1.jpg | "$0" stream --lines -o nowhere' "$SP"
expect 73 '' "cannot open the folder of --output 'nowhere'" 'no such folder'
run sh -c ': | "$0" stream --lines' "$SP"
expect 0 '' '' 'no path'
run sp stream --lines -o out </dev/null
expect 0 '' '' 'no path from /dev/null'
run sp stream --lines -o out <&-
expect 66 '' 'standard input is closed' 'standard input is closed'
run sp stream --lines -o out <out
expect 66 '' 'cannot read the list: Is a directory' 'standard input is a folder'

# ---- what is no path -----------------------------------------------------------------------------
mkfifo pipe
{
    printf '\n'
    perl -e 'print "x" x 5000, "\n", "y" x 4095, "\n", "x" x 3_000_000, "\n"'
    printf 'a\0b.jpg\n-\nout\n/dev/zero\npipe\n\377\376.jpg\n1.jpg'
} >paths
run sh -c '"$0" stream --lines -o out <paths' "$SP"
expect 0 '*' '' 'what is no path'
check 'each is answered' test "$(ends)" = \
    'cannot-read cannot-read cannot-read cannot-read cannot-read ok cannot-read cannot-read cannot-read cannot-read ok '
check 'and why' test "$(json '.error.message // "done"' | head -n 5 | cut -d: -f2 | tr '\n' '|')" = \
    'the path is empty|the path is longer than 4095 bytes| File name too long|the path is longer than 4095 bytes|the path has a NUL in it|'
check 'bytes that are not UTF-8 are kept' grep -q '"name_base64":"//4uanBn"' .streams/out

# ---- at once -------------------------------------------------------------------------------------
# A shell starts background jobs with SIGINT ignored; perl gives it back.
listen() { exec perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$SP" "$@"; }
has_lines() { test "$(wc -l <"$1")" -ge "$2"; }
begin() { # starts $pid with a feed at descriptor 3
    rm -f feed answers && mkfifo feed
    listen stream --lines "$@" <feed >answers 2>said 3>&- 4>&- &
    pid=$!
    exec 3>feed
}
for jobs in 1 2; do
    rm -rf out && mkdir out
    begin -o out --jobs $jobs
    for i in 1 2 3 4; do
        echo $i.jpg >&3
        await has_lines answers $i
    done
    check "--jobs $jobs: each is answered before the next is asked" test "$(count_files out)" = 8
    printf 5.j >&3
    sleep 0.1
    check "--jobs $jobs: half a path is waited for" test "$(wc -l <answers)" = 4
    echo pg >&3
    await has_lines answers 5
    exec 3>&-
    wait $pid
    check "--jobs $jobs: 0 at the end" test $? = 0
    check "--jobs $jobs: in order" test "$(jq -r .input.name answers | tr '\n' ' ')" = \
        '1.jpg 2.jpg 3.jpg 4.jpg 5.jpg '
done
check 'nothing is said' test ! -s said

# ---- in each other's way -------------------------------------------------------------------------
for i in 1 2 3 4 5 6 7 8; do
    mkdir "of.$i"
    cp "$i.jpg" "of.$i/same.jpg"
done
mkdir source
run sh -c 'ls -d of.?/same.jpg | "$0" stream --lines --jobs 8 -o source --set preset.names=source' "$SP"
check 'eight of one name: the first has it' test \
    "$(json '.error.code // .input.width' | tr '\n' ' ')" = \
    '610 exists exists exists exists exists exists exists '

# ---- stopped -------------------------------------------------------------------------------------
rm -rf out && mkdir out
begin -o out
echo slow.jpg >&3
echo 1.jp >&3
echo 1.jpg >&3
await has_lines answers 1
kill -INT $pid
wait $pid
check 'Ctrl-C while it waits: 75' test $? = 75
exec 3>&-
check 'Ctrl-C: all that was begun is told' test "$(jq -r '.error.code // .status' answers | tr '\n' ' ')" = \
    'ok cannot-read ok '
begin -o out
echo slow.jpg >&3
await pgrep -P $pid
kill -INT $pid
wait $pid
check 'Ctrl-C in an upload: 75' test $? = 75
exec 3>&-
check 'Ctrl-C in an upload: it is finished' test "$(jq -r .status answers)" = ok
if mount_tmpfs full size=64k; then
    run sh -c 'printf "1.jpg\nslow.jpg\ntext.jpg\n" | "$0" stream --lines --jobs 1 -o full' "$SP"
    expect 0 '*' '' 'a disk that fills up'
    check 'does not end it' test "$(ends)" = 'ok no-space not-an-image '
    rm full/*
    head -c 50000 /dev/zero >full/filler
    begin -o full
    echo slow.jpg >&3
    await has_lines answers 1
    rm full/filler
    echo slow.jpg >&3
    await has_lines answers 2
    exec 3>&-
    wait $pid
    check 'with room again it goes on' test "$(jq -r '.error.code // .status' answers | tr '\n' ' ')" = 'no-space ok '
else
    skip 'a disk that fills up' 'may not mount'
fi
run sh -c 'for i in 1 2 3 4 5 6 7 8 slow; do echo $i.jpg; done | "$0" stream --lines -o out >/dev/full' "$SP"
expect 74 '' 'cannot write to standard output: No space' 'nobody can be told: 74'
begin -o out
echo 1.jpg >&3
await has_lines answers 1
kill -TERM $pid
wait $pid
check 'SIGTERM while it has nothing to do: 75' test $? = 75
exec 3>&-
finish
