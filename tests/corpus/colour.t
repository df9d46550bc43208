#!/bin/sh
# colour.t -- every JPEG below $CORPUS with a profile comes out as littleCMS would have it.
find "$CORPUS" -type f \( -iname '*.jpg' -o -iname '*.jpeg' \) -print0 |
    xargs -0 "$BUILD/tests/corpus/colour" >"$BUILD/colour.tsv" 2>/dev/null
code=$?
sed 's/^/# /' "$BUILD/colour.tsv"
[ "$code" = 0 ] && echo 'ok 1 - colours of real photos' || echo 'not ok 1 - colours of real photos'
echo 1..1
