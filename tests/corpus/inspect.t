#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# inspect.t -- `storyphoto inspect` against exiftool, file by file below $CORPUS, category by category.
#
# exiftool -a -G1 tells its tags (without -u: a tag that exiftool has no name for says nothing;
# without -m: with it some blocks of bad form are not read);
# exiftool-slugs.tsv says which of our categories each tag means. A tag that the table does not
# know fails the test, by name. Printed: a table, a line a category; each miss and each false
# alarm by file, with what said so; those that explained.tsv explains with the reason.
#
# A false alarm is a category that we say and exiftool does not; those count that are not
# explained, as pictures in HEIF's items are, for which exiftool has no tag. What exiftool has no words for
# (unknown blocks, hidden pixels, bytes behind the end) is counted, but cannot be wrong or right.
# `serial` that is said only because a maker's note cannot be read is no hit and no false alarm,
# but a column of its own. Files that we refuse (no picture, a format that is never taken,
# broken before the first picture data) are counted by code and left out.
use strict;
use warnings;
use File::Basename;
use File::Temp;
use JSON::PP;

my $here = dirname($0);
my ($build, $corpus) = @ENV{qw(BUILD CORPUS)};
binmode STDOUT, ':raw';
my $work = File::Temp->newdir;
my $n_tests = 0;
sub result {
    my ($ok, $name) = @_;
    print $ok ? '' : 'not ', 'ok ', ++$n_tests, " - $name\n";
}

# Share found that is asked for, in a hundred; what exiftool cannot see is not asked.
my @slugs = qw(location time device serial person software comment thumbnail second-picture video
    provenance profile further-frames hidden-pixels unknown trailing);
my %least = map { $_ => 98 } @slugs;
$least{serial} = 90;
my %not_asked = map { $_ => 1 } qw(hidden-pixels unknown trailing);
my $MOST_ALARMS = 3;     # of a hundred files
my $MOST_UNREAD = 5;

# ---- the tables --------------------------------------------------------------------------------
sub glob_to_regex {
    my ($glob) = @_;
    my $depth = 0;
    my $regex = join '', map {
        $_ eq '*' ? '.*' : $_ eq '{' ? do { $depth++; '(?:' } : $_ eq '}' ? do { $depth--; ')' }
        : $_ eq ',' && $depth ? '|' : quotemeta
    } split //, $glob;
    return qr/^$regex\z/s;
}
sub rows_of {
    my ($name, $n_columns) = @_;
    open my $file, '<:encoding(UTF-8)', "$here/$name" or die "$name: $!";
    my @rows;
    while (<$file>) {
        chomp;
        next if /^#|^\s*$/;
        my @row = split /\t/;
        die "$name:$.: not $n_columns columns\n" if @row < $n_columns - 1 || @row > $n_columns;
        push @rows, \@row;
    }
    return @rows;
}
my %known = map { $_ => 1 } @slugs;
my @lines;
for (rows_of('exiftool-slugs.tsv', 5)) {
    my ($group, $tag, $value, $slugs, $why) = @$_;
    my @said = $slugs eq 'harmless' ? () : split /,/, $slugs;
    die "exiftool-slugs.tsv: no category '$_'\n" for grep { !$known{$_} } @said;
    die "exiftool-slugs.tsv: $group $tag is harmless without a reason\n" if !@said && !$why;
    push @lines, { name => glob_to_regex("$group:$tag"), value => glob_to_regex($value),
        slugs => \@said, used => 0 };
}
my @explained = map { { kind => $_->[0], slug => glob_to_regex($_->[1]), what => glob_to_regex($_->[2]),
        why => $_->[3] } } rows_of('explained.tsv', 4);

my %lines_of; # by name, to be fast
sub slugs_of { # the first line that matches; nothing when there is none
    my ($name, $value) = @_;
    $lines_of{$name} //= [grep { $name =~ $_->{name} } @lines];
    for (@{ $lines_of{$name} }) {
        next if $value !~ $_->{value};
        $_->{used}++;
        return $_->{slugs};
    }
    return;
}
sub is_blank { # nothing, or a date of zeros
    my ($value) = @_;
    return $value =~ /^[\s\0]*\z/ || $value =~ /^[0\s]{4}[:-]?[0\s]{2}[:-]?[0\s]{2}[0:.\s]*(?:Z|[+-]00:00)?\z/;
}

# ---- both readers ------------------------------------------------------------------------------
my @files = sort split /\n/, qx(find "\$CORPUS" -type f);
open my $list, '>', "$work/list" or die $!;
print $list "$_\n" for @files;
close $list;
open my $inspect, '-|', qq(tr '\\n' '\\0' <"$work/list" | xargs -0 -n 200 "$build/storyphoto" inspect --json -- 2>/dev/null)
    or die $!;
my @ours = map { JSON::PP->new->decode($_) } grep { /\S/ } <$inspect>;
close $inspect;
result(@files > 0 && @ours == @files, 'an inspection for each file');
exit print "1..$n_tests\n" if @ours != @files;
system qq(exiftool -j -G1:4 -a -s -q -q -@ "$work/list" >"$work/theirs" 2>/dev/null);
open my $theirs, '<:raw', "$work/theirs" or die $!;
my %theirs = map { $_->{SourceFile} => $_ } @{ JSON::PP->new->utf8->decode(do { local $/; <$theirs> } || '[]') };
result(keys %theirs > 0, 'exiftool has read them');

