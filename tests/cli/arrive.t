#!/bin/sh
# SPDX-License-Identifier: MIT
# arrive.t -- uploads that still arrive: what is said of them is what is said of a file, and what
# their header says too much of is refused while the sender holds the rest back.
#
# Nothing here judges how long anything takes. A sender that holds the rest back holds it for ever:
# who waited for it would be told `input-timeout`.
. "$(dirname "$0")/lib.sh"
mkdir out file pipe

# Each piece is written when the one before it has been read, or the reader has gone.
cat >send.pl <<'PERL'
use strict; use warnings;
use Time::HiRes 'sleep';
my ($path, $piece, $pause) = @ARGV;
$SIG{PIPE} = sub { exit 0 };
open my $file, '<:raw', $path or die;
while (sysread $file, my $bytes, $piece) {
    syswrite STDOUT, $bytes;
    sleep $pause if $pause;
}
PERL
# slowly FILE PIECE PAUSE [ARGUMENT]...
slowly() {
    slow_file=$1 slow_piece=$2 slow_pause=$3
    shift 3
    perl send.pl "$slow_file" "$slow_piece" "$slow_pause" | sp process --json "$@" -
}
# A receipt but for names; of a pipe that the supervisor itself refuses nobody knows the size.
told() { jq -S 'del(.input.name, .outputs[].path, .picture)' "$1"; }
# alike NAME FILE PIECE PAUSE: by file and by pipe there are the same files and receipts.
alike() {
    rm -rf file/* pipe/*
    run sp process --json -o file "$2"
    alike_code=$code
    told .streams/out >wanted
    run slowly "$2" "$3" "$4" -o pipe
    told .streams/out >got
    check "$1: the same exit code" test "$code" = "$alike_code"
    check "$1: the same receipt" diff wanted got
    check "$1: the same files" diff -r file pipe
}

# ---- the same --------------------------------------------------------------------------------
upload plain.jpg --size 1600x1200 --gps --serial --trailer 5000
upload progressive.jpg --size 800x600 --progressive --comment
upload restart.jpg --size 800x600 --restart 3 --icc p3 --orientation 6
upload tiny.jpg --size 1x1
for kind in png webp gif heic; do
    picture plain.$kind --size 320x240 --xmp
done
alike 'baseline, in 40 pieces' plain.jpg $(($(wc -c <plain.jpg) / 40)) 0.01
alike 'in pieces of 999 bytes' plain.jpg 999 0
alike 'progressive' progressive.jpg 3000 0.002
alike 'restart markers, a profile, turned' restart.jpg 2000 0.002
alike 'byte by byte' tiny.jpg 1 0
alike 'PNG' plain.png 2000 0.002
alike 'WebP' plain.webp 500 0.002
alike 'GIF' plain.gif 2000 0.002
alike 'HEIC' plain.heic 500 0.002
size=$(wc -c <plain.jpg)
head -c $((size / 2)) plain.jpg >cut.jpg
alike 'cut' cut.jpg 4000 0.002
check 'which is truncated' jq -e '.error.code == "truncated"' got
(head -c $((size / 2)) plain.jpg && head -c 3000 /dev/zero && tail -c $((size / 2 - 3000)) plain.jpg) >broken.jpg
alike 'broken in the middle' broken.jpg 4000 0.002
(head -c 200 plain.jpg) >head.jpg
alike 'cut in its header' head.jpg 20 0.002
cat plain.jpg plain.jpg >twice.jpg
alike 'with a second picture behind it' twice.jpg 10000 0.002
check 'which is told' jq -e '.removed | index("second-picture") or index("trailing")' got
(head -c -2 progressive.jpg) >endless.jpg
alike 'without an end marker' endless.jpg 4000 0.002
: >empty.jpg
run slowly empty.jpg 10 0 -o out
expect 65 '"code":"empty"' '' 'a sender that sends nothing'

# ---- refused by the header ---------------------------------------------------------------------
# A FIFO that we keep open ourselves has no end.
mkfifo fifo
exec 3<>fifo
# held NAME FILE BYTES CODE MESSAGE [ARGUMENT]...: so many bytes of it come, and no more.
held() {
    held_name=$1 held_code=$4 held_message=$5
    head -c "$3" "$2" >&3
    shift 5
    run sp process --json --set limits.input-timeout=30 "$@" -o out fifo 3>&-
    expect 65 "\"code\":\"$held_code\",\"message\":\"$held_message" '' "$held_name"
    check "$held_name: nobody knows how many bytes it has" jq -e '.input | has("bytes") | not' .streams/out
    # what it left is not the next one's
    perl -e 'use Fcntl; open my $rest, "+<", "fifo" or die; fcntl $rest, F_SETFL, O_NONBLOCK; sysread $rest, my $bytes, 1e6'
}
resized() { # FILE OFFSET BYTES: with its size written over
    cp "$1" "huge.${1##*.}"
    printf "$3" | dd of="huge.${1##*.}" bs=1 seek="$2" conv=notrunc status=none
}
frame=$(perl -0777 -ne '/\xff\xc0\x00\x11\x08/ and print $-[0] + 5' plain.jpg)
resized plain.jpg "$frame" '\375\350\375\350'
scan=$(perl -0777 -ne '/\xff\xda\x00\x0c/ and print $-[0] + 14' plain.jpg)
held 'a JPEG of 65000 x 65000' huge.jpg "$scan" too-many-pixels \
    'the picture has 4225000000 pixels, the limit is 250000000 \(limits.max-pixels\)'
check 'and its size is known' jq -e '.input.width == 65000 and .input.height == 65000' .streams/out
check 'and what stood before it' jq -e '.removed | index("location")' .streams/out
held 'more pixels than the preset takes' plain.jpg "$scan" too-many-pixels \
    'the picture has 1920000 pixels, the limit is 1000000 \(limits.max-pixels\)' \
    --set limits.max-pixels=1000000
held 'more memory than the preset takes' progressive.jpg 2000 too-much-memory \
    'the picture needs [0-9.]* MiB of memory, the limit is 16.0 MiB' \
    --set limits.max-memory=16M
resized plain.png 16 '\0\1\0\0\0\1\0\0'
held 'a PNG of 65536 x 65536' huge.png 64 too-many-pixels 'the picture is 65536 x 65536'
resized plain.gif 6 '\350\375\350\375'
held 'a GIF of 65000 x 65000' huge.gif 64 too-many-pixels 'the picture has 4225000000 pixels'
resized plain.webp 24 '\347\375\0\347\375\0'
held 'a WebP of 65000 x 65000' huge.webp 64 too-many-pixels 'the picture has 4225000000 pixels'
picture bare.webp --size 320x240
resized bare.webp 26 '\377\077\377\077'
held 'a WebP of 16383 x 16383 without a canvas' huge.webp 64 too-many-pixels \
    'the picture has 268402689 pixels'
for kind in jpg png gif webp; do
    run sp process --json -o out huge.$kind
    expect 65 '"code":"too-many-pixels"' '' "the same of a file: $kind"
done

# ---- senders -----------------------------------------------------------------------------------
head -c 20000 plain.jpg >&3
run sp process --json --set limits.input-timeout=0.3 -o out fifo 3>&-
expect 75 '"code":"input-timeout","message":"the sender is not done after 20000 bytes' '' \
    'a sender that stops in the middle'
check 'of which nothing is told' jq -e 'has("removed") | not' .streams/out
run slowly plain.jpg 10000 0.002 --set limits.max-upload=20000 -o out
expect 65 '"code":"too-large","message":"the upload has at least 20001 bytes' '' 'more than the limit'
# Too slow a sender for the time to work, which stands still while there is nothing to do.
run slowly plain.jpg $((size / 4)) 0.5 --set limits.timeout=1 -o out
expect 0 '"status":"ok"' '' 'a sender that takes longer than the work may'
exec 3>&-
finish
