# SPDX-License-Identifier: MIT
# Photos.pm -- what is measured on, what comes out, and small facts of files.
package Photos;
use strict;
use warnings;
use Exporter qw(import);
use File::Find qw(find);
use JSON::PP;

our @EXPORT_OK = qw(bare_size begins_with carried find_photos find_pictures make_photo picture_size
    publish slurp srgb_profile);

# How they begin.
my %signature = (JPEG => "\xff\xd8\xff", PNG => "\x89PNG\r\n\x1a\n");

sub slurp {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "cannot read '$path': $!\n";
    local $/;
    return scalar <$file>;
}

# A folder stands for every file below it that begins as a JPEG does; a file is taken as it is.
# {path, bytes, megapixels} each, by their paths' order. They are read, so they are in memory.
sub find_photos { return find_pictures(['JPEG'], @_) }

# The same of other types: JPEG, PNG.
sub find_pictures {
    my ($types, @given) = @_;
    my @paths;
    for my $given (@given) {
        die "cannot open '$given': $!\n" if !-e $given;
        push @paths, -d $given ? pictures_below($types, $given) : $given;
    }
    return map { picture($types, $_) } @paths;
}

sub pictures_below {
    my ($types, $folder) = @_;
    my @below;
    my $is_one = sub { my ($path) = @_; grep { begins_with($path, $signature{$_}) } @$types };
    find({no_chdir => 1, wanted => sub { push @below, $_ if -f && $is_one->($_) }}, $folder);
    die "there is no @{[join ' or ', @$types]} below '$folder'\n" if !@below;
    return sort @below;
}

# Whether the file can be read and its first bytes are these.
sub begins_with {
    my ($path, $bytes) = @_;
    open my $file, '<:raw', $path or return 0;
    read $file, my $first, length $bytes;
    return $first eq $bytes;
}

sub picture {
    my ($types, $path) = @_;
    my $bytes = slurp($path);
    die "'$path' is no @{[join ' or ', @$types]}\n"
        if !grep { index($bytes, $signature{$_}) == 0 } @$types;
    my ($width, $height) = (size_of($bytes), 0, 0);
    return {path => $path, bytes => length $bytes, megapixels => $width * $height / 1e6};
}

# ---- generated ---------------------------------------------------------------------------------

# Makes FILE unless it is there and newer than its maker: bench/make-photo, tests/make-upload.
sub make_photo {
    my ($maker, $path, @options) = @_;
    return $path if -e $path && -e $maker && -M $path < -M $maker;
    system($maker, @options, "$path.new") == 0 or die "'$maker' cannot make '$path'\n";
    rename "$path.new", $path or die "cannot make '$path': $!\n";
    return $path;
}

# The profile of a sample upload that has one, for programs that take a profile as a file.
sub srgb_profile {
    my ($build, $dir) = @_;
    my $sample = slurp(make_photo("$build/tests/make-upload", "$dir/profile.jpg",
        qw(--size 8x8 --icc srgb)));
    $sample =~ /\xff\xe2(..)ICC_PROFILE\0\x01\x01/s or die "a sample upload has no profile\n";
    open my $file, '>:raw', "$dir/srgb.icc" or die "$dir/srgb.icc: $!\n";
    print $file substr $sample, $+[0], unpack('n', $1) - 16;
    close $file or die "$dir/srgb.icc: $!\n";
    return "$dir/srgb.icc";
}

# ---- ours --------------------------------------------------------------------------------------

# What storyphoto makes of a photo: the receipt, or undef and why not.
sub publish {
    my ($build, $photo, $dir, @options) = @_;
    open my $said, '-|', "$build/storyphoto", 'process', '--json', '-o', $dir, @options,
        $photo->{path}
        or die "cannot start '$build/storyphoto': $!\n";
    my $receipt = decode_json(do { local $/; <$said> } || '{}');
    return $receipt if ($receipt->{status} // '') eq 'ok';
    return (undef, $receipt->{error}{message} // 'storyphoto fails');
}

# ---- sizes -------------------------------------------------------------------------------------

# A JPEG's segments before its first scan: [type, where its content begins, its length] each.
sub segments {
    my ($bytes) = @_;
    my ($at, @segments) = (2);
    while ($at + 4 <= length $bytes) {
        my ($mark, $type, $length) = unpack 'CCn', substr $bytes, $at, 4;
        last if $mark != 0xff || $type == 0xda;
        push @segments, [$type, $at + 4, $length - 2];
        $at += 2 + $length;
    }
    return @segments;
}

sub jpeg_size {
    my ($bytes) = @_;
    for my $segment (segments($bytes)) {
        my ($type, $at) = @$segment;
        return reverse unpack 'nn', substr $bytes, $at + 1, 4
            if $type >= 0xc0 && $type <= 0xcf && $type != 0xc4 && $type != 0xc8 && $type != 0xcc;
    }
    return;
}

sub webp_size {
    my ($bytes) = @_;
    return if length $bytes < 30;
    my $type = substr $bytes, 12, 4;
    return map { $_ & 0x3fff } unpack 'vv', substr $bytes, 26, 4 if $type eq 'VP8 ';
    return map { 1 + ($_ & 0xffffff) } map { unpack 'V', substr $bytes, $_, 4 } 24, 27
        if $type eq 'VP8X';
    return if $type ne 'VP8L';
    my $bits = unpack 'V', substr $bytes, 21, 4;
    return map { 1 + ($_ & 0x3fff) } $bits, $bits >> 14;
}

sub size_of {
    my ($bytes) = @_;
    return webp_size($bytes) if substr($bytes, 0, 4) eq 'RIFF';
    return unpack 'NN', substr $bytes, 16, 8 if index($bytes, $signature{PNG}) == 0;
    return jpeg_size($bytes);
}

# Width and height of a WebP, JPEG or PNG, or nothing.
sub picture_size { return size_of(slurp($_[0])) }

# What an output has beside the picture, [name, bytes] each: a WebP's chunks, a JPEG's segments.
# (APP0, which is JFIF, and Adobe's APP14 are of the picture.)
sub extras {
    my ($bytes) = @_;
    if (substr($bytes, 0, 4) eq 'RIFF') {
        my @chunks;
        for (my $at = 12; $at + 8 <= length $bytes; ) {
            my ($name, $length) = unpack 'a4V', substr $bytes, $at, 8;
            my $whole = 8 + $length + $length % 2;
            push @chunks, [$name =~ s/ //r, $whole] if $name =~ /^(ICCP|EXIF|XMP )/;
            $at += $whole;
        }
        return @chunks;
    }
    return map { [$_->[0] == 0xfe ? 'COM' : 'APP' . ($_->[0] - 0xe0), $_->[2] + 4] }
        grep { my $type = $_->[0];
            $type == 0xfe || ($type > 0xe0 && $type < 0xf0 && $type != 0xee) } segments($bytes);
}

sub carried { return map { $_->[0] } extras(slurp($_[0])) }

# The size of a file less what it carries.
sub bare_size {
    my ($path) = @_;
    my $bytes = slurp($path);
    my $size = length $bytes;
    $size -= $_->[1] for extras($bytes);
    return $size;
}

1;
