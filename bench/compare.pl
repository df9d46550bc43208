#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# compare.pl -- `make bench`: our tool, its peers and the floor, on the same photos to the same
# outputs. docs/BENCH.md says how to read it.
#
#     compare.pl [--OPTION VALUE]... PHOTO|FOLDER...
#
# First every photo goes through storyphoto once, which says what must come out. Then, part after
# part, each peer runs once untimed: that warms what it needs, samples its memory, and shows
# whether it does the work at all; one that fails, or whose files have another width, is told and
# left out. What follows are alternating pairs with storyphoto. No time is ever asserted. What
# fails the bench (exit 1) are two things about the floor: its files must be ours, byte for byte
# (its JPEG, which is libjpeg's own, that of no effort), and its CPU at most half of sharp's. Wrong
# usage is 64.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use JSON::PP;
use lib dirname(abs_path(__FILE__)) . '/lib';
use Bars qw(plot_bench);
use Command qw(check_writable keep_file machine progress read_options usage);
use Measure qw(measure cpu end_on_signals);
use Pairs qw(ratios run_pairs spread);
use Peers qw(choose_peers peer_job);
use Photos qw(carried find_photos make_photo picture_size publish slurp srgb_profile);
use Report qw(report_head report_part);

use constant {FLOOR_TO_SHARP => 0.5, BATCH_SHARE => 3};

my @parts = qw(upload batch floor tiny p3);
my %known = (
    build => 'the build folder (build)',
    pairs => 'how many pairs of one upload (15); of a batch it is a third',
    peers => 'names, with commas between; all unless given',
    parts => 'of ' . join(', ', @parts) . '; all unless given',
    bins => 'folders where programs are looked for, with colons between',
    sharp => 'the folder of node modules that has sharp',
    json => 'write everything measured to this file',
    svg => 'write a plot to this file',
);

