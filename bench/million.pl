#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# million.pl [--n N] [--folder DIR] -- `storyphoto batch` over an archive of N photos (1000000) that
# are all done: how long do a run with nothing to do, a dry run, a run over ten of them, and a
# summary take?
#
# Nobody waits for a million renderings: a few photos are processed, then linked to N names, and
# their records are copied by the sqlite3 program. So each input is walked, looked up and compared,
# and its outputs are looked for, as after a real run; only that these are few files, which are
# always in the kernel's memory. 1 MB is 10^6 bytes.
use strict;
use warnings;
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Getopt::Long;
use Time::HiRes qw(time);

use constant {BASES => 40, BELOW => 1000};

$| = 1;
my $build = $ENV{BUILD} // 'build';
my ($n, $folder) = (1_000_000);
GetOptions('n=i' => \$n, 'folder=s' => \$folder) or exit 64;
$SIG{$_} = sub { exit 1 } for qw(INT TERM HUP);
make_path("$build/bench");
$folder //= tempdir("$build/bench/million.XXXXXX", CLEANUP => 1);
make_path("$folder/in", "$folder/out");

sub batch {
    my ($name, $want, @options) = @_;
    my $start = time;
    my $pid = fork // die "fork: $!\n";
    if ($pid == 0) {
        open STDOUT, '>', "$folder/told" or die;
        exec "$build/storyphoto", 'batch', "$folder/in", "$folder/out", '--state', "$folder/state", @options;
    }
    my $most = 0;
    while (waitpid($pid, 1) == 0) {
        open my $status, '<', "/proc/$pid/status" or next;
        /^VmHWM:\s+(\d+)/ and $most = $1 for <$status>;
        select undef, undef, undef, 0.05;
    }
    my $seconds = time - $start;
    $? >> 8 == $want or die "million: $name ended with ", $? >> 8, "\n";
    printf "%-28s %7.2f s, %5.1f MB\n", $name, $seconds, $most / 1000;
}

# One photo a name, until a file has as many names as a file system takes.
sub link_all {
    for my $i (0 .. $n - 1) {
        my $below = sprintf '%s/in/%04d', $folder, $i / BELOW;
        make_path($below) if $i % BELOW == 0;
        my $base = sprintf '%s/in/base/%d.jpg', $folder, $i % BASES;
        link $base, "$below/$i.jpg" or die "million: cannot link '$below/$i.jpg': $!\n";
    }
}

# Each name has the record of the photo that it is of, with the marks of now.
sub record_all {
    system("find $folder/in -type f -printf '%P\\t%s\\t%T\@\\t%C\@\\t%i\\n' >$folder/marks") == 0 or die;
    open my $sql, '|-', 'sqlite3', "$folder/state/journal.sqlite" or die "sqlite3: $!\n";
    print $sql <<~"END";
        CREATE TEMP TABLE mark(path TEXT, size INTEGER, mtime TEXT, ctime TEXT, inode INTEGER);
        .mode tabs
        .import $folder/marks mark
        CREATE TEMP TABLE base AS SELECT * FROM input;
        CREATE TEMP TABLE base_made AS SELECT * FROM made;
        CREATE INDEX temp.by_inode ON base(inode);
        CREATE INDEX temp.by_input ON base_made(input);
        BEGIN;
        DELETE FROM input;
        DELETE FROM made;
        INSERT INTO input(outcome, code, removed, bytes, width, height, milliseconds, done_at, size,
            mtime, ctime, inode, recipe, libraries, format, checksum, thumbhash, path, message)
            SELECT outcome, code, removed, bytes, width, height, milliseconds, done_at, m.size,
            CAST(substr(replace(m.mtime, '.', ''), 1, 19) AS INTEGER),
            CAST(substr(replace(m.ctime, '.', ''), 1, 19) AS INTEGER), m.inode, recipe, libraries,
            format, checksum, thumbhash, CAST(m.path AS BLOB), message FROM mark m JOIN base b
            ON b.inode = m.inode;
        INSERT INTO made(input, n, file, variant) SELECT i.id, d.n, d.file, d.variant FROM input i
            JOIN base b ON b.inode = i.inode JOIN base_made d ON d.input = b.id;
        COMMIT;
        END
    close $sql or die "million: sqlite3 failed\n";
}

for my $i (0 .. BASES - 1) {
    make_path("$folder/in/base");
    system("$build/tests/make-upload", '--size', (40 + $i) . 'x48', '--gps', "$folder/in/base/$i.jpg") == 0
        or die "million: cannot make a photo\n";
}
batch('the photos', 0);
link_all();
record_all();
printf "%d records, a journal of %.0f MB\n", $n + BASES, (-s "$folder/state/journal.sqlite") / 1e6;
batch('a run with nothing to do', 0);
batch('the same again', 0);
batch('a dry run', 0, '--dry-run');
open my $list, '>', "$folder/list" or die;
print $list "base/$_.jpg\n" for 0 .. 9;
close $list or die;
batch('a run over ten of them', 0, '--files-from', "$folder/list");
my $start = time;
system("$build/storyphoto journal show $folder/state >/dev/null") == 0 or die "million: journal show failed\n";
printf "%-28s %7.2f s\n", 'journal show', time - $start;
