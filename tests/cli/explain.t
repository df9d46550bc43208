#!/bin/sh
# SPDX-License-Identifier: MIT
# explain.t -- process --explain: what is told of a photo's way, to people and to programs.
. "$(dirname "$0")/lib.sh"
canary=Kanarienvogel7
upload photo.jpg --size 1600x1200 --orientation 6 --gps --serial --icc p3 --canary $canary
upload plain.jpg --size 320x240
picture clear.png --size 640x480
mkdir out receipts

# ---- for people --------------------------------------------------------------------------------
run sp process photo.jpg -o out --explain
expect 0 '^photo.jpg: ' '' 'a photo, explained'
expect 0 '^    orientation 6: turned by a quarter to the right$' '' 'how it was turned'
expect 0 '^    colours: display-p3, by its colour profile; converted to sRGB$' '' 'its colours'
expect 0 '^    decoded: 1200 x 1600, all of it$' '' 'how large it was decoded'
expect 0 '^    resized: 1024 x 768, upright$' '' 'and resized'
expect 0 '^    jpeg, at most 400 000 bytes:$' '' 'each variant'
expect 0 '^      q80  1024 x 768 +[0-9 ]+ bytes +[0-9.]+ %  kept$' '' 'and its encode'
check 'behind the lines of the photo' test "$(grep -n '^  jpeg  out/' .streams/out | cut -d: -f1)" = 3
check_not 'no value of what was removed' grep -qF $canary .streams/out
cp .streams/out explained
run sp process photo.jpg -o out
check 'without it nothing else is told' sh -c 'head -n 3 explained | cmp - .streams/out'
publish photo.jpg --explain
cp "$webp" "$jpeg" .
run sp process photo.jpg -o out --set jpeg.max-bytes=9000 --explain
expect 0 '^      q80( 4:4:4)? +1024 x 768 .* %  too large; no quality would fit, on with ' '' 'why it shrank'
expect 0 '^      q80( 4:4:4)? +1024 x 768 .* %  fits; jpeg does not fit, on with ' '' 'and the other with it'
run sp process photo.jpg -o out --set jpeg.max-bytes=30000 --explain
expect 0 '^      q[0-9.]+( 4:4:4)? +1024 x 768 .* 9[0-9]\.[0-9] %  kept$' '' 'how much of the limit was filled'
run sp process photo.jpg plain.jpg -o out --explain --set jpeg.max-bytes=1000 \
    --set jpeg.min-width=1024
expect 1 '^photo.jpg: what was tried$' "cannot process 'photo.jpg'.*cannot-fit" 'what fits nowhere'
expect 1 ' %  too large, and it must be no smaller$' '*' 'tells what was tried'
echo text >text.jpg
run sp process text.jpg -o out --explain
expect 65 '' 'not-an-image' 'what is no picture has no way'
run sp process clear.png -o out --explain
expect 0 '^    decoded: 640 x 480, all of it$' '' 'another renderer'

# ---- with --to, to standard error ---------------------------------------------------------------
run sp process plain.jpg --to webp --explain
expect 0 '*' '^    webp, at most 400 000 bytes:$' 'with --to on standard error'
check 'the picture has standard output' sh -c 'sp=$1; "$sp" process plain.jpg --to webp |
    cmp - .streams/out' - "$SP"

# ---- for programs ------------------------------------------------------------------------------
mkdir again
run sp process photo.jpg -o again --json --explain --receipts receipts
expect 0 '^\{.*\}$' '' 'with --json'
for file in *.webp *-*.jpg; do
    [ ! -e "$file" ] || check "the same bytes as without: ${file##*.}" cmp "$file" "again/$file"
done
check 'the receipt has a trace' test "$(json '[.trace[] | .step] | join(" ")')" = \
    'colour decode resize encode encode'
check 'of what was published' jq -e '[.trace[] | select(.kept) | [.variant, .width, .height,
    .bytes, .quality]] == [.outputs[] | [.variant, .width, .height, .bytes, .quality]]' .streams/out
check 'its colours' jq -e '.trace[0] == {step: "colour", colour: "display-p3", origin: "icc"}' \
    .streams/out
check 'and is kept with it' cmp -s receipts/* .streams/out
run sp process photo.jpg -o again --json
check 'without --explain there is none' jq -e 'has("trace") | not' .streams/out
run sp process photo.jpg -o out --json --explain --set webp.max-bytes=1000 --set webp.min-width=1024
expect 65 '^\{.*\}$' '' 'a refusal'
check 'tells what was tried' jq -e '[.trace[] | select(.step == "encode" and .variant == "webp")] |
    length >= 1 and all(.bytes > .max_bytes)' .streams/out
run sp process text.jpg -o out --json --explain
check 'what was not looked at has an empty trace' jq -e '.trace == []' .streams/out
if mount_tmpfs full size=16k; then
    run sp process photo.jpg -o full --explain
    expect 73 ' %  fits$' 'No space left on device' 'what was not published'
    check_not 'was not kept' grep -q kept .streams/out
    run sp process photo.jpg -o full --json --explain
    check 'nor for programs' jq -e '(.trace | length) > 3 and all(.trace[]; has("kept") | not)' \
        .streams/out
else
    skip 'what was not published' 'no file system may be mounted here'
fi
run sp process nope.jpg -o out --json --explain
check 'what could not be opened has none' jq -e 'has("trace") | not' .streams/out

finish
