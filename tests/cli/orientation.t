#!/bin/sh
# SPDX-License-Identifier: MIT
# orientation.t -- upright once: by EXIF where it counts, by irot and imir where that counts.
. "$(dirname "$0")/lib.sh"

# upright NAME UPLOAD ORIENTATION: 640 x 480 and the right way up, whatever lies in the file.
upright() {
    publish "$2"
    expect 0 '^\{' '' "$1"
    check "$1: receipt" test "$(json .input.orientation)" = "$3"
    holds "$1" '640 480' rgby
}

for format in jpg png webp heic avif; do
    for orientation in 1 2 3 4 5 6 7 8; do
        options=
        [ $format = jpg ] || options=--exif
        # shellcheck disable=SC2086 # a list of words
        picture "a.$format" --size 640x480 --orientation $orientation $options
        upright "$format, orientation $orientation" "a.$format" $orientation
    done
done

# EXIF says nothing of a HEIF picture, XMP nothing of any.
for format in heic avif; do
    for orientation in 1 2 3 4 5 6 7 8; do
        picture "a.$format" --orientation $orientation --xmp \
            --exif-orientation $(((orientation + 2) % 8 + 1))
        upright "$format, orientation $orientation, EXIF says another" "a.$format" $orientation
        picture "a.$format" --orientation $orientation --exif-orientation 0
        upright "$format, orientation $orientation, EXIF has none" "a.$format" $orientation
    done
    picture "a.$format" --exif-orientation 6
    upright "$format, no irot, EXIF says 6" "a.$format" 1
    picture "a.$format" --orientation 6 --tile 256 --clap 20 --exif-orientation 3
    upright "$format, a grid with clap and irot" "a.$format" 6
    picture "a.$format" --orientation 7 --tile 256 --clap 20
    upright "$format, a grid with clap, irot and imir" "a.$format" 7
done
for format in png webp; do
    picture "a.$format" --exif-orientation 0 --xmp
    upright "$format, EXIF without orientation, XMP with one" "a.$format" 1
    picture "a.$format" --exif-orientation 9
    upright "$format, orientation 9" "a.$format" 1
    picture "a.$format" --exif-orientation 65535
    upright "$format, orientation 65535" "a.$format" 1
    picture "a.$format" --orientation 8 --exif --xmp
    upright "$format, XMP says another than EXIF" "a.$format" 8
done
picture a.png --orientation 6 --exif --interlace --bits 16 --alpha full
upright 'png, orientation 6, interlaced, 16 bits, alpha' a.png 6
picture a.webp --orientation 5 --exif --frames 3
upright 'webp, orientation 5, animated' a.webp 5

# Turned when it is resized as well, and odd sides stay where they belong.
for format in jpg png webp heic avif; do
    options=
    [ $format = jpg ] || options=--exif
    # shellcheck disable=SC2086 # a list of words
    picture "b.$format" --size 1201x1801 --orientation 6 $options
    publish "b.$format"
    expect 0 '"width":1801,"height":1201|"width":18[0-9][0-9],"height":12[0-9][0-9]' '' \
        "$format, orientation 6, larger than the target"
    holds "$format, orientation 6, larger than the target" '1024 1536' rgby
done

finish
