#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# fit-likeness.pl -- the constants of src/render/likeness.c and of aim.c, from bench/likeness.
#
#     bench/likeness FOLDER PICTURE.jpg... >terms.tsv
#     for picture in PICTURE.jpg...; do METRIC "$picture" FOLDER/"${picture##*/}".*; done >scores
#     bench/fit-likeness.pl terms.tsv scores
#
# scores: a line a file, its name and its SSIMULACRA2. Moves one weight at a time, in steps that
# become smaller, for as long as the error becomes less. Prints the weights in the order of
# Term; how near they come to the metric, where pictures were left out of the fit (a fifth at a
# time) and as the code has them; and the knots of aim.c, the mean over quality of all pictures
# but those with .png in their names, scored or not.
use strict;
use warnings;

my ($terms_path, $scores_path) = @ARGV;
die "usage: fit-likeness.pl terms.tsv scores\n" unless defined $scores_path;
my $exponent = 0.6276336467831387;
my ($from, $to) = (62, 88); # what counts: nobody aims elsewhere

my %score;
open my $in, '<', $scores_path or die "$scores_path: $!\n";
while (<$in>) {
    $score{(split m{/}, $1)[-1]} = $2 if /^(.*) (-?[\d.]+)$/;
}
close $in;

my (@files, @photos, %number);
open $in, '<', $terms_path or die "$terms_path: $!\n";
while (<$in>) {
    chomp;
    my ($file, $picture, $format, $quality, $bytes, $now, undef, undef, @terms) = split /\t/;
    my $score = $score{(split m{/}, $file)[-1]};
    push @photos, {format => $format, quality => $quality, terms => \@terms} unless $picture =~ /\.png\b/;
    next unless defined $score;
    my ($name) = $picture =~ m{([^/]*)$};
    $number{$name} //= keys %number;
    push @files, {format => $format, quality => $quality, score => $score, now => $now,
                  terms => \@terms, fold => $number{$name} % 5};
}
die "no file has a score\n" unless @files;

sub predict {
    my ($terms, $weights) = @_;
    my $sum = 0;
    $sum += $terms->[$_] * $weights->[$_] for 0 .. $#$terms;
    return 100 - 10 * $sum**$exponent;
}

# An error above 6 points counts as one: a picture that is odd is odd.
sub cost {
    my ($weights, $files) = @_;
    my $sum = 0;
    for (@$files) {
        my $error = abs(predict($_->{terms}, $weights) - $_->{score});
        $sum += ($error < 6 ? $error : 6)**2;
    }
    return $sum;
}

sub fit {
    my $files = [grep { $_->{score} > $from && $_->{score} < $to } @_];
    my @weights = (12, 9, 17, 200, 400, 9, 40);
    my @steps = map { $_ / 2 } @weights;
    my $best = cost(\@weights, $files);
    while ($steps[0] > 0.2) {
        my $has_moved = 0;
        for my $k (0 .. $#weights) {
            for my $sign (1, -1) {
                my @next = @weights;
                $next[$k] += $sign * $steps[$k];
                $next[$k] = 0 if $next[$k] < 0;
                my $cost = cost(\@next, $files);
                next if $cost >= $best * (1 - 1e-5);
                ($best, $has_moved, @weights) = ($cost, 1, @next);
                last;
            }
        }
        @steps = map { $_ / 2 } @steps unless $has_moved;
    }
    return @weights;
}

sub ranks {
    my @values = @_;
    my @order = sort { $values[$a] <=> $values[$b] } 0 .. $#values;
    my @ranks;
    @ranks[@order] = 0 .. $#order;
    return @ranks;
}

sub spearman {
    my ($x, $y) = @_;
    my ($n, $sum, @x, @y) = (scalar @$x, 0);
    @x = ranks(@$x), @y = ranks(@$y);
    $sum += ($x[$_] - $y[$_])**2 for 0 .. $n - 1;
    return $n > 2 ? 1 - 6 * $sum / ($n * ($n**2 - 1)) : 1;
}

sub report {
    my ($what, $key, @of) = @_;
    my @errors = sort { $a <=> $b } map { $_->{$key} - $_->{score} } @of;
    return unless @errors;
    my $squares = 0;
    $squares += $_**2 for @errors;
    printf "  %-22s %4d files  rank %.3f  deviation %.2f  p5 %+.1f  median %+.1f  p95 %+.1f\n", $what,
      scalar @of, spearman([map { $_->{$key} } @of], [map { $_->{score} } @of]),
      sqrt($squares / @of), @errors[@errors * 0.05, @errors / 2, @errors * 0.95];
}

my @weights = fit(@files);
for my $fold (0 .. 4) {
    my @others = fit(grep { $_->{fold} != $fold } @files);
    $_->{apart} = predict($_->{terms}, \@others) for grep { $_->{fold} == $fold } @files;
}
printf "weights {%s}\n", join ', ', map { sprintf '%.1f', $_ } @weights;
$_->{fitted} = predict($_->{terms}, \@weights) for @files;
for my $key (qw(fitted apart now)) {
    for my $format (qw(webp jpeg)) {
        my @of = grep { $_->{format} eq $format } @files;
        report("$key, $format", $key, @of);
        report("$key, $format, $from to $to", $key, grep { $_->{score} > $from && $_->{score} < $to } @of);
    }
    report("$key, both", $key, @files);
}
for my $format (qw(webp jpeg)) {
    my (%sum, %n);
    $sum{$_->{quality}} += predict($_->{terms}, \@weights), $n{$_->{quality}}++
      for grep { $_->{format} eq $format } @photos;
    printf "knots, %s: %s\n", $format,
      join ', ', map { sprintf '{%s, %.1f}', $_, $sum{$_} / $n{$_} } sort { $a <=> $b } keys %sum;
}
