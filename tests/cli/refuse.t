#!/bin/sh
# SPDX-License-Identifier: MIT
# refuse.t -- bad uploads, each with its message, its stable word and its exit code.
. "$(dirname "$0")/lib.sh"
mkdir out folder
upload good.jpg --size 640x480
: >empty.jpg
echo 'this is not a photo' >text.jpg
printf '\211PNG\r\n\032\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\2\0\0\0' >png.jpg
printf 'II*\0\10\0\0\0\0\0\0\0' >tiff.jpg
printf 'GIF89a\1\0\1\0\0\0\0;' >gif.jpg
printf 'RIFF\44\0\0\0WEBPVP8 \30\0\0\0' >webp.jpg
printf '\0\0\0\30ftypheic\0\0\0\0mif1heic' >heic.jpg
printf '\0\0\0\34ftypavif\0\0\0\0avifmif1miaf' >avif.jpg
printf '<svg xmlns="http://www.w3.org/2000/svg"/>' >svg.jpg
printf '%%PDF-1.7\n' >pdf.jpg
size=$(stat -c %s good.jpg)
head -c $((size / 2)) good.jpg >half.jpg
head -c 100 good.jpg >header.jpg
printf '\377\330\377' >three.jpg
printf '\377\330\377\331' >no-picture.jpg
perl -0777 -pe 's/(\xff\xc0\x00\x11\x08)..../$1\xfd\xe8\xfd\xe8/s' good.jpg >huge.jpg
perl -0777 -pe 's/(\xff\xc0\x00\x11\x08)..../$1\x00\x00\x00\x00/s' good.jpg >zero.jpg
perl -0777 -pe 's/\xff\xc0(\x00\x11)\x08/\xff\xc1$1\x0c/s' good.jpg >twelve-bit.jpg
ln -s nowhere.jpg dangling.jpg
ln -s good.jpg link.jpg
perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket", Listen => 1)'

# One line a case: file | exit code | word | what the message says.
while IFS='|' read -r file want word message; do
    run sp process "$file" -o out
    expect "$want" '' "^storyphoto: cannot process '$file': .*$message.* \($word\)$" "$file"
    run sp process "$file" -o out --json
    status=failed
    [ "$want" != 65 ] || status=refused
    expect "$want" '^\{.*\}$' '' "$file, --json"
    check "$file, receipt" test "$(json '"\(.status) \(.error.code)"')" = "$status $word"
    [ -f "$file" ] || continue
    run sh -c 'cat "$1" | "$0" process - -o out' "$SP" "$file"
    expect "$want" '' "^storyphoto: cannot process '-': .* \($word\)$" "$file, by a pipe"
done <<'CASES'
nope.jpg|66|cannot-read|No such file
dangling.jpg|66|cannot-read|No such file
folder|66|cannot-read|is a folder
socket|66|cannot-read|is a socket
/dev/zero|66|cannot-read|is a device
good.jpg/x|66|cannot-read|Not a directory
empty.jpg|65|empty|empty
text.jpg|65|not-an-image|
png.jpg|65|truncated|PNG
gif.jpg|65|corrupt|GIF
webp.jpg|65|truncated|WebP
heic.jpg|65|truncated|HEIC
avif.jpg|65|truncated|AVIF
tiff.jpg|65|unsupported|TIFF
svg.jpg|65|unsupported|SVG
pdf.jpg|65|unsupported|PDF
half.jpg|65|truncated|
header.jpg|65|truncated|
no-picture.jpg|65|corrupt|without a picture
huge.jpg|65|too-many-pixels|pixels, the limit is
zero.jpg|65|unsupported|height
twelve-bit.jpg|65|unsupported|12
CASES

check 'nothing of all that was published' test "$(count_files out)" = 0
check 'and nothing is left beside it' test -z "$(ls -A out)"
run sp process link.jpg -o out
expect 0 '^link.jpg: ' '' 'a link to a good one is good'

# Limits, by the keys that set them.
run sp process good.jpg -o out --set limits.max-upload=1000
expect 65 '' 'bytes, the limit is 1000 \(limits\.max-upload\) \(too-large\)' 'more bytes than max-upload, a file'
run sh -c 'cat good.jpg | "$0" process - -o out --set limits.max-upload=5000' "$SP"
expect 65 '' '5000 \(limits\.max-upload\) \(too-large\)' 'more bytes than max-upload, a pipe'
run sp process good.jpg -o out --set limits.max-pixels=1000
expect 65 '' 'the limit is 1000 \(limits\.max-pixels\) \(too-many-pixels\)' 'more pixels than max-pixels'
upload scans.jpg --size 64x48 --progressive
run sp process scans.jpg -o out --set limits.max-scans=3
expect 65 '' 'has 10 scans, the limit is 3 \(limits\.max-scans\) \(too-much-work\)' 'more scans than max-scans'
for file in frames.gif frames.png frames.webp; do
    picture "$file" --size 64x48 --frames 3
    run sp process "$file" -o out --set limits.max-frames=2
    expect 65 '' 'has 3 frames, the limit is 2 \(limits\.max-frames\) \(too-much-work\)' "more frames than max-frames, $file"
    run sp process "$file" -o out --set limits.max-frames=3
    expect 0 "^$file: 64 x 48" '' "as many as max-frames, $file"
done
for file in p3.png p3.webp p3.heic p3.avif p3.jpg; do
    make=picture
    [ "$file" != p3.jpg ] || make=upload
    $make "$file" --size 128x128 --icc p3
    run sp process "$file" -o out --json --set limits.max-profile=4K
    check "a profile within max-profile counts, $file" test "$(json .input.colour)" = display-p3
    run sp process "$file" -o out --json --set limits.max-profile=100
    expect 0 '^\{' '' "a profile over max-profile refuses nothing, $file"
    check 'and counts as absent' test "$(json .input.colour)" = srgb
    check 'and is told all the same' test "$(json '.removed | index("profile") != null')" = true
done
run sp process good.jpg -o out --set jpeg.max-bytes=1000 --set jpeg.min-width=640
expect 65 '' '\(cannot-fit\)' 'what cannot fit is refused'

# Names of strangers reach the terminal escaped, and only so.
newline=$(printf 'new\nline.jpg')
escape=$(printf 'esc\033[31m.jpg')
broken=$(printf 'bro\377ken.jpg')
c1=$(printf 'c1\302\233m.jpg')
cp good.jpg "$newline" && cp text.jpg "$escape" && cp good.jpg "$broken" && cp text.jpg "$c1"
run sp process "$newline" -o out
expect 0 '^new\\nline\.jpg: 640 x 480' '' 'a newline in a name'
run sp process "$escape" -o out
expect 65 '' "'esc\\\\x1b\[31m\.jpg'" 'an escape sequence in a name'
run sp process "$c1" -o out
expect 65 '' "'c1\\\\u009bm\.jpg'" 'a C1 control character in a name'
run sp process "$broken" -o out
expect 0 '^bro\\xffken\.jpg: ' '' 'a name that is not UTF-8'
run sp process "$broken" -o out --json
check 'is U+FFFD in the receipt' test "$(json .input.name)" = "$(printf 'bro\357\277\275ken.jpg')"
check 'with its bytes beside it' test "$(json .input.name_base64 | base64 -d)" = "$broken"
run sp "$(printf 'x\033[2J')"
expect 64 '' "unknown command 'x\\\\x1b\[2J'" 'an escape sequence as a command'

finish
