# SPDX-License-Identifier: MIT
# QualityReport.pm -- the tables and the plot of `make quality`, from what is also written as JSON.
package QualityReport;
use strict;
use warnings;
use Exporter qw(import);
use List::Util qw(max sum);
use Plot;
use Report qw(columns ms ratio report_machine report_peers);

our @EXPORT_OK = qw(plot_quality report_quality);

my %shown = (webp => 'WebP', jpeg => 'JPEG');
my @sets = qw(photos graphics);
use constant MOST_REASONS => 5;

# A difference with its quartiles: +1.2 (-0.3 to +2.1).
sub signed {
    my ($summary, $digits) = @_;
    return '-' if !defined $summary;
    return sprintf '%+.*f (%+.*f to %+.*f)', map { ($digits, $_) } @$summary{qw(mean q1 q3)};
}

sub count { return defined $_[0] ? $_[0]{n} : 0 }

sub report_against {
    my ($set, $said) = @_;
    for my $format (qw(webp jpeg)) {
        my @rows = (["$set, $shown{$format}", 'bytes at our score, %', 'n', 'over all scores, %',
            'n', 'score at our bytes', 'n']);
        for my $row (grep { $_->{format} eq $format } @{$said->{against}}) {
            my ($at, $range, $score) = @$row{qw(at_score range at_bytes)};
            push @rows, ["$row->{preset} / $row->{other}",
                signed($at, 1) . ($row->{bounds} ? '<' : ''), count($at), signed($range, 1),
                count($range), signed($score, 2), count($score)];
        }
        next if @rows == 1;
        print "\n";
        columns(@rows);
    }
}

sub report_own {
    my ($set, $said) = @_;
    my @rows = ([$set, 'n', 'kB', 'score', '5 % to 95 %', 'spread', 'one quality: kB', 'spread']);
    for my $row (@{$said->{own}}) {
        my $fixed = $row->{fixed};
        push @rows, ["$row->{preset}, $shown{$row->{format}}", $row->{n},
            (map { sprintf '%.1f', $_ } $row->{bytes} / 1000, $row->{mean}),
            sprintf('%.1f to %.1f', @$row{qw(p5 p95)}), sprintf('%.1f', $row->{spread}),
            defined $fixed ? map { sprintf '%.1f', $_ } $fixed->{bytes} / 1000, $fixed->{spread}
            : ('-', '-')];
    }
    print "\n";
    columns(@rows);
    for my $row (@{$said->{apart}}) {
        printf "  %s: WebP's score less JPEG's is %+.2f (%+.2f to %+.2f), the median of %d\n",
            @$row{qw(preset median q1 q3 n)};
    }
}

sub report_cpu {
    my ($set, $cpu) = @_;
    return if !defined $cpu;
    my @presets = grep { exists $cpu->{ratios}{$_} } @{$cpu->{names}};
    my @rows = (["CPU, $set, $cpu->{n} round" . ($cpu->{n} == 1 ? '' : 's'), 'a picture',
        map { "$_ / it" } @presets]);
    for my $name (@{$cpu->{names}}) {
        push @rows, [$name, ms($cpu->{seconds}{$name}),
            map { my $spread = $cpu->{ratios}{$_}{$name}; defined $spread ? ratio($spread) : '' }
            @presets];
    }
    print "\n";
    columns(@rows);
}

# Each reason once, with how many pictures have it.
sub report_reasons {
    my ($said) = @_;
    my (%first, %n, @order);
    for my $picture (@{$said->{pictures}}) {
        for my $why (@{$picture->{why}}) {
            my ($who) = $why =~ /^([^:]+)/;
            push @order, $who if !$n{$who}++;
            $first{$who} //= "$picture->{name}: " . $why =~ s/^[^:]+: //r;
        }
    }
    print "\n" if @order;
    printf "  %s lacks %d of %d, such as %s\n", $_, $n{$_}, $said->{n}, $first{$_} for @order;
}

sub report_quality {
    my ($result) = @_;
    my %n = map { $_ => ($result->{sets}{$_} // {n => 0})->{n} } @sets;
    report_machine($result->{machine});
    printf "%d photos and %d graphics at qualities %s, judged by SSIMULACRA2\n", @n{@sets},
        join ' ', @{$result->{grid}};
    report_peers(@{$result->{peers}});
    print "Means over the pictures, in brackets quartiles. Less than 0 % is smaller than the",
        " other;\nmore than 0 points is better. '<': of some, a bound. n: of so many pictures.\n";
    for my $set (grep { defined $result->{sets}{$_} } @sets) {
        my $said = $result->{sets}{$set};
        report_against($set, $said);
        report_own($set, $said);
        report_cpu($set, $said->{cpu});
        report_reasons($said);
    }
}

# ---- the plot ----------------------------------------------------------------------------------

# Of each tool the mean score over the geometric mean of kB, a point a quality: of the pictures
# that all have.
sub panel_of {
    my ($result, $set, $format) = @_;
    my ($said, @grid) = ($result->{sets}{$set}, @{$result->{grid}});
    my $points = sub { (($_[0]{curves}{$_[1]} // {})->{$format}) };
    my @names = grep { my $name = $_; grep { $points->($_, $name) } @{$said->{pictures}} }
        @{$result->{presets}}, map { $_->{name} } @{$result->{peers}};
    my @pictures = grep { my $picture = $_; !grep { !$points->($picture, $_) } @names }
        @{$said->{pictures}};
    return if !@pictures;
    my $average = sub {
        my (@of) = @_;
        return [exp(sum(map { log $_->{bytes} / 1000 } @of) / @of),
            sum(map { $_->{score} } @of) / @of];
    };
    my @series = map { my $name = $_; {name => $name, points => [map { my $i = $_;
        $average->(map { $points->($_, $name)[$i] } @pictures) } 0 .. $#grid],
        ring => own_ring($average, $name, $format, @pictures)} } @names;
    return {title => "$set, $shown{$format}, " . @pictures . ' pictures', x => 'kB, geometric mean',
        y => 'score', log => 'x', tight => 'y', series => \@series};
}

sub own_ring {
    my ($average, $name, $format, @pictures) = @_;
    my @own = map { (($_->{own}{$name} // {})->{$format} // [])->[0] // () } @pictures;
    return @own == @pictures ? $average->(@own) : undef;
}

sub plot_quality {
    my ($file, $result) = @_;
    my @plots = map { my $set = $_; map { panel_of($result, $set, $_) } qw(webp jpeg) }
        grep { defined $result->{sets}{$_} } @sets;
    Plot::panels($file, 'SSIMULACRA2 over bytes; a ring is a preset as it is', 2, @plots);
}

1;
