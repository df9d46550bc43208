# SPDX-License-Identifier: MIT
# Verdict.pm -- what the curves and the own points of `make quality` say, over pictures.
#
# A picture is {curves, own}, each {NAME: {FORMAT: [{quality, bytes, score}, ...]}}: of every tool
# at the qualities of the grid, and of a preset as it is, one. Where a tool has none that is no
# fault: then that picture does not count there, and `n` says how many did.
package Verdict;
use strict;
use warnings;
use Exporter qw(import);
use List::Util qw(sum);
use Curves qw(between bytes_at curve mean_bytes score_at);
use Pairs qw(quantile spread);

our @EXPORT_OK = qw(verdict);

my @formats = qw(webp jpeg);

# verdict(PICTURES, GRID, PRESETS, PEERS): presets are names; peers are {name, only}, and who has
# no more than one format says it. Each preset is compared with all peers and those before it.
sub verdict {
    my ($pictures, $grid, $presets, $peers) = @_;
    my %said = (n => scalar @$pictures, pictures => $pictures, against => [], own => [],
        apart => [map { formats_apart($_, @$pictures) } @$presets]);
    for my $i (0 .. $#$presets) {
        my ($name, @before) = @$presets[$i, 0 .. $i - 1];
        for my $format (@formats) {
            push @{$said{own}}, own_row($name, $format, $grid, @$pictures);
            my @others = map { $_->{name} } grep { ($_->{only} // $format) eq $format } @$peers;
            push @{$said{against}}, map { compare($name, $_, $format, @$pictures) } @others,
                @before;
        }
    }
    return \%said;
}

sub mean { return sum(@_) / @_ }

# Mean and quartiles of differences.
sub summary {
    return if !@_;
    return {mean => mean(@_), %{spread(@_)}};
}

# The same of logarithms of ratios, as percent.
sub percent {
    my $summary = summary(@_) // return;
    return {n => $summary->{n},
        map { $_ => 100 * (exp($summary->{$_}) - 1) } qw(mean median q1 q3)};
}

sub curve_of {
    my ($picture, $name, $format) = @_;
    my $points = ($picture->{curves}{$name} // {})->{$format} // return;
    return curve(map { [@$_{qw(bytes score)}] } @$points);
}

sub own_of {
    my ($picture, $name, $format) = @_;
    return (($picture->{own}{$name} // {})->{$format} // [])->[0];
}

# A preset against another tool. Where it is better than the other can be at all, and not larger,
# then by at least as much as it is smaller than that one's best: `bounds` counts those.
sub compare {
    my ($name, $other, $format, @pictures) = @_;
    my (@at_score, @range, @at_bytes);
    my $bounds = 0;
    for my $picture (@pictures) {
        my ($one, $two) = map { curve_of($picture, $_, $format) // next } $name, $other;
        push @range, grep { defined } mean_bytes($one, $two);
        my $own = own_of($picture, $name, $format) // next;
        my $bytes = bytes_at($two, $own->{score});
        if (!defined $bytes && $own->{score} > $two->{scores}[-1]
                && log($own->{bytes}) < $two->{bytes}[-1]) {
            $bytes = $two->{bytes}[-1];
            $bounds++;
        }
        push @at_score, log($own->{bytes}) - $bytes if defined $bytes;
        my $score = score_at($two, $own->{bytes});
        push @at_bytes, $own->{score} - $score if defined $score;
    }
    return {preset => $name, other => $other, format => $format, bounds => $bounds,
        at_score => scalar percent(@at_score), range => scalar percent(@range),
        at_bytes => scalar summary(@at_bytes)};
}

# Its own points, and what one quality for all would need for the same mean score.
sub own_row {
    my ($name, $format, $grid, @pictures) = @_;
    my @have = grep { own_of($_, $name, $format) && defined curve_of($_, $name, $format) } @pictures;
    return if !@have;
    my @own = map { own_of($_, $name, $format) } @have;
    my %row = (preset => $name, format => $format, bytes => mean(map { $_->{bytes} } @own),
        %{spread_of(map { $_->{score} } @own)});
    my @at = map { my $i = $_; mean(map { $_->{curves}{$name}{$format}[$i]{score} } @have) }
        0 .. $#$grid;
    my $quality = between(\@at, $grid, $row{mean}) // return \%row;
    my $read = sub {
        my ($what, $picture) = @_;
        my @of = map { $what->($_) } @{$picture->{curves}{$name}{$format}};
        return between($grid, \@of, $quality);
    };
    $row{fixed} = {quality => $quality,
        bytes => mean(map { exp $read->(sub { log $_[0]{bytes} }, $_) } @have),
        %{spread_of(map { $read->(sub { $_[0]{score} }, $_) } @have)}};
    return \%row;
}

sub spread_of {
    my ($low, $high) = map { quantile($_, @_) } 0.05, 0.95;
    return {mean => mean(@_), p5 => $low, p95 => $high, spread => $high - $low, n => scalar @_};
}

sub formats_apart {
    my ($name, @pictures) = @_;
    my @differences;
    for my $picture (@pictures) {
        my ($webp, $jpeg) = map { own_of($picture, $name, $_) // next } @formats;
        push @differences, $webp->{score} - $jpeg->{score};
    }
    return if !@differences;
    return {preset => $name, %{summary(@differences)}};
}

1;
