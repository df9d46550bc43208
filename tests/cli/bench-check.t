#!/bin/sh
# SPDX-License-Identifier: MIT
# bench-check.t -- bench/check.pl can fail, says of what, and does not where it cannot know.
. "$(dirname "$0")/lib.sh"
export BUILD
if grep -q -- -fsanitize "$BUILD/flags"; then
    skip 'instructions of a sanitized build' 'it does not run under valgrind'
    finish
fi

check_pl() { "$root/bench/check.pl" --baseline here.json "$@"; }

# doctor FILTER: here.json is the baseline that was measured, changed so.
doctor() { jq "$1" measured.json >here.json; }

run check_pl jpeg-p3
expect 2 '' "no baseline 'here.json'" 'no baseline'
run check_pl --update jpeg-p3
expect 0 'written' '' 'a baseline is written'
mv here.json measured.json
run check_pl --update jpeg-p4
expect 2 '' 'unknown: jpeg-p4' 'a name that is not known'

doctor .
run check_pl jpeg-p3
expect 0 '^ok +jpeg-p3 +own [0-9.]+ M \([+-]0.0 %\); all [0-9.]+ M \([+-]0.0 %\)$' '' 'as it was'

largest=$(jq -r '.counts["jpeg-p3"].functions.own | to_entries | max_by(.value).key' measured.json)
doctor ".counts[\"jpeg-p3\"] |= (.all *= 0.8 | .own *= 0.8 | .functions.own[\"$largest\"] *= 0.2)"
run check_pl jpeg-p3
expect 1 '^WORSE jpeg-p3 +own .*\(\+25.* %\); all .*\(\+25' '' 'a fifth more instructions'
check 'of what' grep -qF "grew most: $largest +" .streams/out

doctor '.counts["jpeg-p3"].own *= 0.8'
run check_pl jpeg-p3
expect 1 '^WORSE jpeg-p3 +own .*\(\+25.* %\); all .*\([+-]0' '' 'more of our own alone'
doctor '.counts["jpeg-p3"] |= (.own *= 0.8 | .all *= 1.2)'
run check_pl jpeg-p3
expect 0 '^ok +jpeg-p3' '' 'more of our own that saves more elsewhere'
expect 0 '^much less than it was' '' 'and that much less is worth an update'

doctor '.counts["jpeg-p3"].own *= 1.2'
run check_pl jpeg-p3
expect 0 '^much less than it was' '' 'less of our own alone'
doctor '.counts["jpeg-p3"] |= (.own *= 1.2 | .all *= 0.98)'
run check_pl jpeg-p3
expect 0 '^ok +jpeg-p3' '' 'less of our own that costs more elsewhere'
check_not 'is not worth an update' grep -q 'much less' .streams/out

doctor '.counts["jpeg-p3"] |= (.all *= 0.5 | .machine = "another")'
run check_pl jpeg-p3
expect 0 '^ok .*; not comparable: glibc.*, the baseline has another$' '' 'another machine'
doctor '.counts["jpeg-p3"] |= (.all *= 0.5 | .libraries = {"libjpeg.so.9": 1, "libgone.so.1": 1})'
run check_pl jpeg-p3
expect 0 '; not comparable: libjpeg.so.62.*, the baseline has libjpeg.so.9$' '' 'another library'
doctor '.counts["jpeg-p3"] |= (.all *= 0.8 | .libraries = {"libgone.so.1": 1})'
run check_pl jpeg-p3
expect 1 '^WORSE jpeg-p3' '' 'a library that is not called any more'
doctor '.counts["jpeg-p3"] |= (.own *= 0.6 | .machine = "another")'
run check_pl jpeg-p3
expect 1 '^WORSE jpeg-p3' '' 'another machine, but our own code'
doctor '.counts["jpeg-p3"] |= (.own *= 0.8 |  .compiler = "cc")'
run check_pl jpeg-p3
expect 0 '^ok +jpeg-p3' '' 'another compiler'

doctor '.ratios["one-upload"] = 3'
run check_pl --short one-upload
expect 0 '^ok +one-upload +[0-9.]+ times the floor \([0-9.]+ before' '' 'a ratio that is less'
expect 0 '^much less than it was' '' 'and is worth an update'
doctor '.ratios["one-upload"] = 0.6'
run check_pl --short one-upload
expect 1 '^WORSE one-upload' '' 'a ratio that is more'

# ---- valgrind ----------------------------------------------------------------------------------
mkdir bin tmp
run env PATH="$scratch/bin" "$root/bench/check.pl" --baseline here.json
expect 2 '' '^check: valgrind is not installed: make setup-test installs it$' 'no valgrind'
check 'that is all it says' test "$(wc -l <.streams/err)" = 1
printf '#!/bin/sh\necho "it broke" >&2\nexit 1\n' >bin/valgrind && chmod +x bin/valgrind
run env PATH="$scratch/bin:$PATH" "$root/bench/check.pl" --baseline here.json jpeg-1x1 jpeg-p3
expect 2 '' "^check: cannot count .*: it broke$" 'one that fails'
check 'is told once' test "$(wc -l <.streams/err)" = 1
printf '#!/bin/sh\necho $$ >hung.pid\nexec sleep 60\n' >bin/valgrind
PATH=$scratch/bin:$PATH TMPDIR=$scratch/tmp "$root/bench/check.pl" --baseline here.json jpeg-1x1 &
await test -s hung.pid
kill -TERM $!
wait $!
check 'interrupted, it says so' test $? = 143
check 'and leaves nothing' test -z "$(ls tmp)"
check_not 'and nobody' kill -0 "$(cat hung.pid)"
finish
