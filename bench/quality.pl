#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# quality.pl -- `make quality`: bytes at equal perceived quality, and the reverse; our presets and
# the peers. docs/QUALITY.md says how to read it.
#
#     quality.pl [--OPTION VALUE]... --metric FILE --photos PATH... --graphics PATH...
#
# Each picture goes through each tool at the qualities of a grid, at the size that the first preset
# publishes, and each file is judged against the picture's reference (lib/Picture.pm): a curve of
# bytes and score. Besides, each preset makes it as it would: its own point. What is said comes
# from these (lib/Verdict.pm). That is done on all cores, a process a picture. CPU is measured
# afterwards, in rounds in which each runs once (lib/Pairs.pm).
#
# The tables come from what is written as JSON (lib/QualityReport.pm). Exit status 1: WebP and JPEG
# of the same photos are more than APART points apart, or nothing could be done; 64: wrong usage.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use JSON::PP;
use lib dirname(abs_path(__FILE__)) . '/lib';
use Command qw(check_writable keep_file machine progress read_options usage);
use Measure qw(end_on_signals measure);
use Pairs qw(quantile ratios run_rounds spread);
use Parallel qw(in_parallel);
use Peers qw(choose_peers find_magick peer_job);
use Photos qw(bare_size find_pictures picture_size publish srgb_profile);
use Picture;
use QualityReport qw(plot_quality report_quality);
use Verdict qw(verdict);

use constant {APART => 3, MOST_BYTES => 16_000_000};

my @formats = qw(webp jpeg);
my @sets = qw(photos graphics);
my %known = (
    build => 'the build folder (build)',
    metric => 'ssimulacra2, or what is called like it',
    photos => 'JPEG and PNG files, or folders of them: what a camera took',
    graphics => 'the same: what no camera took',
    presets => 'of ours, names or .ini files, with commas between (story,best)',
    peers => 'names, with commas between; all unless given',
    grid => 'the qualities, with commas between (40,60,72,80,92)',
    rounds => 'of the measurement of CPU (5); 0: none',
    bins => 'folders where programs are looked for, with colons between',
    sharp => 'the folder of node modules that has sharp',
    json => 'write everything measured to this file',
    svg => 'write a plot to this file',
);

sub understand {
    my ($given, @words) = read_options(\%known, \@sets, @_);
    my %options = (build => 'build', presets => 'story,best', grid => '40,60,72,80,92',
        rounds => 5, %$given);
    usage("what is '$words[0]'? pictures stand behind --photos and --graphics") if @words;
    usage('no picture is given') if !defined $options{photos} && !defined $options{graphics};
    usage('--metric is missing: ssimulacra2, or what is called like it')
        if !defined $options{metric};
    usage("'$options{metric}' is no program") if -d $options{metric} || !-x _;
    usage("--rounds is a number, not '$options{rounds}'") if $options{rounds} !~ /^\d+\z/;
    for my $list (grep { defined $options{$_} } qw(presets peers grid)) {
        $options{$list} = [grep { $_ ne '' } split /[,\s]+/, $options{$list}];
    }
    my @grid = sort { $a <=> $b } grep { /^\d+\z/ && $_ >= 1 && $_ <= 100 } @{$options{grid}};
    usage('--grid is at least two qualities from 1 to 100')
        if @grid < 2 || @grid != @{$options{grid}};
    $options{grid} = [map { $_ + 0 } @grid];
    usage('--presets names none') if !@{$options{presets}};
    check_writable(@options{qw(json svg)});
    return \%options;
}

my $options = understand(@ARGV);
my @grid = @{$options->{grid}};
my $build = abs_path($options->{build}) // usage("there is no '$options->{build}'");
usage("there is no '$build/storyphoto': build it first") if !-x "$build/storyphoto";
my $cores = qx(nproc) + 0;
my $kept = "$build/bench/quality"; # references and scores, from run to run
make_path($kept);
my @presets = map { know_preset($_) } @{$options->{presets}};
end_on_signals();
my $scratch = tempdir('run-XXXXXX', DIR => "$build/bench", CLEANUP => 1);
my ($ours, @peers, $judge);

