#!/bin/sh
# The package of 'make deb': lintian finds nothing, a second build gives the
# same bytes, and in a Debian root of its own apt installs it with all that it
# depends on, the programs answer, and a purge leaves nothing.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need dpkg-buildpackage dh jq
version=$(make -s -C "$ROOT" version)
kind=$(dpkg --print-architecture)
file=kb_${version}_$kind.deb
run sh "$ROOT/packaging/deb.sh" "$version" "$T/one"
is "it is made, with its unit tests" "$status" 0
[ -f "one/$file" ] || { fail "..." err && finish; }
run env DEB_BUILD_OPTIONS=nocheck sh "$ROOT/packaging/deb.sh" "$version" "$T/two"
same "and again in another folder, the same to the byte" "one/$file" "two/$file"
if command -v lintian >/dev/null; then
	# Its spelling checks of programs (level info) read tables of stems.
	run lintian --fail-on error,warning --show-overrides --allow-root \
		"one/kb_${version}_$kind.changes"
	is "lintian finds nothing" "$status$(cat out)" 0
else
	skip lintian "it is not installed"
fi
dpkg-deb -c "one/$file" >names
dpkg-deb -f "one/$file" >control
for path in $(cd "$ROOT" && ls man/*.[1-9]); do
	grep -q "/man[1-9]/${path#man/}.gz" names || echo "$path"
done >missing
is "it has all manual pages" "$(cat missing)" ""
for p in $(cd "$ROOT/cmd" && ls -- *.c | sed 's/\.c$//'); do
	for path in bin/$p share/bash-completion/completions/$p \
		share/zsh/vendor-completions/_$p \
		share/fish/vendor_completions.d/$p.fish; do
		grep -q " ./usr/$path\$" names || echo "$path"
	done
done >missing
is "and all programs with their completions" "$(cat missing)" ""
for path in changelog.gz changelog.Debian.gz copyright NOTICE.gz; do
	ok "... $path" grep -q "/doc/kb/$path\$" names
done
has "the libraries are what it depends on" control '^Depends:.*libjansson4'
has "poppler is recommended" control '^Recommends:.*poppler-utils'

[ "$(id -u)" = 0 ] || { skip "a root" "it wants root" && finish; }
command -v debootstrap >/dev/null ||
	{ skip "a root" "no debootstrap" && finish; }
root=$T/root
# shellcheck source=/dev/null
suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
if ! debootstrap --variant=minbase "$suite" "$root" >log 2>&1; then
	skip "a root" "debootstrap: $(tail -1 log)"
	finish
fi
trap 'umount "$root/proc" 2>/dev/null; rm -rf "$T"' EXIT
mount -t proc proc "$root/proc"
chroot=$(PATH=$PATH:/usr/sbin:/sbin command -v chroot)
inside() {
	run env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp \
		DEBIAN_FRONTEND=noninteractive "$chroot" "$root" \
		/bin/sh -c "cd /tmp && $1"
}
cp "one/$file" "$root/tmp/"
inside "apt-get update && apt-get install -y --no-install-recommends ./$file"
is "apt installs it without what it recommends" "$status" 0
[ "$status" = 0 ] || fail "..." err
inside "kb-index shop.kb /usr/share/doc/kb/examples/shop &&
	kb-ask shop.kb 信用卡退款要多久"
is "then it indexes and answers" "$status$(cat err)$(jq -r .route out)" 0answer
echo '<p>The gate opens at seven.</p>' >"$root/tmp/gate.html"
inside "kb-index web.kb gate.html && kb-search web.kb gate"
is "libxml2, which no program links, came along" \
	"$status$(jq '.hits | length' out)" 01
inside "apt-get purge -y kb && find / -xdev -path /tmp -prune -o -type f -print |
	grep -E '/(kb|ctx-compress|fact-check|llm-call|prompt-render|text-classify)[^/]*\$'"
is "a purge leaves nothing of it" "$(grep '^/' out)" ""
finish
