#!/bin/sh
# Option tables, manual pages and completions say the same, and the pages'
# examples that are marked so run and print what they show.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search
cd "$ROOT" || exit 2
programs=$(cd cmd && ls -- *.c | sed 's/\.c$//')

# Long options that a page has an entry for.
entries() { grep -h '^\.It Fl' "$@" | grep -oE ' -[a-z][a-z0-9-]*' |
	sed 's/^ -//' | sort -u; }
entries man/kb.7 >"$T/common"

for p in $programs; do
	command -v "$p" >/dev/null || {
		fail "$p is built"
		continue
	}
	if [ ! -f "man/$p.1" ]; then
		fail "$p has a page: man/$p.1"
		continue
	fi
	"$p" --dump-options | cut -f2 | sort -u >"$T/has"
	entries "man/$p.1" >"$T/own"
	sort -u "$T/own" "$T/common" | comm -23 "$T/has" - >"$T/missing"
	is "each option of $p is in its page or kb(7)" "$(cat "$T/missing")" ""
	comm -13 "$T/has" "$T/own" >"$T/more"
	is "each option in $p(1) exists" "$(cat "$T/more")" ""
	"$p" --help >"$T/help"
	is "--help of $p fits 80 columns" \
		"$(awk 'length > 80' "$T/help")" ""
	ok "... and a screen" [ "$(wc -l <"$T/help")" -le 40 ]
	for section in NAME SYNOPSIS DESCRIPTION 'EXIT STATUS' EXAMPLES LIMITS; do
		grep -q "^\.Sh $section\$" "man/$p.1" || echo "$section"
	done >"$T/sections"
	is "$p(1) has the sections a page has" "$(cat "$T/sections")" ""
done

sh tests/completions.sh "$KB_BIN" "$T/completions"
for file in "$T"/completions/*; do
	same "completions/${file##*/} is up to date (make completions)" \
		"$file" "completions/${file##*/}"
done
for shell in bash zsh fish; do
	command -v $shell >/dev/null || continue
	for file in completions/*; do
		case $shell:$file in
		bash:*.bash | zsh:*/_* | fish:*.fish) $shell -n "$file" || echo "$file" ;;
		esac
	done >"$T/bad" 2>&1
	is "$shell reads its completions" "$(cat "$T/bad")" ""
done
if command -v mandoc >/dev/null; then
	mandoc -T lint -W warning man/*.[1-9] >"$T/lint" 2>&1
	is "mandoc finds nothing in the pages" "$(cat "$T/lint")" ""
fi

# An example marked by the line .\" run: "$ " begins a command, lines that
# begin with blanks continue it, the rest is what it prints (nothing said,
# nothing compared). They run in one directory a page, with the sample shop
# as tests/data/shop, its index shop.kb and its questions.jsonl.
examples() {
	awk -v dir="$2" '
	/^\.\\" run/ { marked = 1; next }
	/^\.Bd/ && marked { n++; inside = 1; marked = 0; next }
	/^\.Ed/ { inside = 0 }
	inside {
		gsub(/\\e/, "\\"); gsub(/\\&/, "")
		if (/^\$ /) { print substr($0, 3) >(dir "/" n ".cmd"); cmd = 1 }
		else if (cmd && /^[ \t]/) print >(dir "/" n ".cmd")
		else { print >(dir "/" n ".want"); cmd = 0 }
	}' "$1"
}
kb-index "$T/shop.kb" tests/data/shop >"$T/log" 2>&1
for page in man/*.[1-9]; do
	name=${page#man/}
	mkdir -p "$T/ex" "$T/run/tests/data"
	rm -rf "$T/ex/"* "$T/run/shop.kb"
	examples "$page" "$T/ex"
	cp -r "$T/shop.kb" "$T/run/"
	cp -r tests/data/shop "$T/run/tests/data/"
	cp tests/data/questions.jsonl "$T/run/"
	for cmd in "$T"/ex/*.cmd; do
		[ -f "$cmd" ] || continue
		n=${cmd##*/} n=${n%.cmd}
		if grep -q '\bjq\b' "$cmd" && ! command -v jq >/dev/null; then
			skip "$name: example $n" "jq is not there"
			continue
		fi
		(cd "$T/run" && sh "$cmd") >"$T/out" 2>"$T/err" || echo "status $?" >>"$T/err"
		if [ -f "$T/ex/$n.want" ]; then
			same "$name: example $n prints what it shows" \
				"$T/out" "$T/ex/$n.want"
		else
			is "$name: example $n runs" "$(cat "$T/err")" ""
		fi
	done
done
finish
