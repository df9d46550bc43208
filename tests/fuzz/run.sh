#!/bin/sh
# run.sh FUZZER... -- run each libFuzzer target for $S seconds on generated seeds; crashes stay in
# build-fuzz/.
set -eu
cd "$(dirname "$0")/../.."
tests/fuzz/seeds.sh "$BUILD" build-fuzz/seeds
for fuzzer in "$@"; do
    name=$(basename "$fuzzer")
    mkdir -p "build-fuzz/corpus-$name"
    echo "$name: $S seconds"
    "$fuzzer" -max_total_time="$S" -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 \
        -artifact_prefix="build-fuzz/$name-" "build-fuzz/corpus-$name" build-fuzz/seeds \
        2>"build-fuzz/$name.log" || { tail -n 40 "build-fuzz/$name.log"; exit 1; }
    grep -E 'cov:|stat::number_of_executed_units' "build-fuzz/$name.log" | tail -n 2
done
