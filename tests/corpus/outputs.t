#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# outputs.t -- of every upload below $CORPUS nothing but the picture is in what is published.
#
# 1. exiftool and exiv2 see the structure of the outputs and nothing else.
# 2. No string of five or more bytes that exiftool reads in an upload (-a -u -ee -n: as it stands
#    there) is in its outputs or its receipt, in UTF-8, Latin-1 or UTF-16. All are searched,
#    numbers too. What is not in the upload in any of these forms either is a word of exiftool's
#    own; such a hit is printed and does not count.
# 3. No 16 bytes, 8 of them distinct, of any carrier of an upload are in its outputs (windows.c).
# 4. The twin of an upload, the same picture without its metadata (twin.c), gives the same bytes.
#    That explains a hit of 2 or 3: what comes out without the carrier does not come from it.
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use Encode;
use File::Temp;
use JSON::PP;

my ($build, $corpus) = @ENV{qw(BUILD CORPUS)};
my $work = File::Temp->newdir;
my $n_tests = 0;
sub result {
    my ($ok, $name) = @_;
    print $ok ? '' : 'not ', 'ok ', ++$n_tests, " - $name\n";
}
sub lines_to {
    my ($name, @lines) = @_;
    open my $file, '>', "$work/$name" or die $!;
    print $file "$_\n" for @lines;
    close $file or die $!;
}
sub bytes_of {
    my ($path) = @_;
    open my $file, '<:raw', $path or die "$path: $!";
    local $/;
    return <$file> // '';
}
sub shown { substr $_[0], length "$corpus/" }

# Receipts of the files of a list, published to a folder; in their order.
sub publish {
    my ($list, $folder) = @_;
    mkdir "$work/$folder";
    open my $receipts, '-|', qq(tr '\\n' '\\0' <"$work/$list" | xargs -0 -n 200 "$build/storyphoto" )
        . qq(process --json -o "$work/$folder" -- 2>/dev/null) or die $!;
    my @receipts = map { JSON::PP->new->decode($_) } <$receipts>;
    return @receipts;
}

my @files = sort split /\n/, qx(find "\$CORPUS" -type f);
lines_to('list', @files);
my @receipts = publish('list', 'out');
result(@files > 0 && @receipts == @files, 'a receipt for each');
exit print "1..$n_tests\n" if @receipts != @files;
my @published = grep { @{ $receipts[$_]{outputs} } } 0 .. $#files;
my %outputs = map { my $i = $_; $i => [map { $_->{path} } @{ $receipts[$i]{outputs} }] } @published;
print '# ', scalar @published, ' of ', scalar @files, " are published\n";

# ---- 1: independent readers --------------------------------------------------------------------
my $structure = qr/^\[(?:System|ExifTool|Composite)\]
    |^\[JFIF\]\s+(?:JFIFVersion|ResolutionUnit|XResolution|YResolution)\s
    |^\[File\]\s+(?:FileType|FileTypeExtension|MIMEType|ImageWidth|ImageHeight|EncodingProcess
        |BitsPerSample|ColorComponents|YCbCrSubSampling)\s
    |^\[RIFF\]\s+(?:VP8Version|ImageWidth|HorizontalScale|ImageHeight|VerticalScale|ImageLength
        |WebP_Flags|AlphaPreprocessing|AlphaFiltering|AlphaCompression)\s|^=/x;
my @seen = grep { !/$structure/ } split /\n/, qx(exiftool -a -u -ee -G1 -s -q -m "$work/out");
print "# exiftool sees: $_\n" for @seen;
result(!@seen, 'exiftool sees the structure and nothing else');
if (qx(exiv2 --version 2>/dev/null) ne '') {
    my @kinds = ('-pa', '-pX', '-pc', '-pC', '-pp'); # all tags, XMP, comment, profile, previews
    my $said = join '', map { qx(find "$work/out" -type f -print0 | xargs -0 -n 100 exiv2 -q $_ 2>/dev/null) } @kinds;
    $said =~ s/^\S+\.(?:jpg|webp)\s*//mg; # the name alone
    $said =~ s/\s+//g;
    print '# exiv2 sees: ', substr($said, 0, 200), "\n" if $said ne '';
    result($said eq '', 'exiv2 sees nothing');
} else {
    print 'ok ', ++$n_tests, " # SKIP exiv2 is not installed\n";
}

