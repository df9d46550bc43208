#!/bin/sh
# SPDX-License-Identifier: MIT
# runner.t -- tests/one.sh: a test program that aborts is one that failed, and ends nothing else.
. "$(dirname "$0")/lib.sh"
cat >aborts <<'TEST'
#!/bin/sh
echo '1..2'
echo 'ok 1 - Bail out! in a name'
echo 'Bail out! ERROR:test-x.c:1:test_x: assertion failed'
kill -ABRT $$
TEST
printf '#!/bin/sh\necho 1..1\necho "ok 1 - $*"\n' >passes
printf '#!/bin/sh\nexec 4>&1\necho 1..1\necho not ok 1\nexit 3\n' >fails
chmod +x aborts passes fails

run "$root/tests/one.sh" ./aborts
expect 134 '^# Bail out! ERROR:test-x' '*' 'an abort'
check 'the line is a comment' test "$(grep -c '^Bail out!' .streams/out)" = 0
check 'other lines are as they were' grep -qx 'ok 1 - Bail out! in a name' .streams/out
run "$root/tests/one.sh" ./passes 'a b' c
expect 0 '^ok 1 - a b c$' '' 'arguments, and success'
run "$root/tests/one.sh" ./fails
expect 3 '^not ok 1$' '' 'a failure keeps its exit status'
run prove --merge -e "$root/tests/one.sh" ./aborts ./passes
expect 1 '^\./passes \.* ok$' '*' 'prove goes on behind an abort'
check 'and counts it as failed' grep -q '^Result: FAIL' .streams/out

finish
