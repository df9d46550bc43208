# SPDX-License-Identifier: MIT
# Report.pm -- the table of `make bench`, from what is also written as JSON. What it writes tables
# with, others have too.
package Report;
use strict;
use warnings;
use Exporter qw(import);

our @EXPORT_OK = qw(columns ms ratio report_head report_machine report_part report_peers);

# A ratio with its quartiles: 4.61 (4.50 to 4.72).
sub ratio {
    my ($spread) = @_;
    my $digits = $spread->{median} < 10 ? 2 : 1;
    return sprintf '%.*f (%.*f to %.*f)', map { ($digits, $_) } @$spread{qw(median q1 q3)};
}

sub ms { defined $_[0] ? sprintf '%.*f ms', $_[0] < 0.1 ? 1 : 0, $_[0] * 1000 : '-' }
sub pairs { "$_[0]{n} pair" . ($_[0]{n} == 1 ? '' : 's') }
sub megabytes { defined $_[0] ? sprintf '%.0f MB', $_[0] / 1e6 : '-' }

# Rows of cells under a heading; the first column to the left, the others to the right.
sub columns {
    my (@rows) = @_;
    my @width;
    for my $row (@rows) {
        for my $i (0 .. $#$row) {
            my $n = length $row->[$i];
            $width[$i] = $n if $n > ($width[$i] // 0);
        }
    }
    for my $row (@rows) {
        my @cells = map { sprintf $_ ? '%*s' : '%-*s', $width[$_], $row->[$_] } 0 .. $#$row;
        print '  ', join('  ', @cells) =~ s/ +$//r, "\n";
    }
}

sub report_machine {
    my ($machine) = @_;
    printf "storyphoto %s, %d x %s, Linux %s\n", @$machine{qw(storyphoto cores cpu kernel)};
}

sub report_peers {
    for my $peer (@_) {
        print "  $peer->{name}: ", $peer->{state} eq 'there' ? "$peer->{path}, $peer->{version}"
            : "left out, $peer->{why}", "\n";
    }
}

sub report_head {
    my ($result) = @_;
    my $megapixels = 0;
    $megapixels += $_->{megapixels} for @{$result->{photos}};
    report_machine($result->{machine});
    printf "%d photo%s, %.0f megapixels; to 1024 pixels' width, WebP and JPEG, quality 80\n",
        scalar @{$result->{photos}}, @{$result->{photos}} == 1 ? '' : 's', $megapixels;
    report_peers(@{$result->{peers}});
    print "Ratios are medians of alternating pairs, in brackets their quartiles.\n";
}

# ---- the parts ---------------------------------------------------------------------------------

sub report_timed {
    my ($title, $first, $part) = @_;
    my ($ours, @peers) = @{$part->{rows}};
    my @rows = ([$title, $first->{head}, "times ours", $first->{cpu}, 'times ours', 'memory']);
    push @rows, [$ours->{label}, $first->{show}->($ours), '', ms($ours->{cpu}{median}), '',
        megabytes($ours->{memory})];
    for my $peer (@peers) {
        if (defined $peer->{failed}) {
            push @rows, ["$peer->{label} is left out: $peer->{failed}"];
            next;
        }
        push @rows, [$peer->{label}, $first->{show}->($peer), ratio($peer->{wall_ratio}),
            ms($peer->{cpu}{median}), ratio($peer->{cpu_ratio}), megabytes($peer->{memory})];
    }
    my @failed = map { @$_ == 1 ? $_->[0] : () } @rows;
    columns(grep { @$_ > 1 } @rows);
    print "  $_\n" for @failed, map { short_of($_) } @peers;
}

# Where a peer falls short of the work.
sub short_of {
    my ($peer) = @_;
    return if defined $peer->{failed};
    my @short = $peer->{short} // ();
    push @short, 'its files keep ' . join ', ', @{$peer->{left}} if @{$peer->{left}};
    return @short ? "$peer->{label}: " . join '; ', @short : ();
}

sub report_upload {
    my ($part) = @_;
    report_timed('one upload, ' . pairs($part), {head => 'latency', cpu => 'CPU',
        show => sub { ms($_[0]{wall}{median}) }}, $part);
}

sub report_batch {
    my ($part) = @_;
    report_timed("batch on $part->{cores} cores, " . pairs($part), {head => 'photos/s',
        cpu => 'CPU a photo', show => sub { sprintf '%.1f', 1 / $_[0]{wall}{median} }}, $part);
}

sub report_floor {
    my ($part) = @_;
    my @refused = map { "  $_->{photo} is left out of the floor: $_->{why}\n" }
        @{$part->{refused} // []};
    if (defined $part->{missing}) {
        print "  the floor is left out: $part->{missing}\n", @refused;
        return;
    }
    my @rows = (['the floor, ' . pairs($part), 'CPU a photo', 'ratio']);
    push @rows, ['the codecs alone', ms($part->{cpu}{median}), ''];
    push @rows, ['storyphoto / floor', ms($part->{ours}{median}), ratio($part->{ours_ratio})];
    push @rows, ['floor / sharp', '', ratio($part->{sharp_ratio})]
        if defined $part->{sharp_ratio};
    columns(@rows);
    print "  its files are ", @{$part->{differ}} ? 'NOT ' : '', "ours byte for byte\n", @refused;
}

sub report_tiny {
    my ($part) = @_;
    my $above = sprintf '%.1f ms (%.1f to %.1f)',
        map { $_ * 1000 } @{$part->{above}}{qw(median q1 q3)};
    columns(['1 x 1 JPEG, ' . pairs($part), 'start to end', 'above /bin/true', 'times it'],
        ['storyphoto', ms($part->{wall}{median}), $above, ratio($part->{ratio})]);
}

sub report_p3 {
    my ($part) = @_;
    columns(['Display P3, ' . pairs($part), 'latency', 'times sRGB', 'CPU', 'times sRGB'],
        ['storyphoto', ms($part->{wall}{median}), ratio($part->{wall_ratio}),
            ms($part->{cpu}{median}), ratio($part->{cpu_ratio})]);
}

my %report = (upload => \&report_upload, batch => \&report_batch, floor => \&report_floor,
    tiny => \&report_tiny, p3 => \&report_p3);

sub report_part {
    my ($name, $part) = @_;
    print "\n";
    $report{$name}->($part);
}

1;
