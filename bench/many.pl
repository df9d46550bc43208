#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# many.pl [--n N] [--jobs N] [--folder DIR] [-- OPTION...] -- an archive of N small uploads (100000)
# through `storyphoto batch`: does the supervisor's memory stay flat, are the last as fast as the
# first, and how long does a run take that has nothing to do?
#
# BASES different photos stand in each folder, each with a comment of its own: so no two uploads
# have the same bytes, and no two of a folder become the same files. A photo is told by its
# receipt; memory is VmRSS and VmHWM of the supervisor, twice a second. --folder keeps what is
# made, and a later call goes on with it. Exits with 1 when memory grew in the second half, or the
# rate fell, by more than a tenth (MOST).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Getopt::Long;
use Measure qw(end_on_signals);
use Time::HiRes qw(time);

use constant {BASES => 100, TENTHS => 10, MOST => 0.1};

my $build = $ENV{BUILD} // 'build';
my ($n, $jobs, $folder) = (100_000, 2);
GetOptions('n=i' => \$n, 'jobs=i' => \$jobs, 'folder=s' => \$folder) or exit 64;
end_on_signals();
make_path("$build/bench");
$folder //= tempdir("$build/bench/many.XXXXXX", CLEANUP => 1);
my $failed = 0;

sub slurp {
    open my $in, '<:raw', $_[0] or return '';
    local $/;
    return scalar(<$in>) // '';
}

sub bases {
    make_path("$folder/bases");
    my @bases;
    for my $i (0 .. BASES - 1) {
        my $file = "$folder/bases/$i.jpg";
        -e $file or system("$build/tests/make-upload", '--size', (40 + $i) . 'x48', '--gps', $file) == 0
            or die "many: cannot make '$file'\n";
        push @bases, slurp($file);
    }
    return @bases;
}

# The comment is the first segment.
sub make_uploads {
    my @bases = bases();
    for my $i (0 .. $n - 1) {
        my $below = sprintf '%s/in/%04d', $folder, $i / BASES;
        make_path($below) if $i % BASES == 0;
        my $file = sprintf '%s/%02d.jpg', $below, $i % BASES;
        next if -e $file;
        my $comment = sprintf 'number %09d', $i;
        open my $out, '>:raw', $file or die "$file: $!\n";
        print $out substr($bases[$i % BASES], 0, 2), "\xff\xfe", pack('n', 2 + length $comment), $comment,
            substr $bases[$i % BASES], 2;
        close $out or die "$file: $!\n";
    }
}

sub memory {
    my ($status) = slurp("/proc/$_[0]/status");
    return map { $status =~ /^$_:\s+(\d+) kB/m ? $1 / 1000 : 0 } qw(VmRSS VmHWM);
}

# Runs it: seconds, how many photos were told, and what was seen at the end of each tenth.
sub watch {
    my @command = ("$build/storyphoto", 'batch', "$folder/in", "$folder/out", '--state', "$folder/state",
        '--json', '--jobs', $jobs, @ARGV);
    my $start = time;
    my $pid = open(my $out, '-|', @command) // die "many: $!\n";
    my ($told, $asked, @marks, @memory) = (0, 0);
    while (my $line = <$out>) {
        $told++ if $line =~ /"schema" ?: ?"storyphoto.receipt/;
        my $now = time;
        @memory = memory($pid) if $now - $asked > 0.5;
        $asked = $now if $now - $asked > 0.5;
        push @marks, [$now - $start, @memory] if $told == int((@marks + 1) * $n / TENTHS);
    }
    close $out or die 'many: the batch ended with ' . ($? >> 8) . "\n";
    return (time - $start, $told, @marks);
}

make_uploads();
make_path("$folder/out");
my ($seconds, $told, @marks) = watch();
printf "%d photos in %.1f s, %.1f a second, %d jobs\n", $told, $seconds, $told / $seconds, $jobs;
if (@marks == TENTHS) {
    my ($before, @rates) = (0);
    print "   photos  a second  VmRSS MB  VmHWM MB\n";
    for my $i (0 .. $#marks) {
        push @rates, $n / TENTHS / ($marks[$i][0] - $before);
        printf "%9d  %8.1f  %8.1f  %8.1f\n", ($i + 1) * $n / TENTHS, $rates[-1], @{$marks[$i]}[1, 2];
        $before = $marks[$i][0];
    }
    $failed |= $rates[-1] < $rates[0] * (1 - MOST) || $marks[-1][1] > $marks[4][1] * (1 + MOST);
}
($seconds, $told) = watch();
printf "nothing to do: %.2f s, %d photos\n", $seconds, $told;
exit($failed || $told > 0);
