#!/bin/sh
# needed.sh BUILD -- the supervisor links no decoder, no libvips, no libexif, and the inspector
# no decoder of pixels: readelf is the witness.
set -eu
check() { # PROGRAM LIBRARY...: nothing but these, GLib and libc
    program=$1
    shift
    for library in $(readelf -d "$build/$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\.so.*\]/\1/p'); do
        case " libglib-2.0 libc libm ld-linux-x86-64 ld-linux-aarch64 $* " in
        *" $library "*) ;;
        *)
            echo "lint: $program links $library" >&2
            bad=1
            ;;
        esac
    done
}
build=$1
bad=0
check storyphoto libgobject-2.0 libjson-glib-1.0 libgio-2.0
check storyphoto-inspect libexif libz libseccomp
check storyphoto-untar libarchive libseccomp
check storyphoto-bulk libgobject-2.0 libjson-glib-1.0 libgio-2.0 libcrypto libsqlite3 libarchive
exit $bad
