#!/bin/sh
# Install what building and testing need, where that is possible.
#
#	tests/deps.sh           print the command, then run it if we may
#	tests/deps.sh --print   only print the command (empty: nothing missing)
#	tests/deps.sh --ci      also what only the full checks use
#
# KB_NO_DEPS=1 never installs. Nothing missing: silent, exit 0. Something is
# missing and may not be installed: one line with the command, exit 1.
set -u

print=no ci=no
for arg; do
	case $arg in
	--print) print=yes ;;
	--ci) ci=yes ;;
	*) echo "deps.sh: unknown option '$arg'" >&2; exit 2 ;;
	esac
done

have() { command -v "$1" >/dev/null 2>&1; }

# The header of a library, wherever the compiler finds it.
header() {
	echo "#include <$1>" | ${CC:-cc} -E -xc - >/dev/null 2>&1
}

missing=
need() { missing="$missing $1"; }

have "${CC:-cc}" || need cc
have pkg-config || need pkg-config
have python3 || need python3
have jq || need jq
have pdftotext || need pdftotext
for lib in jansson:jansson.h curl:curl/curl.h zstd:zstd.h \
	stemmer:libstemmer.h utf8proc:utf8proc.h zlib:zlib.h cmark:cmark.h \
	xxhash:xxhash.h; do
	header "${lib#*:}" || need "${lib%%:*}"
done
pkg-config --exists libxml-2.0 2>/dev/null || need xml2
echo '#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>' | ${CC:-cc} -E -xc - >/dev/null 2>&1 || need pcre2
echo '#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>' | ${CC:-cc} -E -xc - >/dev/null 2>&1 || need cmocka
if [ $ci = yes ]; then
	for tool in clang clang-format mandoc shellcheck zsh fish parallel; do
		have $tool || need $tool
	done
fi
[ -n "$missing" ] || exit 0

if have apt-get; then
	install="apt-get install -y --no-install-recommends"
	table="cc:gcc,libc6-dev jansson:libjansson-dev curl:libcurl4-openssl-dev
		zstd:libzstd-dev stemmer:libstemmer-dev utf8proc:libutf8proc-dev
		zlib:zlib1g-dev pcre2:libpcre2-dev cmocka:libcmocka-dev
		cmark:libcmark-dev xxhash:libxxhash-dev xml2:libxml2-dev
		pdftotext:poppler-utils clang:clang,libclang-rt-dev"
elif have dnf; then
	install="dnf install -y"
	table="cc:gcc jansson:jansson-devel curl:libcurl-devel
		zstd:libzstd-devel stemmer:libstemmer-devel
		utf8proc:utf8proc-devel zlib:zlib-devel pcre2:pcre2-devel
		cmocka:libcmocka-devel cmark:cmark-devel xxhash:xxhash-devel xml2:libxml2-devel
		pkg-config:pkgconf-pkg-config
		pdftotext:poppler-utils
		clang-format:clang-tools-extra shellcheck:ShellCheck"
elif have apk; then
	install="apk add"
	table="cc:gcc,musl-dev jansson:jansson-dev curl:curl-dev zstd:zstd-dev
		stemmer:snowball-dev utf8proc:utf8proc-dev zlib:zlib-dev
		pcre2:pcre2-dev cmocka:cmocka-dev cmark:cmark-dev xxhash:xxhash-dev xml2:libxml2-dev
		pdftotext:poppler-utils
		pkg-config:pkgconf clang-format:clang-extra-tools"
elif have pacman; then
	install="pacman -S --needed --noconfirm"
	table="cc:gcc stemmer:snowball utf8proc:libutf8proc xml2:libxml2
		python3:python pdftotext:poppler
		pkg-config:pkgconf clang-format:clang"
else
	echo "kb needs:$missing (this system's package manager is not known;" \
		"install their development files)" >&2
	exit 1
fi

packages=
for item in $missing; do
	name=$item
	for pair in $table; do
		[ "${pair%%:*}" = "$item" ] && name=${pair#*:}
	done
	packages="$packages $(echo "$name" | tr ',' ' ')"
done

sudo=
[ "$(id -u)" = 0 ] || sudo="sudo "
command="${sudo}${install}${packages}"
case $install in apt-get*) command="${sudo}apt-get update && $command" ;; esac

if [ $print = yes ]; then
	echo "$command"
	exit 0
fi
if [ "${KB_NO_DEPS:-0}" != 0 ] || { [ -n "$sudo" ] && ! have sudo; }; then
	echo "packages are missing; install them with: $command" >&2
	exit 1
fi
echo "+ $command" >&2
export DEBIAN_FRONTEND=noninteractive
sh -c "$command" >&2 || {
	echo "the packages could not be installed; try: $command" >&2
	exit 1
}
