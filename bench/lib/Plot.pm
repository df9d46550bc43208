# SPDX-License-Identifier: MIT
# Plot.pm -- plain SVG plots of lines, without any library; Bars.pm has the bars.
#
#     Plot::lines($file, title => ..., x => 'megapixels', y => 'ms', log => 'xy',
#                 series => [{name => 'CPU', points => [[1, 20], [2, 31]]}, ...]);
#
#     Plot::panels($file, 'title', COLUMNS, {title => ..., x => ..., ...}, ...);
#
# The ground is white; a series has its colour, its dashes and its mark, so that it can be told in
# grey too. Axes begin at 0, but those that `log` names, which are logarithmic, and those that
# `tight` names. A series may have `ring`, a point that is marked.
package Plot;
use strict;
use warnings;
use List::Util qw(max min);
use POSIX qw(ceil floor);

use constant {WIDTH => 720, HEIGHT => 420, LEFT => 70, RIGHT => 150, TOP => 44, BOTTOM => 52};

my @colours = ('#0b6e99', '#c8501e', '#3d7d2b', '#7a4aa0', '#8a6d00', '#555555', '#b0306a',
    '#128577');
my @dashes = ('none', '7 3', '2 3', '9 3 2 3', '12 4', '4 2', '1 2', '5 2 1 2');
my %escapes = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&quot;');

