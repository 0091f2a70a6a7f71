#!/bin/sh
# The rules of the house that a machine can check: includes go downward only,
# names of files and of structures are unique, every global symbol starts with
# kb_, sizes, banned calls, words of unfinished work. Prints one line a
# breach; exit 1 when there is any.
#
# usage: tests/floors.sh [LIBRARY.a]
set -u
cd "$(dirname "$0")/.." || exit 2

breaches=$(mktemp) || exit 2
trap 'rm -f "$breaches"' EXIT
breach() { echo "$*" >>"$breaches"; }

# The floor of a folder. A file includes its own folder and lower floors, of
# which a part of a subject (index/write) has one of its own above the subject.
floor() {
	case $1 in
	base) echo 0 ;;
	json | text | doc/roff) echo 10 ;;
	quantity) echo 11 ;;
	token/piece) echo 14 ;;
	token) echo 15 ;;
	token/data) echo 16 ;;
	record | learn | doc | store | crawl | terminal) echo 20 ;;
	convert/office) echo 21 ;;
	convert) echo 22 ;;
	encoder) echo 25 ;;
	net/http | answer/lexicon) echo 29 ;;
	posting | vector | graph | net | template | answer | claim | classify) echo 30 ;;
	index) echo 40 ;;
	index/write) echo 41 ;;
	index/ingest) echo 42 ;;
	gazetteer) echo 45 ;;
	query) echo 50 ;;
	schema) echo 55 ;;
	search/lexical) echo 60 ;;
	search) echo 61 ;;
	tune | cache | passage | cascade) echo 70 ;;
	relevance) echo 71 ;;
	evidence) echo 72 ;;
	dialogue) echo 75 ;;
	llm | prompt | context | verify | eval | mask) echo 80 ;;
	ask) echo 85 ;;
	cli) echo 90 ;;
	*) echo none ;;
	esac
}

sources=$(find lib -name '*.[ch]' | LC_ALL=C sort)

for file in $sources; do
	dir=${file#lib/} dir=${dir%/*}
	from=$(floor "$dir")
	[ "$from" = none ] && breach "$file: folder '$dir' has no floor"
	# shellcheck disable=SC2013 # folder names hold no blanks
	for target in $(sed -n 's/^#include "\(.*\)\/[^/]*"$/\1/p' "$file" |
		sort -u); do
		[ "$target" = "$dir" ] && continue
		to=$(floor "$target")
		if [ "$dir" = cli ]; then
			case $target in base | json | text | record | terminal) ;; *)
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

# Within a folder the sources form layers, too: X.c, X.h and X_impl.h are one,
# and what it includes does not lead back to it. In some folders it still does.
in_circles=' answer base cli graph index index/write json learn llm posting'
in_circles="$in_circles prompt template text quantity passage relevance evidence"
in_circles="$in_circles "
# shellcheck disable=SC2044 # names of the tree hold no blanks
for dir in $(find lib -mindepth 1 -type d); do
	case $in_circles in *" ${dir#lib/} "*) continue ;; esac
	circle=$(for file in "$dir"/*.[ch]; do
		[ -f "$file" ] || continue
		one=${file%.[ch]} one=${one#lib/}
		sed -nE "s,^#include \"(${dir#lib/}/[^/]*)\.h\"$,\1,p" "$file" |
			sed "s,_impl$,,; s,^,${one%_impl} ,"
	done | tsort 2>&1 >/dev/null | sed -n 's,^tsort: \(.*/\),\1,p' |
		sort -u | tr '\n' ' ')
	[ -z "$circle" ] || breach "$dir: in a circle stand ${circle% }"
done

# A folder is a room: at most 20 sources. What a reader greps for is there once.
find lib -name '*.c' | sed 's/\/[^/]*$//' | sort | uniq -c |
	while read -r n dir; do
	[ "$n" -gt 20 ] && breach "$dir: $n sources, more than 20"
done
find lib cmd -name '*.[ch]' | sed 's/.*\///' | sort | uniq -d |
	while read -r name; do breach "two files are named $name"; done
