#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# faults.t -- each system call of a batch made to fail, and to be its last, at its k-th call for
# k = 1, 2, ... until it no longer happens; after each, the same command reaches the end of a run
# that nothing befell.
#
# fault.c does it. Two scenes: three uploads into nothing; and, with names = source, an upload
# that changed and one that is gone, with --prune. STEP=1 takes every k, which is an hour; without,
# a part of them is taken, from another start for each kind. CALLS and KINDS are lists of what to
# try.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Path qw(remove_tree);
use Proof;
use Test::More;

# Calls of which there are many.
my %often = map { $_ => 1 } qw(openat close write pwrite pread);
my @calls = split ' ', $ENV{CALLS} // 'openat write pwrite fsync fdatasync linkat renameat close'
    . ' unlinkat mkdirat ftruncate pread';
my @kinds = split ' ', $ENV{KINDS} // 'EIO ENOSPC EINTR short kill after late-EIO ENOSPC+ EROFS+';
# What these calls say where nothing works any more.
my %exits = map { $_ => 1 } 0, 1, 66, 71, 73, 74, 75;
my ($n_hit, %codes) = (0);

fresh('in');
upload('in/a/first.jpg', '--size', '120x90', '--gps');
upload('in/a/b/second.png', '--size', '64x64');
spill('in/notes.txt', "no picture\n");
upload('in/third.jpg', '--size', '90x120');

sub batch {
    my ($environment, @options) = @_;
    return run($environment, "$build/storyphoto", 'batch', 'in', 'out', '--state', 'state',
        '--json', '--jobs', '1', @options);
}

# A scene: what stands there before the run, the options, and what the end is.
sub scene {
    my ($name, $before, @options) = @_;
    my %scene = (name => $name, before => $before, options => \@options);
    $before->();
    my ($code, $out, $err) = batch({}, @options);
    is $code, $name eq 'new' ? 1 : 0, "$name: the undisturbed run" or diag $err;
    $scene{files} = files('out');
    is scalar(keys %{$scene{files}}), 6, "$name: what it publishes";
    return \%scene;
}

# What is wrong with a run that a fault met, and the one after it; '' if nothing is.
sub verdict {
    my ($scene, $fault) = @_;
    my @kind = split /:/, $fault;
    $scene->{before}();
    my ($code, $out, $err) = batch({LD_PRELOAD => "$build/tests/extra/fault.so", FAULT => $fault,
        FAULT_LOG => 'hit'}, @{$scene->{options}});
    my $is_hit = -s 'hit';
    unlink 'hit';
    return undef unless $is_hit;
    $codes{$code}++;
    my $is_killed = $kind[1] eq 'kill' || $kind[1] eq 'after';
    return "exit code $code: $err" unless $is_killed ? $code == 137 || $exits{$code} : $exits{$code};
    return "no message with $code" if $code > 1 && $code != 137 && $err eq '' && $kind[0] ne 'write';
    return "a hidden file: " . hidden('out') if $code != 137 && hidden('out') ne '';
    my $records = records('state');
    my @refused = grep { $records->{$_}{outcome} == 1 && $_ ne 'notes.txt' } keys %$records;
    return "blamed: @refused" if @refused;
    # A changed upload whose files bear its name replaces them before its record.
    delete $records->{'a/first.jpg'} if $scene->{name} eq 'changed';
    my @without = without_files(files('out'), $records);
    return "recorded without files: @without ($code, $err)" if @without;
    my ($again, $out_again, $err_again) = batch({}, @{$scene->{options}});
    return "again: $again: $err_again" unless $again <= 1;
    my $difference = difference($scene->{files}, files('out'));
    return "again: $difference" if $difference ne '';
    return "again: a hidden file: " . hidden('out') if hidden('out') ne '';
    my ($third, $out_third) = batch({}, @{$scene->{options}});
    my $due = end_of($out_third)->{published} // 'nothing told';
    return "a third time: $third, published $due" if $third != 0 || $due ne '0';
    return '';
}

sub try_all {
    my ($scene, $call, $kind) = @_;
    my $step = $ENV{STEP} // ($often{$call} ? 29 : 4);
    my ($k, $n) = (1 + length($kind) % $step, 0);
    my @bad;
    for (;; $k += $step) {
        my $verdict = verdict($scene, "$call:$kind:$k");
        last unless defined $verdict;
        $n++;
        push @bad, "k=$k: $verdict" if $verdict ne '';
    }
    $n_hit += $n;
    my $name = "$scene->{name}: $call, $kind: $n times";
    ok !@bad, $name;
    diag map { "$_\n" } @bad[0 .. ($#bad > 4 ? 4 : $#bad)] if @bad;
    diag '... and ', @bad - 5, ' more' if @bad > 5;
}

sub try_calls {
    my ($scene) = @_;
    for my $call (@calls) {
        for my $kind (@kinds) {
            next if $kind eq 'short' && $call !~ /write/;
            try_all($scene, $call, $kind);
        }
    }
}

try_calls(scene('new', sub { fresh('out'); remove_tree('state') }));

# Marks are of the inputs' inodes: these stay, and only what is made of them is copied.
my @source = ('--set', 'preset.names=source', '--prune');
upload('in/gone.jpg', '--size', '80x60');
fresh('out');
remove_tree('state');
my ($code, $out, $err) = batch({}, @source);
is $code, 1, 'changed: what was before' or diag $err;
copy_to('out', 'out.before');
copy_to('state', 'state.before');
unlink 'in/gone.jpg';
upload('in/a/first.jpg', '--size', '130x90', '--gps');
try_calls(scene('changed', sub {
    copy_to('out.before', 'out');
    copy_to('state.before', 'state');
}, @source));

cmp_ok $n_hit, '>=', 50, "$n_hit calls were hit";
diag "$n_hit calls were hit; exit codes: ", join ', ', map { "$_: $codes{$_} times" } sort keys %codes;
done_testing();
