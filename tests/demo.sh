#!/bin/sh
# SPDX-License-Identifier: MIT
# demo.sh -- what `make demo` runs: one sideways photo full of secrets, before and after.
#
# It fails when anything of the secrets is left, so it is a test as well. Everything it makes lies
# in the folder demo/ of the build folder (BUILD, default build), to be looked at.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
BUILD=${BUILD:-build}
case $BUILD in
/*) ;;
*) BUILD=$root/$BUILD ;;
esac
canary=SECRET-4711
rm -rf "$BUILD/demo"
mkdir -p "$BUILD/demo/public" "$BUILD/demo/receipts"
cd "$BUILD/demo"

title() { printf '\n--- %s\n' "$*"; }

# What of an upload's secrets a file shows to those who look.
secrets() {
    if command -v exiftool >/dev/null; then
        exiftool -s -Orientation -GPSPosition -SerialNumber -OwnerName -Creator -Comment -Make \
            -Model -DateTimeOriginal -ThumbnailImage -ProfileDescription "$1"
    else
        strings -n 6 "$1" | grep -E "$canary|Phone|2024:|ICC_PROFILE" || true
    fi
}

title 'an upload, as a phone makes it: lying on its side, with place, serial number and thumbnail'
"$BUILD/tests/make-upload" --size 4032x3024 --orientation 6 --gps --serial --thumbnail --icc p3 \
    --xmp --comment --trailer 2000 --canary "$canary" IMG_2041.jpg
echo "IMG_2041.jpg: $(wc -c <IMG_2041.jpg) bytes"
secrets IMG_2041.jpg

title 'storyphoto inspect IMG_2041.jpg'
"$BUILD/storyphoto" inspect IMG_2041.jpg

title 'storyphoto process IMG_2041.jpg -o public --receipts receipts'
"$BUILD/storyphoto" process IMG_2041.jpg -o public --receipts receipts

title 'what is published, looked at in the same way'
for file in public/*; do
    echo "$file: $(wc -c <"$file") bytes"
    secrets "$file"
done

title 'storyphoto audit public'
"$BUILD/storyphoto" audit public

title 'the receipt, for the web site'
if command -v jq >/dev/null; then
    jq . receipts/*.json
else
    cat receipts/*.json
fi

left=0
leaks() { # leaks FILE WHAT
    printf 'demo: %s still holds %s\n' "$1" "$2" >&2
    left=1
}
grep -qaF "$canary" IMG_2041.jpg || leaks 'the sample upload no' 'canary: the demo proves nothing'
[ "$(find public -type f | wc -l)" = 2 ] || leaks public 'not two files'
for file in public/* receipts/*; do
    if grep -qaF "$canary" "$file"; then leaks "$file" 'the canary'; fi
done
for file in public/*; do
    if grep -qaE 'Exif|ICC_PROFILE|ICCP|http://ns|Sample Phone' "$file"; then
        leaks "$file" 'metadata'
    fi
    [ "$(wc -c <"$file")" -le 400000 ] || leaks "$file" 'more than 400 000 bytes'
done
[ $left = 0 ] || exit 1
title "nothing of the secrets is left; look at the pictures in $BUILD/demo/public"
