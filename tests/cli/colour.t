#!/bin/sh
# SPDX-License-Identifier: MIT
# colour.t -- colours of every format come out as they were drawn, by whichever tag tells them.
. "$(dirname "$0")/lib.sh"

# The picture is drawn in sRGB and coded in another space; it must come out as it was drawn. The
# patches are those that a wrong space changes most.
true_colours() { # NAME OFF
    for file in "$webp" "$jpeg"; do
        for patch in '22 85 28 89|255 0 0' '32 85 38 89|0 255 0' '42 85 48 89|0 0 255' \
            '52 85 58 89|128 128 128' '72 85 78 89|224 172 140' '16 52 19 60|200 170 130'; do
            # shellcheck disable=SC2086 # a list of words
            check "$1: ${patch#*|} in ${file##*.}" near "$2" "${patch#*|}" \
                "$(look "$file" mean ${patch%|*} | cut -d' ' -f1-3)"
        done
    done
}

# One line a case: upload | options | the receipt's colour | how far a channel may be off.
while IFS='|' read -r file options colour off; do
    # shellcheck disable=SC2086 # a list of words
    picture "$file" $options
    publish "$file"
    expect 0 '^\{' '' "$file $options"
    [ "$colour" = "*" ] || check "$file $options: receipt" test "$(json .input.colour)" = "$colour"
    true_colours "$file $options" "$off"
done <<'CASES'
a.png||srgb|6
a.png|--icc srgb|srgb|6
a.png|--srgb|srgb|6
a.png|--space p3 --icc p3|display-p3|8
a.png|--space p3 --icc p3 --bits 16|display-p3|8
a.png|--space adobe --icc adobe|adobe-rgb|8
a.png|--space p3 --cicp p3|display-p3|8
a.png|--space p3 --cicp p3 --icc adobe --gama adobe --srgb|display-p3|8
a.png|--space p3 --icc p3 --srgb --gama adobe|display-p3|8
a.png|--srgb --gama adobe|srgb|6
a.png|--gama srgb|srgb|8
a.png|--space p3 --gama p3|*|14
a.png|--space adobe --gama adobe|*|8
a.png|--space p3 --icc p3 --alpha full|display-p3|8
a.png|--space p3 --icc p3 --interlace|display-p3|8
a.png|--space pq --cicp pq --bits 16|pq|20
a.webp||srgb|8
a.webp|--space p3 --icc p3|display-p3|18
a.webp|--space p3 --icc p3 --lossless|display-p3|8
a.webp|--space adobe --icc adobe --lossless --alpha full|adobe-rgb|8
a.heic||srgb|10
a.heic|--lossless|srgb|8
a.heic|--space p3 --icc p3|display-p3|10
a.heic|--space p3 --nclx p3|display-p3|10
a.heic|--space p3 --icc p3 --nclx srgb|display-p3|10
a.heic|--space p3 --icc p3 --bits 10 --tile 256|display-p3|10
a.heic|--space pq --nclx pq --bits 10|pq|20
a.heic|--space hlg --nclx hlg --bits 10|hlg|20
a.avif||srgb|10
a.avif|--space p3 --icc p3|display-p3|10
a.avif|--space p3 --nclx p3|display-p3|10
a.avif|--space p3 --nclx p3 --bits 10|display-p3|10
a.avif|--space pq --nclx pq --bits 10|pq|20
a.avif|--space pq --nclx pq --bits 12|pq|20
a.avif|--space hlg --nclx hlg --bits 10|hlg|20
CASES

finish
