#!/bin/sh
# SPDX-License-Identifier: MIT
# inspect.t -- what a photo would reveal: in words, as a table, as JSON, and values for a
# terminal alone.
. "$(dirname "$0")/lib.sh"
canary=Kanarienvogel7
upload photo.jpg --size 1600x1200 --orientation 6 --gps --serial --thumbnail --icc p3 --xmp \
    --comment --trailer 500 --canary $canary
upload small.jpg --size 320x240
ls -A >before

# terminal COMMAND...: as run, but with a terminal for its standard output and standard error.
terminal() {
    script -qefc "$*" /dev/null </dev/null >.streams/out 2>.streams/err
    code=$?
    tr -d '\r' <.streams/out >.streams/tty && mv .streams/tty .streams/out
}

# ---- for people --------------------------------------------------------------------------------
run sp inspect photo.jpg
expect 0 '^photo.jpg: JPEG, 1200 x 1600, [0-9.]+ kB reveals:$' '' 'a photo'
for words in 'where it was taken, perhaps to within metres' \
    'when it was taken or edited' 'what camera or phone it was taken with' \
    'a number that only this one camera, phone or picture has' 'names or contacts of people' \
    'text about it, by a person or a program' 'a small copy, perhaps from before it was cropped' \
    'a colour profile, perhaps of its device' 'data behind the end of the picture'; do
    check "in words: $words" grep -qxF "  $words" .streams/out
done
# One line a carrier: title and place | its categories, a pattern.
while IFS='|' read -r carrier reveals; do
    check "carrier: $carrier" grep -qE "^  $carrier +1 +[0-9.]+ (bytes|kB)  $reveals$" .streams/out
done <<'CASES'
EXIF +APP1|location.*
XMP +APP1|.*person.*
comment +COM|comment
colour profile +APP2|profile
CASES
check_not 'and no value' grep -qaF $canary .streams/out
cp .streams/out photo.text

run sp inspect small.jpg
expect 0 '^small.jpg: JPEG, 320 x 240, [0-9.]+ kB reveals nothing that storyphoto can read$' '' \
    'a photo that reveals nothing'
check 'in one line' test "$(wc -l <.streams/out)" = 1
run sp inspect small.jpg photo.jpg
expect 0 '^$' '' 'two photos, with a blank line between them'
check 'each as it is alone' sh -c 'tail -n +3 .streams/out | cmp - photo.text'
cp photo.jpg "$(printf 'a\nb\033[31m.jpg')"
run sp inspect "$(printf 'a\nb\033[31m.jpg')"
expect 0 '^a\\nb\\x1b\[31m.jpg: JPEG, ' '' 'control characters in a name are escaped'
rm -f a*b*.jpg
# Separators, a mark that would sit on what is ours, a tag; marks on letters are letters.
while read -r octal escaped; do
    name=$(printf "$octal.jpg")
    cp small.jpg "$name"
    run sp inspect "$name"
    check "a name with $escaped" grep -qF "$escaped.jpg: JPEG, " .streams/out
    rm -f "$name"
    run sp inspect "$name"
    check "and none, with $escaped" grep -qF "'$escaped.jpg'" .streams/err
done <<'NAMES'
a\342\200\250b a\u2028b
a\342\200\251b a\u2029b
\314\201b \u0301b
=\314\201b =\u0301b
a\363\240\200\201b a\U000e0001b
e\314\201b éb
NAMES

# ---- JSON --------------------------------------------------------------------------------------
run sp inspect --json photo.jpg
expect 0 '^\{"schema":"storyphoto.inspection/1","status":"ok".*\}$' '' '--json'
check 'one line, one object' test "$(wc -l <.streams/out)" = 1
for slug in location time device serial person comment thumbnail profile trailing; do
    check "reveals $slug" jq -e ".reveals | index(\"$slug\")" .streams/out
done
check 'all that a carrier reveals, the photo reveals' \
    jq -e '([.carriers[].reveals[]] | unique) == (.reveals | unique)' .streams/out
check_not 'never a value' grep -qaF $canary .streams/out
run sp inspect --json small.jpg nope.jpg photo.jpg
expect 1 '"name":"nope.jpg"' '' 'a photo that is not there, among others'
check 'three lines' test "$(wc -l <.streams/out)" = 3
check 'an empty list is a promise' jq -es '.[0].reveals == []' .streams/out
check 'that is not made of what was not read' jq -es '.[1] | has("reveals") | not' .streams/out
check 'nor a list of carriers' jq -es '.[1] | has("carriers") | not' .streams/out
check 'its error has a word' jq -es '.[1].error.code == "cannot-read"' .streams/out

# ---- nothing is left behind --------------------------------------------------------------------
touch -a -d 2001-01-01 small.jpg
run sp inspect small.jpg
check 'no time of access, where it is ours' test "$(stat -c %X small.jpg)" = "$(date -d 2001-01-01 +%s)"

# ---- standard input ----------------------------------------------------------------------------
for source in 'cat photo.jpg |' 'exec <photo.jpg;'; do
    run sh -c "$source"' "$0" inspect -' "$SP"
    expect 0 '^-: JPEG, 1200 x 1600, ' '' "standard input: $source"
    check 'says the same' sh -c 'tail -n +2 .streams/out >got; tail -n +2 photo.text | cmp - got'
