#!/bin/sh
# SPDX-License-Identifier: MIT
# install.t -- `make install` below a prefix of its own: all that is there works from there, the C
# example of the README too; shells complete what --help lists; uninstall leaves nothing.
. "$(dirname "$0")/../cli/lib.sh"
prefix=$scratch/usr
mk() { make -s -C "$root" B="$BUILD" PREFIX="$prefix" DESTDIR="$1" "$2"; }
run mk '' install
expect 0 '*' '' 'make install'
[ "$code" = 0 ] || finish
check 'the program runs' "$prefix/bin/storyphoto" --version
upload photo.jpg --size 1600x1200
mkdir out
mv "$BUILD/storyphoto-render-jpeg" away 2>/dev/null
run "$prefix/bin/storyphoto" process photo.jpg -o out
mv away "$BUILD/storyphoto-render-jpeg"
expect 0 '^  jpeg  out/' '' 'with its own renderers, not the build folder'"'"'s'
run "$prefix/bin/storyphoto" batch out out2 --dry-run
expect 73 '' "OUTPUT 'out2'" 'storyphoto-bulk is found'
for page in "$root"/man/*.[1-8]; do
    name=${page##*/}
    check "$name is installed" cmp "$page" "$prefix/share/man/man${name##*.}/$name"
done
check 'the receipts'"'"' schema is installed' cmp "$root/docs/receipt.schema.json" \
    "$prefix/share/storyphoto/receipt.schema.json"

# ---- the C library -----------------------------------------------------------------------------------
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"
mkdir -p public/photos
sed -n '/^```c$/,/^```$/p' "$root/README.md" | grep -v '^```' >example.c
mv photo.jpg IMG_2041.jpg
compile() {
    # shellcheck disable=SC2046 # words
    cc -Wall -Werror "$@" $(pkg-config --cflags --libs storyphoto)
}
check 'the example of the README compiles' compile example.c -o example
check 'and is linked with the shared library' sh -c 'readelf -d example | grep -q "NEEDED.*libstoryphoto.so.0"'
run env LD_LIBRARY_PATH="$prefix/lib" ./example
expect 0 '"status":"ok"' '' 'it runs'
check 'it has published' test "$(count_files public)" = 2
static() {
    # shellcheck disable=SC2046 # words
    cc example.c -o static $(pkg-config --cflags --libs storyphoto | sed 's/-lstoryphoto/-l:libstoryphoto.a/') \
        $(pkg-config --static --libs storyphoto | sed 's/-lstoryphoto//')
}
check 'and compiles with the static one' static
rm -rf public/photos/*
run ./static
expect 0 '"status":"ok"' '' 'which runs too'
check 'the version is the program'"'"'s' test \
    "storyphoto $(pkg-config --modversion storyphoto)" = "$("$prefix/bin/storyphoto" --version | head -n 1)"
check_not 'nothing but the public header is exported' \
    sh -c "nm -D --defined-only '$prefix/lib/libstoryphoto.so' | grep -v ' sp_[a-z_]*@@STORYPHOTO_0$\| STORYPHOTO_0$'"
run ldd "$prefix/lib/libstoryphoto.so"
expect 0 '*' '' 'its libraries'
check_not 'no decoder and no lock is among them' grep -E 'jpeg|webp|vips|exif|seccomp|avcodec' .streams/out

# ---- completion -----------------------------------------------------------------------------------------
PATH=$prefix/bin:$PATH
export PATH
cp "$root/presets/card.ini" ours.ini
printf '[preset]\n[variant tiny]\nformat = webp\nwidth = 100\nmin-width = 100\n' >tiny.ini

in_bash() { # WORD...: as bash cuts them
    bash -c '. "$0"; COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _storyphoto; printf "%s\n" "${COMPREPLY[@]}"' \
        "$prefix/share/bash-completion/completions/storyphoto" "$@"
}
in_fish() { # LINE
    fish --no-config -c 'source $argv[1]; complete -C $argv[2]' \
        "$prefix/share/fish/vendor_completions.d/storyphoto.fish" "$1" | cut -f1
}
in_zsh() { # LINE: all that is shown, a word a line
    zsh -f "$root/tests/extra/complete.zsh" "$prefix/share/zsh/site-functions" "$1" |
        sed 's/\x1b\[[0-9;?]*[A-Za-z]//g' | tr -s '\r\n ' '\n'
}
offers() { # SHELL LINE WORD...: each of them, whole
    offers_shell=$1
    offers_line=$2
    shift 2
    # shellcheck disable=SC2086 # words, and an empty last one
    case $offers_shell in
    bash) in_bash ${offers_line% *} "${offers_line##* }" >offered ;;
    *) "in_$offers_shell" "$offers_line" >offered ;;
    esac
    for offers_word in "$@"; do
        grep -qxF -e "$offers_word" offered || {
            echo "no $offers_word in $(tr '\n' ' ' <offered)"
            return 1
        }
    done
}
commands=$(storyphoto --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
options() { storyphoto "$1" --help | sed -n '/^options:/,/^$/s/^  .* \{0,1\}\(--[a-z-]*\).*/\1/p'; }
check 'there are commands' test "$(echo "$commands" | wc -l)" -ge 8
shells=bash
for shell in zsh fish; do
    if command -v $shell >/dev/null; then
        shells="$shells $shell"
    else
        skip "completion in $shell" "$shell is not installed"
    fi
