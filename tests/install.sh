#!/bin/sh
# 'make install' puts every file where it belongs, the installed programs
# run, and 'make uninstall' leaves no file behind.
set -eu
cd "$(dirname "$0")/.."
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
make -s install DESTDIR="$root" PREFIX=/usr >/dev/null
for program in "$root"/usr/bin/*; do
	"$program" --version >/dev/null
done
[ -f "$root/usr/share/man/man5/kb-record.5" ]
# The examples of the pages have their documents.
"$root/usr/bin/kb-index" "$root/shop.kb" "$root/usr/share/doc/kb/examples/shop"
for file in questions.jsonl dialogues.jsonl; do
	cmp "tests/data/$file" "$root/usr/share/doc/kb/examples/$file"
done
rm -r "$root/shop.kb"
make -s uninstall DESTDIR="$root" PREFIX=/usr >/dev/null
left=$(find "$root" -type f)
[ -z "$left" ] || { echo "left behind: $left"; exit 1; }
