#!/bin/sh
# An index remembers its sources and options: a refresh without paths is a
# rebuild with them.
. "$(dirname "$0")/../lib.sh"
need kb-index jq

# documents INDEX: its dump without the settings, sorted
documents() {
	kb-index --dump "$1" | jq -c 'del(.kb_dump.settings)' | sort
}
ids() { kb-index --dump "$1" | jq -r .id | sort | tr '\n' ' '; }

mkdir -p docs/sub notes logs 资料
for f in docs/a.md docs/b.txt docs/sub/c.md notes/n.md 资料/退款.md; do
	printf '# %s\n\nwords of %s 退款\n' "$f" "$f" >$f
done
printf '2026-01-02 03:04:05 INFO one\n2026-01-02 03:04:06 INFO two\n' \
	>logs/x.log

# ---- refresh = rebuild ----
run kb-index --include='*.md' a.kb docs
run kb-index --lines a.kb logs
run kb-index a.kb notes 资料
is "other paths are added in silence" "$status $(cat err)" "0 "
echo "more words" >>docs/a.md
echo "left out" >docs/d.txt
echo "new one" >docs/sub/e.md
rm notes/n.md && echo "other" >notes/o.md
printf '2026-01-02 03:04:07 INFO three\n' >>logs/x.log
run kb-index --allow-delete a.kb </dev/null
is "a refresh needs no path" "$status $(cat out err)" "0 "
kb-index --include='*.md' b.kb docs
kb-index --lines b.kb logs
kb-index b.kb notes 资料
documents a.kb >got
documents b.kb >want
same "... and is what a new build makes" got want
grep ^segment a.kb/MANIFEST >before
(cd / && kb-index "$T/a.kb" </dev/null) >said 2>&1
is "... from anywhere" "$(cat said)" ""
grep ^segment a.kb/MANIFEST >after
same "... where nothing is written when nothing changed" before after
run kb-index --rebuild a.kb </dev/null
documents a.kb >got
same "a rebuild without paths reads the same" got want

# ---- standard input ----
echo '{"id":"x","text":"piped"}' >one.jsonl
run kb-index a.kb <one.jsonl
is "what comes in is added" "$(ids a.kb | grep -c 'x ')" 1
echo "again" >>docs/a.md
: | kb-index a.kb
is "a pipe without a byte refreshes" \
	"$(kb-index --dump a.kb | jq -r .text | grep -c again)" 1
is "... and keeps what was piped" "$(ids a.kb | grep -c 'x ')" 1
echo '{"id":"y","text":"piped"}' | kb-index --refresh a.kb
is "--refresh takes no look at it" "$(ids a.kb | grep -c 'y ')" 0
run kb-index --refresh new.kb </dev/null
is "there is nothing to refresh in a new index" \
	"$status $(test -e new.kb || echo none)" "2 none"
one_line kb-index
kb-index piped.kb <one.jsonl
run kb-index --refresh piped.kb
is "... nor in one that was never given a path" "$status" 2
has "... which is said" err "remembers no sources; give them once"
is "--info shows what is remembered" "$(kb-index --info a.kb |
	jq -c '[.sources[] | [.path, .include, .lines]]')" \
	'[["docs",["*.md"],null],["logs",null,true],["notes",null,null],["资料",null,null]]'
KB_INDEX=a.kb run kb-index
is "KB_INDEX names the index" "$status $(cat err)" "0 "
if command -v script >/dev/null; then
	script -qc "kb-index -v a.kb" /dev/null >said </dev/null 2>&1
	has "on a terminal it refreshes, too" said "documents: 0 added"
fi

# ---- sources that are gone ----
mkdir away && mv notes away/notes
n=$(kb-index --info a.kb | jq .documents)
run kb-index a.kb </dev/null
is "a source that is gone is an error that keeps its documents" \
	"$status $(kb-index --info a.kb | jq .documents)" "3 $n"
has "... and says so" err "cannot read 'notes'.*--forget=PATH"
one_line kb-index
echo "gone or not" >>docs/a.md
run kb-index a.kb </dev/null
is "... while the others are refreshed" \
	"$(kb-index --dump a.kb | jq -r .text | grep -c 'gone or not')" 1
mkdir notes
run kb-index a.kb </dev/null
is "so is a directory that is empty" \
	"$status $(kb-index --info a.kb | jq .documents)" "3 $n"
