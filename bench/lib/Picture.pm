# SPDX-License-Identifier: MIT
# Picture.pm -- is the picture as good as sharp's at equal bytes? By SSIMULACRA2, a given program.
#
# The reference is the photo at full size, reduced once by ImageMagick's Lanczos filter (three
# lobes) to the size that was published. It is ImageMagick because it is neither's: we resize with
# zimg and sharp with libvips, both from a decode that is already scaled; and because it has the
# same filter at full size, in the same (gamma-encoded) light as both. It decodes the outputs too,
# with libjpeg and libwebp, so both sides' files go through one decoder.
#
# Equal bytes: sharp's quality is a whole number, and neighbouring ones are up to 4 % of bytes
# apart. So of each photo and format the two are taken whose files enclose ours, and between their
# scores the one at exactly our bytes is interpolated. `gap` is how far from ours the nearer of
# the two is, as a share; where it is at most 1 % the score is as good as measured.
#
# Where a side comes out between two whole numbers of pixels sharp may round otherwise than we do,
# and then it crops by less than a row: against a reference of that size, which is squeezed by as
# much, SSIMULACRA2 loses up to 16 points, for what no eye sees. Such photos are not compared.
package Picture;
use strict;
use warnings;
use Exporter qw(import);
use JSON::PP;
use Photos qw(picture_size);

our @EXPORT_OK = qw(judge);

sub run {
    my (@command) = @_;
    open my $said, '-|', @command or die "cannot start '$command[0]': $!\n";
    my $text = do { local $/; <$said> } // '';
    close $said or die "'@command' fails\n";
    return $text;
}

# How like the full-size reduction of the photo that file is: 100 is the same.
sub score {
    my ($with, $photo, $file) = @_;
    return $with->{known}{$file} //= score_anew($with, $photo, $file);
}

sub score_anew {
    my ($with, $photo, $file) = @_;
    my ($width, $height) = picture_size($file);
    my $reference = "$with->{dir}/reference-${width}x$height.png";
    my $decoded = "$with->{dir}/decoded.png";
    if (($with->{reference_of}{$reference} // '') ne $photo) {
        run($with->{magick}, $photo, qw(-auto-orient -filter Lanczos), '-resize',
            "${width}x$height!", '-profile', $with->{profile}, qw(-strip -depth 8),
            "PNG24:$reference");
        $with->{reference_of}{$reference} = $photo;
    }
    run($with->{magick}, $file, '-strip', '-depth', 8, "PNG24:$decoded");
    my $text = run($with->{metric}, $reference, $decoded);
    $text =~ /(-?\d+(?:\.\d+)?)\s*\z/ or die "'$with->{metric}' prints no score\n";
    return $1;
}

# ImageMagick warns of odd metadata at length; its exit status says whether it failed.
sub quietly {
    my ($work) = @_;
    open my $kept, '>&', \*STDERR or die "stderr: $!\n";
    open STDERR, '>', '/dev/null' or die "stderr: $!\n";
    my @result = eval { $work->() };
    my $error = $@;
    open STDERR, '>&', $kept;
    die $error if $error ne '';
    return @result;
}

# Of one photo and format: a line of JSON from sharp.js --equal, and our file.
sub judge_one {
    my ($with, $photo, $line, $ours) = @_;
    my $format = $line->{format};
    my %row = (photo => $photo, format => $format, bytes => $ours->{bytes},
        against => $with->{name}, ours => score($with, $photo, $ours->{path}));
    return {%row, why => 'sharp cannot make so many bytes'} if !defined $line->{low};
    my @sizes = map { join ' x ', picture_size($_->{path}) } $line->{low}, $ours;
    return {%row, why => "sharp makes it $sizes[0], not $sizes[1]"} if $sizes[0] ne $sizes[1];
    my ($low, $high) = @$line{qw(low high)};
    $_->{score} = score($with, $photo, delete $_->{path}) for $low, $high;
    my $share = ($ours->{bytes} - $low->{bytes}) / ($high->{bytes} - $low->{bytes} || 1);
    my ($nearest) = sort { $a <=> $b } map { abs($_->{bytes} / $ours->{bytes} - 1) } $low, $high;
    return {%row, low => $low, high => $high, gap => $nearest,
        sharp => $low->{score} + $share * ($high->{score} - $low->{score})};
}

# judge(WITH, PHOTOS): WITH has metric, magick, profile, dir (an empty folder), and of the peer
# name, node, env, script, options.
# PHOTOS are {path, receipt}. A row a photo and format: {photo, format, bytes, against, ours} and
# {sharp, low, high, gap}, or `why` there is none.
sub judge {
    my ($with, @photos) = @_;
    my (%files, @wanted);
    for my $photo (@photos) {
        my %file = map { $_->{format} => $_ } @{$photo->{receipt}{outputs}};
        $files{$photo->{path}} = \%file;
        push @wanted, $photo->{path}, $file{webp}{bytes}, $file{jpeg}{bytes};
    }
    local @ENV{keys %{$with->{env}}} = values %{$with->{env}};
    my @search = (@$with{qw(node script)}, @{$with->{options}}, '--equal', $with->{dir});
    my $found = run(@search, @wanted);
    my @lines = map { decode_json($_) } split /\n/, $found;
    return quietly(sub {
        map { judge_one($with, $_->{photo}, $_, $files{$_->{photo}}{$_->{format}}) } @lines;
    });
}

1;
