# SPDX-License-Identifier: MIT
# Bars.pm -- what compare.pl measured as one SVG picture, for people, without any library.
#
# From the JSON alone. A chart a question, under one another, and in each a bar a program: its
# ratio to storyphoto, the quartiles as a line with ends, its figures behind it, and a broken line
# at 1, which is ours.
package Bars;
use strict;
use warnings;
use Exporter qw(import);

our @EXPORT_OK = qw(plot_bench);

use constant {WIDTH => 760, LEFT => 210, RIGHT => 180, ROW => 26, HEAD => 40, FOOT => 30};

my ($our_colour, $their_colour) = ('#2166ac', '#a6b4c2');

sub escape {
    my ($text) = @_;
    my %entity = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&quot;');
    return $text =~ s/([&<>"])/$entity{$1}/gr;
}

sub text {
    my ($x, $y, $text, %with) = @_;
    my $attributes = join '', map { qq( $_="$with{$_}") } sort keys %with;
    return sprintf qq(<text x="%.1f" y="%.1f"%s>%s</text>\n), $x, $y, $attributes, escape($text);
}

sub line {
    my ($x1, $y1, $x2, $y2, %with) = @_;
    my $attributes = join '', map { qq( $_="$with{$_}") } sort keys %with;
    return sprintf qq(<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f"%s/>\n), $x1, $y1, $x2, $y2,
        $attributes;
}

# Round steps of an axis up to the top, at most six: 1, 2 or 5 times a power of ten.
sub ticks {
    my ($top) = @_;
    my $step = 10 ** int(log($top || 1) / log(10) - 2);
    my @factors = (2, 2.5, 2);
    for (my $i = 0; $top / $step > 6; $i++) { $step *= $factors[$i % @factors] }
    return map { $_ * $step } 0 .. int($top / $step);
}

sub largest {
    my $largest = 0;
    for (@_) { $largest = $_ if $_ > $largest }
    return $largest || 1;
}

# A chart is {svg, height}; rows are {label, median, q1, q3, note, ours}.
sub bars {
    my ($title, @rows) = @_;
    my $top = largest(1, map { $_->{q3} } @rows);
    my $x = sub { LEFT + $_[0] / $top * (WIDTH - LEFT - RIGHT) };
    my $end = HEAD + ROW * @rows;
    my $svg = text(10, 22, $title, class => 'title');
    for my $tick (ticks($top)) {
        $svg .= line($x->($tick), HEAD - 4, $x->($tick), $end, class => 'grid');
        $svg .= text($x->($tick), $end + 14, $tick, class => 'tick', 'text-anchor' => 'middle');
    }
    for my $i (0 .. $#rows) {
        my ($row, $y) = ($rows[$i], HEAD + ROW * $i);
        my $middle = $y + ROW / 2 - 2;
        $svg .= text(LEFT - 8, $middle + 4, $row->{label}, 'text-anchor' => 'end');
        $svg .= sprintf qq(<rect x="%d" y="%.1f" width="%.1f" height="%d" fill="%s"/>\n), LEFT,
            $y, $x->($row->{median}) - LEFT, ROW - 6, $row->{ours} ? $our_colour : $their_colour;
        $svg .= whisker($x->($row->{q1}), $x->($row->{q3}), $middle) if !$row->{ours};
        $svg .= text($x->(largest(1, @$row{qw(median q3)})) + 8, $middle + 4, $row->{note});
    }
    $svg .= line($x->(1), HEAD - 4, $x->(1), $end, class => 'one');
    return {svg => $svg, height => $end + FOOT};
}

sub whisker {
    my ($from, $to, $y) = @_;
    return join '', line($from, $y, $to, $y, class => 'spread'),
        map { line($_, $y - 5, $_, $y + 5, class => 'spread') } $from, $to;
}

sub document {
    my ($subtitle, @charts) = @_;
    my ($body, $at) = (text(10, 24, $subtitle, class => 'tick'), 36);
    for my $chart (@charts) {
        $body .= qq(<g transform="translate(0 $at)">\n$chart->{svg}</g>\n);
        $at += $chart->{height};
    }
    my $width = WIDTH;
    return <<"SVG";
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 $width $at" width="$width" height="$at">
<style>
text { font: 13px sans-serif; fill: #222 } .title { font-weight: bold; font-size: 15px }
.tick { font-size: 11px; fill: #666 } .grid { stroke: #e4e4e4 } .spread { stroke: #222 }
.one { stroke: #2166ac; stroke-dasharray: 3 3 }
</style>
<rect width="100%" height="100%" fill="#fff"/>
$body</svg>
SVG
}

# ---- which charts ------------------------------------------------------------------------------

sub timed_bars {
    my ($title, $what, $part, $note, @more) = @_;
    my ($ours, @peers) = @{$part->{rows}};
    $title .= ", as a multiple of storyphoto's";
    my @rows = {label => 'storyphoto', median => 1, q1 => 1, q3 => 1, ours => 1,
        note => $note->($ours)};
    for my $peer (grep { defined $_->{"${what}_ratio"} } @peers) {
        my $ratio = $peer->{"${what}_ratio"};
        push @rows, {%$ratio, label => $peer->{label},
            note => sprintf '%.1f times, %s', $ratio->{median}, $note->($peer)};
    }
    return bars($title, @rows, @more);
}

sub floor_bar {
    my ($floor) = @_;
    return if !defined $floor->{cpu};
    my $note = sprintf '%.2f times, %.0f ms', $floor->{ratio}{median},
        $floor->{cpu}{median} * 1000;
    return {%{$floor->{ratio}}, label => 'the floor', note => $note};
}

sub plot_bench {
    my ($result) = @_;
    my @charts;
    my $ms = sub { my ($what) = @_; sub { sprintf '%.0f ms', $_[0]{$what}{median} * 1000 } };
    my ($upload, $batch) = @$result{qw(upload batch)};
    push @charts, timed_bars('One upload: time', 'wall', $upload,
        $ms->('wall')) if defined $upload;
    push @charts, timed_bars("A batch on $batch->{cores} cores: time", 'wall', $batch,
        sub { sprintf '%.1f photos/s', 1 / $_[0]{wall}{median} }) if defined $batch;
    push @charts, timed_bars('CPU a photo in the batch', 'cpu', $batch, $ms->('cpu'),
        floor_bar($result->{floor} // {})) if defined $batch;
    my $machine = $result->{machine};
    my $subtitle = sprintf 'storyphoto %s on %d x %s; photos: %d; medians and quartiles',
        @$machine{qw(storyphoto cores cpu)}, scalar @{$result->{photos}};
    return document($subtitle, @charts);
}

1;