done
for shell in $shells; do
    # shellcheck disable=SC2086 # words
    check "$shell: the commands" offers $shell 'storyphoto ' $commands
    for command in $commands; do
        # shellcheck disable=SC2046 # words
        check "$shell: the options of $command" offers $shell "storyphoto $command --" $(options "$command")
    done
    # shellcheck disable=SC2046 # words
    check "$shell: the presets" offers $shell 'storyphoto process -p ' $(storyphoto presets | sed 's/ .*//')
    check "$shell: a preset file" offers $shell 'storyphoto process -p ou' ours.ini
    check "$shell: the variants of a preset" offers $shell \
        'storyphoto process -p responsive --to ' webp-480 jpeg-1024
    check "$shell: those of a file" offers $shell 'storyphoto process --preset ./tiny.ini --to ' tiny
    check "$shell: none of another" sh -c '! grep -q jpeg offered'
    check "$shell: photos" offers $shell 'storyphoto process IM' IMG_2041.jpg
    check "$shell: verbs" offers $shell 'storyphoto journal ' show merge
done
check 'bash: a key' offers bash 'storyphoto process --set webp.max-b' webp.max-bytes=
check 'bash: its values' offers bash 'storyphoto process --set webp.format = ' webp jpeg
check 'bash: behind an equals sign' offers bash 'storyphoto process --preset = st' story
if [ "$shells" != "${shells%fish}" ]; then
    check 'fish: keys and values' offers fish 'storyphoto process --set webp.' webp.max-bytes= webp.format=jpeg
fi
if [ "$shells" != "${shells#bash zsh}" ]; then
    check 'zsh: a key' offers zsh 'storyphoto process --set webp.max-b' webp.max-bytes=
    check 'zsh: its values' offers zsh 'storyphoto process --set webp.format=' jpeg webp
fi

# ---- staged, and gone ---------------------------------------------------------------------------------------
run mk "$scratch/staged" install
expect 0 '*' '' 'make install with DESTDIR'
check 'the same files, below it' diff -r "$prefix" "$scratch/staged$prefix"
check 'and none beside it' test "$(find staged -type f | wc -l)" = "$(find "staged$prefix" -type f | wc -l)"
check_not 'no path of the stage is in them' grep -rl "$scratch/staged" "staged$prefix"
check_not 'nor one of the source' grep -rlF "$root/" "staged$prefix"
run mk '' uninstall
expect 0 '*' '' 'make uninstall'
check 'nothing is left' test -z "$(find "$prefix" ! -type d)"
check 'nor the renderers'"'"' folder' test ! -e "$prefix/libexec/storyphoto"
check 'nor the schema'"'"'s' test ! -e "$prefix/share/storyphoto"
finish
