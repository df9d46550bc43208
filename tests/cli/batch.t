#!/bin/sh
# SPDX-License-Identifier: MIT
# batch.t -- an archive through `storyphoto batch`: each upload once, what changed again, what is
# gone told, and nothing else in the published folder than what is published.
. "$(dirname "$0")/lib.sh"
export XDG_STATE_HOME="$scratch/home"
mkdir -p in/2019/summer in/2020 out
upload in/2019/summer/a.jpg --size 800x600 --gps
upload in/2019/b.jpg --size 700x500
upload in/2020/c.jpg --size 600x800 --gps
picture in/top.png --size 500x400
echo 'no picture' >in/notes.txt
ln -s top.png in/link.png
mkfifo in/pipe

state() { find home -name journal.sqlite -exec dirname {} \;; }
files() { (cd "$1" && find . -type f | sort); }
event() { jq -c "select(.event == \"$1\")" .streams/out; }
total() { event end | jq -r "$1"; }

# ---- once ----------------------------------------------------------------------------------------
run sp batch in out --dry-run
expect 0 '^new +2019/summer/a.jpg$' "skipped 'link.png': a symbolic link" 'a dry run says what is due'
check 'and makes nothing' test -z "$(files out)$(ls home 2>/dev/null)"

run sp batch in out
expect 1 '^4 photos published in ' "cannot process 'notes.txt': .*\(not-an-image\)" 'a batch'
check 'what they revealed is summed up' grep -q '^2 of 4 photos said where they were taken$' .streams/out
check 'the refused are counted' grep -qE '^ +1  not-an-image$' .streams/out
check 'a FIFO is skipped, and said' grep -q "skipped 'pipe': a pipe" .streams/err
check 'folders are mirrored' test "$(ls -d out/2019 out/2019/summer out/2020 | wc -l)" = 3
check 'two files each' test "$(count_files out)" = 8
check 'two of them at the top' test "$(find out -maxdepth 1 -type f | wc -l)" = 2
check 'nothing else is made in the published folder' test -z "$(find out -name '.*' -mindepth 1)"
check 'they are clean' sp audit out
check 'the state is private' test "$(stat -c %a "$(state)")$(stat -c %a "$(state)/journal.sqlite")" = 700600
files out >want

run sp batch in out --json
expect 0 '"event":"end"' '*' 'nothing to do the second time'
check 'all are unchanged' test "$(total .unchanged)" = 5
check 'none is told' test "$(grep -c storyphoto.receipt .streams/out)" = 0
check 'the same files' sh -c 'cd out && find . -type f | sort | diff ../want -'

# ---- what changes --------------------------------------------------------------------------------
old=$(find out/2020 -type f)
upload in/2020/c.jpg --size 640x800
run sp batch in out --json
expect 0 '"status":"ok"' '*' 'a changed upload is taken again'
check 'it alone' test "$(total .published)/$(total .unchanged)" = 1/4
check 'its old files are superseded' test "$(total .superseded)" = 2
check 'and still there' ls $old
run sp batch in out --prune --dry-run
expect 0 '^to prune +2020/' '*' 'a dry run of --prune'
check 'deletes nothing' ls $old
run sp batch in out --prune
expect 0 '^2 superseded files deleted$' '*' '--prune deletes them'
check_not 'they are gone' ls $old
check 'two files are there instead' test "$(count_files out/2020)" = 2

touch in/2019/b.jpg
run sp batch in out --json --checksum
expect 0 '"event":"end"' '*' 'touched, but the same bytes (no checksum yet: taken again)'
touch in/2019/b.jpg
run sp batch in out --json --checksum
check 'the next time its bytes tell' test "$(total .published)/$(total .unchanged)" = 0/5
{ head -c 2 in/2019/b.jpg && printf '\377\376\000\006note' && tail -c +3 in/2019/b.jpg; } >b.jpg
cp b.jpg in/2019/b.jpg
run sp batch in out --json --checksum
check 'all of its bytes' test "$(total .published)/$(total .due.changed)" = 1/1
run sp batch in out --json
check 'and its mark is noted' test "$(total .published)/$(total .unchanged)" = 0/5

rm "$(find out/2019/summer -name '*.webp')"
run sp batch in out --json
check 'a lost file is made again' test "$(total .due.lost)/$(count_files out)" = 1/8

run sp batch in out --json --exclude summer --exclude '2020/*'
check 'what is excluded is not gone' test "$(total .seen)/$(total .gone)" = 3/0
rm in/2019/summer/a.jpg
run sp batch in out --json
check 'a photo that is gone' test "$(total .gone)/$(total .superseded)" = 1/2
check 'its files are still published' test "$(count_files out/2019/summer)" = 2
run sp batch in out --prune
expect 0 '^2 superseded files deleted$' '*' 'until they are pruned'
check_not 'and their folder' test -d out/2019/summer

