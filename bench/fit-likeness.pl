#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# fit-likeness.pl -- how near src/render/likeness.c comes to the metric that it predicts, and
# the curves of aim.c, from bench/likeness.
#
#     bench/likeness FOLDER PICTURE.jpg... >terms.tsv
#     for picture in PICTURE.jpg...; do METRIC "$picture" FOLDER/"${picture##*/}".*; done >scores
#     bench/fit-likeness.pl terms.tsv scores
#
# scores: a line a file, its name and its SSIMULACRA2. The likeness has SSIMULACRA2's own
# weights, so none are fitted. Prints how near it comes; and the knots of aim.c, the mean over
# quality of all pictures but those with .png in their names, scored or not.
use strict;
use warnings;

my ($terms_path, $scores_path) = @ARGV;
die "usage: fit-likeness.pl terms.tsv scores\n" unless defined $scores_path;
my ($from, $to) = (62, 88); # what counts: nobody aims elsewhere

my %score;
open my $in, '<', $scores_path or die "$scores_path: $!\n";
while (<$in>) {
    $score{(split m{/}, $1)[-1]} = $2 if /^(.*) (-?[\d.]+)$/;
}
close $in;

my (@files, @photos);
open $in, '<', $terms_path or die "$terms_path: $!\n";
while (<$in>) {
    chomp;
    my ($file, $picture, $format, $quality, undef, $likeness) = split /\t/;
    my $score = $score{(split m{/}, $file)[-1]};
    my %file = (format => $format, quality => $quality, likeness => $likeness, score => $score,
        is_photo => $picture !~ /\.png\b/);
    push @photos, \%file if $file{is_photo};
    push @files, \%file if defined $score && $score > $from && $score < $to;
}
die "no file has a score from $from to $to\n" unless @files;

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
    my ($what, @of) = @_;
    my @errors = sort { $a <=> $b } map { $_->{likeness} - $_->{score} } @of;
    return unless @errors;
    my $squares = 0;
    $squares += $_**2 for @errors;
    printf "  %-14s %4d files  rank %.3f  deviation %.2f  p5 %+.1f  median %+.1f  p95 %+.1f\n", $what,
      scalar @of, spearman([map { $_->{likeness} } @of], [map { $_->{score} } @of]),
      sqrt($squares / @of), @errors[@errors * 0.05, @errors / 2, @errors * 0.95];
}

print "scores from $from to $to:\n";
for my $format (qw(webp jpeg)) {
    my @of = grep { $_->{format} eq $format } @files;
    report($format, @of);
    report("$format, photos", grep { $_->{is_photo} } @of);
}
for my $format (qw(webp jpeg)) {
    my (%sum, %n);
    $sum{$_->{quality}} += $_->{likeness}, $n{$_->{quality}}++
      for grep { $_->{format} eq $format } @photos;
    printf "knots, %s: %s\n", $format,
      join ', ', map { sprintf '{%s, %.1f}', $_, $sum{$_} / $n{$_} } sort { $a <=> $b } keys %sum;
}
