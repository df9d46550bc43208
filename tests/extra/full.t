#!/bin/sh
# SPDX-License-Identifier: MIT
# full.t -- a disk that is full, read-only or within a quota while `storyphoto batch` writes to it:
# the run stops, says what to do, blames no upload; with room, the same command ends as if nothing
# had been.
. "$(dirname "$0")/../cli/lib.sh"
mkdir -p in/a in/b want
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    upload "in/a/$i.jpg" --size "3${i}0x300" --noise 12
    upload "in/b/$i.jpg" --size "300x3${i}0" --noise 12
done
echo 'no picture' >in/notes.txt
sp batch in want --state want.state >/dev/null 2>&1
n_files=$(count_files want)
check 'the undisturbed run' test "$n_files" = 48
kilobytes=$(du -sk want | cut -f1)

same() { diff -r want "$1"; }

# A file of the state is 4096 bytes and more; outcome 1 is refused, 2 failed.
outcomes() { sqlite3 "$1/journal.sqlite" "SELECT count(*) FROM input WHERE outcome = $2 AND path <> CAST('notes.txt' AS BLOB)"; }

# stopped FOLDER STATE NAME: what the last run left.
stopped() {
    check "$3: something was published" test "$(count_files "$1")" -gt 0
    check "$3: not all" test "$(count_files "$1")" -lt "$n_files"
    check "$3: nothing is hidden or partial" test -z "$(find "$1" -name '.*' -mindepth 1)"
    for stopped_file in $(cd "$1" && find . -type f); do
        cmp -s "want/$stopped_file" "$1/$stopped_file" || result 1 "$3: $stopped_file is whole"
    done
    cp -a "$2" copy
    check "$3: no upload is refused for it" test "$(outcomes copy 1)" = 0
    check "$3: none has failed" test "$(outcomes copy 2)" = 0
    rm -rf copy
}

# ---- a full disk ---------------------------------------------------------------------------------
if mount_tmpfs disk "size=$((kilobytes / 2))k"; then
    mkdir disk/out
    run sp batch in disk/out --state apart --jobs 2
    expect 73 '.' 'the batch is not complete: .*No space left on device; make room, then run the same command: it goes on where it ended' 'a full disk'
    stopped disk/out apart 'a full disk'
    had=$(count_files disk/out)
    run sp batch in disk/out --state apart --jobs 2
    expect 73 '.' 'No space left on device; make room' 'a full disk again'
    check 'a full disk again: nothing is lost' test "$(count_files disk/out)" -ge "$had"
    mount -o remount,size=64m disk
    run sp batch in disk/out --state apart
    check 'with room, the rest is done' test "$code" -le 1
    check 'all is as if nothing had been' same disk/out

    # The state too: then the journal is what meets the end first, or not.
    for half in 3 4 5 6; do
        rm -rf disk/out disk/state
        mkdir disk/out
        mount -o remount,size=$((kilobytes * half / 8))k disk
        run sp batch in disk/out --state disk/state --jobs 2
        expect 73 '*' "No space left on device; make room, then run the same command: it goes on where it ended\$" "a full disk that has the state ($half eighths)"
        mount -o remount,size=64m disk
        run sp batch in disk/out --state disk/state
        check "$half eighths: with room it ends" test "$code" -le 1
        check "$half eighths: as if nothing had been" same disk/out
    done

    # So little that there is no journal.
    rm -rf disk/out disk/state
    mkdir disk/out
    mount -o remount,size=16k disk
    run sp batch in disk/out --state disk/state
    expect 73 '*' 'make room' 'no room for a state'
    mount -o remount,size=64m disk
    run sp batch in disk/out --state disk/state
    check 'then there is' same disk/out

    # ---- read-only -------------------------------------------------------------------------------
    rm -rf disk/out && mkdir disk/out
    mount -o remount,ro disk
    run sp batch in disk/out --state ro.state
    expect 73 '*' 'Read-only file system.*make the folder writable, then run the same command' 'a read-only disk'
    mount -o remount,rw disk
    run sp batch in disk/out --state ro.state
    check 'writable again' same disk/out

    rm -rf disk/out disk/state && mkdir disk/out disk/state && chmod 700 disk/state
    mount -o remount,ro disk
    run sp batch in disk/out --state disk/state
    expect 73 '*' 'Read-only file system' 'a state on a read-only disk'
    mount -o remount,rw disk
else
    skip 'a full disk' 'no file system may be mounted here'
fi

# ---- larger than a process may write -----------------------------------------------------------
# Blocks of 512 bytes: too little for a journal, for a photo in memory, for the journal to grow.
for blocks in 8 100 1000; do
    rm -rf limited limited.state copy && mkdir limited
    run sh -c 'ulimit -f "$1" && exec "$0" batch in limited --state limited.state' "$SP" $blocks
    if [ "$code" -gt 1 ]; then
        expect 73 '*' 'File too large: this process may write [0-9]+ bytes a file, .*; make room or raise the limit, then run the same command: it goes on where it ended$' "ulimit -f $blocks"
    fi
    run sp batch in limited --state limited.state
    check "ulimit -f $blocks: without it, all is done" same limited
    check "ulimit -f $blocks: no upload was refused or failed for it" \
        test "$(outcomes limited.state 1)$(outcomes limited.state 2)" = 00
done
finish
