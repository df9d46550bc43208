#!/bin/sh
# SPDX-License-Identifier: MIT
# usage.t -- options, help and man pages, and what is said to who gets them wrong.
. "$(dirname "$0")/lib.sh"
man=$root/man/storyphoto.1
presets_man=$root/man/storyphoto-presets.5
upload photo.jpg --size 320x240

# One line a case: exit code | standard error | arguments. Nothing may reach standard output.
# In the pattern a | is written as . because it is the separator.
while IFS='|' read -r want message arguments; do
    # shellcheck disable=SC2086 # words on purpose
    run sp $arguments
    expect "$want" '' "$message" "wrong usage: $arguments"
done <<'CASES'
64|no command given|
64|unknown command 'prozess', did you mean 'process'\?|prozess photo.jpg
64|unknown command 'xyzzyx', known are process, batch, .*selftest$|xyzzyx
64|unknown option '--versoin', did you mean '--version'\?|--versoin
64|unknown option '--json'|--json process photo.jpg
64|no PHOTO given|process
64|no PHOTO given|process --json
64|unknown option '--forse', did you mean '--force'\?|process --forse photo.jpg
64|unknown option '--recepts', did you mean '--receipts'\?|process --recepts=x photo.jpg
64|unknown option '-x'|process -x photo.jpg
64|option '--json' takes no value$|process --json=false photo.jpg
64|option '--force' takes no value$|process photo.jpg --force=false
64|option '--force' takes no value$|process photo.jpg --force=
64|option '--help' takes no value$|process --help=no photo.jpg
64|see 'storyphoto process --help'|process --help=no photo.jpg
64|option '--version' takes no value$|--version=no
64|option '--help' takes no value$|--help=no
64|unknown option '--jsn', did you mean '--json'\?|process --jsn=false photo.jpg
64|missing argument for -p|process photo.jpg -p
64|standard input \(-\) is given more than once|process - -
64|--to takes exactly one PHOTO|process --to webp photo.jpg photo.jpg
64|--to and --output exclude|process --to webp -o . photo.jpg
64|--to and --force exclude|process --to webp --force photo.jpg
64|--to and --base-url exclude|process --to webp --base-url /p photo.jpg
64|selftest takes no argument|selftest photo.jpg
64|unknown option '--jsn', did you mean '--json'\?|selftest --jsn
64|no PHOTO given|inspect
64|no PHOTO given|inspect --json
64|unknown option '--value', did you mean '--values'\?|inspect --value photo.jpg
64|option '--json' takes no value$|inspect --json=yes photo.jpg
64|see 'storyphoto inspect --help'|inspect --force photo.jpg
64|no FILE.DIR given|audit
64|unknown option '--cvs', did you mean '--csv'\?|audit --cvs .
64|option '--csv' takes no value$|audit --csv=x .
64|see 'storyphoto audit --help'|audit --json --csv .
64|unknown command 'adit', did you mean 'audit'\?|adit .
64|more than 1 NAME.FILE given|presets story best
64|see 'storyphoto process --help'|process --nope
78|must be NAME\.KEY=VALUE|process photo.jpg --set width=5
78|not a plain number of bytes|process photo.jpg --set webp.max-bytes=400K
78|min-quality = 45 \(its default\)|process photo.jpg --set webp.quality=40
73|--output 'nofolder'|process nope.jpg -onofolder
64|unknown option '-xoDIR'|process -xoDIR photo.jpg
78|storry.*story|process -p storry photo.jpg
78|wibth.*width|process photo.jpg --set webp.wibth=1
78|width|process photo.jpg --set webp.width=0
78|width|process photo.jpg --set webp.width=ten
78|wepb|process photo.jpg --set wepb.width=10
78|quality|process photo.jpg --set webp.quality=40 --set webp.min-quality=60
78|storyphoto: |process photo.jpg --set webp.width
66|nope.ini|process photo.jpg -p ./nope.ini
78|nope|presets nope
66|nope.ini|presets ./nope.ini
CASES
check 'nothing of all that made a file' test "$(ls)" = photo.jpg