sub escape { return $_[0] =~ s/([&<>"])/$escapes{$1}/gr }

sub text {
    my ($x, $y, $anchor, $words, $more) = @_;
    return sprintf qq{<text x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>\n}, $x, $y, $anchor,
        $more // '', escape($words);
}

sub rule {
    my ($x1, $y1, $x2, $y2) = @_;
    return sprintf qq{<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#ddd"/>\n}, $x1, $y1,
        $x2, $y2;
}

sub write_svg {
    my ($file, $width, $height, $title, @body) = @_;
    my $name = escape($title);
    open my $to, '>', $file or die "cannot write '$file': $!\n";
    print $to qq{<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 $width $height" },
        qq{width="$width" height="$height" font-family="sans-serif" font-size="12" role="img">\n},
        qq{<title>$name</title>\n<rect width="$width" height="$height" fill="#fff"/>\n},
        text(LEFT, 24, 'start', $title, ' font-size="15" font-weight="bold"'), @body, "</svg>\n";
    close $to or die "cannot write '$file': $!\n";
    return;
}

# ---- axes --------------------------------------------------------------------------------------

# Round numbers: 1, 2 and 5 times each power of ten.
my @round = map { my $power = 10**$_; map { $_ * $power } 1, 2, 5 } -6 .. 12;

# Linear: from 0 in round steps, at least four. Logarithmic: from one round number to another.
# Tight: linear, but from a round number below the least.
sub make_axis {
    my ($kind, $from, $to, @values) = @_;
    my $is_log = $kind eq 'log';
    my $most = max(@values, 1e-6);
    my %axis = (log => $is_log, from => $from, to => $to);
    if ($is_log) {
        my $least = min(grep { $_ > 0 } @values, $most);
        my $first = max(grep { $_ < $least * 1.001 } @round);
        my $last = min(grep { $_ > $most * 0.999 && $_ > $first } @round);
        return {%axis, ticks => [grep { $_ >= $first && $_ <= $last } @round],
            low => log($first), high => log($last)};
    }
    my $least = $kind eq 'tight' ? min(@values, $most) : 0;
    my $step = max(grep { $_ <= ($most - $least) / 4 } @round) // $round[0];
    my ($first, $last) = (floor($least / $step), ceil($most / $step - 0.001));
    $last = $first + 1 if $last <= $first;
    return {%axis, ticks => [map { $_ * $step } $first .. $last], low => $first * $step,
        high => $last * $step};
}

sub place {
    my ($axis, $value) = @_;
    $value = $value > 0 ? log($value) : $axis->{low} if $axis->{log};
    my $share = ($value - $axis->{low}) / ($axis->{high} - $axis->{low});
    return $axis->{from} + $share * ($axis->{to} - $axis->{from});
}

sub tick { return sprintf '%.6g', $_[0] }

# ---- lines -------------------------------------------------------------------------------------

sub mark {
    my ($i, $x, $y) = @_;
    my $fill = $colours[$i % @colours];
    return sprintf qq{<circle cx="%.1f" cy="%.1f" r="3.5" fill="$fill"/>\n}, $x, $y if $i % 3 == 0;
    return sprintf qq{<rect x="%.1f" y="%.1f" width="7" height="7" fill="$fill"/>\n}, $x - 3.5,
        $y - 3.5 if $i % 3 == 1;
    return sprintf qq{<path d="M%.1f %.1fl4 7h-8z" fill="$fill"/>\n}, $x, $y - 4;
}

# A series' name stands where its line ends, or beside that at the right, where lines may meet;
# names that would meet are moved apart.
sub name_places {
    my ($y_axis, @series) = @_;
    my @order = sort { $a->[1] <=> $b->[1] }
        map { [$_, place($y_axis, $series[$_]{points}[-1][1])] } 0 .. $#series;
    my (@places, $last);
    for my $entry (@order) {
        $entry->[1] = $last + 15 if defined $last && $entry->[1] < $last + 15;
        $last = $places[$entry->[0]] = $entry->[1];
    }
    return @places;
}

sub panel {
    my ($plot) = @_;
    my @series = grep { @{$_->{points}} } @{$plot->{series}};
    my @points = map { (@{$_->{points}}, $_->{ring} // ()) } @series;
    my ($right, $bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
    my ($x, $y) = map {
        my ($name, $i, $from, $to) = @$_;
        my ($kind) = grep { ($plot->{$_} // '') =~ /$name/ } qw(log tight);
        make_axis($kind // '', $from, $to, map { $_->[$i] } @points);
    } ['x', 0, LEFT, $right], ['y', 1, $bottom, TOP];
    my @body;
    for my $tick (@{$y->{ticks}}) {
        my $at = place($y, $tick);
        push @body, rule(LEFT, $at, $right, $at), text(LEFT - 8, $at + 4, 'end', tick($tick));
    }
    for my $tick (@{$x->{ticks}}) {
        my $at = place($x, $tick);
        push @body, rule($at, TOP, $at, $bottom), text($at, $bottom + 18, 'middle', tick($tick));
    }
    push @body, text((LEFT + $right) / 2, HEIGHT - 12, 'middle', $plot->{x}),
        text(LEFT - 8, TOP - 8, 'end', $plot->{y});
    my @names = name_places($y, @series);
    for my $i (0 .. $#series) {
        my $colour = $colours[$i % @colours];
        my @places = map { [place($x, $_->[0]), place($y, $_->[1])] } @{$series[$i]{points}};
        push @body, sprintf(qq{<polyline fill="none" stroke="%s" stroke-width="2" }
                . qq{stroke-dasharray="%s" points="%s"/>\n}, $colour, $dashes[$i % @dashes],
            join ' ', map { sprintf '%.1f,%.1f', @$_ } @places);
        push @body, map { mark($i, @$_) } @places;
        push @body, text(($plot->{aside} ? $right : $places[-1][0]) + 9, $names[$i] + 4, 'start', $series[$i]{name},
            qq{ fill="$colour"});
        push @body, ring($colour, map { (place($x, $_->[0]), place($y, $_->[1])) }
            $series[$i]{ring} // ());
    }
    return @body;
}

sub ring {
    my ($colour, $x, $y) = @_;
    return if !defined $x;
    return sprintf qq{<circle cx="%.1f" cy="%.1f" r="7" fill="none" stroke="$colour" }
        . qq{stroke-width="2"/>\n}, $x, $y;
}

sub lines {
    my ($file, %plot) = @_;
    write_svg($file, WIDTH, HEIGHT, $plot{title}, panel(\%plot));
    return;
}

# Several, row by row, with names aside.
sub panels {
    my ($file, $title, $columns, @plots) = @_;
    my ($row, $head) = (HEIGHT + 24, 40);
    my @body = map {
        my ($left, $top) = ($_ % $columns * WIDTH, $head + int($_ / $columns) * $row);
        (sprintf(qq{<g transform="translate(%d %d)">\n}, $left, $top),
            text(LEFT, 20, 'start', $plots[$_]{title}, ' font-size="13"'), panel({%{$plots[$_]}, aside => 1}),
            "</g>\n");
    } 0 .. $#plots;
    my $rows = int((@plots + $columns - 1) / $columns);
    write_svg($file, WIDTH * (@plots < $columns ? @plots : $columns), $head + $rows * $row, $title,
        @body);
    return;
}

1;
