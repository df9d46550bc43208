# SPDX-License-Identifier: MIT
# Measure.pm -- run a job and say what it took: wall time, CPU, and on request its peak memory.
#
# A job is {items => [...], at_once => N, env => {...}}. An item is a list of commands (each a
# list: program by full path, arguments) that run one after another; so many items run at once.
# What is not measured is everything around: no shell, no pipe; standard output is thrown away.
#
# Each job has a keeper: a child of ours that forks the commands. It is a *subreaper*: processes
# whose parent has died (a renderer that ends after its supervisor) fall to it, so their CPU is
# counted too. Wall time ends with the last command, since then the files are there; the keeper
# stays until the last of the tree is gone. Each command costs a fork of Perl, about a
# millisecond, which is the same for everybody.
#
# Memory is the largest sum of PSS over the tree: what processes share counts once. It is sampled
# every few milliseconds, which disturbs: so never in a run whose time counts. Where PSS cannot be
# read (a process that is not dumpable, and we are not root) that process's resident size counts.
package Measure;
use strict;
use warnings;
use Exporter qw(import);
use File::Temp qw(tempfile);
use JSON::PP;
use POSIX qw(uname _exit WNOHANG);
use Time::HiRes qw(time alarm sleep);

our @EXPORT_OK = qw(measure cpu end_on_signals);

use constant {SAMPLE_EVERY => 0.004, STAY_AT_MOST => 20, PR_SET_CHILD_SUBREAPER => 36,
    RUSAGE_CHILDREN => -1, END_WITHIN => 2};