# ---- 4: twins, which the rest is measured by ---------------------------------------------------
mkdir "$work/twins";
my @with_twin = grep { system("$build/tests/corpus/twin", $files[$_], "$work/twins/$_") == 0 } @published;
lines_to('twin-list', map { "$work/twins/$_" } @with_twin);
my @twin_receipts = @with_twin ? publish('twin-list', 'twins-out') : ();
my (%same, @differ);
for my $k (0 .. $#with_twin) {
    my $i = $with_twin[$k];
    my ($ours, $theirs) = map { join ' ', map { sha256_hex(bytes_of($_->{path})) } @{ $_->{outputs} } }
        $receipts[$i], $twin_receipts[$k];
    $same{$i} = $ours eq $theirs;
    push @differ, $i if !$same{$i};
}
print '# the twin differs: ', shown($files[$_]), "\n" for @differ;
print '# ', scalar @with_twin, " have a twin: nothing in them turns, crops or says what colours mean\n";
result(@twin_receipts == @with_twin && !@differ, 'the twin without metadata gives the same bytes');

# ---- 2: strings --------------------------------------------------------------------------------
system qq(exiftool -j -G1:4 -a -u -ee -n -q -q -@ "$work/list" >"$work/tags" 2>/dev/null);
my %tags = map { $_->{SourceFile} => $_ } @{ JSON::PP->new->utf8->decode(bytes_of("$work/tags") || '[]') };
sub values_of { # each once; a list's values singly
    my ($tags) = @_;
    my (%values, @rest);
    for my $key (keys %$tags) {
        push @rest, $tags->{$key} if $key =~ /:/ && $key !~ /^(?:System|File|ExifTool|Composite)/ || $key =~ /^File:Comment/;
    }
    while (defined(my $value = shift @rest)) {
        if (ref $value eq 'ARRAY') { push @rest, @$value }
        elsif (ref $value eq 'HASH') { push @rest, values %$value }
        elsif ($value !~ /^\(Binary data/) { $values{$_} = 1 for $value, split /[\r\n]+/, $value }
    }
    return grep { length >= 5 } keys %values;
}
sub forms_of {
    my ($value) = @_;
    my %forms = map { $_ => 1 } encode('UTF-8', $value), encode('UTF-16LE', $value), encode('UTF-16BE', $value);
    $forms{ encode('iso-8859-1', $value) } = 1 if $value !~ /[^\x00-\xff]/;
    return grep { length >= 5 } keys %forms;
}
sub told { # the values of a receipt, but the sender's own name of the file, and ours; the slugs
           # are ours too: some file may well hold the word "unknown"
    my ($value, $name) = @_;
    return () if ($name // '') eq 'removed';
    return map { told($value->{$_}, $_) } sort keys %$value if ref $value eq 'HASH';
    return map { told($_) } @$value if ref $value eq 'ARRAY';
    return defined $value && ($name // '') !~ /^(?:name|path|picture)\z/ ? encode('UTF-8', "$value") : ();
}
my ($n_values, @strings) = (0);
for my $i (@published) {
    my @values = values_of($tags{ $files[$i] } // {}) or next;
    my $there = join "\n", map({ bytes_of($_) } @{ $outputs{$i} }), told($receipts[$i]);
    my $upload;
    for my $value (@values) {
        $n_values++;
        my @forms = forms_of($value);
        next if !grep { index($there, $_) >= 0 } @forms;
        $upload //= bytes_of($files[$i]);
        my $is_there = grep { index($upload, $_) >= 0 } @forms;
        my $why = !$is_there ? ' (not in the upload: a word of exiftool)' : $same{$i} ? ' (in the twin too)' : '';
        (my $printed = encode('UTF-8', $value)) =~ s/[^ -~]/./g;
        print "# '", substr($printed, 0, 60), "' of ", shown($files[$i]), "$why\n";
        push @strings, $value if $why eq '';
    }
}
print "# $n_values strings of uploads are searched\n";
result($n_values > 0 && !@strings, 'no string of an upload is published');

# ---- 3: windows --------------------------------------------------------------------------------
my %index = map { $files[$_] => $_ } @published;
lines_to('windows', map { join "\t", $files[$_], @{ $outputs{$_} } } @published);
my @hits = split /\n/, qx("$build/tests/corpus/windows" <"$work/windows");
my $summary = pop @hits // '';
my $unexplained = 0;
for (@hits) {
    my ($file, $carrier, $kind, $output, $n, $first) = split /\t/;
    my $why = $same{ $index{$file} } ? ' (in the twin too)' : '';
    $unexplained++ if $why eq '';
    $output =~ s/.*\.//;
    print "# $n windows of $carrier in the $output of ", shown($file), ": $first$why\n";
}
print "$summary\n";
result($summary =~ /^# [1-9]\d* windows looked up/ && !$unexplained, 'no window of a carrier is published but what is in the twin too');
print "1..$n_tests\n";