run sp batch in out --json -p best
check 'another preset makes all anew' test "$(total .due.stale)" = 4
run sp batch in out --json -p story --prune
check 'and back: the old files are there' test "$(total .due.stale)" = 4
check 'the other ones are deleted' test "$(count_files out)" = 6
run sp batch in out --json --set preset.description=words
check 'a description makes nothing stale' test "$(total .unchanged)" = 4

# ---- two uploads that share a file -----------------------------------------------------------------
cp in/top.png in/twin.png
run sp batch in out --json
check 'a twin is published under the same name' test "$(total .published)/$(count_files out)" = 1/6
rm in/twin.png
run sp batch in out --prune --json
check 'without it, its files stay for the other' test "$(total .gone)/$(total .pruned)/$(count_files out)" = 1/0/6

# ---- what a changed file leaves alone --------------------------------------------------------------
upload in/2019/b.jpg --size 720x500
mine=$(find out/2019 -maxdepth 1 -name '*.jpg')
sp batch in out >/dev/null 2>&1
echo 'somebody else' >"$mine"
run sp batch in out --prune --json
check 'what is not ours any more is not deleted' grep -q 'somebody else' "$mine"
rm "$mine"

# ---- refused before anything is done ---------------------------------------------------------------
run sp batch in in/2019
expect 64 '' "OUTPUT 'in/2019'.* choose folders apart" 'OUTPUT within SOURCE'
run sp batch out/2019 out
expect 64 '' 'choose folders apart' 'SOURCE within OUTPUT'
run sp batch in in
expect 64 '' 'choose folders apart' 'one folder'
run sp batch in out --state out/state
expect 64 '' "choose folders apart" 'a state that would be published'
run sp batch in out --report out/report
expect 64 '' "choose folders apart" 'a report that would be published'
run sp batch nope out
expect 66 '' "SOURCE 'nope'" 'no SOURCE'
run sp batch in nope
expect 73 '' "'nope'" 'no OUTPUT'
run sp batch in
expect 64 '' 'only one of SOURCE and OUTPUT given' 'one folder only'
run sp batch in out --durability=some
expect 64 '' "'some' is not batch, each or none" 'an unknown durability'
run sp batch in out --shard 3/3
expect 64 '' "'3/3' is not I/N" 'a shard that is none'
run sp batch in out --prune --shard 0/2
expect 64 '' 'journal merge' 'pruning by a shard'
mkdir other && cp in/top.png other/
run sp batch other out
expect 73 '' 'the state is about the source' 'another SOURCE for one state'
mv in moved
run sp batch moved out
expect 73 '' 'say --moved' 'SOURCE was moved'
run sp batch moved out --moved --json --checksum
check 'and says so' test "$(total .published)" = 0
mv moved in && run sp batch in out --moved --json
mkdir empty && mv in full && mkdir in
run sp batch in out
expect 66 '*' 'is its disk mounted' 'an empty SOURCE is not believed'
check 'nothing is forgotten' test "$(count_files out)" -ge 5
rmdir in && mv full in

# ---- a state that cannot be used -------------------------------------------------------------------
chmod 755 "$(state | head -n 1)"
run sp batch in out --state "$(state | head -n 1)"
expect 73 '' 'chmod 700' 'a state that others may read'
mkdir -m 700 linked && ln -s "$scratch/in/notes.txt" linked/journal.sqlite
run sp batch in out --state linked
expect 66 '' 'is no regular file' 'a journal that is a link'
check 'what it leads to stays as it is' test "$(stat -c %a in/notes.txt)" = 644
mkdir -m 700 foreign && echo 'no journal' >foreign/journal.sqlite
run sp batch in out --state foreign
expect 66 '' 'move it away' 'a journal that is none'

# ---- a list ----------------------------------------------------------------------------------------
mkdir listed
printf 'top.png\n./2019//b.jpg\n\n/etc/passwd\n../out\nnope.jpg\n' >list
run sp batch in listed --files-from list
expect 1 '^2 photos published' "'/etc/passwd'" 'a list of paths below SOURCE'
check 'what leads out of it is said' grep -q "'../out'" .streams/err
check 'what is not there too' grep -q "'nope.jpg'" .streams/err
printf 'top.png\0002020/c.jpg\000' >list
run sp batch in listed -0 --json --files-from - <list
check 'a list on standard input, with NULs' test "$(total .published)/$(total .unchanged)" = 1/1
check 'what a list leaves out is not gone' test "$(total .gone)" = 0

