#!/bin/sh
# SPDX-License-Identifier: MIT
# quality.t -- `make quality` reads its curves right, compares, leaves out and tells; how good the
# picture is is not asked here.
#
# The metric is a stand-in (PSNR, by ImageMagick's compare), and so is sharp: perl, called node.
. "$(dirname "$0")/lib.sh"
quality() { "$root/bench/quality.pl" --build fake "$@"; }

# ---- curves ------------------------------------------------------------------------------------
# curves EXPRESSION WANT NAME: what lib/Curves.pm says, to 4 decimals; 'none' where it says nothing.
curves() {
    curves_got=$(perl -I"$root/bench/lib" -MCurves=between,bytes_at,curve,mean_bytes,score_at -wE '
        sub line { curve(map { [1000 * exp($_[0] * $_ / 10 + $_[1]), $_] } @_[2 .. $#_]) }
        sub shown { @_ && defined $_[0] ? sprintf "%.4f", $_[0] : "none" }
        say shown('"$1"')' 2>&1)
    check "$3" test "$curves_got" = "$2"
}
curves 'score_at(line(1, 0, 40, 60, 80), 1000 * exp 5)' 50.0000 'a straight line is met between its points'
curves 'bytes_at(line(1, 0, 40, 60, 80), 80)' 14.9078 'and at its end'
curves 'bytes_at(line(1, 0, 40, 60, 80), 80.1)' none 'nothing is said above'
curves 'score_at(line(1, 0, 40, 60, 80), 1000)' none 'nor below'
curves 'mean_bytes(line(1, 0.1, 40, 60, 80), line(1, 0, 30, 55, 90))' 0.1000 'a tenth more bytes'
curves 'mean_bytes(line(1, 0, 40, 60), line(1, 0, 59.5, 90))' none 'half a point in common is too little'
curves 'mean_bytes(line(1, 0, 40), line(1, 0, 30, 90))' none 'one point is no range'
curves 'bytes_at(curve([1000, 50], [2000, 60], [1500, 45], [3000, 60], [4000, 70]), 60) / log 2000' \
    1.0000 'a larger file that is no better does not count'
curves 'between([0, 1, 2, 3], [0, 5, 5, 9], 1.5)' 5.0000 'a step is not swung over'
curves 'between([0, 1, 2, 3], [0, 5, 4, 9], 1.9) >= 4 && 1' 1.0000 'nor a fall'
curves 'abs(between([1, 2, 4, 8], [0, log 2, log 4, log 8], 3) - log 3) < 0.02 && 1' 1.0000 \
    'a bent curve is met nearly'

# ---- what they say -----------------------------------------------------------------------------
# says FILTER NAME: of three pictures, of e ** (score / 10) bytes; "less" needs a tenth less, "poor"
# four times as many, and reaches 60. Quality and score are the same.
says() {
    perl -I"$root/bench/lib" -MVerdict=verdict -MJSON::PP -we '
        sub points { my ($share, @scores) = @_;
            return [map { {quality => $_, bytes => $share * exp($_ / 10), score => $_} } @scores] }
        sub both { return {webp => points(@_), jpeg => points(@_)} }
        my @pictures = map { my ($webp, $jpeg) = @$_; {
            curves => {ours => both(1, 40, 55, 90), less => both(0.9, 40, 60, 80),
                poor => {webp => points(4, 30, 60)}},
            own => {ours => {webp => points(1, $webp), jpeg => points(1, $jpeg)}}}
        } [70, 70], [70, 71], [50, 54];
        print encode_json(verdict(\@pictures, [40, 55, 90], ["ours"],
            [{name => "less"}, {name => "poor", only => "webp"}]))' >said.json
    check "$2" jq -e "def near(x): . - x | fabs < 0.001; def row(o; f): .against[] |
        select(.other == o and .format == f); $1" said.json
}
says '[.against[] | .other + .format] == ["lesswebp", "poorwebp", "lessjpeg"]' 'who is compared in what'
says '[row("less"; "webp") | .at_score.mean, .at_score.q1, .range.mean, .range.q3 | near(100 / 9)] | all' \
    'a tenth less of theirs is a ninth more of ours, at our score and over all'
says 'row("less"; "jpeg") | .at_bytes.n == 3 and (.at_bytes.mean | near(-10 * (10 / 9 | log)))' \
    'and at our bytes fewer points'
says 'row("poor"; "webp") | .bounds == 2 and .at_score.n == 3' 'who cannot reach us bounds us'
says 'row("poor"; "webp").at_score | .median | near(100 * ((1 | exp) / 4 - 1))' 'by its best'
says '.apart[0] | .n == 3 and .median == -1 and (.mean | near(-5 / 3))' 'WebP less JPEG'
says '.own[0] | .n == 3 and (.mean | near(190 / 3)) and (.p95 | near(70)) and (.p5 | near(52))' 'our own points'
says '.own[0].fixed | .spread == 0 and (.quality | near(190 / 3)) and (.bytes | near(19 / 3 | exp))' \
    'and one quality for all'

# ---- graphics ----------------------------------------------------------------------------------
for kind in chart interface red comic; do
    "$BUILD/tests/make-graphic" --kind $kind --seed 3 --size 120x90 $kind.png
    "$BUILD/tests/make-graphic" --kind $kind --seed 3 --size 120x90 again.png
    "$BUILD/tests/make-graphic" --kind $kind --seed 4 --size 120x90 other.png
    check "$kind: the same again" cmp $kind.png again.png
    check_not "$kind: another seed is another picture" cmp $kind.png other.png
    run sp process --json $kind.png
    expect 0 '"width":120,"height":90' '' "$kind is a PNG that we take"
done
run "$BUILD/tests/make-graphic" --kind face face.png
expect 64 '' 'unknown kind' 'an unknown kind'

# ---- bytes -------------------------------------------------------------------------------------
upload told.jpg --size 64x48 --icc srgb --gps --xmp --comment
upload bare.jpg --size 64x48
run perl -I"$root/bench/lib" -MPhotos=bare_size,carried,picture_size -we \
    'print join " ", bare_size($ARGV[0]) - bare_size($ARGV[1]), carried($ARGV[0])' told.jpg bare.jpg
expect 0 '^-18 APP1 APP1 APP2 COM$' '' 'what a JPEG carries does not count (one with EXIF has no JFIF, 18 bytes)'
cwebp -quiet -lossless told.jpg -o bare.webp
cwebp -quiet -lossless -metadata all told.jpg -o told.webp
run perl -I"$root/bench/lib" -MPhotos=bare_size,carried,picture_size -we \
    'print join " ", bare_size($ARGV[0]) - -s $ARGV[1], carried($ARGV[0]), map { picture_size($_) } @ARGV' \
    told.webp bare.webp
expect 0 '^18 ICCP EXIF XMP 64 48 64 48$' '' 'nor what a WebP carries, and a lossless one has a size'

# ---- usage -------------------------------------------------------------------------------------
mkdir -p fake/tests fake/bench bin none modules/sharp photos drawn
ln -s "$SP" fake/storyphoto
ln -s "$BUILD/tests/make-upload" fake/tests/make-upload
upload 'photos/a photo.jpg' --size 64x48 --noise 20
upload photos/b.JPG --size 48x64 --orientation 6 --noise 40
cp chart.png red.png drawn
cat >metric <<'METRIC'
#!/bin/sh
echo "$2" >>judged
[ ! -e hang ] || { echo $$ >hung.pid; exec sleep 60; }
compare-im6.q16 -metric PSNR "$1" "$2" null: 2>&1 | sed 's/^inf.*/99/'
METRIC
chmod +x metric
perl -I"$root/bench/lib" -wc "$root/bench/quality.pl" >perl.out 2>&1
check 'perl takes quality.pl' grep -q 'syntax OK' perl.out
run quality --photo photos
expect 64 '' '^quality: unknown option --photo; known are:' 'an unknown option'
run quality --metric metric
expect 64 '' '^quality: no picture is given$' 'no picture'
run quality --metric metric --photos
expect 64 '' '^quality: --photos needs a value$' 'photos that are none'
run quality --metric metric photos
expect 64 '' "^quality: what is 'photos'\?" 'a word too many'
run quality --photos photos
expect 64 '' '^quality: --metric is missing: ssimulacra2' 'no metric'
run quality --metric nowhere --photos photos
expect 64 '' "^quality: 'nowhere' is no program$" 'a metric that is not there'
for grid in 80 0,80 80,x 80,101; do
    run quality --metric metric --grid $grid --photos photos
    expect 64 '' '^quality: --grid is at least two qualities from 1 to 100$' "the grid $grid"
done
run quality --metric metric --rounds few --photos photos
expect 64 '' "^quality: --rounds is a number, not 'few'$" 'rounds that are no number'
run quality --metric metric --presets story,nope --photos photos
expect 64 '' "^quality: 'nope' is no preset$" 'an unknown preset'
run quality --metric metric --presets card --photos photos
expect 64 '' "^quality: preset 'card' cuts pictures" 'a preset that cuts'
run quality --metric metric --presets responsive --photos photos
expect 64 '' "^quality: preset 'responsive' has more than one webp$" 'a preset of many widths'
run quality --metric metric --svg nowhere/all.svg --photos photos
expect 64 '' "^quality: cannot write 'nowhere/all.svg': there is no folder 'nowhere'$" 'no such folder'
run quality --metric metric --photos none
expect 1 '' "^quality: there is no JPEG or PNG below 'none'$" 'a folder without pictures'
run quality --bins none --metric metric --photos photos
expect 1 '' '^quality: ImageMagick, which makes the references, is not installed$' 'no ImageMagick'

# ---- all of it, where ImageMagick is -----------------------------------------------------------
if ! [ -x /usr/bin/convert-im6.q16 ]; then
    skip 'what is judged' 'ImageMagick is not installed'
    finish
fi
ln -s /usr/bin/convert-im6.q16 bin/convert-im6.q16
for program in cwebp cjpeg; do
    ln -s "$(command -v $program)" bin/$program
done
cp "$(perl -MCwd=abs_path -e 'print abs_path $^X')" bin/node
echo '{"version": "9.9"}' >modules/sharp/package.json
run quality --bins bin --metric metric --peers cwebp,gimp --photos photos
expect 64 '' "^quality: unknown peer 'gimp'; known are vipsthumbnail, imagemagick, .*, cjpeg$" 'an unknown peer'

sp presets best | sed 's/^quality = 80/quality = 60/' >low.ini
tool() { quality --bins bin --metric "$scratch/metric" --sharp modules --presets story,low.ini "$@"; }
run tool --rounds 1 --json all.json --svg all.svg --photos photos --graphics drawn
check 'it ends well, but for how far the formats are apart' test "$code" -le 1
code=0
expect 0 '^2 photos and 2 graphics at qualities 40 60 72 80 92' '*' 'what is compared'
expect 0 '^  vipsthumbnail: left out, not installed$' '*' 'a peer that is not installed'
expect 0 '^  sharp lacks 2 of 2, such as a photo.jpg: .' '*' 'a peer that fails, and its first line'
expect 0 '^  photos, WebP +bytes at our score, % ' '*' 'a table of a set and format'
expect 0 '^  story / imagemagick +[-+][0-9.]+ \([-+][0-9.]+ to [-+][0-9.]+\)<? +2 ' '*' 'a row of it'
expect 0 '^  low / story +[-+][0-9.]+ \(' '*' 'a preset against the one before'
expect 0 '^  story, JPEG +2 +[0-9.]+ +[0-9.]+ +[0-9.]+ to [0-9.]+ ' '*' 'our own points'
expect 0 "^  low: WebP's score less JPEG's is [-+][0-9.]+ \(" '*' 'how far the formats are apart'
expect 0 '^  CPU, graphics, 1 round +a picture +story / it +low / it$' '*' 'CPU'
check_not 'who only encodes is not timed' grep -q '^  cwebp *[0-9]* ms' .streams/out
check 'nor compared in the other format' jq -e '[.sets[].against[] | select(.other == "cwebp") |
    .format] | unique == ["webp"]' all.json
check 'the JSON has each curve' jq -e '.schema == "storyphoto.quality/1" and
    ([.sets[].pictures[].curves | .story, .low, .imagemagick | .webp, .jpeg | length] |
        length == 24 and all(. == 5))' all.json
check 'a preset is as it is beside its curve' jq -e '[.sets.photos.pictures[].own.low.jpeg[0] |
    .quality == 60] | all' all.json
check 'its own point lies on its curve' jq -e '[.sets[].pictures[] |
    .own.low.jpeg[0] == (.curves.low.jpeg[] | select(.quality == 60))] | all' all.json
check 'and so one quality for all needs as much' jq -e '[.sets[].own[] | select(.preset == "low") |
    (.fixed.quality - 60 | fabs) < 0.001 and (.fixed.bytes / .bytes - 1 | fabs) < 0.001] | all' all.json
