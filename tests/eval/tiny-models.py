#!/usr/bin/env python3
"""Models of random weights, as small as they can be, as Hugging Face folders.

usage: tiny-models.py DIR

xlmr is an encoder of XLM-R's shape with a Unigram tokenizer, rank-xlmr and
rank-bert are cross-encoders of both shapes. Each folder holds config.json,
tokenizer.json, model.safetensors (float16) and what an implementation of its
own, in numpy with doubles, gives: of xlmr model.jsonl, a vector of
length 1 a text, as bytes of 127 times its numbers over the largest; of the
cross-encoders model.jsonl, records with hits whose 'score' is the one a
reranker is to give. Needs numpy and tokenizers.
"""
import base64
import json
import math
import os
import struct
import sys

import charsmap
import numpy as np
from tokenizers import Tokenizer

HIDDEN, HEADS, INNER, LAYERS, LENGTH = 32, 2, 48, 2, 24
MARK = "\u2581"
PIECES = [["<s>", 0], ["<pad>", 0], ["</s>", 0], ["<unk>", 0], [MARK, -3],
          [MARK + "\u9000", -4], ["\u9000\u6b3e", -5], ["\u6b3e", -6],
          ["a", -4], ["ab", -5], ["b", -4.5], [MARK + "a", -4],
          ["\u00e9", -6], ["c", -4], [MARK + "\u9000\u6b3e", -4.25],
          ["aab", -20], ["A", -5], [",", -3], [MARK + "b", -5],
          [MARK + "c", -4.75]]
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "c", "\u9000",
         "\u6b3e", "##a", "##b", ","]
TEXTS = ["a", "a b c", "\u9000\u6b3e", " ", "ab, c \uff21", "e\u0301 ab\nb",
         "zz a \u9000z", "a b c " * 12, "\u9000\u6b3e\u9000\u6b3ea,c",
         "c c c a  b"]
PAIRS = [("a b", ["a", "b c", "\u9000\u6b3e", "", "a b a b", "c, c"]),
         ("\u9000\u6b3e c", ["\u6b3e\u9000 a", "c \u9000\u6b3e", "zz"]),
         ("a b c " * 9, ["a", "c a " * 20]),
         ("b", ["a c b " * 20, "c b a " * 20])]
rng = np.random.default_rng(7)


def draw(middle, size, *shape):
    return rng.normal(middle, size, shape).astype(np.float16)


def weights(words, positions, types, prefix, head):
    w = {"embeddings.word_embeddings.weight": draw(0, 1, words, HIDDEN),
         "embeddings.position_embeddings.weight": draw(0, .5, positions,
                                                       HIDDEN),
         "embeddings.token_type_embeddings.weight": draw(0, .5, types,
                                                         HIDDEN)}

    def norm(name):
        w[name + ".LayerNorm.weight"] = draw(1, .2, HIDDEN)
        w[name + ".LayerNorm.bias"] = draw(0, .2, HIDDEN)

    def linear(name, outputs, inputs, size=.25):
        w[name + ".weight"] = draw(0, size, outputs, inputs)
        w[name + ".bias"] = draw(0, .1, outputs)

    norm("embeddings")
    for i in range(LAYERS):
        name = f"encoder.layer.{i}."
        for part in ("query", "key", "value"):
            linear(name + "attention.self." + part, HIDDEN, HIDDEN)
        linear(name + "attention.output.dense", HIDDEN, HIDDEN)
        norm(name + "attention.output")
        linear(name + "intermediate.dense", INNER, HIDDEN)
        linear(name + "output.dense", HIDDEN, INNER)
        norm(name + "output")
    if head == "bert":
        linear("pooler.dense", HIDDEN, HIDDEN)
    w = {prefix + k: v for k, v in w.items()}
    if head == "bert":
        linear("classifier", 1, HIDDEN, .5)
    if head == "xlmr":
        linear("classifier.dense", HIDDEN, HIDDEN)
        linear("classifier.out_proj", 1, HIDDEN, .5)
    return w


def hidden(w, prefix, ids, types, offset, epsilon):
    """The last layer's row for each token."""
    w = {k.removeprefix(prefix): v.astype(np.float64) for k, v in w.items()}

    def norm(x, name):
        x = x - x.mean(-1, keepdims=True)
        x = x / np.sqrt((x ** 2).mean(-1, keepdims=True) + epsilon)
        return (x * w[name + ".LayerNorm.weight"]
                + w[name + ".LayerNorm.bias"])

    def linear(x, name):
        return x @ w[name + ".weight"].T + w[name + ".bias"]

    n, erf = len(ids), np.vectorize(math.erf)
    x = (w["embeddings.word_embeddings.weight"][ids]
         + w["embeddings.position_embeddings.weight"][offset:offset + n]
         + w["embeddings.token_type_embeddings.weight"][types])
    x = norm(x, "embeddings")
    for i in range(LAYERS):
        name = f"encoder.layer.{i}."
        q, k, v = (linear(x, name + "attention.self." + part)
                   .reshape(n, HEADS, -1).swapaxes(0, 1)
                   for part in ("query", "key", "value"))
        scores = q @ k.swapaxes(1, 2) / math.sqrt(HIDDEN // HEADS)
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        scores /= scores.sum(-1, keepdims=True)
        mixed = (scores @ v).swapaxes(0, 1).reshape(n, HIDDEN)
        x = norm(x + linear(mixed, name + "attention.output.dense"),
                 name + "attention.output")
        y = linear(x, name + "intermediate.dense")
        y = y * .5 * (1 + erf(y / math.sqrt(2)))
        x = norm(x + linear(y, name + "output.dense"), name + "output")
    return x


def score(w, row, head):
    w = {k: v.astype(np.float64) for k, v in w.items()}
    first, last = (("bert.pooler.dense", "classifier") if head == "bert" else
                   ("classifier.dense", "classifier.out_proj"))
    row = np.tanh(w[first + ".weight"] @ row + w[first + ".bias"])
    logit = float((w[last + ".weight"] @ row + w[last + ".bias"])[0])
    return 1 / (1 + math.exp(-logit))


def special(name):
    return {"SpecialToken": {"id": name, "type_id": 0}}


def text(name, segment):
    return {"Sequence": {"id": name, "type_id": segment}}


def added(names):
    return [{"id": i, "content": name, "single_word": False, "lstrip": False,
             "rstrip": False, "normalized": False, "special": True}
            for i, name in names]


def unigram():
    first, last = special("<s>"), special("</s>")
    pairs = {"\n": " ", "\uff21": "A", "e\u0301": "\u00e9", "\u00aa": "a"}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": added(list(enumerate(p[0] for p in PIECES[:4]))),
        "normalizer": {"type": "Precompiled", "precompiled_charsmap":
                       base64.b64encode(charsmap.build(pairs)).decode()},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "WhitespaceSplit"},
            {"type": "Metaspace", "replacement": MARK,
             "prepend_scheme": "always", "split": True}]},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [first, text("A", 0), last],
            "pair": [first, text("A", 0), last, last, text("B", 0), last],
            "special_tokens": {
                "<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]},
                "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}},
        "decoder": None,
        "model": {"type": "Unigram", "unk_id": 3, "vocab": PIECES,
                  "byte_fallback": False}}