printf '[preset]\nnmaes = opaque\n' >bad.ini
run sp presets bad.ini
expect 78 '' 'nmaes.*names' 'a preset file with an unknown key names the nearest'
cp bad.ini ours
run sp presets ours
expect 78 '' "for a file write './ours'" 'a preset file by its bare name'
run sp process -- -oDIR
expect 66 '' "cannot process '-oDIR'" 'behind -- nothing is split'
run sp process -p -onofolder photo.jpg
expect 78 '' "unknown preset '-onofolder'" 'a value is not split'
run sp process -- --json=false
expect 66 '' "cannot process '--json=false'" 'behind -- a flag with a value is a PHOTO'
run sp process -p --json=false photo.jpg
expect 78 '' "unknown preset '--json=false'" 'a value may look like a flag with a value'

# What is no regular file is no preset, and is not waited for.
mkfifo fifo.ini
mkdir folder.ini
perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "socket.ini", Listen => 1)'
for file in fifo.ini folder.ini socket.ini /dev/zero; do
    run timeout 10 "$SP" presets "$file"
    expect 66 '' "cannot open preset '$file': is not a file$" "presets $file"
    run timeout 10 "$SP" process photo.jpg -p "$file"
    expect 66 '' "cannot open preset '$file': is not a file$" "process -p $file"
done
run sp presets /proc/self/mem
expect 66 '' "cannot read preset '/proc/self/mem': " 'a preset that cannot be read'

run sp process --to webp -- photo.jpg
expect 0 '*' '' '-- ends the options'
run sp process -- --to
expect 66 '' "cannot process '--to'" 'behind -- everything is a PHOTO'

# ---- help --------------------------------------------------------------------------------------
run sp --help
expect 0 '^  process ' '' '--help lists the commands'
cp .streams/out top-help
run sp --version
expect 0 '^storyphoto [0-9]+\.[0-9]+\.[0-9]+$' '' '--version'
check '--version says what locks the renderers' test "$(sed -n 2p .streams/out)" = "sandbox: $(posture)"
run sp presets --help
expect 0 '^usage: storyphoto presets$' '' 'presets --help'
run sp process --help
expect 0 '^  -p, --preset PRESET ' '' 'process --help'
cp .streams/out help

# The list of keys comes from the program's own table, by a preset written out in full.
sp presets story >story.ini
# Of storyphoto-presets(5) the sentence behind a key is what --help says of it, with its type.
told() { # told KEY: as in --help
    awk -v head=".It Cm $1" '$0 == head { on = 1; next }
        on { text = text (text == "" ? "" : " ") $0; if (/\.$/) { print text; exit } }' "$presets_man" |
        sed -E 's/^(One of|A list:|A colour:) //; s/; (default empty|must be given)\.$/./; s/^[AU]/\L&/'
}
type_of() { # type_of NAME KEY: "a whole number, " of what is one
    sp process nope.jpg --set "$1.$2=%" 2>&1 | sed -n 's/.*: is not \(a [a-z ]*, \)must be .*/\1/p'
}
sed -n 's/^\[\(variant \)\{0,1\}\(.*\)\]$/\2/p; s/^\([a-z-]*\) *=.*/ \1/p' story.ini |
    awk '/^ / { if (!seen[$1]++) print name, $1; next } { name = $0 }' >keys
check 'a preset written out has keys' test "$(wc -l <keys)" -ge 10
while read -r name key; do
    check "--help tells of the key $key" grep -qE "^  $key  +" help
    says="$(type_of "$name" "$key")$(sed -n "s/^  $key  *//p" help)."
    check "storyphoto-presets(5) tells of $key: $says" test "$(told "$key")" = "$says"
    check "and storyphoto(1) leaves it to that" test "$(grep -cx "\.It Cm $key" "$man")" = 0
done <keys
for group in preset limits resize 'variant NAME'; do
    check "storyphoto-presets(5) tells of [$group]" grep -q "^\.Ss \[$group\]: " "$presets_man"
done
for preset in $(sp presets | sed 's/ .*//'); do
    check "storyphoto-presets(5) tells of $preset" grep -qx "\.It Cm $preset" "$presets_man"
done
awk '/^\.Bd / { file = "example-" ++n ".ini"; next } /^\.Ed/ { close(file); file = ""; next }
    file != "" { print >file }' "$presets_man"
examples=$(grep -l '^\[variant ' example-*.ini)
check 'storyphoto-presets(5) has examples' test "$(echo "$examples" | wc -l)" -ge 3
for example in $examples; do
    check "$example of storyphoto-presets(5) is a preset" sp presets "$example"
