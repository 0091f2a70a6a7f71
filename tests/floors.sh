#!/bin/sh
# The rules of the house that a machine can check: includes go downward only,
# every global symbol starts with kb_, sizes, banned calls, words of
# unfinished work. Prints one line a breach; exit 1 when there is any.
#
# usage: tests/floors.sh [LIBRARY.a]
set -u
cd "$(dirname "$0")/.." || exit 2

breaches=$(mktemp) || exit 2
trap 'rm -f "$breaches"' EXIT
breach() { echo "$*" >>"$breaches"; }

floor() {
	case $1 in
	base) echo 0 ;;
	text | json) echo 1 ;;
	doc | store | learn | model) echo 2 ;;
	index | net) echo 3 ;;
	search) echo 4 ;;
	prompt | context | verify | cache | eval) echo 5 ;;
	cli) echo 6 ;;
	*) echo none ;;
	esac
}

for file in lib/*/*.[ch]; do
	dir=${file#lib/} dir=${dir%%/*}
	from=$(floor "$dir")
	[ "$from" = none ] && breach "$file: folder '$dir' has no floor"
	# shellcheck disable=SC2013 # folder names hold no blanks
	for target in $(sed -n 's/^#include "\([a-z]*\)\/.*/\1/p' "$file" |
		sort -u); do
		[ "$target" = "$dir" ] && continue
		to=$(floor "$target")
		if [ "$dir" = cli ]; then
			case $target in base | json | text) ;; *)
				breach "$file: cli includes $target" ;;
			esac
		elif [ "$target" = cli ]; then
			breach "$file: only cmd/ may include cli"
		elif [ "$to" = none ] || [ "$to" -ge "$from" ]; then
			breach "$file: $dir (floor $from) includes $target (floor $to)"
		fi
	done
	case $file in
	lib/net/*) ;;
	*) grep -q 'curl/curl.h' "$file" && breach "$file: uses libcurl" ;;
	esac
done

# Size ceilings; tables of data are exempt by their name.
for file in cmd/*.c lib/*/*.[ch]; do
	[ -f "$file" ] || continue
	case $file in *table* | *_data*) continue ;; esac
	lines=$(wc -l <"$file")
	case $file in
	cmd/*.c) max=150 ;;
	*.h) max=200 ;;
	*) max=600 ;;
	esac
	[ "$lines" -gt $max ] && breach "$file: $lines lines, more than $max"
done

banned='\b(strcat|strtok|gets|atoi|atol|atof|setlocale|system|popen|tmpnam|mktemp) *\('
grep -nE "$banned" cmd/*.c lib/*/*.[ch] | grep -v '^[^:]*:[0-9]*:[[:space:]]*\*' |
	while read -r line; do breach "banned call: $line"; done
grep -nE '^typedef struct' cmd/*.c lib/*/*.[ch] 2>/dev/null |
	while read -r line; do breach "typedef of a struct: $line"; done
grep -nwiE 'TODO|FIXME|XXX|HACK|stub|dummy|placeholder' cmd/*.c lib/*/*.[ch] Makefile man/* README.md \
	2>/dev/null | while read -r line; do breach "unfinished: $line"; done

for file in lib/*/*.h; do
	guard=KB_$(echo "${file#lib/}" | tr 'a-z/.-' 'A-Z___')
	grep -q "^#ifndef $guard\$" "$file" ||
		breach "$file: include guard is not $guard"
	awk 'NR == 1 { exit !/^\/\*/ }' "$file" ||
		breach "$file: does not open with what it is for"
done

if [ $# -gt 0 ]; then
	nm -g --defined-only "$1" 2>/dev/null |
		awk 'NF == 3 && $2 ~ /[TDBRC]/ && $3 !~ /^kb_/ { print $3 }' |
		grep -vE '^(__(asan|odr|gcov|ubsan|tsan|llvm|sanitizer|start|stop)|___)' |
		sort -u | while read -r name; do
		breach "$1: global symbol '$name' does not start with kb_"
	done
fi

cat "$breaches"
[ ! -s "$breaches" ]
