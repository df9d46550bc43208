#!/bin/sh
# process.t -- every JPEG below $CORPUS: what djpeg decodes without a word is published within the
# limits, in files that exiftool sees nothing in, unless its coding is refused by name.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
result() { # CONDITION NAME
    n=$((n + 1))
    [ "$1" = 0 ] && echo "ok $n - $2" || echo "not ok $n - $2"
}
mkdir "$work/out"
# djpeg is not to be handed a bomb: 20 seconds and 1 GB are enough for a photo.
clean() {
    said=$(ulimit -v 1000000; timeout 20 djpeg -fast -outfile /dev/null "$1" 2>&1) && [ -z "$said" ]
}
find "$CORPUS" -type f \( -iname '*.jpg' -o -iname '*.jpeg' \) | sort >"$work/list"
: >"$work/missed"
while IFS= read -r photo; do
    [ "$(od -An -tx1 -N3 "$photo" | tr -d ' ')" = ffd8ff ] || continue
    code=$("$BUILD/storyphoto" process --json -o "$work/out" "$photo" | jq -r '.error.code // "ok"')
    case $code in
    ok) ;;
    truncated | corrupt | too-many-pixels | too-much-work | too-much-memory)
        ! clean "$photo" || echo "$code: $photo" >>"$work/missed"
        ;;
    unsupported | unavailable) echo "# $code: $photo" ;;
    *) echo "$code: $photo" >>"$work/missed" ;;
    esac
done <"$work/list"
sed 's/^/# /' "$work/missed"
test ! -s "$work/missed"
result $? 'what djpeg decodes is published'
test -z "$(find "$work/out" -size +400000c)"
result $? 'no file is over 400 000 bytes'
exiftool -a -G1 -s -q -m "$work/out" | cut -c1-50 | grep -vE \
    '^\[(System|ExifTool|Composite)\]|^\[JFIF\] +(JFIFVersion|ResolutionUnit|XResolution|YResolution) |^\[File\] +(FileType|FileTypeExtension|MIMEType|ImageWidth|ImageHeight|EncodingProcess|BitsPerSample|ColorComponents|YCbCrSubSampling) |^\[RIFF\] +(VP8Version|ImageWidth|HorizontalScale|ImageHeight|VerticalScale|ImageLength) |^=' >"$work/seen"
sed 's/^/# /' "$work/seen"
test ! -s "$work/seen"
result $? 'exiftool sees the structure and nothing else'
echo "1..$n"
