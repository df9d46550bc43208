#!/bin/sh
# SPDX-License-Identifier: MIT
# before-after.sh -- make before-after.svg, the picture in the README, of what `make demo` left.
#
#     docs/before-after.sh BUILD >docs/before-after.svg
#
# Left the upload as it is stored, read as sRGB, which is what a program shows that knows neither
# orientation nor profiles; right the JPEG that was published.
set -eu
demo=$1/demo

picture() { # picture X Y WIDTH HEIGHT, a JPEG on standard input
    printf '<image x="%s" y="%s" width="%s" height="%s" href="data:image/jpeg;base64,' "$@"
    base64 -w 0
    echo '"/>'
}

text() { # text X Y CLASS LINE
    echo "<text x=\"$1\" y=\"$2\" class=\"$3\">$4</text>"
}

revealed=$("$1/storyphoto" inspect "$demo/IMG_2041.jpg" | sed -n '/^$/q; s/^  //p')
published=$(find "$demo/public" -name '*.jpg')
[ -n "$revealed" ] && [ -n "$published" ] || exit 1

cat <<'END'
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1000 350" width="1000" height="350">
<title>A photo before and after storyphoto</title>
<style>text { font: 13px sans-serif; fill: #444 } .head { font: bold 16px sans-serif; fill: #111 }
.leak { fill: #a02010 } .good { fill: #106030 }</style>
<rect width="1000" height="350" fill="#fff"/>
END
text 20 28 head 'What was sent'
text 20 50 plain 'IMG_2041.jpg: 3024 x 4032, 1.8 MB; on its side, and pale. It reveals'
djpeg -scale 1/8 "$demo/IMG_2041.jpg" | cjpeg -quality 60 -optimize | picture 20 66 186 248
y=78
echo "$revealed" | while read -r line; do
    text 220 $y leak "$line"
    y=$((y + 25))
done
text 640 28 head 'What is published'
text 640 50 plain 'WebP and JPEG: 1024 x 768, 11 and 26 kB; upright'
djpeg -scale 1/2 "$published" | cjpeg -quality 70 -optimize | picture 640 66 340 255
text 640 342 good 'Nothing but the picture: a second reader proved it'
echo '</svg>'
