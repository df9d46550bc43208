#!/bin/sh
# SPDX-License-Identifier: MIT
# receipt.t -- receipts of all kinds keep to docs/receipt.schema.json, by a validator that is not
# ours; and the schema's lists of words are the program's.
. "$(dirname "$0")/lib.sh"
schema=$root/docs/receipt.schema.json

# kept NAME: every line of the last run's output keeps to the schema.
kept() {
    check "$1: keeps to the schema" python3 -c '
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
validator = jsonschema.Draft202012Validator(schema)
lines = open(sys.argv[2]).read().splitlines()
assert lines, "there is no receipt"
for line in lines:
    for error in validator.iter_errors(json.loads(line)):
        sys.exit("%s: %s" % ("/".join(map(str, error.path)), error.message))
' "$schema" "${2:-.streams/out}"
}

# ---- receipts that are right -------------------------------------------------------------------
upload full.jpg --size 1600x1200 --gps --serial --thumbnail --comment --xmp --trailer 2000 --orientation 6
picture alpha.png --size 300x200 --alpha ball
upload "$(printf 'caf\351.jpg')" --size 64x64
head -c 4000 full.jpg >cut.jpg
: >empty.jpg
echo 'no photo at all' >text.jpg
printf 'II*\0\10\0\0\0' >scan.tif
mkdir out
run sp process full.jpg alpha.png "$(printf 'caf\351.jpg')" cut.jpg empty.jpg text.jpg scan.tif nope.jpg \
    -o out --json --base-url /photos
expect 1 '"status":"failed"' '' 'photos of all kinds'
check 'a receipt each' test "$(wc -l <.streams/out)" = 8
kept 'photos of all kinds'
for preset in responsive card anonymous best; do
    run sp process full.jpg -p $preset -o out --json
    kept "$preset"
done
run sp process full.jpg alpha.png -o out --json --explain --set webp.quality=auto \
    --set jpeg.max-bytes=9000 --set resize.sharpen=20 --set resize.linear-light=yes
kept 'with its trace'
check 'it has one' test "$(jq -r '.trace | length' .streams/out | sort -n | head -n 1)" -gt 4
run sh -c '"$1" process - --json -o out <full.jpg' sh "$SP"
kept 'from standard input'
run sh -c '"$1" process full.jpg --to webp --json >/dev/null 2>receipt.json' sh "$SP"
kept 'of one variant' receipt.json
run sp process full.jpg -o out --json --set webp.max-bytes=1000 --set webp.min-quality=80
expect 65 '"code":"cannot-fit"' '' 'what cannot fit'
kept 'what cannot fit'

# ---- and it can fail ---------------------------------------------------------------------------
run sp process alpha.png -o out --json
for wrong in '.status = "fine"' '.removed += ["street"]' 'del(.version)' '.outputs = []' \
    '.outputs[0].bytes = 0' '.more = 1' '.error = {"code": "io", "message": "x"}'; do
    jq -c "$wrong" .streams/out >wrong.json
    python3 -c '
import json, sys
import jsonschema
validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
sys.exit(validator.is_valid(json.load(open(sys.argv[2]))))' "$schema" wrong.json
    check "not kept: $wrong" test $? = 0
done

# ---- words -------------------------------------------------------------------------------------
sp errors --json >words.json
same() { # same WHAT SCHEMA-PATH WORDS-PATH
    jq -r "$2 | sort[]" "$schema" >in-schema
    jq -r "$3 | keys[]" words.json | sort >in-program
    check "$1 are the program's" cmp in-schema in-program
}
export LC_ALL=C
same 'error codes' '.properties.error.properties.code.enum' .errors
same 'categories' '.properties.removed.items.enum' .removed
finish
