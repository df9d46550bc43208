#!/bin/sh
# needed.sh BUILD -- the supervisor links no decoder, no libvips, no libexif: readelf is the witness.
set -eu
needed=$(readelf -d "$1/storyphoto" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
for library in $needed; do
    case $library in
    libglib-2.0.so* | libgobject-2.0.so* | libjson-glib-1.0.so* | libgio-2.0.so*) ;;
    libc.so* | libm.so* | ld-linux*) ;;
    *)
        echo "lint: storyphoto links $library" >&2
        exit 1
        ;;
    esac
done