done
rm -f got
run sh -c '"$0" inspect - >/dev/null && cat' "$SP" <photo.jpg
check 'a file on standard input is read where it stands' cmp -s .streams/out photo.jpg
run sp inspect - -
expect 64 '' 'standard input \(-\) is given more than once' 'standard input twice'
mkfifo fifo
(sleep 0.3 && cat photo.jpg >fifo) &
run sp inspect fifo
expect 0 '^fifo: JPEG, 1200 x 1600, ' '' 'a named pipe'
rm -f fifo

# ---- values ------------------------------------------------------------------------------------
run sp inspect --values photo.jpg
expect 64 '' '--values is for a terminal, and standard output is none' '--values into a file'
run sh -c '"$0" inspect --values photo.jpg | cat' "$SP"
expect 0 '' '--values is for a terminal' '--values into a pipe'
run sp inspect --values --json photo.jpg
expect 64 '' '--values and --json exclude each other' '--values with --json'
if command -v script >/dev/null; then
    terminal "$SP" inspect --values --json photo.jpg
    expect 64 '--values and --json exclude each other' '' '--values with --json at a terminal'
    terminal "$SP" inspect photo.jpg
    expect 0 '^photo.jpg: JPEG' '' 'at a terminal'
    check 'the same lines' cmp -s .streams/out photo.text
    terminal "$SP" inspect --values photo.jpg
    expect 0 "^  serial +[A-Za-z]+ +.*$canary" '' '--values at a terminal'
    check 'behind what is said without' \
        sh -c 'head -n "$(wc -l <photo.text)" .streams/out | cmp - photo.text'
    upload rude.jpg --size 64x48 --comment --serial --canary "$(printf 'red\033[31m\342\200\256\r\377end')"
    terminal "$SP" inspect --values rude.jpg
    expect 0 'red\\x1b\[31m\\u202e\\r\\xff' '' 'what a value tells a terminal is escaped'
    check_not 'and does not reach it' grep -qaF "$(printf '\033')" .streams/out
    upload long.jpg --size 64x48 --comment --canary "$(printf '%0200d' 7)"
    terminal "$SP" inspect --values long.jpg
    expect 0 '0{100,}\.\.\.$' '' 'a long value is cut'
    check 'to about a line' test "$(wc -L <.streams/out)" -lt 200
    rm -f rude.jpg long.jpg
else
    skip '--values at a terminal' 'script(1) is not there'
fi

# ---- what cannot be read -----------------------------------------------------------------------
head -c 3000 photo.jpg >cut.jpg
run sp inspect cut.jpg
expect 65 '^cut.jpg: JPEG, .*reveals at least:$' \
    "cannot inspect 'cut.jpg' to its end: .* \(truncated\)$" 'a photo that is cut'
head -c 100 small.jpg >cut.jpg
run sp inspect cut.jpg
expect 65 '' "cannot inspect 'cut.jpg': .* \(truncated\)$" 'nothing found is not said of a cut one'
: >empty.jpg
printf 'II*\0' >photo.tif
mkdir folder
while IFS='|' read -r want message photo; do
    run sp inspect "$photo"
    expect "$want" '' "$message" "not inspected: $photo"
done <<'CASES'
65|is empty \(empty\)$|empty.jpg
65|TIFF.*\(unsupported\)$|photo.tif
65|\(not-an-image\)$|before
66|cannot inspect 'folder': is a folder; 'storyphoto audit' reads folders \(cannot-read\)$|folder
66|cannot inspect 'nope.jpg': .*\(cannot-read\)$|nope.jpg
66|is a device|/dev/zero
CASES
run sp inspect nope.jpg small.jpg
expect 1 '^small.jpg: ' "cannot inspect 'nope.jpg'" 'one bad photo does not stop the others'
cp "$scratch/small.jpg" huge.jpg
truncate -s 65M huge.jpg
run sp inspect huge.jpg
expect 65 '' 'larger than the .*\(too-large\)$' 'a photo that is too large'
rm -rf cut.jpg empty.jpg photo.tif folder huge.jpg

# ---- the rest ----------------------------------------------------------------------------------
run sh -c '"$0" inspect photo.jpg >&-' "$SP"
expect 74 '' 'cannot write to standard output: it is closed' 'closed stdout'
run sh -c '"$0" inspect photo.jpg small.jpg >/dev/full' "$SP"
expect 74 '' 'cannot write to standard output: No space' 'full stdout'
# A shell starts background jobs with SIGINT ignored.
mkfifo slow
sleep 60 >slow &
sleeper=$!
perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$SP" inspect slow small.jpg >.streams/out 2>.streams/err &
pid=$!
while kill -0 $pid && ! ls -l /proc/$pid/fd | grep -q slow; do sleep 0.1; done
kill -INT $pid
wait $pid
code=$?
kill $sleeper
expect 75 '' "cannot inspect 'slow': interrupted \(interrupted\)$" 'Ctrl-C while a pipe is waited for'
rm -f photo.text slow
ls -A | grep -vx before >after
grep -vx before before >want
check 'nothing of all that wrote anything' sh -c "grep -vx after after | diff want -"

finish