# {name, word, variants: {webp, jpeg}}
sub know_preset {
    my ($word) = @_;
    open my $said, '-|', "$build/storyphoto", 'presets', $word or die "fork: $!\n";
    my $text = do { local $/; <$said> } // '';
    close $said or usage("'$word' is no preset");
    my %preset = (name => basename($word, '.ini'), word => $word, variants => {});
    while ($text =~ /^\[variant (\S+)\]\n((?:[^\[\n].*\n|\n)*)/mg) {
        my ($name, $keys) = ($1, $2);
        my ($format) = $keys =~ /^format = (\w+)/m;
        usage("preset '$word' has more than one $format") if $preset{variants}{$format};
        usage("preset '$word' cuts pictures: they would not be the same") if $keys !~ /^crop = none$/m;
        $preset{variants}{$format} = $name;
    }
    usage("preset '$word' has no $_") for grep { !$preset{variants}{$_} } @formats;
    return \%preset;
}

# ---- one picture, in a process of its own ------------------------------------------------------

# Files of one preset at a quality, or as it is: {format, path, bytes, width, height, quality}.
sub make_ours {
    my ($preset, $picture, $dir, $quality) = @_;
    my @set = map { my $name = $preset->{variants}{$_};
        map { ('--set', "$name.$_") } "quality=$quality", "min-quality=$quality",
            'max-bytes=' . MOST_BYTES } defined $quality ? @formats : ();
    my ($receipt, $why) = publish($build, $picture, $dir, '--force', '-p', $preset->{word}, @set);
    die "$preset->{name}: $why\n" if !defined $receipt;
    return map { {%$_, quality => $quality // $_->{quality} // 0} } @{$receipt->{outputs}};
}

# The same of a peer. Metadata that it leaves in are not of the picture: they do not count.
sub make_theirs {
    my ($peer, $picture, $dir) = @_;
    my @commands = $peer->{curve}->($peer, $picture, $dir, @grid);
    my $taken = measure({items => [\@commands], env => $peer->{env}});
    die "$peer->{name}: $taken->{error}\n" if $taken->{exit} != 0;
    my @files;
    for my $format (defined $peer->{only} ? $peer->{only} : @formats) {
        for my $quality (@grid) {
            my $path = "$dir/$quality." . ($format eq 'jpeg' ? 'jpg' : 'webp');
            die "$peer->{name}: it makes no $format\n" if !-s $path;
            my ($width, $height) = picture_size($path);
            push @files, {format => $format, path => $path, bytes => bare_size($path),
                quality => $quality, width => $width // 0, height => $height // 0};
        }
    }
    return @files;
}

# {format: [{quality, bytes, score}, ...]}
sub judge_files {
    my ($name, $picture, @files) = @_;
    my %points;
    for my $file (@files) {
        my ($is, $wanted) = map { "$_->{width} x $_->{height}" } $file, $picture;
        die "$name: it makes it $is, not $wanted\n" if $is ne $wanted;
        push @{$points{$file->{format}}}, {quality => $file->{quality} + 0,
            bytes => $file->{bytes} + 0,
            score => $judge->score($picture->{reference}, $file->{path}) + 0};
    }
    return \%points;
}

sub study {
    my ($picture) = @_;
    my $number = 0;
    my $folder = sub { my $dir = "$scratch/$$-" . $number++; make_path($dir); $dir };
    my @first = eval { make_ours($presets[0], $picture, $folder->(), $grid[0]) };
    return {refused => $@} if !@first;
    my %at = (%$picture, width => $first[0]{width}, height => $first[0]{height});
    $at{reference} = eval { $judge->reference(@at{qw(path width height)}) };
    return {refused => $@} if !defined $at{reference};
    my %study = (width => $at{width}, height => $at{height}, why => []);
    my $try = sub {
        my ($kind, $name, @files_of) = @_;
        $study{$kind}{$name} = eval { judge_files($name, \%at, map { $_->() } @files_of) }
            // do { die $@ if $@ !~ /^\Q$name\E: /; push @{$study{why}}, $@; undef };
    };
    for my $preset (@presets) {
        $try->('curves', $preset->{name}, map { my $quality = $_;
            sub { make_ours($preset, $picture, $folder->(), $quality) } } @grid);
        $try->('own', $preset->{name}, sub { make_ours($preset, $picture, $folder->()) });
    }
    for my $peer (@peers) {
        $try->('curves', $peer->{name}, sub { make_theirs($peer, \%at, $folder->()) });
    }
    remove_tree(glob "$scratch/$$-*");
    return \%study;
}

# All of them: each gets what study() says. What is refused is told and left out.
sub study_all {
    my (@pictures) = @_;
    my $n = 0;
    progress("0 of " . @pictures . " pictures");
    in_parallel($cores, $scratch, \&study, sub {
        my ($number, $study) = @_;
        my $picture = $pictures[$number];
        chomp @{$study->{why} // []};
        %$picture = (%$picture, %$study);
        progress(++$n . ' of ' . @pictures . " pictures: $picture->{name}");
    }, @pictures);
    progress('');
    print "left out: $_->{path}: $_->{refused}" for grep { defined $_->{refused} } @pictures;
    return grep { !defined $_->{refused} } @pictures;
}

# ---- CPU ---------------------------------------------------------------------------------------

# Rounds over all pictures of a set. Who failed at one of them above is not timed, nor who only
# encodes.
sub time_all {
    my (@pictures) = @_;
    return if $options->{rounds} == 0;
    my $out = "$scratch/out";
    my $clean = sub { remove_tree($out); make_path($out) };
    my @paths = map { $_->{path} } @pictures;
    my %failed = map { map { /^([^:]+):/ ? ($1 => 1) : () } @{$_->{why}} } @pictures;
    my @all = map { my $preset = $_; {name => $preset->{name}, job => sub { return {
        items => [[["$build/storyphoto", 'process', '-o', $out, '-p', $preset->{word}, @paths]]]}}}
    } @presets;
    for my $peer (grep { !$_->{encoder} && !$failed{$_->{name}} } @peers) {
        push @all, {name => $peer->{name}, job => sub { peer_job($peer, \@paths, $out, $cores) }};
    }
    progress('CPU, ' . @all . ' tools');
    run_rounds(1, $clean, @all); # warms up
    my @rounds = run_rounds($options->{rounds}, $clean, @all);
    progress('');
    die "$rounds[-1]{failed} fails: $rounds[-1]{error}\n" if defined $rounds[-1]{failed};
    my @names = map { $_->{name} } @all;
    my %cpu = (n => scalar @rounds);
    for my $name (@names) {
        $cpu{seconds}{$name} = quantile(0.5, Pairs::values('cpu', $name, @rounds)) / @paths;
        next if !grep { $_->{name} eq $name } @presets;
        $cpu{ratios}{$name}{$_} = spread(ratios('cpu', $name, $_, @rounds))
            for grep { $_ ne $name } @names;
    }
    return {%cpu, names => \@names};
}

# ---- all of it ---------------------------------------------------------------------------------

sub prepare {
    my ($magick, $version) = find_magick($options->{bins});
    die "ImageMagick, which makes the references, is not installed\n" if !defined $magick;
    my $profile = srgb_profile($build, $kept);
    ($ours, my @all) = choose_peers($options->{peers}, {build => $build, curve => 1,
        profile => $profile, magick => $magick, map { $_ => $options->{$_} } qw(sharp bins)});
    @peers = grep { !defined $_->{missing} } @all;
    my %is_peer = map { $_->{name} => 1 } @all;
    for my $preset (@presets) {
        usage("two are called '$preset->{name}'") if $is_peer{$preset->{name}}++;
    }
    $judge = Picture->new(dir => $kept, magick => $magick, magick_version => $version,
        profile => $profile, metric => abs_path($options->{metric}));
    return map { {name => $_->{name}, label => $_->{label}, path => $_->{path},
        version => $_->{version}, state => defined $_->{missing} ? 'missing' : 'there',
        why => $_->{missing}} } @all;
}

sub main {
    my @pictures;
    for my $set (@sets) {
        push @pictures, map { {name => basename($_->{path}), set => $set, %$_} }
            find_pictures([qw(JPEG PNG)], @{$options->{$set} // []});
    }
    my %result = (schema => 'storyphoto.quality/1', peers => [prepare()], grid => \@grid,
        presets => [map { $_->{name} } @presets], failed => []);
    $result{machine} = machine($ours->{version}, $cores);
    @pictures = study_all(@pictures);
    die "no picture is left\n" if !@pictures;
    for my $set (@sets) {
        my @of = grep { $_->{set} eq $set } @pictures;
        next if !@of;
        $result{sets}{$set} = verdict(\@of, \@grid, [map { $_->{name} } @presets], \@peers);
        $result{sets}{$set}{cpu} = time_all(@of);
    }
    for my $apart (@{($result{sets}{photos} // {apart => []})->{apart}}) {
        push @{$result{failed}}, sprintf '%s: WebP and JPEG are %.1f points apart, more than %d',
            $apart->{preset}, abs $apart->{median}, APART if abs $apart->{median} > APART;
    }
    report_quality(\%result);
    keep_file($options->{json}, JSON::PP->new->pretty->canonical->encode(\%result))
        if defined $options->{json};
    plot_quality($options->{svg}, \%result) if defined $options->{svg};
    print STDERR "quality: $_\n" for @{$result{failed}};
    return @{$result{failed}} ? 1 : 0;
}

$| = 1;
my $status = eval { main() } // do {
    print STDERR "quality: $@";
    $@ =~ /^unknown peer/ ? 64 : 1;
};
exit $status;
