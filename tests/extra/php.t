#!/bin/sh
# SPDX-License-Identifier: MIT
# php.t -- examples/php behind PHP's own server, through HTTP: a photo, those that are refused, what
# PHP itself refuses, the time limit, and how many run at once.
. "$(dirname "$0")/../cli/lib.sh"
. "$root/tests/extra/backend-lib.sh"

needs php curl
make_uploads
cp -r "$root/examples/php" site
mkdir -p site/private site/public/photos tmp
port=$(free_port)
serve php -d upload_max_filesize=2M -d post_max_size=4M -d upload_tmp_dir="$scratch/tmp" \
    -S "127.0.0.1:$port" -t site/public

ask 200 'the form' "$site/"
check 'it has a file to choose' body_has 'type="file" name="photo"'
ask 200 'a photo' -F 'story=It is <b>mine</b>' -F "photo=@photo.jpg;filename=$canary.jpg" "$site/"
check 'it is shown' body_has '<picture><source type="image/webp" srcset="/photos/'
check 'the story is shown as text' body_has 'It is &lt;b&gt;mine&lt;/b&gt;'
check 'what was removed is said' body_has "$(removal location)"
check 'no name of the sender' test -z "$(grep -F $canary body)"
check 'two files' test "$(count_files site/public/photos)" = 2
for kind in webp jpg; do
    at=$(grep -o "/photos/[a-z0-9]*\.$kind" body | head -n 1)
    ask 200 "its $kind can be fetched" "$site$at"
    check "its $kind is that file" cmp body "site/public$at"
    ask 200 'once more' -F story=x -F photo=@photo.jpg "$site/"
done
check 'the same photo has other names' test "$(count_files site/public/photos)" = 6
clean_outcome published site/public/photos site tmp

ask 422 'half a photo' -F 'story=what I "wrote"' -F photo=@half.jpg "$site/"
check 'it is said' says truncated
check 'what they wrote is still there' body_has 'what I &quot;wrote&quot;</textarea>'
check 'there is no picture' test -z "$(grep '<picture>' body)"
ask 422 'no photo' -H 'Accept-Language: es-MX,en' -F story=x -F photo=@notes.txt "$site/"
check 'it is said in Spanish' says not-an-image es
ask 422 'no photo, for whom there are no sentences' -H 'Accept-Language: tlh' -F photo=@notes.txt "$site/"
check 'it is said in English' says not-an-image
ask 422 'nothing chosen' -F story=x -F 'photo=;filename=' "$site/"
check 'it is said' says empty
head -c 3000000 /dev/zero >large
ask 413 'more than upload_max_filesize' -F story=x -F photo=@large "$site/"
check 'it is said' says too-large
cat large large >larger
ask 413 'more than post_max_size' -F story=x -F photo=@larger "$site/"
check 'it is said' says too-large
ask 500 'several photos' -F story=x -F 'photo[]=@photo.jpg' -F 'photo[]=@photo.jpg' "$site/"
check 'it is said' says internal
mv site/public/photos away
ask 500 'no folder to publish in' -F story=x -F photo=@photo.jpg "$site/"
check 'it is said' says internal
check 'the log says why' grep -q 'cannot open the folder of --output' server.log
mv away site/public/photos
check 'nothing more is published' test "$(count_files site/public/photos)" = 6
clean_outcome 'after refusals' site/public/photos site tmp

slow_program slow
cat >tool.php <<'END'
<?php
require 'site/storyphoto.php';
$start = microtime(true);
$tool = new Storyphoto\Tool($argv[1], 'site/private', jobs: 1, seconds: 1);
$answer = $tool->take('photo.jpg', 'site/public/photos');
echo $answer['error'], ' ', microtime(true) - $start < (float) $argv[2] ? 'soon' : 'late', "\n";
END
run php tool.php "$scratch/slow" 5
expect 0 '^internal soon$' 'exit code -1|15' 'one that does not end is ended'
check 'it has ended' all_ended slow.pids
(flock 9 && exec sleep 60) 9>site/private/slot-0 &
held=$!
run php tool.php "$SP" 15
expect 0 '^busy soon$' '' 'more than may run at once'
check 'it was not begun' test "$(count_files site/public/photos)" = 6
kill $held
wait $held 2>/dev/null
run php tool.php "$SP" 5
expect 0 '^ soon$' '' 'and when there is room'
check 'it is published' test "$(count_files site/public/photos)" = 8
run php tool.php /nonexistent 5
expect 0 '^internal soon$' '*' 'no program'
finish
