#!/bin/sh
# release.sh VERSION -- what `make release` does: look whether everything is ready, run the tests,
# tag, and pack what is tagged into build-release/storyphoto-VERSION.tar.gz.
#
# The tarball is made of the tag alone, so whoever has the repository makes the same bytes. TESTS is
# the command that must succeed before anything is tagged (default: `make test lint`). Nothing is
# pushed.
set -eu
cd "$(dirname "$0")/.."
version=$1
tag=v$version
bad=0
complain() {
    echo "release: $1" >&2
    bad=1
}
git rev-parse --git-dir >/dev/null
[ -z "$(git status --porcelain)" ] || complain 'there are changes that are not committed'
grep -qE "^## $version \([0-9]{4}-[0-9]{2}-[0-9]{2}\)\$" CHANGELOG.md ||
    complain "CHANGELOG.md has no '## $version (YYYY-MM-DD)': say what has changed, and the day"
packaging/same-version.sh "$version" || bad=1
! git rev-parse -q --verify "refs/tags/$tag" >/dev/null || complain "the tag $tag is there already"
[ $bad = 0 ] || exit 1

sh -c "${TESTS:-make test lint}"
git tag -a -m "storyphoto $version" "$tag"
packaging/tarball.sh "$version" "$tag" build-release
echo "tagged $tag; to publish it: git push origin $tag"
