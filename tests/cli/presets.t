#!/bin/sh
# SPDX-License-Identifier: MIT
# presets.t -- what each built-in preset makes of uploads of different shapes. Sizes are those that
# other programs read from the files; the receipt must say the same.
. "$(dirname "$0")/lib.sh"
upload wide.jpg --size 4000x3000
upload turned.jpg --size 3024x4032 --orientation 6
upload screen.jpg --size 1170x2532
upload camera.jpg --size 1500x1000
upload small.jpg --size 500x375
upload tiny.jpg --size 31x31
upload pixel.jpg --size 1x1
upload panorama.jpg --size 3000x300

size_of() { # size_of FILE
    case $1 in
    *.webp) webpinfo "$1" | sed -n 's/^ *Width: //p; s/^ *Height: //p' | paste -sdx - ;;
    *) djpeg -pnm "$1" | head -c 20 | sed -n '2s/ /x/p' ;;
    esac
}

# made PHOTO PRESET SIZE...: run it; every file that is published must have its size, in the
# preset's order, and the receipt the same.
made() {
    photo=$1 preset=$2
    shift 2
    rm -rf made && mkdir made
    run sp process "$photo.jpg" -p "$preset" -o made --json --base-url /p
    expect 0 '"status":"ok"' '' "$preset of $photo"
    sizes=
    for file in $(json '.outputs[].path'); do
        sizes="$sizes $(size_of "$file")"
    done
    check "$preset of $photo: $*" test "$sizes" = " $*"
    check "$preset of $photo: the receipt says so" \
        test "$(json '[.outputs[] | "\(.width)x\(.height)"] | join(" ")')" = "$*"
    check "$preset of $photo: nothing else is there" test "$(count_files made)" = $#
}

# ---- story, best -------------------------------------------------------------------------------
for preset in story best; do
    made wide $preset 1024x768 1024x768
    made screen $preset 1024x2216 1024x2216
    made small $preset 500x375 500x375
done

# ---- card --------------------------------------------------------------------------------------
made wide card 640x360 640x360
made turned card 640x360 640x360
made screen card 640x360 640x360
made panorama card 533x300 533x300
made small card 500x281 500x281
made pixel card 1x1 1x1

# ---- anonymous ---------------------------------------------------------------------------------
made wide anonymous 1024x768 1024x768
made turned anonymous 1024x1365 1024x1365
made screen anonymous 1024x1820 1024x1820
check 'the names are random' test "$(ls made | sed 's/\..*//' | sort -u)" != \
    "$(sp process screen.jpg -p anonymous -o . --json | jq -r '.outputs[0].path' | sed 's/.*\///; s/\..*//')"
made camera anonymous 1024x768 1024x768
made panorama anonymous 512x288 512x288
made small anonymous 384x288 384x288
made tiny anonymous 31x31 31x31
hash_of() { sp process screen.jpg --json -o . "$@" | jq -r .thumbhash; }
check_not 'the placeholder is not of the whole screen' test "$(hash_of -p story)" = "$(hash_of -p anonymous)"
run sp process wide.jpg -p anonymous -o . --json --set jpeg.max-bytes=17500 \
    --set jpeg.min-quality=80
expect 0 '"width":768,"height":576,.*"width":768,"height":576,' '' 'a small budget takes the next width, not any'
run sp process wide.jpg -p anonymous -o . --set webp.width=640
expect 78 '' 'widths: 1024 must be at most width, which is 640$' 'a width that can never be'
run sp process wide.jpg -p anonymous -o . --set 'webp.widths=512 1024'
expect 78 '' 'webp.widths = 512 1024: must be any, or .* widest first$' 'widths in another order'
run sp process wide.jpg -p card -o . --set webp.crop=16x9
expect 78 '' 'webp.crop = 16x9: must be none, or up to 8 of W:H' 'a crop that is no ratio'

# ---- responsive --------------------------------------------------------------------------------
made wide responsive 480x360 768x576 1024x768 480x360 768x576 1024x768
json .picture >picture
for format in webp jpg; do
    stem=$(json '.outputs[0].path' | sed 's/^made/\/p/; s/-480.webp$//')
    check "srcset has each $format with its width" grep -qF \
        "srcset=\"$stem-480.$format 480w, $stem-768.$format 768w, $stem-1024.$format 1024w\" sizes=\"(max-width: 720px) 100vw, 720px\"" picture
done
check 'the files are called by width' test "$(ls made | sed 's/^[a-z2-7]*//' | paste -sd' ')" = \
    '-1024.jpg -1024.webp -480.jpg -480.webp -768.jpg -768.webp'
made small responsive 480x360 500x375 500x375 480x360 500x375 500x375
json .picture >picture
check 'a width is offered once' test "$(grep -oE ' [0-9]+w' picture | tr -d '\n')" = ' 480w 500w 480w 500w'
made tiny responsive 31x31 31x31 31x31 31x31 31x31 31x31
json .picture >picture
check_not 'one width needs no sizes' grep -qE 'sizes=| [0-9]+w' picture
run sp process wide.jpg -p responsive -o . --json --set 'preset.sizes=(min-width: 9em) "<50vw'
check 'sizes are escaped' grep -qF 'sizes=\"(min-width: 9em) &quot;&lt;50vw\"' .streams/out

# ---- where a crop is taken from ----------------------------------------------------------------
# Four quarters in four greys: after a crop about the centre they still meet in the middle.
quarters() { # quarters WIDTH HEIGHT
    perl -e 'my ($w, $h) = @ARGV; my $half = int($w / 2); binmode STDOUT; print "P5\n$w $h\n255\n";
        for my $y (0 .. $h - 1) {
            my ($l, $r) = $y < $h / 2 ? (20, 90) : (160, 230);
            print chr($l) x $half, chr($r) x ($w - $half);
        }' "$1" "$2" | cjpeg -quality 95
}
meeting_point() { # meeting_point FILE.jpg: in halves of a pixel from the middle, across and down
    djpeg -pnm "$1" | perl -e 'binmode STDIN; local $/; my $pgm = <STDIN>;
        my ($w, $h) = $pgm =~ /^P5\n(\d+) (\d+)\n255\n/ or die; my $at = length $&;
        my $p = sub { ord substr $pgm, $at + $_[1] * $w + $_[0], 1 };
        my $x = grep { $p->($_, int($h / 4)) < 55 } 0 .. $w - 1;
        my $y = grep { $p->(int($w / 4), $_) < 90 } 0 .. $h - 1;
        print 2 * $x - $w, " ", 2 * $y - $h, "\n"'
}
for shape in '4000 3000' '3000 4000' '2000 600' '1170 2532' '701 1201'; do
    quarters $shape >quarters.jpg
    sp process quarters.jpg -p card --to jpeg >quarters-card.jpg
    check "the middle of $shape stays the middle: $(meeting_point quarters-card.jpg)" \
        perl -e 'exit(@ARGV != 2 || abs($ARGV[0]) > 3 || abs($ARGV[1]) > 3)' -- $(meeting_point quarters-card.jpg)
done

finish
