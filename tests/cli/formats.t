#!/bin/sh
# SPDX-License-Identifier: MIT
# formats.t -- every format and coding that phones and programs send: published whole, upright.
. "$(dirname "$0")/lib.sh"

# One line a case: upload | what it is made with | format | colour | shown size | corners.
while IFS='|' read -r file options format colour size corners; do
    # shellcheck disable=SC2086 # a list of words
    picture "$file" $options || {
        result 1 "$file $options" 'cannot be made'
        continue
    }
    publish "$file"
    expect 0 '^\{' '' "$file $options"
    check 'its receipt' test "$(json '.input | "\(.format) \(.colour)"')" = "$format $colour"
    case $options in *--clap*) hides=hidden-pixels ;; *) hides= ;; esac
    check 'removed' test "$(json '.removed | join(" ")')" = "$hides"
    holds "$file $options" "$size" "$corners"
done <<'CASES'
a.png||png|srgb|640 480|rgby
a.png|--bits 16|png|srgb|640 480|rgby
a.png|--interlace --size 641x479|png|srgb|641 479|rgby
a.png|--bits 16 --interlace --size 641x479|png|srgb|641 479|rgby
a.png|--size 1600x1200|png|srgb|1024 768|rgby
a.png|--bits 16 --interlace --size 1601x1199|png|srgb|1024 767|rgby
a.png|--grey|png|grey|640 480|dmdl
a.png|--grey --bits 16|png|grey|640 480|dmdl
a.png|--grey --bits 4|png|grey|640 480|dmdl
a.png|--grey --bits 2|png|grey|640 480|dddl
a.png|--grey --bits 1|png|grey|640 480|kkkw
a.png|--grey --bits 1 --interlace --size 641x479|png|grey|641 479|kkkw
a.png|--grey --bits 16 --interlace|png|grey|640 480|dmdl
a.png|--palette|png|srgb|640 480|rgby
a.png|--palette --bits 4|png|srgb|640 480|rgby
a.png|--palette --bits 2 --size 333x222|png|srgb|333 222|rgby
a.png|--palette --bits 1 --size 333x222|png|srgb|333 222|rggr
a.png|--palette --bits 2 --interlace --size 333x222|png|srgb|333 222|rgby
a.png|--palette --size 1600x1200|png|srgb|1024 768|rgby
a.png|--size 1x1|png|srgb|1 1|-
a.png|--size 3x700 --interlace|png|srgb|3 700|-
a.webp||webp|srgb|640 480|rgby
a.webp|--lossless|webp|srgb|640 480|rgby
a.webp|--size 1601x1199|webp|srgb|1024 767|rgby
a.webp|--size 5000x3000|webp|srgb|1024 614|rgby
a.webp|--lossless --size 1601x1199|webp|srgb|1024 767|rgby
a.webp|--size 1x1|webp|srgb|1 1|-
a.gif||gif|srgb|640 480|rgby
a.gif|--gif87|gif|srgb|640 480|rgby
a.gif|--interlace --size 641x479|gif|srgb|641 479|rgby
a.gif|--size 1601x1199|gif|srgb|1024 767|rgby
a.gif|--size 1x1|gif|srgb|1 1|-
a.heic||heic|srgb|640 480|rgby
a.heic|--bits 10|heic|srgb|640 480|rgby
a.heic|--bits 12|heic|srgb|640 480|rgby
a.heic|--grey|heic|grey|640 480|dmdl
a.heic|--grey --bits 10|heic|grey|640 480|dmdl
a.heic|--lossless|heic|srgb|640 480|rgby
a.heic|--size 641x479|heic|srgb|641 479|rgby
a.heic|--size 1601x1199|heic|srgb|1024 767|rgby
a.heic|--tile 256|heic|srgb|640 480|rgby
a.heic|--tile 512 --size 1601x1199 --bits 10|heic|srgb|1024 767|rgby
a.heic|--tile 256 --size 641x479|heic|srgb|641 479|rgby
a.heic|--tile 64 --size 650x490|heic|srgb|650 490|rgby
a.heic|--clap 40|heic|srgb|640 480|rgby
a.heic|--clap 30 --tile 256 --size 641x479|heic|srgb|641 479|rgby
a.avif||avif|srgb|640 480|rgby
a.avif|--bits 10|avif|srgb|640 480|rgby
a.avif|--bits 12|avif|srgb|640 480|rgby
a.avif|--grey|avif|grey|640 480|dmdl
a.avif|--grey --bits 12|avif|grey|640 480|dmdl
a.avif|--lossless|avif|srgb|640 480|rgby
a.avif|--size 641x479|avif|srgb|641 479|rgby
a.avif|--size 1601x1199|avif|srgb|1024 767|rgby
a.avif|--size 17x23|avif|srgb|17 23|-
a.avif|--tile 256 --size 641x479|avif|srgb|641 479|rgby
a.avif|--tile 512 --size 1601x1199 --bits 10|avif|srgb|1024 767|rgby
a.avif|--clap 41 --size 641x479|avif|srgb|641 479|rgby
CASES

# ---- whatever they are called, wherever they come from -------------------------------------------
for format in png webp gif heic avif; do
    picture "a.$format"
    publish "a.$format"
    mv out by-file
    cp "a.$format" misnamed.jpg
    publish misnamed.jpg
    expect 0 '"format":"'$format'"' '' "$format with the name of a JPEG"
    check 'gives the same files' diff -r by-file out
    rm -rf out && mkdir out
    run sh -c 'cat "$1" | "$0" process - --json -o out' "$SP" "a.$format"
    expect 0 '"format":"'$format'"' '' "$format through a pipe"
    check 'gives the same files too' diff -r by-file out
    for variant in webp jpeg; do
        run sh -c 'cat "$1" | "$0" process - --to "$2"' "$SP" "a.$format" $variant
        expect 0 '*' '' "$format through a pipe, --to $variant"
        check 'gives the same bytes' cmp -s .streams/out by-file/*."${variant%eg}"*
    done
    publish "a.$format"
    check "$format again gives the same files" diff -r by-file out
    rm -rf by-file
done
picture a.jpg --size 640x480
cp a.jpg misnamed.heic
publish misnamed.heic
expect 0 '"format":"jpeg"' '' 'a JPEG with the name of a HEIC'
run sp process a.png a.webp a.gif a.heic a.avif a.jpg -o out
expect 0 '^a.avif: 640 x 480 avif' '' 'all formats in one run'
check 'each is published' test "$(grep -c '^a\.' .streams/out)" = 6

finish
