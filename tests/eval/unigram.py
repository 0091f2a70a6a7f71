#!/usr/bin/env python3
"""Ids of Unigram and WordPiece vocabularies beside the tokenizers library's.

usage: unigram.py BUILD_DIR [TOKENIZER.json...] [-n STRINGS] [-s SEED]

Without a file, Unigram models are trained on the project's own pages with
sentencepiece (normalisation nmt_nfkc, the charsmap that XLM-R has) and written
as tokenizer.json in each form that is understood. Texts are lines of
the project and strings of characters at random: scripts, marks, graphemes,
white space, control characters, the pieces themselves. Names of special tokens
are no text here; nor are characters that Python does not know yet, whose
graphemes depend on whose Unicode is newer. Prints a line for each vocabulary; exit 1 when an id differs.
Needs sentencepiece and tokenizers.
"""
import base64
import glob
import json
import os
import random
import subprocess
import sys
import tempfile
import unicodedata

import sentencepiece
from sentencepiece import sentencepiece_model_pb2 as model_pb2
from tokenizers import Tokenizer

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
PAGES = ["README.md", "man/*", "tests/data/*.jsonl", "tests/data/shop/*",
         "tests/data/answers/*"]
COLLAPSE = {"type": "Replace", "pattern": {"Regex": " {2,}"}}
STRIP = {"type": "Strip", "strip_left": False, "strip_right": True}
WORDS = {"type": "WhitespaceSplit"}


def lines():
    out = []
    for page in PAGES:
        for path in sorted(glob.glob(os.path.join(ROOT, page))):
            if os.path.isfile(path):
                with open(path, encoding="utf-8", errors="replace") as f:
                    out += [line.rstrip("\n") for line in f]
    return [line for line in out if line]


def metaspace(**more):
    return {"type": "Metaspace", "replacement": "\u2581", **more}


def forms(charsmap):
    """normalizer, pre_tokenizer, byte_fallback"""
    pre = {"type": "Precompiled", "precompiled_charsmap": charsmap}
    many = {"type": "Sequence", "normalizers": [pre, dict(COLLAPSE,
                                                          content=" ")]}
    marks = {"type": "Sequence", "normalizers": [pre, STRIP, dict(
        COLLAPSE, content="\u2581")]}
    both = dict(STRIP, strip_left=True)
    always = metaspace(prepend_scheme="always", split=True)
    yield "xlm-r", pre, {"type": "Sequence", "pretokenizers": [
        WORDS, metaspace(add_prefix_space=True)]}, False
    yield "bge-m3", many, always, False
    yield "newer", marks, always, False
    yield "whole", many, metaspace(prepend_scheme="first", split=False), False
    yield "bare", None, metaspace(prepend_scheme="never", split=True), False
    yield "strip", both, always, False
    yield "bytes", pre, always, True


def train(folder, texts, size, **more):
    corpus = os.path.join(folder, "corpus")
    with open(corpus, "w", encoding="utf-8") as f:
        f.write("\n".join(texts))
    prefix = os.path.join(folder, f"m{size}{len(more)}")
    sentencepiece.SentencePieceTrainer.train(
        input=corpus, model_prefix=prefix, vocab_size=size,
        model_type="unigram", normalization_rule_name="nmt_nfkc",
        max_sentence_length=100000, hard_vocab_limit=False,
        character_coverage=.999, minloglevel=2, **more)
    proto = model_pb2.ModelProto()
    with open(prefix + ".model", "rb") as f:
        proto.ParseFromString(f.read())
    return proto


def as_json(proto, normalizer, pre, fallback):
    vocab = [[p.piece, p.score] for p in proto.pieces]
    special = [i for i, p in enumerate(proto.pieces) if p.type in (2, 3)]
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [
            {"id": i, "content": vocab[i][0], "single_word": False,
             "lstrip": False, "rstrip": False, "normalized": False,
             "special": True} for i in special],
        "normalizer": normalizer, "pre_tokenizer": pre,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                       {"Sequence": {"id": "A", "type_id": 0}},
                       {"SpecialToken": {"id": "</s>", "type_id": 0}}],
            "pair": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                     {"Sequence": {"id": "A", "type_id": 0}},
                     {"SpecialToken": {"id": "</s>", "type_id": 0}},
                     {"SpecialToken": {"id": "</s>", "type_id": 0}},
                     {"Sequence": {"id": "B", "type_id": 0}},
                     {"SpecialToken": {"id": "</s>", "type_id": 0}}],
            "special_tokens": {
                "<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]},
                "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}},
        "decoder": None,
        "model": {"type": "Unigram", "unk_id": 0, "vocab": vocab,
                  "byte_fallback": fallback}}


