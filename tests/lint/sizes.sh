#!/bin/sh
# sizes.sh -- no file over 600 lines (functions are clang-tidy's).
set -eu
cd "$(dirname "$0")/../.."
wc -l Makefile src/*.h src/*/*.[ch] tests/*/*.[ch] | awk '
    $2 != "total" && $1 > 600 { print "lint: " $2 " has " $1 " lines" > "/dev/stderr"; bad = 1 }
    END { exit bad }'
