#!/bin/sh
# The samples of configuration that come along: without their comments the
# programs take them, and they hold each member that the sources read.
. "$(dirname "$0")/../lib.sh"
need kb-index llm-call jq
samples=$ROOT/packaging/samples

# plain PROGRAM: its sample as a file, by the command that its comment gives
plain() {
	line=$(sed -n "s/^#	\(grep .*\) >.*/\1/p" "$samples/$1.json.sample")
	(cd "$samples" && eval "$line") >"$1.json"
	chmod 600 "$1.json"
}
# known SOURCE: names that its readers allow, one a line
known() {
	tr '\n' ' ' <"$ROOT/$1" | grep -oE 'known\[\] = \{[^}]*\}' |
		grep -oE '"[a-z_]+"' | tr -d '"'
}
# without SAMPLE: those of known that it does not hold as a member
without() {
	while read -r name; do
		grep -q "\"$name\":" "$1" || echo "$name"
	done <names
}

# ---- providers ----
plain llm-call
known lib/net/provider_file.c >names
known lib/cascade/cascade.c >>names
sed -n 's/.*config_except = "\(.*\)".*/\1/p' "$ROOT/cmd/llm-call.c" |
	tr ' ' '\n' >>names
ok "the sources tell their members" [ "$(sort -u names | wc -l)" -gt 25 ]
is "the sample holds each of them" \
	"$(without "$samples/llm-call.json.sample")" ""
grep -v '"timeout":' "$samples/llm-call.json.sample" >less
is "... which one without a member does not" "$(without less)" timeout
is "each is explained: no member stands first in it" \
	"$(awk '/^ *#/ {c = 1} /^ *"[a-z_-]*":/ && !c {print}
		/^ *\{/ {c = 0}' "$samples/llm-call.json.sample" |
		grep -vE '"(name|dialect|base_url|model)"')" ""

echo '{"query":"how long?","class":{"label":"other"}}' >in
ask() { # OPTION...: who would be asked, and for what model
	EXAMPLE_KEY=k GATEWAY_TOKEN=secret-token run \
		llm-call --config llm-call.json --dry-run -f in "$@"
	echo "$status $(cat err)$(jq -r '.request|.provider + " " +
		.body.model' out)"
}
is "the small one of the cascade is asked" "$(ask)" "0 gateway small"
is "a route" "$(ask --model cheap)" "0 gateway small"
is "... and the usual one" "$(ask --model default)" "0 main large"
is "a service without an address" "$(ask --provider claude)" \
	"0 claude claude-sonnet-4-5"
ask --provider gateway >said
is "options, headers and names are taken" \
	"$(jq -c '.request.body|[.max_completion_tokens,.temperature]' out)" \
	"[800,0]"

is "... and no secret is shown" "$(grep -c secret-token out err)" "out:0
err:0"
sed 's/"rpm"/"rps"/' llm-call.json >odd.json
run llm-call --config odd.json --dry-run -f in
is "a member that is none is refused" "$status $(cat err)" \
	"2 llm-call: odd.json: provider 1: unknown member 'limits.rps'"
run llm-call --config "$samples/llm-call.json.sample" --dry-run -f in
ok "comments that were left in are told" \
	grep -q "llm-call.json.sample':1: " err

# ---- an index ----
plain kb-index
mkdir -p docs/node_modules
echo "one word" >docs/a.md
echo "two words" >docs/b.tmp
echo "three words" >docs/node_modules/c.md
echo "four words" >docs/d.md && echo d.md >docs/.gitignore
run kb-index --config kb-index.json a.kb docs
is "the sample is taken" "$status $(cat err)" "0 "
is "... and does what it says" "$(kb-index --list a.kb | jq -r .id)" \
	"docs/a.md"
chmod 666 kb-index.json
run kb-index --config kb-index.json a.kb docs
is "commands need a file of one's own" "$status $(cat err)" \
	"2 kb-index: 'kb-index.json': 'convert' names a command, and \
'kb-index.json' may be written by others (mode 0666); chmod go-w it"

# ---- where they go ----
is "the manual tells of each sample, where 'make install' puts it" \
	"$(sed -n 's,.*PREFIX/share/doc/kb/\(.*\.sample\).*,\1,p' \
		"$ROOT"/man/*.1 | sort)" \
	"$(cd "$samples" && printf 'examples/%s\n' *.sample)"
finish
