#!/bin/sh
# SPDX-License-Identifier: MIT
# bombs.t -- small uploads that ask for much (tests/data/make-bombs.pl): each is refused by the
# limit that it breaks, or is taken within the memory that a picture may have.
#
# What a renderer took is what its server saw when it reaped it (tests/corpus/endings.c). How long
# it took is not judged: the limit of 20 seconds is the same for all.
. "$(dirname "$0")/lib.sh"
mkdir out bombs
perl "$root/tests/data/make-bombs.pl" bombs "$BUILD/tests/make-upload" "$BUILD/tests/make-picture" ||
    exit 1

# One line a case: file | word | the most MiB that its renderer may take, 0 where the preset's limit
# is all there is | what the message says. A refusal by a header costs what an empty process does.
cat >cases <<'CASES'
header.png|too-many-pixels|24|2147483647 x 2147483647, the limit is 65500 pixels a side
bits-30000.png|too-many-pixels|24|900000000 pixels, the limit is 250000000 
interlaced-9000.png|too-much-memory|24|needs .* MiB of memory, the limit is 512.0 MiB
interlaced-4000.png|ok|0|
streamed-15000.png|ok|0|
more-than-rows.png|ok|64|
text-55-million.png|ok|64|
text-deflated.png|ok|64|
xmp-deflated.png|ok|64|
profile-deflated.png|ok|64|
million-chunks.png|ok|64|
scans.jpg|too-much-work|24|has 510 scans, the limit is 100 \(limits.max-scans\)
side-65500.jpg|too-many-pixels|24|4290250000 pixels, the limit is 250000000 
progressive-15000.jpg|too-many-pixels|24|pixels, the limit is
progressive-4000.jpg|ok|0|
long-empty.jpg|truncated|64|truncated after 0 %
million-comments.jpg|ok|64|
fill.jpg|ok|128|
profile.jpg|ok|128|
nested-boxes.jpg|ok|64|
ifd-ring.jpg|ok|64|
canvas-65500.gif|too-many-pixels|24|4290250000 pixels, the limit is 100000000 \(of its format\)
lzw-9900.gif|too-much-memory|24|needs .* MiB of memory, the limit is 512.0 MiB
lzw-6000.gif|ok|0|
more-than-frame.gif|ok|64|
frames.gif|too-much-work|64|has 100000 frames, the limit is 10000 \(limits.max-frames\)
side-16383.webp|too-many-pixels|24|268402689 pixels, the limit is 100000000 \(of its format\)
canvas-16384.webp|too-many-pixels|24|268435456 pixels, the limit is 100000000 \(of its format\)
lossless-9900.webp|too-much-memory|24|needs .* MiB of memory, the limit is 512.0 MiB
lossless-6000.webp|ok|0|
frames.webp|too-much-work|64|has 200000 frames, the limit is 10000 \(limits.max-frames\)
ispe-65000.heic|too-many-pixels|24|pixels, the limit is
ispe-65000.avif|too-many-pixels|24|pixels, the limit is
ispe-8900.avif|too-much-memory|24|needs .* MiB of memory, the limit is 512.0 MiB
tiles-65025.heic|too-much-work|48|a grid of [0-9]+ tiles, the limit is 4096 \(of its format\)
tiles-12000.heic|too-much-work|24|a grid of [0-9]+ tiles, the limit is 4096 \(of its format\)
tiles-12000.avif|too-much-work|24|a grid of [0-9]+ tiles, the limit is 4096 \(of its format\)
tiles-4096.heic|ok|96|
tiles-400.avif|ok|96|
nested-boxes.heic|ok|64|
million-boxes.heic|too-much-work|24|at least 65537 boxes, the limit is 65536 \(of its format\)
CASES
cut -d '|' -f 1 cases | sort >named
(cd bombs && ls | sort) >made
check 'each bomb has its line' diff named made

sed 's/|.*//; s/^/bombs\//' cases >list
run "$BUILD/tests/corpus/endings" out <list
expect 0 '*' '' 'one session takes them all, and leaves nothing behind'
paste .streams/out cases | tr '\t' '|' >endings
check 'an ending for each' test "$(wc -l <endings)" = "$(wc -l <cases)"
check 'all that are taken are published, and no more' test "$(count_files out)" -gt 0
run sp audit out
expect 0 ' clean' '' 'and pass the audit'

# A sanitizer's own memory is larger than any of these.
weighed=yes
! grep -q fsanitize "$BUILD/flags" || weighed=no
while IFS='|' read -r got ms cpu kib children file word mib message; do
    result "$([ "$got" = "$word" ]; echo $?)" "$file: $word" "it came to $got"
    echo "# $ms ms, of CPU $cpu, $((kib / 1024)) MiB"
    check "$file: in one child" test "$children" = 1
    if [ "$word" != ok ]; then
        run sp process "bombs/$file" -o out
        expect 65 '' "$message.*\($word\)$" "$file: says so"
    fi
    [ $weighed = yes ] || continue
    most=$((mib > 0 ? mib : 512 + 24)) # the limit, and the server that it is a copy of
    check "$file: at most $most MiB" test "$kib" -le $((most * 1024))
    # The estimate is made before the memory is asked for: less than that was is not enough.
    [ "$mib" = 0 ] || continue
    run sp process "bombs/$file" -o out --set "limits.max-memory=$((kib - 32 * 1024))K"
    expect 65 '' 'MiB of memory, the limit is .* \(too-much-memory\)$' "$file: knew what it needs"
done <endings
finish
