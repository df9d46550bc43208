#!/bin/sh
# arrows.sh -- includes point down the list of folders only, and the two sides of the wall never
# include each other. The command line sees the public header, base/, bulk/, doctor/ and selftest/ alone;
# the self-test nothing but the public header, base/ and the audit that it tries, the doctor nothing
# but the public header, base/ and what bulk/ knows of hosts.
set -eu
cd "$(dirname "$0")/../.."
bad=0
complain() {
    echo "lint: $1 must not include $2" >&2
    bad=1
}
rank() {
    case $1 in
    cmd) echo 10 ;; selftest | doctor) echo 9 ;; bulk) echo 8 ;; pipeline) echo 7 ;; audit) echo 6 ;; render) echo 5 ;;
    inventory) echo 4 ;; container) echo 3 ;; sandbox) echo 2 ;; preset) echo 1 ;; base) echo 0 ;;
    *) echo "lint: the folder src/$1 has no place in the list" >&2; exit 1 ;;
    esac
}
check() { # FILE FROM TO
    [ "$(rank "$3")" -le "$(rank "$2")" ] || complain "$1" "$3/"
    case $2:$3 in
    pipeline:render | pipeline:inventory | bulk:render | bulk:inventory | audit:render | audit:inventory) complain "$1" "$3/" ;;
    audit:container | render:audit | inventory:audit) complain "$1" "$3/" ;;
    cmd:base | cmd:cmd | cmd:selftest | cmd:doctor | cmd:bulk) ;;
    doctor:base | doctor:doctor | doctor:bulk) ;;
    doctor:*) complain "$1" "$3/" ;;
    selftest:base | selftest:selftest | selftest:audit) ;;
    selftest:*) complain "$1" "$3/" ;;
    cmd:*) complain "$1" "$3/" ;;
    esac
}
for file in src/*/*.[ch]; do
    from=$(basename "$(dirname "$file")")
    for to in $(sed -n 's|^#include "\([a-z]*\)/.*|\1|p' "$file" | sort -u); do
        check "$file" "$from" "$to"
    done
done
exit $bad
