#!/bin/sh
# SPDX-License-Identifier: MIT
# audit.t -- folders of what is published: which files leak, which cannot be proved, and that
# nothing is missed, followed, changed or waited for.
. "$(dirname "$0")/lib.sh"
canary=Kanarienvogel7
upload photo.jpg --size 800x600 --orientation 6 --gps --serial --comment --canary $canary
upload small.jpg --size 64x48
mkdir public
run sp process photo.jpg small.jpg -o public
expect 0 '*' '' 'two photos are published'

# ---- clean -------------------------------------------------------------------------------------
run sp audit public
expect 0 '^4 files in 1 folder: 4 clean$' '' 'what we publish is clean'
check 'which takes one line' test "$(wc -l <.streams/out)" = 1
run sp audit public/*.webp
expect 0 '^2 files: 2 clean$' '' 'files by their names'
mkdir empty
run sp audit empty
expect 0 '^0 files in 1 folder$' '' 'an empty folder'

# ---- everything that a folder may hold ---------------------------------------------------------
newline=$(printf 'new\nline.jpg')
latin=$(printf 'caf\351.jpg')
mkdir -p site/-x/deep site/.hidden site/empty
cp photo.jpg site/a.jpg
cp photo.jpg "site/$newline"
cp photo.jpg "site/$latin"
cp photo.jpg site/-x/-rf.jpg
cp photo.jpg site/.hidden/README
cp photo.jpg site/photo.txt
cp small.jpg 'site/b,"c".jpg'
cp small.jpg site/-x/deep/z.jpg
head -c 400 small.jpg >site/cut.jpg
printf 'II*\0\010\0\0\0' >site/scan.tif
printf '<svg xmlns="http://www.w3.org/2000/svg"/>' >site/logo
printf '%%PDF-1.7' >site/paper.pdf
printf 'PK\003\004' >site/all.zip
printf 'not one' >site/no.jpg
printf '<html><body>' >site/index.html
printf 'body {}' >site/style.css
printf '\037\213\010' >site/style.css.gz
printf '\037\213\010' >site/map.svg.gz
: >site/nothing
ln -s ../photo.jpg site/link.jpg
ln -s nowhere site/dangling
ln -s .. site/loop
mkfifo site/fifo
perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "site/socket", Listen => 1)'
find site -exec touch -h -a -d 2001-01-01 {} +
# Of folders no time of access: this very look changes it.
state() { find site -printf '%p %y %m %s %T@ %C@ ' \( -type d -printf '\n' -o -printf '%A@\n' \) | sort; }
state >before

run timeout 20 "$SP" audit site
expect 1 '^site/a.jpg: leaks location, .*\(APP1 EXIF [0-9.]+ (bytes|kB), COM comment [0-9]+ bytes\)$' \
    '' 'a folder with everything'
state >after
check 'nothing in it has changed, not even times of access' diff before after
check_not 'no value is told' grep -qaF $canary .streams/out
cat >want <<'WANT'
site/-x/-rf.jpg: leaks
site/.hidden/README: leaks
site/a.jpg: leaks
site/all.zip: unproved
site/caf\xe9.jpg: leaks
site/cut.jpg: unproved
site/logo: unproved
site/map.svg.gz: unproved
site/new\nline.jpg: leaks
site/no.jpg: unproved
site/paper.pdf: unproved
site/photo.txt: leaks
site/scan.tif: unproved
WANT
sed -n 's/^\(site[^:]*: [a-z]*\).*/\1/p' .streams/out >got
check 'a line for each file that is not clean, in order' diff want got
for line in '24 files in 5 folders: 2 clean, 6 leak, 7 unproved, 9 skipped' \
    'skipped: 3 are no picture, video or document' 'skipped: 1 is empty' \
    'skipped: 3 are links, not followed; a web server may follow them' \
    'skipped: 2 are pipes, sockets or devices'; do
    check "the summary: $line" grep -qxF "$line" .streams/out
done
check 'by category' grep -qE '^  location +6$' .streams/out
check 'by carrier' grep -qE '^  EXIF +6 +6 +[0-9.]+ kB$' .streams/out
run timeout 20 "$SP" audit site/
check 'a slash behind the name changes nothing' \
    test "$(sed -n 's/^\(site[^:]*: [a-z]*\).*/\1/p' .streams/out | cksum)" = "$(cksum <want)"

