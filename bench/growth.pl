#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# growth.pl [--largest MEGAPIXELS] [--jobs N] -- time and memory, over the size of an upload and
# over how many are worked on at once.
#
# Uploads are baseline JPEGs of 4:2:0 that make-upload draws, some 0.26 bytes a pixel; 200
# megapixels are within the default limit of 64 MiB. Time is the median of RUNS runs of
# `storyphoto process`, CPU that of its whole tree of processes. Memory is taken in a run of its
# own, which is sampled: of the supervisor, of the server that forks, and of the child that
# renders, the largest VmHWM less the shared memory that it maps at that moment (RssShmem: the
# upload and the files made of it, which are no more than they are whoever holds them). 1 MB is
# 10^6 bytes.
#
# Jobs at once: PHOTOS uploads of 12 megapixels, N at a time. Their memory is the largest sum of
# PSS over the tree.
#
# Prints tables; BUILD/bench/growth/ has them as JSON and SVG. Exits with 1 when something is
# larger than it must be (%most).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use Getopt::Long;
use JSON::PP;
use List::Util qw(max);
use Measure qw(measure cpu end_on_signals);
use Plot;
use POSIX qw(WNOHANG);
use Time::HiRes qw(sleep);

use constant {RUNS => 5, PHOTOS => 16, SAMPLE_EVERY => 0.0005};

my $build = $ENV{BUILD} // 'build';
my $folder = "$build/bench/growth";
end_on_signals();
my $scratch = tempdir(CLEANUP => 1);
my $photos; # a folder beside the results: a disk, where /tmp may be memory
my ($largest, $jobs) = (200, 8);
my @roles = qw(supervisor server renderer);
my %most = (48 => {renderer => 40e6, supervisor => 16e6});
my ($failed, $n_folders) = (0, 0);

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return $sorted[@sorted / 2];
}

# Drawn once a run: the largest takes seconds.
sub photo {
    my ($megapixels) = @_;
    my $height = int(sqrt($megapixels * 1e6 * 3 / 4) + 0.5);
    my $size = int($megapixels * 1e6 / $height + 0.5) . "x$height";
    my $file = "$photos/$size.jpg";
    return $file if -e $file;
    system("$build/tests/make-upload", '--size', $size, '--noise', 12, $file) == 0
        or die "growth: cannot make '$file'\n";
    return $file;
}

sub command {
    my ($out, @words) = @_;
    return ["$build/storyphoto", 'process', '-o', $out, @words];
}

# The measured job, with folders of its own that are gone afterwards.
sub run {
    my ($items, $at_once, @ask) = @_;
    my $taken = measure({items => $items, at_once => $at_once}, @ask);
    remove_tree($scratch, {keep_root => 1});
    die "growth: storyphoto fails: $taken->{error}\n" if $taken->{exit} != 0;
    return $taken;
}

sub new_folder {
    my $out = "$scratch/" . ++$n_folders;
    make_path($out);
    return $out;
}

# ---- memory of each process ---------------------------------------------------------------------

sub children {
    my @children;
    for my $path (glob "/proc/$_[0]/task/*/children") {
        open my $file, '<', $path or next;
        push @children, split ' ', <$file> // '';
    }
    return @children;
}

