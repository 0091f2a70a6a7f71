#!/bin/sh
# Option tables, manual pages and completions say the same, and the pages'
# examples that are marked so run and print what they show.
. "$(dirname "$0")/../lib.sh"
need kb-index kb-search
cd "$ROOT" || exit 2
programs=$(cd cmd && ls -- *.c | sed 's/\.c$//')

# What a program says about its options: those of its commands, too.
options() {
	{
		"$1" --dump-options
		for command in $(commands "$1"); do
			"$1" "$command" --dump-options
		done
	} | awk -F '\t' '$4 != "command"' | sort -u
}
commands() { "$1" --dump-options | awk -F '\t' '$4 == "command" { print $2 }'; }

# How a page writes an option: "-k, --hits=n", "--over=error|flag".
notation() { awk -F '\t' '{
	value = $4 == "choice" ? $5 : tolower($3)
	print ($1 == "" ? "" : "-" $1 " , ") "--" $2 (value == "" ? "" : "=" value)
}' | sort -u; }

# The entries of pages for options, in that form.
entries() { sed -n -e '/^\.It Fl/!d' -e 's/^\.It //' -e 's/Fl /-/g' \
	-e 's/ | /|/g' -e 's/ Ns \([^ ]\) Ns [AC][rm] /\1/g' -e p "$@" | sort -u; }
names() { sed 's/.*--\([a-z-]*\).*/\1/' "$@" | sort -u; }

# A synopsis is the same in --help and in the page, but that the page has
# placeholders in lower case and "..." inside of brackets.
synopsis() {
	"$@" --help | sed -n '1s/^usage: //p' |
		sed -e 's/\]\.\.\./ ...]/g' | tr 'A-Z' 'a-z'
}

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
	options "$p" >"$T/rows"
	notation <"$T/rows" >"$T/has"
	entries "man/$p.1" >"$T/own"
	names "$T/has" >"$T/has.names"
	names "$T/own" "$T/common" | comm -23 "$T/has.names" - >"$T/missing"
	is "each option of $p is in its page or kb(7)" "$(cat "$T/missing")" ""
	comm -13 "$T/has" "$T/own" >"$T/more"
	is "each option in $p(1) exists and is written alike" \
		"$(cat "$T/more")" ""
	cut -f2,4 "$T/rows" | awk '{ kind[$1] = $2 } END {
		for (name in kind) if (kind[name] == "flag" && ("no-" name) in kind)
			print name }' >"$T/both"
	is "no flag of $p has its opposite in a row of its own" \
		"$(cat "$T/both")" ""
	for command in '' $(commands "$p"); do
		"$p" $command --help >"$T/help"
		is "--help of $p $command fits 80 columns" \
			"$(awk 'length > 80' "$T/help")" ""
		ok "... and a screen" [ "$(wc -l <"$T/help")" -le 44 ]
		if [ -n "$command" ] || [ -z "$(commands "$p")" ]; then
			command -v mandoc >/dev/null || continue
			mandoc -T ascii -O width=100 "man/$p.1" | col -b >"$T/page"
			ok "... its usage is a synopsis of $p(1)" \
				grep -qxF "     $(synopsis "$p" $command)" "$T/page"
		fi
	done
	for section in NAME SYNOPSIS DESCRIPTION OPTIONS 'EXIT STATUS' EXAMPLES \
		LIMITS; do
		grep -q "^\.Sh $section\$" "man/$p.1" || echo "$section"
	done >"$T/sections"
	is "$p(1) has the sections a page has" "$(cat "$T/sections")" ""
done
options llm-call | notation >"$T/has"
comm -13 "$T/has" "$T/common" >"$T/more"
is "each option in kb(7) exists and is written alike" "$(cat "$T/more")" ""

# Nothing is spoken of that is not there: programs and pages, and options in
# any page, as such, negated, or as the unique beginning of one.
for p in $programs; do options "$p"; done | cut -f2 | sort -u >"$T/all"
sed -n 's/^\.Ss From //p' man/kb-record.5 |
	grep -vxE "the user|any program|$(echo $programs | tr ' ' '|')" >"$T/unknown"
is "kb-record(5) has members of programs that are there" \
	"$(cat "$T/unknown")" ""
sed -n 's/^\.Xr \([^ ]*\) \([0-9]\).*/\1.\2/p' man/*.[1-9] | sort -u |
	grep -vxE 'flock\.2|nohup\.1|jq\.1|split\.1|crontab\.5|cron\.8' | while read -r page; do
	[ -f "man/$page" ] || echo "$page"
done >"$T/unknown"
is "pages refer to pages that are there" "$(cat "$T/unknown")" ""
grep -hoE '(kb|ctx|doc|llm|fact|prompt|text)-[a-z]+(\(1\)| )' man/*.[1-9] |
	sed 's/[( ].*//' | sort -u |
	grep -vxE "$(echo $programs | tr ' ' '|')|kb-(record|weights|index-format|recipes|tutorial)" \
		>"$T/unknown"