mkfifo list.pipe piped && rm piped && mkdir piped
cat list >list.pipe &
run sp batch in piped -0 --json --files-from list.pipe
check 'a list from a named pipe is read whole' test "$(total .published)" = 2
perl -e 'truncate "in/huge.jpg", 1 << 42 or open(F, ">in/huge.jpg") && truncate(F, 1 << 42)'
run timeout 20 "$SP" batch in piped --checksum --exclude '20*'
expect 1 '*' 'too-large' 'a huge file is not read for its checksum'
rm in/huge.jpg

# ---- flat, names, keys -----------------------------------------------------------------------------
mkdir flat
run sp batch in flat --flat
check 'all in one folder' test "$(find flat -type f | wc -l)/$(find flat -mindepth 1 -type d | wc -l)" = 6/0
for names in random source; do
    mkdir $names
    run sp batch in $names --set preset.names=$names --durability=none
    check "names = $names" test "$(count_files $names)" = 6
    files $names >want
    rm -f "$(find $names -type f | head -n 1)"
    run sp batch in $names --set preset.names=$names --durability=each
    check "names = $names: the same ones again" sh -c "cd $names && find . -type f | sort | diff ../want -"
done
check 'names = source are those' test -f source/2019/b.jpg.webp
upload in/2019/b.jpg --size 710x510
run sp batch in source --set preset.names=source --json
check 'a changed upload replaces its own files' test "$(total .published)/$(total .superseded)/$(count_files source)" = 1/0/6

# ---- names = source: its own files and no others ----------------------------------------------------
mkdir -p two/a two/b two-out
upload two/a/x.jpg --size 300x200 && upload two/b/x.jpg --size 200x300
for i in 1 2; do
    run sp batch two two-out --flat --set preset.names=source --json
    check "two uploads of one name, run $i: the second finds it taken" \
        test "$(grep -c '"code":"exists"' .streams/out)" = 1
done
echo foreign >two-out/y.jpg.webp && upload two/a/y.jpg --size 310x200
for i in 1 2; do
    run sp batch two two-out --flat --set preset.names=source
    check "a stranger's file stays, run $i" grep -q foreign two-out/y.jpg.webp
done
run sp batch two two-out --flat --set preset.names=source --moved --state nowhere
expect 66 '' 'nothing is remembered' '--moved without a state'

# ---- what the receipt tells a page --------------------------------------------------------------------
mkdir -p 'odd/ä & b' odd-out
upload 'odd/ä & b/p.jpg' --size 300x200
run sp batch odd odd-out --json --base-url https://x/p
check 'the HTML knows the folder' \
    sh -c 'jq -r "select(.picture).picture" .streams/out | grep -q "https://x/p/%C3%A4%20%26%20b/"'
run sp batch odd odd-out --redo-libraries --json
check '--redo-libraries of the same ones' test "$(total .unchanged)" = 1
echo text >'odd/ä & b/no.tif' && printf 'II*\0' >odd/t.tif
sp batch odd odd-out >/dev/null 2>&1
run sp batch odd odd-out --redo-libraries --json
check 'refusals are left alone' test "$(total .unchanged)/$code" = 3/0
run sp batch odd odd-out --exclude '*'
expect 0 '^2 entries were skipped' excluded 'all is excluded: nothing is gone'
rm -r odd/*b
sp batch odd odd-out >/dev/null 2>&1
jpeg=$(find odd-out -name '*.jpg') && echo more >>"$jpeg"
run sp batch odd odd-out --prune
expect 1 '^1 superseded file changed since, and left$' 'it stays' 'what somebody changed is not deleted'
rm "$jpeg"

# ---- shards ----------------------------------------------------------------------------------------
mkdir parts
for i in 0 1 2; do
    sp batch in parts --state "$scratch/shards" --shard $i/3 --json >"part.$i" 2>/dev/null
done
check 'three shards make all of it' test "$(count_files parts)" = 6
check 'each photo once' test "$(cat part.? | grep -c storyphoto.receipt)" = 4
run sp journal merge merged "$scratch"/shards/shard-*
expect 0 '*' '*' 'their states are joined'
mkdir other-out && sp batch other other-out --state foreign-state >/dev/null 2>&1
run sp journal merge merged foreign-state
expect 66 '' 'only parts of one archive can be merged' 'another archive is not joined'
run sp batch in parts --state merged --json
check 'and are one that has nothing to do' test "$(total .published)/$(total .unchanged)" = 0/4
finish
