#!/bin/sh
# SPDX-License-Identifier: MIT
# chroma.t -- chroma = 420, 444 or auto: what the JPEG has, as another program reads it, and what
# WebP may not have.
. "$(dirname "$0")/lib.sh"
picture calm.webp
picture coloured.png --noise 255
picture coloured.webp --lossless --noise 255
picture grey.png --grey --noise 255
picture seen.png --alpha ball --noise 255
picture photo.jpg --size 640x480
picture full.jpg --size 640x480 --sampling 444

# sampling FILE: that of its first component, as 2hx2v.
sampling() {
    djpeg -verbose -verbose -outfile /dev/null "$1" 2>&1 |
        sed -n 's/.*Component 1: \([0-9]hx[0-9]v\).*/\1/p'
}

# samples UPLOAD WANT [ARGUMENT]...
samples() {
    samples_upload=$1 samples_want=$2
    shift 2
    publish "$samples_upload" "$@"
    expect 0 '"status":"ok"' '' "$samples_upload $*"
    check "$samples_upload $*: $samples_want" test "$(sampling "$jpeg")" = "$samples_want"
    holds "$samples_upload $*" '640 480' -
}

for upload in calm.webp coloured.png coloured.webp seen.png photo.jpg; do
    samples $upload 2hx2v --set jpeg.chroma=420
    samples $upload 1hx1v --set jpeg.chroma=444
done
samples grey.png 1hx1v --set jpeg.chroma=420
samples grey.png 1hx1v --set jpeg.chroma=444

# ---- auto, the default ---------------------------------------------------------------------------
# Edges of strong colours need it in full; but of a JPEG, chroma is taken as fine as it is there.
samples coloured.png 1hx1v
samples coloured.webp 1hx1v --set jpeg.chroma=auto
samples photo.jpg 2hx2v --set jpeg.chroma=auto
samples full.jpg 1hx1v
publish coloured.png --set jpeg.chroma=420
same=$(sha256sum <"$webp")
publish coloured.png --set jpeg.chroma=444
check 'the WebP is the same whatever the JPEG has' test "$(sha256sum <"$webp")" = "$same"

# ---- a smaller size is made of full chroma too -----------------------------------------------------
publish calm.webp --set jpeg.chroma=444 --set jpeg.max-bytes=6000 \
    --set jpeg.min-width=64 --set webp.min-width=64
check 'a budget that takes width leaves 4:4:4' test "$(sampling "$jpeg")" = 1hx1v
check 'and is kept to' test "$(wc -c <"$jpeg")" -le 6000

# ---- a variant's bytes are its own affair ----------------------------------------------------------
# They do not depend on what else is made of the same upload.
"$BUILD/tests/make-graphic" --kind red --size 1200x900 red.png
pngtopnm red.png | cjpeg -quality 92 -sample 1x1 >red.jpg
picture fine.jpg --size 1300x975 --noise 40 --sampling 444
picture large.jpg --size 1300x975 --noise 40
picture p3.jpg --size 1300x975 --icc p3 --sampling 444
picture grey.jpg --size 1300x975 --sampling grey
picture large.heic --size 1300x975
# alone UPLOAD [ARGUMENT]...: each format by itself is what both together are.
alone() {
    publish "$@"
    run sp process --to webp "$@"
    check "$*: the WebP is the same alone" cmp "$webp" .streams/out
    run sp process --to jpeg "$@"
    check "$*: and so is the JPEG" cmp "$jpeg" .streams/out
}
for upload in red.png red.jpg fine.jpg large.jpg p3.jpg grey.jpg seen.png large.heic; do
    alone $upload
    alone $upload --set jpeg.chroma=444
done
alone fine.jpg --set jpeg.chroma=420
alone red.png -p card
alone red.png -p card --set jpeg.chroma=444
alone large.jpg -p card --set jpeg.chroma=444 --set resize.sharpen=40
alone large.jpg --set jpeg.chroma=444 --set resize.linear-light=yes

# ---- WebP ------------------------------------------------------------------------------------------
for chroma in 420 auto; do
    run sp process calm.webp --to webp --set webp.chroma=$chroma
    expect 0 '*' '' "WebP takes $chroma"
done
run sp process calm.webp --to webp --set webp.chroma=444
expect 78 '' '*chroma = 444: must be 420 or auto, WebP has no other*' 'but not 444'
run sp process calm.webp --set jpeg.chroma=422
expect 78 '' '*jpeg.chroma = 422: must be one of 420, 444, auto*' 'nor is there another'

finish
