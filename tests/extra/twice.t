#!/bin/sh
# SPDX-License-Identifier: MIT
# twice.t -- two runs of `storyphoto batch` at once: on one state the second refuses; with states
# of their own, into one folder, both come to the end, and the files are those of one run.
. "$(dirname "$0")/../cli/lib.sh"
mkdir -p in/a in/b want out
for i in 1 2 3 4 5 6 7 8 9; do
    upload "in/a/$i.jpg" --size "8${i}0x600"
    upload "in/b/$i.jpg" --size "600x8${i}0" --gps
done
cp in/a/1.jpg in/b/twin.jpg
sp batch in want --state want.state >/dev/null 2>&1
check 'one run' test "$(count_files want)" = 38
same() { diff -r want "$1"; }
has_files() { [ -n "$(find "$1" -type f)" ]; }
records() { sqlite3 "$1/journal.sqlite" 'SELECT count(*) FROM input WHERE outcome = 0'; }

# ---- one state -----------------------------------------------------------------------------------
"$SP" batch in out --state state --jobs 1 >first.out 2>first.err &
first=$!
await has_files out
run sp batch in out --state state
expect 75 '' "another run" 'a second run on one state is refused'
run sp batch in out --state state --dry-run
expect 75 '' 'in use by another run' 'a dry run is told so, too'
wait $first
check 'the first one ends well' test $? = 0
check 'as if it had been alone' same out
run sp batch in out --state state
check 'then another may' test "$code" = 0

# ---- one folder, states of their own ---------------------------------------------------------------
for options in '' '--jobs=2' '--durability=none' '--set=preset.names=source'; do
    rm -rf want want.state out one two && mkdir want out
    # shellcheck disable=SC2086
    sp batch in want --state want.state $options >/dev/null 2>&1
    # shellcheck disable=SC2086
    "$SP" batch in out --state one $options >one.out 2>one.err &
    first=$!
    # shellcheck disable=SC2086
    run sp batch in out --state two $options
    wait $first
    check "two states at once $options: one" test $? = 0
    expect 0 '*' '*' "two states at once $options: the other"
    check "two states at once $options: the same files" same out
    check "two states at once $options: a record each" test "$(records one)/$(records two)" = 19/19
    # shellcheck disable=SC2086
    run sp batch in out --state one $options --json
    check "two states at once $options: nothing is left to do" test \
        "$(jq -r 'select(.event == "end") | .published' .streams/out)" = 0
done
finish
