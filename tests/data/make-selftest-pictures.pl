#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# make-selftest-pictures.pl BUILD GROUP -- the coded pictures of the self-test, in C: GROUP still
# is src/selftest/pictures.c, hevc and av1 are pictures-hevc.c and pictures-av1.c.
#
# What a program without codecs cannot make by itself: JPEG and VP8 data by cjpeg and cwebp of a
# scene that is drawn here, HEVC and AV1 data by tests/data/make-picture. Only the coded pictures
# are kept, without any container; encoders leave no text of theirs in them, and that is checked.
# The bytes depend on the versions of the encoders; nothing depends on the bytes.
use strict;
use warnings;
use File::Temp 'tempdir';
use MIME::Base64;

my ($build, $group) = @ARGV;
die "usage: $0 BUILD still|hevc|av1\n" unless defined $group;
my ($side, @made) = (64);
my $scratch = tempdir(CLEANUP => 1);

sub slurp {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "$path: $!\n";
    local $/;
    return scalar <$file>;
}

sub keep {
    my ($name, $bytes) = @_;
    die "$name holds a text of its encoder\n" if $bytes =~ /x265|[Ll]avc|aomenc|libaom/;
    push @made, [$name, $bytes];
}

# A grey sky over a green hill, with a soft texture; or magenta.
sub scene {
    my ($x, $y, $magenta) = @_;
    return (255, 0, 255) if $magenta;
    my $texture = ($x * 7 + $y * 13) % 11;
    return (160 + $texture, 168 + $texture, 180 + $texture) if $y < 24 + $x / 8;
    return (50 + $texture, 110 + $y, 40 + $texture);
}

sub write_picture { # PATH MAGENTA [UNDER]: UNDER are the colours below alpha 0, at the right
    my ($path, $magenta, $under) = @_;
    open my $file, '>:raw', $path or die "$path: $!\n";
    my $head = $under ? "P7\nWIDTH $side\nHEIGHT $side\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n"
                      : "P6\n$side $side\n255\n";
    print $file $head;
    for my $y (0 .. $side - 1) {
        for my $x (0 .. $side - 1) {
            my $hidden = $under && $x >= $side / 2;
            my @rgb = $hidden ? @$under : scene($x, $y, $magenta);
            print $file pack 'C*', @rgb, $under ? ($hidden ? 0 : 255) : ();
        }
    }
    close $file or die "$path: $!\n";
}

sub run {
    system(@_) == 0 or die "cannot run @_\n";
}

sub jpeg {
    my ($name, $magenta, @options) = @_;
    write_picture("$scratch/a.ppm", $magenta);
    run('cjpeg', '-quality', '75', @options, '-outfile', "$scratch/a.jpg", "$scratch/a.ppm");
    keep($name, slurp("$scratch/a.jpg"));
}

# Padding before restart markers is ones: here it is zeros wherever the pixels do not mind.
sub padded {
    my ($jpeg) = @_;
    my $pixels = pixels($jpeg);
    my ($from, $n) = (index($jpeg, "\xFF\xDA") + 14, 0);
    for my $at ($from .. length($jpeg) - 2) {
        next unless substr($jpeg, $at + 1, 2) =~ /^\xFF[\xD0-\xD7]$/;
        my $try = $jpeg;
        substr($try, $at, 1) = chr(ord(substr $try, $at, 1) & 0xFE);
        next if $try eq $jpeg || pixels($try) ne $pixels;
        ($jpeg, $n) = ($try, $n + 1);
    }
    die "no padding\n" if $n == 0;
    return $jpeg;
}

sub pixels {
    my ($jpeg) = @_;
    open my $file, '>:raw', "$scratch/b.jpg" or die;
    print $file $jpeg;
    close $file or die;
    return scalar `djpeg -ppm $scratch/b.jpg 2>&1`;
}

# The payload of the one chunk with picture data.
sub webp {
    my ($name, $magenta, $under, $chunk, @options) = @_;
    write_picture("$scratch/a.pam", $magenta, $under);
    run('cwebp', '-quiet', '-metadata', 'none', @options, "$scratch/a.pam", '-o', "$scratch/a.webp");
    my $file = slurp("$scratch/a.webp");
    my $at = index $file, $chunk;
    die "$name: no $chunk\n" if $at < 0;
    keep($name, substr $file, $at + 8, unpack 'V', substr $file, $at + 4, 4);
}

# What one item of a HEIF file of make-picture has: its data, and the payload of its hvcC or av1C.
sub item {
    my ($file, $nth, $box) = @_;
    my $entry = index($file, 'iloc') + 4 + 4 + 2 + 2 + 16 * $nth;
    my ($offset, $n) = unpack 'x8 N N', substr $file, $entry, 16;
    my $at = -1;
    $at = index $file, $box, $at + 1 for 0 .. $nth;
    die "no $box of item $nth\n" if $at < 0;
    my $config = substr $file, $at + 4, unpack('N', substr $file, $at - 4, 4) - 8;
    return (substr($file, $offset, $n), $config);
}

sub heif {
    my ($name, $ending, $items, @options) = @_;
    run("$build/tests/make-picture", '--size', "${side}x$side", @options, "$scratch/a.$ending");
    my $file = slurp("$scratch/a.$ending");
    for my $nth (0 .. $#$items) {
        next unless defined $items->[$nth];
        my ($data, $config) = item($file, $nth, $ending eq 'heic' ? 'hvcC' : 'av1C');
        keep("$name$items->[$nth]", $data);
        keep("$name$items->[$nth]_config", $config);
    }
}

if ($group eq 'still') {
    jpeg('jpeg', 0);
    jpeg('jpeg_restarts', 0, '-restart', '3B');
    keep('jpeg_padded', padded(slurp("$scratch/a.jpg")));
    jpeg('jpeg_optimised', 0, '-optimize');
    jpeg('jpeg_progressive', 0, '-progressive');
    jpeg('jpeg_magenta', 1);
    webp('vp8', 0, undef, 'VP8 ', '-q', '70');
    webp('vp8_magenta', 1, undef, 'VP8 ', '-q', '70');
    webp('vp8l_over_magenta', 0, [255, 0, 255], 'VP8L', '-lossless', '-exact');
    webp('vp8l_over_blue', 0, [0, 0, 255], 'VP8L', '-lossless', '-exact');
} else {
    my $ending = $group eq 'hevc' ? 'heic' : 'avif';
    heif($group, $ending, ['', '_magenta'], '--second', '--quality', '70');
    heif("${group}_lossless", $ending, [''], '--lossless');
    heif("${group}_cropped", $ending, [''], '--lossless', '--clap', '32');
    heif("${group}_over_magenta", $ending, ['', '_alpha'], '--alpha', 'moat', '--lossless');
}

my ($tail, $what) = $group eq 'still' ? ('', 'pictures') : ("-$group", "pictures_$group");
print <<"HEAD";
/* SPDX-License-Identifier: MIT */
/* pictures$tail.c -- coded pictures of 64 x 64 pixels, in base64, without any container.
 *
 * Made by tests/data/make-selftest-pictures.pl, which tells what they show; do not edit. */
#include "selftest/pictures.h"

const SpCodedPicture sp_coded_${what}[] = {
HEAD
for my $picture (@made) {
    my ($name, $bytes) = @$picture;
    my $text = encode_base64($bytes, '');
    my @lines = unpack '(A86)*', $text;
    print qq(    {"$name",\n);
    print join "\n", map { qq(     "$_") } @lines;
    print "},\n";
}
print "    {NULL, NULL},\n};\n";
