# SPDX-License-Identifier: MIT
# PowerCut.pm -- would what a journal says be on the disk, had the power gone at any moment?
#
# From the calls of a run (Trace.pm), without knowing what the program means to do:
#
# - A file's bytes are durable when an fsync of it that began after its last write has returned.
# - A name, of a file or of a folder, is durable when an fsync of its folder that began after the
#   name was made has returned. A name that was met (EEXIST, or a folder that was opened) was
#   made by somebody who may not have synced it: it counts as made at that moment.
# - Where a file gets its name, its bytes must be durable already.
# - Where the journal is written with a page that has an output's name in it, this name, those of
#   all folders above it up to the published one, and the bytes, must be durable. Whether that
#   write is a commit is not asked: a page that holds more than a commit makes this too strict,
#   never too lax.
# - Once a page is written that has a name, that file is synced before the run ends; with
#   "each", before a page with the name of another upload's output is written.
# - What names at random are made from, and the folders of the state, are durable before the
#   first name is given.
#
# Time is the line of the trace: a call happened somewhere between its two lines, so "after" is
# always by the end of one call and the start of another.
package PowerCut;
use strict;
use warnings;
use Exporter qw(import);
use File::Basename qw(basename dirname);

our @EXPORT = qw(broken_promises);

sub complain {
    my ($self, $call, $words) = @_;
    push @{$self->{broken}}, "line $call->{start}: $words";
}

sub name_made {
    my ($self, $path, $object, $call) = @_;
    $self->{names}{$path} = {object => $object, made => $call->{end}};
    $self->{below}{dirname($path)}{$path} = 1;
}