sub understand {
    my ($given, @words) = read_options(\%known, [], @_);
    my %options = (build => 'build', pairs => 15, %$given);
    usage("--pairs is a number from 1 on, not '$options{pairs}'")
        if $options{pairs} !~ /^[1-9]\d*\z/;
    my %is_part = map { $_ => 1 } @parts;
    for my $list (grep { defined $options{$_} } qw(peers parts)) {
        $options{$list} = [split /[,\s]+/, $options{$list}];
    }
    for my $part (@{$options{parts} // []}) {
        usage("unknown part '$part'; known are " . join(', ', @parts)) if !$is_part{$part};
    }
    check_writable(@options{qw(json svg)});
    return (\%options, @words);
}

# ---- what all parts share ----------------------------------------------------------------------

my ($options, @given) = understand(@ARGV);
usage('no photo is given') if !@given;
my $build = abs_path($options->{build}) // usage("there is no '$options->{build}'");
usage("there is no '$build/storyphoto': build it first") if !-x "$build/storyphoto";
my $cores = qx(nproc) + 0;
my $n_batch = int(($options->{pairs} + BATCH_SHARE - 1) / BATCH_SHARE);
# Below the build folder: a disk, where /tmp may be memory. Our own samples stay there.
my $made = "$build/bench/samples";
make_path($made);
end_on_signals();
my $scratch = tempdir('run-XXXXXX', DIR => "$build/bench", CLEANUP => 1);
my $out = fresh('out');
my ($ours, @peers, @photos, @why_failed);

sub fresh { # an empty folder
    my ($name) = @_;
    remove_tree("$scratch/$name");
    make_path("$scratch/$name");
    return "$scratch/$name";
}

sub clean { fresh('out') }

# Every photo once, to know what should come out; what is refused is told and left out.
sub know_photos {
    my (@found) = @_;
    my $dir = fresh('published');
    for my $photo (@found) {
        progress(basename $photo->{path});
        ($photo->{receipt}, my $why) = publish($build, $photo, $dir);
        print "left out: $photo->{path}: $why\n" if !defined $photo->{receipt};
    }
    progress('');
    return grep { defined $_->{receipt} } @found;
}

# Why the files of a run are not the work, or undef.
sub wrong_files {
    my (@done) = @_;
    for my $i (0 .. $#done) {
        my $width = $done[$i]{receipt}{outputs}[0]{width};
        for my $name ("$i.webp", "$i.jpg") {
            my ($ending) = $name =~ /(\w+)\z/;
            my $of = "$ending of " . basename($done[$i]{path});
            return "it makes no $of" if !-s "$out/$name";
            my ($got) = picture_size("$out/$name");
            return "its $of is @{[$got // 0]} pixels wide, not $width" if ($got // 0) != $width;
        }
    }
    return;
}

# What those files have that should have been removed: 'WebP EXIF', 'JPEG COM'.
sub left_in {
    my (@done) = @_;
    my %left;
    for my $i (0 .. $#done) {
        $left{"WebP $_"} = 1 for carried("$out/$i.webp");
        $left{"JPEG $_"} = 1 for carried("$out/$i.jpg");
    }
    return sort keys %left;
}

# The untimed run: {memory, left} or {failed}.
sub warm_up {
    my ($peer, $n_at_once, @done) = @_;
    clean();
    my $job = peer_job($peer, [map { $_->{path} } @done], $out, $n_at_once);
    my $taken = measure($job, memory => 1);
    return {failed => $taken->{error}} if $taken->{exit} != 0;
    return {memory => $taken->{memory}} if $peer == $ours;
    my $wrong = wrong_files(@done);
    return {failed => $wrong} if defined $wrong;
    return {memory => $taken->{memory}, left => [left_in(@done)]};
}

sub per_photo { # a spread of times, for one photo of so many
    my ($n, @times) = @_;
    return spread(map { $_ / $n } @times);
}

# ---- one upload, and a batch -------------------------------------------------------------------

# Ours against each peer: N pairs, of $photos_of->(number) on so many cores.
sub compare_timed {
    my ($n, $n_at_once, $warm_with, $photos_of) = @_;
    my $per = @{$photos_of->(0)};
    my $job = sub {
        my ($peer) = @_;
        return {name => $peer->{name}, job => sub {
            peer_job($peer, [map { $_->{path} } @{$photos_of->($_[0])}], $out, $n_at_once) }};
    };
    my $warm = warm_up($ours, $n_at_once, @$warm_with);
    die "storyphoto fails: $warm->{failed}\n" if defined $warm->{failed};
    my @rows = ({name => $ours->{name}, label => $ours->{label}, memory => $warm->{memory}});
    my @all;
    for my $peer (grep { !defined $_->{missing} } @peers) {
        progress("$peer->{label}, $n pairs of $per");
        my %row = (%{warm_up($peer, $n_at_once, @$warm_with)}, map { $_ => $peer->{$_} }
            qw(name label short));
        push @rows, \%row;
        next if defined $row{failed};
        my @pairs = run_pairs($n, $job->($ours), $job->($peer), \&clean);
        push @all, grep { !defined $_->{failed} } @pairs;
        summarise(\%row, $per, $peer->{name}, @pairs);
    }
    if (!@all) { # nobody to compare with
        @all = run_pairs($n, $job->($ours), {%{$job->($ours)}, name => 'again'}, \&clean);
        $rows[0]{pairs} = \@all;
    }
    @{$rows[0]}{qw(wall cpu)} = map { per_photo($per, Pairs::values($_, 'storyphoto', @all)) }
        qw(wall cpu);
    progress('');
    return {n => $n, rows => \@rows};
}

sub summarise {
    my ($row, $per, $name, @pairs) = @_;
    my $failed = $pairs[-1]{failed};
    die "storyphoto fails: $pairs[-1]{error}\n" if ($failed // '') eq 'storyphoto';
    $row->{pairs} = \@pairs;
    $row->{failed} = $pairs[-1]{error} if defined $failed;
    return if defined $failed;
    for my $what (qw(wall cpu)) {
        $row->{$what} = per_photo($per, Pairs::values($what, $name, @pairs));
        $row->{"${what}_ratio"} = spread(ratios($what, $name, 'storyphoto', @pairs));
    }
}

# Memory is that of the largest photo; the pairs go through all.
sub part_upload {
    my ($largest) = sort { $b->{megapixels} <=> $a->{megapixels} } @photos;
    return compare_timed($options->{pairs}, 1, [$largest], sub { [$photos[$_[0] % @photos]] });
}

sub part_batch {
    return {cores => $cores, %{compare_timed($n_batch, $cores, \@photos, sub { \@photos })}};
}

# ---- the floor ---------------------------------------------------------------------------------

sub floor_job {
    my @paths = @_;
    return {items => [[["$build/bench/floor", $out, @paths]]]};
}

# A file with no coefficient chosen, and of planes that were resized at 4:2:0.
sub plain {
    my ($format, $path) = @_;
    open my $pipe, '-|', "$build/storyphoto", 'process', '--to', $format,
        qw(--set jpeg.effort=0 --set jpeg.chroma=420), $path or die "storyphoto: $!\n";
    binmode $pipe;
    local $/ = undef;
    my $bytes = <$pipe>;
    close $pipe or die "storyphoto fails: $path\n";
    return $bytes;
}

# The files of which the floor has made other bytes than we have.
sub floor_differs {
    my ($photo) = @_;
    my @differ;
    for my $format (qw(webp jpeg)) {
        my $ending = $format eq 'jpeg' ? 'jpg' : $format;
        next if -e "$out/0.$ending" && plain($format, $photo->{path}) eq slurp("$out/0.$ending");
        push @differ, basename($photo->{path}) . " ($ending)";
    }
    return @differ;
}

# Each photo once, untimed: the paths of those that the floor takes, and {refused, differ}. What it
# refuses (it knows YCC and plain grey) it says; if it fails otherwise, the bench does.
sub know_floor {
    my (@paths, @refused, @differ);
    for my $photo (@photos) {
        clean();
        my $taken = measure(floor_job($photo->{path}));
        if ($taken->{exit} == 0) {
            push @paths, $photo->{path};
            push @differ, floor_differs($photo);
            next;
        }
        my $name = basename($photo->{path});
        my ($why) = $taken->{error} =~ /' is refused: (.+)/;
        push @refused, {photo => $name, why => $why // $taken->{error}};
        push @why_failed, "the floor fails: $name: $taken->{error}" if !defined $why;
    }
    push @why_failed, "the floor's files are not ours: @differ" if @differ;
    return (\@paths, {refused => \@refused, differ => \@differ});
}

sub part_floor {
    return {missing => "there is no '$build/bench/floor'"} if !-x "$build/bench/floor";
    my ($paths, $known) = know_floor();
    return {%$known, missing => 'it takes no photo'} if !@$paths;
    my %part = (%$known, n => $n_batch);
    my ($floor, $us, $sharp) = ({name => 'floor', job => sub { floor_job(@$paths) }},
        map { my $peer = $_; {name => $peer->{name}, job => sub {
            peer_job($peer, $paths, $out, $cores) }} }
        $ours, grep { $_->{name} eq 'sharp' && !defined $_->{missing} } @peers);
    progress('the floor');
    my @pairs = run_pairs($n_batch, $us, $floor, \&clean);
    die "$pairs[-1]{failed} fails: $pairs[-1]{error}\n" if defined $pairs[-1]{failed};
    $part{pairs} = \@pairs;
    $part{cpu} = per_photo(scalar @$paths, Pairs::values('cpu', 'floor', @pairs));
    $part{ours} = per_photo(scalar @$paths, Pairs::values('cpu', 'storyphoto', @pairs));
    $part{ours_ratio} = spread(ratios('cpu', 'storyphoto', 'floor', @pairs));
    $part{ratio} = spread(ratios('cpu', 'floor', 'storyphoto', @pairs));
    floor_to_sharp(\%part, $floor, $sharp) if defined $sharp;
    progress('');
    return \%part;
}

sub floor_to_sharp {
    my ($part, $floor, $sharp) = @_;
    my @pairs = run_pairs($n_batch, $floor, $sharp, \&clean);
    $part->{sharp_pairs} = \@pairs;
    return if defined $pairs[-1]{failed};
    my $ratio = $part->{sharp_ratio} = spread(ratios('cpu', 'floor', 'sharp', @pairs));
    push @why_failed, sprintf 'the floor takes %.2f of the CPU of sharp, not at most %.2f',
        $ratio->{median}, FLOOR_TO_SHARP if $ratio->{median} > FLOOR_TO_SHARP;
}

# ---- rows of our own ---------------------------------------------------------------------------

sub process_job { # of one photo
    my ($path) = @_;
    return sub { return {items => [[["$build/storyphoto", 'process', '-o', $out, $path]]]} };
}

sub own_pairs {
    my ($n, @both) = @_;
    clean();
    $_->{job}->(0) && measure($_->{job}->(0)) for @both;
    my @pairs = run_pairs($n, @both, \&clean);
    die "$pairs[-1]{failed} fails: $pairs[-1]{error}\n" if defined $pairs[-1]{failed};
    return @pairs;
}

sub part_tiny {
    my $path = make_photo("$build/tests/make-upload", "$made/1x1.jpg", qw(--size 1x1));
    my @pairs = own_pairs($options->{pairs}, {name => 'tiny', job => process_job($path)},
        {name => 'true', job => sub { return {items => [[['/bin/true']]]} }});
    return {n => scalar @pairs, pairs => \@pairs,
        wall => spread(Pairs::values('wall', 'tiny', @pairs)),
        above => spread(map { $_->{tiny}{wall} - $_->{true}{wall} } @pairs),
        ratio => spread(ratios('wall', 'tiny', 'true', @pairs))};
}

sub part_p3 {
    my ($maker, @size) = ("$build/bench/make-photo", qw(--size 4032x3024));
    my $srgb = make_photo($maker, "$made/srgb.jpg", @size);
    my $p3 = make_photo($maker, "$made/p3.jpg", @size, qw(--profile p3));
    my @pairs = own_pairs($options->{pairs}, {name => 'p3', job => process_job($p3)},
        {name => 'srgb', job => process_job($srgb)});
    return {n => scalar @pairs, pairs => \@pairs, map {
        ($_ => spread(Pairs::values($_, 'p3', @pairs)),
            "${_}_ratio" => spread(ratios($_, 'p3', 'srgb', @pairs))) } qw(wall cpu)};
}

# ---- all of it ---------------------------------------------------------------------------------

sub head {
    return {schema => 'storyphoto.bench/1', machine => machine($ours->{version}, $cores),
        options => {pairs => $options->{pairs} + 0},
        photos => [map { {name => basename($_->{path}), bytes => $_->{bytes},
            megapixels => $_->{megapixels}} } @photos],
        peers => [map { {name => $_->{name}, label => $_->{label}, path => $_->{path},
            version => $_->{version}, state => defined $_->{missing} ? 'missing' : 'there',
            why => $_->{missing}} } @peers]};
}

sub main {
    my @found = find_photos(@given);
    my $context = {build => $build, sharp => $options->{sharp}, bins => $options->{bins},
        profile => srgb_profile($build, $made)};
    ($ours, @peers) = choose_peers($options->{peers}, $context);
    @photos = know_photos(@found);
    die "no photo is left\n" if !@photos;
    my $result = head();
    report_head($result);
    my %work = (upload => \&part_upload, batch => \&part_batch, floor => \&part_floor,
        tiny => \&part_tiny, p3 => \&part_p3);
    my %is_chosen = map { $_ => 1 } @{$options->{parts} // \@parts};
    if (defined $options->{svg} && !$is_chosen{upload} && !$is_chosen{batch}) {
        my $path = delete $options->{svg};
        print STDERR "bench: '$path' is not written: without upload or batch nothing is to draw\n";
    }
    for my $part (grep { $is_chosen{$_} } @parts) {
        $result->{$part} = $work{$part}->();
        report_part($part, $result->{$part});
    }
    $result->{failed} = \@why_failed;
    keep_file($options->{json}, JSON::PP->new->pretty->canonical->encode($result))
        if defined $options->{json};
    keep_file($options->{svg}, plot_bench($result)) if defined $options->{svg};
    print STDERR "bench: $_\n" for @why_failed;
    return @why_failed ? 1 : 0;
}

$| = 1;
my $status = eval { main() } // do {
    print STDERR "bench: $@";
    $@ =~ /^unknown peer/ ? 64 : 1;
};
exit $status;
