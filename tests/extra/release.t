#!/bin/sh
# SPDX-License-Identifier: MIT
# release.t -- `make release` in a copy of the repository: what it refuses, what it tags and packs;
# and `make reproducible`: two builds give the same bytes.
. "$(dirname "$0")/../cli/lib.sh"
git -C "$root" rev-parse --git-dir >/dev/null 2>&1 || {
    skip 'a release' 'this is no git repository'
    finish
}
git clone -q "$root" copy
cd copy || exit 1
mkdir .streams
echo .streams >>.git/info/exclude
git config user.name tester
git config user.email tester@localhost
git -C "$root" diff HEAD --binary | git apply --allow-empty # what is not committed yet is tried too
git commit -qam 'as it is' >/dev/null || true
version=$(make -s print-VERSION)
release() { env -u MAKEFLAGS -u MAKELEVEL make -s release TESTS="$1"; }
tagged() { git tag | grep -qx "v$version"; }

sed -i "s/^## $version .*/## $version (not released yet)/" CHANGELOG.md
git commit -qam undated >/dev/null || true
run release true
expect 2 '*' "no '## $version \(YYYY-MM-DD\)'" 'without a day in CHANGELOG.md there is none'
sed -i "s/^## $version .*/## $version (2026-12-24)/" CHANGELOG.md
run release true
expect 2 '*' 'not committed' 'nor with changes that are not committed'
git commit -qam dated
sed -i "1s/($version)/(9.9.9)/" debian/changelog
git commit -qam wrong
run release true
expect 2 '*' "debian/changelog says version '9.9.9'" 'nor with another version in debian/changelog'
git reset -q --hard HEAD~
run release false
expect 2 '*' '*' 'nor with a test that fails'
check_not 'nothing is tagged yet' tagged
run release true
expect 0 "storyphoto-$version.tar.gz" '' 'make release'
check 'the tag' tagged
check 'is of this commit' test "$(git rev-parse "v$version^{commit}")" = "$(git rev-parse HEAD)"
tarball=build-release/storyphoto-$version.tar.gz
check 'its tarball holds what the commit holds' test \
    "$(tar -tzf "$tarball" | grep -v '/$' | sort)" = "$(git ls-files | sed "s|^|storyphoto-$version/|" | sort)"
check 'and its sum' sh -c 'cd build-release && sha256sum -c *.sha256'
check_not 'nobody'"'"'s own name is in it' sh -c "tar -tvzf '$tarball' | awk '{print \$2}' | grep -v root/root"
run release true
expect 2 '*' 'is there already' 'not twice'

begun=$(date +%s)
run env -u MAKEFLAGS -u MAKELEVEL make -s reproducible
expect 0 'files, built twice' '' 'make reproducible'
echo "# $(($(date +%s) - begun)) s"
# It can fail: what knows its folder, or its day, is noticed.
sed -i 's/-fdebug-prefix-map=[^ ]*//' Makefile
git commit -qam 'the folder in debug information'
run env -u MAKEFLAGS -u MAKELEVEL make -s reproducible
expect 2 'bin/storyphoto' '*' 'a path in debug information is noticed'
cd "$scratch" || exit 1
finish
