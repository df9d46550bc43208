#!/bin/sh
# tarball.sh VERSION REVISION FOLDER -- FOLDER/storyphoto-VERSION.tar.gz and its SHA-256: what is in
# that revision, with its time. The same revision gives the same bytes, on whatever day.
set -eu
cd "$(dirname "$0")/.."
name=storyphoto-$1
mkdir -p "$3"
git -c tar.umask=0022 archive --format=tar --prefix="$name/" "$2" | gzip -n9 >"$3/$name.tar.gz"
(cd "$3" && sha256sum "$name.tar.gz" | tee "$name.tar.gz.sha256")
