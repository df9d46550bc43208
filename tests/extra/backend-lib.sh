# SPDX-License-Identifier: MIT
# backend-lib.sh -- what the tests of the backends in examples/ share: uploads, a server, requests,
# and the search for what must be nowhere. Sourced after tests/cli/lib.sh.
canary=SECRET-4711
export STORYPHOTO="$SP"
server=
trap 'stop_server; clean_up' EXIT

# needs PROGRAM...: the test is skipped where one of them is not there.
needs() {
    for needs_program in "$@"; do
        command -v "$needs_program" >/dev/null || {
            skip "$(basename "$0" .t)" "there is no $needs_program"
            finish
        }
    done
}

# make_uploads: photo.jpg full of secrets, its half, and what is none.
make_uploads() {
    upload photo.jpg --size 1600x1200 --orientation 6 --gps --serial --thumbnail --icc p3 --xmp \
        --comment --trailer 2000 --canary $canary --noise 4
    head -c $(($(wc -c <photo.jpg) / 2)) photo.jpg >half.jpg
    echo 'no picture' >notes.txt
    check 'the upload has the canary' grep -qaF $canary photo.jpg
    check 'and so has its half' grep -qaF $canary half.jpg
    mkdir control
    head -c 150000 photo.jpg | tail -c 40000 >control/piece
    check_not 'a piece of it has none' grep -qaF $canary control/piece
    check_not 'but is found' nothing_of photo.jpg control
}

# slow_program FILE: a storyphoto that never ends, but for its sentences; who started it is in
# slow.pids.
slow_program() {
    cat >"$1" <<END
#!/bin/sh
PATH=/usr/bin:/bin
[ "\$1" != errors ] || exec '$SP' "\$@"
echo \$\$ >>'$scratch/slow.pids'
exec sleep 600
END
    chmod +x "$1"
}
all_ended() { # all_ended PIDS-FILE
    while read -r ended_pid; do
        ! kill -0 "$ended_pid" 2>/dev/null || return 1
    done <"$1"
}

free_port() {
    perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1,
        LocalAddr => "127.0.0.1")->sockport'
}
answers() { curl -s -o /dev/null "$site/"; }

# serve COMMAND...: a server at $port of 127.0.0.1, until the next one or the end.
serve() {
    stop_server
    site=http://127.0.0.1:$port
    setsid "$@" >>server.log 2>&1 &
    server=$!
    await answers
}
stop_server() {
    [ -z "$server" ] || kill -s TERM -- "-$server" 2>/dev/null
    [ -z "$server" ] || wait "$server" 2>/dev/null
    server=
}

# ask STATUS NAME [CURL'S ARGUMENT]...: what comes back is in body, its head in head.
ask() {
    ask_status=$1 ask_name=$2
    shift 2
    ask_got=$(curl -s --max-time 120 -D head -o body -w '%{http_code}' "$@")
    result "$([ "$ask_got" = "$ask_status" ]; echo $?)" "$ask_name: $ask_status" \
        "it is $ask_got: $(head -c 400 body | tr '\n' '|') $(tail -n 3 server.log)"
}

# sentence WORD [LANGUAGE]
sentence() { sp errors --json --lang "${2:-en}" | jq -er ".errors[\"$1\"]"; }
removal() { sp errors --json --lang "${2:-en}" | jq -er ".removed[\"$1\"]"; }
body_has() { grep -qF -e "$1" body; }
says() { says_words=$(sentence "$@") && body_has "$says_words"; }

# nothing_of UPLOAD FOLDER...: no canary in any file nor name, nor any of eight pieces of the
# upload.
nothing_of() {
    perl -MFile::Find -e 'use strict; my ($canary, $upload, @folders) = @ARGV;
        local $/; open my $in, "<:raw", $upload or die "$upload: $!";
        my $bytes = <$in>; my @found; my $n = 0;
        my @pieces = map { substr $bytes, $_ * length($bytes) / 8, 24 } 0 .. 7;
        find({no_chdir => 1, wanted => sub {
            my $file = $_; push @found, "$file: name" if $file =~ /\Q$canary/;
            return unless -f $file; $n++; open my $in, "<:raw", $file or die "$file: $!";
            my $all = <$in> // "";
            push @found, "$file: canary" if index($all, $canary) >= 0;
            push @found, "$file: a piece" if grep { index($all, $_) >= 0 } @pieces;
        }}, @folders);
        print "$n files; @found\n"; exit(@found ? 1 : 0)' "$canary" "$@"
}
# clean_outcome NAME FOLDER...: nothing of photo.jpg is there, and what is published is clean.
clean_outcome() {
    clean_name=$1
    shift
    check "$clean_name: nothing of the upload" nothing_of photo.jpg "$@"
    check "$clean_name: the audit agrees" sp audit "$1"
}