# shellcheck disable=SC2086 # names of the tree hold no blanks
grep -hoE '^(struct|enum|union) kb_[a-z0-9_]+ \{' $sources cmd/*.c | sort |
	uniq -d | while read -r kind name _; do
	breach "two structures are named '$kind $name'"
done

# The lines of a program without its rows of options.
but_rows() {
	awk '/^static const struct kb_opt .*\[\] = \{$/ { inside = 1 }
		!inside { n++ }
		inside && /^\};$/ { inside = 0 }
		END { print n + 0 }' "$1"
}

# Size ceilings; tables of data are exempt by their name. A program has 170
# lines beside its rows of options, and 320 with them.
for file in cmd/*.c $sources; do
	[ -f "$file" ] || continue
	case $file in *table* | *_data*) continue ;; esac
	lines=$(wc -l <"$file")
	case $file in
	cmd/*.c)
		max=320 rest=$(but_rows "$file")
		[ "$rest" -gt 170 ] &&
			breach "$file: $rest lines beside its options, more than 170"
		;;
	*.h) max=200 ;;
	*) max=600 ;;
	esac
	[ "$lines" -gt $max ] && breach "$file: $lines lines, more than $max"
done

banned='\b(strcat|strtok|gets|atoi|atol|atof|setlocale|system|popen|tmpnam|mktemp) *\('
# shellcheck disable=SC2086
grep -nE "$banned" cmd/*.c $sources | grep -v '^[^:]*:[0-9]*:[[:space:]]*\*' |
	while read -r line; do breach "banned call: $line"; done
# shellcheck disable=SC2086
grep -nE '^typedef struct' cmd/*.c $sources 2>/dev/null |
	while read -r line; do breach "typedef of a struct: $line"; done
# shellcheck disable=SC2086
grep -nwiE 'TODO|FIXME|XXX|HACK|stub|dummy|placeholder' cmd/*.c $sources \
	Makefile man/* README.md CHANGELOG.md 2>/dev/null |
	while read -r line; do breach "unfinished: $line"; done

# A number that ranks or judges stands in a *_weights.h, whose head says where
# it comes from. Free are 0, .5, 1, 2, 10, 100 and powers of ten as tolerances;
# units of measure are as they are, and the codes of vectors choose what is looked
# at first, not what is better.
for file in $sources; do
	case $file in
	*_weights.h | *table* | lib/quantity/unit.c | */vector_search.c) continue ;;
	esac
	case $file in
	lib/search/* | lib/query/* | lib/tune/* | lib/graph/* | lib/vector/* | \
		lib/index/* | lib/verify/* | lib/passage/* | lib/relevance/* | lib/evidence/* | lib/claim/* | lib/classify/* | lib/context/* | lib/dialogue/* | lib/llm/* | \
		lib/answer/* | lib/posting/* | lib/text/* | lib/learn/*) ;;
	*) continue ;;
	esac
	sed -E 's/"([^"\\]|\\.)*"//g; s,/\*.*\*/,,; /^[[:space:]]*\/?\*/d; s,/\*.*,,' "$file" |
		grep -oE '(^|[^A-Za-z0-9_.])([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+e-?[0-9]+)' |
		sed -E 's/^[^0-9.]//' |
		grep -vE '^0*(\.0*|\.50*|1\.0*|2\.0*|10\.0*|100\.0*|1e-?[0-9]+)$' |
		sort -u | while read -r number; do
		breach "$file: $number stands outside of a *_weights.h"
	done
done

for file in $sources; do
	case $file in *_weights.h) ;; *) continue ;; esac
	head -n 20 "$file" | grep -qE 'tests/eval/|\b(19|20)[0-9][0-9]\b|--tune' ||
		breach "$file: does not say in its head where its numbers come from"
done

for file in $sources; do
	case $file in *.c) continue ;; esac
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
	# What nothing but its own source refers to is static, or dead; tests
	# may have a way in that programs do not need.
	used=$(mktemp) || exit 2
	nm -u "$1" 2>/dev/null | awk 'NF == 2 { print $2 }' |
		sort -u >"$used"
	nm -g --defined-only "$1" 2>/dev/null |
		awk 'NF == 3 && $2 ~ /[TDBR]/ && $3 ~ /^kb_/ { print $3 }' |
		sort -u | comm -23 - "$used" | while read -r name; do
		grep -qrw --include='*.[ch]' "$name" cmd tests lib/token/data ||
			breach "$1: no other file refers to '$name'"
	done
	rm -f "$used"
fi

cat "$breaches"
[ ! -s "$breaches" ]