check 'turned upright' jq -e '.sets.photos.pictures[1] | .width == 48 and .height == 64' all.json
check 'the SVG has four panels' test "$(grep -c '<g transform' all.svg)" = 4
check 'and ends' test "$(tail -n 1 all.svg)" = '</svg>'
check 'nothing stays but what is kept' test "$(ls fake/bench)" = quality

# ---- what is kept ------------------------------------------------------------------------------
check 'something was judged' test -s judged
rm judged
run tool --rounds 0 --json again.json --photos photos --graphics drawn
check_not 'what was judged once is not judged again' test -e judged
check 'and says the same' test "$(jq 'del(.sets[].cpu)' all.json)" = "$(jq 'del(.sets[].cpu)' again.json)"
check_not 'without rounds there is no CPU' grep -q '^  CPU' .streams/out
echo '# another' >>metric
run tool --rounds 0 --peers cwebp --grid 40,80 --photos 'photos/a photo.jpg'
check 'another metric judges anew' test -s judged
touch hang
echo '# again another' >>metric
"$root/bench/quality.pl" --build fake --bins bin --metric metric --photos photos >hung.out 2>&1 &
await test -s hung.pid
kill -TERM $!
wait $!
check 'interrupted, it says so' test $? = 143
check 'and leaves nothing' test "$(ls fake/bench)" = quality
check_not 'and nobody' kill -0 "$(cat hung.pid)"
rm hang
printf '\377\330\377 broken' >broken.jpg
run tool --rounds 0 --peers cjpeg --grid 40,80 --photos broken.jpg 'photos/a photo.jpg'
code=0
expect 0 '^left out: broken.jpg: story: ' '*' 'a photo that is refused'
printf '#!/bin/sh\necho no idea\n' >metric
run tool --rounds 0 --peers cjpeg --grid 40,80 --photos photos
expect 1 '*' "^quality: '.*/metric' prints no score$" 'a metric that says nothing'
finish
