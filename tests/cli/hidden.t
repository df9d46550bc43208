#!/bin/sh
# SPDX-License-Identifier: MIT
# hidden.t -- what else is in an upload: never chosen, never published, told by its kind alone.
. "$(dirname "$0")/lib.sh"
canary=Kanarienvogel7
everything='--gps --serial --xmp --comment --trailer 500'

# silent NAME FILE...: no canary, plain or in UTF-16, and no trace of a carrier.
silent() {
    silent_name=$1
    shift
    check_not "$silent_name: no canary" grep -qaF $canary "$@"
    check_not "$silent_name: nor in UTF-16" grep -qaP "$(echo $canary | sed 's/./&\\x00/g')" "$@"
    check_not "$silent_name: no trace of metadata" grep -qaE \
        'Exif|II\*|ICC_PROFILE|ICCP|XMP|http://ns|Sample Phone|ANIM|tEXt' "$@"
}

# One line a case: upload | more options | slugs of removed, in the receipt's order.
# The plain twin has the same picture and nothing else: its files must be the same.
while IFS='|' read -r file options more slugs; do
    # shellcheck disable=SC2086 # lists of words
    picture "$file" --size 800x600 $options
    publish "$file"
    expect 0 '^\{' '' "$file $options, plain"
    rm -rf plain && mv out plain
    cp .streams/out plain.json
    check 'nothing was removed' jq -e '.removed == []' plain.json
    # shellcheck disable=SC2086 # lists of words
    picture "$file" --size 800x600 $options $everything $more --canary $canary
    check "$file: the canary is in it" grep -qaF $canary "$file"
    publish "$file"
    expect 0 '^\{' '' "$file $options $everything $more"
    check "$file $options: the files of its plain twin" diff -r plain out
    check 'both of them' test "$(count_files plain)" = 2
    silent "$file" out/* .streams/out
    check "$file: removed" test "$(json '.removed | join(" ")')" = "$slugs"
    check "$file: the HTML and the hash are the plain twin's" test \
        "$(json '.picture, .thumbhash')" = "$(jq -r '.picture, .thumbhash' plain.json)"
done <<'CASES'
a.jpg||--thumbnail|location time device serial person software comment thumbnail trailing
a.png||--unknown --frames 3|location time device serial person software comment further-frames unknown trailing
a.png|--interlace --bits 16|--unknown --icc srgb|location time device serial person software comment profile unknown trailing
a.webp||--unknown|location time device serial person software unknown trailing
a.webp|--lossless|--icc srgb|location time device serial person software profile trailing
a.webp|--lossless|--frames 3|location time device serial person software further-frames trailing
a.webp|--frames 1|--frames 3 --unknown|location time device serial person software further-frames unknown trailing
a.gif||--unknown --frames 3|person comment further-frames unknown trailing
a.gif|--interlace|--unknown|person comment unknown trailing
a.heic||--unknown --second|location time device serial person software comment second-picture unknown trailing
a.heic||--thumbnail|location time device serial person software comment thumbnail trailing
a.heic|--tile 256|--unknown --thumbnail --second --auxiliaries 8 --icc srgb|location time device serial person software comment thumbnail second-picture profile unknown trailing
a.heic|--orientation 6|--exif-orientation 3|location time device serial person software comment trailing
a.avif||--unknown --thumbnail --second|location time device serial person software comment thumbnail second-picture unknown trailing
a.avif|--tile 256|--auxiliaries 2 --icc srgb|location time device serial person software comment second-picture profile trailing
CASES

# ---- pictures that must not be chosen, where choosing them would be tempting ----------------------
# Each is magenta and as large as the picture, that is, larger than what is published.
while IFS='|' read -r file options; do
    # shellcheck disable=SC2086 # a list of words
    picture "$file" --size 1600x1200 $options
    publish "$file"
    expect 0 '^\{' '' "$file $options"
    holds "$file $options" '1024 768' rgby
done <<'CASES'
a.png|--frames 2
a.webp|--frames 2
a.webp|--frames 5 --lossless
a.gif|--frames 2
a.heic|--thumbnail
a.heic|--thumbnail --tile 512
a.heic|--second
a.heic|--second --thumbnail --auxiliaries 8
a.heic|--auxiliaries 8 --tile 512 --orientation 6 --gps --unknown
a.avif|--thumbnail
a.avif|--second --thumbnail
a.avif|--thumbnail --tile 512
a.heic|--clap 200
a.avif|--clap 200
CASES

# A narrow preset makes a small thumbnail tempting too.
picture a.heic --size 640x480 --thumbnail
publish a.heic --set webp.width=100 --set jpeg.width=100
expect 0 '^\{' '' 'a thumbnail larger than the target'
holds 'a thumbnail larger than the target' '100 75' rgby

finish
