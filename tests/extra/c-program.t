#!/bin/sh
# SPDX-License-Identifier: MIT
# c-program.t -- examples/c/photo-service.c, built as its reader would and asked through its
# socket: a photo, those that are refused, senders that stop or go away, many at once, its end.
. "$(dirname "$0")/../cli/lib.sh"
. "$root/tests/extra/backend-lib.sh"

needs cc pkg-config perl
pkg-config --exists gio-unix-2.0 json-glib-1.0 || {
    skip c-program 'there is no GLib to build with'
    finish
}
make_uploads
# shellcheck disable=SC2046 # a list of options
run cc -std=gnu11 -Wall -Wextra -Werror -O2 -I"$root/src" -o photo-service \
    "$root/examples/c/photo-service.c" "$BUILD/libstoryphoto.a" \
    $(pkg-config --cflags --libs gio-unix-2.0 json-glib-1.0) -lm
expect 0 '' '' 'it builds without a warning'

# ask_socket FILE [LANGUAGE [SECONDS]]: the two lines in .streams/out. It stops for so long in the
# middle.
cat >ask.pl <<'END'
use strict; use warnings; use IO::Socket::UNIX;
my ($file, $language, $pause) = @ARGV;
$SIG{PIPE} = 'IGNORE'; # what is refused early is answered before all is sent
my $socket = IO::Socket::UNIX->new(Peer => 'photos.sock') or die "connect: $!\n";
open my $in, '<:raw', $file or die "$file: $!\n";
my $all = do { local $/; <$in> } // '';
my $half = int(length($all) / 2);
print $socket $language // 'en', substr $all, 0, $half;
$socket->flush;
exit 0 if ($pause // 0) < 0; # goes away
sleep($pause // 0);
print $socket substr $all, $half;
$socket->flush;
shutdown $socket, 1;
print while <$socket>;
END
ask_socket() { run timeout 90 perl ask.pl "$@"; }
told() { test "$(sed -n 2p .streams/out)" = "$(sentence "$@")"; }
is_up() { [ -S photos.sock ]; }
start() {
    rm -f photos.sock
    setsid ./photo-service photos.sock "${1-public}" /photos >>server.log 2>&1 &
    server=$!
    await is_up
}
mkdir public
start

ask_socket photo.jpg
expect 0 '"status":"ok".*"picture":"<picture><source[^}]*/photos/' '' 'a photo'
check 'one line' test "$(wc -l <.streams/out)" = 1
check 'two files' test "$(count_files public)" = 2
ask_socket photo.jpg en 1
expect 0 '"status":"ok"' '' 'one that comes slowly'
ask_socket half.jpg
expect 0 '"code":"truncated"' '' 'half a photo'
check 'it is said' told truncated
ask_socket notes.txt es
expect 0 '"code":"not-an-image"' '' 'no photo'
check 'it is said in Spanish' told not-an-image es
ask_socket notes.txt xx
check 'it is said in English' told not-an-image
{ cat notes.txt && head -c 20000000 /dev/zero; } >long
ask_socket long
expect 0 '"code":"not-an-image"' '' 'no photo, and long'
ask_socket /dev/null
expect 0 '"code":"empty"' '' 'nothing'
check 'it is said' told empty
{ cat photo.jpg && head -c 70000000 /dev/zero; } >large
ask_socket large
expect 0 '"code":"too-large"' '' 'too large'
for i in 1 2 3 4 5; do
    ask_socket photo.jpg en -1
done
expect 0 '' '' 'some that go away in the middle'
check 'nothing of them is published' test "$(count_files public)" = 4
for i in 1 2 3 4 5 6 7 8 9 10; do
    perl ask.pl photo.jpg >many.$i &
    many="$many $!"
done
# shellcheck disable=SC2086 # a list of numbers
wait $many
check 'ten at once' test "$(cat many.* | jq -r .outputs[].path | sort -u | wc -l)" = 20
check 'all are published' test "$(count_files public)" = 24
clean_outcome published public

# It is told to end while somebody sends.
perl ask.pl photo.jpg en 2 >late &
late=$!
sleep 1
kill -s TERM "$server"
wait "$late"
check 'told to end, it finishes what is begun' grep -q '"status":"ok"' late
wait "$server"
result $? 'and ends well' 'it does not'
server=
check_not 'its socket is gone' is_up

start nowhere
ask_socket photo.jpg
expect 0 '"code":"cannot-write"' '' 'no folder to publish in'
check 'it is said' told cannot-write
check 'and the log says why' grep -q 'nowhere.*(cannot-write)' server.log
run ./photo-service
expect 64 '' 'usage' 'wrong usage'
run ./photo-service nowhere/photos.sock public /photos
expect 1 '' 'photo-service: ' 'a socket that cannot be made'
finish
