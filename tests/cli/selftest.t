#!/bin/sh
# SPDX-License-Identifier: MIT
# selftest.t -- the self-test succeeds here, tells a line a carrier, and leaves nothing behind.
. "$(dirname "$0")/lib.sh"
TMPDIR=$(mktemp -d /dev/shm/storyphoto-cli.XXXXXX 2>/dev/null || mktemp -d "$scratch/tmp.XXXXXX")
export TMPDIR
trap 'clean_up; rm -rf "$TMPDIR"' EXIT

run sp selftest --json
cp .streams/out lines
check 'it ends with 0, or 69 where a format cannot be decoded here' test "$code" -eq 0 -o "$code" -eq 69
check 'nothing on standard error' test ! -s .streams/err
check 'no line has failed' jq -se 'all(.result != "failed")' lines
check 'every line says what it is' jq -se 'all(.schema == "storyphoto.selftest/1" and
    (.group | length > 0) and (.name | length > 0))' lines
for group in jpeg png webp gif control audit command; do
    check "there are lines of $group" jq -se --arg g $group 'any(.group == $g)' lines
done
for command in process batch journal stream inspect audit; do
    check "there are lines of the command $command" \
        jq -se --arg c $command 'any(.group == "command" and (.name | startswith($c)))' lines
done
check 'a batch: outputs, its state and its report are searched' jq -se \
    'any(.name == "batch --json, nothing to do" and .searched > 30)' lines
check 'an archive: each of its files is searched' jq -se \
    'any(.name == "stream" and .searched > 800)' lines
check 'hundreds of carriers' test "$(jq -s 'map(select(.found)) | length' lines)" -gt 250
check 'each was found in its upload, then searched in many outputs' \
    jq -se 'map(select(.found)) | all(.searched >= 10)' lines
check 'nothing is left' test -z "$(ls -A "$TMPDIR")"

run sp selftest --json extra
expect 64 '' 'takes no argument' 'an argument is wrong usage'
run sp selftest --keep nowhere
expect 73 '' "cannot make a folder in 'nowhere'" 'a folder that is missing'

if mkdir full && mount -t tmpfs -o size=2m tmpfs full 2>/dev/null; then
    run env TMPDIR="$scratch/full" "$SP" selftest
    expect 73 '' "too little space in '.*/full': 16 MB are needed" 'a disk that is nearly full'
    check 'a disk that is nearly full: nothing is left' test -z "$(ls -A full)"
    umount full
else
    skip 'a disk that is nearly full' 'cannot mount one'
fi

# Interrupted in the middle: it says so, and leaves nothing.
for signal in TERM INT; do
    # While carriers are sent, and, as from a terminal, while commands run that are signalled too.
    line=exif
    [ $signal = TERM ] || line='^ok     command '
    : >out
    perl -e 'setpgrp; $SIG{INT} = "DEFAULT"; exec @ARGV' "$SP" selftest >out 2>err &
    pid=$!
    while kill -0 $pid && ! grep -q "$line" out; do sleep 0.1; done
    kill -$signal "$([ $signal = TERM ] && echo $pid || echo -$pid)"
    wait $pid
    check "interrupted by $signal: exit code 75" test $? -eq 75
    check "interrupted by $signal: it is said" grep -q interrupted err
    check_not "interrupted by $signal: nobody is blamed" grep FAILED out
    check "interrupted by $signal: nothing is left" test -z "$(ls -A "$TMPDIR")"
done

# A signal may reach a command before it reaches the self-test, or only the command; that one is
# started by way of /proc/self/exe.
: >out
perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$SP" selftest >out 2>err &
pid=$!
while kill -0 $pid && ! grep -q '^ok     command ' out; do sleep 0.1; done
while kill -0 $pid && ! pkill -INT -P $pid -f '^/proc/self/exe '; do :; done
wait $pid
check 'a command is interrupted: exit code 75' test $? -eq 75
check 'a command is interrupted: it is said' grep -q "interrupted in '" err
check_not 'a command is interrupted: nobody is blamed' grep FAILED out
finish