def wordpiece():
    behind = {"SpecialToken": {"id": "[SEP]", "type_id": 1}}
    first, last = special("[CLS]"), special("[SEP]")
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": added(list(enumerate(WORDS[:4]))),
        "normalizer": {"type": "BertNormalizer", "clean_text": True,
                       "handle_chinese_chars": True, "strip_accents": None,
                       "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [first, text("A", 0), last],
            "pair": [first, text("A", 0), last, text("B", 1), behind],
            "special_tokens": {
                "[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
        "decoder": None,
        "model": {"type": "WordPiece", "unk_token": "[UNK]",
                  "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100,
                  "vocab": {w: i for i, w in enumerate(WORDS)}}}


def write(path, value):
    with open(path, "w", encoding="utf-8") as out:
        json.dump(value, out, ensure_ascii=False)


def write_weights(path, w):
    head, data = {}, b""
    for name, x in w.items():
        raw = x.astype("<f2").tobytes()
        head[name] = {"dtype": "F16", "shape": list(x.shape),
                      "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    head = json.dumps(head).encode()
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(head)) + head + data)


def make(folder, kind, head):
    bert = kind == "bert"
    offset, epsilon = (0, 1e-12) if bert else (2, 1e-5)
    prefix = ("bert." if bert else "roberta.") if head else ""
    os.makedirs(folder, exist_ok=True)
    w = weights(len(WORDS if bert else PIECES), LENGTH + offset,
                2 if bert else 1, prefix, head)
    write_weights(os.path.join(folder, "model.safetensors"), w)
    write(os.path.join(folder, "config.json"), {
        "architectures": [("Bert" if bert else "XLMRoberta")
                          + ("ForSequenceClassification" if head
                             else "Model")],
        "model_type": "bert" if bert else "xlm-roberta",
        "hidden_act": "gelu", "hidden_size": HIDDEN,
        "num_attention_heads": HEADS, "num_hidden_layers": LAYERS,
        "intermediate_size": INNER, "layer_norm_eps": epsilon,
        "max_position_embeddings": LENGTH + offset, "pad_token_id":
        0 if bert else 1, "position_embedding_type": "absolute",
        "type_vocab_size": 2 if bert else 1,
        "vocab_size": len(WORDS if bert else PIECES)})
    path = os.path.join(folder, "tokenizer.json")
    write(path, wordpiece() if bert else unigram())
    tokenizer = Tokenizer.from_file(path)
    tokenizer.enable_truncation(LENGTH, strategy="longest_first")
    with open(os.path.join(folder, "model.jsonl"), "w",
              encoding="utf-8") as out:
        for row in rows(w, prefix, tokenizer, offset, epsilon, head):
            print(json.dumps(row, ensure_ascii=False), file=out)


def rows(w, prefix, tokenizer, offset, epsilon, head):
    if not head:
        for one in TEXTS:
            ids = tokenizer.encode(one).ids
            x = hidden(w, prefix, ids, [0] * len(ids), offset,
                       epsilon).mean(0)
            x = np.round(x * 127 / np.abs(x).max()).astype(np.int8)
            yield {"text": one,
                   "vector": base64.b64encode(x.tobytes()).decode()}
        return
    for n, (question, passages) in enumerate(PAIRS):
        hits = []
        for k, passage in enumerate(passages):
            e = tokenizer.encode(question, passage)
            x = hidden(w, prefix, e.ids, e.type_ids, offset, epsilon)
            hits.append({"doc": f"d{k}", "chunk": 0, "text": passage,
                         "score": round(score(w, x[0], head), 6)})
        yield {"id": n, "query": question, "hits": hits}


def main(argv):
    if len(argv) != 2:
        sys.exit(__doc__)
    make(os.path.join(argv[1], "xlmr"), "xlmr", None)
    make(os.path.join(argv[1], "rank-xlmr"), "xlmr", "xlmr")
    make(os.path.join(argv[1], "rank-bert"), "bert", "bert")


if __name__ == "__main__":
    main(sys.argv)
