#!/bin/sh
# Make a Debian package of what is committed: staged from git, so that nothing
# that lies about gets in, with packaging/debian as debian/. The folder is not
# at the top of the tree because a distribution brings its own.
#
# usage: deb.sh VERSION [DIRECTORY]	(build/deb)
set -eu
version=$1
cd "$(dirname "$0")/.."
to=${2:-build/deb}
for tool in dpkg-buildpackage dh; do
	command -v $tool >/dev/null || {
		echo "deb.sh: no '$tool': install dpkg-dev and debhelper" >&2
		exit 1
	}
done
at=$to/kb-$version
rm -rf "$to"
mkdir -p "$at"
git archive HEAD | tar -x -C "$at"
git diff --quiet HEAD || echo "deb.sh: what is not committed is left out" >&2
cp -r "$at/packaging/debian" "$at/debian"
jobs=$(nproc)
unset ONLY KB_BIN # of the tests that it may be run from
(cd "$at" && dpkg-buildpackage -b -us -uc -j"$jobs" >../log 2>&1) || {
	tail -20 "$to/log" >&2
	echo "deb.sh: the package could not be built; $to/log has all" >&2
	exit 1
}
ls "$to"/kb_*.deb