# The bytes of a file that was there before.
sub object_at {
    my ($self, $path) = @_;
    return ($self->{names}{$path} // {})->{object} // {written => 0};
}

sub is_within { return index($_[0], "$_[1]/") == 0 }

# Names whose folder is the one that was synced.
sub folder_synced {
    my ($self, $folder, $call) = @_;
    for my $path (keys %{$self->{below}{$folder} // {}}) {
        my $name = $self->{names}{$path};
        next unless defined $name && $name->{made} < $call->{start};
        $name->{durable} //= $call->{end};
    }
}

sub is_durable {
    my ($self, $path, $call) = @_;
    my $name = $self->{names}{$path};
    return defined $name && defined $name->{durable} && $name->{durable} < $call->{start};
}

sub is_clean {
    my ($object, $call) = @_;
    return defined $object->{clean} && $object->{clean} < $call->{start};
}

my %on = (
    openat => sub {
        my ($self, $call) = @_;
        my ($path, $flags) = @$call{qw(path flags)};
        return if $call->{result} < 0;
        my $is_folder = $flags =~ /O_DIRECTORY/ && $flags !~ /O_TMPFILE/;
        my $object = $flags =~ /O_TMPFILE/ ? {written => 0, clean => undef} : object_at($self, $path);
        $object->{path} = $path;
        $object->{is_folder} = $is_folder;
        $self->{fds}{$call->{fd}} = $object;
        name_made($self, $path, $object, $call)
            if !exists $self->{names}{$path} && $flags !~ /O_TMPFILE/
            && ($flags =~ /O_CREAT/ || ($is_folder && is_within($path, $self->{output})));
    },
    close => sub { delete $_[0]{fds}{$_[1]{fd}} },
    dup => sub {
        my ($self, $call) = @_;
        $self->{fds}{$call->{to}} = $self->{fds}{$call->{fd}} if $call->{to} >= 0;
    },
    write => sub {
        my ($self, $call) = @_;
        my $object = $self->{fds}{$call->{fd}} or return;
        $object->{written} = $call->{end};
        $object->{clean} = undef;
        journal_written($self, $call, $object->{path})
            if ($object->{path} // '') =~ m{/journal\.sqlite[^/]*$};
    },
    fsync => sub {
        my ($self, $call) = @_;
        my $object = $self->{fds}{$call->{fd}} or return;
        return if $call->{result} < 0;
        folder_synced($self, $object->{path}, $call) if $object->{is_folder};
        $object->{clean} = $call->{end} if $object->{written} < $call->{start};
        return unless $object->{path} =~ m{/journal\.sqlite[^/]*$};
        $self->{n_journal_syncs}++;
        delete $self->{unsynced}{$object->{path}};
    },
    linkat => sub {
        my ($self, $call) = @_;
        my $path = $call->{path};
        return if basename($path) eq '.' || $path eq $self->{output}; # a try
        if ($call->{error} eq 'EEXIST' && !exists $self->{names}{$path}) {
            name_made($self, $path, {written => 0}, $call);
        } elsif ($call->{result} == 0) {
            my $object = defined $call->{fd} ? $self->{fds}{$call->{fd}} : object_at($self, $call->{from});
            named($self, $call, $object);
        }
    },
    renameat => sub {
        my ($self, $call) = @_;
        return if $call->{result} < 0;
        my $object = object_at($self, $call->{from});
        named($self, $call, $object);
        delete $self->{names}{$call->{from}};
    },
    mkdirat => sub {
        my ($self, $call) = @_;
        return if $call->{result} < 0 && $call->{error} ne 'EEXIST';
        return if $call->{result} < 0 && !is_within($call->{path}, $self->{output});
        $self->{is_made}{$call->{path}} = 1 if is_within($call->{path}, $self->{state})
            || is_within($self->{state}, $call->{path}) || $call->{path} eq $self->{state};
        name_made($self, $call->{path}, {written => 0}, $call) unless exists $self->{names}{$call->{path}};
    },
    unlinkat => sub {
        my ($self, $call) = @_;
        delete $self->{names}{$call->{path}} if $call->{result} == 0;
    },
);

# A file gets a name in the published folder, or the key one in the state.
sub named {
    my ($self, $call, $object) = @_;
    my $path = $call->{path};
    name_made($self, $path, $object // {written => 0}, $call);
    my $is_key = basename($path) eq 'naming-key';
    return unless $is_key || is_within($path, $self->{output});
    complain($self, $call, "'$path' is named, its bytes are not synced")
        unless defined $object && is_clean($object, $call);
    return if $is_key || $self->{n_named}++;
    for my $made (sort keys %{$self->{is_made}}, grep { m{/naming-key$} } keys %{$self->{names}}) {
        complain($self, $call, "the first name is given, and '$made' is not durable")
            unless is_durable($self, $made, $call);
    }
}

# Names of outputs are plain words that strace does not escape.
sub journal_written {
    my ($self, $call, $journal) = @_;
    $self->{n_journal_writes}++;
    for my $path (grep { !$self->{recorded}{$_} } keys %{$self->{outputs}}) {
        my $word = basename($path);
        next if index($call->{bytes}, $word) < 0;
        $self->{recorded}{$path} = $call->{start};
        recorded($self, $call, $journal, $path);
    }
}

sub recorded {
    my ($self, $call, $journal, $path) = @_;
    my $upload = $self->{outputs}{$path};
    my @others = grep { $_ ne $upload } keys %{$self->{unsynced}{$journal} // {}};
    complain($self, $call, "'$upload' is recorded, and '$others[0]' is not synced yet")
        if $self->{each} && @others;
    $self->{unsynced}{$journal}{$upload} = 1;
    for (my $at = "$self->{output}/$path"; $at ne $self->{output}; $at = dirname($at)) {
        complain($self, $call, "'$path' is recorded, and the name '$at' is not durable")
            unless is_durable($self, $at, $call);
    }
    my $object = object_at($self, "$self->{output}/$path");
    complain($self, $call, "'$path' is recorded, and its bytes are not synced")
        unless is_clean($object, $call);
}

# broken_promises CALLS, output => FOLDER, state => FOLDER, outputs => {path below output => its
# upload}, each => 0 or 1: sentences about what a power cut would have broken; counts in %$ret.
sub broken_promises {
    my ($calls, %asked) = @_;
    my $self = {%asked, broken => [], names => {}, fds => {}, below => {}, recorded => {},
        unsynced => {}, is_made => {}, n_named => 0, n_journal_syncs => 0, n_journal_writes => 0};
    for my $call (@$calls) {
        $on{$call->{name}}->($self, $call);
    }
    my $end = {start => @$calls ? $calls->[-1]{end} + 1 : 0};
    complain($self, $end, "'$_' is never recorded") for grep { !$self->{recorded}{$_} } sort keys %{$asked{outputs}};
    complain($self, $end, "the record of '$_' is never synced") for sort map { keys %$_ } values %{$self->{unsynced}};
    for my $path (grep { m{/journal\.sqlite(-wal)?$} } sort keys %{$self->{names}}) {
        complain($self, $end, "the name '$path' is not durable") unless is_durable($self, $path, $end);
    }
    %{$asked{counts}} = map { $_ => $self->{$_} } qw(n_named n_journal_syncs n_journal_writes)
        if $asked{counts};
    return @{$self->{broken}};
}

1;