# VmHWM less what is mapped of memfds, in bytes; 0 when the process is gone, or still Perl.
sub own_memory {
    my ($pid) = @_;
    open my $file, '<', "/proc/$pid/status" or return 0;
    my %is = map { /^(Name|VmHWM|RssShmem):\s+(\S+)/ ? ($1 => $2) : () } <$file>;
    return 0 if ($is{Name} // '') !~ /^storyphoto/ || !defined $is{RssShmem};
    return ($is{VmHWM} - $is{RssShmem}) * 1024;
}

sub memory {
    my ($photo) = @_;
    my $command = command(new_folder(), $photo);
    my $pid = fork // die "growth: fork: $!\n";
    if ($pid == 0) {
        open STDOUT, '>', '/dev/null';
        exec { $command->[0] } @$command or POSIX::_exit(127);
    }
    my %peak = map { ($_ => 0) } @roles;
    while (waitpid($pid, WNOHANG) == 0) {
        my @servers = children($pid);
        my @renderers = map { children($_) } @servers;
        my %now = (supervisor => [$pid], server => \@servers, renderer => \@renderers);
        for my $role (@roles) {
            $peak{$role} = max($peak{$role}, map { own_memory($_) } @{$now{$role}});
        }
        sleep SAMPLE_EVERY;
    }
    remove_tree($scratch, {keep_root => 1});
    return %peak;
}

# ---- over megapixels, over jobs -----------------------------------------------------------------

sub measure_size {
    my ($megapixels) = @_;
    my $photo = photo($megapixels);
    my @taken = map { run([[command(new_folder(), $photo)]], 1) } 1 .. RUNS;
    my %row = (megapixels => $megapixels, bytes => -s $photo,
        wall_ms => 1000 * median(map { $_->{wall} } @taken),
        cpu_ms => 1000 * median(map { cpu($_) } @taken));
    my @samples = map { {memory($photo)} } 1 .. 3; # a small one may be over between two looks
    for my $role (@roles) { $row{$role} = max(map { $_->{$role} } @samples) }
    printf "%6.6g MP %7.1f MB  %8.1f ms %8.1f ms CPU  %6.1f MB supervisor %6.1f MB server"
        . " %6.1f MB renderer\n", $megapixels, $row{bytes} / 1e6, @row{qw(wall_ms cpu_ms)},
        map { $row{$_} / 1e6 } @roles;
    my $limits = $most{$megapixels} // {};
    for my $role (sort keys %$limits) {
        next if $row{$role} <= $limits->{$role};
        printf "TOO MUCH: the %s may have %.0f MB\n", $role, $limits->{$role} / 1e6;
        $failed = 1;
    }
    return \%row;
}

# One program that does N at once, where it can; else N programs.
sub items {
    my ($n, @photos) = @_;
    my $knows = `$build/storyphoto process --help` =~ /--jobs/;
    return [[command(new_folder(), '--jobs', $n, @photos)]] if $knows;
    return [map { [command(new_folder(), $_)] } @photos];
}

sub measure_jobs {
    my ($n, @photos) = @_;
    my @taken = map { run(items($n, @photos), $n) } 1 .. RUNS;
    my $sampled = run(items($n, @photos), $n, memory => 1);
    my %row = (jobs => $n, photos_a_second => PHOTOS / median(map { $_->{wall} } @taken),
        cpu_ms => 1000 / PHOTOS * median(map { cpu($_) } @taken), memory => $sampled->{memory});
    printf "%6d jobs  %6.1f photos a second  %6.1f ms CPU a photo  %6.1f MB in all\n",
        @row{qw(jobs photos_a_second cpu_ms)}, $row{memory} / 1e6;
    return \%row;
}

sub series {
    my ($rows, $x, $divisor, %names) = @_;
    return [map { my $key = $_; {name => $names{$key},
        points => [map { [$_->{$x}, $_->{$key} / $divisor] } @$rows]} } sort keys %names];
}

sub write_plots {
    my ($sizes, $at_once) = @_;
    my @megapixels = (x => 'megapixels', log => 'xy');
    Plot::lines("$folder/time.svg", title => 'One JPEG, start to both files', @megapixels,
        y => 'ms', series => series($sizes, 'megapixels', 1, wall_ms => 'time', cpu_ms => 'CPU'));
    Plot::lines("$folder/memory.svg", title => 'Memory of each process, one JPEG',
        x => 'megapixels', log => 'x', y => 'MB',
        series => series($sizes, 'megapixels', 1e6, map { ($_ => $_) } @roles));
    Plot::lines("$folder/jobs-rate.svg", title => 'Photos of 12 megapixels a second', x => 'jobs',
        y => 'photos/s', series => series($at_once, 'jobs', 1, photos_a_second => 'photos/s'));
    Plot::lines("$folder/jobs-memory.svg", title => 'Memory of all processes', x => 'jobs',
        y => 'MB', series => series($at_once, 'jobs', 1e6, memory => 'PSS'));
}

sub main {
    GetOptions('largest=f' => \$largest, 'jobs=i' => \$jobs) or exit 64;
    make_path($folder);
    $photos = tempdir('photos-XXXXXX', DIR => $folder, CLEANUP => 1);
    my @sizes = grep { $_ <= $largest } 1, 2, 5, 12, 24, 48, 100, 200;
    my @at_once = grep { $_ <= $jobs } 1, 2, 3, 4, 6, 8, 12, 16, 24, 32;
    my $sizes = [map { measure_size($_) } @sizes];
    my @photos = (photo(12)) x PHOTOS;
    my $at_once = [map { measure_jobs($_, @photos) } @at_once];
    write_plots($sizes, $at_once);
    open my $file, '>', "$folder/growth.json" or die "growth: '$folder/growth.json': $!\n";
    print $file JSON::PP->new->pretty->canonical->encode({sizes => $sizes, jobs => $at_once});
    close $file or die "growth: '$folder/growth.json': $!\n";
    print "written: $folder/*.svg, growth.json\n";
    exit $failed;
}

main();
