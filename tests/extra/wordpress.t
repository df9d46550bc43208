#!/bin/sh
# SPDX-License-Identifier: MIT
# wordpress.t -- the plugin of examples/wordpress in a real WordPress, through HTTP: photos with
# GPS by somebody with an account, by each way that there is, and by the form for those without
# one. Then the uploads folder and the database hold no canary and nothing of an original, the
# page shows a <picture>, and a refused photo its sentence. SHOTS=DIR keeps what a browser saw.
. "$(dirname "$0")/../cli/lib.sh"
. "$root/tests/extra/backend-lib.sh"
. "$root/tests/extra/wordpress-lib.sh"

needs php curl mariadbd mariadb mariadb-install-db
for needed in /usr/share/wordpress/wp-load.php /usr/share/wordpress/wp-content/themes/twentytwentythree; do
    [ -e "$needed" ] || {
        skip wordpress "there is no $needed"
        finish
    }
done
uploads=www/wp-content/uploads
files() { find $uploads -type f ! -name 'slot-*'; }
n_files() { files | wc -l; }

make_uploads
upload control.jpg --size 640x480 --gps --serial --canary CONTROL-17
port=$(free_port)
start_database
page=$(install_wordpress)
serve_wordpress
log_in

# ---- without the plugin the test finds what it looks for ----
rest 201 'without the plugin: a photo' /wp/v2/media -F file=@control.jpg
control=$(of_body .id)
canary=CONTROL-17
check_not 'without the plugin: the upload is there' nothing_of control.jpg $uploads
canary=SECRET-4711
rest 200 'it is deleted' "/wp/v2/media/$control&force=true" -X DELETE
check 'and gone' test "$(n_files)" = 0
plugins=$(curl -s -b jar "$site/wp-admin/plugins.php")
activate=$(echo "$plugins" | grep -o 'plugins.php?action=activate[^"]*storyphoto[^"]*' | sed 's/&amp;/\&/g')
ask 302 'the plugin is activated' -b jar "$site/wp-admin/$activate"

# ---- somebody with an account ----
library 200 'the media library' photo.jpg
check 'it is taken' test "$(of_body .success)" = true
first=$(of_body .data.id)
original=$(of_body .data.filename)
check 'three sizes of two formats' test "$(n_files)" = 6
check 'the receipt is in its details' grep -qF "$(removal location)" body
check 'with what there is' grep -q 'webp: 1024 .u00d7 768' body
check 'the title is not the name of the upload' test -z "$(of_body .data.title | grep $canary)"
check 'the narrower JPEGs are its sizes' test "$(of_body .data.sizes.medium.url \
    | sed 's/.*-/-/') $(sql "SELECT COUNT(*) FROM site.wp_postmeta WHERE post_id = $first
    AND meta_key = '_wp_attachment_metadata' AND meta_value LIKE '%-480.jpg%-768.jpg%'")" = \
    '-480.jpg 1'
rest 201 'the block editor' /wp/v2/media -F "file=@photo.jpg;filename=$canary.jpg"
check 'all six again' test "$(n_files)" = 12
rest 201 'the REST API, bytes alone' /wp/v2/media --data-binary @photo.jpg \
    -H 'Content-Type: image/jpeg' -H "Content-Disposition: attachment; filename=$canary.jpg"
check 'all six again' test "$(n_files)" = 18
rest 201 'a picture by another name' /wp/v2/media -F "file=@photo.jpg;filename=$canary.png;type=image/png"
picture photo.heic --size 320x240
rest 201 'a HEIC' /wp/v2/media -F file=@photo.heic
check 'it is small: a file of each format' test "$(n_files)" = 26
printf '%%PDF-1.4\n%%%%EOF\n' >paper.pdf
rest 201 'a document is let through' /wp/v2/media -F file=@paper.pdf
rest 500 'a photo that is called one is not' /wp/v2/media \
    -F "file=@half.jpg;filename=x.pdf;type=application/pdf"
{
    printf '<?xml version="1.0"?><methodCall><methodName>metaWeblog.newMediaObject</methodName>'
    printf '<params><param><value>1</value></param><param><value>keeper</value></param>'
    printf '<param><value>%s</value></param><param><value><struct><member><name>name</name>' "$secret"
    printf '<value>x.jpg</value></member><member><name>type</name><value>image/jpeg</value></member>'
    printf '<member><name>bits</name><value><base64>%s</base64>' "$(base64 -w 0 photo.jpg)"
    printf '</value></member></struct></value></param></params></methodCall>'
} >call.xml
ask 200 'XML-RPC' --data-binary @call.xml "$site/xmlrpc.php"
check 'it is refused' body_has 'The media page takes them.'
check 'and nothing of it is there' test "$(n_files)" = 27