done
for command in $(sed -n '/^commands:/,/^$/ s/^  \([a-z]*\) .*/\1/p' top-help); do
    run sp "$command" --help
    expect 0 "^usage: storyphoto $command" '' "$command --help"
    check "the man page tells of $command" grep -qxE "\.(Cm|Op Cm .*\|) $command( \|.*)?" "$man"
    check "and in a section of its own" grep -qx "\.Ss storyphoto $command" "$man"
    for option in $(sed -n 's/.* --\([a-z-]*\) .*/\1/p' .streams/out | sort -u); do
        check "the man page tells of $command --$option" grep -qE "Fl -$option( |$)" "$man"
    done
done
for exit_code in $(sed -n '/^exit codes:/,$ s/^ *\([0-9][0-9]*\)  .*/\1/p' top-help); do
    check "the man page tells of exit code $exit_code" grep -qx "\.It $exit_code" "$man"
done
for word in $(sed -n 's/.*\[SP_ERROR_[A-Z_]*\] = {"\([a-z-]*\)".*/\1/p' \
    "$root/src/base/error.c" | grep -vx none); do
    check "the man page tells of the error $word" grep -qE "^\.Cm $word( ,|$)" "$man"
done
mkdir receipted
run sp process photo.jpg -o receipted --json --explain
for key in $(json '[paths | .[-1] | strings] | unique[]') name_base64 path_base64 error code message; do
    check "the man page tells of the receipt's $key" grep -qE "^\.(It )?Va (.* )?$key( |$)" "$man"
done
for word in $(sed -n 's/^    {"\([a-z-]*\)", "[a-z].*/\1/p' "$root/src/base/category.c"); do
    check "the man page tells of reveals $word" grep -qx "\.It Cm $word" "$man"
done
for arguments in 'inspect --json photo.jpg nope' 'audit --json . nope'; do
    # shellcheck disable=SC2086 # words on purpose
    run sp $arguments
    for key in $(jq -sr 'del(.[].summary?.reveals, .[].summary?.reasons) |
        [paths | .[-1] | strings] | unique[]' .streams/out); do
        check "the man page tells of $key in ${arguments%% *}" \
            grep -qE "^\.(It )?Va (.* )?$key( |$)" "$man"
    done
done
for page in "$root"/man/*.[1-8]; do
    if command -v mandoc >/dev/null; then
        check "${page##*/} is well formed" mandoc -T lint -W warning "$page"
    else
        skip "${page##*/} is well formed" 'mandoc is not there'
    fi
done
for command in process batch stream presets; do
    run sp "$command" --help
    expect 0 'storyphoto-presets\(5\)' '' "$command --help says where presets are described"
done

# ---- presets -----------------------------------------------------------------------------------
run sp presets
for preset in story best responsive card anonymous; do
    expect 0 "^$preset +[a-z0-9]" '' "presets lists $preset"
done
run sp presets ./story.ini
expect 0 '^\[resize\]$' '' 'a preset written out can be read again'
check 'and it is the same preset' cmp -s story.ini .streams/out

# ---- standard streams --------------------------------------------------------------------------
for arguments in --help --version presets 'presets story' 'process --help' 'process photo.jpg' \
    'inspect photo.jpg' 'inspect --json photo.jpg' 'audit .' 'audit --json .' 'audit --csv .'; do
    # shellcheck disable=SC2086 # words on purpose
    run sh -c '"$0" "$@" >&-' "$SP" $arguments
    expect 74 '' 'cannot write to standard output: it is closed' "closed stdout: $arguments"
    # shellcheck disable=SC2086
    run sh -c '"$0" "$@" >/dev/full' "$SP" $arguments
    expect 74 '' 'cannot write to standard output: No space' "full stdout: $arguments"
done
mkdir published
run sh -c '"$0" process photo.jpg -o published <&- >&- 2>&-' "$SP"
expect 74 '' '' 'all streams closed'
check 'with stdout closed nothing is published' test "$(count_files published)" = 0
run sh -c '"$0" process - <&-' "$SP"
expect 66 '' 'standard input is closed' 'closed stdin'
run sh -c '"$0" process - </dev/null' "$SP"
expect 66 '' 'standard input is a device; give a file or a pipe' 'a device on stdin'
run sh -c '"$0" process photo.jpg -o published 2>&- <&-' "$SP"
expect 0 '^photo.jpg: ' '' 'closed stderr and stdin do no harm'

finish
