#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh [MUTANT]... -- tests that cannot fail prove nothing: here each must.
# run.sh --fit       -- only whether each fault still fits into the code, for lint.
#
# Each *.mutant makes one fault in a scratch copy of the tree, builds it, and runs a named test and
# the self-test there: both must go red. It sets `test` and calls edit; an edit that changes
# nothing is an error, since the code has moved away from under it. First the tree without a fault:
# there both must be green.
#
#     edit FILE PERL     a perl expression on the whole file, as in s/this/that/
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$root/build}
here=$root/tests/mutants
scratch=$(mktemp -d "${TMPDIR:-/tmp}/storyphoto-mutants.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM
tree=$scratch/tree
n=0
n_failed=0

result() { # result STATUS NAME
    n=$((n + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $n - $2"
    else
        n_failed=$((n_failed + 1))
        echo "not ok $n - $2"
        tail -n 20 "$scratch/log" | sed 's/^/# /'
    fi
}

# With what is built, so that only the faulty file is built again; but for the object that knows
# where the renderers are.
copy_tree() {
    rm -rf "$tree"
    mkdir "$tree"
    (cd "$root" && cp -a Makefile packaging debian src tests presets man "$tree/")
    cp -a "$BUILD" "$tree/build"
    rm -f "$tree/build/src/sandbox/path.o"
}

edit() {
    cp "$tree/$1" "$scratch/before"
    perl -0pi -e "$2" "$tree/$1"
    if cmp -s "$tree/$1" "$scratch/before"; then
        echo "run.sh: the fault no longer fits into $1" >&2
        exit 1
    fi
}

build() {
    unit=
    case $test in
    tests/unit/*) unit=build/$test ;;
    esac
    # shellcheck disable=SC2086 # empty or one word
    if ! make -C "$tree" -j"$(nproc)" CI= all build/tests/make-upload build/tests/make-picture \
        build/tests/look $unit >"$scratch/log" 2>&1; then
        tail -n 20 "$scratch/log" >&2
        echo "run.sh: the mutant does not build" >&2
        exit 1
    fi
}

run_test() {
    case $test in
    tests/unit/*) "$tree/build/$test" >"$scratch/log" 2>&1 ;;
    *) (cd "$tree" && BUILD=$tree/build prove "$test" >"$scratch/log" 2>&1) ;;
    esac
}

# Red is "found something" (1), not any other end.
run_selftest() {
    "$tree/build/storyphoto" selftest >"$scratch/log" 2>&1
}

if [ "${1:-}" = --fit ]; then
    for mutant in "$here"/*.mutant; do
        rm -rf "$tree"
        mkdir "$tree"
        cp -a "$root/src" "$tree/"
        # shellcheck source=/dev/null
        . "$mutant"
    done
    exit 0
fi
if [ $# -eq 0 ]; then
    set -- "$here"/*.mutant
fi
echo "1..$((2 * $# + 1))"

copy_tree
test=tests/unit/test-audit
build
run_selftest && status=0 || status=$?
[ "$status" -eq 69 ] && status=0
result "$status" 'without a fault: the self-test is green'

for mutant; do
    name=$(basename "$mutant" .mutant)
    copy_tree
    # shellcheck source=/dev/null
    . "$mutant"
    build
    run_test && status=1 || status=0
    result $status "$name: $test is red"
    run_selftest && status=0 || status=$?
    if [ "$status" -eq 1 ]; then
        result 0 "$name: the self-test is red, $(grep -c ^FAILED "$scratch/log") lines"
    else
        result 1 "$name: the self-test is red (it ended with $status)"
    fi
done
[ "$n_failed" -eq 0 ]