# ---- JSON --------------------------------------------------------------------------------------
run timeout 20 "$SP" audit --json site
expect 1 '^\{"schema":"storyphoto.audit/1","path":"site/a.jpg","status":"leaks",' '' '--json'
check 'an object for every file, and one for all' test "$(jq -c . .streams/out | wc -l)" = 25
check 'each on a line of its own' test "$(wc -l <.streams/out)" = 25
check 'what leaks is told by carrier' jq -es '.[] | select(.path == "site/a.jpg") |
    (.reveals | index("location")) != null and
    ([.carriers[] | select(.place == "COM") | .reveals] == [["comment"]])' .streams/out
check 'what is clean promises so' jq -es '[.[] | select(.status == "clean").reveals] == [[], []]' .streams/out
check 'what is unproved does not' \
    jq -es 'all(.[] | select(.status == "unproved"); has("reveals") | not)' .streams/out
check 'each of those says why' \
    jq -es 'all(.[] | select(.status == "unproved"); .error.code and .error.message)' .streams/out
check 'a name that is not UTF-8' jq -es '.[] | select(.path_base64) |
    .path == "site/caf\ufffd.jpg" and (.path_base64 | @base64d | length) > 0' .streams/out
check 'the newline is in the name' jq -es 'any(.[]; .path == "site/new\nline.jpg")' .streams/out
check 'why they are skipped' test "$(jq -r 'select(.reason) | .reason' .streams/out | sort | uniq -c |
    tr -s ' \n' ' ')" = ' 1 empty 3 link 3 no-picture 2 special '
check 'the last one counts' jq -es '.[-1].summary | .complete and .files == 24 and .folders == 5
    and .clean == 2 and .leaks == 6 and .unproved == 7 and .skipped == 9 and .failed == 0
    and .reveals.location == 6' .streams/out
check_not 'no value' grep -qaF $canary .streams/out

# ---- CSV ---------------------------------------------------------------------------------------
run timeout 20 "$SP" audit --csv site
expect 1 '^path,status,reason,format,bytes,reveals,carriers,code,error$' '' '--csv'
check 'a line for every file, whatever its name' test "$(wc -l <.streams/out)" = 25
check 'a name with a comma and quotes' grep -qE '^"site/b,""c"".jpg",clean,,jpeg,[0-9]+,,,,$' .streams/out
check 'a leak' grep -qE '^site/a.jpg,leaks,,jpeg,[0-9]+,location .*,exif:[0-9]+ comment:[0-9]+,,$' .streams/out
check 'a link' grep -qxF 'site/link.jpg,skipped,link,,,,,,' .streams/out
check 'a new line' grep -qF 'site/new\nline.jpg,leaks,' .streams/out
check 'a code and a message' grep -qE '^site/scan.tif,unproved,,tiff,[0-9]+,,,unsupported,"?TIFF ' .streams/out
check_not 'no control character' grep -qaP '[\x00-\x09\x0b-\x1f\x7f]' .streams/out

mkdir formulas
for name in =1+1 +1 -1 @sum "$(printf '\tx')" a=b; do
    cp small.jpg "formulas/$name.jpg"
done
(cd formulas && "$SP" audit --csv -- =* +* -* @* "$(printf '\tx')"* a*) >got
printf '%s\n' path ./=1+1.jpg ./+1.jpg ./-1.jpg ./@sum.jpg './\tx.jpg' a=b.jpg >want
check 'no name is a formula' sh -c 'cut -d, -f1 got | diff want -'

# ---- what is excluded --------------------------------------------------------------------------
run timeout 20 "$SP" audit --exclude '*.jpg' --exclude -x --exclude .hid* --exclude all.zip site
check 'by their names, and folders with all that is below' test \
    "$(sed -n 's/^\(site[^:]*\): [a-z]*.*/\1/p' .streams/out | tr '\n' ' ')" = \
    'site/logo site/map.svg.gz site/paper.pdf site/photo.txt site/scan.tif '
check 'they are counted' grep -qx 'skipped: 10 are excluded' .streams/out
run timeout 20 "$SP" audit site --csv --exclude '-x/deep/*' --exclude '*/README'
check 'by their paths' test "$(grep -c ',skipped,excluded,,,,,,$' .streams/out)" = 2
check 'which begin below the folder' grep -q '^site/.hidden/README,skipped,excluded,' .streams/out
run sp audit --exclude 'site/*' --exclude site --exclude a.jpg site/a.jpg
expect 1 '^site/a.jpg: leaks' '' 'a file that is named is never excluded'
run timeout 20 "$SP" audit --json --exclude '*' site
expect 0 '"reason":"excluded"' '' 'everything but what is named'
check 'in the summary too' jq -es '.[-1].summary | .skipped == .reasons.excluded and .folders == 1' .streams/out
run sp audit --exclude '*.svg'
expect 64 '' 'no FILE\|DIR given' 'nothing but --exclude'

