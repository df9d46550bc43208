#!/bin/sh
# lanes.t -- every plain JPEG and every HEIC below $CORPUS comes out of both lanes alike.
find "$CORPUS" -type f \( -iname '*.jpg' -o -iname '*.jpeg' -o -iname '*.hei[cf]' \) -print0 |
    xargs -0 "$BUILD/tests/corpus/lanes" >"$BUILD/lanes.tsv" 2>/dev/null
code=$?
sed 's/^/# /' "$BUILD/lanes.tsv"
[ "$code" = 0 ] && echo 'ok 1 - both lanes agree' || echo 'not ok 1 - both lanes agree'
echo 1..1
