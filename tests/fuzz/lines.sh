#!/bin/sh
# lines.sh BUILD-LINES TARGET... -- the share of its readers' lines that each target reaches,
# replaying the seeds and what libFuzzer has found so far (build-corpus/TARGET/, see run.sh).
#
# Which lines count, a target says in a comment: `lines: FILES but WORDS`, % for any name.
set -eu
cd "$(dirname "$0")/../.."
build=$1
shift
tests/fuzz/seeds.sh "$BUILD" "$build/seeds"
for target in "$@"; do
    wanted=$(sed -n 's|^/\* lines: \(.*\) \*/$|\1|p' "tests/fuzz/fuzz-$target.c" | tr % '*')
    but=$(echo "$wanted" | sed -n 's/.* but //p' | tr ' ' '|')
    # shellcheck disable=SC2086 # a list of patterns
    files=$(ls ${wanted%% but *} | grep -vE "/main-|${but:-^$}")
    replay=$build/tests/fuzz/replay-$target
    rm -f "$build"/profile-*
    find -L "$build/seeds" "build-corpus/$target" -type f -print0 2>/dev/null |
        LLVM_PROFILE_FILE="$PWD/$build/profile-%p" xargs -0 -n 500 "$replay" >/dev/null
    llvm-profdata merge -o "$build/$target.profile" "$build"/profile-*
    # shellcheck disable=SC2086 # a list of files
    llvm-cov report "$replay" -instr-profile="$build/$target.profile" $files |
        awk -v target="$target" '$1 == "TOTAL" {
            printf "%-16s %5d of %5d lines, %s\n", target, $8 - $9, $8, $10 }'
done
