#!/bin/sh
# seeds.sh BUILD DIR -- small uploads of every kind, presets and messages as seeds.
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
"$make" --size 40x30 --sampling cmyk "$2/ink.jpg"
"$make" --size 40x30 --sampling grey --icc grey "$2/grey-grey.jpg"
"$make" --size 40x30 --sampling grey --icc p3 "$2/grey-p3.jpg"
"$make" --size 400x300 --quality 20 "$2/larger.jpg"
# What readers of the inventory look into: the carrier by its number in fuzz-inventory-text.c, the
# kind of a text chunk, the content.
printf '\0\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description xmlns:q="http://purl.org/dc/elements/1.1/" exif:GPSAltitude="1"><q:creator><rdf:Seq><rdf:li>A</rdf:li></rdf:Seq></q:creator></rdf:Description></x:xmpmeta>' >"$2/xmp.text"
printf '\0\0<exif:>1</exif:>' >"$2/xmp-nameless.text"
printf '\0\0\377\376<\0x\0 \0a\0:\0b\0=\0\42\0c\0\42\0>\0' >"$2/xmp-utf16.text"
printf '\2\0\34\2\132\0\5Paris\34\2\50\200\4\0\0\0\4FBMD' >"$2/iptc.text"
printf '\3\0008BIM\4\4\0\0\0\0\0\12\34\2\132\0\5Paris8BIM\4\12\0\0\0\0\0\1\1\0' >"$2/photoshop.text"
printf '\6\0Raw profile type iptc\0\niptc\n 10\n1c025a00055061726973' >"$2/hex.text"
printf '\6\2XML:com.adobe.xmp\0\0\0\0\0<x dc:creator="A"/>' >"$2/itxt.text"
printf '\10\0\0\0\0\36moov\0\0\0\26udta\0\0\0\16\251xyz\0\2\0\0+1' >"$2/movie.text"
printf '\11\0ab\0\0\0\20ftypisom\0\0\0\0PK\3\4\24\0GIF89a\1\0\1\0\0\0\0cbipcbbl' >"$2/trailer.text"
printf '\12\0\0\0\1\12\4\0\0\0nameSEFH\145\0\0\0\1\0\0\0\0\0\1\12\14\0\0\0\14\0\0\0\30\0\0\0SEFT' >"$2/samsung.text"
# Whole pictures of the other formats, for the lanes.
picture=$1/tests/make-picture
for kind in png webp gif heic avif; do
    "$picture" --size 33x17 "$2/plain.$kind"
    "$picture" --size 24x40 --alpha ball "$2/alpha.$kind"
    "$picture" --size 32x32 --orientation 6 --icc p3 --xmp "$2/tags.$kind"
done
"$picture" --size 40x30 --bits 16 --interlace --cicp pq "$2/deep.png"
"$picture" --size 40x30 --bits 8 --space adobe --gama adobe "$2/gama.png"
"$picture" --size 40x30 --grey --icc grey "$2/grey.png"
"$picture" --size 40x30 --palette --key "$2/key.png"
"$picture" --size 40x30 --bits 16 --alpha ball --cicp hlg "$2/hlg.png"
"$picture" --size 64x48 --bits 16 --icc adobe --alpha ball "$2/deep-alpha.png"
"$picture" --size 80x60 --bits 10 --nclx pq --space pq "$2/pq.avif"
"$picture" --size 40x30 --lossless "$2/whole-lossless.webp"
"$picture" --size 80x70 --tile 64 "$2/grid.heic"
# The encoder of HEVC makes no picture smaller than 64 x 64.
"$picture" --size 64x64 --orientation 6 --icc p3 --xmp "$2/turned.heic"
"$picture" --size 96x72 --bits 10 --space pq --nclx pq "$2/pq.heic"
"$picture" --size 80x70 --bits 12 --space hlg --nclx hlg "$2/hlg.heic"
"$picture" --size 72x80 --grey "$2/grey.heic"
"$picture" --size 80x70 --lossless --clap 3 "$2/cropped.heic"
"$picture" --size 130x70 --tile 64 --icc adobe --orientation 5 "$2/grid-turned.heic"
"$picture" --size 40x30 --bits 10 --grey "$2/deep.avif"
# What is published, for the audit.
for preset in story best; do
    for seed in 420.jpg grey.jpg alpha.png; do
        "$1/storyphoto" process -p $preset --to webp "$2/$seed" >"$2/$preset-${seed%.*}.webp"
        "$1/storyphoto" process -p $preset --to jpeg "$2/$seed" >"$2/$preset-${seed%.*}.jpg"
    done
