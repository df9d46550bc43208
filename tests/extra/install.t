#!/bin/sh
# SPDX-License-Identifier: MIT
# install.t -- `make install` below a prefix of its own: all that is there works from there, the C
# example of the README too; uninstall leaves nothing.
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
finish
