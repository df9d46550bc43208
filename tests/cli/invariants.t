#!/bin/sh
# SPDX-License-Identifier: MIT
# invariants.t -- the same pixels with any metadata are the same files, and no window of it is in them.
#
# Each picture is drawn plain, with each carrier alone and with all of them, in every format. All
# are published into one folder under the names that their bytes give them: what comes out alike
# has one name. So the folder must hold the two files of the plain picture, and nothing else. The
# canary is random, so that nothing can shorten it or make it by chance.
. "$(dirname "$0")/lib.sh"
canary=$(head -c 140 /dev/urandom | base64 -w 0 | tr -d '+/=' | cut -c1-180)
windows=$BUILD/tests/corpus/windows

# silent FILE...: the canary's beginning is in none of them, in no usual coding.
silent() {
    head=$(echo "$canary" | cut -c1-12)
    ! cat "$@" | grep -qaF "$head" &&
        ! cat "$@" | tr -d '\000' | grep -qaF "$head" && # UTF-16, either way
        ! cat "$@" | grep -qai "$(printf %s "$head" | od -An -tx1 | tr -d ' \n')" &&
        ! cat "$@" | grep -qaF "$(printf %s "$head" | base64)" &&
        ! cat "$@" | grep -qaF "$(printf %s "$head" | tail -c +2 | head -c 9 | base64)" &&
        ! cat "$@" | grep -qaF "$(printf %s "$head" | tail -c +3 | head -c 9 | base64)"
}
# no_window FILE...: each upload against the files in out/.
no_window() {
    for no_window_file in "$@"; do
        printf '%s\t%s\t%s\n' "$no_window_file" "$(echo out/*.webp)" "$(echo out/*.jpg)"
    done | "$windows" >found
    cat found
    grep -qE '^# [1-9][0-9]* windows looked up, 0 found$' found
}
# alike NAME: of uploads/plain.* and the others beside it.
alike() {
    rm -rf out && mkdir out
    run sp process --json -o out uploads/*
    expect 0 '^\{' '' "$1: all are published"
    cp .streams/out receipts
    plain=$(jq -r 'select(.input.name | test("plain")) | .outputs[].path' receipts | sort | xargs)
    check "$1: a receipt for each" test "$(wc -l <receipts)" = "$(count_files uploads)"
    check "$1: all are the two files of the plain one" test "$(echo out/* | xargs -n1 | sort | xargs)" = "$plain"
    jq -c '.input.name = ""' receipts >told
    check "$1: nobody tells the canary" silent out/* told .streams/err
    check "$1: no window of a carrier" no_window uploads/*
}

# One line a picture: its ending | how it is drawn | carriers: each alone, then all of them.
while IFS='|' read -r ending drawn carriers; do
    rm -rf uploads && mkdir uploads
    # shellcheck disable=SC2086 # a list of words
    picture "uploads/plain.$ending" --size 320x240 $drawn
    n=0 all=
    for carrier in $carriers; do
        n=$((n + 1))
        words=$(echo "--$carrier" | tr = ' ')
        all="$all $words"
        # shellcheck disable=SC2086 # lists of words
        picture "uploads/$n.$ending" --size 320x240 $drawn $words --canary "$canary"
    done
    # shellcheck disable=SC2086 # lists of words
    picture "uploads/all.$ending" --size 320x240 $drawn $all --canary "$canary"
    check_not "$ending $drawn: the search finds the canary" silent "uploads/all.$ending"
    alike "$ending $drawn"
done <<'CASES'
jpg||gps serial xmp comment thumbnail trailer=5000
jpg|--progressive --noise 20|gps serial xmp comment thumbnail trailer=5000
jpg|--sampling grey|gps serial xmp comment thumbnail trailer=5000
jpg|--sampling 444 --restart 3|gps serial xmp comment thumbnail trailer=5000
png||exif gps serial xmp comment unknown trailer=5000 frames=3 icc=srgb
png|--alpha ball --noise 20|exif gps serial xmp comment unknown trailer=5000
png|--palette --interlace|exif gps serial xmp comment unknown trailer=5000
webp||exif gps serial xmp unknown trailer=5000
webp|--lossless --alpha ball|exif gps serial xmp unknown trailer=5000 icc=srgb
webp|--frames 1 --noise 20|exif gps serial xmp unknown frames=3 trailer=5000
gif||xmp comment unknown trailer=5000 frames=3
gif|--interlace --alpha ball|xmp comment unknown trailer=5000
heic||exif gps serial xmp comment unknown thumbnail second auxiliaries=3 trailer=5000
heic|--tile 128 --orientation 6|exif gps serial xmp comment unknown thumbnail auxiliaries=3 trailer=5000
avif||exif gps serial xmp comment unknown thumbnail second auxiliaries=3 trailer=5000
avif|--alpha ball|exif gps serial xmp comment unknown thumbnail trailer=5000
CASES

# Every application segment and a comment, random, in front of the picture and behind the tables.
rm -rf uploads && mkdir uploads
picture uploads/plain.jpg --size 320x240
octal() { printf '\\%03o' "$1"; }
for marker in $(seq 224 239) 254; do
    for at in 2 20; do
        {
            head -c $at uploads/plain.jpg
            printf '\377%b\010\002' "$(octal "$marker")"
            head -c 2048 /dev/urandom
            tail -c +$((at + 1)) uploads/plain.jpg
        } >"uploads/$marker-$at.jpg"
    done
done
alike 'every application segment'

# The search finds what is there.
carrier=$(jq -rs '.[0].input.name' receipts)
jpeg=$(echo out/*.jpg)
{
    cat "$jpeg"
    head -c 1500 "$carrier" | tail -c 100
} >found.jpg
check_not 'a window that is there is found' sh -c "printf '%s\t%s\n' '$carrier' found.jpg | '$windows'"
finish