# ---- what exiftool says: {slug}{"group:tag"} ----------------------------------------------------
my %unmapped;
sub said_by_exiftool {
    my ($tags) = @_;
    my %said;
    for my $key (sort keys %$tags) {
        (my $name = $key) =~ s/:Copy\d+(?=:)//;
        next if $name !~ /:/;
        for my $value (ref $tags->{$key} eq 'ARRAY' ? @{ $tags->{$key} } : $tags->{$key}) {
            $value //= ''; # null
            my $slugs = slugs_of($name, "$value");
            $unmapped{$name}++ if !defined $slugs;
            $said{$_}{$name} = 1 for is_blank("$value") ? () : @{ $slugs // [] };
        }
    }
    return \%said;
}
sub said_by_us { # {slug}{"carrier place"}
    my ($inspection) = @_;
    my %said = map { $_ => {} } @{ $inspection->{reveals} };
    for my $carrier (@{ $inspection->{carriers} }) {
        $said{$_}{"$carrier->{carrier} " . ($carrier->{place} // q())} = 1 for @{ $carrier->{reveals} };
    }
    return \%said;
}
sub explanation { # of a kind and category: when each of these is explained, the first reason
    my ($kind, $slug, @what) = @_;
    my $why;
    for my $what (@what) {
        my ($line) = grep { $_->{kind} eq $kind && $slug =~ $_->{slug} && $what =~ $_->{what} } @explained;
        return if !$line;
        $why //= $line->{why};
    }
    return $why;
}

my (%count, %refused, @notes);
my $n_compared = 0;
sub note {
    my ($kind, $slug, $file, @what) = @_;
    my $why = explanation($kind, $slug, @what);
    $count{$slug}{"$kind explained"}++ if defined $why;
    push @notes, sprintf "# %s of %s: %s: %s%s\n", $kind, $slug, substr($file, length "$corpus/"),
        join(' ', @what[0 .. ($#what > 5 ? 5 : $#what)]), defined $why ? " ($why)" : '';
}
for my $i (0 .. $#files) {
    my $inspection = $ours[$i];
    if (defined $inspection->{error}) {
        $refused{ $inspection->{error}{code} // 'unknown' }++;
        said_by_exiftool($theirs{ $files[$i] } // {}); # its tags have to be in the table too
        next;
    }
    $n_compared++;
    my $us = said_by_us($inspection);
    my $them = said_by_exiftool($theirs{ $files[$i] } // {});
    my @serial = keys %{ $us->{serial} // {} };
    my $unread = @serial > 0 && !grep { !/^makernote-unread / } @serial;
    for my $slug (@slugs) {
        my $said = $us->{$slug} && !($slug eq 'serial' && $unread);
        $count{$slug}{unread}++ if $slug eq 'serial' && $unread;
        $count{$slug}{ours}++ if $us->{$slug};
        $count{$slug}{theirs}++ if $them->{$slug};
        $count{$slug}{found}++ if $them->{$slug} && $said;
        note('miss', $slug, $files[$i], sort keys %{ $them->{$slug} }) if $them->{$slug} && !$said;
        next if $not_asked{$slug} || !$said || $them->{$slug};
        $count{$slug}{alarms}++;
        note('alarm', $slug, $files[$i], sort keys %{ $us->{$slug} });
    }
}

# ---- the table ---------------------------------------------------------------------------------
print "# $n_compared files are compared; refused: ",
    join(', ', map { "$_ $refused{$_}" } sort keys %refused), "\n";
print sort @notes;
printf "# %-15s %8s %6s %6s %7s %10s %7s %10s %7s %8s\n", 'category', 'exiftool', 'ours', 'found', 'missed',
    'explained', 'alarms', 'explained', 'share', 'unread';
my @below;
for my $slug (@slugs) {
    my %c = map { $_ => $count{$slug}{$_} // 0 }
        'theirs', 'ours', 'found', 'alarms', 'unread', 'miss explained', 'alarm explained';
    my $share = $c{theirs} ? 100 * $c{found} / $c{theirs} : 100;
    my $missed = $c{theirs} - $c{found};
    printf "# %-15s %8d %6d %6d %7d %10d %7s %10s %6.1f%% %8s\n", $slug, @c{qw(theirs ours found)},
        $missed, $c{'miss explained'}, $not_asked{$slug} ? '-' : $c{alarms},
        $not_asked{$slug} ? '-' : $c{'alarm explained'}, $share, $slug eq 'serial' ? $c{unread} : '-';
    # Of fewer than fifty files one is more than two in a hundred: then each must be explained.
    my $few = $c{theirs} < 50 && $missed == $c{'miss explained'};
    push @below, "$slug: found $share %" if !$not_asked{$slug} && $share < $least{$slug} && !$few;
    push @below, "$slug: alarms $c{alarms}" 
        if !$not_asked{$slug} && ($c{alarms} - $c{'alarm explained'}) * 100 > $MOST_ALARMS * $n_compared;
}
print "# no line of exiftool-slugs.tsv: $_\n" for sort keys %unmapped;
print "# $_\n" for @below;
result(!%unmapped, 'each tag of exiftool is in the table');
result(!(grep { /found/ } @below), 'what exiftool finds is found: 98 of 100, serial 90');
result(!(grep { /alarms/ } @below), "alarms that are not explained are at most $MOST_ALARMS of 100 files");
result(($count{serial}{unread} // 0) * 100 <= $MOST_UNREAD * $n_compared,
    "serial by an unreadable note alone: at most $MOST_UNREAD of 100 files");
print "1..$n_tests\n";
