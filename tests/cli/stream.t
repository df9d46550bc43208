#!/bin/sh
# SPDX-License-Identifier: MIT
# stream.t -- an archive in, an archive out: the same files as by process, in order, whatever is
# in the archive, and however it, its reader or its taker ends.
. "$(dirname "$0")/lib.sh"
upload photo.jpg --size 640x480 --gps
upload other.jpg --size 320x240
upload slow.jpg --size 4000x3000 --noise 20
echo text >text.jpg
archive() { "$root/tests/data/make-tar.pl" "$@"; }
# stream_of TAR [OPTION]...: the archive that comes out is out.tar, unpacked in got/.
stream_of() {
    stream_tar=$1
    shift
    rm -rf got && mkdir got
    "$SP" stream "$@" <"$stream_tar" >out.tar 2>.streams/err
    code=$?
    : >.streams/out
    tar --warning=no-unknown-keyword -xf out.tar -C got 2>.streams/tar && [ ! -s .streams/tar ] ||
        result 1 "what comes out of $stream_tar can be read" "$(cat .streams/tar)"
}
told() { cat got/receipts/*.json; }
# says FILTER WANT NAME: of the receipts, one after the other.
says() { check "$3" test "$(told | jq -r "$1" | tr '\n' ' ')" = "$2 "; }
has_end() { test "$(tail -c 1024 "$1" | tr -d '\0' | wc -c)" = 0; }
sanitized() { grep -q -- -fsanitize "$BUILD/flags"; }

# ---- the same as process -------------------------------------------------------------------------
mkdir -p in/deep want
cp photo.jpg in/photo.jpg
cp other.jpg in/deep/other.jpg
cp slow.jpg in/slow.jpg
tar -cf in.tar in/slow.jpg in/photo.jpg in/deep/other.jpg
run sp process slow.jpg photo.jpg other.jpg -o want --json
sed 's|want/||g' .streams/out | jq -S 'del(.input.name)' >want.json
stream_of in.tar
expect 0 '' '^storyphoto: 3 entries: 3 done, 0 refused, 0 failed, 0 skipped$' 'three photos'
mkdir flat && cp got/*.webp got/*.jpg flat
check 'the files that process publishes' diff -r want flat
check 'and a receipt for each' test "$(ls got/receipts | tr '\n' ' ')" = \
    '000001.json 000002.json 000003.json '
told | jq -S 'del(.input.name)' >got.json
check 'receipts say what those of process say' diff want.json got.json
says .input.name 'in/slow.jpg in/photo.jpg in/deep/other.jpg' 'and the names of entries'
check 'a receipt is one line' test "$(wc -l <got/receipts/000001.json)" = 1
check 'in order, variants before their receipt' test \
    "$(tar -tf out.tar | sed 's/.*\.\([a-z]*\)$/\1/' | tr '\n' ' ')" = \
    'webp jpg json webp jpg json webp jpg json '
check 'files of nobody, of no hour' test \
    "$(TZ=UTC tar --numeric-owner -tvf out.tar | awk '{ print $1, $2, $5 }' | sort -u)" = \
    '-rw-r--r-- 0/0 00:00'
check_not 'nothing of the sender is in them' grep -aq -e sender -e "$(id -un)/" out.tar
check 'the archive has its end' has_end out.tar
cp out.tar first.tar
for jobs in 1 3 64; do
    stream_of in.tar --jobs $jobs
    check "with --jobs $jobs, the same bytes" cmp first.tar out.tar
done
rm -rf want flat
archive 'name=a.jpg file=photo.jpg' 'name=b.jpg file=other.jpg' 'name=c.jpg file=photo.jpg' end >twice.tar
stream_of twice.tar
check 'the same picture twice is written twice' test \
    "$(tar -tf out.tar | sort | uniq -d | wc -l)" = 2
stream_of in.tar --base-url https://example.org/p -p responsive --set preset.names=source
expect 0 '' '3 done' 'a preset, a key and a URL'
check 'names by source, in their folders' sh -c 'find got -name "photo.jpg*.webp" | grep . && find got -name "other.jpg*.jpg" | grep .'
check 'the URL is in the HTML' grep -q 'https://example.org/p/' got/receipts/000002.json

# ---- usage -------------------------------------------------------------------------------------
for arguments in '-o .' '--receipts .' --force; do
    # shellcheck disable=SC2086 # words on purpose
    run sp stream $arguments <in.tar
    expect 64 '' '^storyphoto: --output, --receipts and --force are for paths' "$arguments"
done
run sp stream in.tar
expect 64 '' 'takes no PHOTO' 'an operand'
run sp stream --lines -0 </dev/null
expect 64 '' 'exclude each other' 'two ways at once'
run sp stream --jobs 0 <in.tar
expect 64 '' "^storyphoto: --jobs '0' is not a number from 1 to 64$" '--jobs 0'
run sp stream -p nosuch <in.tar
expect 78 '' nosuch 'no such preset'
run sp stream <&-
expect 66 '' 'standard input is closed' 'standard input is closed'
run sp stream <in
expect 66 '' 'standard input is a folder' 'standard input is a folder'
run sp stream --base-url "$(printf '\377')" <in.tar
expect 64 '' 'not valid UTF-8' 'a URL that is not UTF-8'

# ---- refused -------------------------------------------------------------------------------------
tar -cf some.tar photo.jpg text.jpg other.jpg
stream_of some.tar
expect 1 '' '3 entries: 2 done, 1 refused, 0 failed' 'one is refused'
says '.error.code // .status' 'ok not-an-image ok' 'one is refused: the receipts'
check 'nothing is written of it' test "$(count_files got)" = 7
stream_of in.tar --set limits.max-upload=100K
expect 1 '' '1 refused' 'one is too large'
says '.error.code // .status' 'too-large ok ok' 'one is too large: the receipts'
archive 'name=a.jpg' 'name=b.jpg file=photo.jpg' end >empty.tar
stream_of empty.tar
says '.error.code // .status' 'empty ok' 'one is empty'

# ---- strange names -------------------------------------------------------------------------------
archive 'name=/etc/a.jpg file=text.jpg' 'name=../../b.jpg file=photo.jpg' 'name=./x/.././c.jpg file=text.jpg' \
    'name=d\11\33[1m.jpg file=text.jpg' 'name= file=text.jpg' 'name=.. file=text.jpg' \
    'name=\377\376.jpg file=text.jpg' 'name=\342\202\254.jpg file=text.jpg' end >names.tar
stream_of names.tar
expect 1 '' '8 entries: 1 done, 7 refused' 'strange names'
says '.input.name | @json' \
    '"etc/a.jpg" "b.jpg" "x/c.jpg" "d\t\u001b[1m.jpg" "entry-5" "entry-6" "��.jpg" "€.jpg"' \
    'strange names lose what leads out'
stream_of names.tar --set preset.names=source
check 'and lead nowhere as names of files' test "$(tar -tf out.tar | grep -v receipts/ | tr '\n' ' ')" = \
    'b.jpg.webp b.jpg.jpg '
long=$(perl -e 'print "n" x 120')
archive "name=\\342\\202\\254$(printf %.90s "$long").jpg file=photo.jpg" "name=\\377\\376.jpg file=photo.jpg" \
    "name=receipts/$(printf %.80s "$long") file=photo.jpg" end >source.tar
stream_of source.tar --set preset.names=source
expect 0 '' '3 done' 'names in UTF-8, long ones and broken ones'
check 'come out as they are' test -f "got/€$(printf %.90s "$long").jpg.webp" -a \
    -f "got/$(printf '\377\376').jpg.jpg"
name=$(perl -e 'print "d/" x 2500, "x.jpg"')
mkdir -p huge
{
    archive "name=././@LongLink type=L data=$name\\0" 'name=cut.jpg file=photo.jpg'
    archive 'name=b.jpg file=photo.jpg' end
} >huge.tar
stream_of huge.tar
expect 0 '' '2 entries: 2 done' 'a name of 5000 bytes'
says '.input.name | length | . < 4097' 'true true' 'is cut'
says '.input.name[-5:]' 'x.jpg b.jpg' 'at its beginning'
perl -e 'print "9" x 3000000' >digits
archive 'name=././@LongLink type=L file=digits' 'name=cut.jpg file=photo.jpg' end >huge.tar
stream_of huge.tar
expect 65 '' 'the archive is damaged' 'a name of 3 MB'
perl -e 'my $r = "path=" . "9" x 2000000 . "\n"; my $n = length($r) + 8; print "$n $r"' >record
archive 'name=pax type=x file=record' 'name=cut.jpg file=photo.jpg' end >huge.tar
stream_of huge.tar
expect 65 '' 'the archive is damaged' 'a name of 2 MB in pax'

# ---- what is no file -----------------------------------------------------------------------------
archive 'name=dir/ type=5' 'name=dir/link type=2 link=/etc/passwd' 'name=dir/link/a.jpg file=photo.jpg' \
    'name=hard type=1 link=dir/link/a.jpg' 'name=tty type=3' 'name=disk type=4' 'name=fifo type=6' \
    'name=b.jpg file=photo.jpg' end >kinds.tar
stream_of kinds.tar
expect 0 '' '8 entries: 2 done, 0 refused, 0 failed, 6 skipped$' 'what is no file is skipped'
check 'and told, in order' test "$(sed -n "s/^storyphoto: skipped '\(.*\)': is \(.*\)/\1 \2/p" .streams/err |
    tr '\n' '|')" = 'dir a folder|dir/link a symbolic link|hard a hard link|tty a device or FIFO|disk a device or FIFO|fifo a device or FIFO|'
check 'receipts have the entries'"'"' numbers' test "$(ls got/receipts | tr '\n' ' ')" = \
    '000003.json 000008.json '
check_not 'nothing was made of them' test -e dir -o -e got/dir -o -e hard
perl -e 'truncate STDOUT, 10_000_000; seek STDOUT, 5_000_000, 0; print "x"; truncate STDOUT, 9_000_000' >sparse.jpg
for format in gnu posix; do
    tar -S -H $format -cf sparse.tar sparse.jpg photo.jpg
    stream_of sparse.tar
    expect 0 '' "skipped 'sparse.jpg': is a sparse file" "a sparse file in $format"
    says '.status' ok "and what is behind it ($format)"
done

# ---- archives that are none ----------------------------------------------------------------------
: | "$SP" stream >out.tar 2>said
check 'nothing at all is an empty archive' test $? = 0 -a "$(tar -tf out.tar | wc -l)" = 0
check 'and makes one' has_end out.tar
archive end >end.tar
stream_of end.tar
expect 0 '' '^storyphoto: 0 entries: ' 'an empty archive'
for packer in gzip bzip2 xz zstd; do
    command -v $packer >/dev/null || continue
    $packer -c in.tar >packed
    stream_of packed
    expect 65 '' "^storyphoto: the archive is compressed: decompress it first \($packer -dc\)$" "$packer"
    check "$packer: an empty archive comes out" test "$(tar -tf out.tar | wc -l)" = 0
done
stream_of text.jpg
expect 65 '' '^storyphoto: standard input is no tar archive$' 'a text'
stream_of photo.jpg
expect 65 '' 'standard input is a picture' 'a photo'
head -c 100000 /dev/zero >zeros
stream_of zeros
expect 0 '' '^storyphoto: 0 entries' 'zeros are an end'
head -c 100000 /dev/urandom >noise
stream_of noise
expect 65 '' 'standard input is no tar archive' 'noise'

# ---- cut and lying ones --------------------------------------------------------------------------
size=$(wc -c <photo.jpg)
blocks=$(((size + 511) / 512 * 512))
archive 'name=a.jpg file=photo.jpg' 'name=b.jpg file=photo.jpg' end >two.tar
for at in 511 512 1000; do
    head -c $((512 + blocks + at)) two.tar >cut.tar
    stream_of cut.tar
    expect 65 '' '^storyphoto: the archive is cut off: its end is missing$' "cut at $at of the second"
    check "cut at $at: the first is there" test "$(told | jq -r '.status' | head -n 1)" = ok
    check "cut at $at: and the end" has_end out.tar
done
says '.error.code // .status' 'ok cannot-read' 'what was cut has a receipt that says so'
head -c $((512 + blocks)) two.tar >cut.tar
stream_of cut.tar
expect 65 '' 'the archive is cut off' 'cut between two'
says .status ok 'cut between two: the first is done'
archive 'name=a.jpg file=photo.jpg' "name=b.jpg size=99999999 file=photo.jpg" 'name=c.jpg file=photo.jpg' end >lie.tar
stream_of lie.tar
expect 65 '' 'cut off' 'a size that is too large'
says '.error.code // .status' 'ok cannot-read' 'has what is behind it in it'
for lie in 9223372036854775807 9223372036854775000 -1 -9223372036854775808 '\200' '999999999999' '\377\377'; do
    archive 'name=a.jpg file=photo.jpg' "name=b.jpg size=$lie file=photo.jpg" end >lie.tar
    stream_of lie.tar
    check "a size of $lie: an end in order ($code)" test $code = 65 -o $code = 1
    check "a size of $lie: what came before is done" test -s got/receipts/000001.json -a \
        "$(jq -r .status got/receipts/000001.json)" = ok
done
archive 'name=a.jpg file=photo.jpg' "name=b.jpg size=600 file=photo.jpg" end >lie.tar
stream_of lie.tar
expect 65 '' 'the archive is damaged' 'a size that is too small'
archive 'name=a.jpg file=photo.jpg' "name=b.jpg sum=bad file=photo.jpg" end >lie.tar
stream_of lie.tar
expect 65 '' 'the archive is damaged' 'a wrong checksum'
# A hole as large as may be, that a map of 24 bytes says.
printf '28 GNU.sparse.realsize=9000000000\n' >map
printf '22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n24 GNU.sparse.name=x.jpg\n40 GNU.sparse.realsize=9000000000000000\n' >map
archive 'name=pax type=x file=map' 'name=x data=1\0128999999999999999\0121\012' 'name=b.jpg file=photo.jpg' end >hole.tar
stream_of hole.tar
check "a hole of petabytes ends at once ($code)" test $code = 0 -o $code = 65

# ---- many ----------------------------------------------------------------------------------------
archive 'name=tiny-#.jpg data=no times=10000' end >many.tar
stream_of many.tar
expect 1 '' '^storyphoto: 10000 entries: 0 done, 10000 refused' 'ten thousand tiny ones'
check 'each has its receipt' test "$(count_files got/receipts)" = 10000
check 'in order' test "$(tar -xOf out.tar | jq -r .input.name | sed 's/[^0-9]//g' | sort -nc && echo yes)" = yes

# ---- constant memory -----------------------------------------------------------------------------
# peak_of N: of the supervisor, after N photos, while it waits for more.
peak_of() {
    mkfifo feed.$1
    "$SP" stream --jobs 2 <feed.$1 >out.$1 2>said.$1 &
    pid=$!
    exec 3>feed.$1
    archive "name=p-#.jpg file=photo.jpg times=$1" >&3
    await grep -aqF "receipts/$(printf %06d "$1").json" out.$1
    sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' /proc/$pid/status >peak.$1
    archive end >&3
    exec 3>&-
    wait $pid
    check "$1 photos: done" test $? = 0
}
peak_of 40
peak_of 400
echo "# peak after 40 photos: $(cat peak.40) kB, after 400: $(cat peak.400) kB"
if sanitized; then
    skip 'memory is constant' 'a sanitizer keeps what is freed'
else
    check 'memory is constant' test "$(cat peak.400)" -lt $(($(cat peak.40) + 2000))
fi

# ---- the reader ----------------------------------------------------------------------------------
# A shell starts background jobs with SIGINT ignored; perl gives it back.
listen() { exec perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV' "$SP" "$@"; }
reader_of() { pgrep -P "$1" -f '^storyphoto-untar'; }
has_told() { test "$(tar -tf out.tar 2>/dev/null | grep -c receipts/)" -ge "$1"; }
begin() { # starts $pid with a feed at descriptor 3
    rm -f feed && mkfifo feed
    listen stream "$@" <feed >out.tar 2>said 3>&- &
    pid=$!
    exec 3>feed
}
begin
await reader_of $pid
reader=$(reader_of $pid)
await grep -q '^Seccomp:.*2' "/proc/$reader/status"
check 'the reader is locked before a byte is there' grep -q '^NoNewPrivs:.*1' "/proc/$reader/status"
check 'it has three descriptors' test "$(ls "/proc/$reader/fd" | wc -l)" = 3
check 'and one thread' test "$(ls "/proc/$reader/task" | wc -l)" = 1
archive 'name=a.jpg file=photo.jpg' >&3
await has_told 1
check 'an entry is told while the archive is open' test "$(tar -tf out.tar 2>/dev/null | wc -l)" = 3
kill -9 "$reader"
wait $pid
check 'its reader is killed: 75' test $? = 75
exec 3>&-
check 'and that is said' grep -q "^storyphoto: the archive's reader was killed$" said
check 'what was done is told, with an end' has_end out.tar
begin
archive 'name=a.jpg file=photo.jpg' 'name=b.jpg size=5000 data=x' >&3
await has_told 1
kill -ABRT "$(reader_of $pid)"
wait $pid
check 'its reader crashes: 65' test $? = 65
exec 3>&-
check 'and that is said' grep -q "the archive's reader crashed: SIGABRT" said
check 'the one that was being read has a receipt' test \
    "$(tar -xOf out.tar receipts/000002.json | jq -r .error.code)" = cannot-read

without() { "$BUILD/tests/without" "$@"; }
run without seccomp "$SP" stream <in.tar
expect 71 '*' 'cannot filter system calls \(seccomp\)' 'a host without seccomp: 71'
check 'and an archive without an entry' test "$(tar -tf .streams/out | wc -l)" = 0
run without landlock "$SP" stream <in.tar
expect 0 '*' '3 done' 'a host without Landlock'

# ---- stopped -------------------------------------------------------------------------------------
begin
archive 'name=a.jpg file=photo.jpg' 'name=slow.jpg file=slow.jpg' 'name=b.jpg size=5000 data=x' >&3
await has_told 1
kill -INT $pid
wait $pid
check 'Ctrl-C: 75' test $? = 75
exec 3>&-
check 'Ctrl-C: what was begun is finished' test \
    "$(tar -xOf out.tar receipts/000001.json receipts/000002.json | jq -r .status | tr '\n' ' ')" = 'ok ok '
check 'Ctrl-C: what was not all there is not told' test "$(tar -tf out.tar | grep -c receipts/)" = 2
check 'Ctrl-C: the archive has its end' has_end out.tar
check 'Ctrl-C: and the totals' grep -q '^storyphoto: 2 entries: 2 done' said
begin
archive 'name=a.jpg file=photo.jpg' >&3
await has_told 1
await reader_of $pid
reader=$(reader_of $pid)
kill -9 $pid
wait $pid 2>/dev/null
gone() { ! kill -0 "$reader" 2>/dev/null; }
await gone
exec 3>&-
check 'a supervisor that is killed leaves no reader' gone

run sh -c '"$0" stream <in.tar >/dev/full' "$SP"
expect 74 '' '^storyphoto: cannot write to standard output: No space left' 'nobody can be told: 74'
archive 'name=p-#.jpg file=photo.jpg times=500' end >500.tar
run sh -c '{ "$0" stream <500.tar; echo $? >code; } | head -c 1000 >/dev/null' "$SP"
check 'its reader leaves: 74' test "$(cat code)" = 74
check 'and not all are begun' test "$(sed -n 's/^storyphoto: \([0-9]*\) entries.*/\1/p' .streams/err)" -lt 100
run sh -c 'tar -cf - in | "$0" stream | tar -tf - >/dev/null' "$SP"
expect 0 '' 'skipped .in.: is a folder' 'in a pipe'
tar -b 200 -cf padded.tar photo.jpg
run bash -o pipefail -c 'cat padded.tar | "$0" stream >out.tar' "$SP"
expect 0 '' '1 done' 'a sender finds no broken pipe'

if mount_tmpfs full size=64k; then
    : # of an archive nothing is written to a disk but the output
    run sh -c '"$0" stream <in.tar >full/out.tar' "$SP"
    expect 74 '' 'cannot write to standard output: No space left' 'a disk that fills up'
fi
finish