done
# What the walkers of other formats need: checksums do not count, a GIF's codes do.
chunk() { # NAME LENGTH(octal) PAYLOAD
    printf "\\0\\0\\0\\$2$1$3crcs"
}
{
    printf '\211PNG\r\n\032\n'
    chunk IHDR 15 '\0\0\0\30\0\0\0\20\10\3\0\0\0'
    chunk cICP 4 '\11\20\0\1'
    chunk gAMA 4 '\0\0\261\217'
    chunk PLTE 6 rgbRGB
    chunk tRNS 1 t
    chunk acTL 10 '\0\0\0\2\0\0\0\0'
    chunk IDAT 4 data
    chunk fdAT 5 1234x
    chunk eXIf 26 'MM\0*\0\0\0\10\0\1\1\22\0\3\0\0\0\1\0\6\0\0'
    chunk iTXt 24 'XML:com.adobe.xmp\0\0\0'
    printf '\0\0\0\0IEND\256B`\202tail'
} >"$2/all.png"
vp8='VP8 \14\0\0\0\60\0\0\235\1\052\30\0\20\0ab'
printf 'RIFF\30\0\0\0WEBP%b' "$vp8" >"$2/lossy.webp"
printf 'RIFF\22\0\0\0WEBPVP8L\6\0\0\0/\027\300\3\20l' >"$2/lossless.webp"
printf 'RIFF\66\0\0\0WEBPVP8X\12\0\0\0\20\0\0\0\27\0\0\17\0\0ALPH\3\0\0\0aaa\0%b' "$vp8" \
    >"$2/alpha.webp"
printf '%b%b%b' 'RIFF\120\0\0\0WEBPVP8X\12\0\0\0\2\0\0\0\77\0\0\77\0\0ANIM\6\0\0\0\0\0\0\0\0\0' \
    'ANMF\44\0\0\0\4\0\0\0\0\0\27\0\0\17\0\0\144\0\0\1' "$vp8" >"$2/animation.webp"
printf '%b%b%b' 'GIF89a\4\0\2\0\361\0\0rgbRGBxyzXYZ!\371\4\1\12\0\3\0' \
    '!\377\13NETSCAPE2.0\3\1\0\0\0,\0\0\0\0\4\0\2\0\0\2\4\104\64\206\5\0' \
    '!\376\5hello\0,\2\0\0\0\2\0\2\0\0\2\3\104\2\5\0;tail' >"$2/frames.gif"
"$1/tests/make-heif-seeds" "$2"
# EXIF blocks with a maker's note of each kind: Make, then what the note begins with.
seeds=$2
exif_note() { # NAME MAKE PREFIX
    {
        printf 'MM\0*\0\0\0\10\0\2\1\17\0\2\0\0\0\40\0\0\0\70\207\151\0\4\0\0\0\1\0\0\0\46'
        printf '\0\0\0\0\0\1\222\174\0\7\0\0\0\144\0\0\0\130\0\0\0\0%-32s%b' "$2" "$3"
        printf '\0\4\0\11\0\2\0\0\0\10\0\0\0\244\0\14\0\4\0\0\0\1\0\0\1\0'
        printf '\40\20\0\4\0\0\0\1\0\0\0\130\0\50\0\1\0\0\0\20\0\0\0\250\0\0\0\0'
        printf 'someone\0somewhere in a town 12345678'
    } >"$seeds/note-$1.exif"
}
exif_note canon Canon ''
exif_note nikon NIKON 'Nikon\0\2\20\0\0MM\0*\0\0\0\10'
exif_note apple Apple 'Apple iOS\0\0\1MM'
exif_note casio CASIO 'QVC\0\0\0'
exif_note fujifilm FUJIFILM 'FUJIFILM\14\0\0\0'
exif_note kodak 'EASTMAN KODAK' 'KDK INFO'
exif_note kodak8 'EASTMAN KODAK' 'MM\0*\0\0\0\10'
exif_note leica 'Leica Camera AG' 'LEICA\0\1\0'
exif_note minolta Minolta ''
exif_note motorola motorola 'MOT\0\0\0\0\0'
exif_note olympus OLYMPUS 'OLYMPUS\0MM\3\0'
exif_note panasonic Panasonic 'Panasonic\0\0\0'
exif_note pentax PENTAX 'PENTAX \0MM'
exif_note ricoh RICOH 'Ricoh\0\0\0'
exif_note samsung SAMSUNG ''
exif_note sigma SIGMA 'SIGMA\0\0\0\1\0'
exif_note sony SONY 'SONY DSC \0\0\0'
exif_note unknown Nobody 'What is this?'
# And one with GPS, a comment, a text in UTF-16, a thumbnail, XMP and IPTC.
{
    printf 'II*\0\10\0\0\0\5\0\45\210\4\0\1\0\0\0\150\0\0\0\151\207\4\0\1\0\0\0\172\0\0\0'
    printf '\235\234\1\0\10\0\0\0\230\0\0\0\274\2\1\0\10\0\0\0\230\0\0\0\273\203\4\0\2\0\0\0\230\0\0\0'
    printf '\112\0\0\0\2\0\1\2\4\0\1\0\0\0\230\0\0\0\2\2\4\0\1\0\0\0\10\0\0\0\0\0\0\0'
    printf '\1\0\2\0\5\0\1\0\0\0\230\0\0\0\0\0\0\0'
    printf '\1\0\206\222\7\0\14\0\0\0\214\0\0\0\0\0\0\0ASCII\0\0\0text\34\2abcdef'
} >"$seeds/tags.exif"
# Presets, and behind a NUL what --set is given.
for preset in story best; do
    "$1/storyphoto" presets "$preset" >"$2/$preset.preset"