# ---- what is named -----------------------------------------------------------------------------
run sp audit site/link.jpg
expect 1 '^site/link.jpg: leaks' '' 'a link that is named is followed'
ln -s site door
run timeout 20 "$SP" audit door
expect 1 '^door/a.jpg: leaks' '' 'a link to a folder that is named, too'
run sp audit nope small.jpg
expect 1 '^nope: failed: .*\(cannot-read\)$' '' 'a name that is not there'
check 'the others are read' grep -qx '2 files: 1 clean, 1 failed' .streams/out
run sp audit site/dangling
expect 1 '^site/dangling: failed: ' '' 'a link to nowhere that is named'
run timeout 10 "$SP" audit site/fifo
expect 1 '^site/fifo: failed: is no file and no folder \(cannot-read\)$' '' 'a pipe that is named'
run sp audit -- -x
expect 1 '^-x: failed' '' 'behind -- everything is a name'
run sp audit -
expect 64 '' "write './-'" 'standard input is not read'
run sp audit
expect 64 '' 'no FILE\|DIR given' 'no name'
run sp audit --json --csv site
expect 64 '' '--json and --csv exclude each other' '--json and --csv'

# ---- no right ----------------------------------------------------------------------------------
mkdir -p locked/folder locked/list
cp small.jpg locked/folder/a.jpg
cp small.jpg locked/list/b.jpg
cp small.jpg locked/c.jpg
cp small.jpg locked/d.jpg
chmod 0 locked/folder locked/c.jpg
chmod 444 locked/list
if [ "$(id -u)" != 0 ]; then
    run sp audit locked
elif command -v setpriv >/dev/null; then
    chmod 755 "$scratch"
    chown -R 65534 locked
    run setpriv --reuid=65534 --regid=65534 --clear-groups "$SP" audit locked
fi
if [ "$code" = 126 ] || [ "$code" = 127 ] || [ "$code" = 71 ]; then
    skip 'what must not be read' 'nobody else may run the program'
else
    expect 1 '^4 files in 2 folders: 1 clean, 3 failed$' '' 'what must not be read fails'
    check 'and is told, not passed over' test "$(grep -c '^locked/.*: failed: .*Permission denied (' \
        .streams/out)" = 3
fi
chmod -R u+rwx locked

# ---- a host that is short of threads and memory --------------------------------------------------
# With ever less of both it says what it could not do, and never aborts (134). Above 125 the
# program itself did not start. (A sanitizer that looks for leaks needs a process of its own for
# that, and would end with 1 where there is none.)
none="(cannot start a process: |renderer '.*' ended before it was ready)"
short() { # NAME COMMAND...: with a limit in front of the program
    name=$1
    shift
    run env ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" "$@" "$SP" audit --csv public
    case $code in
    126 | 127) skip "$name" 'the program does not even start' ;;
    0) expect 0 '^public/.*,clean,' '' "$name: done" ;;
    1) expect 1 '^public/.*,failed,.*,busy,(cannot start a process|this host gives)' '' "$name: not all" ;;
    *) expect 71 '^path,' "not complete: $none" "$name: no inspector" ;;
    esac
}
if prlimit --as=20000000:20000000 "$SP" --version >/dev/null 2>&1; then
    for kilobytes in 9000 10000 12000 14000 16000 20000 30000; do
        short "memory: $kilobytes kB" prlimit --as=${kilobytes}000:${kilobytes}000
    done
else
    skip 'little memory' 'this build cannot run so'
fi
if [ "$(id -u)" = 0 ] && setpriv --reuid=64999 --regid=64999 --clear-groups "$SP" --version >/dev/null 2>&1; then
    chmod 755 "$scratch"
    for threads in 1 2 3 4 6 12; do
        short "processes: $threads" setpriv --reuid=64999 --regid=64999 --clear-groups \
            prlimit --nproc=$threads:$threads
    done
else
    skip 'few processes' 'nobody else may run the program'
fi

