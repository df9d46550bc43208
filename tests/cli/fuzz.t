#!/bin/sh
# SPDX-License-Identifier: MIT
# fuzz.t -- every fuzz target takes every seed, without a fuzzer.
. "$(dirname "$0")/lib.sh"
"$root/tests/fuzz/seeds.sh" "$BUILD" seeds
check 'there are seeds' test "$(count_files seeds)" -gt 20
for target in "$root"/tests/fuzz/fuzz-*.c; do
    name=$(basename "$target" .c)
    check "$name" "$BUILD/tests/fuzz/replay-${name#fuzz-}" seeds/*
done
finish
