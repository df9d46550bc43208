# SPDX-License-Identifier: MIT
# Trace.pm -- the system calls of a run, from strace, as a list in the order in which they came
# back.
#
# Only calls of the traced process itself are in it: threads are told from children by the flags
# of clone. Each call is {name, start, end (lines of the trace), fd, object...}; see parse().
package Trace;
use strict;
use warnings;
use Exporter qw(import);

our @EXPORT = qw(traced read_trace);

my @names = qw(openat open write pwrite64 writev pwritev fsync fdatasync linkat link rename
    renameat renameat2 unlinkat unlink mkdirat mkdir close dup dup2 dup3 fcntl ftruncate clone
    clone3 fork vfork execve chdir);

# The command in front of a command: its trace goes to file.
sub traced {
    my ($file) = @_;
    # -s: a page of the journal is seen as a whole.
    return ('strace', '-f', '-y', '-s', 70000, '-o', $file, '-e', 'signal=none',
        '-e', 'trace=' . join(',', @names));
}

# Calls that were interrupted by those of other threads are put together. A close is over where it
# begins: the kernel gives its number to the next who opens before it returns, if it is a long one.
sub join_lines {
    my ($file) = @_;
    open my $in, '<:raw', $file or die "$file: $!";
    my (@lines, %open);
    while (my $line = <$in>) {
        chomp $line;
        my ($pid, $text) = $line =~ /^(\d+) +(.*)$/s or next;
        my $is_unfinished = $text =~ s/ ?<unfinished \.\.\.>$//;
        if ($is_unfinished && $text =~ /^close\(/) {
            push @lines, {pid => $pid, start => $., end => $., text => "$text) = 0"};
        } elsif ($is_unfinished) {
            $open{$pid} = [$., $text];
        } elsif ($text =~ /^<\.\.\. \w+ resumed>(.*)$/s) {
            my $begun = delete $open{$pid} or next;
            push @lines, {pid => $pid, start => $begun->[0], end => $., text => $begun->[1] . $1};
        } else {
            push @lines, {pid => $pid, start => $., end => $., text => $text};
        }
    }
    return @lines;
}

# The threads of the process that the trace begins with.
sub threads_of {
    my @lines = @_;
    my %threads = ($lines[0]{pid} => 1);
    for my $line (@lines) {
        $threads{$1} = 1 if $threads{$line->{pid}} && $line->{text} =~ /^clone3?\(.*CLONE_THREAD.* = (\d+)/;
    }
    return \%threads;
}

my $at = qr/(?:AT_FDCWD|\d+)(?:<((?:[^>\\]|\\.)*)>)?/;
my $text = qr/"((?:[^"\\]|\\.)*)"/;

sub absolute {
    my ($folder, $path) = @_;
    $path = "$folder/$path" unless $path =~ m{^/};
    $path =~ s{/\./}{/}g;
    $path =~ s{/\.$}{};
    return $path;
}

# What a call is about: name, result, error, and
#   openat      path, fd, flags          write       fd, bytes (as strace escapes them)
#   fsync       fd                       linkat      from (a path, or fd), path
#   renameat    from, path               unlinkat, mkdirat   path
#   close       fd                       dup         fd, to
sub parse {
    my ($line, $cwd) = @_;
    my ($name, $given, $result, $rest) = $line->{text} =~ /^(\w+)\((.*)\)\s+= (-?\d+)(.*)$/s
        or return;
    my %call = (start => $line->{start}, end => $line->{end}, result => $result,
        error => $rest =~ /^ (E\w+)/ ? $1 : '');
    if ($name =~ /^open(at)?$/) {
        my ($folder, $path, $flags) = $given =~ /^(?:$at, )?$text, ([\w|]+)/ or return;
        return {%call, name => 'openat', path => absolute($folder // $cwd, $path), fd => $result,
            flags => $flags};
    }
    if ($name =~ /^p?write(v|64)?$/) {
        my ($fd, $bytes) = $given =~ /^(\d+)(?:<(?:[^>\\]|\\.)*>)?, (.*)$/s or return;
        return {%call, name => 'write', fd => $fd, bytes => $bytes};
    }
    return {%call, name => 'fsync', fd => $1} if $name =~ /^f(data)?sync$/ && $given =~ /^(\d+)/;
    return {%call, name => 'write', fd => $1, bytes => ''} if $name eq 'ftruncate' && $given =~ /^(\d+)/;
    return {%call, name => 'close', fd => $1} if $name eq 'close' && $given =~ /^(\d+)/;
    return {%call, name => 'dup', fd => $1, to => $result}
        if $name =~ /^dup/ && $given =~ /^(\d+)/ || $given =~ /^(\d+)\S*, F_DUPFD/;
    if ($name eq 'linkat' || $name =~ /^renameat2?$/) {
        my ($folder, $from, $to, $path) = $given =~ /^$at, $text, $at, $text/ or return;
        my %from = $from =~ m{^/proc/self/fd/(\d+)$} ? (fd => $1)
            : $from eq '' && $given =~ /^(\d+)/ ? (fd => $1) : (from => absolute($folder // $cwd, $from));
        return {%call, name => $name eq 'linkat' ? 'linkat' : 'renameat', %from,
            path => absolute($to // $cwd, $path)};
    }
    if (my ($verb) = $name =~ /^(unlink|mkdir)(?:at)?$/) {
        my ($folder, $path) = $given =~ /^(?:$at, )?$text/ or return;
        return {%call, name => "${verb}at", path => absolute($folder // $cwd, $path)};
    }
    return;
}

# The calls of the process in file. Relative paths of calls that take no folder are below cwd.
sub read_trace {
    my ($file, $cwd) = @_;
    my @lines = join_lines($file);
    my $threads = threads_of(@lines);
    my @calls;
    for my $line (grep { $threads->{$_->{pid}} } @lines) {
        my $call = parse($line, $cwd) or next;
        push @calls, $call;
    }
    return \@calls;
}

1;
