#!/bin/sh
# SPDX-License-Identifier: MIT
# refit-likeness.sh -- fit src/render/aim.c anew, for what the encoders are now, and say how
# near likeness.c comes to the metric.
#
#     METRIC=PROGRAM bench/refit-likeness.sh BUILD FOLDER UPLOAD...
#
# PROGRAM REFERENCE FILE prints SSIMULACRA2 as the last word of a line, and reads JPEG and WebP.
# FOLDER keeps what was made. The knots that bench/fit-likeness.pl prints are to be put into the
# code.
set -eu
build=$1 folder=$2
shift 2
mkdir -p "$folder/pictures" "$folder/files"
for upload; do
    "$build/storyphoto" process --to jpeg --set jpeg.quality=100 --set jpeg.min-quality=100 \
        --set jpeg.max-bytes=16000000 - <"$upload" >"$folder/pictures/${upload##*/}.jpg"
done
"$build/bench/likeness" "$folder/files" "$folder"/pictures/*.jpg >"$folder/terms.tsv"
for picture in "$folder"/pictures/*.jpg; do
    for file in "$folder/files/${picture##*/}".*; do
        echo "$file $("$METRIC" "$picture" "$file" | sed 's/.* //')"
    done
done >"$folder/scores"
bench/fit-likeness.pl "$folder/terms.tsv" "$folder/scores"
