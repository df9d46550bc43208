#!/usr/bin/perl
# one-upload.pl [PHOTO...] -- one upload, from process start to both files, against the peers that
# are installed, by their full paths. Each round runs every tool once on the same photo, so that a
# machine whose speed drifts is the same for all; what is printed are medians, and ratios of
# medians. RUNS rounds a photo (default 9). Without photos, one of 12 megapixels is made.
use strict;
use warnings;
use File::Temp qw(tempdir);
use Time::HiRes qw(time);

my $build = $ENV{BUILD} // 'build';
my $runs = $ENV{RUNS} // 9;
my $dir = tempdir(CLEANUP => 1);
my @photos = @ARGV;

if (!@photos) {
    push @photos, "$dir/sample.jpg";
    system("$build/tests/make-upload", '--size', '4032x3024', '--noise', '12', '--gps', $photos[0]) == 0
        or die "cannot make a sample\n";
}

# name, program, and its command lines; all to 1024 wide, WebP and JPEG of quality 80.
my @tools = (
    ['storyphoto', "$build/storyphoto", ['process', '-o', '%d', '%i']],
    ['vipsthumbnail twice', '/usr/bin/vipsthumbnail',
        ['%i', '--size', '1024x', '-o', '%d/v.webp[Q=80,strip]'],
        ['%i', '--size', '1024x', '-o', '%d/v.jpg[Q=80,strip,optimize_coding]']],
    ['ImageMagick', '/usr/bin/convert',
        ['%i', '-auto-orient', '-resize', '1024x', '-strip', '-quality', '80', '-write', '%d/m.webp', '%d/m.jpg']],
    ['GraphicsMagick', '/usr/bin/gm',
        ['convert', '%i', '-auto-orient', '-resize', '1024x', '-strip', '-quality', '80', '%d/g.webp'],
        ['convert', '%i', '-auto-orient', '-resize', '1024x', '-strip', '-quality', '80', '%d/g.jpg']],
    ['ffmpeg', '/usr/bin/ffmpeg',
        ['-v', 'error', '-y', '-i', '%i', '-filter_complex', 'scale=1024:-1:flags=lanczos,split[a][b]',
         '-map', '[a]', '-quality', '80', '%d/f.webp', '-map', '[b]', '-q:v', '4', '%d/f.jpg']],
);
@tools = grep { -x $_->[1] } @tools;

sub run_tool {
    my ($tool, $photo) = @_;
    my (undef, $program, @lines) = @$tool;
    my $start = time;
    for my $line (@lines) {
        my @words = map { s/%d/$dir/r } map { s/%i/$photo/r } @$line;
        my $pid = fork // die "fork: $!\n";
        if ($pid == 0) {
            open STDOUT, '>', '/dev/null';
            open STDERR, '>', '/dev/null';
            exec { $program } $program, @words or exit 127;
        }
        waitpid $pid, 0;
        return if $? != 0;
    }
    my $elapsed = time - $start;
    unlink grep { $_ ne $photo } glob("$dir/*.webp $dir/*.jpg");
    return $elapsed;
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return $sorted[@sorted / 2];
}

for my $photo (@photos) {
    my %times;
    my %failed;
    for my $round (0 .. $runs) {
        for my $tool (@tools) {
            next if $failed{$tool->[0]};
            my $elapsed = run_tool($tool, $photo);
            if (!defined $elapsed) { $failed{$tool->[0]} = 1; next; }
            push @{$times{$tool->[0]}}, $elapsed if $round > 0; # the first one warms the caches
        }
    }
    die "storyphoto failed on $photo\n" if $failed{storyphoto};
    my $ours = median(@{$times{storyphoto}});
    print "$photo, median of $runs rounds\n";
    for my $tool (@tools) {
        my $name = $tool->[0];
        if ($failed{$name}) { printf "  %-20s failed\n", $name; next; }
        my $theirs = median(@{$times{$name}});
        printf "  %-20s %7.1f ms  %5.2f times ours\n", $name, $theirs * 1000, $theirs / $ours;
    }
}
