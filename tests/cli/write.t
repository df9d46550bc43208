#!/bin/sh
# SPDX-License-Identifier: MIT
# write.t -- folders that cannot be written to, and runs that end early or meet each other.
. "$(dirname "$0")/lib.sh"
upload photo.jpg --size 1600x1200 --noise 40
mkdir want out receipts
sp process photo.jpg -o want >/dev/null || exit 1

# ---- folders -----------------------------------------------------------------------------------
run sp process photo.jpg -o nowhere
expect 73 '' "^storyphoto: cannot open the folder of --output 'nowhere'.*: No such file" 'the output folder is missing'
run sp process photo.jpg -o photo.jpg
expect 73 '' "^storyphoto: .*--output 'photo.jpg'.*Not a directory" 'the output folder is a file'
run sp process photo.jpg -o out --receipts nowhere
expect 73 '' "^storyphoto: .*--receipts 'nowhere'.*No such file" 'the folder for receipts is missing'
check 'then nothing is published' test -z "$(ls -A out)"

# Receipts never lie among what is published, by whatever name.
ln -s out alias
for receipts in out ./out/ "$PWD/out" alias; do
    run sp process photo.jpg -o out --receipts "$receipts"
    expect 64 '' '--receipts is the folder that is published' "receipts in $receipts"
done
run sh -c 'cd out && exec "$0" process ../photo.jpg --receipts .' "$SP"
expect 64 '' '--receipts is the folder that is published' 'receipts in the default folder'
check 'then neither is anything published' test -z "$(ls -A out)"
mkdir inner
run sh -c 'cd inner && exec "$0" process ../photo.jpg --to webp --receipts .' "$SP"
expect 0 '*' '' 'with --to nothing is published, so any folder is good'
run sp process photo.jpg -o out --receipts inner
expect 0 '*' '' 'receipts beside the output folder'
rm -f out/*

# A file size limit is an error with its message, not a death by SIGXFSZ.
for blocks in 1 100; do
    run sh -c 'ulimit -f "$1"; exec "$0" process photo.jpg -o out' "$SP" $blocks
    [ "$code" = 71 ] || [ "$code" = 73 ] && code='71 or 73'
    expect '71 or 73' '' \
        '^storyphoto: .*File too large: this process may write [0-9]+ bytes a file, raise that limit' \
        "ulimit -f $blocks"
done
check 'and nothing is published' test -z "$(ls -A out)"
run sh -c 'ulimit -f 1; exec "$0" process --help >cut' "$SP"
expect 74 '' 'cannot write to standard output: File too large' 'ulimit -f 1 and standard output'

if mount_tmpfs read-only ro; then
    run sp process photo.jpg -o read-only
    expect 73 '' 'Read-only file system \(cannot-write\)' 'a read-only file system'
else
    skip 'a read-only file system' 'may not mount'
fi
if [ "$(id -u)" != 0 ]; then
    mkdir -m 555 locked
    run sp process photo.jpg -o locked
    expect 73 '' 'Permission denied \(cannot-write\)' 'no right to write'
else
    skip 'no right to write' 'root may write everywhere'
fi
if mount_tmpfs full size=64k; then
    run sp process photo.jpg -o full
    expect 73 '' 'No space left on device \(no-space\)' 'a full disk'
    check 'leaves nothing behind' test -z "$(ls -A full)"
    run sp process photo.jpg -o full --json
    check 'and says so in the receipt' test "$(json .error.code)" = no-space
    run sp process photo.jpg -o out --receipts full
    expect 0 '*' '' 'a receipt is small enough for it'
    rm -f out/* full/*
    head -c 65536 /dev/zero >full/fill 2>/dev/null
    run sp process photo.jpg -o out --receipts full
    expect 73 '' '\(no-space\)' 'a full disk for receipts'
    check 'publishes nothing either' test -z "$(ls -A out)"
else
    skip 'a full disk' 'may not mount'
fi

# ---- two at once, and the end of a run ---------------------------------------------------------
for i in 1 2 3 4; do
    sp process photo.jpg -o out >"at-once.$i" 2>&1 &
    eval "pid$i=\$!"
done
for i in 1 2 3 4; do
    eval "wait \$pid$i"
    check "four runs into one folder: number $i" test $? = 0
done
check 'publish one set' diff -r want out
check 'and leave nothing beside it' test "$(find out -mindepth 1 | wc -l)" = 2

# What a kill leaves is nothing, or files that are whole.
mkdir killed
for delay in 0.01 0.03 0.05 0.07 0.09 0.11 0.13 0.15 0.18 0.22; do
    "$SP" process photo.jpg -o killed >/dev/null 2>&1 &
    pid=$!
    sleep $delay
    kill -9 $pid 2>/dev/null
    wait $pid 2>/dev/null
    for file in killed/*; do
        [ -e "$file" ] || continue
        check "whole after kill -9: ${file##*.}" cmp -s "$file" "want/${file#killed/}"
    done
done
run sp process photo.jpg -o killed
expect 0 '*' '' 'the same command goes on after kill -9'
check 'and comes to the same' diff -r want killed

# A shell starts background jobs with SIGINT ignored, nohup everything with SIGHUP; perl gives them
# back. Only for background jobs: exec, so that the job is the program and not a shell around it.
listen() { exec perl -e 'setpgrp; $SIG{$_} = "DEFAULT" for qw(INT HUP TERM); exec @ARGV' "$SP" "$@"; }
mkfifo fifo
mkdir interrupted
for signal in INT TERM HUP; do
    for head in 0 20000; do
        listen process --jobs 1 fifo photo.jpg -o interrupted >got 2>said 3<&- &
        pid=$!
        exec 3>fifo
        head -c $head photo.jpg >&3
        sleep 0.4
        kill -$signal $pid
        wait $pid
        check "SIG$signal after $head bytes of a pipe: 75" test $? = 75
        exec 3>&-
        check 'the photo that was cut is told' grep -q "'fifo': .*(interrupted)$" said
        check 'the next one is not begun' test ! -s got
    done
done
check 'nothing is published' test -z "$(ls -A interrupted)"

# A terminal sends Ctrl-C to the renderers as well.
listen process fifo photo.jpg -o interrupted >got 2>said 3<&- &
pid=$!
exec 3>fifo
head -c 20000 photo.jpg >&3
sleep 0.4
kill -INT -$pid
wait $pid
check 'Ctrl-C to the whole group: 75' test $? = 75
exec 3>&-
check 'is no crash' grep -q "'fifo': .*(interrupted)$" said

# nohup: an ignored signal stays ignored.
(trap '' HUP && exec "$SP" process fifo -o interrupted >got 2>said 3<&-) &
pid=$!
exec 3>fifo
sleep 0.3
kill -HUP $pid
cat photo.jpg >&3
exec 3>&-
wait $pid
check 'an ignored SIGHUP stays ignored' test $? = 0

finish
