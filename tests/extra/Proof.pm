# SPDX-License-Identifier: MIT
# Proof.pm -- what the proofs about `storyphoto batch` share: uploads, runs, what is published,
# and what the journal says of it.
#
# The journal is read by the sqlite3 program, not by ours, and from a copy of the state: to open
# it would recover it, and the next run is to do that.
package Proof;
use strict;
use warnings;
use Cwd qw(abs_path);
use Digest::SHA;
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Find qw(find);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use JSON::PP;

our @EXPORT = qw($build $bulk slurp spill upload fresh copy_to files difference run end_of records
    unrecorded without_files hidden photos);

my $root = abs_path(dirname(__FILE__) . '/../..');
our $build = $ENV{BUILD} // 'build';
$build = "$root/$build" unless $build =~ m{^/};
our $bulk = "$build/storyphoto-bulk"; # what `storyphoto batch` becomes

# Beside the build: a disk, where /tmp may be memory.
make_path("$build/extra");
my $scratch = tempdir("$build/extra/proof.XXXXXX", CLEANUP => 1);
chdir $scratch or die "$scratch: $!";
END { chdir '/' }
$SIG{$_} = sub { exit 1 } for qw(INT TERM HUP);
$ENV{XDG_STATE_HOME} = "$scratch/home";
$ENV{LC_ALL} = 'C.UTF-8';
# A preloaded library stands before AddressSanitizer's.
$ENV{ASAN_OPTIONS} = join ':', $ENV{ASAN_OPTIONS} // (), 'verify_asan_link_order=0';

sub slurp {
    my ($path) = @_;
    open my $in, '<:raw', $path or return '';
    local $/;
    return scalar(<$in>) // '';
}

sub spill {
    my ($path, $bytes) = @_;
    make_path(dirname($path));
    open my $out, '>:raw', $path or die "$path: $!";
    print $out $bytes;
    close $out or die "$path: $!";
}

# upload FILE, OPTION...: draw a sample photo.
sub upload {
    my ($file, @options) = @_;
    make_path(dirname($file));
    my $tool = $file =~ /\.jpg$/ ? 'make-upload' : 'make-picture';
    system("$build/tests/$tool", @options, $file) == 0 or die "cannot make '$file'";
}

# photos FOLDER, N: N uploads, small to medium, in some folders; every tenth is refused.
sub photos {
    my ($folder, $n) = @_;
    my @below = ('', '2019/', '2019/summer/', '2020/');
    for my $i (0 .. $n - 1) {
        my $path = "$folder/$below[$i % @below]" . sprintf '%03d', $i;
        if ($i % 20 == 7) {
            spill("$path.txt", "no picture, number $i\n");
            next;
        }
        my $width = 40 + ($i * 157) % 1000;
        upload("$path." . ($i % 8 == 3 ? 'png' : 'jpg'),
            '--size', $width . 'x' . int($width * 3 / 4 + 1), $i % 3 ? () : '--gps');
        next if $i % 20 != 17;
        my $bytes = slurp("$path.jpg"); # cut: a part of it was sent
        spill("$path.jpg", substr $bytes, 0, length($bytes) / 3);
    }
}

# Empty folders of these names.
sub fresh {
    for my $folder (@_) {
        remove_tree($folder);
        make_path($folder);
    }
}

sub copy_to {
    my ($from, $to) = @_;
    remove_tree($to);
    system('cp', '-a', $from, $to) == 0 or die "cannot copy '$from'";
}

# All files of a folder: its path below, and what its bytes come to.
sub files {
    my ($folder) = @_;
    my %files;
    find({no_chdir => 1, wanted => sub {
        return unless -f $_ && !-l $_;
        my $path = substr $_, length($folder) + 1;
        $files{$path} = Digest::SHA->new(256)->addfile($_, 'b')->hexdigest;
    }}, $folder);
    return \%files;
}

# Words for how two such lists differ; '' where they do not.
sub difference {
    my ($want, $got) = @_;
    my @words;
    push @words, "missing $_" for grep { !exists $got->{$_} } sort keys %$want;
    push @words, "too many: $_" for grep { !exists $want->{$_} } sort keys %$got;
    push @words, "other bytes: $_"
        for grep { exists $got->{$_} && $got->{$_} ne $want->{$_} } sort keys %$want;
    return join ', ', @words > 8 ? (@words[0 .. 7], '...') : @words;
}

# Whatever has no business in a published folder: names that begin with a dot.
sub hidden {
    my ($folder) = @_;
    my @found;
    find({no_chdir => 1, wanted => sub { push @found, $_ if m{/\.[^/]*$} }}, $folder);
    return join ' ', @found;
}

# run {name => value of the environment}, COMMAND...: exit code (128 + N by signal N), standard
# output, standard error.
sub run {
    my ($environment, @command) = @_;
    my $pid = fork // die "fork: $!";
    if ($pid == 0) {
        $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP);
        $ENV{$_} = $environment->{$_} for keys %$environment;
        open STDOUT, '>', 'run.out' or die;
        open STDERR, '>', 'run.err' or die;
        open STDIN, '<', '/dev/null' or die;
        exec @command or die "$command[0]: $!";
    }
    waitpid $pid, 0;
    my $code = $? & 127 ? 128 + ($? & 127) : $? >> 8;
    return ($code, slurp('run.out'), slurp('run.err'));
}

# The last event of a run with --json.
sub end_of {
    my ($out) = @_;
    my ($line) = grep { /"event" ?: ?"end"/ } reverse split /\n/, $out;
    return defined $line ? JSON::PP->new->decode($line) : {};
}

# What the journal of a state holds: {input's path => {outcome => 0 (published), 1 (refused) or
# 2 (failed), files => {path => SHA-256}}}. Empty where there is no journal yet.
sub records {
    my ($state) = @_;
    return {} unless -s "$state/journal.sqlite";
    copy_to($state, 'state.copy');
    my $sql = 'SELECT CAST(i.path AS TEXT), i.outcome, coalesce(CAST(f.path AS TEXT), ""), '
        . 'coalesce(lower(hex(f.sha256)), "") FROM input i LEFT JOIN made m ON m.input = i.id '
        . 'LEFT JOIN file f ON f.id = m.file';
    open my $in, '-|', "sqlite3 -tabs state.copy/journal.sqlite '$sql' 2>sqlite.err"
        or die "sqlite3: $!";
    my %records;
    while (my $line = <$in>) {
        chomp $line;
        my ($path, $outcome, $file, $sum) = split /\t/, $line, -1;
        $records{$path}{outcome} = $outcome;
        $records{$path}{files}{$file} = $sum if $file ne '';
    }
    # A run that was killed early has made no table yet.
    close $in or slurp('sqlite.err') =~ /no such table/
        or die "sqlite3 cannot read the journal of '$state': " . slurp('sqlite.err');
    return \%records;
}

# Files that no record has.
sub unrecorded {
    my ($files, $records) = @_;
    my %known = map { $_ => 1 } map { keys %{$_->{files} // {}} } values %$records;
    return grep { !$known{$_} } sort keys %$files;
}

# Records whose files are not there, or have other bytes.
sub without_files {
    my ($files, $records) = @_;
    return grep {
        my $own = $records->{$_}{files} // {};
        grep { ($files->{$_} // '') ne $own->{$_} } keys %$own;
    } sort keys %$records;
}

1;
