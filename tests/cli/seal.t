#!/bin/sh
# SPDX-License-Identifier: MIT
# seal.t -- hosts that can lock their renderers, hosts that can only in part, and hosts that
# cannot: then nothing is processed, and nothing is passed through either.
. "$(dirname "$0")/lib.sh"

# without landlock|seccomp COMMAND...: as on a host that lacks it (tests/data/without.c).
without() { "$BUILD/tests/without" "$@"; }

# The same word in all three places.
posture=$("$SP" --version | sed -n 's/^sandbox: //p')
check 'the posture is known' sh -c "echo '$posture' | grep -qE '^(landlock[0-9]+[+])?seccomp(-memory-limit)?$'"

set -- a.jpg
upload a.jpg
for format in png webp gif heic avif; do
    picture "a.$format"
    set -- "$@" "a.$format"
done

mkdir out
run sp process --json -o out "$@"
expect 0 '*' '' 'every format, on this host'
check 'each receipt has the posture' test "$(json .sandbox | sort -u)" = "$posture"

# ---- no Landlock ---------------------------------------------------------------------------------
seccomp=$(echo "$posture" | sed 's/^landlock[0-9]*+//')
rm -rf out && mkdir out
run without landlock "$SP" process --json -o out "$@"
expect 0 '*' '' 'every format, without Landlock'
check 'each receipt says so' test "$(json .sandbox | sort -u)" = "$seccomp"
check 'all files are there' test "$(count_files out)" = 12
run without landlock "$SP" --version
expect 0 "^sandbox: $seccomp$" '' 'so does --version'
run without landlock "$SP" inspect a.jpg
expect 0 'reveals' '' 'inspect, without Landlock'

rm -rf out && mkdir out
for photo in "$@"; do
    run without landlock "$SP" process --set limits.require-landlock=yes -o out "$photo"
    expect 71 '' "cannot process '$photo': this kernel has no Landlock \(limits.require-landlock\)" \
        "$photo, where Landlock is required"
done
check 'nothing is written' test "$(count_files out)" = 0
case $posture in
landlock*)
    run sp process --set limits.require-landlock=yes -o out a.jpg
    expect 0 '*' '' 'Landlock is required, and there'
    ;;
*) skip 'Landlock is required, and there' 'this kernel has no Landlock' ;;
esac

# ---- no seccomp ----------------------------------------------------------------------------------
rm -rf out && mkdir out
for photo in "$@"; do
    run without seccomp "$SP" process -o out "$photo"
    expect 71 '' "cannot process '$photo': cannot filter system calls \(seccomp\)" \
        "$photo, without seccomp"
done
run without seccomp "$SP" process --json -o out a.jpg
expect 71 '"code":"cannot-seal"' '' 'a receipt, without seccomp'
check 'it names no lock' test "$(json .sandbox)" = none
run without seccomp sh -c '"$0" process - --to webp <a.jpg' "$SP"
expect 71 '' 'cannot filter system calls' 'standard input is not passed through'
check 'nothing is written' test "$(count_files out)" = 0
run without seccomp "$SP" inspect a.jpg
expect 71 '' "cannot inspect 'a.jpg': cannot filter system calls" 'inspect, without seccomp'
run without seccomp "$SP" audit a.jpg
expect 71 '*' 'the audit is not complete: cannot filter system calls' 'audit, without seccomp'
run without seccomp "$SP" --version
expect 0 '^sandbox: none$' '' '--version, without seccomp'

# ---- the limits of whoever starts it -----------------------------------------------------------
# What they end is not called a want of memory, nor the upload's fault.
upload large.jpg --size 5000x5000 --noise 200
run sh -c 'ulimit -t 1; exec "$0" process -o out large.jpg --set webp.width=5000 \
    --set jpeg.width=5000 --set webp.effort=6 --set webp.max-bytes=16000000 --set limits.timeout=60 \
    --set jpeg.max-bytes=16000000 --set limits.max-memory=4G' "$SP"
expect 75 '' 'not done in 1000 ms of work, and this process may do no more: raise that limit' \
    'ulimit -t 1'
if grep -q -- -fsanitize "$BUILD/flags"; then
    skip 'ulimit -v' "a sanitizer's own memory is larger"
else
    run sh -c 'ulimit -v 50000; exec "$0" process -o out a.png' "$SP"
    expect 71 '' 'ended before it was ready; are its limits too low \(ulimit -v is 50000\)\?' \
        'ulimit -v'
fi
check 'nothing is written' test "$(count_files out)" = 0

# ---- no pidfd_open() -----------------------------------------------------------------------------
# To try again would not help: this is no shortage of processes.
run without pidfd "$SP" process -o out a.jpg
expect 71 '' "cannot process 'a.jpg': renderer .* ended before it was ready" 'without pidfds'
run without pidfd "$SP" inspect a.jpg
expect 71 '' "cannot inspect 'a.jpg': renderer .* ended before it was ready" \
    'inspect, without pidfds'
check 'nothing is written' test "$(count_files out)" = 0

# ---- a limit of memory that we were started with -------------------------------------------------
# A renderer that has less than the picture needs is no fault of the picture's.
blamed=
if grep -q -- -fsanitize "$BUILD/flags"; then
    skip 'little memory is no fault of the upload' "a sanitizer's own memory is larger"
else
    for photo in "$@"; do
        for mib in 8 12 16 20 24 28 32 48; do
            run sh -c 'ulimit -d "$2"; exec "$0" process --force -o out "$1"' "$SP" "$photo" \
                $((mib * 1024))
            case $code in
            0 | 71 | 75) ;;
            *) blamed="$blamed $photo:$mib:$code" ;;
            esac
        done
    done
    check 'little memory is no fault of the upload' test -z "$blamed"
    run sh -c 'ulimit -d 20480; exec "$0" process --force -o out "$1"' "$SP" a.jpg
    expect 75 '' 'this host gives a renderer too little memory' 'it is said'
fi

finish
