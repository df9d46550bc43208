#!/bin/sh
# SPDX-License-Identifier: MIT
# bench.t -- `make bench` finds, leaves out, compares and tells; that it is fast is not asked here.
#
# The peers are stand-ins, so that it is the same wherever it runs: a binary that says a version
# and makes nothing is perl, called ffmpeg; one that fails is perl, called node.
. "$(dirname "$0")/lib.sh"
compare() { "$root/bench/compare.pl" --build fake "$@"; }

mkdir -p fake/tests fake/bench bin none modules/sharp photos
ln -s "$SP" fake/storyphoto
ln -s "$BUILD/tests/make-upload" fake/tests/make-upload
upload 'photos/a photo.jpg' --size 64x48
upload photos/b.JPG --size 48x64 --orientation 6
echo 'no photo' >photos/notes.txt
for file in "$root"/bench/compare.pl "$root"/bench/lib/*.pm; do
    check "perl takes ${file##*/}" perl -I"$root/bench/lib" -wc "$file"
done

# ---- usage -------------------------------------------------------------------------------------
run compare --peer ffmpeg photos
expect 64 '' '^bench: unknown option --peer; known are:' 'an unknown option'
expect 64 '' '^  --peers ' 'what is known is named'
run compare --peers ffmpeg,gimp photos
expect 64 '' "^bench: unknown peer 'gimp'; known are vipsthumbnail, .*, sharp-once$" 'an unknown peer'
run compare --parts upload,uplaod photos
expect 64 '' "^bench: unknown part 'uplaod'; known are upload, batch" 'an unknown part'
run compare --pairs 0 photos
expect 64 '' "^bench: --pairs is a number from 1 on, not '0'$" 'no pairs'
run compare --pairs 1
expect 64 '' '^bench: no photo is given$' 'no photo'
run compare --json
expect 64 '' '^bench: --json needs a value$' 'an option without its value'
run compare nowhere
expect 1 '' "^bench: cannot open 'nowhere': No such file" 'a photo that is not there'
run compare none
expect 1 '' "^bench: there is no JPEG below 'none'$" 'a folder without photos'
run compare photos/notes.txt photos
expect 1 '' "^bench: 'photos/notes.txt' is no JPEG$" 'a file that is no JPEG'
printf '\377\330\377 broken' >broken.jpg
run compare broken.jpg
expect 1 '^left out: broken.jpg: ' '^bench: no photo is left$' 'a photo that is refused'
run compare --json nowhere/all.json photos
expect 64 '' "^bench: cannot write 'nowhere/all.json': there is no folder 'nowhere'$" 'no such folder'
run compare --svg photos photos
expect 64 '' "^bench: cannot write 'photos': it is a folder$" 'a plot that is a folder'
run compare --json all.json --svg nowhere/all.svg photos
expect 64 '' "^bench: cannot write 'nowhere/all.svg': there is no" 'a plot below no folder'
check_not 'and nothing is begun' test -e all.json
run compare --bins none --parts tiny --pairs 1 --svg none.svg photos
expect 0 '^  1 x 1 JPEG' "^bench: 'none.svg' is not written: without upload or batch" 'no bars'
check_not 'and no empty picture' test -e none.svg

# ---- who is left out, and why ------------------------------------------------------------------
cp "$(perl -MCwd=abs_path -e 'print abs_path $^X')" bin/ffmpeg
cp bin/ffmpeg bin/node
printf '#!/bin/sh\necho vips-8\n' >bin/vipsthumbnail && chmod +x bin/vipsthumbnail
cp bin/ffmpeg bin/gm
named=vipsthumbnail,imagemagick,graphicsmagick,ffmpeg,sharp
echo '{"version": "9.9"}' >modules/sharp/package.json
run compare --bins bin --sharp modules --peers "$named" --parts upload,batch,floor,tiny \
    --pairs 2 --json all.json --svg all.svg photos
expect 0 '^2 photos, 0 megapixels; ' '' 'stand-ins: it goes on without them'
expect 0 '^  imagemagick: left out, not installed$' '' 'a peer that is not installed'
expect 0 '^  vipsthumbnail: left out, bin/vipsthumbnail is a script, not the program$' '' 'a script'
expect 0 '^  graphicsmagick: left out, .*/bin/gm does not say its version$' '' 'another program'
expect 0 '^  sharp: .*/bin/node, 9\.9$' '' 'sharp is found below --sharp'
expect 0 '^  sharp is left out: .' '' 'a peer that fails, and its first line'
expect 0 '^  ffmpeg is left out: it makes no webp of a photo.jpg$' '' 'a peer that makes nothing'
expect 0 '^  one upload, 2 pairs +latency +times ours +CPU +times ours +memory$' '' 'the table'
expect 0 '^  storyphoto +[0-9.]+ ms +[0-9.]+ ms +[0-9]+ MB$' '' 'our row of it'
expect 0 '^  batch on [0-9]+ cores, 1 pair +photos/s ' '' 'the batch'
expect 0 "^  the floor is left out: there is no '.*/fake/bench/floor'$" '' 'no floor'
expect 0 '^  1 x 1 JPEG, 2 pairs +start to end +above /bin/true ' '' 'the smallest upload'
check 'the JSON has a schema and the machine' jq -e '.schema == "storyphoto.bench/1" and
    .machine.cores >= 1 and .machine.kernel and .options.pairs == 2 and .failed == []' all.json
