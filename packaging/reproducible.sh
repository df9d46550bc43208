#!/bin/sh
# reproducible.sh VERSION REVISION -- two tarballs of the revision are the same bytes; and so is all
# that `make install` puts in place, built from it twice: in folders of other names, on another day,
# with another umask, time zone and language, by one make and by several.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$root"
for n in 1 2; do
    packaging/tarball.sh "$1" "$2" "$scratch/tarball-$n" >/dev/null
done
cmp "$scratch/tarball-1/storyphoto-$1.tar.gz" "$scratch/tarball-2/storyphoto-$1.tar.gz"
echo "the same tarball twice: storyphoto-$1.tar.gz"

unset MAKEFLAGS MAKELEVEL MAKEOVERRIDES
mkdir -p "$scratch/a" "$scratch/another/place"
for folder in a another/place; do
    tar -xzf "$scratch/tarball-1/storyphoto-$1.tar.gz" -C "$scratch/$folder" --strip-components=1
done
(cd "$scratch/a" && umask 022 && LC_ALL=C.UTF-8 TZ=UTC make -s install DESTDIR="$scratch/first" >/dev/null)
(cd "$scratch/another/place" && umask 077 && LC_ALL=C TZ=Pacific/Auckland \
    make -s -j2 install DESTDIR="$scratch/second" >/dev/null)
(cd "$scratch/first" && find . ! -type d -print0 | sort -z | xargs -0 sha256sum) >"$scratch/first.list"
(cd "$scratch/second" && find . ! -type d -print0 | sort -z | xargs -0 sha256sum) >"$scratch/second.list"
diff "$scratch/first.list" "$scratch/second.list"
# Not that both hold the same path of neither.
if grep -rlF "$scratch" "$scratch/first"; then exit 1; fi
echo "the same $(wc -l <"$scratch/first.list") files, built twice"
