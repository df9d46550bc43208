#!/bin/sh
# same-version.sh VERSION -- the version stands in the Makefile; where else it must be written down,
# it is the same.
set -eu
cd "$(dirname "$0")/.."
bad=0
same() { # FILE WHAT-IT-SAYS
    [ "$2" = "$version" ] && return
    echo "$1 says version '$2', the Makefile $version" >&2
    bad=1
}
version=$1
same debian/changelog "$(sed -n '1s/^storyphoto (\(.*\)) .*/\1/p' debian/changelog)"
same CHANGELOG.md "$(sed -n 's/^## \([0-9][0-9.]*\).*/\1/p' CHANGELOG.md | head -n 1)"
exit $bad