# Core Perl knows neither call; two numbers an architecture.
my %numbers = (x86_64 => [157, 98], aarch64 => [167, 165], riscv64 => [167, 165]);
my ($prctl, $getrusage) = @{$numbers{(uname())[4]} // die "bench: unknown architecture\n"};

# measure(JOB, memory => 1): {wall, user, system (seconds), largest (bytes of the largest
# process), memory (bytes; when asked for), exit (0 is good), error (the first line of stderr)}.
sub measure {
    my ($job, %ask) = @_;
    my ($errors, $errors_path) = tempfile(UNLINK => 1);
    pipe(my $from, my $to) or die "bench: pipe: $!\n";
    my $pid = fork // die "bench: fork: $!\n";
    if ($pid == 0) {
        close $from;
        my $taken = eval { keep($job, $errors) } // {exit => 1, error => $@};
        syswrite $to, encode_json($taken);
        _exit(0);
    }
    close $to;
    my $memory = $ask{memory} ? watch($pid, $from) : undef;
    my $json = do { local $/; <$from> };
    waitpid $pid, 0;
    my $taken = decode_json($json || '{"exit":1,"error":"the keeper of the measured job died"}');
    $taken->{memory} = $memory if defined $memory;
    $taken->{error} //= first_line($errors_path) if $taken->{exit} != 0;
    close $errors;
    unlink $errors_path;
    return $taken;
}

# CPU of what measure() returned, in seconds.
sub cpu {
    my ($taken) = @_;
    return $taken->{user} + $taken->{system};
}

sub first_line {
    my ($path) = @_;
    open my $file, '<', $path or return $!;
    while (my $line = <$file>) {
        chomp $line;
        return $line =~ s/[^[:print:]]/?/gr if $line =~ /\S/;
    }
    return 'it said nothing';
}

# ---- interrupted -------------------------------------------------------------------------------

# From here on INT, TERM and HUP end all that we have started, and then us in the ordinary way, so
# temporary files go too. What is ignored (nohup) stays so.
sub end_on_signals {
    my $self = $$;
    my %numbers = (HUP => 1, INT => 2, TERM => 15);
    become_subreaper(); # what a child leaves behind is ours to end
    for my $name (grep { ($SIG{$_} // '') ne 'IGNORE' } keys %numbers) {
        $SIG{$name} = sub {
            _exit(128 + $numbers{$name}) if $$ != $self; # a child that has not called exec
            @SIG{keys %numbers} = ('IGNORE') x keys %numbers;
            end_children();
            exit 128 + $numbers{$name};
        };
    }
}

# Asked first, so that they tidy up.
sub end_children {
    my $until = time + END_WITHIN;
    while (my @left = below($$)) {
        kill time < $until ? 'TERM' : 'KILL', @left;
        sleep 0.01;
        1 while waitpid(-1, WNOHANG) > 0;
        last if time > $until + END_WITHIN;
    }
}

sub become_subreaper {
    syscall($prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 or die "prctl: $!\n";
}

# ---- the keeper --------------------------------------------------------------------------------

sub keep {
    my ($job, $errors) = @_;
    become_subreaper();
    open STDIN, '<', '/dev/null';
    open STDOUT, '>', '/dev/null';
    open STDERR, '>&', $errors;
    local @ENV{keys %{$job->{env} // {}}} = values %{$job->{env} // {}};
    my $start = time;
    my $exit = run_items(@$job{qw(items at_once)});
    my $wall = time - $start;
    my $error = reap_rest() ? undef : 'it leaves processes that do not end';
    return {wall => $wall, exit => defined $error ? 1 : $exit, error => $error, usage()};
}

# The first exit status that is not 0, or 0; a command that fails ends its item.
sub run_items {
    my ($items, $at_once) = @_;
    my @waiting = map { [@$_] } @$items;
    my (%running, $worst);
    while (@waiting || %running) {
        while (@waiting && keys %running < ($at_once // 1)) {
            my $item = shift @waiting;
            $running{start(shift @$item)} = $item;
        }
        my $pid = waitpid -1, 0;
        my $item = delete $running{$pid} // next; # else an orphan that fell to us
        $worst ||= $?;
        $running{start(shift @$item)} = $item if $? == 0 && @$item;
    }
    return $worst;
}

sub start {
    my ($command) = @_;
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;
    no warnings 'exec'; # said below
    exec { $command->[0] } @$command or do {
        print STDERR "$command->[0]: $!\n";
        _exit(127);
    };
}

sub reap_rest {
    my $until = time + STAY_AT_MOST;
    while ((my $pid = waitpid -1, WNOHANG) >= 0) {
        return 0 if time > $until;
        sleep 0.001 if $pid == 0;
    }
    return 1;
}

# Of all children that were waited for, and theirs: two timevals, then the largest resident size
# of one process in kB, then thirteen that we do not need.
sub usage {
    my $usage = pack 'l![18]', (0) x 18;
    syscall($getrusage, RUSAGE_CHILDREN, $usage) == 0 or die "getrusage: $!\n";
    my ($user, $user_us, $system, $system_us, $largest) = unpack 'l![5]', $usage;
    return (user => $user + $user_us / 1e6, system => $system + $system_us / 1e6,
        largest => $largest * 1024);
}

# ---- memory ------------------------------------------------------------------------------------

# Sample the tree below the keeper until it has something to say; the peak in bytes.
sub watch {
    my ($keeper, $from) = @_;
    my $peak = 0;
    my $bits = '';
    vec($bits, fileno $from, 1) = 1;
    while (!select(my $ready = $bits, undef, undef, SAMPLE_EVERY)) {
        my $sum = 0;
        $sum += memory_of($_) for below($keeper);
        $peak = $sum if $sum > $peak;
    }
    return $peak;
}

sub below { # its children, their children, ...
    my ($pid) = @_;
    my @children;
    for my $path (glob "/proc/$pid/task/*/children") {
        open my $file, '<', $path or next;
        push @children, split ' ', <$file> // '';
    }
    return map { ($_, below($_)) } @children;
}

sub memory_of {
    my ($pid) = @_;
    if (open my $file, '<', "/proc/$pid/smaps_rollup") {
        while (my $line = <$file>) { return $1 * 1024 if $line =~ /^Pss:\s+(\d+)/; }
    }
    open my $file, '<', "/proc/$pid/statm" or return 0; # gone, or not to be read
    my (undef, $pages) = split ' ', <$file> // '0 0';
    return $pages * POSIX::sysconf(POSIX::_SC_PAGESIZE());
}

1;
