#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# killed.t -- `storyphoto batch` killed by SIGKILL, again and again, at random times; then it is
# let come to its end, which must be that of a run that nothing befell.
#
# A chain is up to KILLS kills of one batch and a last, undisturbed run. After each kill: nothing
# temporary is left, every record has its files with the bytes that it says, and no process
# stays. Counted are kills with work in flight (a renderer was at work, or files had no record
# yet, and uploads were left), those between a set's first name and its record, and those between
# the names of a set.
#
# ROUNDS=500 kills (default 40), SEED=N to repeat a run.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Path qw(remove_tree);
use POSIX qw(WNOHANG);
use Proof;
use Test::More;
use Time::HiRes qw(sleep time);

use constant {PHOTOS => 40, KILLS => 6};
my $rounds = $ENV{ROUNDS} // 40;
my $seed = $ENV{SEED} // int(time) % 100000;
srand $seed;
my %n = map { $_ => 0 } qw(kills chains flight between half early group);

photos('in', PHOTOS);

# Ways to run it, by turns.
my @ways = map { {name => $_->[0], options => $_->[1]} } (
    ['two jobs', ['--jobs', '2']],
    ['one job', ['--jobs', '1']],
    ['durability each', ['--jobs', '2', '--durability', 'each']],
    ['names at random', ['--jobs', '2', '--set', 'preset.names=random']],
    ['no durability', ['--jobs', '2', '--durability', 'none']],
    ['names of the source, flat', ['--jobs', '2', '--set', 'preset.names=source', '--flat']],
);

sub command { return ("$build/storyphoto", 'batch', 'in', 'out', '--state', 'state', @_) }

# What a run comes to that nothing befalls, and how long it takes.
sub prepare {
    my ($way) = @_;
    fresh('out');
    remove_tree('state');
    my $start = time;
    my ($code, $out, $err) = run({}, command(@{$way->{options}}));
    $way->{seconds} = time - $start;
    is $code, 1, "$way->{name}: the undisturbed run" or diag $err;
    $way->{files} = files('out');
    $way->{records} = records('state');
    $way->{key} = slurp('state/naming-key');
    is scalar(keys %{$way->{records}}), PHOTOS, "$way->{name}: a record each";
}

# Nothing stands there. Random names are by the state's key, so they are the same with the same.
sub begin {
    my ($way) = @_;
    fresh('out');
    remove_tree('state');
    return unless $way->{name} =~ /random/;
    mkdir 'state', 0700;
    spill('state/naming-key', $way->{key});
    chmod 0600, 'state/naming-key';
}

# The processes below one: servers, and what these forked.
sub family {
    my ($pid) = @_;
    my @children = map { split ' ', slurp($_) } glob "/proc/$pid/task/*/children";
    return map { ($_, family($_)) } @children;
}

sub runs { slurp("/proc/$_[0]/status") =~ /^State:\s+[^ZX\s]/m }

sub start {
    my ($way) = @_;
    my $pid = fork // die "fork: $!";
    return $pid if $pid;
    setpgrp;
    $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP);
    open STDOUT, '>', 'killed.out' or die;
    open STDERR, '>', 'killed.err' or die;
    exec command(@{$way->{options}}) or die;
}

# One run, killed. FALSE when it was faster.
sub kill_once {
    my ($way, $bad) = @_;
    my $pid = start($way);
    sleep rand(16) < 1 ? rand(0.05) : 0.03 + rand($way->{seconds} * 0.4);
    my @family = family($pid);
    if (waitpid($pid, WNOHANG) == $pid) {
        $n{early}++;
        push @$bad, "exit code " . ($? >> 8) . ': ' . slurp('killed.err') if $? != 0 && $? != 256;
        return 0;
    }
    my $is_group = $n{kills} % 5 == 4;
    kill 'KILL', $is_group ? -$pid : $pid;
    waitpid $pid, 0;
    $n{kills}++;
    $n{group}++ if $is_group;
    my $until = time + 10;
    sleep 0.002 while time < $until && grep { runs($_) } @family;
    push @$bad, 'a process stays' if grep { runs($_) } @family;
    examine($way, scalar(@family), $bad);
    return 1;
}

# What a kill left behind.
sub examine {
    my ($way, $n_family, $bad) = @_;
    my ($files, $records) = (files('out'), records('state'));
    push @$bad, 'hidden: ' . hidden('out') if hidden('out') ne '';
    my @without = without_files($files, $records);
    push @$bad, "recorded without files: @without" if @without;
    my ($between, $half) = (0, 0);
    for my $path (grep { !$records->{$_} } keys %{$way->{records}}) {
        my @set = keys %{$way->{records}{$path}{files} // {}};
        my $there = grep { exists $files->{$_} } @set;
        $between = 1 if $there > 0;
        $half = 1 if $there > 0 && $there < @set;
    }
    my $left = keys(%$records) < PHOTOS;
    $n{between} += $between;
    $n{half} += $half;
    $n{flight}++ if $left && ($n_family >= 2 || $between);
}

sub same_records {
    my ($want, $got) = @_;
    my $word = sub { join ' ', map { my $one = $_[0]{$_}; my $files = $one->{files} // {};
        "$_ $one->{outcome} " . join ',', map { "$_=$files->{$_}" } sort keys %$files } sort keys %{$_[0]} };
    return $word->($want) eq $word->($got);
}

# After the last kill: the end, and that there is nothing left to do.
sub finish {
    my ($way, $bad) = @_;
    my ($code, $out, $err) = run({}, command(@{$way->{options}}));
    push @$bad, "the last run: $code: $err" if $code > 1;
    my $difference = difference($way->{files}, files('out'));
    push @$bad, "the end: $difference" if $difference ne '';
    push @$bad, 'hidden: ' . hidden('out') if hidden('out') ne '';
    push @$bad, 'other records' unless same_records($way->{records}, records('state'));
    ($code, $out) = run({}, command(@{$way->{options}}, '--dry-run', '--json'));
    my $due = end_of($out)->{due} // {};
    my @due = grep { $due->{$_} && $_ !~ /^(refused|done)$/ } sort keys %$due;
    push @$bad, "due after the end: @due" if @due || $code != 0;
}

prepare($_) for @ways;
while ($n{kills} < $rounds) {
    my $way = $ways[$n{chains}++ % @ways];
    my @bad;
    begin($way);
    for (1 .. KILLS) {
        last unless $n{kills} < $rounds && kill_once($way, \@bad);
    }
    finish($way, \@bad);
    ok !@bad, "chain $n{chains}, $way->{name}: after $n{kills} kills";
    diag join "\n", @bad[0 .. ($#bad > 5 ? 5 : $#bad)] if @bad;
}
diag "$n{kills} kills in $n{chains} chains (SEED=$seed), $n{group} of them of the whole group; work in "
    . "flight in $n{flight}, between a set's first name and its record $n{between}, between its names "
    . "$n{half}; $n{early} runs were faster";
cmp_ok $n{flight}, '>=', 0.8 * $rounds, "work was in flight in $n{flight} of $n{kills}";
cmp_ok $n{between}, '>=', 0.1 * $rounds, "$n{between} between a first name and its record";
done_testing();
