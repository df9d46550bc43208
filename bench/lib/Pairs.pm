# SPDX-License-Identifier: MIT
# Pairs.pm -- two jobs in alternating pairs, and what the pairs say.
#
# A machine's speed drifts, and one that is shared jumps. So a figure is never a time alone: each
# run of ours has one of the other beside it, who goes first changes from pair to pair, the ratio
# is taken in the pair, and of the ratios the median and the quartiles. Absolute times are medians
# of the same runs, to give the ratios a size.
package Pairs;
use strict;
use warnings;
use Exporter qw(import);
use Measure qw(measure cpu);

our @EXPORT_OK = qw(quantile run_pairs run_rounds spread ratios values);

# run_pairs(N, ONE, OTHER, CLEAN): ONE and OTHER are {name, job}; job is a function of the pair's
# number that gives what measure() takes. CLEAN is called before each run, untimed. A list of
# {number, first, NAME => measured, ...}; ends early, with `failed` the name of who failed, and
# `error`, in the last.
sub run_pairs {
    my ($n, $one, $other, $clean) = @_;
    return run_rounds($n, $clean, $one, $other);
}

# The same of more than two: a pair is then a round, in which each runs once.
sub run_rounds {
    my ($n, $clean, @all) = @_;
    my @rounds;
    for my $number (0 .. $n - 1) {
        my @order = map { $all[($_ + $number) % @all] } 0 .. $#all;
        my %round = (number => $number, first => $order[0]{name});
        push @rounds, \%round;
        for my $who (@order) {
            $clean->();
            my $taken = $round{$who->{name}} = measure($who->{job}->($number));
            next if $taken->{exit} == 0;
            @round{qw(failed error)} = ($who->{name}, $taken->{error});
            return @rounds;
        }
    }
    return @rounds;
}

# By linear interpolation between the nearest ranks: 0.5 is the median.
sub quantile {
    my ($share, @values) = @_;
    my @sorted = sort { $a <=> $b } @values;
    my $rank = $share * $#sorted;
    my ($below, $above) = @sorted[int $rank, $rank < $#sorted ? int($rank) + 1 : $#sorted];
    return $below + ($above - $below) * ($rank - int $rank);
}

# Median and quartiles.
sub spread {
    return {median => quantile(0.5, @_), q1 => quantile(0.25, @_), q3 => quantile(0.75, @_),
        n => scalar @_};
}

my %read = (wall => sub { $_[0]{wall} }, cpu => \&cpu);

# What NAME took in each pair, WHAT being wall or cpu.
sub values {
    my ($what, $name, @pairs) = @_;
    return map { $read{$what}->($_->{$name}) } @pairs;
}

# What ONE took for each second that OTHER took. (A job too short for the clock counts as 1 us.)
sub ratios {
    my ($what, $one, $other, @pairs) = @_;
    my @below = Pairs::values($what, $other, @pairs);
    return map { $_ / (shift(@below) || 1e-6) } Pairs::values($what, $one, @pairs);
}

1;
