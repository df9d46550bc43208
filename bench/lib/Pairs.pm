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

our @EXPORT_OK = qw(run_pairs spread ratios values);

# run_pairs(N, ONE, OTHER, CLEAN): ONE and OTHER are {name, job}; job is a function of the pair's
# number that gives what measure() takes. CLEAN is called before each run, untimed. A list of
# {number, first, NAME => measured, ...}; ends early, with `failed` the name of who failed, and
# `error`, in the last.
sub run_pairs {
    my ($n, $one, $other, $clean) = @_;
    my @pairs;
    for my $number (0 .. $n - 1) {
        my @order = $number % 2 ? ($other, $one) : ($one, $other);
        my %pair = (number => $number, first => $order[0]{name});
        push @pairs, \%pair;
        for my $who (@order) {
            $clean->();
            my $taken = $pair{$who->{name}} = measure($who->{job}->($number));
            next if $taken->{exit} == 0;
            @pair{qw(failed error)} = ($who->{name}, $taken->{error});
            return @pairs;
        }
    }
    return @pairs;
}

# Median and quartiles, by linear interpolation between the nearest ranks.
sub spread {
    my @sorted = sort { $a <=> $b } @_;
    my $at = sub {
        my $rank = $_[0] * $#sorted;
        my ($below, $above) = @sorted[int $rank, $rank < $#sorted ? int($rank) + 1 : $#sorted];
        return $below + ($above - $below) * ($rank - int $rank);
    };
    return {median => $at->(0.5), q1 => $at->(0.25), q3 => $at->(0.75), n => scalar @sorted};
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
