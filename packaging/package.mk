# packaging/package.mk -- Debian packages, a release, and whether two builds give the same bytes.
DEB_TREE := build-deb/storyphoto-$(VERSION)
# What a checkout holds, as it is now; of an unpacked tarball, all but what was built.
tree_files = if [ -d .git ] || [ -f .git ]; then git ls-files -z; else find . -path './build*' -prune -o -type f -print0; fi

deb: setup-package ## build Debian packages into build-deb/, and ask lintian
	@packaging/same-version.sh $(VERSION)
	rm -rf build-deb && mkdir -p $(DEB_TREE)
	{ $(tree_files); } | tar -c --null --verbatim-files-from -T - | tar -x -C $(DEB_TREE)
	cd $(DEB_TREE) && env -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES -u B dpkg-buildpackage -us -uc
	cd build-deb && lintian --allow-root --fail-on error,warning --info *.changes
	@ls -l build-deb/*.deb

# ---- release ------------------------------------------------------------------------------------------
release: ## check, test, tag v(VERSION) and pack its tarball (TESTS='make test lint')
	@TESTS='$(TESTS)' packaging/release.sh $(VERSION)
tarball: ## the source of the last commit, build-release/storyphoto-(VERSION).tar.gz
	@packaging/tarball.sh $(VERSION) HEAD build-release
reproducible: ## do two builds of the last commit give the same bytes?
	@packaging/reproducible.sh $(VERSION) HEAD
