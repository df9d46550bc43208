#!/bin/sh
# SPDX-License-Identifier: MIT
# fuzz.t -- every fuzz target takes every seed, without a fuzzer.
. "$(dirname "$0")/lib.sh"
check 'seeds are made' "$root/tests/fuzz/seeds.sh" "$BUILD" seeds
check 'of every format' test "$(ls seeds/*.jpg seeds/*.png seeds/*.webp seeds/*.gif seeds/*.hei* seeds/*.avif | wc -l)" -gt 40
for target in "$root"/tests/fuzz/fuzz-*.c; do
    name=$(basename "$target" .c)
    check "$name" "$BUILD/tests/fuzz/replay-${name#fuzz-}" seeds/*
done
finish
