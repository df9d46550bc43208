#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# make-bombs.pl FOLDER MAKE-UPLOAD MAKE-PICTURE -- small uploads that ask for much.
#
# Each is as its format's specification has it, as far as that can be without the size that it
# claims: so nothing but a limit stands in its way. What a real encoder must have made is taken from
# the other two makers and changed.
use strict;
use warnings;
use Compress::Zlib;

my ($folder, $make_upload, $make_picture) = @ARGV;
die "usage: make-bombs.pl FOLDER MAKE-UPLOAD MAKE-PICTURE\n" if @ARGV != 3;

sub keep {
    my ($name, @parts) = @_;
    open my $file, '>:raw', "$folder/$name" or die "$name: $!\n";
    print $file $_ for @parts;
    close $file or die "$name: $!\n";
}
sub made { # the bytes of MAKER's picture
    my ($maker, $ending, @options) = @_;
    system($maker, @options, "$folder/made.$ending") == 0 or die "cannot make .$ending\n";
    open my $file, '<:raw', "$folder/made.$ending" or die $!;
    local $/;
    my $bytes = <$file>;
    unlink "$folder/made.$ending";
    return $bytes;
}
sub zeros { # so many, deflated
    my ($n) = @_;
    my ($deflate) = deflateInit(-Level => 9);
    my ($packed, $block) = ('', "\0" x 1_000_000);
    for (my $left = $n; $left > 0; $left -= length $block) {
        my ($part) = $deflate->deflate($left >= length $block ? $block : substr($block, 0, $left));
        $packed .= $part;
    }
    my ($end) = $deflate->flush;
    return $packed . $end;
}

# ---- PNG ---------------------------------------------------------------------------------------
sub chunk { my ($name, $bytes) = @_; pack('N', length $bytes) . $name . $bytes . pack('N', crc32($name . $bytes)) }
sub png { # width, height, bits, colour type, interlace; picture data; chunks before it
    my ($width, $height, $bits, $type, $interlace, $data, @chunks) = @_;
    return "\x89PNG\r\n\x1a\n", chunk('IHDR', pack('NNC5', $width, $height, $bits, $type, 0, 0, $interlace)),
        @chunks, chunk('IDAT', $data), chunk('IEND', '');
}
my @small = (100, 100, 8, 2, 0, zeros(301 * 100));
my $gigabyte = zeros(1_000_000_000);
keep('header.png', png(2**31 - 1, 2**31 - 1, 8, 2, 0, zeros(1)));
keep('bits-30000.png', png(30000, 30000, 1, 0, 0, zeros(1)));
keep('streamed-15000.png', png(15000, 15000, 1, 0, 0, zeros(1876 * 15000)));
keep('interlaced-9000.png', png(9000, 9000, 16, 6, 1, zeros(1)));
# Adam7, 64 bits a pixel; 4000 divides by 8, so that each pass is full.
my @passes = ([8, 8], [8, 8], [4, 8], [4, 4], [2, 4], [2, 2], [1, 2]); # steps across, down
my $interlaced = 0;
$interlaced += 4000 / $_->[1] * (4000 / $_->[0] * 8 + 1) for @passes;
keep('interlaced-4000.png', png(4000, 4000, 16, 6, 1, zeros($interlaced)));
keep('more-than-rows.png', png(@small[0 .. 4], $gigabyte));
keep('text-55-million.png', png(@small, chunk('tEXt', "Comment\0" . 'x' x 55_000_000)));
keep('text-deflated.png', png(@small, chunk('zTXt', "Comment\0\0$gigabyte")));
keep('xmp-deflated.png', png(@small, chunk('iTXt', "XML:com.adobe.xmp\0\1\0\0\0$gigabyte")));
keep('profile-deflated.png', png(@small, chunk('iCCP', "profile\0\0$gigabyte")));
keep('million-chunks.png', png(@small, chunk('prIv', '') x 1_000_000));

