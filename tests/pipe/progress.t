#!/bin/sh
# Progress of kb-index: on a terminal by itself, in one line that fits and is
# gone at the end; nowhere else.
. "$(dirname "$0")/../lib.sh"
need kb-index script

mkdir docs
seq 30000 | sed 's/.*/{"id":"d&","text":"words of number &"}/' >docs/a.jsonl
echo "no document" >>docs/a.jsonl
# seen COMMAND: what a terminal of 30 columns gets of it, a line each
seen() {
	script -qc "stty cols 30; $1" /dev/null </dev/null |
		tr '\r' '\n' | grep . >lines
}
seen "kb-index --no-graph --no-word-vectors k.kb docs"
has "what follows the reading is told" lines "K.*: 30001 records"
is "... in a line that fits" "$(sed "s/$(printf '\033')\[K//" lines |
	grep records | awk 'length >= 30' | wc -l)" 0
is "... erased in the end" "$(tail -1 lines | od -An -c | tr -d ' ')" '033[K\n'
has "a problem stands in a line of its own" lines \
	"^kb-index: docs/a.jsonl:30001: "
seen "kb-index --no-progress --rebuild k.kb docs"
is "--no-progress has none" "$(grep -c records lines)" 0
seen "TERM=dumb kb-index --rebuild k.kb docs"
is "nor has a terminal that erases nothing" "$(grep -c records lines)" 0
seen "kb-index --rebuild k.kb docs | cat"
is "nor a pipe" "$(grep -c records lines)" 0
run kb-index --rebuild k.kb docs
is "nor a job" "$(grep -c records err)" 0
finish
