# SPDX-License-Identifier: MIT
# Command.pm -- what the command lines of `make bench` and `make quality` have in common.
package Command;
use strict;
use warnings;
use Exporter qw(import);
use File::Basename qw(basename dirname);
use File::Temp qw(tempfile);
use POSIX qw(uname);
use Photos qw(slurp);

our @EXPORT_OK = qw(check_writable keep_file machine progress read_options usage);

my $program = basename($0, '.pl') =~ s/^compare\z/bench/r;

sub usage { # it ends here
    print STDERR "$program: @_\n";
    exit 64;
}

# read_options(KNOWN, LISTS, WORDS): the options (--NAME VALUE, KNOWN says what each is) and what
# is left of the words; `--` ends options. Of those in LISTS the value is a list: all words until
# the next that begins with --.
sub read_options {
    my ($known, $lists, @words) = @_;
    my %is_list = map { $_ => 1 } @$lists;
    my %options;
    while (@words && $words[0] =~ /^--(.*)/) {
        my $name = $1;
        shift @words;
        last if $name eq '';
        my @all = map { "\n  --$_ $known->{$_}" } sort keys %$known;
        usage("unknown option --$name; known are:", @all) if !defined $known->{$name};
        if (!$is_list{$name}) {
            $options{$name} = shift @words // usage("--$name needs a value");
            next;
        }
        push @{$options{$name}}, shift @words while @words && $words[0] !~ /^--/;
        usage("--$name needs a value") if !defined $options{$name};
    }
    return (\%options, @words);
}

# Whether a file can be written is asked before minutes are spent on what shall stand there.
sub check_writable {
    for my $path (grep { defined } @_) {
        my $why = why_not_written($path) // next;
        usage("cannot write '$path': $why");
    }
}

sub why_not_written {
    my ($path) = @_;
    return 'it is a folder' if -d $path;
    if (-e _) { # a file is tried; what else there is (/dev/stdout) will show
        return if !-f _ || open my $file, '>>', $path;
        return $!;
    }
    my $folder = dirname($path);
    return "there is no folder '$folder'" if !-d $folder;
    return if eval { unlink((tempfile('.bench-XXXXXX', DIR => $folder))[1]) };
    return "nothing can be written in '$folder'";
}

sub keep_file {
    my ($path, $text) = @_;
    open my $file, '>', $path or die "cannot write '$path': $!\n";
    print $file $text;
    close $file or die "cannot write '$path': $!\n";
}

sub progress {
    my ($text) = @_;
    printf STDERR "\r%-70s\r", $text if -t STDERR;
}

sub machine {
    my ($version, $cores) = @_;
    my ($model) = slurp('/proc/cpuinfo') =~ /^(?:model name|Hardware)\s*:\s*(.+)/m;
    return {storyphoto => $version, cores => $cores, cpu => $model // 'cores',
        kernel => (uname())[2], architecture => (uname())[4]};
}

1;