done
printf '[preset]\nnames=random\n[limits]\nmax-upload=1M\ntimeout=0.5\n[resize]\nlinear-light=yes\nsharpen=30\n[variant a]\nformat=jpeg\nwidths=64 32\nwidth=64\ncrop=4:3 1:1\nbackground=#123456\nquality=70.5\n\0a.suffix=-x\0limits.max-pixels=9' >"$2/small.preset"
printf '\0webp.quality=90\0jpeg.crop = 16:9\0preset.names=source\0limits.timeout=3600\0webp.widht=1\0nobody.width=1' >"$2/set.preset"
# What a server is asked (fuzz-wire-asked.c), and what it answers (fuzz-wire.c), behind the header.
zeros() { head -c "$1" /dev/zero; }
{ printf '\0'; zeros 16; printf '\0\20\0\0\0\0\0\0\1\0\0\0\1\0\0\0'; zeros 16; printf '\1\1\1\1\1\1\1\0%.0s' 1 2 3; printf '\1\0\0\0%.0s' 1 2 3 4 5 6; } >"$2/request.wire"
printf '\1\12\0\0\0\0\0\0\0' >"$2/session.wire"
printf '\2\0\4\0\0\0\0\0\0\1\0\0\0\0\0\0\0' >"$2/file.wire"
one='\1\0\0\0'
none='\0\0\0\0'
file="$one$none$one$one$none$none$one\\3\\0\\0\\0" # behind its offset
{ zeros 318; printf "$one$one$one$none$none"; zeros 40; printf "$one"; zeros 12; printf "$file"; } >"$2/answer.wire"
{
    printf '\1'; zeros 317; printf "$one$one$one$none$none"; zeros 40; printf '\2\0\0\0'; zeros 12
    printf "$file$one$none$file"; } >"$2/two-files.wire"
{
    printf '\0\2'; zeros 316; printf "$one$one$one$none$none"; zeros 40; printf "$one"; zeros 12
    printf "$file"; zeros 600; printf '\2\0\0\0'; zeros 4; printf "$one"; zeros 52
    printf "\\4\\0\\0\\0$none$one$one$none$none$one$none$one"; zeros 20; } >"$2/trace.wire"
{
    printf '\377\1'; zeros 264; printf "$one$one$one$one$one$one$one$one\\10\\0\\0\\0$none"
    zeros 1516; printf '\13\0\0\0\1\0\0\0\1\0\2\0aAA'; } >"$2/inspection.wire"
{ printf '\376\0zimg 3.0.4'; zeros 246; } >"$2/hello.wire"
# What an archive's reader says: two files, a folder, the end; a file that breaks off.
printf '\0\1\0\5a.jpg\3\0\4\377\330\377\340\4\0\0\2\1\3dir\1\0\1b\4\0\0\6\0\0' >"$seeds/files.tar-in"
printf '\0\1\0\1a\3\0\2xy\5\0\6sparse\1\0\1b\7\5\3cut' >"$seeds/cut.tar-in"
