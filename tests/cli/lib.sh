# SPDX-License-Identifier: MIT
# lib.sh -- the few words that the command line's tests are written in. Sourced by each *.t.
#
# A test runs the real program in a scratch folder of its own, and each run is checked in three
# places: exit code, standard output, standard error. It prints TAP. BUILD names the build folder
# (default build, below the root); SP is the program.
#
#     run sp process nope.jpg
#     expect 66 '' "cannot open it" 'a file that is not there'

root=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-build}
case $BUILD in
/*) ;;
*) BUILD=$root/$BUILD ;;
esac
SP=$BUILD/storyphoto
scratch=$(mktemp -d "${TMPDIR:-/tmp}/storyphoto-cli.XXXXXX") || exit 1
mounts=
n_tests=0
n_failed=0
export LC_ALL=C.UTF-8
unset MAKEFLAGS MAKELEVEL MFLAGS # of the make that runs us: one that a test starts is its own
umask 022
cd "$scratch" || exit 1
mkdir .streams

clean_up() {
    for mounted in $mounts; do
        umount "$mounted"
    done
    chmod -R u+w "$scratch" 2>/dev/null
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

sp() { "$SP" "$@"; }

# posture: what must lock renderers here, by asking the kernel: the version of Landlock's ABI is
# call 444's answer to no rules at all.
posture() {
    abi=$(perl -e 'print syscall(444, 0, 0, 1)')
    [ "$abi" -gt 7 ] && abi=7 # the last one that we know
    [ "$abi" -gt 0 ] && printf 'landlock%s+' "$abi"
    printf seccomp
    grep -q -- -fsanitize "$BUILD/flags" && printf -- -memory-limit
    echo
}

# upload FILE [OPTION]...: draw a sample photo (tests/data/make-upload.c).
upload() {
    upload_file=$1
    shift
    "$BUILD/tests/make-upload" "$@" "$upload_file"
}

# picture FILE [OPTION]...: the same picture as FILE's ending says: .png, .webp, .gif, .heic,
# .avif (tests/data/make-picture.c); .jpg is upload's.
picture() {
    picture_file=$1
    shift
    case $picture_file in
    *.jpg) "$BUILD/tests/make-upload" "$@" "$picture_file" ;;
    *) "$BUILD/tests/make-picture" "$@" "$picture_file" ;;
    esac
}

# publish UPLOAD [ARGUMENT]...: process it alone, into an empty folder out/; its files are $webp
# and $jpeg, its receipt is on standard output.
publish() {
    rm -rf out && mkdir out
    run sp process --json -o out "$@"
    webp=$(echo out/*.webp)
    jpeg=$(echo out/*.jpg)
}

# show FILE: a published file decoded to PAM or PPM, by other programs than ours.
show() {
    case $1 in
    *.webp) dwebp -quiet -pam "$1" -o - ;;
    *) djpeg -ppm "$1" ;;
    esac
}

# look FILE VERB...: what is to be seen in it (tests/data/look.c).
look() {
    look_file=$1
    shift
    show "$look_file" | "$BUILD/tests/look" "$@"
}

# near OFF WANT GOT: lists of numbers, each at most OFF from what it should be.
near() {
    echo "wanted $2, got $3"
    [ -n "$3" ] && echo "$2 $3" | awk -v off="$1" '{
        for (i = 1; i <= NF / 2; i++) { d = $i - $(i + NF / 2); if (d > off || d < -off) exit 1 }
    }'
}

# holds NAME SIZE CORNERS: the published set is of that size, upright, and shows no magenta.
# CORNERS: rgby, dmdl for grey; - is not asked.
holds() {
    for holds_file in "$webp" "$jpeg"; do
        holds_got="$(look "$holds_file" size) $(look "$holds_file" corners)"
        holds_got="$holds_got $(look "$holds_file" count 255 0 255 60)"
        [ "$3" != - ] || holds_got=$(echo "$holds_got" | sed 's/ [^ ]* \([0-9]*\)$/ - \1/')
        check "$1: ${holds_file##*.}" test "$holds_got" = "$2 $3 0"
    done
}

# run COMMAND...: keep its exit code in $code, what it wrote in .streams/out and .streams/err.
run() {
    "$@" >.streams/out 2>.streams/err
    code=$?
}

result() { # result STATUS NAME [WHY]
    n_tests=$((n_tests + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $n_tests - $2"
        return
    fi
    n_failed=$((n_failed + 1))
    echo "not ok $n_tests - $2"
    echo "# ${3:-it is not so}"
}

# check NAME COMMAND...: the command must succeed.
check() {
    check_name=$1
    shift
    "$@" >.streams/check 2>&1
    check_status=$?
    result $check_status "$check_name" "$* gave $check_status: $(head -c 300 .streams/check)"
}

# check_not NAME COMMAND...: the command must fail.
check_not() {
    check_name=$1
    shift
    ! "$@" >.streams/check 2>&1
    result $? "$check_name" "$* succeeded: $(head -c 300 .streams/check)"
}

# await COMMAND...: wait until it succeeds; the test fails if it does not.
await() {
    await_n=0
    while ! "$@" >.streams/await 2>&1; do
        await_n=$((await_n + 1))
        [ $await_n -lt 3000 ] || { result 1 "wait for: $*" "never came" && return; }
        sleep 0.02
    done
}

skip() { # skip NAME WHY
    n_tests=$((n_tests + 1))
    echo "ok $n_tests - $1 # SKIP $2"
}

# A stream is as a pattern (grep -E) wants it: '' is empty, '*' is anything.
stream_is() {
    case $2 in
    '') [ ! -s "$1" ] ;;
    '*') true ;;
    *) grep -qE -e "$2" "$1" ;;
    esac
}

# expect CODE STDOUT STDERR NAME: what the last run must have come to.
expect() {
    why=
    [ "$code" = "$1" ] || why="exit code $code, not $1. "
    stream_is .streams/out "$2" || why="${why}stdout is not '$2'. "
    stream_is .streams/err "$3" || why="${why}stderr is not '$3'. "
    expect_status=0
    [ -z "$why" ] || expect_status=1
    result $expect_status "$4" \
        "$why: $(cat -v .streams/out .streams/err | head -c 600 | tr '\n' '|')"
}

# json FILTER: a raw value of the receipt on standard output of the last run.
json() { jq -r "$1" .streams/out; }

# mount_tmpfs FOLDER OPTIONS: fails where we may not.
mount_tmpfs() {
    mkdir -p "$1" && mount -t tmpfs -o "$2" none "$1" 2>/dev/null && mounts="$mounts $1"
}

count_files() { find "$1" -type f | wc -l; }

finish() {
    echo "1..$n_tests"
    [ "$n_failed" -eq 0 ]
    exit $?
}
