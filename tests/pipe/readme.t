#!/bin/sh
# Every command of the README runs as it is typed, in one directory from top to
# bottom, on a terminal, and shows what the README says; "..." stands for what
# is left out. A block of commands that cannot run here says why.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
need kb-index kb-ask jq script python3
readme=$ROOT/README.md

# What is no console, text or drawing has a reason in front of it.
awk '/^```/ { if (!inside && $0 == "```sh" && last !~ /^<!-- not run: .*-->$/)
		print NR ": " $0; inside = !inside }
	{ last = $0 }' "$readme" >unmarked
is "what is not run says why" "$(cat unmarked)" ""
is "there are commands that run" \
	"$([ "$(grep -c '^\$ ' "$readme")" -ge 12 ] && echo enough)" enough

mkdir -p "$T/run/tests/data" "$T/ex"
cp -r "$ROOT/tests/data/shop" "$ROOT/tests/data/questions.jsonl" \
	"$T/run/tests/data/"
ln -s "$KB_BIN" "$T/run/build"
awk -v dir="$T/ex" '
	/^```/ { inside = $0 == "```console"; next }
	!inside { next }
	/^\$ / { n = sprintf("%03d", ++count); print substr($0, 3) >(dir "/" n ".cmd")
		printf "" >(dir "/" n ".want"); next }
	{ print >(dir "/" n ".want") }' "$readme"

# shown_matches GOT WANT: line by line, but for what "..." leaves out
cat >matches.py <<'PY'
import re, sys
got, want = (open(name, encoding="utf8").read() for name in sys.argv[1:3])
lines = [re.escape(line).replace(re.escape("..."), ".*")
         if line != "..." else r"(?:.*\n)*?.*" for line in want.splitlines()]
sys.exit(not re.fullmatch("\n".join(lines), got.rstrip("\n")))
PY
export NO_COLOR=1 TERM=dumb
cd "$T/run" || exit 2
for cmd in "$T"/ex/*.cmd; do
	n=${cmd##*/} n=${n%.cmd}
	shown=$(head -1 "$cmd" | cut -c1-60 | tr -d '\\')
	case $shown in PATH=*) continue ;; esac
	script -qec "sh '$cmd'" /dev/null </dev/null >"$T/out" 2>&1
	is "$shown: status" $? 0
	tr -d '\r' <"$T/out" >"$T/got"
	if python3 "$T/matches.py" "$T/got" "$T/ex/$n.want"; then
		pass "$shown: shows what the README says"
	else
		fail "$shown: shows what the README says" "$T/got"
	fi
done
cd "$T" || exit 2

# What it refers to is there.
grep -oE '\]\([^)]*\)' "$readme" "$ROOT"/man/*.md | while IFS= read -r link; do
	file=${link%%:*} to=$(printf '%s' "$link" | sed 's/.*](//; s/)$//')
	[ -e "${file%/*}/$to" ] || echo "$link"
done >missing
is "its links lead to files" "$(cat missing)" ""
grep -oE '`man [a-z-]+`' "$readme" | tr -d '`' | while read -r _ page; do
	ls "$ROOT/man/$page".[1-9] >/dev/null 2>&1 || echo "$page"
done >missing
is "its manual pages are there" "$(cat missing)" ""
grep -oE '`make [a-z-]+`' "$readme" | tr -d '`' | sort -u | while read -r _ what; do
	grep -qE "^([a-z-]+ )*$what( [a-z-]+)*:" "$ROOT/Makefile" || echo "$what"
done >missing
is "what it makes can be made" "$(cat missing)" ""
has "it names the command of the tests" "$readme" '`make check`'
finish
