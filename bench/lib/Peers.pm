# SPDX-License-Identifier: MIT
# Peers.pm -- the programs that are compared: one row each, ourselves first.
#
# All do the same work: a photo upright, at most 1024 pixels wide, in sRGB, without metadata, as
# WebP and as JPEG of quality 80. How each is told so is what a user who knows it would write;
# where it has a way to be told the size beforehand, that is a row of its own. Where one falls
# short of the work its row says so (`short`), and the table prints it.
#
# Programs are looked for in the usual folders, and only real binaries count: a script of the same
# name (a wrapper, a stand-in) would be timed with its interpreter.
#
# A new peer is a row in @rows. name: for PEERS=; program: the names that it may have; version:
# the argument that prints it, and where it stands. item: the commands that make OUT.webp and
# OUT.jpg of a photo; of many photos each is an item, and as many run at once as there are cores.
# batch: instead, for a program that takes all photos itself, all items. script: node runs it.
#
# `make quality` asks more: curve, the commands that make DIR/Q.webp and DIR/Q.jpg for each quality
# Q of a picture {path, width, height, reference}, exactly so wide and so high, on white where it is
# transparent; only, when it is no more than one format. A program that only encodes (`encoder`) is
# given the reference, so it has lost nothing when it begins. It is no row of `make bench`, as what
# has no curve is none here.
package Peers;
use strict;
use warnings;
use Exporter qw(import);
use File::Basename qw(dirname);
use Cwd qw(abs_path);
use Photos qw(begins_with);

our @EXPORT_OK = qw(choose_peers find_magick peer_job names);

use constant FOLDERS => '/usr/local/bin:/usr/bin:/bin';

my $sharp_js = abs_path(dirname(__FILE__) . '/../sharp.js');
my @magick = qw(magick convert-im7.q16hdri convert-im7.q16 convert-im6.q16 convert);
# Of a photo without a profile, 8.14 would otherwise shift the colours.
my @vips_colours = qw(--import-profile srgb --export-profile srgb);
my $short_icc = 'it does not turn colours into sRGB';

sub ffmpeg_item {
    my ($peer, $photo, $out) = @_;
    my $graph = q{scale='min(1024,iw)':-1:flags=lanczos,split[a][b]};
    return [[$peer->{path}, qw(-v error -y -i), $photo, '-filter_complex', $graph,
        qw(-map [a] -map_metadata -1 -quality 80), "$out.webp",
        qw(-map [b] -map_metadata -1 -q:v 4), "$out.jpg"]];
}

sub magick_item {
    my ($peer, $photo, $out, @hint) = @_;
    return [[$peer->{path}, @hint, $photo, qw(-auto-orient -resize 1024x>), '-profile',
        $peer->{profile}, qw(-strip -quality 80 -write), "$out.webp", "$out.jpg"]];
}

sub magick_curve {
    my ($peer, $picture, $dir, @qualities) = @_;
    return [$peer->{path}, $picture->{path}, '-auto-orient', '-resize', size($picture) . '!',
        qw(-background white -alpha remove -alpha off), '-profile', $peer->{profile}, '-strip',
        (map { ('-quality', $_, '-write', "$dir/$_.webp", '-write', "$dir/$_.jpg") } @qualities),
        'null:'];
}

sub graphics_magick_item {
    my ($peer, $photo, $out, @hint) = @_;
    return [[$peer->{path}, 'convert', @hint, $photo, qw(-auto-orient -resize 1024x>), '-profile',
        $peer->{profile}, qw(+profile * -quality 80 -write), "$out.webp", "$out.jpg"]];
}

sub vipsthumbnail_item {
    my ($peer, $photo, $out) = @_;
    my @same = ($peer->{path}, $photo, qw(--size 1024x>), @vips_colours, '-o');
    return [[@same, "$out.webp[Q=80,strip]"], [@same, "$out.jpg[Q=80,strip,optimize_coding]"]];
}

sub vipsthumbnail_curve {
    my ($peer, $picture, $dir, @qualities) = @_;
    my @same = ($peer->{path}, $picture->{path}, '--size', size($picture) . '!', @vips_colours,
        '-o');
    return map { my $with = "Q=$_,strip,background=255"; [@same, "$dir/$_.webp[$with]"],
        [@same, "$dir/$_.jpg[$with,optimize_coding]"] } @qualities;
}

