#!/bin/sh
# The archive of 'make static' in a root that has nothing but a shell: no
# library, no loader. It answers, reads HTML and other encodings, and asks a
# provider by the libraries that it brings.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
[ "$(id -u)" = 0 ] || skip_all "chroot wants root"
need busybox readelf jq python3
readelf -l "$(command -v busybox)" | grep -q INTERP &&
	skip_all "busybox is not static (package busybox-static)"

version=$(make -s -C "$ROOT" version)
name=kb-$version-linux-$(uname -m)
run make -s -C "$ROOT" static
is "it is made" "$status" 0
cp "$ROOT/build/$name.tar.gz" first.tar.gz || fail "..." out err
make -s -C "$ROOT" static >log 2>&1
same "and again, the same to the byte" "$ROOT/build/$name.tar.gz" first.tar.gz
tar -tzf first.tar.gz >names
is "it has one folder" "$(cut -d/ -f1 names | sort -u)" "$name"
for file in LICENSE NOTICE README.md CHANGELOG.md licences/libcurl4.txt \
	licences/LGPL-2.1.txt share/man/man1/kb-ask.1; do
	ok "... with $file" grep -qx "$name/$file" names
done

root=$T/root
mkdir -p "$root/bin" "$root/tmp" "$root/dev" "$root/etc"
tar -xzf first.tar.gz -C "$root"
cp "$(command -v busybox)" "$root/bin/busybox"
for tool in sh readlink cat; do ln -s busybox "$root/bin/$tool"; done
mknod -m 666 "$root/dev/null" c 1 3
cp -r "$ROOT/tests/data/shop" "$root/tmp/shop"
cp "$ROOT/tests/data/questions.jsonl" "$root/tmp/"
is "the root has no library of its own" \
	"$(find "$root" -name 'libc.so*' -not -path "*/$name/*")" ""

chroot=$(PATH=$PATH:/usr/sbin:/sbin command -v chroot)
inside() { # COMMAND: by the shell of that root
	run env -i PATH="/$name/bin:/bin" HOME=/tmp ${more:+"$more"} \
		"$chroot" "$root" /bin/sh -c "cd /tmp && $1"
}
for p in "$ROOT"/cmd/*.c; do
	p=${p##*/} p=${p%.c}
	inside "$p --version"
	is "$p runs" "$status $(cut -d' ' -f1-2 out)" "0 $p $version"
done
inside "kb-index shop.kb shop"
is "kb-index reads" "$status$(cat err)" 0
inside "kb-search shop.kb <questions.jsonl | prompt-render | llm-call |
	fact-check shop.kb"
cp out there
kb-index shop.kb "$ROOT/tests/data/shop"
kb-search shop.kb <"$ROOT/tests/data/questions.jsonl" | prompt-render |
	llm-call | fact-check shop.kb >here
jq -c '[.id, .answer, .confidence, .route]' there >there.short
jq -c '[.id, .answer, .confidence, .route]' here >here.short
ok "the pipe answers all questions" [ "$(wc -l <there.short)" = 200 ]
same "... as it does outside" there.short here.short
inside "kb-ask shop.kb 信用卡退款要多久"
is "so does kb-ask" "$(jq -r .route out)" answer
inside "ln -s /$name/bin/kb-ask /bin/asks && asks --version"
is "a link to a program starts it" "$status" 0

mkdir "$root/tmp/web"
echo '<html><body><h1>Opening</h1><p>The gate opens at seven.</p></body></html>' \
	>"$root/tmp/web/gate.html"
echo '本店周末不营业，周一上午九点开门。' | iconv -t GB18030 >"$root/tmp/web/zh.txt"
inside "kb-index web.kb web && kb-search -k 1 web.kb 'when does the gate open'"
is "HTML is read by the libxml2 that it brings" \
	"$status$(cat err) $(jq -r '.hits[0].text' out | tail -1)" \
	"0 The gate opens at seven."
inside "kb-search -k 1 web.kb 周末营业"
is "and GB18030 by its iconv" "$(jq -r '.hits[0].text' out | tail -1)" \
	"本店周末不营业，周一上午九点开门。"

if start_provider provider.py; then
	more=OPENAI_BASE_URL=$base/ok/v1
	inside "echo '{\"query\":\"hi\"}' | llm-call -m any"
	is "a provider is asked by the libcurl that it brings" \
		"$status$(jq -r '.generation.provider' out)" "0openai"
	inside "kb-search --embed-cmd 'llm-call --embed -m any' shop.kb refund"
	is "llm-call is found beside the programs" "$(jq '.hits | length > 0' out)" \
		true
else
	skip "a provider" "the helper did not start"
fi
finish
