#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# make-tar.pl ENTRY... -- archives that no tar would write, on standard output.
#
# ENTRY is words KEY=VALUE, separated by blanks (\0 to \377 in octal are bytes): name, type (0),
# link, size (the data's), file or data, prefix, times (so many of it; # in a name is which), sum
# (bad: a wrong checksum). Or: "end" (the two blocks that end an archive), "bytes=TEXT".
use strict;
use warnings;

binmode STDOUT;

sub bytes { my ($text) = @_; $text =~ s/\\([0-7]{1,3})/chr oct $1/ge; return $text }

# Numbers that octal digits cannot hold are in base 256, as GNU tar has them.
sub number {
    my ($n, $width) = @_;
    return bytes($n) if $n =~ /\\/;
    return sprintf "%0*o\0", $width - 1, $n if $n >= 0 && $n < 8**($width - 1);
    my $sign = $n < 0 ? "\xff" : "\x80";
    return $sign . ($n < 0 ? "\xff" : "\0") x ($width - 9) . pack 'q>', $n;
}

sub header {
    my (%e) = @_;
    my $h = pack 'a100 a8 a8 a8 a12 a12 a8 a1 a100 a6 a2 a32 a32 a8 a8 a155 a12',
        $e{name}, "0000644\0", "0001750\0", "0001750\0", number($e{size}, 12), "14000000000\0",
        ' ' x 8, $e{type}, $e{link} // '', "ustar\0", '00', 'sender', 'sender', '', '',
        $e{prefix} // '', '';
    my $sum = unpack('%32C*', $h) + (($e{sum} // '') eq 'bad' ? 1 : 0);
    substr $h, 148, 8, sprintf "%06o\0 ", $sum;
    return $h;
}

sub content {
    my ($e) = @_;
    return bytes($e->{data}) if defined $e->{data};
    return '' unless defined $e->{file};
    local $/;
    open my $in, '<:raw', $e->{file} or die "$e->{file}: $!\n";
    return <$in>;
}

for my $entry (@ARGV) {
    if ($entry eq 'end') { print "\0" x 1024; next }
    my %e = map { my ($k, $v) = split /=/, $_, 2; $k => $v } split ' ', $entry;
    if (defined $e{bytes}) { print bytes($e{bytes}); next }
    my $data = content(\%e);
    for my $i (1 .. $e{times} // 1) {
        (my $name = bytes($e{name} // '')) =~ s/#/$i/;
        print header(%e, name => $name, type => $e{type} // '0', size => $e{size} // length $data),
            $data, "\0" x (-length($data) % 512);
    }
}
