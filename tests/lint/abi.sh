#!/bin/sh
# abi.sh [--write] LIBRARY -- what the shared library exports is what the public header declares and
# what debian/libstoryphoto0.symbols lists; and the functions' types, the structs' layouts and the
# enums are those of packaging/libstoryphoto.abi, which --write writes.
set -eu
cd "$(dirname "$0")/../.."
write=
[ "$1" != --write ] || { write=yes; shift; }
library=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
header=src/storyphoto.h
# shellcheck disable=SC2046 # words
gcc -std=gnu11 -Isrc $(pkg-config --cflags glib-2.0) -aux-info "$scratch/all" -fsyntax-only -x c $header
sed -n "s|^/\* $header:[0-9]*:[A-Z]* \*/ extern ||p" "$scratch/all" | LC_ALL=C sort >"$scratch/functions"
sed -n 's/.*[ *]\(sp_[a-z0-9_]*\) (.*/\1/p' "$scratch/functions" | LC_ALL=C sort >"$scratch/declared"
nm -D --defined-only "$library" | sed -n 's/.* [TDBR] //p' | sed 's/@.*//' | LC_ALL=C sort >"$scratch/exported"
sed -n 's/^ \(sp_[a-z0-9_]*\)@.*/\1/p' debian/libstoryphoto0.symbols | LC_ALL=C sort >"$scratch/listed"
if ! diff "$scratch/declared" "$scratch/listed" >&2; then
    echo "lint: $header (<) and debian/libstoryphoto0.symbols (>) differ" >&2
    exit 1
fi
if ! diff "$scratch/declared" "$scratch/exported" >&2; then
    echo "lint: $header declares other functions (<) than $library exports (>)" >&2
    exit 1
fi
types=$(sed -n 's/^} \(Sp[A-Za-z]*\);$/\1/p; s/^struct \(Sp[A-Za-z]*\) {$/\1/p' $header)
{
    echo "#include \"${header#src/}\""
    for type in $types; do echo "$type the_$type;"; done
} >"$scratch/types.c"
# shellcheck disable=SC2046 # words
gcc -std=gnu11 -gdwarf-4 -Isrc $(pkg-config --cflags glib-2.0) -c -o "$scratch/types.o" "$scratch/types.c"
{
    echo '# The interface of libstoryphoto, on x86-64, as make abi writes it: functions, then types with'
    echo '# offsets and sizes.'
    cat "$scratch/functions"
    for type in $types; do
        echo "# $type"
        if grep -q "^struct $type {" $header; then
            pahole "$scratch/types.o" | sed -n "/^struct $type {/,/^};/p"
        else
            pahole -C "$type" "$scratch/types.o"
        fi |
            grep -v '^$\|^.\?/\* \(XXX\|--- cacheline\|sum members\|last cacheline\)' |
            sed 's/ \{2,\}/ /g; s/, cachelines: [0-9]*//; s/\t/    /g'
    done
} >"$scratch/abi"
[ -z "$write" ] || cp "$scratch/abi" packaging/libstoryphoto.abi
if ! diff packaging/libstoryphoto.abi "$scratch/abi" >&2; then
    echo 'lint: programs that were built against the library before may break (see above);' >&2
    echo '      where that is meant: raise ABI in packaging/install.mk, or say make abi' >&2
    exit 1
fi
