#!/bin/sh
# The units for systemd and the lines for cron that come along: what they start
# exists, takes their options and refreshes an index.
. "$(dirname "$0")/../lib.sh"
need kb-index jq make
units=$ROOT/packaging/systemd samples=$ROOT/packaging/samples

mkdir docs bin && echo "first words" >docs/a.md
kb-index "docs of me.kb" docs
ln -s "$(command -v kb-index)" bin/kb-index

# command FILE: what a unit starts, for the index here
command_of() {
	sed -n 's/^ExecStart=//p' "$1" |
		sed -e "s|@bindir@|$T/bin|" -e "s|%f|'$T/docs of me.kb'|"
}
echo "second words" >docs/b.md
eval "run $(command_of "$units/kb-index@.service")" </dev/null
is "the service refreshes" "$status $(kb-index --info "docs of me.kb" |
	jq .documents)" "0 2"
eval "run timeout -s TERM 1 $(command_of "$units/kb-index-watch@.service")" \
	</dev/null
is "the other one stays" "$status $(cat err)" "124 "

# ---- cron ----
sed -e "s|@bindir@|$T/bin|g" -e 's|docs.kb"|docs of me.kb"|g' \
	"$samples/crontab.sample" | grep -v '^#' | grep . | cut -f 2- >lines
is "each line of the crontab has five fields before its command" \
	"$(grep -v '^#' "$samples/crontab.sample" | grep . |
		grep -cvE '^([0-9*]+ ){4}[0-9*]+	')" 0
n=0
while read -r line; do
	case $line in flock*) command -v flock >/dev/null || continue ;; esac
	n=$((n + 1))
	echo "words $n" >docs/c$n.md
	run sh -c "$line" </dev/null
	is "line $n is done in silence" "$status $(cat out err)" "0 "
done <lines
ok "there are several" [ $n -gt 1 ]
is "... and they refresh" \
	"$(kb-index --dump "docs of me.kb" | jq -r .text | grep -c 'words 1')" 1

# ---- by systemd itself ----
if command -v systemd-analyze >/dev/null; then
	mkdir inst
	for f in "$units"/*.service "$units"/*.timer; do
		name=${f##*/}
		sed "s|@bindir@|$T/bin|" "$f" >"inst/${name%@*}@docs.kb.${name##*.}"
	done
	run systemd-analyze verify --man=no inst/*
	is "systemd finds nothing to say of them" \
		"$(grep -h 'inst/' out err | head -3)" ""
else
	skip "systemd's own check" "systemd-analyze is not there"
fi
finish