POOLS = [
    (0x20, 0x7e), (0x20, 0x7e), (0x4e00, 0x9fff), (0x4e00, 0x4fff),
    (0x3040, 0x30ff), (0xac00, 0xd7a3), (0x1100, 0x11ff), (0xff00, 0xffef),
    (0xa0, 0x24f), (0x300, 0x36f), (0x370, 0x5ff), (0x600, 0x6ff),
    (0x900, 0xdff), (0xe00, 0xeff), (0x1e00, 0x1fff), (0x2000, 0x206f),
    (0x2070, 0x218f), (0x2460, 0x24ff), (0x3000, 0x303f), (0x3200, 0x33ff),
    (0xfb00, 0xfdff), (0xfe00, 0xfe6f), (0x1f300, 0x1f6ff),
    (0x1f1e6, 0x1f1ff), (0, 0x1f), (0x7f, 0x9f), (0x1d400, 0x1d7ff),
    (0x20000, 0x20100), (0xe0000, 0xe007f)]


def fuzzed(rng, pieces, n):
    single = ["\u2581", " ", "  ", "\u200d", "\u0301", "\r\n", "\t", "\n",
              "\u3000", "\u00a0", "\ufe0f", "\u200b", "\ufeff", "\u00ad"]
    for _ in range(n):
        text = ""
        for _ in range(rng.randint(1, 24)):
            kind = rng.random()
            if kind < .25:
                text += rng.choice(pieces).replace(
                    "\u2581", rng.choice(["\u2581", " ", ""]))
            elif kind < .45:
                text += rng.choice(single)
            else:
                low, high = rng.choice(POOLS)
                text += chr(rng.randint(low, high))
        yield "".join(c for c in text if unicodedata.category(c) != "Cn")


def ours(build, path, texts):
    fed = b"".join(b"%d\n" % len(t) + t for t in (t.encode() for t in texts))
    out = subprocess.run([os.path.join(build, "eval/token-ids"), path],
                         input=fed, stdout=subprocess.PIPE, check=True).stdout
    ids = []
    for line in out.decode().splitlines():
        count, *row = map(int, line.split())
        if count != len(row):
            sys.exit(f"{path}: a count of {count} for {len(row)} tokens")
        ids.append(row)
    return ids


def compare(build, name, path, texts):
    tokenizer = Tokenizer.from_file(path)
    tokenizer.no_truncation()
    special = [t.content for t in tokenizer.get_added_tokens_decoder()
               .values()]
    texts = [t for t in texts if not any(s in t for s in special)]
    want = [e.ids for e in tokenizer.encode_batch(texts,
                                                  add_special_tokens=False)]
    got = ours(build, path, texts)
    wrong = [i for i, ids in enumerate(want) if ids != got[i]]
    print(f"{name}: {len(texts)} texts, {sum(map(len, want))} tokens, "
          f"{len(wrong)} texts differ")
    for i in wrong[:5]:
        print(" ", ascii(texts[i]), "\n   ", want[i], "\n   ", got[i])
    return not wrong


def main(argv):
    n, seed, paths = 20000, 1, []
    build, args = argv[1], argv[2:]
    while args:
        if args[0] in ("-n", "-s"):
            n, seed = ((int(args[1]), seed) if args[0] == "-n"
                       else (n, int(args[1])))
            args = args[2:]
        else:
            paths.append(args.pop(0))
    rng, own, good = random.Random(seed), lines(), True
    with tempfile.TemporaryDirectory() as folder:
        if not paths:
            plain = train(folder, own, 8000)
            small = train(folder, own, 6000, byte_fallback=True)
            charsmap = base64.b64encode(
                plain.normalizer_spec.precompiled_charsmap).decode()
            for name, normalizer, pre, fallback in forms(charsmap):
                path = os.path.join(folder, name + ".json")
                with open(path, "w", encoding="utf-8") as f:
                    json.dump(as_json(small if fallback else plain,
                                      normalizer, pre, fallback), f)
                paths.append(path)
        for path in paths:
            pieces = [p for p in Tokenizer.from_file(path).get_vocab()
                      if not p.startswith("<")]
            pieces.sort()
            texts = own + list(fuzzed(rng, pieces, n))
            good &= compare(build, os.path.basename(path), path, texts)
    return not good


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv))
