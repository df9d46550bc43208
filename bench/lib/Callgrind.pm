# SPDX-License-Identifier: MIT
# Callgrind.pm -- count a program's instructions, and say which function spent them.
#
# A callgrind.out file names each object and function once, as "(7) name", and then by its number.
# Lines that begin with a position carry a cost; the one behind calls= is the callee's.
package Callgrind;
use strict;
use warnings;
use POSIX ();

# Run a command under callgrind, which counts from where the program asks for it; errors go to the
# file FILE.err. Returns what it wrote on standard output, or dies with what it complained of.
sub run {
    my ($file, @command) = @_;
    my $pid = open(my $from, '-|') // die "fork: $!\n";
    if ($pid == 0) {
        open STDERR, '>', "$file.err";
        no warnings 'exec';
        exec 'valgrind', '-q', '--tool=callgrind', '--instr-atstart=no',
            "--callgrind-out-file=$file", @command;
        print STDERR "valgrind: $!\n";
        POSIX::_exit(127);
    }
    my $said = do { local $/; <$from> } // '';
    return $said if close $from;
    open my $errors, '<', "$file.err";
    die "cannot count '@command': " . (do { local $/; <$errors> } || "it says nothing\n");
}

# {total => N, libraries => {"libjpeg.so.62.3.0" => N}, own => {"sp_inside" => N},
# foreign => {...}}: of all, of each library, of each function of the object that is called
# PROGRAM, of each function of a library. A function without a symbol is called by its place there.
sub costs {
    my ($path, $program) = @_;
    open my $file, '<', $path or die "cannot read '$path': $!\n";
    my (%names, $object, $function, $is_call);
    my %costs = (total => 0, libraries => {}, own => {}, foreign => {});
    while (my $line = <$file>) {
        if ($line =~ /^c?(ob|fn)=\((\d+)\)(?: (.+))?/) {
            $names{"$1$2"} = $3 if defined $3;
            my $name = $names{"$1$2"};
            if ($line =~ /^ob/) { $object = $name =~ s{.*/}{}r }
            elsif ($line =~ /^fn/) { $function = $name =~ /^0x0*(.*)/ ? "$object+$1" : $name }
        } elsif ($line =~ /^calls=/) {
            $is_call = 1;
        } elsif ($line =~ /^[-+*\d]\S* (\d+)/) {
            if (!$is_call) {
                $costs{total} += $1;
                $costs{libraries}{$object} += $1 if $object ne $program;
                $costs{$object eq $program ? 'own' : 'foreign'}{$function} += $1;
            }
            $is_call = 0;
        }
    }
    return \%costs;
}

1;
