#!/bin/sh
# --watch: an index follows its sources.
. "$(dirname "$0")/../lib.sh"
need kb-index jq
[ -e /proc/sys/fs/inotify ] || skip_all "no inotify"

holds() { kb-index --dump k.kb | jq -r .text | grep -q "$1"; }
lacks() { ! holds "$1"; }
said() { grep -q "$1" log; }
# start OPTION...: a watcher of k.kb, until stop
start() {
	$interruptible kb-index --watch "$@" <hold >log 2>&1 &
	pid=$!
}
stop() {
	kill "-$1" $pid
	status=0
	wait $pid || status=$?
}
mkfifo hold
sleep 600 >hold &
holder=$!
trap 'kill $holder; rm -rf "$T"' EXIT

mkdir docs
echo "first words" >docs/a.md
start -v k.kb docs
ok "it begins with a refresh" wait_for holds "first words"
wait_for said "1 files, 0 read"
echo "second words" >docs/b.md
ok "a new file is taken in" wait_for holds "second words"
echo "changed words" >docs/a.md
ok "so is a change" wait_for holds "changed words"
mkdir -p docs/new/deep && echo "deep words" >docs/new/deep/c.md
ok "... and a new directory" wait_for holds "deep words"
echo "deeper words" >docs/new/deep/d.md
ok "... which is watched, too" wait_for holds "deeper words"
rm docs/b.md
mv docs/new/deep/c.md c.md
ok "what would empty the index is refused" \
	wait_for said "more than 20 %"
echo "more words" >docs/e.md
is "... which ends nothing" "$(kill -0 $pid && echo lives)" lives
stop INT
is "Ctrl-C ends it" "$status" 130
kb-index --verify k.kb >/dev/null 2>err
is "... and the index is whole" "$?" 0

start --allow-delete k.kb
ok "it goes on with what is remembered" wait_for lacks "second words"
mkdir index && echo "words in a burst" >docs/x0.md
for i in $(seq 200); do echo "burst $i" >docs/x$i.md; done
ok "many changes are few runs" wait_for holds "burst 200"
ok "... of all of them" wait_for holds "burst 1"
n=$(sed -n 's/^generation //p' k.kb/MANIFEST)
ok "... far fewer than files" [ "$n" -lt 40 ]
stop TERM
is "so does SIGTERM" "$status" 143

# ---- the index among its documents ----
cp -r k.kb docs/own.kb
rm -rf k.kb && mkdir far && echo far >far/a.md
kb-index k.kb docs far
start -v k.kb
wait_for said "0 read, 0 gone"
echo "a last one" >docs/z.md
ok "an index among the documents is no source of changes" \
	wait_for holds "a last one"
mv far gone
touch docs/z.md
ok "a source that goes is said" wait_for said "cannot read 'far'"
echo "yet another" >docs/y.md
ok "... while the others are followed" wait_for holds "yet another"
echo "one more" >docs/w.md
ok "..." wait_for holds "one more"
is "... once" "$(grep -c "cannot read 'far'" log)" 1
stop TERM

# ---- without events ----
mkdir quiet && echo one >quiet/a.md
kb-index q.kb quiet
$interruptible kb-index -v --watch --every=100ms q.kb <hold >log 2>&1 &
pid=$!
runs() { [ "$(grep -c '1 files, 0 read' log)" -gt 3 ]; }
ok "--every refreshes in any case" wait_for runs
stop TERM

for o in --rebuild --sync --optimize --restore; do
	run kb-index --watch $o q.kb quiet
	is "not with $o" "$status $(wc -l <err)" "2 1"
done
run kb-index --watch none.kb <hold
is "nothing is watched without an index" \
	"$status $(test -e none.kb || echo none)" "2 none"
finish
