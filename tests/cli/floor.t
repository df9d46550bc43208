#!/bin/sh
# SPDX-License-Identifier: MIT
# floor.t -- bench/floor.c does the work of the default preset, to the byte: what its cost is
# compared with is the same work. Of JPEG that is what libjpeg does by itself, which is what we do
# with no effort and chroma at 4:2:0: the same planes, tables and codes. What is chosen besides is
# above the floor.
. "$(dirname "$0")/lib.sh"

# same NAME [OPTION]...: an upload drawn with these options, by the tool and by the floor.
same() {
    name=$1
    shift
    upload photo.jpg "$@"
    publish photo.jpg --set jpeg.effort=0 --set jpeg.chroma=420
    expect 0 '^\{' '' "$name"
    rm -rf floor && mkdir floor
    run "$BUILD/bench/floor" floor photo.jpg
    expect 0 '' '' "$name: the floor"
    check "$name: WebP" cmp "$webp" floor/0.webp
    check "$name: JPEG" cmp "$jpeg" floor/0.jpg
}

same 'odd sides, 4:2:0, turned' --size 2501x1667 --orientation 6
same 'odd sides, 4:4:4, mirrored' --size 1873x2449 --sampling 444 --orientation 2
same '4:2:2, progressive, upside down' --size 2999x2001 --sampling 422 --progressive --orientation 3
same 'grey' --size 2047x1365 --sampling grey --orientation 8
same 'smaller than the target' --size 333x501 --orientation 5
same 'Display P3, turned, odd target' --size 4032x3023 --icc p3 --orientation 7
same 'an sRGB profile' --size 1601x1201 --icc srgb

upload a.jpg --size 640x480
upload b.jpg --size 801x603 --orientation 4
mkdir both
run "$BUILD/bench/floor" --seconds --repeat 2 both a.jpg b.jpg
expect 0 '^\{"stage":"webp","seconds":[0-9.]+\}$' '' 'two photos, twice'
check 'a file for each format of each' test "$(count_files both)" = 4
publish b.jpg
check 'the second is the second' cmp "$webp" both/1.webp

upload c.jpg --size 640x480 --sampling cmyk
run "$BUILD/bench/floor" both c.jpg
expect 1 '' "^floor: 'c.jpg' is refused: " 'CMYK'
finish