# ---- JPEG --------------------------------------------------------------------------------------
my $progressive = made($make_upload, 'jpg', '--size', '320x240', '--progressive');
my $baseline = made($make_upload, 'jpg', '--size', '320x240');
sub sized { # JPEG, width, height: by its frame header alone
    my ($jpeg, $width, $height) = @_;
    my $sizes = pack('nn', $height, $width);
    $jpeg =~ s/(\xff[\xc0\xc2]\x00\x11\x08)..../$1$sizes/s or die "no frame header\n";
    return $jpeg;
}
my ($last_scan) = $progressive =~ /.*(\xff\xda.*)\xff\xd9/s;
sub segment { my ($marker, $bytes) = @_; "\xff" . chr($marker) . pack('n', 2 + length $bytes) . $bytes }
sub nested { # so many boxes, each in the next
    my ($n, $type) = @_;
    my $box = '';
    $box = pack('Na4', 8 + length $box, $type) . $box for 1 .. $n;
    return $box;
}
sub behind_start { my ($bytes) = @_; "\xff\xd8" . $bytes . substr $baseline, 2 }
keep('scans.jpg', substr($progressive, 0, -2), $last_scan x 500, "\xff\xd9");
keep('side-65500.jpg', sized($baseline, 65500, 65500));
keep('progressive-15000.jpg', sized($progressive, 15000, 15000));
keep('progressive-4000.jpg', made($make_upload, 'jpg', '--size', '4000x4000', '--progressive'));
keep('long-empty.jpg', sized($baseline, 15000, 15000));
keep('million-comments.jpg', behind_start(segment(0xfe, '') x 1_000_000));
keep('fill.jpg', "\xff\xd8", "\xff" x 50_000_000, substr $baseline, 2);
keep('profile.jpg', behind_start(join '', map { segment(0xe2, "ICC_PROFILE\0" . pack('CC', $_, 255) . 'p' x 65519) } 1 .. 255));
keep('nested-boxes.jpg', behind_start(segment(0xeb, 'JP' . pack('nN', 1, 1) . nested(8000, 'jumb'))));
keep('ifd-ring.jpg', behind_start(segment(0xe1, "Exif\0\0II*\0" . pack('V', 8)
    . pack('v', 2) . pack('vvVV', 0x8769, 4, 1, 8) . pack('vvVV', 0x9286, 7, 0xffffffff, 8) . pack('V', 8))));

# ---- GIF: a code a line of the table, each a pixel longer than the one before ---------------------
sub lzw { # so many pixels of colour 0; 9 bits at first
    my ($pixels) = @_;
    my ($bits, $width, $next, $length) = ('', 9, 258, 0);
    my $code = sub { $bits .= scalar reverse sprintf '%0*b', $width, $_[0] };
    $code->(256);
    while ($pixels > 0) {
        if ($length == 0) {
            $code->(0);
            $length = 1;
        } else {
            $code->($next++);
            $length++;
            $width++ if $next == 1 << $width && $width < 12;
        }
        $pixels -= $length;
        next if $next < 4095;
        $code->(256);
        ($width, $next, $length) = (9, 258, 0);
    }
    $code->(257);
    return pack('b*', $bits);
}
sub blocks { my ($bytes) = @_; join('', map { chr(length) . $_ } $bytes =~ /(.{1,255})/gs) . "\0" }
sub gif_frame { my ($width, $height, $data) = @_; ',' . pack('v4C', 0, 0, $width, $height, 0) . "\x08" . blocks($data) }
sub gif { # of one colour, 256 times
    my ($width, $height, @frames) = @_;
    return 'GIF89a' . pack('v2C3', $width, $height, 0xf7, 0, 0) . "\x80\x40\x20" x 256, @frames, ';';
}
keep('canvas-65500.gif', gif(65500, 65500, gif_frame(1, 1, lzw(1))));
keep('lzw-9900.gif', gif(9900, 9900, gif_frame(9900, 9900, lzw(9900 * 9900))));
keep('lzw-6000.gif', gif(6000, 6000, gif_frame(6000, 6000, lzw(6000 * 6000))));
keep('more-than-frame.gif', gif(10, 10, gif_frame(10, 10, lzw(400_000_000))));
keep('frames.gif', gif(4000, 4000, gif_frame(10, 10, lzw(100)) x 100_000));

# ---- WebP: lossless, one colour: five codes of one symbol each, no bit a pixel --------------------
sub riff { my ($bytes) = @_; 'RIFF' . pack('V', 4 + length $bytes) . 'WEBP' . $bytes }
sub riff_chunk { my ($name, $bytes) = @_; $name . pack('V', length $bytes) . $bytes . "\0" x (length($bytes) % 2) }
sub number { my ($value, $n) = @_; scalar reverse sprintf '%0*b', $n, $value }
sub vp8l {
    my ($width, $height) = @_;
    my $bits = number($width - 1, 14) . number($height - 1, 14) . '0000'; # no alpha, version 0
    $bits .= '000'; # no transform, no cache, no meta codes
    $bits .= '1' . '0' . '0' . '0' for 1 .. 5; # simple, one symbol, of one bit: 0
    return riff_chunk('VP8L', "\x2f" . pack('b*', $bits));
}
sub three { substr pack('V', $_[0] - 1), 0, 3 } # a size, less one
sub animation { # canvas; how many frames of 10 x 10
    my ($width, $height, $n) = @_;
    my $frame = "\0" x 6 . three(10) . three(10) . "\0" x 4 . vp8l(10, 10);
    return riff_chunk('VP8X', pack('C4', 2, 0, 0, 0) . three($width) . three($height))
        . riff_chunk('ANIM', "\0" x 6) . riff_chunk('ANMF', $frame) x $n;
}
keep('side-16383.webp', riff(vp8l(16383, 16383)));
keep('lossless-9900.webp', riff(vp8l(9900, 9900)));
keep('lossless-6000.webp', riff(vp8l(6000, 6000)));
keep('canvas-16384.webp', riff(animation(16384, 16384, 1)));
keep('frames.webp', riff(animation(10, 10, 200_000)));

