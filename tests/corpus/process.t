#!/bin/sh
# SPDX-License-Identifier: MIT
# process.t -- every upload below $CORPUS, of all formats that are taken: what another program opens
# without a word is published within the limits, in files that exiftool sees nothing in.
#
# Others are asked about what we refuse alone: djpeg, pngtopnm, dwebp (of an animation: its first
# frame), giftopnm, heif-convert. Printed as comments: each refusal, and a table by format.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
result() { # CONDITION NAME
    n=$((n + 1))
    [ "$1" = 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}
mkdir "$work/out"

# A peer is not to be handed a bomb: 20 seconds and 2 GB are enough for a photo.
quiet() { # quiet PROGRAM...: it succeeds and has nothing to say
    said=$(
        ulimit -v 2000000
        timeout 20 "$@" 2>&1 >/dev/null
    ) && [ -z "$said" ]
}
first_frame() {
    frame=$1
    if webpmux -info "$1" 2>/dev/null | grep -q animation; then
        webpmux -get frame 1 "$1" -o "$work/frame.webp" >/dev/null 2>&1 || return 1
        frame=$work/frame.webp
    fi
    quiet dwebp -quiet "$frame" -o "$work/peer.ppm"
}
opens() { # opens FORMAT FILE
    case $1 in
    jpeg) quiet djpeg -fast -outfile /dev/null "$2" ;;
    png) quiet pngtopnm "$2" ;;
    webp) first_frame "$2" ;;
    gif) quiet giftopnm "$2" ;;
    heic | avif) quiet heif-convert "$2" "$work/peer.png" ;;
    esac
}
by_right() { # by_right CODE-AND-MESSAGE: refused, though another program opens it
    case $1 in
    'unsupported '*) ;;                         # a coding that is never taken, by name
    'too-many-pixels '*) ;;                     # over the guards
    'corrupt GIF: frame of '*' x 0 pixels') ;;     # giftopnm shows the canvas of a frame of no size
    'corrupt GIF: frame of 0 x '*) ;;
    *'parts of the picture never come'*) ;;     # djpeg makes up the components that have no scan
    'corrupt PNG: does not begin with a header'*) ;; # libpng takes chunks before IHDR
    *) return 1 ;;
    esac
}
format_of() { # by first bytes, as nothing else tells
    case $(od -An -tx1 -N12 "$1" | tr -d ' \n') in
    ffd8ff*) echo jpeg ;;
    89504e470d0a1a0a*) echo png ;;
    52494646????????57454250) echo webp ;;
    474946383[79]61*) echo gif ;;
    ????????6674797061766966 | ????????6674797061766973) echo avif ;;
    ????????66747970686569[63678]* | ????????6674797068657663 | ????????667479706d696631) echo heic ;;
    esac
}

# One receipt a photo, in the order of the list.
find "$CORPUS" -type f | sort >"$work/list"
xargs -d '\n' -n 200 "$BUILD/storyphoto" process --json -o "$work/out" -- \
    <"$work/list" 2>/dev/null >"$work/receipts"
jq -r '[.error.code // "ok", .error.message // "" | gsub("[\t\n]"; " ")] | @tsv' \
    "$work/receipts" >"$work/codes"
test "$(wc -l <"$work/codes")" = "$(wc -l <"$work/list")"
result $? 'a receipt for each'
: >"$work/missed"
: >"$work/table"
tab=$(printf '\t')
paste "$work/codes" "$work/list" >"$work/pairs"
while IFS="$tab" read -r code message photo; do
    [ -n "$photo" ] || photo=$message # an empty message is no field to read
    format=$(format_of "$photo")
    [ -n "$format" ] || continue
    printf '%s\t%s\n' "$format" "$code" >>"$work/table"
    [ "$code" != ok ] || continue
    peer='the peer does not open it either'
    if opens "$format" "$photo"; then
        peer='THE PEER OPENS IT'
        by_right "$code $message" || echo "$photo" >>"$work/missed"
    fi
    echo "# $format $code, $peer: $photo: $message"
done <"$work/pairs"
sort "$work/table" | uniq -c | awk '{ printf "# %-5s %-18s %d\n", $2, $3, $1 }'
test -s "$work/table"
result $? 'there are photos to try'
sed 's/^/# missed: /' "$work/missed"
test ! -s "$work/missed"
result $? 'what other programs open without a word is published'
! cut -f2 "$work/table" | grep -qvE \
    '^(ok|unsupported|truncated|corrupt|too-many-pixels|too-much-work|too-much-memory|too-large|cannot-fit)$'
result $? 'no refusal is of our own making'
test -z "$(find "$work/out" -size +400000c)"
result $? 'no file is over 400 000 bytes'
exiftool -a -G1 -s -q -m "$work/out" | cut -c1-50 | grep -vE \
    '^\[(System|ExifTool|Composite)\]|^\[JFIF\] +(JFIFVersion|ResolutionUnit|XResolution|YResolution) |^\[File\] +(FileType|FileTypeExtension|MIMEType|ImageWidth|ImageHeight|EncodingProcess|BitsPerSample|ColorComponents|YCbCrSubSampling) |^\[RIFF\] +(VP8Version|ImageWidth|HorizontalScale|ImageHeight|VerticalScale|ImageLength|WebP_Flags|AlphaPreprocessing|AlphaFiltering|AlphaCompression) |^=' >"$work/seen"
sed 's/^/# /' "$work/seen"
test ! -s "$work/seen"
result $? 'exiftool sees the structure and nothing else'
echo "1..$n"
