#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# hostile.t -- every file below $CORPUS, whatever it is, comes to an end that has a name, and harms
# nothing: the program that took the one before takes the next.
#
# Each is taken twice: by `storyphoto process --json`, as many at once as a command line holds, and
# by endings.c, in one session, which tells what the renderer of each has cost. Both must say the
# same. Printed: a line an ending, with the longest time and the largest memory; by name, the
# longest and the largest of all, each decoder that crashed and each upload that failed. Time is
# printed and never judged.
#
# What is made lies in memory where there is /dev/shm: not to time a disk.
use strict;
use warnings;
use File::Temp;
use JSON::PP;

my ($build, $corpus) = @ENV{qw(BUILD CORPUS)};
my $work = File::Temp->newdir(-w '/dev/shm' ? (DIR => '/dev/shm') : ());
binmode STDOUT, ':raw';
my $n_tests = 0;
sub result {
    my ($ok, $name) = @_;
    print $ok ? '' : 'not ', 'ok ', ++$n_tests, " - $name\n";
}
sub shown { my ($path) = @_; $path =~ s/^\Q$corpus\E\/*//; $path =~ s/[^ -~]/?/g; return $path }

# What an upload may come to, by its own fault or, unavailable, because this host cannot decode it.
my %is_refusal = map { $_ => 1 } qw(empty not-an-image unsupported truncated corrupt too-large
    too-many-pixels too-much-memory too-much-work cannot-fit unavailable);

# ---- the list, and behind it an upload that must be published -----------------------------------
my @files = sort split /\0/, qx(find "\$CORPUS" -type f ! -name '*\n*' -print0);
my $good = "$work/good.jpg";
system("$build/tests/make-upload", '--size', '64x48', $good) == 0 or die "cannot make an upload\n";
open my $list, '>', "$work/list" or die $!;
print $list "$_\n" for @files, $good;
close $list or die $!;

# ---- through the program ------------------------------------------------------------------------
mkdir "$work/out" or die $!;
open my $lines, '-|', qq(tr '\\n' '\\0' <"$work/list" | xargs -0 -s 1500000 "$build/storyphoto" )
    . qq(process --json -o "$work/out" -- 2>"$work/said") or die $!;
my @receipts = map { JSON::PP->new->decode($_) } <$lines>;
close $lines;
my $status = $?; # of xargs: 0, or 123 when some are refused; 125 when one was killed
result(@files > 0 && @receipts == @files + 1, 'a receipt for each');
result($status == 0 || $status == 123 << 8, 'the program was never killed, and started each time');
print '# ', scalar @files, " files\n";
exit print "1..$n_tests\n" if @receipts != @files + 1;
my @codes = map { $_->{status} eq 'ok' ? 'ok' : $_->{error}{code} } @receipts;
result($codes[-1] eq 'ok', 'after all of them a good one is published');
result(-z "$work/said", 'and nothing is said but receipts');

# ---- what is published, and what is not ---------------------------------------------------------
my %promised = map { $_->{path} => 1 } map { @{ $_->{outputs} // [] } } @receipts;
opendir my $out, "$work/out" or die $!;
my %there = map { ("$work/out/$_" => 1) } grep { !/^\.\.?\z/ } readdir $out;
my @stray = grep { !$promised{$_} } sort keys %there;
my @missing = grep { !$there{$_} } sort keys %promised;
print "# stray: $_\n" for @stray;
print "# missing: $_\n" for @missing;
result(%there > 0 && !@stray && !@missing, 'each output of a receipt is there, and no other file');
my $audit = qx("$build/storyphoto" audit "$work/out");
result($? == 0 && $audit =~ /^(\d+) files? in 1 folder: \1 clean\b/m && $1 == keys %there,
    'and passes the audit');
my @torn = grep { @{ $receipts[$_]{outputs} // [] } != ($codes[$_] eq 'ok' ? 2 : 0) } 0 .. $#receipts;
result(!@torn, 'a set is whole or not there');

# ---- what it costs ------------------------------------------------------------------------------
mkdir "$work/again" or die $!;
my @costs = map { chomp; [split /\t/] } qx("$build/tests/corpus/endings" "$work/again" <"$work/list");
$status = $?;
result(@costs == @receipts, 'one session takes them all');
result($status == 0, 'and leaves no descriptor and no process behind');
my @differ = grep { ($costs[$_][0] // '') ne $codes[$_] } 0 .. $#codes;
print '# ', shown($files[$_] // $good), ": $codes[$_], then $costs[$_][0]\n" for @differ;
result(!@differ, 'with the same endings');
exit print "1..$n_tests\n" if @costs != @receipts;
my %rows;
for my $i (0 .. $#files) {
    my ($code, $ms, $cpu, $kib, $children) = @{ $costs[$i] };
    my $row = $rows{$code} //= { n => 0, ms => 0, cpu => 0, kib => 0, more => 0 };
    $row->{n}++;
    $row->{more}++ if $children > 1;
    for ([ms => $ms], [cpu => $cpu], [kib => $kib]) {
        $row->{ $_->[0] } = $_->[1] if $_->[1] > $row->{ $_->[0] };
    }
}
sub order { my ($code) = @_; $code eq 'ok' ? 0 : $is_refusal{$code} ? 1 : 2 }
printf "# %-16s %6s %12s %11s %12s %11s\n", 'ending', 'files', 'longest ms', 'of CPU', 'largest MiB', 'tried twice';
for my $code (sort { order($a) <=> order($b) || $a cmp $b } keys %rows) {
    my $row = $rows{$code};
    printf "# %-16s %6d %12.1f %11d %12.1f %11d\n", $code, $row->{n}, $row->{ms}, $row->{cpu},
        $row->{kib} / 1024, $row->{more};
}
for (['longest', 1, 1, 'ms'], ['longest of CPU', 2, 1, 'ms'], ['largest', 3, 1024, 'MiB']) {
    my ($what, $column, $unit, $word) = @$_;
    my @most = sort { $costs[$b][$column] <=> $costs[$a][$column] } 0 .. $#files;
    printf "# %s: %.1f %s: %s, %s\n", $what, $costs[$_][$column] / $unit, $word, $codes[$_],
        shown($files[$_]) for @most[0 .. (@most < 3 ? $#most : 2)];
}

# ---- endings ------------------------------------------------------------------------------------
sub none {
    my ($name, @which) = @_;
    print '# ', shown($files[$_]), ": $codes[$_]: ", $receipts[$_]{error}{message} =~ s/[^ -~]/?/gr, "\n" for @which;
    result(!@which, $name);
}
my @others = grep { $codes[$_] ne 'ok' && !$is_refusal{ $codes[$_] } } 0 .. $#files;
none('no decoder crashed', grep { $codes[$_] eq 'decoder-crashed' } @others);
none('nothing hung, broke a rule or failed otherwise', grep { $codes[$_] ne 'decoder-crashed' } @others);
print "1..$n_tests\n";
