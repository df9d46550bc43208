#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# fit-spectrum.pl -- the constants of src/render/spectrum.c, from bench/curves.
#
#     bench/fit-spectrum.pl webp|jpeg curves.tsv
#
# Moves one constant at a time, in steps that become smaller, for as long as the error of the
# predicted ratio of bytes at 72, 64, 56 and 48 to those at 80 becomes less. Prints the
# constants in the order of Model, then the error at each quality: deviation, bias, median.
use strict;
use warnings;

my ($format, $path) = @ARGV;
die "usage: fit-spectrum.pl webp|jpeg curves.tsv\n" unless defined $path;
my $is_jpeg = $format eq 'jpeg';
my @qualities = (72, 64, 56, 48);
my @edges = map { 2**(int($_ / 4) + 2) * (1 + $_ % 4 / 4) / 16 } 0 .. 56;

my @curves;
open my $in, '<', $path or die "$path: $!\n";
while (<$in>) {
    chomp;
    my (undef, $word, undef, $blocks, $luma, $chroma, @points) = split /\t/;
    my %bytes = map { split /:/ } @points;
    # Of a flat picture the headers are most.
    next if $word ne $format || $blocks == 0 || ($bytes{80} // 0) < 4000;
    push @curves, {blocks => $blocks, bins => [[split / /, $luma], [split / /, $chroma]],
                   log => {map { $_ => log $bytes{$_} } keys %bytes}};
}
die "no curves of $format\n" unless @curves;

sub step {
    my $q = shift;
    return ($q < 50 ? 5000 / $q : 200 - 2 * $q) * 16 / 100 if $is_jpeg;
    my @knots = ([0, 4], [54, 58], [83, 116], [102, 173], [116, 229], [127, 284]);
    my $index = 127 * (1 - ($q < 75 ? $q / 150 : $q / 50 - 1)**(1 / 3));
    my $i = 1;
    $i++ while $i < $#knots && $index > $knots[$i][0];
    my ($from, $to) = @knots[$i - 1, $i];
    return $from->[1] + ($index - $from->[0]) / ($to->[0] - $from->[0]) * ($to->[1] - $from->[1]);
}

sub entropy {
    my $p = shift;
    return $p <= 0 || $p >= 1 ? 0 : -($p * log($p) + (1 - $p) * log(1 - $p)) / log 2;
}

sub sum_above {
    my ($bins, $n, $threshold, $slope, $places) = @_;
    my ($above, $bits) = (0, 0);
    for my $i (reverse 0 .. $#$bins) {
        my ($low, $high) = @edges[$i, $i + 1];
        last if $high <= $threshold;
        next unless $bins->[$i];
        my $part = $bins->[$i] * ($low >= $threshold ? 1 : ($high - $threshold) / ($high - $low));
        my $middle = (($low > $threshold ? $low : $threshold) + $high) / 2;
        $above += $part;
        $bits += $part * log($middle / $threshold) / log 2;
    }
    return $above + $slope * $bits + $places * $n * entropy($above / $n);
}

sub known {
    my ($curve, $q, $model) = @_;
    my ($offset, $slope, $chroma, $a_block, $chroma_offset, $places) = @$model;
    my $threshold = step($q) * 2**$offset;
    my $n = $curve->{blocks} * ($is_jpeg ? 63 : 60);
    my $luma = sum_above($curve->{bins}[0], $n, $threshold, $slope, $places);
    my $rest = sum_above($curve->{bins}[1], $n / 2, $threshold * 2**$chroma_offset, $slope, $places);
    return log(($luma + $chroma * $rest) / $curve->{blocks} + $a_block + 1e-9);
}

sub errors {
    my ($model, $q) = @_;
    return map { known($_, 80, $model) - known($_, $q, $model) - $_->{log}{80} + $_->{log}{$q} } @curves;
}

# An error above 15 % counts as one: a picture that is odd is odd.
sub score {
    my ($model, $sum) = (shift, 0);
    for my $q (@qualities) {
        $sum += (abs $_ < 0.15 ? abs : 0.15)**1.5 for errors($model, $q);
    }
    return $sum;
}

my @model = $is_jpeg ? (-1.5, 0.7, 0.06, 2.5, -0.5, 0.02) : (-2.5, 1.4, 0.12, 1.4, -1.7, 0.1);
my @steps = (0.2, 0.2, 0.05, 0.5, 0.3, 0.1);
my $best = score(\@model);
while ($steps[0] > 0.02) {
    my $has_moved = 0;
    for my $k (0 .. $#model) {
        for my $sign (1, -1) {
            my @next = @model;
            $next[$k] += $sign * $steps[$k];
            next if $k != 0 && $k != 4 && $next[$k] < 0;
            my $score = score(\@next);
            next if $score >= $best * (1 - 1e-4);
            ($best, $has_moved, @model) = ($score, 1, @next);
            last;
        }
    }
    @steps = map { $_ / 2 } @steps unless $has_moved;
}
printf "%s, %d curves: {%s}\n", $format, scalar @curves, join ', ', map { sprintf '%.3f', $_ } @model;
for my $q (@qualities) {
    my @errors = errors(\@model, $q);
    my ($sum, $squares) = (0, 0);
    $sum += $_, $squares += $_**2 for @errors;
    my @sorted = sort { $a <=> $b } map { abs } @errors;
    printf "  %d: %.4f %+.4f %.4f\n", $q, sqrt($squares / @errors), $sum / @errors, $sorted[@sorted / 2];
}
