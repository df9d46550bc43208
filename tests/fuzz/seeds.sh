#!/bin/sh
# seeds.sh BUILD DIR -- small uploads of every kind as seeds.
set -eu
make=$1/tests/make-upload
mkdir -p "$2"
for sampling in 420 422 444 440 411 grey; do
    "$make" --size 48x40 --sampling "$sampling" "$2/$sampling.jpg"
    "$make" --size 33x17 --sampling "$sampling" --progressive "$2/$sampling-progressive.jpg"
done
for icc in p3 adobe srgb; do
    "$make" --size 32x32 --icc "$icc" "$2/icc-$icc.jpg"
done
"$make" --size 40x40 --orientation 6 --gps --serial --thumbnail --xmp --comment --trailer 64 \
    --canary SEED "$2/everything.jpg"
"$make" --size 64x64 --restart 2 "$2/restart.jpg"
"$1/tests/make-heif-seeds" "$2"
