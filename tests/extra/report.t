#!/bin/sh
# SPDX-License-Identifier: MIT
# report.t -- a report in a browser (headless Chromium, from its files): on a wide and on a narrow
# window nothing is cut, every text can be read, sorting and filtering work, nothing is fetched
# from elsewhere, no script but its own runs; and all is there without that one.
. "$(dirname "$0")/../cli/lib.sh"

# browse WIDTH PAGE [PARAMETERS] [OPTION]...: what tests/extra/frame.html says, in .streams/said.
browse() {
    browse_address="file://$scratch/frame.html#width=$1&page=$2${3:+&$3}"
    shift 2
    [ $# -eq 0 ] || shift
    timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-background-networking \
        --disable-component-update --no-first-run --user-data-dir="$scratch/.profile" \
        --allow-file-access-from-files --enable-logging=stderr --window-size=1400,2100 \
        --virtual-time-budget=20000 --hide-scrollbars --dump-dom "$@" "$browse_address" \
        >.streams/page 2>.streams/log
    sed -n '/<body>/,/<\/body>/p' .streams/page | sed 's/.*<body>//; s/<\/body>.*//' >.streams/said
    grep 'CONSOLE' .streams/log >.streams/console
}
says() { # says NAME VALUE: of the page that was browsed last
    grep -qxF -e "$1 $2" .streams/said || {
        grep -e "^$1 " .streams/said || cat .streams/said .streams/log
        return 1
    }
}
of() { sed -n "s/^$1 //p" .streams/said; }
no_complaint() { [ ! -s .streams/console ] || { cat .streams/console && return 1; }; }
readable() { [ "$(of contrast | tr -d .)" -ge 450 ] || { of contrast && return 1; }; }
# What is so of each page, at each width, with light and with dark colours.
sound() { # sound NAME WIDTH
    check "$1: as wide as asked" says width "$2"
    check "$1: nothing is wider" says too-wide 0
    check "$1: nothing is cut" says cut 0
    check "$1: no cell lies on another" says overlaps 0
    check "$1: every text has contrast" readable
    check "$1: every picture has words" says unnamed 0
    check "$1: only our script" says scripts 1
    check "$1: nothing from elsewhere" says fetched 0
    check "$1: nothing on the console" no_complaint
}

if ! command -v chromium >/dev/null; then
    skip 'reports in a browser' 'there is no chromium'
    finish
fi
cp "$root/tests/extra/frame.html" .
upload photo.jpg --size 640x480
mkdir out
run sp process --json -o out photo.jpg
expect 0 '"ok"' '' 'a photo to show'
"$BUILD/tests/extra/make-report" . 1000 "$(basename out/*.jpg)"
check 'a report is made' test -s report/index.html

for width in 1280 390; do
    for colours in light dark; do
        is_dark=$([ $colours = dark ] && echo true || echo false)
        scheme=--blink-settings=preferredColorScheme=$([ $is_dark = true ] && echo 0 || echo 1)
        for page in index sheet-1; do
            browse $width report/$page.html '' "$scheme"
            check "$page, $width, $colours: in these colours" says dark $is_dark
            sound "$page, $width, $colours" $width
        done
    done
done

browse 1280 report/index.html
check 'the title is ours' says title 'Batch report'
check 'as many pictures as the index shows' says pictures 60
check 'and they can be seen' says seen true
check 'what was not published' says rows 90
check 'four columns can be sorted' says buttons 4
check 'both lists can be filtered' says filters 2
check 'nothing is sorted yet' says heads 'photo:none,outcome:none,reason:none,bytes:none'

browse 1280 report/index.html 'hash=sort%3Dreason'
check 'sorted as the address asks' says heads 'photo:none,outcome:none,reason:ascending,bytes:none'
browse 1280 report/index.html 'hash=sort%3D-reason'
check 'the other way round' says heads 'photo:none,outcome:none,reason:descending,bytes:none'
browse 1280 report/index.html 'do=sort'
check 'a head takes the focus' says focused true
check 'pressed once' says once 'photo:none,outcome:none,reason:none,bytes:ascending'
check 'pressed twice' says twice 'photo:none,outcome:none,reason:none,bytes:descending'
check 'the largest are first' says falling true
browse 1280 report/index.html 'do=filter'
check 'filtered' says shown true
check 'and it is said' says said '22 of 90'

browse 390 report/index.html 'scripts=0'
check 'without a script: the rows' says rows 90
check 'without a script: the pictures' says pictures 60
check 'without a script: no buttons that do nothing' says buttons 0
check 'without a script: no boxes that do nothing' says filters 0
check 'without a script: nothing is wider' says too-wide 0

"$BUILD/tests/extra/make-report" . 4000 "$(basename out/*.jpg)"
for width in 1280 390; do
    browse $width report/refused-1.html
    sound "refused-1, $width" $width
done
finish
