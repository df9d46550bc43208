#!/bin/sh
# run.sh FUZZ-BUILD ENGINE SECONDS TARGET... -- run each target for so long on generated seeds.
#
# What libFuzzer finds is kept in build-corpus/TARGET/ and is where its next run begins; AFL++
# begins anew. A crash stays in FUZZ-BUILD as TARGET-crash-* (libFuzzer) or
# TARGET.afl/default/crashes/ (AFL++). Which dictionaries help a target, it says in a comment:
# `words: FILES`; so does `flags:` for libFuzzer.
set -eu
cd "$(dirname "$0")/../.."
build=$1 engine=$2 seconds=$3
shift 3
# Of what make sets for tests: slow unwinding costs a render target most of its time.
export ASAN_OPTIONS=detect_stack_use_after_return=0

said() { # WORD TARGET
    sed -n "s|^/\* $1: \(.*\) \*/\$|\1|p" "tests/fuzz/fuzz-$2.c"
}

run_libfuzzer() { # TARGET
    # shellcheck disable=SC2046 # a list of words
    "$build/tests/fuzz/fuzz-$1" -dict="$build/$1.dict" -max_total_time="$seconds" -timeout=20 \
        -rss_limit_mb=4096 -malloc_limit_mb=64 -max_len=16384 -print_final_stats=1 \
        -artifact_prefix="$build/$1-" $(said flags "$1") "build-corpus/$1" "$build/seeds" 2>"$build/$1.log" || {
        tail -n 40 "$build/$1.log"
        return 1
    }
    sed -n 's/ ft:.*//; /INITED cov/p; /DONE  *cov/p; /number_of_executed/p' "$build/$1.log"
}

run_afl() { # TARGET
    rm -rf "$build/$1.afl"
    AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 \
        AFL_IGNORE_PROBLEMS=1 ASAN_OPTIONS=$ASAN_OPTIONS:abort_on_error=1:symbolize=0:detect_leaks=0 \
        afl-fuzz -V "$seconds" -m none -t 5000+ -x "$build/$1.dict" -i "$build/seeds" \
        -o "$build/$1.afl" -- "$build/tests/fuzz/fuzz-$1" >"$build/$1.log" 2>&1 || {
        tail -n 40 "$build/$1.log"
        return 1
    }
    grep -E '^(execs_done|edges_found|corpus_found|saved_crashes|saved_hangs) ' \
        "$build/$1.afl/default/fuzzer_stats"
    ! grep -q '^saved_crashes *: *[1-9]' "$build/$1.afl/default/fuzzer_stats"
}

tests/fuzz/seeds.sh "$BUILD" "$build/seeds"
for target in "$@"; do
    mkdir -p "build-corpus/$target"
    for word in $(said words "$target"); do cat "tests/fuzz/$word.dict"; done >"$build/$target.dict"
    echo "$target: $seconds seconds with $engine"
    "run_$engine" "$target"
done
