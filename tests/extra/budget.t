#!/bin/sh
# SPDX-License-Identifier: MIT
# budget.t -- pictures that no quality makes small, through four limits: what comes out is never
# over, nearly fills the limit, and took few encodes. tests/data/make-hard.c; each from its seed.
# MORE=DIR: real photos besides.
. "$(dirname "$0")/../cli/lib.sh"
full=1024

mkdir in
for seed in 1 2 3 4 5 6 7 8; do
    case $seed in
    1 | 2) size=1024x768 ;;
    3 | 4) size=1600x1200 ;;
    5) size=2048x1152 ;;
    6) size=1024x1536 ;;
    7) size=2400x2400 ;;
    8) size=1500x1000 ;;
    esac
    for kind in noise grain foliage crowd; do
        "$BUILD/tests/make-hard" --kind $kind --seed $seed --size $size in/$kind-$seed.jpg
    done
    "$BUILD/tests/make-hard" --kind screenshot --seed $seed --size 1024x8000 in/screenshot-$seed.jpg
done
[ -z "$MORE" ] || find "$MORE" -type f -exec cp {} in/ \;

mkdir out
for limit in 400000 100000 30000 5000; do
    for upload in in/*; do
        sp process --json -o out --force --set webp.max-bytes=$limit --set jpeg.max-bytes=$limit \
            "$upload" >>receipts.$limit 2>/dev/null
    done
    jq -r --arg limit $limit '.input.name as $name | .outputs[] |
        [$name, $limit, .width, .quality, .bytes, .encodes] | @tsv' receipts.$limit >>made
done
jq -r 'select(.status == "refused") | .error.message' receipts.* >refused

median() {
    sort -n | awk '{ v[NR] = $1 }
        END { print NR ? (v[int((NR + 1) / 2)] + v[int((NR + 2) / 2)]) / 2 : 0 }'
}

check 'every picture was made or refused, at each limit' \
    test "$(cat receipts.* | wc -l)" = $((4 * $(find in -type f | wc -l)))
check 'no file is over its limit' awk '$5 > $2 { exit 1 }' made
check 'whatever fits at once was encoded once' awk '$6 == 1 && $4 != 80 { exit 1 }' made

# Quality gave way.
awk -v full=$full '$3 == full && $6 > 1' made >quality
echo "# quality gave way: $(awk '{ n++; e += $6; if ($6 > most) most = $6; h[$6]++ }
    END { printf "%d files, %.2f encodes, at most %d", n, e / n, most }' quality)"
fill=$(awk '{ print $5 / $2 }' quality | median)
echo "# median fill $fill"
check 'quality gave way in some' test "$(wc -l <quality)" -gt 10
check 'in at most 4 encodes' awk '$6 > 4 { exit 1 }' quality
check 'in 2.7 encodes on average' awk '{ e += $6 } END { exit (e / NR > 2.7) }' quality
check 'and half of them fill 97 % of the limit' awk -v fill="$fill" 'BEGIN { exit (fill < 0.97) }'

# Dimensions gave way: of a set, the fuller file is of the format that forced it. At min-width
# nothing could be chosen.
awk -v full=$full '$3 < full' made >smaller
awk '$3 > 480 { key = $1 " " $2; fill = $5 / $2; if (fill > most[key]) most[key] = fill }
    END { for (key in most) print most[key], key }' smaller | sort -n >forced
echo "# dimensions gave way: $(awk '{ n++; e += $6 } END { printf "%d files, %.2f encodes", n, e / n }' smaller), least fill $(head -n 1 forced)"
check 'dimensions gave way in some' test "$(wc -l <forced)" -gt 10
check 'in at most 5 encodes' awk '$6 > 5 { exit 1 }' smaller
check 'and what forced it fills 90 % of the limit' awk '$1 < 0.9 { exit 1 }' forced
check 'the formats of a set are of one size' \
    awk '{ key = $1 " " $2; if (key in w && w[key] != $3) exit 1; w[key] = $3 }' made

# Nothing fits.
check 'some are refused' test "$(wc -l <refused)" -gt 10
check 'a refusal says what would be needed' \
    awk '!/^(webp|jpeg) needs [0-9]+ bytes at 480 x [0-9]+ and quality 45, the limit is [0-9]+$/ || $3 <= $NF { exit 1 }' refused

# The same upload, the same bytes.
for kind in noise grain crowd; do
    rm -rf one two
    for folder in one two; do
        mkdir $folder
        sp process -o $folder --set webp.max-bytes=60000 --set jpeg.max-bytes=60000 \
            in/$kind-4.jpg >/dev/null
    done
    check "$kind: twice the same bytes" diff -r one two
done
finish
