#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# power.t -- what a power cut would leave of `storyphoto batch`: from the system calls of runs, for
# every record, that its files, their names and their folders were on the disk before the record
# was written (PowerCut.pm has the rules).
#
# And that the checker can tell: each fsync of a file, of a folder, of the journal is taken out of
# a good trace, or made to fail, or to come too late, and it must notice each time.
use strict;
use warnings;
use Cwd qw(getcwd);
use FindBin;
use lib $FindBin::Bin;
use File::Path qw(remove_tree);
use PowerCut;
use Proof;
use Test::More;
use Trace;

my $cwd = getcwd();
photos('in', $ENV{PHOTOS} // 16);

sub command { return ("$build/storyphoto", 'batch', 'in', 'out', '--state', 'home/state', @_) }

sub anew {
    fresh('out', 'home');
    remove_tree('home/state');
}

# Which upload each output is of.
sub outputs {
    my $records = records('home/state');
    my %outputs;
    for my $upload (sort keys %$records) {
        $outputs{$_} //= $upload for keys %{$records->{$upload}{files} // {}};
    }
    return \%outputs;
}

sub judge {
    my ($calls, $outputs, %asked) = @_;
    return broken_promises($calls, output => "$cwd/out", state => "$cwd/home/state",
        outputs => $outputs, each => 0, %asked);
}

# A run under strace: its calls, and what there is to be proved.
sub watch {
    my (@options) = @_;
    my ($code, $out, $err) = run({}, traced('trace'), command(@options));
    cmp_ok $code, '<=', 1, "a run under strace: @options" or diag $err;
    return (read_trace('trace', $cwd), outputs());
}

sub prove {
    my ($name, $calls, $outputs, %asked) = @_;
    my @broken = judge($calls, $outputs, counts => \my %counts, %asked);
    ok !@broken, "$name: nothing can be lost (" . join(', ', map { "$_ $counts{$_}" } sort keys %counts)
        . ', outputs ' . keys(%$outputs) . ')';
    diag map { "$_\n" } @broken[0 .. ($#broken > 5 ? 5 : $#broken)] if @broken;
}

# ---- runs ------------------------------------------------------------------------------------------
anew();
my ($calls, $outputs) = watch('--jobs', '1');
prove('one job', $calls, $outputs);
anew();
prove('two jobs', watch('--jobs', '2'));
anew();
prove('each', watch('--jobs', '2', '--durability', 'each'), each => 1);
anew();
prove('names at random, flat', watch('--flat', '--set', 'preset.names=random'));

# Killed with files that have no record: the next run meets them, and may not trust that somebody
# synced them.
anew();
run({LD_PRELOAD => "$build/tests/extra/fault.so", FAULT => 'linkat:after:31', FAULT_LOG => 'hit'},
    command('--jobs', '1'));
ok -s 'hit', 'a run is killed between its names';
my @left = unrecorded(files('out'), records('home/state'));
my $had = records('home/state');
my ($later, $all) = watch('--jobs', '2');
delete @$all{map { keys %{$_->{files} // {}} } values %$had};
cmp_ok scalar(grep { $all->{$_} } @left), '>=', 1, 'the next one meets files without a record';
prove('after a kill', $later, $all);

# Over other bytes: by rename.
anew();
my @source = ('--set', 'preset.names=source', '--prune');
run({}, command(@source));
upload('in/000.jpg', '--size', '77x55');
unlink 'in/2019/005.jpg';
my $old = outputs();
($later, $all) = watch(@source);
my @renamed = grep { $_->{name} eq 'renameat' && $_->{result} == 0 } @$later;
my %replaced = map { $_ => $all->{$_} } grep { $all->{$_} eq '000.jpg' } keys %$all;
is scalar(@renamed), scalar(keys %replaced), 'a changed upload replaces its files';
prove('replaced', $later, \%replaced);

# ---- can the checker tell? -----------------------------------------------------------------------
anew();
($later, $all) = watch('--durability', 'none');
my @broken = judge($later, $all);
cmp_ok scalar(grep { /not synced/ } @broken), '>=', keys(%$all) / 2, 'without durability it sees files that are not synced';
cmp_ok scalar(grep { /not durable/ } @broken), '>=', keys(%$all) / 2, 'and names that are not durable';

anew();
($later, $all) = watch('--durability', 'batch');
cmp_ok scalar(judge($later, $all, each => 1)), '>=', 1, 'groups of records are not one each';

# What an fsync is of: file, folder, journal, key.
my (%path, %syncs);
for my $i (0 .. $#$calls) {
    my $call = $calls->[$i];
    $path{$call->{fd}} = ($call->{flags} =~ /O_TMPFILE/ ? 'file in ' : '') . $call->{path}
        if $call->{name} eq 'openat' && $call->{result} >= 0;
    push @{$syncs{$path{$call->{fd}} // ''}}, $i if $call->{name} eq 'fsync';
}

sub without {
    my %left_out = map { $_ => 1 } @_;
    return [map { $calls->[$_] } grep { !$left_out{$_} } 0 .. $#$calls];
}

sub failing {
    my %failed = map { $_ => 1 } @_;
    return [map { $failed{$_} ? {%{$calls->[$_]}, result => -1, error => 'EIO'} : $calls->[$_] } 0 .. $#$calls];
}

my (@files, @missed);
for my $what (sort keys %syncs) {
    push @files, @{$syncs{$what}} if $what =~ m{^file in \Q$cwd\E/out};
}
cmp_ok scalar(@files), '>=', keys(%$outputs), 'each output is synced';
for my $i (@files) {
    push @missed, $i unless judge(without($i), $outputs);
    push @missed, $i unless judge(failing($i), $outputs);
}
is "@missed", '', 'each fsync of a file is missed when it is not there, or fails: ' . @files;

@missed = ();
my @folders = grep { m{^\Q$cwd\E/out(/|$)} } sort keys %syncs;
cmp_ok scalar(@folders), '>=', 4, 'folders are synced';
for my $what (@folders) {
    push @missed, $what unless judge(without(@{$syncs{$what}}), $outputs);
    push @missed, $what unless judge(failing(@{$syncs{$what}}), $outputs);
}
is "@missed", '', 'and of a folder: ' . @folders;

for my $what (grep { m{/(state|home|journal\.sqlite-wal|naming-key)$} } sort keys %syncs) {
    ok judge(without(@{$syncs{$what}}), $outputs) > 0, 'and of ' . substr $what, length($cwd) + 1;
}

# Too late: the last fsync of each folder moves behind all else.
@missed = ();
for my $what (@folders) {
    my @ids = @{$syncs{$what}};
    my $moved = without(@ids);
    my $last = $calls->[-1]{end};
    push @$moved, map { {%{$calls->[$_]}, start => ++$last, end => $last} } @ids;
    push @missed, $what unless judge($moved, $outputs);
}
is "@missed", '', 'and what comes too late';

# A record before its time: the journal is written as soon as a file has its name.
my ($link) = grep { $calls->[$_]{name} eq 'linkat' && $calls->[$_]{result} == 0
    && $calls->[$_]{path} =~ m{^\Q$cwd\E/out/} } 0 .. $#$calls;
my ($journal) = grep { /journal\.sqlite-wal/ } sort keys %syncs;
my $fd = $calls->[$syncs{$journal}[0]]{fd};
my $early = {name => 'write', fd => $fd, result => 1, error => '', bytes => $calls->[$link]{path},
    start => $calls->[$link]{end}, end => $calls->[$link]{end}};
my @hasty = (@$calls[0 .. $link], $early, @$calls[$link + 1 .. $#$calls]);
cmp_ok scalar(grep { /is recorded, and the name/ } judge(\@hasty, $outputs)), '>=', 1, 'and a hasty record';
done_testing();