is "no page speaks of a program that is not there" "$(cat "$T/unknown")" ""
grep -hoE '^\.Fl -[a-z-]+|Fl -[a-z-]+' man/*.[1-9] | sed 's/.*Fl -//' |
	sort -u | while read -r name; do
	[ "$(grep -c "^$name" "$T/all")" -ge 1 ] && continue
	grep -qx "${name#no-}" "$T/all" || echo "$name"
done >"$T/unknown"
is "no page speaks of an option that is not there" \
	"$(grep -vx graph "$T/unknown")" ""

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

# bash_offers WORD...: for the last word of a command line
bash_offers() {
	bash -c '. "$0/$1.bash"
		compopt() { :; }
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		"_${1//-/_}"
		printf "%s\n" "${COMPREPLY[@]}"' "$ROOT/completions" "$@"
}
# fish_offers LINE: for its end
fish_offers() {
	fish --no-config -c "source $ROOT/completions/${1%% *}.fish
		complete -C '$1'" | cut -f1
}
plain() { sed 's/[=\/]$//' | sort | tr '\n' ' ' | sed 's/ $//'; }
offers() { # TEXT WORD...: what both shells that can be asked offer
	want=$1
	shift
	if command -v bash >/dev/null; then
		is "bash offers for $*" "$(bash_offers "$@" | plain)" "$want"
	fi
	if command -v fish >/dev/null; then
		is "fish offers for $*" "$(fish_offers "$*" | plain)" "$want"
	fi
}
mkdir -p "$T/place/dirs" && : >"$T/place/file" && cd "$T/place" || exit 2
offers 'retrieval' kb-eval retr
offers '--threshold' kb-eval confidence --thr
offers '' kb-eval answers --thr
offers 'json' kb-eval answers --format j
offers 'drop fail keep' kb-search --on-error ''
offers 'lexical,vector' kb-search --legs lexical,v
offers 'graph' kb-search --legs g
offers 'dirs' kb-search --index d
offers 'file' kb-search --synonyms fil
offers '' kb-search --at f
cd "$ROOT" || exit 2
if command -v mandoc >/dev/null; then
	mandoc -T lint -W warning man/*.[1-9] >"$T/lint" 2>&1
	is "mandoc finds nothing in the pages" "$(cat "$T/lint")" ""
fi

# An example marked by the line .\" run: "$ " begins a command, lines that
# begin with blanks continue it, the rest is what it prints (nothing said,
# nothing compared). They run in one directory a page, with the sample shop
# as tests/data/shop, its index shop.kb, its questions.jsonl, answers.jsonl that
# the pipe makes of them, and talks.jsonl of conversations. A word behind "run"
# is a program without which the example is skipped.
examples() {
	awk -v dir="$2" '
	/^\.\\" run/ { marked = 1; needs = $3; next }
	/^\.Bd/ && marked {
		n++; inside = 1; marked = 0
		if (needs != "") print needs >(dir "/" n ".needs")
		next
	}
	/^\.Ed/ { inside = 0 }
	inside {
		gsub(/\\e/, "\\"); gsub(/\\&/, "")
		if (/^\$ /) { print substr($0, 3) >(dir "/" n ".cmd"); cmd = 1 }
		else if (cmd && /^[ \t]/) print >(dir "/" n ".cmd")
		else { print >(dir "/" n ".want"); cmd = 0 }
	}' "$1"
}
# Every other one says why it does not run: a block of commands in any page, a
# block of anything among the examples.
for page in man/*.[1-9]; do
	awk -v page="${page#man/}" '
	/^\.\\" (run|not run: .)/ { marked = 1; next }
	/^\.Sh/ { among = $2 == "EXAMPLES" }
	/^\.Bd/ { inside = !marked; at = NR; marked = 0; bad = among }
	/^\.Ed/ { if (inside && bad) print page ":" at; inside = 0 }
	inside && /^\$ / { bad = 1 }' "$page"
	grep -q '^\.\\" run' "$page" || echo "$page: no example runs"
done >"$T/unmarked"
is "each example is run, or says why not" "$(cat "$T/unmarked")" ""

# The index knows files by their whole paths, so it is made where they will be.
mkdir -p "$T/run/tests/data"
cp -r tests/data/shop "$T/run/tests/data/"
(cd "$T/run" && kb-index "$T/shop.kb" tests/data/shop) >"$T/log" 2>&1
kb-search "$T/shop.kb" <tests/data/questions.jsonl | prompt-render | llm-call |
	fact-check "$T/shop.kb" >"$T/answers.jsonl"
for page in man/*.[1-9]; do
	name=${page#man/}
	rm -rf "$T/ex" "$T/run"
	mkdir -p "$T/ex" "$T/run/tests/data"
	examples "$page" "$T/ex"
	cp -r "$T/shop.kb" "$T/run/"
	cp -r tests/data/shop tests/data/questions.jsonl \
		tests/data/dialogues.jsonl "$T/run/tests/data/"
	cp tests/data/questions.jsonl "$T/answers.jsonl" "$T/run/"
	cp tests/data/dialogues.jsonl "$T/run/talks.jsonl"
	for cmd in "$T"/ex/*.cmd; do
		[ -f "$cmd" ] || continue
		n=${cmd##*/} n=${n%.cmd}
		if grep -q '\bjq\b' "$cmd" && ! command -v jq >/dev/null; then
			skip "$name: example $n" "jq is not there"
			continue
		fi
		if [ -f "$T/ex/$n.needs" ] &&
			! command -v "$(cat "$T/ex/$n.needs")" >/dev/null; then
			skip "$name: example $n" "no $(cat "$T/ex/$n.needs")"
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
