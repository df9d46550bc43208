#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# check.pl [--short] [--update] [--baseline FILE] [NAME...] -- has anything become slower?
#
# Two kinds of figures are held against bench/baseline.json, each more than 10 % above it is a
# regression; NAMEs choose some of them, and --update then keeps the others.
#
# Instructions of sp_render_bytes() by callgrind (count.c), on generated photos, a lane each. They
# are the same to 1 in 10 000 on a machine at rest and on one that is not. Those of our own code
# depend on compiler and flags (clang 14 against gcc 12: -28 to +8 %) and on AVX2: elsewhere they may
# be half as many again. Those of libraries depend on their versions, and on the processor, by which
# libraries choose their code: elsewhere they are not compared, and that is said.
#
# CPU of the whole tree of processes, as a ratio to the floor (floor.c) in pairs that alternate: so
# it is nearly the same on any machine. How noisy that is stands at NOISE below.
#
# Exits with 1 on a regression, with 2 when something could not be measured. BUILD names the build
# folder.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Callgrind;
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use Getopt::Long;
use JSON::PP;
use Measure qw(measure cpu end_on_signals);
use List::Util qw(min sum);
use POSIX ();

use constant {
    TOLERANCE => 1.10,
    ELSEWHERE => 1.50, # another compiler, or a processor that runs other loops of ours
    SHORT_RATIO => 1.25, # few pairs, on a host whose forks and page faults may cost twice as much
    RETRIES => 2,
    TOO_FEW => 200_000, # instructions, 0.05 ms: nobody's loss
};

my $build = $ENV{BUILD} // 'build';
end_on_signals();
my $dir = tempdir(CLEANUP => 1);
my ($short, $update, $path) = (0, 0, "$FindBin::Bin/baseline.json");
my ($failed, $n_better) = (0, 0);

# name, lane, ending, and what make-photo or make-picture is to make: as small as shows what is
# done for each pixel, but for the first, which is a whole one.
my @counts = (
    ['jpeg', 'jpeg', 'jpg', qw(--size 4032x3024 --seed 1)],
    ['jpeg-progressive', 'jpeg', 'jpg', qw(--size 4032x1008 --seed 2 --progressive)],
    ['jpeg-p3', 'jpeg', 'jpg', qw(--size 4032x1008 --seed 3 --profile p3)],
    ['jpeg-1x1', 'jpeg', 'jpg', qw(--size 1x1 --seed 4)],
    ['png-alpha', 'vips', 'png', qw(--size 1600x400 --noise 12 --alpha ball)],
    ['webp', 'vips', 'webp', qw(--size 2016x504 --noise 12)],
    ['heic', 'hevc', 'heic', qw(--size 2048x512 --noise 12 --tile 512)],
    ['avif', 'heif', 'avif', qw(--size 1600x400 --noise 12)],
);

my @long = qw(webp avif); # what --short leaves out: much of it is in png-alpha's way too

# name, photos in one run, pairs. NOISE, on two cores, as they were and under a load of 8 (busy
# loops, one that walks through memory, one that syncs), 200 pairs each: a single pair
# is -12 to +15 % off the median of all. The lower quartile of 5 pairs in a row was never more than
# 5.1 % above it, of 15 pairs 1.4 %; of 3 pairs of a batch 2.5 %. So a quartile that is 10 % above
# is no noise; and it is measured RETRIES times more, with twice as many pairs, before it is called
# worse. A loss of 13 % is seen each time.
my @ratios = (['one-upload', 1, 15], ['batch', 4, 9]);

sub quantile {
    my ($share, @values) = @_;
    @values = sort { $a <=> $b } @values;
    return $values[$share * (@values - 1)];
}

sub millions {
    my ($n) = @_;
    return sprintf $n < 10e6 ? '%.3f M' : '%.1f M', $n / 1e6;
}

sub change {
    my ($now, $before) = @_;
    return sprintf '%+.1f %%', 100 * ($now / $before - 1);
}

sub figure {
    my ($what, $now, $before) = @_;
    return "$what " . millions($now) . ' (' . change($now, $before) . ')';
}

sub say_result {
    my ($good, $name, @says) = @_;
    $failed = 1 if !$good;
    printf "%-5s %-17s %s\n", $good ? 'ok' : 'WORSE', $name, join '; ', @says;
}

sub make_photo {
    my ($file, @options) = @_;
    my $tool = $file =~ /\.jpg$/ ? 'bench/make-photo' : 'tests/make-picture';
    system("$build/$tool", @options, $file) == 0 or die "cannot make '$file'\n";
    return $file;
}

# ---- instructions ------------------------------------------------------------------------------

