#!/bin/sh
# SPDX-License-Identifier: MIT
# parallel.t -- examples/parallel/archive.sh on this host, and on two that are this one behind an
# ssh which is none, comes to what one run comes to.
. "$(dirname "$0")/../cli/lib.sh"
. "$root/tests/extra/archive-lib.sh"

command -v parallel >/dev/null || {
    skip 'an archive by GNU parallel' 'parallel is not installed'
    finish
}
make_archive 12 640x480
single_run

example() { # HOSTS NAME
    mkdir -p "$2"
    run env SOURCE="$scratch/in" OUTPUT="$scratch/$2" STATE="$scratch/$2.state" \
        REPORT="$scratch/$2.report" HOSTS="$1" SHARDS=3 "$root/examples/parallel/archive.sh"
}

example : here
expect 0 '^shard 2:.*published' "^shard [012]:.*not-an-image" 'on one host'
as_single here here.state
check 'three parts' test "$(ls -d here.state/shard-?-of-3 | wc -l)" = 3
check 'a report' test -s here.report/index.html

# [OPTION]... HOST [--] COMMAND, as ssh has it; on the host called lame nothing runs.
cat >ssh <<'END'
#!/bin/sh
while [ "${1#-}" != "$1" ]; do shift; done
echo "$1" >>hosts
[ "$1" != lame ] || exit 255
shift
[ "$1" != -- ] || shift
exec sh -c "$*"
END
chmod +x ssh
PARALLEL_SSH=$scratch/ssh example able,lame there
expect 0 '^shard 2:.*published' '*' 'on two hosts, of which one fails'
check 'both were asked' test "$(sort -u hosts | tr '\n' ' ')" = 'able lame '
as_single there there.state

upload in/2020/new.jpg --size 320x240
run sp batch in single --state single.state
example : here
expect 0 'was done already|were done already' '*' 'the same once more takes what is new'
as_single here here.state
finish
