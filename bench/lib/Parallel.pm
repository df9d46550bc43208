# SPDX-License-Identifier: MIT
# Parallel.pm -- the same work on many things, on several cores; for where no time is measured.
package Parallel;
use strict;
use warnings;
use Exporter qw(import);
use JSON::PP;
use POSIX qw(_exit);

our @EXPORT_OK = qw(in_parallel);

# in_parallel(N, DIR, WORK, DONE, ITEMS): calls WORK(item) in a process of its own, N at once, and
# DONE(number, what it returned) here. That goes through a file in DIR, as JSON. A work that dies
# ends all, once those that run have ended.
sub in_parallel {
    my ($n, $dir, $work, $done, @items) = @_;
    my (%running, $error);
    my $next = 0;
    while (%running || ($next < @items && !defined $error)) {
        if ($next < @items && keys %running < $n && !defined $error) {
            $running{start($work, $items[$next], "$dir/$next.json")} = $next;
            $next++;
            next;
        }
        my $number = delete $running{waitpid -1, 0} // next;
        my $said = take("$dir/$number.json");
        $error //= $said->{error};
        $done->($number, $said->{value}) if !defined $error;
    }
    die $error if defined $error;
}

sub start {
    my ($work, $item, $path) = @_;
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;
    my %said;
    $said{value} = eval { $work->($item) };
    $said{error} = $@ if $@ ne '';
    open my $file, '>', $path or _exit(1);
    print $file encode_json(\%said);
    close $file;
    _exit(0);
}

sub take {
    my ($path) = @_;
    open my $file, '<', $path or return {error => "a process of the bench died\n"};
    my $text = do { local $/; <$file> };
    close $file;
    unlink $path;
    return eval { decode_json($text) } // {error => "a process of the bench died\n"};
}

1;
