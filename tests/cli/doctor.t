#!/bin/sh
# SPDX-License-Identifier: MIT
# doctor.t -- `storyphoto doctor` says what it finds and what to do, changes nothing, and its exit
# code tells whether there is anything to mend.
. "$(dirname "$0")/lib.sh"

mkdir -m 755 public
mkdir -m 700 private
run sp doctor -o public --state private --receipts private --json
check 'it ends with 0 or 1' test "$code" -le 1
check 'nothing is printed as an error' test ! -s .streams/err
cp .streams/out lines.json
check 'each line is an object of the schema' \
    test "$(jq -r 'select(.schema != "storyphoto.doctor/1")' lines.json | wc -l)" = 0
check 'what is not well has advice, and nothing else has' \
    test "$(jq -r 'select((.level == "ok") == has("advice"))' lines.json | wc -l)" = 0
check 'the exit code is that of the lines' \
    test "$code" = "$(jq -s 'if all(.level == "ok") then 0 else 1 end' lines.json)"
for name in seccomp landlock kernel user jpeg png heic avif public private sample; do
    check "it looks at $name" grep -q "\"name\":\"$name\"" lines.json
done
check 'each renderer starts' test "$(jq -r 'select(.group == "libraries").level' lines.json | sort -u)" = ok
check 'folders are well' test "$(jq -r 'select(.group == "folders").level' lines.json | sort -u)" = ok
check 'the sample is processed' test "$(jq -r 'select(.name == "sample").level' lines.json)" != fault
check 'nothing was made anywhere' test "$(find public private -mindepth 1 | wc -l)" = 0

run sp doctor -o public
check 'for people: a line each, and a sum' grep -qE '^(all is well|[0-9]+ faults?, [0-9]+ warnings?)$' .streams/out

# ---- what is not well --------------------------------------------------------------------------
chmod 777 public
chmod 755 private
run sp doctor -o public -o nowhere --state private
expect 1 '^warning folders   public .*every user' '' 'a folder that everybody writes'
expect 1 '^FAULT   folders   nowhere .*No such file' '' 'a folder that is not there'
expect 1 '^warning folders   private .*others than its owner' '' 'a private folder that is not'
expect 1 '^        make the folder$' '' 'what to do'
printf 'x' >file
run sp doctor -o file
expect 1 '^FAULT   folders   file' '' 'a file in place of a folder'

# ---- usage -------------------------------------------------------------------------------------
run sp doctor public
expect 64 '' "doctor takes no argument, not 'public'" 'an operand'
run sh -c '"$1" doctor >/dev/full' sh "$SP"
expect 74 '' 'cannot write to standard output' 'a full disk'
run sp doctor --help
expect 0 '^usage: storyphoto doctor' '' 'help'
finish
