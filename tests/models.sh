#!/bin/sh
# Bring two sentence models through Maven, import them and test what they say.
#
#	tests/models.sh BUILD_DIR		into the user's models
#	tests/models.sh BUILD_DIR DIR		into DIR
#	tests/models.sh --check BUILD_DIR	test those that are there
#
# The packages hold int8 ONNX exports of BAAI's bge-small-zh-v1.5 and
# bge-small-en-v1.5 (MIT). Maven's command is printed before it runs; without
# Maven, or with KB_NO_DEPS=1, it is printed to be typed, and the exit is 1.
# What the models say is compared with tests/data/models (see
# tests/eval/encoder-reference.py): a cosine below .995 is a failure.
set -u
check=no
[ "${1:-}" = --check ] && check=yes && shift
build=$(cd "$1" && pwd) || exit 2
dir=${2:-${XDG_DATA_HOME:-$HOME/.local/share}/kb/models}
data=$(cd "$(dirname "$0")/data/models" && pwd) || exit 2
version=0.36.2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

artifact() {
	echo "dev.langchain4j:langchain4j-embeddings-bge-small-$1-v15-q:$version"
}

# How near the vectors of a model are to the reference; 1 for too far.
compare() {
	"$build/kb-embed" -m "$dir/bge-small-$1.kbm" \
		-f "$data/bge-small-$1.jsonl" >"$work/vectors" || return
	python3 - "bge-small-$1" "$data/bge-small-$1.jsonl" \
		"$work/vectors" <<'PY'
import base64
import json
import struct
import sys


def rows(path, code, size):
    for line in open(path, encoding="utf-8"):
        raw = base64.b64decode(json.loads(line)["vector"])
        yield struct.unpack(f"<{len(raw) // size}{code}", raw)


def cosine(a, b):
    if len(a) != len(b):
        return 0
    ab, aa, bb = (sum(x * y for x, y in zip(u, v))
                  for u, v in ((a, b), (a, a), (b, b)))
    return ab / (aa * bb) ** .5


name, want, got = sys.argv[1:]
all_ = sorted(cosine(a, b) for a, b in
              zip(rows(want, "b", 1), rows(got, "f", 4)))
print(f"{name}: {len(all_)} texts, cosine to onnxruntime "
      f"{all_[0]:.4f} at least, {sum(all_) / len(all_):.4f} in the mean")
sys.exit(all_[0] < .995)
PY
}

# One model: its language, code and licence.
bring() {
	echo "+ mvn -q -B dependency:copy -Dartifact=$(artifact "$1")" \
		"-DoutputDirectory=$work/$1" >&2
	mvn -q -B dependency:copy "-Dartifact=$(artifact "$1")" \
		"-DoutputDirectory=$work/$1" >&2 || return
	(cd "$work/$1" && python3 -m zipfile -e ./*.jar .) || return
	"$build/kb-embed" --import "$work/$1" --pooling cls --language "$1" \
		--licence MIT --source "BAAI/bge-small-$1-v1.5" \
		-o "$dir/bge-small-$1.kbm"
}

if [ $check = no ]; then
	if [ "${KB_NO_DEPS:-0}" != 0 ] || ! command -v mvn >/dev/null 2>&1; then
		echo "the models need Maven; install it, then type: make models" >&2
		exit 1
	fi
	mkdir -p "$dir" || exit 2
	for language in zh en; do
		bring $language || exit
	done
fi
status=0
for language in zh en; do
	if [ -f "$dir/bge-small-$language.kbm" ]; then
		compare $language || status=1
	elif [ $check = no ]; then
		status=1
	fi
done
exit $status
