# SPDX-License-Identifier: MIT
# Picture.pm -- how good is a picture? By SSIMULACRA2, a given program: 100 is the same.
#
# The reference is the photo at full size, reduced once by ImageMagick's Lanczos filter (three
# lobes) to the size that was published. It is ImageMagick because it is neither's: we resize with
# zimg and sharp with libvips, both from a decode that is already scaled; and because it has the
# same filter at full size, in the same (gamma-encoded) light as both. It decodes the outputs too,
# with libjpeg and libwebp, so all files go through one decoder. What is transparent lies on white.
#
# Pitfalls. A PNG of ours or ImageMagick's must have no chunk that speaks of colours (gAMA, cHRM,
# iCCP): the metric would follow it on one side only. And sizes must be the same: where a side
# comes out between two whole numbers of pixels, a tool may round otherwise than we do, and crop by
# less than a row; against a reference of that size, which is squeezed by as much, SSIMULACRA2
# loses up to 16 points, for what no eye sees. So whoever can be told is told both sides.
#
# A reference has 16 bits: ImageMagick 6 cuts off what 8 bits have no room for, instead of rounding,
# and half a level darker everywhere is seen by the metric in soft gradients.
#
# References and scores are kept, by the digests of all that they come from, in DIR: what is
# judged again costs nothing. A score is a line that is appended by one write, so that several
# processes may.
package Picture;
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use POSIX qw(_exit);
use Photos qw(slurp);

# new Picture(dir, magick, magick_version, profile, metric)
sub new {
    my ($class, %with) = @_;
    my $self = bless {%with, known => {}}, $class;
    my $bytes = join "\0", 16, $with{magick_version}, slurp($with{profile});
    $self->{maker} = sha256_hex($bytes);
    $self->{judge} = sha256_hex(join "\0", $with{magick_version}, slurp($with{metric}));
    if (open my $file, '<', "$with{dir}/scores") {
        while (my $line = <$file>) {
            $self->{known}{$1} = $2 if $line =~ /^([0-9a-f]{64}) (-?[0-9.]+)$/;
        }
    }
    return $self;
}

# Its standard output. ImageMagick warns of odd metadata at length; its status says if it failed.
sub said {
    my (@command) = @_;
    my $pid = open(my $from, '-|') // die "fork: $!\n";
    if ($pid == 0) {
        open STDERR, '>', '/dev/null';
        { no warnings 'exec'; exec { $command[0] } @command }
        _exit(127);
    }
    my $text = do { local $/; <$from> } // '';
    close $from or die "'@command' fails\n";
    return $text;
}

# The reference's path: made unless it is there.
sub reference {
    my ($self, $photo, $width, $height) = @_;
    my $name = sha256_hex(join "\0", $self->{maker}, "${width}x$height", slurp($photo));
    my $path = "$self->{dir}/$name.png";
    return $path if -e $path;
    said($self->{magick}, $photo, qw(-auto-orient -filter Lanczos -resize), "${width}x$height!",
        qw(-background white -alpha remove -alpha off), '-profile', $self->{profile},
        qw(-strip -depth 16), "PNG48:$path.$$");
    rename "$path.$$", $path or die "cannot make '$path': $!\n";
    return $path;
}

# How like the reference that file is, which has its size.
sub score {
    my ($self, $reference, $file) = @_;
    my $key = sha256_hex(join "\0", $self->{judge}, map { sha256_hex(slurp($_)) } $reference, $file);
    return $self->{known}{$key} //= $self->keep($key, $self->score_anew($reference, $file));
}

sub keep {
    my ($self, $key, $score) = @_;
    my $path = "$self->{dir}/scores";
    open my $file, '>>', $path or die "cannot write '$path': $!\n";
    syswrite $file, "$key $score\n" or die "cannot write '$path': $!\n";
    return $score;
}

sub score_anew {
    my ($self, $reference, $file) = @_;
    my $decoded = "$file.png";
    said($self->{magick}, $file, qw(-background white -alpha remove -alpha off -strip -depth 8),
        qw(-define png:compression-level=1), "PNG24:$decoded"); # half of the time is packing
    my $text = said($self->{metric}, $reference, $decoded);
    unlink $decoded;
    $text =~ /(-?\d+(?:\.\d+)?)\s*\z/ or die "'$self->{metric}' prints no score\n";
    return $1;
}

1;