sub cwebp_curve {
    my ($peer, $picture, $dir, @qualities) = @_;
    return map { [$peer->{path}, qw(-quiet -q), $_, $picture->{reference}, '-o',
        "$dir/$_.webp"] } @qualities;
}

# It reads no PNG.
sub cjpeg_curve {
    my ($peer, $picture, $dir, @qualities) = @_;
    return [$peer->{magick}, $picture->{reference}, "$dir/reference.ppm"],
        map { [$peer->{path}, qw(-progressive -quality), $_, '-outfile', "$dir/$_.jpg",
            "$dir/reference.ppm"] } @qualities;
}

sub size { return "$_[0]{width}x$_[0]{height}" }

# One process has all photos in flight; sharp's own threads share the cores.
sub sharp_batch {
    my ($peer, $photos, $dir, @options) = @_;
    return [[[$peer->{path}, $peer->{script}, @options, $dir, @$photos]]];
}

sub sharp_row {
    my ($name, $label, @options) = @_;
    return {name => $name, label => $label, program => [qw(node nodejs)],
        script => $sharp_js, batch => sub { sharp_batch(@_, @options) }};
}

sub sharp_curve {
    my ($peer, $picture, $dir, $qualities, @options) = @_;
    return [@$peer{qw(path script)}, @options, '--curve', join(',', @$qualities), $dir,
        @$picture{qw(path width height)}];
}

# And as a curve.
sub sharp_curve_row {
    my ($name, $label, $only, @options) = @_;
    return {%{sharp_row($name, $label, @options)}, only => $only, curve => sub {
        my ($peer, $picture, $dir, @qualities) = @_;
        sharp_curve($peer, $picture, $dir, \@qualities, @options) }};
}

sub storyphoto_batch {
    my ($peer, $photos, $dir) = @_;
    return [[[$peer->{path}, 'process', '-o', $dir, @$photos]]];
}

my @rows = (
    {name => 'storyphoto', label => 'storyphoto', batch => \&storyphoto_batch,
        version => ['--version', qr/(\d\S*)/]},
    {name => 'vipsthumbnail', label => 'vipsthumbnail twice', program => ['vipsthumbnail'],
        version => ['--version', qr/vips-(\S+)/], item => \&vipsthumbnail_item,
        curve => \&vipsthumbnail_curve},
    {name => 'imagemagick', label => 'ImageMagick', program => \@magick,
        version => ['-version', qr/ImageMagick (\S+)/], item => \&magick_item,
        curve => \&magick_curve},
    {name => 'imagemagick-hint', label => 'ImageMagick, told the size', program => \@magick,
        version => ['-version', qr/ImageMagick (\S+)/],
        item => sub { magick_item(@_, qw(-define jpeg:size=2048x2048)) }},
    {name => 'graphicsmagick', label => 'GraphicsMagick', program => ['gm'],
        version => ['version', qr/GraphicsMagick (\S+)/], item => \&graphics_magick_item},
    {name => 'graphicsmagick-hint', label => 'GraphicsMagick, told the size', program => ['gm'],
        version => ['version', qr/GraphicsMagick (\S+)/],
        item => sub { graphics_magick_item(@_, qw(-size 2048x2048)) }},
    {name => 'ffmpeg', label => 'ffmpeg', program => ['ffmpeg'], short => $short_icc,
        version => ['-version', qr/version (\S+)/], item => \&ffmpeg_item},
    sharp_curve_row('sharp', 'sharp', undef),
    sharp_curve_row('sharp-mozjpeg', 'sharp, mozjpeg', 'jpeg', '--mozjpeg'),
    sharp_row('sharp-effort2', 'sharp, WebP effort 2', '--effort', 2),
    sharp_row('sharp-once', 'sharp, decoded once', '--once'),
    {name => 'cwebp', label => 'cwebp, of the reference', program => ['cwebp'],
        version => ['-version', qr/^([0-9.]+)/], only => 'webp',
        encoder => 1, curve => \&cwebp_curve},
    {name => 'cjpeg', label => 'cjpeg, of the reference', program => ['cjpeg'],
        version => ['-version', qr/version (\S+)/], only => 'jpeg',
        encoder => 1, curve => \&cjpeg_curve},
);