# ---- HEIC and AVIF -----------------------------------------------------------------------------
sub box { my ($type, $bytes) = @_; pack('Na4', 8 + length $bytes, $type) . $bytes }
sub full { my ($type, $version, $flags, $bytes) = @_; box($type, pack('N', $version << 24 | $flags) . $bytes) }
sub boxes { # of one level, the first of each type
    my ($bytes) = @_;
    my %found;
    for (my $at = 0; $at + 8 <= length $bytes;) {
        my ($n, $type) = unpack 'Na4', substr $bytes, $at, 8;
        $found{$type} //= substr $bytes, $at + 8, $n - 8;
        $at += $n;
    }
    return \%found;
}
# A grid whose tiles are all the same bytes: the picture of a small one.
sub grid {
    my ($file, $coded, $config, $brand, $tile, $rows, $columns) = @_;
    my $top = boxes($file);
    my $properties = boxes(boxes(boxes(substr $top->{meta}, 4)->{iprp})->{ipco});
    my ($n, $width, $height) = ($rows * $columns, $columns * $tile, $rows * $tile);
    my $head = box('ftyp', $brand . pack('N', 0) . 'mif1' . $brand);
    my $descriptor = pack('CCCC', 0, 1, $rows - 1, $columns - 1) . pack('NN', $width, $height);
    my @items = (full('infe', 2, 0, pack('nn', 1, 0) . "grid\0"),
        map { full('infe', 2, 1, pack('nn', 1 + $_, 0) . "$coded\0") } 1 .. $n);
    my $ipco = box('ipco', full('ispe', 0, 0, pack('NN', $width, $height)) . full('ispe', 0, 0, pack('NN', $tile, $tile))
        . box($config, $properties->{$config}) . box('pixi', $properties->{pixi} // "\0\0\0\0\3\x08\x08\x08"));
    my $ipma = full('ipma', 0, 0, pack('N', $n + 1) . pack('nC3', 1, 2, 1, 4)
        . join '', map { pack('nC4', 1 + $_, 3, 2, 0x83, 4) } 1 .. $n);
    my $meta = sub {
        my ($at) = @_;
        my $iloc = full('iloc', 0, 0, pack('CCn', 0x44, 0, $n + 1) . pack('nnnNN', 1, 0, 1, $at, length $descriptor)
            . join '', map { pack('nnnNN', 1 + $_, 0, 1, $at + length $descriptor, length $top->{mdat}) } 1 .. $n);
        return full('meta', 0, 0, full('hdlr', 0, 0, pack('N', 0) . 'pict' . "\0" x 13) . full('pitm', 0, 0, pack('n', 1))
            . $iloc . full('iinf', 0, 0, pack('n', $n + 1) . join '', @items)
            . full('iref', 0, 0, box('dimg', pack('nn', 1, $n) . pack('n*', 2 .. $n + 1))) . box('iprp', $ipco . $ipma));
    };
    my $size = length($head) + length $meta->(0);
    return $head, $meta->($size + 8), box('mdat', $descriptor . $top->{mdat});
}
my $heic = made($make_picture, 'heic', '--size', '64x64');
my $avif = made($make_picture, 'avif', '--size', '64x64');
sub ispe { my ($file, $side) = @_; my $sides = pack('NN', $side, $side); $file =~ s/(ispe\0\0\0\0)......../$1$sides/gs; $file }
keep('ispe-65000.heic', ispe($heic, 65000));
keep('ispe-65000.avif', ispe($avif, 65000));
keep('ispe-8900.avif', ispe($avif, 8900));
keep('tiles-65025.heic', grid($heic, 'hvc1', 'hvcC', 'heic', 64, 255, 255));
keep('tiles-12000.heic', grid($heic, 'hvc1', 'hvcC', 'heic', 64, 100, 120));
keep('tiles-12000.avif', grid($avif, 'av01', 'av1C', 'avif', 64, 100, 120));
keep('tiles-4096.heic', grid($heic, 'hvc1', 'hvcC', 'heic', 64, 64, 64));
keep('tiles-400.avif', grid($avif, 'av01', 'av1C', 'avif', 64, 20, 20));
keep('nested-boxes.heic', $heic, nested(10_000, 'moov'));
keep('million-boxes.heic', $heic, box('free', '') x 1_000_000);
