#!/bin/sh
# SPDX-License-Identifier: MIT
# selftest.t -- the self-test succeeds here, tells a line a carrier, and leaves nothing behind.
. "$(dirname "$0")/lib.sh"
mkdir tmp kept
TMPDIR=/dev/shm
[ -w /dev/shm ] || TMPDIR=$scratch/tmp
export TMPDIR
before=$(find "$TMPDIR" -maxdepth 1 -name 'storyphoto-selftest-*' | wc -l)

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
check 'hundreds of carriers' test "$(jq -s 'map(select(.found)) | length' lines)" -gt 250
check 'each was found in its upload, then searched in many outputs' \
    jq -se 'map(select(.found)) | all(.searched >= 10)' lines
check 'nothing is left' test "$before" -eq \
    "$(find "$TMPDIR" -maxdepth 1 -name 'storyphoto-selftest-*' | wc -l)"

run sp selftest --json extra
expect 64 '' 'takes no argument' 'an argument is wrong usage'
run sp selftest --keep nowhere
expect 73 '' "cannot make a folder in 'nowhere'" 'a folder that is missing'

# Interrupted in the middle: it says so, and leaves nothing.
"$SP" selftest >/dev/null 2>err &
pid=$!
sleep 2
kill -TERM $pid
wait $pid
check 'interrupted: exit code 75' test $? -eq 75
check 'interrupted: it is said' grep -q interrupted err
check 'interrupted: nothing is left' test "$before" -eq \
    "$(find "$TMPDIR" -maxdepth 1 -name 'storyphoto-selftest-*' | wc -l)"
finish
