#!/bin/sh
# SPDX-License-Identifier: MIT
# resize.t -- the keys of [resize]: each changes what is made smaller, the same way each time.
. "$(dirname "$0")/lib.sh"
upload photo.jpg --size 1600x1200 --orientation 6 --noise 40
upload wide.jpg --size 1600x1200 --icc p3 --progressive --noise 40
upload small.jpg --size 320x240 --noise 40
for ending in png webp heic avif; do
    picture photo.$ending --size 1200x900 --noise 40
done

# both PHOTO [ARGUMENT]...: its files are in both/.
both() {
    rm -rf both && mkdir both
    run sp process "$@" -o both --set preset.names=source
}
# differs PHOTO ARGUMENT...: both files are other ones than without, and each time the same.
differs() {
    both "$1"
    mv both without
    both "$@"
    expect 0 '*' '' "$*"
    mv both first
    both "$@"
    check 'the same each time' diff -r first both
    for differs_end in webp jpg; do
        check_not "another .$differs_end" cmp -s "without/$1.$differs_end" "both/$1.$differs_end"
    done
    rm -rf without first
}

for photo in photo.jpg wide.jpg photo.png photo.webp photo.heic photo.avif; do
    differs $photo --set resize.linear-light=yes
    differs $photo --set resize.sharpen=40
done
both photo.jpg --set resize.linear-light=yes --set resize.sharpen=100
expect 0 '*' '' 'both at once'
check 'an upright picture' test "$(djpeg -ppm both/photo.jpg.jpg | head -c 15 | sed -n 2p)" = '1024 768'
run sh -c 'cat photo.jpg | "$0" process - -o both --set preset.names=source --set resize.linear-light=yes \
    --set resize.sharpen=100' "$SP"
check 'from a pipe the same' cmp both/photo.jpg.jpg both/-.jpg

# ---- what keeps its size -----------------------------------------------------------------------
both small.jpg
mv both without
both small.jpg --set resize.sharpen=100
check 'what keeps its size is not sharpened' diff -r without both
rm -rf without

# ---- presets -----------------------------------------------------------------------------------
run sp presets story
expect 0 '^linear-light = no$' '' 'a preset shows linear-light'
expect 0 '^sharpen = 0$' '' 'and sharpen'
cat >ours.ini <<'PRESET'
[resize]
sharpen = 40
[variant jpeg]
format = jpeg
PRESET
both photo.jpg -p ours.ini
expect 0 '*' '' 'from a file'
cp both/photo.jpg.jpg ours.jpg
both photo.jpg --set resize.sharpen=40
check 'what --set does' cmp ours.jpg both/photo.jpg.jpg
for wrong in sharpen=101 sharpen=-1 sharpen=1.5 sharpen= linear-light=1 linear-light=true; do
    run sp process photo.jpg --set resize.$wrong
    expect 78 '' "^storyphoto: resize.${wrong%=*}( =|:) " "not $wrong"
done
run sp process photo.jpg --set resize.sharp=1
expect 78 '' "did you mean 'sharpen'" 'an unknown key'

finish
