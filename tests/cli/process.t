#!/bin/sh
# SPDX-License-Identifier: MIT
# process.t -- uploads that are taken: what is published, what is said, and where it goes.
. "$(dirname "$0")/lib.sh"
canary=Kanarienvogel7
upload photo.jpg --size 1600x1200 --orientation 6 --gps --serial --thumbnail --icc p3 --xmp \
    --comment --trailer 500 --canary $canary
upload small.jpg --size 320x240
mkdir out receipts

# ---- files, for people -------------------------------------------------------------------------
run sp process photo.jpg -o out
expect 0 '^photo.jpg: 1200 x 1600 jpeg, [0-9.]+ kB; removed [a-z, -]+$' '' 'a photo'
expect 0 '^  webp  out/[a-z2-7]{26}\.webp  1024 x 768 +[0-9.]+ kB +q[0-9.]+$' '' 'its WebP'
expect 0 '^  jpeg  out/[a-z2-7]{26}\.jpg   1024 x 768 +[0-9.]+ kB +q[0-9.]+$' '' 'its JPEG'
check 'two files are published, and nothing else' test "$(count_files out)" = 2
run sp process photo.jpg -oout
expect 0 '^  webp  out/' '' '-oDIR in one word'
webp=$(echo out/*.webp)
jpeg=$(echo out/*.jpg)
check 'both have one stem' test "${webp%.webp}" = "${jpeg%.jpg}"
check 'published files can be read by a web server' test "$(stat -c %a "$webp" "$jpeg")" = "644
644"
for file in "$webp" "$jpeg"; do
    check "not larger than the preset says: ${file##*.}" test "$(stat -c %s "$file")" -le 400000
    check_not "no canary in ${file##*.}" grep -qaF $canary "$file"
    check_not "no trace of EXIF in ${file##*.}" grep -qaE 'Exif|II\*|ICC_PROFILE|ICCP|xmp' "$file"
done
check 'the canary was in the upload' grep -qaF $canary photo.jpg

# ---- receipts ----------------------------------------------------------------------------------
run sp process photo.jpg -o out --json --receipts receipts --base-url https://example.org/p
expect 0 '^\{.*\}$' '' '--json'
check 'one line, one object' test "$(wc -l <.streams/out)" = 1
cat >want <<WANT
storyphoto.receipt/1
ok
photo.jpg
$(stat -c %s photo.jpg)
jpeg
1200
1600
6
webp jpeg
1024x768 1024x768
$webp $jpeg
$(sha256sum <"$webp" | cut -d' ' -f1) $(sha256sum <"$jpeg" | cut -d' ' -f1)
$(stat -c %s "$webp") $(stat -c %s "$jpeg")
story
$(posture)
null
WANT
json '.schema, .status, .input.name, .input.bytes, .input.format, .input.width, .input.height,
    .input.orientation, ([.outputs[].variant] | join(" ")),
    ([.outputs[] | "\(.width)x\(.height)"] | join(" ")), ([.outputs[].path] | join(" ")),
    ([.outputs[].sha256] | join(" ")), ([.outputs[].bytes | tostring] | join(" ")),
    .preset, .sandbox, .error' >got
check 'the receipt tells the truth' diff want got
check_not 'and no value of what was removed' grep -qF $canary .streams/out
for slug in location time device serial person software comment thumbnail profile trailing; do
    check "removed: $slug" jq -e ".removed | index(\"$slug\")" .streams/out
done
check 'the HTML points below --base-url' \
    jq -e '.picture | contains("https://example.org/p/")' .streams/out
check 'a receipt is kept' test "$(count_files receipts)" = 1
check 'for its owner only' test "$(stat -c %a receipts/*)" = 600
check 'and is the one that was printed' cmp -s receipts/* .streams/out

run sp process small.jpg -o out --json
check 'nothing to remove, nothing said' test "$(json '.removed | length')" = 0
check 'a small picture is not enlarged' test "$(json '.outputs[0].width')" = 320
run sp process small.jpg -o out
expect 0 '^small.jpg: 320 x 240 jpeg, .*; nothing to remove$' '' 'nothing to remove, for people'

# ---- names -------------------------------------------------------------------------------------
mkdir again random source
run sp process photo.jpg photo.jpg -o again
expect 0 '^photo.jpg: ' '' 'the same photo twice in one run'
check 'the same upload gives the same names' test "$(ls again)" = \
    "$(basename "$jpeg"; basename "$webp")"
check 'and the same bytes' cmp -s "$webp" "again/${webp#out/}"
run sp process photo.jpg photo.jpg -o random --set preset.names=random
expect 0 '*' '' 'names = random'
check 'random names differ each time' test "$(count_files random)" = 4
run sp process photo.jpg -o source --set preset.names=source
expect 0 '*' '' 'names = source'
check 'names = source keeps the full name' test "$(ls source)" = "photo.jpg.jpg
photo.jpg.webp"
mkdir other && cp small.jpg other/photo.jpg
run sp process other/photo.jpg -o source --set preset.names=source
expect 73 '' 'photo.jpg.* \(exists; --force replaces it\)$' 'a name that other bytes have is not taken'
check 'the published file is as it was' cmp -s source/photo.jpg.webp "$webp"
run sp process other/photo.jpg -o source --set preset.names=source --force
expect 0 '320 x 240' '' '--force takes it'
check_not 'and replaces the file' cmp -s source/photo.jpg.webp "$webp"
check 'without leaving anything beside it' test "$(count_files source)" = 2

# ---- standard input and output -----------------------------------------------------------------
mkdir piped
run sh -c 'cat photo.jpg | "$0" process - -o piped' "$SP"
expect 0 '^-: 1200 x 1600 jpeg' '' 'a pipe on standard input'
check 'gives the same files' diff -r piped again
run sh -c '"$0" process - -o piped <photo.jpg' "$SP"
expect 0 '^-: 1200 x 1600 jpeg' '' 'a file on standard input'
check 'gives the same files too' diff -r piped again
run perl -MSocket -e 'socketpair(my $ours, my $theirs, AF_UNIX, SOCK_STREAM, 0) or die;
    if (!fork) { close $ours; open STDIN, "<&", $theirs; exec @ARGV or die }
    close $theirs; open my $photo, "<:raw", "photo.jpg"; local $/;
    syswrite $ours, my $rest = <$photo>; shutdown $ours, 1; wait; exit $? >> 8' \
    "$SP" process - -o piped
expect 0 '^-: 1200 x 1600 jpeg' '' 'a socket on standard input'
check 'gives the same files as well' diff -r piped again
mkfifo fifo
(sleep 0.3 && cat photo.jpg >fifo) &
run sp process fifo -o piped
expect 0 '^fifo: 1200 x 1600 jpeg' '' 'a named pipe, whose writer comes late'

for variant in webp jpeg; do
    published=$webp
    [ $variant = webp ] || published=$jpeg
    run sp process photo.jpg --to $variant
    expect 0 '*' '' "--to $variant, from a file"
    check "--to $variant gives the bytes of the published file" cmp -s .streams/out "$published"
    run sh -c 'cat photo.jpg | "$0" process - --to "$1"' "$SP" $variant
    expect 0 '*' '' "--to $variant, from a pipe"
    check "--to $variant from a pipe gives them too" cmp -s .streams/out "$published"
done
run sp process photo.jpg --to webp --json --receipts receipts
expect 0 '*' '^\{"schema":"storyphoto.receipt/1".*\}$' '--to with --json: the receipt on stderr'
check 'with - as its path' jq -e '.outputs | length == 1 and .[0].path == "-"' .streams/err
run sp process photo.jpg --to nope
expect 78 '' "^storyphoto: no variant 'nope' in preset 'story', known are webp, jpeg" '--to with a variant that is not in the preset'
run sh -c '"$0" process photo.jpg --to webp >&-' "$SP"
expect 74 '' 'cannot write to standard output' '--to with stdout closed'
run sh -c '"$0" process photo.jpg --to webp >/dev/full' "$SP"
expect 74 '' 'cannot write to standard output' '--to with stdout full'
run sh -c '{ "$0" process photo.jpg --to webp; echo $? >to-code; } | true' "$SP"
check '--to with nobody who reads' grep -qxE '74|0' to-code
if script -qec true typescript >/dev/null 2>&1 </dev/null; then
    script -qec "$SP process photo.jpg --to webp" typescript >/dev/null 2>&1 </dev/null
    check '--to refuses a terminal' test $? = 64
    check 'and says so' grep -q 'standard output is a terminal' typescript
fi

# ---- keys --------------------------------------------------------------------------------------
run sp process photo.jpg -o out --json --set webp.width=200 --set jpeg.max-bytes=20000
expect 0 '*' '' '--set changes keys of both variants'
check 'the WebP is as narrow as asked' test "$(json '.outputs[0].width')" = 200
check 'the JPEG is as small as asked' jq -e '.outputs[1].bytes <= 20000' .streams/out
run sp process photo.jpg -o out -p best
expect 0 '^  webp ' '' 'the preset best'
sp presets story >ours.ini
run sp process photo.jpg -o out -p ours.ini
expect 0 "$webp" '' 'a preset from a file'

# ---- many --------------------------------------------------------------------------------------
echo text >text.jpg
run sp process text.jpg small.jpg nope.jpg -o out
expect 1 '^small.jpg: ' "cannot process 'text.jpg'" 'one bad photo does not stop the others'
expect 1 '*' "cannot process 'nope.jpg'" 'and each is told'
run sp process text.jpg small.jpg nope.jpg -o out --json
expect 1 '*' '' 'the same with --json'
check 'a receipt for each, in order' test "$(json '"\(.status) \(.error.code)"' | tr '\n' ';')" = \
    'refused not-an-image;ok null;failed cannot-read;'

finish
