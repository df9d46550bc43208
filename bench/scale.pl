#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# scale.pl [--pairs N] FOLDER|JPEG... -- what do all cores give a batch?
#
# `storyphoto batch` on all cores against the same with one job of one thread, in alternating
# pairs, each into an empty folder with a fresh state. What the machine itself can give stands
# beside it: two loops of djpeg over the same photos at once, against one after the other; where
# cores share caches, memory or a host, that is less than two. Few photos are taken several times,
# up to LEAST: in a short run the end, where one core has nothing left, is most of what is seen.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use Getopt::Long;
use Measure qw(end_on_signals);
use Pairs qw(ratios run_pairs spread values);
use Photos qw(find_photos);

use constant LEAST => 96;

my $build = $ENV{BUILD} // 'build';
my $pairs = 9;
GetOptions('pairs=i' => \$pairs) && @ARGV or die "usage: scale.pl [--pairs N] FOLDER|JPEG...\n";
end_on_signals();
make_path("$build/bench");
my $scratch = tempdir(DIR => "$build/bench", CLEANUP => 1); # a disk, where /tmp may be memory
my @photos = map { $_->{path} } find_photos(@ARGV);
@photos = (@photos) x (1 + int((LEAST - 1) / @photos)) if @photos < LEAST;
my $n_runs = 0;

# Links to the photos, since a batch takes a folder.
make_path("$scratch/in");
for my $i (0 .. $#photos) {
    my $to = sprintf '%s/in/%04d.jpg', $scratch, $i;
    link($photos[$i], $to) or system('cp', $photos[$i], $to) == 0 or die "cannot copy\n";
}

sub batch {
    my (@options) = @_;
    return sub {
        my $run = $scratch . '/' . $n_runs++;
        make_path("$run/out");
        return {items => [[["$build/storyphoto", 'batch', "$scratch/in", "$run/out", '--state',
            "$run/state", @options]]]};
    };
}

sub decode {
    my ($at_once) = @_;
    my @loop = map { ['/usr/bin/djpeg', '-outfile', '/dev/null', $_] } @photos;
    return sub { return {items => [[@loop], [@loop]], at_once => $at_once} };
}

sub clean {
    remove_tree(glob "$scratch/[0-9]*");
}

# How many times as fast the second job is as the first.
sub compare {
    my ($what, $alone, $together) = @_;
    my @done = run_pairs($pairs, {name => 'alone', job => $alone},
        {name => 'together', job => $together}, \&clean);
    die "scale: $done[-1]{failed}: $done[-1]{error}\n" if defined $done[-1]{failed};
    my $gain = spread(ratios('wall', 'alone', 'together', @done));
    my $cpu = spread(ratios('cpu', 'together', 'alone', @done));
    my $time = spread(values('wall', 'together', @done));
    printf "%-24s %4.2f times as fast (%4.2f to %4.2f), %4.2f of the CPU, %.0f ms\n", $what,
        @$gain{qw(median q1 q3)}, $cpu->{median}, 1000 * $time->{median};
}

printf "%d photos, %d pairs\n", scalar @photos, $pairs;
compare('batch', batch('--jobs', 1, '--threads', 1), batch());
compare('two loops of djpeg', decode(1), decode(2));