# ---- refused ----
library 200 'half a photo' half.jpg
check 'it is said' test "$(of_body .data.message)" = "$(sentence truncated)"
library 200 'in Spanish' half.jpg -H 'X-Test-Locale: es_ES'
check 'it is said' test "$(of_body .data.message)" = "$(sentence truncated es)"
rest 500 'what is no photo, by the editor' /wp/v2/media -F 'file=@notes.txt;filename=notes.jpg'
check 'it is said' test "$(of_body .message)" = "$(sentence not-an-image)"
head -c 5000000 /dev/zero >large
library 200 'more than upload_max_filesize' large
check 'it is said' test "$(of_body .data.message)" = "$(sentence too-large)"
check 'nothing of them is there' test "$(n_files)" = 27

# ---- somebody without ----
form="$site/?page_id=$page"
ask 200 'the form' "$form"
check 'it has a file to choose' body_has 'name="storyphoto_photo"'
ask 303 'a story with a photo' -F 'storyphoto_story=It is <b>mine</b>, all of it <3 [storyphoto_form]' \
    -F "storyphoto_photo=@photo.jpg;filename=$canary.jpg" "$form"
ask 200 'thanks' "$(sed -n 's/^[Ll]ocation: \([^\r]*\).*/\1/p' head)"
check 'they are said' body_has 'We have your story.'
check 'six files' test "$(n_files)" = 33
story=$(sql 'SELECT ID FROM site.wp_posts WHERE post_status = "pending"')
photo=$(sql "SELECT ID FROM site.wp_posts WHERE post_parent = $story AND post_type = 'attachment'")
ask 404 'nobody sees the story yet' "$site/?p=$story"
ask 401 'nor its photo' "$site/index.php?rest_route=/wp/v2/media/$photo"
check 'the minute is not kept' test "$(sql "SELECT GROUP_CONCAT(DISTINCT TIME(post_date))
    FROM site.wp_posts WHERE ID IN ($story, $photo)")" = 00:00:00
ask 303 'a story without a photo' -F storyphoto_story=x "$form"
ask 422 'half a photo' -F 'storyphoto_story=what I "wrote"' -F storyphoto_photo=@half.jpg "$form"
cp body said.html
check 'it is said' says truncated
check 'what they wrote is still there' body_has 'what I &quot;wrote&quot;</textarea>'
ask 422 'no photo' -H 'X-Test-Locale: es_ES' -F storyphoto_story=x -F storyphoto_photo=@notes.txt "$form"
check 'it is said in Spanish' says not-an-image es
ask 422 'a document' -F storyphoto_story=x -F storyphoto_photo=@paper.pdf "$form"
check 'it is said' says unsupported
ask 400 'several photos' -F storyphoto_story=x -F 'storyphoto_photo[]=@photo.jpg' "$form"
cat large large >larger
ask 413 'more than post_max_size' -F storyphoto_story=x -F storyphoto_photo=@larger "$form"
check 'it is said' says too-large
check 'two stories are there' test \
    "$(sql 'SELECT COUNT(*) FROM site.wp_posts WHERE post_status = "pending"')" = 2
check 'and nothing more' test "$(n_files)" = 33

# ---- the page ----
rest 200 'the keeper publishes it' "/wp/v2/posts/$story" -X POST -d status=publish -d "featured_media=$first"
ask 200 'it is there' "$site/?p=$story"
cp body story.html
check 'the story is text' body_has 'It is &lt;b&gt;mine&lt;/b&gt;, all of it &lt;3 &#091;storyphoto_form]'
check 'a <picture> for each photo' test "$(grep -o '<picture>' body | wc -l)" = 2
check 'three WebPs in each' test "$(grep -o '<source type="image/webp"[^>]*' body \
    | grep -o '\.webp [0-9]*w' | sort | uniq -c | tr -s ' \n' ' ')" = \
    ' 2 .webp 1024w 2 .webp 480w 2 .webp 768w '
