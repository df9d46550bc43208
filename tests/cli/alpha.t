#!/bin/sh
# SPDX-License-Identifier: MIT
# alpha.t -- what is transparent: nothing hidden below it is published, nothing shines through.
. "$(dirname "$0")/lib.sh"

# bottom FILE: is it so where the picture is transparent? WebP: alpha 0; JPEG: white.
bottom() {
    case $1 in
    *.webp) test "$(look "$1" mean 0 0 5 5 | cut -d' ' -f4)" = 0 ;;
    *) near 2 '255 255 255 255' "$(look "$1" mean 0 0 5 5)" ;;
    esac
}

# ---- nothing hidden survives, and the ball is there ----------------------------------------------
# A ball on nothing; under alpha 0 lies magenta. Once as large as it is published, once larger.
while IFS='|' read -r file options; do
    for size in 640x480 1600x1200; do
        # shellcheck disable=SC2086 # a list of words
        picture "$file" --size $size $options
        publish "$file"
        name="$file $size $options"
        expect 0 '^\{' '' "$name"
        shown='640 480'
        [ $size = 640x480 ] || shown='1024 768'
        holds "$name" "$shown" -
        check "$name: WebP is transparent outside" bottom "$webp"
        check "$name: JPEG is white outside" bottom "$jpeg"
        check "$name: WebP is opaque inside" near 1 255 "$(look "$webp" mean 45 45 55 55 | cut -d' ' -f4)"
        check "$name: no pixel of WebP is even like magenta" \
            test "$(look "$webp" count 255 0 255 100)" = 0
        check "$name: nor of JPEG" test "$(look "$jpeg" count 255 0 255 100)" = 0
    done
done <<'CASES'
a.png|--alpha ball
a.png|--alpha ball --bits 16
a.png|--alpha ball --grey
a.png|--alpha ball --grey --bits 16 --interlace
a.png|--alpha ball --interlace
a.png|--alpha ball --palette
a.png|--alpha ball --palette --bits 4
a.png|--alpha ball --key
a.png|--alpha ball --key --bits 16
a.png|--alpha ball --key --grey
a.png|--alpha ball --key --grey --bits 4
a.webp|--alpha ball --lossless
a.webp|--alpha moat
a.gif|--alpha ball
a.gif|--alpha ball --interlace
a.heic|--alpha moat
a.heic|--alpha moat --lossless --bits 10
a.heic|--alpha moat --tile 256
a.avif|--alpha moat
a.avif|--alpha moat --lossless
a.avif|--alpha moat --bits 10
CASES

# ---- what is hidden makes no difference ----------------------------------------------------------
for size in 640x480 1600x1200; do
    for options in a.png 'a.png --bits 16' 'a.png --grey' 'a.webp --lossless'; do
        # shellcheck disable=SC2086 # a list of words
        picture $options --alpha ball --size $size
        publish "${options%% *}"
        rm -rf hidden && mv out hidden
        # shellcheck disable=SC2086 # a list of words
        picture $options --alpha ball --size $size --bare
        publish "${options%% *}"
        check "$options $size: other hidden colours, the same files" diff -r hidden out
        check 'in two files' test "$(count_files out)" = 2
    done
done

# ---- alpha that hides nothing is no alpha ----------------------------------------------------------
for options in a.png 'a.png --grey' 'a.png --interlace' a.webp 'a.webp --lossless' a.heic a.avif; do
    # shellcheck disable=SC2086 # a list of words
    picture $options --alpha full
    publish "${options%% *}"
    corners=rgby
    [ "$options" != 'a.png --grey' ] || corners=dmdl
    holds "$options, opaque everywhere" '640 480' $corners
    check "$options, opaque everywhere: the WebP has no alpha" \
        test "$(head -c 16 "$webp" | tail -c 4)" = 'VP8 '
done

# ---- fringes -------------------------------------------------------------------------------------
# A grey ball: on white nothing may be darker than it or coloured, on black nothing lighter.
for options in a.png 'a.png --bits 16' 'a.png --interlace' 'a.webp --lossless'; do
    for size in 640x480 1600x1200; do
        # shellcheck disable=SC2086 # a list of words
        picture $options --alpha ball --flat --size $size
        publish "${options%% *}"
        for ground in 255 0; do
            over="$(look "$webp" over $ground $ground $ground >over.ppm
                for verb in tint least most; do "$BUILD/tests/look" $verb <over.ppm; done)"
            least=122
            most=255
            [ $ground = 255 ] || { least=0 && most=134; }
            check "$options $size: WebP over $ground has no fringe ($(echo $over))" \
                awk -v over="$(echo $over)" -v least=$least -v most=$most 'BEGIN {
                    split(over, v, " "); exit !(v[1] <= 8 && v[2] >= least && v[3] <= most) }'
        done
        check "$options $size: JPEG on white is not coloured" test "$(look "$jpeg" tint)" -le 8
        check "$options $size: nor darker than the ball" test "$(look "$jpeg" least)" -ge 115
    done
done

# ---- the background, and one variant -------------------------------------------------------------
picture a.png --alpha ball --flat
run sp process a.png --to jpeg
expect 0 '*' '' '--to jpeg of a transparent picture'
cp .streams/out white.jpg
check 'is white where it is transparent' bottom white.jpg
run sp process a.png --to webp
cp .streams/out alpha.webp
check '--to webp of it is transparent' bottom alpha.webp
run sp process a.png --to jpeg --set jpeg.background=#000000
expect 0 '*' '' 'another background'
cp .streams/out black.jpg
check 'is behind the picture' near 2 '0 0 0 255' "$(look black.jpg mean 0 0 5 5)"
check 'and makes no fringe' test "$(look black.jpg most)" -le 141

# ---- pictures smaller than their canvas ----------------------------------------------------------
for file in a.gif a.webp; do
    picture $file --canvas 100
    publish $file
    expect 0 '"width":840,"height":680' '' "$file, a frame on a larger canvas"
    holds "$file, a frame on a larger canvas" '840 680' -
    check "$file: around it WebP is transparent" bottom "$webp"
    check "$file: around it JPEG is white" bottom "$jpeg"
    check "$file: the frame is where it belongs" \
        near 12 '220 30 30' "$(look "$jpeg" mean 13 16 16 19 | cut -d' ' -f1-3)"
done

finish
