#!/bin/sh
# SPDX-License-Identifier: MIT
# fuzz.t -- every fuzz target takes every seed, without a fuzzer; what its runs need is there.
. "$(dirname "$0")/lib.sh"
fuzz=$root/tests/fuzz
said() { # WORD TARGET: what it says of itself in a comment
    sed -n "s|^/\* $1: \(.*\) \*/\$|\1|p" "$fuzz/fuzz-$2.c"
}
has_words() {
    words=$(said words "$1")
    test -n "$words" && for word in $words; do test -s "$fuzz/$word.dict" || return 1; done
}
has_lines() {
    lines=$(said lines "$1" | sed 's/ but .*//' | tr % '*')
    # shellcheck disable=SC2086 # a list of patterns
    test -n "$lines" && (cd "$root" && ls $lines >/dev/null)
}
check 'seeds are made' "$fuzz/seeds.sh" "$BUILD" seeds
check 'of every format' test "$(ls seeds/*.jpg seeds/*.png seeds/*.webp seeds/*.gif seeds/*.hei* seeds/*.avif | wc -l)" -gt 40
for target in "$fuzz"/fuzz-*.c; do
    name=$(basename "$target" .c)
    name=${name#fuzz-}
    check "$name" "$BUILD/tests/fuzz/replay-$name" seeds/*
    check "$name has words" has_words "$name"
    check "$name has lines" has_lines "$name"
done
# A line of a dictionary that is none ends a fuzzer at its start.
check 'words are in quotes' sh -c 'test "$(cat "$1"/*.dict | grep -cvE '"'"'^(#.*|"([^"\\]|\\x[0-9a-f]{2})+")$'"'"')" = 0' sh "$fuzz"
finish