# What all of it was compiled with, but for the compiler's name and our version.
sub flags {
    open my $file, '<', "$build/flags" or die "cannot read '$build/flags': $!\n";
    my @words = split ' ', <$file>;
    return join ' ', @words[1 .. $#words - 1];
}

# Those that are worth a line in the baseline.
sub largest {
    my ($functions, $least) = @_;
    return {map { ($_ => $functions->{$_}) } grep { $functions->{$_} >= $least } keys %$functions};
}

sub count {
    my ($name, $lane, $ending, @options) = @_;
    my $photo = make_photo("$dir/$name.$ending", @options);
    my $said = Callgrind::run("$dir/$name.out", "$build/bench/count", $lane, $photo);
    my $costs = Callgrind::costs("$dir/$name.out", 'count');
    die "callgrind counted nothing of '$name'\n" if $costs->{total} == 0;
    my ($compiler, $machine) = split /\n/, $said;
    return {
        compiler => "$compiler " . flags(), machine => $machine,
        libraries => $costs->{libraries},
        all => $costs->{total}, own => sum(values %{$costs->{own}}),
        functions => {own => $costs->{own}, foreign => $costs->{foreign}},
    };
}

sub need_valgrind {
    return if grep { -x "$_/valgrind" } split /:/, $ENV{PATH} // '';
    die "valgrind is not installed: make setup-test installs it\n";
}

# A process a processor, each with its share of the lanes. {NAME => what count() returned}.
sub count_all {
    my @wanted = @_;
    chomp(my $n = `nproc`);
    my (@pipes, %counts);
    for my $share (0 .. min($n, scalar @wanted) - 1) {
        my $pid = open($pipes[$share], '-|') // die "fork: $!\n";
        next if $pid;
        my @mine = @wanted[grep { $_ % $n == $share } 0 .. $#wanted];
        my $counted = eval { +{map { ($_->[0] => count(@$_)) } @mine} };
        print encode_json({counts => $counted, error => $@});
        close STDOUT;
        POSIX::_exit(0);
    }
    my $error = '';
    for my $pipe (@pipes) {
        my $said = decode_json(do { local $/; <$pipe> } || '{"error":"who counts has died\\n"}');
        %counts = (%counts, %{$said->{counts} // {}});
        $error ||= $said->{error}; # all have the same, most likely
    }
    die $error if $error ne '';
    return \%counts;
}

# What grew most, where it is known how much it was; of what the baseline leaves out, that it was
# less than `least` there.
sub growth {
    my ($now, $before, $kind, $least) = @_;
    my ($functions, $known) = ($now->{functions}{$kind}, $before->{functions}{$kind});
    my @grown;
    for my $name (keys %$functions) {
        my $more = $functions->{$name} - ($known->{$name} // $least);
        my $was = ($known->{$name} ? '' : 'less than ') . millions($known->{$name} // $least);
        next if $more < TOO_FEW / 10;
        push @grown, [$more, "$name +" . millions($more) . " ($was before)"];
    }
    return @grown;
}

sub is_worse {
    my ($now, $before, $tolerance) = @_;
    return $now > $before * $tolerance && $now - $before > TOO_FEW;
}

# Less of our own is nothing gained where libraries do as much more.
sub is_better {
    my ($now, $before, $same, $only_own) = @_;
    return 1 if !$only_own && is_worse($before->{all}, $now->{all}, TOLERANCE);
    return $same && is_worse($before->{own}, $now->{own}, TOLERANCE)
        && ($only_own || $now->{all} < 1.01 * $before->{all});
}

# Why libraries' counts say nothing here; undef when they do. One that is no longer called is no
# reason, one of another version is.
sub incomparable {
    my ($now, $before) = @_;
    for my $what (qw(compiler machine)) {
        return "not comparable: $now->{$what}, the baseline has $before->{$what}"
            if $now->{$what} ne $before->{$what};
    }
    my %versions = map { (s/\.so.*//r => $_) } keys %{$now->{libraries}};
    for my $library (sort keys %{$before->{libraries}}) {
        my $here = $versions{$library =~ s/\.so.*//r} // next;
        return "not comparable: $here, the baseline has $library" if $here ne $library;
    }
    return;
}

# More code of our own that saves more in a library is no loss.
sub check_count {
    my ($name, $now, $before) = @_;
    my $why_not = incomparable($now, $before);
    my $same = !grep { $now->{$_} ne $before->{$_} } qw(compiler machine);
    my $tolerance = $same ? TOLERANCE : ELSEWHERE;
    my $own_worse = is_worse($now->{own}, $before->{own}, $tolerance)
        && (defined $why_not || $now->{all} > 0.99 * $before->{all});
    my $all_worse = !defined $why_not && is_worse($now->{all}, $before->{all}, TOLERANCE);
    say_result(!$own_worse && !$all_worse, $name, figure('own', $now->{own}, $before->{own}),
        $why_not // figure('all', $now->{all}, $before->{all}));
    $n_better++ if is_better($now, $before, $same, defined $why_not);
    return if !$own_worse && !$all_worse;
    my @grown = growth($now, $before, 'own', $before->{own} / 50);
    push @grown, growth($now, $before, 'foreign', $before->{all} / 100) if !defined $why_not;
    @grown = sort { $b->[0] <=> $a->[0] } @grown;
    splice @grown, 3 if @grown > 3;
    print '      grew most: ', join(', ', map { $_->[1] } @grown), "\n" if @grown;
}

# ---- ratios to the floor -----------------------------------------------------------------------

sub cpu_of {
    my @command = @_;
    my $out = tempdir(DIR => $dir);
    my $taken = measure({items => [[[map { s/%OUT/$out/r } @command]]]});
    die "'@command' fails: $taken->{error}\n" if $taken->{exit} != 0;
    remove_tree($out);
    return cpu($taken);
}

# The ratios of so many pairs; the one that is first in a pair is second in the next.
sub pairs {
    my ($n, @photos) = @_;
    my @commands = (["$build/storyphoto", 'process', '-o', '%OUT', @photos],
        ["$build/bench/floor", '%OUT', @photos]);
    my @ratios;
    for my $i (0 .. $n) {
        my @taken;
        $taken[$_] = cpu_of(@{$commands[$_]}) for $i % 2 ? (0, 1) : (1, 0);
        push @ratios, $taken[0] / $taken[1] if $i > 0; # the first pair warms caches
    }
    return @ratios;
}

# Noise moves all pairs of a moment, so what looks worse is measured again.
sub check_ratio {
    my ($name, $n, $before, @photos) = @_;
    my $tolerance = $short ? SHORT_RATIO : TOLERANCE;
    my $limit = $before * $tolerance;
    my @ratios = pairs($n, @photos);
    for (1 .. RETRIES) {
        last if quantile(0.25, @ratios) <= $limit;
        @ratios = pairs(2 * $n, @photos);
    }
    my $now = quantile(0.5, @ratios);
    $n_better++ if quantile(0.75, @ratios) * $tolerance < $before;
    say_result(quantile(0.25, @ratios) <= $limit, $name,
        sprintf '%.3f times the floor (%.3f before, %s)', $now, $before, change($now, $before));
}

# ---- all of it ---------------------------------------------------------------------------------

sub write_baseline {
    my ($counts, $ratios) = @_;
    for my $count (values %$counts) {
        my $functions = $count->{functions};
        $count->{libraries} = largest($count->{libraries}, $count->{all} / 50);
        $functions->{own} = largest($functions->{own}, $count->{own} / 50);
        $functions->{foreign} = largest($functions->{foreign}, $count->{all} / 100);
    }
    my $kept = @ARGV && -e $path ? read_baseline() : {counts => {}, ratios => {}};
    open my $file, '>', $path or die "cannot write '$path': $!\n";
    print $file JSON::PP->new->pretty->indent_length(1)->canonical
        ->encode({counts => {%{$kept->{counts}}, %$counts},
            ratios => {%{$kept->{ratios}}, %$ratios}});
    close $file or die "cannot write '$path': $!\n";
    print "written: $path\n";
}

sub read_baseline {
    open my $file, '<', $path or die "no baseline '$path': $!; --update writes one\n";
    return decode_json(do { local $/; <$file> });
}

sub main {
    GetOptions('short' => \$short, 'update' => \$update, 'baseline=s' => \$path) or exit 64;
    my %wanted = map { ($_ => 1) } @ARGV ? @ARGV : map { $_->[0] } @counts, @ratios;
    delete @wanted{@long} if $short && !@ARGV;
    my @wanted_counts = grep { delete $wanted{$_->[0]} } @counts;
    my @wanted_ratios = grep { delete $wanted{$_->[0]} } @ratios;
    die "unknown: @{[keys %wanted]}\n" if %wanted;
    my $baseline = $update ? undef : read_baseline();
    need_valgrind() if @wanted_counts;
    my $counts = count_all(@wanted_counts);
    my @photos = map { make_photo("$dir/$_.jpg", qw(--size 4032x3024 --quality 94 --seed), $_) }
        1 .. (@wanted_ratios ? 4 : 0);
    if ($update) {
        my %ratios;
        for (@wanted_ratios) {
            my ($name, $n_photos, $n) = @$_;
            $ratios{$name} = quantile(0.5, pairs(3 * $n, @photos[0 .. $n_photos - 1]));
        }
        return write_baseline($counts, \%ratios);
    }
    for my $name (map { $_->[0] } @wanted_counts) {
        my $before = $baseline->{counts}{$name} // die "the baseline has no '$name': UPDATE=1\n";
        check_count($name, $counts->{$name}, $before);
    }
    for (@wanted_ratios) {
        my ($name, $n_photos, $n) = @$_;
        my $before = $baseline->{ratios}{$name} // die "the baseline has no '$name': UPDATE=1\n";
        check_ratio($name, $short ? int($n / 3) : $n, $before, @photos[0 .. $n_photos - 1]);
    }
    print "much less than it was: UPDATE=1 holds it there\n" if $n_better > 0;
    exit($failed ? 1 : 0);
}

eval { main(); 1 } or do {
    print STDERR "check: $@";
    exit 2;
};