# ---- deep, and many ----------------------------------------------------------------------------
perl -e 'mkdir "deep" or die; chdir "deep"; for (1 .. 1000) { mkdir "d" or die $!; chdir "d" or die }
    open my $file, ">", "x.txt"; link "$ARGV[0]/photo.jpg", "end.jpg" or die $!' "$scratch"
run timeout 60 "$SP" audit deep
expect 1 '^deep(/d){1000}/end.jpg: leaks ' '' 'a thousand folders within each other'
check 'and all of them' grep -qx '2 files in 1001 folders: 1 leaks, 1 skipped' .streams/out
# With rm -r on long paths nobody is happy: from below.
perl -MFile::Path -e 'chdir "deep" or die; chdir "d" or die for 1 .. 1000; unlink "x.txt", "end.jpg";
    for (1 .. 1000) { chdir ".." or die; rmdir "d" or die $! }'

mkdir many
perl -e 'for (1 .. 10000) { link "photo.jpg", sprintf("many/%05d.jpg", $_) or die $! }'
run timeout 100 "$SP" audit many
expect 1 '^10000 files in 1 folder: 10000 leak$' '' 'ten thousand files'
check 'a line each' test "$(grep -c '^many/.*: leaks ' .streams/out)" = 10000
check 'in order' sh -c 'grep ^many/ .streams/out | LC_ALL=C sort -c'

# ---- while it is read --------------------------------------------------------------------------
mkdir restless
perl -e '$SIG{TERM} = sub { exit }; local $/; open my $in, "<:raw", "photo.jpg"; my $photo = <$in>;
    while (1) { for my $i (1 .. 20) { open my $out, ">:raw", "restless/$i.jpg"; print $out $photo;
        truncate $out, rand length $photo; close $out; unlink "restless/$i.jpg" if rand() < 0.3 } }' &
pid=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
    timeout 60 "$SP" audit --json restless
done >restless.json 2>restless.err
kill $pid
wait $pid 2>/dev/null
check 'files that change, shrink and vanish end nothing' test ! -s restless.err
check 'ten audits to their end' test "$(jq -s '[.[] | select(.summary.complete)] | length' restless.json)" = 10
check 'and no inspector died of it' sh -c '! grep -qE "decoder-crashed|protocol|busy" restless.json'

# ---- standard streams, signals -----------------------------------------------------------------
for more in '' --json --csv; do
    # shellcheck disable=SC2086 # a word or none
    run sh -c '"$0" audit "$@" >/dev/full' "$SP" many $more
    expect 74 '' 'cannot write to standard output: No space' "full stdout $more"
done
run sh -c '"$0" audit many >&-' "$SP"
expect 74 '' 'cannot write to standard output: it is closed' 'closed stdout'
run sh -c '"$0" audit many | head -n 1' "$SP"
expect 0 '^many/00001.jpg: ' 'cannot write to standard output: Broken pipe' 'a reader that left'

# A shell starts background jobs with SIGINT ignored.
many=$(yes many | head -n 40)
for more in '' --json; do
    rm -f .streams/out
    # shellcheck disable=SC2086 # lists of words
    perl -e 'setpgrp; $SIG{$_} = "DEFAULT" for qw(INT); exec @ARGV' "$SP" audit $more $many \
        >.streams/out 2>.streams/err &
    pid=$!
    until [ -s .streams/out ]; do sleep 0.1; done
    kill -INT $pid
    wait $pid
    code=$?
    expect 75 '*' 'the audit is not complete: interrupted$' "Ctrl-C $more"
    if [ -z "$more" ]; then
        check 'its summary says so' \
            grep -qx 'not complete: what follows is of the part that was read' .streams/out
        check 'and counts what was told' test "$(grep -c '^many/' .streams/out)" = \
            "$(sed -n 's/^\([0-9]*\) files in .*/\1/p' .streams/out)"
    else
        check 'its summary says so in JSON' test "$(tail -n 1 .streams/out | jq .summary.complete)" = false
        check 'and counts what was told in JSON' test "$(tail -n 1 .streams/out | jq .summary.files)" = \
            $(($(wc -l <.streams/out) - 1))
    fi
done
if command -v script >/dev/null; then
    run script -qefc "'$SP' audit many >told" /dev/null </dev/null
    expect 1 '[0-9]+ files, [0-9]+ of them leak' '' 'progress on a terminal'
    check 'and no trace of it in the result' sh -c '! grep -qaF "of them leak" told'
else
    skip 'progress on a terminal' 'script(1) is not there'
fi

finish