# Of those that do the whole work, or of those that have a curve.
sub names {
    my ($has_curve) = @_;
    return map { $_->{name} }
        grep { $has_curve ? defined $_->{curve} : !$_->{encoder} } @rows[1 .. $#rows];
}

# ---- finding them ------------------------------------------------------------------------------

# The path of the first name that is a binary; of a link, as Debian's alternatives are, what it
# leads to. Else undef and why.
sub find_program {
    my ($programs, $folders) = @_;
    my $script;
    for my $name (@$programs) {
        for my $path (map { "$_/$name" } split /:/, $folders) {
            next if !-f $path || !-x _;
            return abs_path($path) if begins_with($path, "\x7fELF");
            $script //= $path;
        }
    }
    return (undef, defined $script ? "$script is a script, not the program" : 'not installed');
}

# The folder that has sharp: what is given (node_modules, what holds it, or sharp itself), or one
# of node's usual ones.
sub find_sharp {
    my ($given) = @_;
    my @folders = defined $given ? ($given, "$given/node_modules", "$given/..")
        : (split(/:/, $ENV{NODE_PATH} // ''), 'node_modules', '/usr/local/lib/node_modules',
            '/usr/lib/node_modules', '/usr/share/nodejs');
    for my $folder (@folders) {
        return abs_path($folder) if $folder ne '' && -f "$folder/sharp/package.json";
    }
    return;
}

sub version_of {
    my ($path, $argument, $pattern) = @_;
    open my $said, '-|', 'sh', '-c', 'exec "$0" "$1" 2>&1', $path, $argument or return;
    my $text = do { local $/; <$said> } // '';
    return $text =~ $pattern ? $1 : undef;
}

sub sharp_version {
    my ($folder) = @_;
    open my $file, '<', "$folder/sharp/package.json" or return 'unknown';
    my $text = do { local $/; <$file> };
    return $text =~ /"version"\s*:\s*"([^"]+)"/ ? $1 : 'unknown';
}

sub prepare {
    my ($row, $context) = @_;
    my $peer = {%$row, version => undef, map { $_ => $context->{$_} } qw(profile magick)};
    if (defined $row->{program}) {
        @$peer{qw(path missing)} = find_program($row->{program}, $context->{bins} // FOLDERS);
    } else {
        $peer->{path} = "$context->{build}/storyphoto";
    }
    return $peer if defined $peer->{missing};
    if (defined $row->{script}) {
        my $folder = find_sharp($context->{sharp});
        return {%$peer, missing => 'sharp is not below ' . ($context->{sharp} // 'NODE_PATH')}
            if !defined $folder;
        $peer->{env} = {NODE_PATH => $folder};
        $peer->{version} = sharp_version($folder);
    } else {
        $peer->{version} = version_of($peer->{path}, @{$row->{version}});
        $peer->{missing} = "$peer->{path} does not say its version" if !defined $peer->{version};
    }
    return $peer;
}

# Ourselves and who is chosen (a list of names; undef is all). What is not there has `missing`.
# The context has build, profile, and where wanted bins, sharp, magick; with curve, who has one.
sub choose_peers {
    my ($chosen, $context) = @_;
    my @names = names($context->{curve});
    my %is_known = map { $_ => 1 } @names;
    for my $name (@{$chosen // []}) {
        die "unknown peer '$name'; known are " . join(', ', @names) . "\n" if !$is_known{$name};
    }
    my %is_chosen = map { $_ => 1 } @{$chosen // \@names};
    my ($ours, @peers) = map { prepare($_, $context) }
        grep { $_->{name} eq 'storyphoto' || $is_chosen{$_->{name}} } @rows;
    return ($ours, @peers);
}

# Who makes the reference and decodes what is judged: its path and version, or nothing.
sub find_magick {
    my ($bins) = @_;
    my ($path) = find_program(\@magick, $bins // FOLDERS);
    return if !defined $path;
    return ($path, version_of($path, '-version', qr/ImageMagick (\S+)/) // 'unknown');
}

# What measure() takes: these photos into DIR, on so many cores.
sub peer_job {
    my ($peer, $photos, $dir, $cores) = @_;
    my $items = defined $peer->{batch} ? $peer->{batch}->($peer, $photos, $dir)
        : [map { $peer->{item}->($peer, $photos->[$_], "$dir/$_") } 0 .. $#$photos];
    return {items => $items, at_once => $cores, env => $peer->{env}};
}

1;
