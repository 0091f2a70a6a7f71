#!/bin/sh
# --gitignore takes of a directory what git would.
. "$(dirname "$0")/../lib.sh"
need kb-index jq

mkdir -p r/docs/build r/docs/src r/.git/info
echo '*.tmp' >r/.git/info/exclude
printf 'build/\n*.log\n/top.md\n' >r/.gitignore
printf '!keep.log\n' >r/docs/.gitignore
for f in a.md top.md a.log docs/top.md docs/keep.log docs/x.log docs/a.tmp \
	docs/build/out.md docs/src/x.log; do
	echo "some words" >"r/$f"
done
taken() { kb-index --dump "$1" | jq -r .id | sort | tr '\n' ' '; }
run kb-index -v --gitignore r.kb r
is "what git ignores is passed over" "$status $(taken r.kb)" \
	"0 r/a.md r/docs/keep.log r/docs/top.md "
has "... and said with -v" err "'r/docs/build': ignored by git"
run kb-index --gitignore d.kb r/docs
is "... also by what stands above the path" "$status $(taken d.kb)" \
	"0 r/docs/keep.log r/docs/top.md "
run kb-index --gitignore f.kb r/a.log
is "a file that is named is taken" "$status $(taken f.kb)" "0 r/a.log "
run kb-index n.kb r
is "without the option all are" "$(kb-index --info n.kb | jq .documents)" 9
mkdir big && echo words >big/a.txt
awk 'BEGIN { for (i = 0; i < 300000; i++) print "pattern-number-" i }' \
	>big/.gitignore
run kb-index --gitignore b.kb big
is "a huge file is said" "$status" 3
has "... with its limit" err "'big': '.gitignore' is longer than 4194304 bytes"

# ---- beside git ----
if command -v git >/dev/null && command -v python3 >/dev/null; then
	git init -q t
	python3 "$ROOT/tests/pipe/helper/gitignore.py" t 300
	git -C t -c core.excludesFile=/dev/null -c core.quotePath=false \
		ls-files -o --exclude-standard |
		grep -v '\.gitignore$' | LC_ALL=C sort >want
	kb-index --gitignore --no-graph --no-word-vectors t.kb t
	kb-index --dump t.kb | jq -r .id | sed 's|^t/||' | LC_ALL=C sort >got
	same "made-up patterns mean to both the same" got want
	ok "... of thousands of files" test "$(wc -l <want)" -gt 4000
fi
finish
