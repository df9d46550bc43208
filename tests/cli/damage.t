#!/bin/sh
# SPDX-License-Identifier: MIT
# damage.t -- files that are cut short or broken: refused by the right word, nothing published.
. "$(dirname "$0")/lib.sh"
mkdir out

# refused FILE NAME: as truncated or corrupt, by file and by pipe.
refused() {
    run sp process --json -o out "$1"
    expect 65 '"status":"refused".*"code":"(truncated|corrupt)"' '' "$2"
    run sh -c 'cat "$1" | "$0" process - -o out' "$SP" "$1"
    expect 65 '' ' \((truncated|corrupt)\)$' "$2, by a pipe"
}

while IFS='|' read -r file options; do
    # shellcheck disable=SC2086 # a list of words
    picture "$file" --noise 8 $options
    size=$(stat -c %s "$file")
    for percent in 30 60 95; do
        head -c $((size * percent / 100)) "$file" >"cut.${file##*.}"
        refused "cut.${file##*.}" "$file $options, the first $percent %"
    done
done <<'CASES'
a.jpg|--size 640x480
a.jpg|--size 640x480 --progressive
a.png|
a.png|--interlace
a.png|--alpha ball --bits 16
a.png|--palette
a.webp|
a.webp|--lossless
a.webp|--alpha moat
a.gif|
a.gif|--interlace
a.heic|
a.heic|--tile 256
a.heic|--alpha moat
a.avif|
a.avif|--tile 256
CASES

# Only the word that ends it is missing: the picture is whole.
while IFS='|' read -r file bytes; do
    picture "$file" --size 640x480
    publish "$file"
    rm -rf whole && mv out whole
    size=$(stat -c %s "$file")
    head -c $((size - bytes)) "$file" >"cut.${file##*.}"
    publish "cut.${file##*.}"
    expect 0 '^\{' '' "$file without its last $bytes bytes"
    check 'gives the files of the whole one' diff -r whole out
    rm -rf out && mkdir out
done <<'CASES'
a.jpg|2
a.png|12
a.gif|1
CASES

# A byte within the picture data is another. A checksum tells it of PNG; of the others it may
# pass for picture, but nothing else than these three ends may come.
for file in a.png a.webp a.gif a.heic a.avif; do
    picture $file --noise 8
    size=$(stat -c %s $file)
    for permille in 300 500 700 900; do
        cp $file broken
        printf '\252\125\252\125' | dd of=broken bs=1 seek=$((size * permille / 1000)) \
            conv=notrunc status=none
        run sp process --json -o out broken
        code_word="$code $(json '.error.code // "ok"')"
        case "$code_word" in
        '0 ok' | '65 truncated' | '65 corrupt') result 0 "$file, broken at $permille per mille" ;;
        *) result 1 "$file, broken at $permille per mille" "it gave $code_word" ;;
        esac
        [ $file != a.png ] || check 'a checksum tells it' test "$code" = 65
    done
done
rm -rf out && mkdir out

# What never came is zeros. HEVC has no checksum either, but in it no three of them stand in a row.
for options in '' '--tile 256' '--alpha moat'; do
    # shellcheck disable=SC2086 # a list of words
    picture a.heic --noise 8 $options
    head -c $(($(stat -c %s a.heic) * 60 / 100)) a.heic >hole.heic
    truncate -r a.heic hole.heic
    refused hole.heic "a.heic $options, zeros after 60 %"
done
for file in a.png a.webp a.gif a.heic a.avif; do
    picture $file
    head -c 40 $file >header
    refused header "$file, forty bytes of it"
    picture tail.gif
    { head -c 64 $file && head -c 3000 tail.gif; } >chimera
    refused chimera "$file, then something else"
done
check 'nothing of all that was published' test "$(count_files out)" = 0

finish
