#!/bin/sh
# One archive with programs for any Linux of this kind of processor: its
# kernel, a shell and 'readlink -f' are all that it takes.
#
# Most programs are static. Those that open libraries while they run (iconv's
# tables, libcurl, libxml2, libedit) cannot be: they come as they are, with the
# C library that they were linked with, its loader and those libraries in
# lib/kb, and a script of the program's name in bin/ starts them by that loader.
# So nothing of the system's libraries is used, which may be older, or of
# another kind (musl).
#
# usage: static.sh BUILD_DIR VERSION PROGRAM...		PROGRAM loads libraries
set -eu
build=$1 version=$2
shift 2
cd "$(dirname "$0")/.."
fail() {
	echo "static.sh: $*" >&2
	exit 1
}
name=kb-$version-linux-$(uname -m)
root=$build/static/$name
rm -rf "$build/static"
mkdir -p "$root/bin" "$root/lib/kb" "$root/licences"

loads() { # PROGRAM...: is $p one of them
	for other; do [ "$other" = "$p" ] && return; done
	return 1
}
for p in cmd/*.c; do
	p=${p#cmd/} p=${p%.c}
	at=$root/bin
	loads "$@" && at=$root/lib/kb/programs && mkdir -p "$at"
	strip -o "$at/$p" "$build/$p"
	[ "$at" != "$root/bin" ] && continue
	readelf -l "$at/$p" | grep -q INTERP &&
		fail "'$p' is not static: install the archives (.a) of the" \
			"libraries and of glibc, then 'make clean static'"
done

# What the others need, and what they open: each with all that it needs.
opened='libcurl.so.4 libxml2.so.2 libedit.so.2'
machine() { od -An -tx1 -j18 -N2 "$1"; } # of an ELF file
where() { # SONAME: its path; the loader's own table knows, of all kinds
	for path in $(/sbin/ldconfig -p | awk -v name="$1" '$1 == name {
		print $NF }'); do
		[ "$(machine "$path")" = "$(machine "$root/lib/kb/programs/$2")" ] &&
			echo "$path" && return
	done
}
for soname in $opened; do
	path=$(where "$soname" "$1")
	[ -n "$path" ] || fail "no $soname here: install its library"
	echo "$path"
done >"$build/static/files"
loader=$(readelf -p .interp "$root/lib/kb/programs/$1" |
	sed -n 's/.*\] *\(\/.*\)$/\1/p')
[ -f "$loader" ] || fail "no loader '$loader'"
for object in "$root"/lib/kb/programs/* $(cat "$build/static/files"); do
	ldd "$object" | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p'
done | sort -u - "$build/static/files" >"$build/static/all"
# iconv's tables: gconv opens one for an encoding.
gconv=$(dirname "$(grep '/libc\.so' "$build/static/all")")/gconv
mkdir -p "$root/lib/kb/gconv"
for encoding in UTF-16 UTF-32 UNICODE GB18030 GBK GBGBK BIG5 BIG5HKSCS EUC-CN \
	EUC-TW EUC-KR EUC-JP SJIS CP932 UHC libGB libCNS libJIS libKSC \
	libJISX0213 ISO8859-1 ISO8859-2 ISO8859-5 ISO8859-7 ISO8859-9 \
	ISO8859-15 CP1250 CP1251 CP1252 CP1253 CP1254 KOI8-R KOI8-U IBM437 \
	IBM850 MACINTOSH; do
	[ ! -f "$gconv/$encoding.so" ] ||
		cp "$gconv/$encoding.so" "$root/lib/kb/gconv/"
done
cp "$gconv/gconv-modules" "$root/lib/kb/gconv/"
cat "$gconv"/gconv-modules.d/*.conf >>"$root/lib/kb/gconv/gconv-modules"
while read -r path; do
	cp -L "$path" "$root/lib/kb/"
done <"$build/static/all"
cp -L "$loader" "$root/lib/kb/loader"

for p; do
	cat >"$root/bin/$p" <<-'SCRIPT'
		#!/bin/sh
		# Starts the program of this name by the loader that came with it.
		self=$0
		[ ! -L "$self" ] || self=$(readlink -f "$self")
		case $self in */*) ;; *) self=./$self ;; esac
		lib=${self%/*}/../lib/kb
		export GCONV_PATH="${GCONV_PATH:-$lib/gconv}"
		exec "$lib/loader" --library-path "$lib" --argv0 "${0##*/}" \
			"$lib/programs/${self##*/}" "$@"
	SCRIPT
	chmod 755 "$root/bin/$p"
done
# A program looks for llm-call beside the file that runs, which is the loader.
ln -s ../../bin/llm-call "$root/lib/kb/llm-call"

for dir in bash-completion/completions zsh/site-functions \
	fish/vendor_completions.d; do
	mkdir -p "$root/share/$dir"
done
for page in man/*.[1-9]; do
	mkdir -p "$root/share/man/man${page##*.}"
	cp "$page" "$root/share/man/man${page##*.}/"
done
for p in cmd/*.c; do
	p=${p#cmd/} p=${p%.c}
	cp "completions/$p.bash" \
		"$root/share/bash-completion/completions/$p"
	cp "completions/_$p" "$root/share/zsh/site-functions/"
	cp "completions/$p.fish" "$root/share/fish/vendor_completions.d/"
done
mkdir -p "$root/share/doc/kb/examples"
cp -r tests/data/shop tests/data/questions.jsonl tests/data/dialogues.jsonl \
	"$root/share/doc/kb/examples/"
cp LICENSE NOTICE CHANGELOG.md README.md "$root/"
cp packaging/licences/*.txt "$root/licences/"
# The notices of what lib/kb holds, as its packages bring them.
while read -r path; do
	owner=$(dpkg -S "$(realpath "$path")" "$path" 2>>"$build/static/log" |
		sed -n '1s/:.*//p')
	[ -n "$owner" ] && [ -f "/usr/share/doc/$owner/copyright" ] ||
		fail "no notice for '$path': 'make static' needs Debian or Ubuntu"
	cp "/usr/share/doc/$owner/copyright" "$root/licences/$owner.txt"
	dpkg-query -W -f='${Package} ${Version}\n' "$owner"
done <"$build/static/all" | sort -u >"$root/licences/VERSIONS"

tar -c --sort=name --owner=0 --group=0 --numeric-owner \
	--mtime="@$SOURCE_DATE_EPOCH" -C "$build/static" "$name" |
	gzip -n9 >"$build/$name.tar.gz"
echo "$build/$name.tar.gz"