check 'and who is there and who is not' jq -e '[.peers[] | {(.name): .state}] | add |
    .ffmpeg == "there" and .imagemagick == "missing"' all.json
check 'and every run' jq -e '.upload.rows[0].pairs | length == 2 and
    all(.storyphoto | .wall > 0 and .user + .system > 0 and .largest > 0)' all.json
check 'the SVG begins' grep -q '^<svg xmlns=' all.svg
check 'and ends' test "$(tail -n 1 all.svg)" = '</svg>'
check 'nothing stays but our samples' test "$(ls fake/bench)" = samples

# ---- the floor ---------------------------------------------------------------------------------
cat >fake/bench/floor <<FLOOR
#!/bin/sh
out=\$1; shift; n=0
[ ! -e hang ] || { echo \$\$ >hung.pid; exec sleep 60; }
[ ! -e fail ] || { echo it broke >&2; exit 1; }
for photo; do
    case \$photo in *cmyk*) echo "floor: '\$photo' is refused: no YCC" >&2; exit 1 ;; esac
    "$SP" process -o "\$out" --set preset.names=source --set jpeg.effort=0 --set jpeg.chroma=420 \\
        "\$photo" && mv "\$out"/*.jpg.webp "\$out/\$n.webp" &&
        mv "\$out"/*.jpg.jpg "\$out/\$n.jpg" || exit
    n=\$((n + 1))
done
[ ! -e spoil ] || echo more >>"\$out/0.jpg"
FLOOR
chmod +x fake/bench/floor
run compare --bins none --parts floor --pairs 1 'photos/a photo.jpg'
expect 0 '^  its files are ours byte for byte$' '' 'a floor that makes our files'
expect 0 '^  storyphoto / floor +[0-9.]+ ms +[0-9.]+ \([0-9.]+ to [0-9.]+\)$' '' 'and its ratio'
upload cmyk.jpg --size 64x48 --sampling cmyk
run compare --bins none --parts floor --pairs 1 --json refused.json cmyk.jpg 'photos/a photo.jpg'
expect 0 '^  storyphoto / floor +[0-9.]+ ms +[0-9.]+ \(' '' 'a photo that the floor refuses'
expect 0 '^  cmyk.jpg is left out of the floor: no YCC$' '' 'is named'
check 'the JSON names it' jq -e '.floor.refused == [{photo: "cmyk.jpg", why: "no YCC"}]' refused.json
run compare --bins none --parts floor --pairs 1 cmyk.jpg
expect 0 '^  the floor is left out: it takes no photo$' '' 'if it refuses all, nothing fails'
touch hang
"$root/bench/compare.pl" --build fake --bins none --parts floor photos >hung.out 2>&1 &
await test -s hung.pid
kill -TERM $!
wait $!
check 'interrupted, it says so' test $? = 143
check 'and leaves nothing' test "$(echo fake/bench/*)" = 'fake/bench/floor fake/bench/samples'
check_not 'and nobody' kill -0 "$(cat hung.pid)"
rm hang
touch fail
run compare --bins none --parts floor --pairs 1 'photos/a photo.jpg'
expect 1 'left out' '^bench: the floor fails: a photo.jpg: it broke$' 'a floor that breaks'
rm fail
touch spoil
run compare --bins none --parts floor --pairs 1 --json spoilt.json 'photos/a photo.jpg'
expect 1 'NOT ours' "^bench: the floor's files are not ours: a photo.jpg \(jpg\)$" 'one that does not'
check 'the JSON says so too' jq -e '.failed | length == 1' spoilt.json

# ---- a real peer, where there is one -----------------------------------------------------------
if [ -x /usr/bin/ffmpeg ]; then
    run compare --bins /usr/bin --peers ffmpeg --parts upload --pairs 1 'photos/a photo.jpg'
    expect 0 '^  ffmpeg +[0-9.]+ ms +[0-9.]+ \([0-9.]+ to [0-9.]+\) +[0-9.]+ ms ' '' 'ffmpeg'
else
    skip 'ffmpeg' 'it is not installed'
fi
finish