for at in $(grep -o "$site/[^\" ]*\.\(webp\|jpg\)" story.html | sort -u); do
    ask 200 "$(basename "$at" | sed 's/^[a-z0-9]*//')" "$at"
done
edit=$(curl -s -b jar "$site/wp-admin/post.php?action=edit&post=$first" \
    | sed -n "s/.*imageEdit.open( *$first, *[^0-9a-f]*\([0-9a-f]*\).*/\1/p")
ask 200 'it is cropped in WordPress' -b jar -d action=image-editor -d "_ajax_nonce=$edit" \
    -d "postid=$first" -d do=save -d target=all -d context=edit-attachment \
    --data-urlencode 'history=[{"c":{"x":0,"y":0,"w":200,"h":150}}]' "$site/wp-admin/admin-ajax.php"
ask 200 'the page' "$site/?p=$story"
check 'it is shown so' grep -qE '<img [^>]*-e[0-9]+\.jpg' body
check 'without what was cut away' test "$(grep -o '<picture>' body | wc -l)" = 1

if command -v chromium >/dev/null; then
    browse() { # browse NAME ADDRESS
        timeout 120 chromium --headless --no-sandbox --disable-gpu --no-first-run \
            --disable-background-networking --user-data-dir="$scratch/.profile" \
            --window-size=1300,2000 --hide-scrollbars --virtual-time-budget=20000 \
            --screenshot="$scratch/$1.png" --dump-dom "$2" >"$1.html" 2>>browser.log
        [ -z "$SHOTS" ] || cp "$1.png" "$1.html" "$SHOTS"
    }
    browse story "$site/?p=$story"
    check 'a browser shows the WebP' grep -qE 'data-shown="[^"]*-1024\.webp 1024' story.html
    browse refused "file://$scratch/said.html"
    browse library "$site/?as_keeper=$first"
    check 'the library shows the receipt' grep -q '<ul class="storyphoto-receipt"><li>Your photo' library.html
else
    skip 'the page in a browser' 'there is no chromium'
fi

# ---- what is left ----
dump >dump.sql
check 'the dump has the stories' grep -q 'all of it' dump.sql
check 'no original is kept by WordPress' test -z "$(grep -oE 'original_image|-scaled' dump.sql)"
check 'it has read nothing from a photo' test -z "$(grep -oE \
    's:[0-9]+:"(aperture|credit|camera|caption|created_timestamp|copyright|focal_length|iso|shutter_speed|title)";s:[0-9]+:\\"[^\\0]' dump.sql)"
mkdir dumped
mv dump.sql dumped
check 'nothing lies between' test -z "$(find $uploads/.storyphoto tmp -mindepth 1 ! -name 'slot-*')"
check 'uploads folder: nothing of the upload' nothing_of photo.jpg $uploads tmp www
check 'uploads folder: the audit agrees' sp audit --exclude '*.pdf' --exclude '*-e[0-9]*' $uploads
check 'database: nothing of the upload' nothing_of photo.jpg dumped db
check 'WordPress complains of nothing' test -z "$(grep plugins/storyphoto debug.log 2>/dev/null)"

before=$(n_files)
rest 200 'a photo is deleted' "/wp/v2/media/$photo&force=true" -X DELETE
check 'with all of its files' test $((before - $(n_files))) = 6
rest 200 'and one that was cropped' "/wp/v2/media/$first&force=true" -X DELETE
check 'with all of its files' test -z "$(find $uploads -name "$(basename "$original" .jpg)*")"

after=$(n_files)

# ---- the program is gone, or does not end ----
export STORYPHOTO=/nonexistent
serve_wordpress
library 200 'without the program' photo.jpg
check 'nothing is taken' test "$(of_body .success)" = false
check 'and a sentence is said' test -n "$(of_body .data.message)"
check 'no file is there' test "$(n_files)" = "$after"
sql 'DELETE FROM site.wp_options WHERE option_name LIKE "%transient%storyphoto%"'
ask 200 'who keeps the site' -b jar "$site/wp-admin/upload.php"
check 'is told' body_has 'storyphoto cannot be run'
finish