has "... which may be no mount" err "notes' is empty.*is it mounted"
run kb-index --rebuild a.kb </dev/null
is "a rebuild from an empty one is refused" "$status" 2
one_line kb-index
is "... and changes nothing" "$(kb-index --info a.kb | jq .documents)" "$n"
rmdir notes
run kb-index --rebuild a.kb </dev/null
is "so is one from a source that is gone" "$status" 2
run kb-index --forget=notes a.kb
is "the user may forget it" "$status $(ids a.kb | grep -c notes)" "0 0"
run kb-index a.kb </dev/null
is "... and that is all" "$status $(cat err)" "0 "
run kb-index --forget=nowhere a.kb
is "what is no source cannot be forgotten" "$status" 2
mkdir notes && echo back >notes/n.md
run kb-index a.kb notes
rm notes/n.md
run kb-index --allow-delete a.kb </dev/null
is "an empty one may be meant" "$status $(ids a.kb | grep -c notes)" "0 0"

# ---- changes ----
mkdir p && echo a >p/a.md && echo b >p/b.txt
kb-index c.kb p
run kb-index --allow-delete --include='*.md' -v c.kb </dev/null
is "an option without a path holds for all" "$(ids c.kb)" "p/a.md "
has "... which -v says" err "'p' had other options before"
run kb-index c.kb </dev/null
is "... from then on" "$(ids c.kb)" "p/a.md "
run kb-index --allow-delete c.kb p
is "a path that is given is read as given" "$(ids c.kb)" "p/a.md p/b.txt "
run kb-index c.kb p/a.md
run kb-index -v --sync --allow-delete c.kb notes docs
run kb-index -v c.kb </dev/null
is "with --sync what is given is all" "$(ids c.kb | grep -c p/)" 0
kb-index --rebuild c.kb p
run kb-index c.kb </dev/null
is "so it is with --rebuild" "$(ids c.kb)" "p/a.md p/b.txt "
ln -s p link
kb-index d.kb link/
rm link && ln -s docs link
run kb-index --allow-delete d.kb </dev/null
is "a link that was turned is followed" "$(ids d.kb | grep -c p/a)" 0

# ---- commands ----
echo data >p/x.xyz
kb-index --convert='*.xyz=echo made {}' e.kb p
run kb-index e.kb </dev/null
is "no command comes from an index" "$status" 2
has "... and what to type is said" err "give --convert='\*.xyz=COMMAND ..'"
one_line kb-index
run kb-index --convert='*.xyz=echo made {}' e.kb </dev/null
is "with it all is as before" "$status" 0
mkdir -p config/kb
echo '{"convert":"*.xyz=echo made {}"}' >config/kb/kb-index.json
run kb-index e.kb </dev/null
is "... also from the configuration" "$status" 0
rm config/kb/kb-index.json
run kb-index --no-convert e.kb </dev/null
is "... or outright without" "$status" 0
run kb-index e.kb </dev/null
is "... from then on" "$status" 0
ok "... and the index does not hold it" \
	sh -c '! grep -rq "echo made" e.kb'

cat >embed.sh <<'X'
exec jq -c --unbuffered '.vectors = {texts: [.texts[] | [1, 0, 1]]}'
X
kb-index --embed=toy --embed-cmd='sh embed.sh' h.kb notes p
run kb-index h.kb </dev/null
is "nor does the embedder's" "$status $(wc -l <err)" "2 1"
run kb-index --embed-cmd='sh embed.sh' h.kb </dev/null
is "... with which the refresh goes on" "$status $(cat err)" "0 "

# ---- names that are hard ----
odd=$(printf 'o=d \n\377d')
mkdir "$odd" && echo words >"$odd/a.md"
run kb-index f.kb "$odd"
echo more >>"$odd/a.md"
run kb-index -v f.kb </dev/null
has "any bytes make a path" err "1 files, 1 read"

# ---- CPU grows with the sources ----
mkdir many
cpu() {
	rm -rf g.kb
	(cd many && seq "$1" | sed 's/$/.md/' | xargs touch)
	(cd many && seq "$1" | sed 's/$/.md/' | xargs kb-index ../g.kb)
	kb-index --stats=s.json g.kb </dev/null
	jq .cpu_ms s.json
}
cpu 1000 >/dev/null
x=$(cpu 2000) y=$(cpu 8000)
ok "four times the sources take at most eight times as long ($x, $y ms)" \
	awk "BEGIN { exit !($y < 8 * $x + 100) }"
finish
