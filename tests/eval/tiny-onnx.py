#!/usr/bin/env python3
"""Write a BERT model of random weights, as small as one can be, in ONNX form.

usage: tiny-onnx.py DIR

model.onnx is quantised to 8 bits as onnxruntime does it, floats.onnx is not;
tokenizer.json is theirs. Needs onnx, onnxruntime and numpy.
"""
import json
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

HIDDEN, HEADS, INNER, LAYERS, POSITIONS = 32, 2, 48, 2, 24
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "c", "\u9000",
         "\u6b3e", "##a", "##b", ","]
rng = np.random.default_rng(11)


class Graph:
    def __init__(self):
        self.nodes, self.tensors, self.n = [], [], 0

    def add(self, op, inputs, **attributes):
        self.n += 1
        out = f"/{op}_{self.n}"
        self.nodes.append(helper.make_node(op, inputs, [out], name=out + "_",
                                           **attributes))
        return out

    def tensor(self, name, values, kind=np.float32):
        self.tensors.append(numpy_helper.from_array(
            np.asarray(values, kind), name))
        return name

    def constant(self, values, kind=np.float32):
        return self.add("Constant", [], value=numpy_helper.from_array(
            np.asarray(values, kind), f"c{self.n}"))

    def norm(self, x, name):
        weight = self.tensor(name + ".weight", rng.normal(1, .2, HIDDEN))
        bias = self.tensor(name + ".bias", rng.normal(0, .2, HIDDEN))
        y = self.add("Sub", [x, self.add("ReduceMean", [x], axes=[-1])])
        square = self.add("Pow", [y, self.constant(2)])
        mean = self.add("ReduceMean", [square], axes=[-1])
        root = self.add("Sqrt", [self.add("Add", [mean,
                                                  self.constant(1e-12)])])
        y = self.add("Mul", [self.add("Div", [y, root]), weight])
        return self.add("Add", [y, bias])

    def linear(self, x, name, outputs, inputs):
        bias = self.tensor(name + ".bias", rng.normal(0, .1, outputs))
        weight = self.tensor(f"onnx::MatMul_{self.n}",
                             rng.normal(0, .25, (inputs, outputs)))
        return self.add("Add", [bias, self.add("MatMul", [x, weight])])

    def heads(self, x, order):
        shape = self.constant([0, 0, HEADS, HIDDEN // HEADS], np.int64)
        return self.add("Transpose", [self.add("Reshape", [x, shape])],
                        perm=order)

    def layer(self, x, name):
        own = name + ".attention.self."
        q, k, v = (self.linear(x, own + n, HIDDEN, HIDDEN)
                   for n in ("query", "key", "value"))
        q, k, v = (self.heads(q, [0, 2, 1, 3]), self.heads(k, [0, 2, 3, 1]),
                   self.heads(v, [0, 2, 1, 3]))
        scores = self.add("Div", [self.add("MatMul", [q, k]), self.constant(
            (HIDDEN / HEADS) ** .5)])
        scores = self.add("Softmax", [scores], axis=-1)
        mixed = self.add("Transpose", [self.add("MatMul", [scores, v])],
                         perm=[0, 2, 1, 3])
        mixed = self.add("Reshape", [mixed, self.constant([0, 0, HIDDEN],
                                                          np.int64)])
        mixed = self.linear(mixed, name + ".attention.output.dense", HIDDEN,
                            HIDDEN)
        x = self.norm(self.add("Add", [mixed, x]),
                      name + ".attention.output.LayerNorm")
        y = self.linear(x, name + ".intermediate.dense", INNER, HIDDEN)
        erf = self.add("Erf", [self.add("Div", [y, self.constant(2 ** .5)])])
        y = self.add("Mul", [y, self.add("Add", [erf, self.constant(1)])])
        y = self.add("Mul", [y, self.constant(.5)])
        y = self.linear(y, name + ".output.dense", HIDDEN, INNER)
        return self.norm(self.add("Add", [y, x]), name + ".output.LayerNorm")


def model():
    g = Graph()
    words = g.tensor("embeddings.word_embeddings.weight",
                     rng.normal(0, 1, (len(WORDS), HIDDEN)))
    types = g.tensor("embeddings.token_type_embeddings.weight",
                     rng.normal(0, .5, (2, HIDDEN)))
    places = g.tensor("embeddings.position_embeddings.weight",
                      rng.normal(0, .5, (POSITIONS, HIDDEN)))
    ids = g.tensor("positions", np.arange(POSITIONS)[None], np.int64)
    shape = g.add("Shape", ["input_ids"])
    length = g.add("Gather", [shape, g.constant([1], np.int64)])
    at = g.add("Slice", [ids, g.constant([0], np.int64), length,
                         g.constant([1], np.int64)])
    x = g.add("Add", [g.add("Gather", [words, "input_ids"]),
                      g.add("Gather", [types, "token_type_ids"])])
    x = g.add("Add", [x, g.add("Gather", [places, at])])
    x = g.norm(x, "embeddings.LayerNorm")
    for i in range(LAYERS):
        x = g.layer(x, f"encoder.layer.{i}")
    g.nodes.append(helper.make_node("Identity", [x], ["last_hidden_state"],
                                    name="last"))
    batch = ["batch", "length"]
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, batch)
              for n in ("input_ids", "token_type_ids")]
    output = helper.make_tensor_value_info(
        "last_hidden_state", TensorProto.FLOAT, batch + [HIDDEN])
    graph = helper.make_graph(g.nodes, "bert", inputs, [output], g.tensors)
    return helper.make_model(
        graph, ir_version=8, opset_imports=[helper.make_opsetid("", 13)])


def tokenizer():
    template = [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "[SEP]", "type_id": 0}}]
    special = {t: {"id": t, "ids": [WORDS.index(t)], "tokens": [t]}
               for t in ("[CLS]", "[SEP]")}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [], "decoder": None,
        "normalizer": {"type": "BertNormalizer", "clean_text": True,
                       "handle_chinese_chars": True, "strip_accents": None,
                       "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "TemplateProcessing", "single": template,
                           "pair": template, "special_tokens": special},
        "model": {"type": "WordPiece", "unk_token": "[UNK]",
                  "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100,
                  "vocab": {w: i for i, w in enumerate(WORDS)}}}


def main(argv):
    if len(argv) != 2:
        sys.exit(__doc__)
    floats = os.path.join(argv[1], "floats.onnx")
    onnx.save(model(), floats)
    quantize_dynamic(floats, os.path.join(argv[1], "model.onnx"),
                     per_channel=True, weight_type=QuantType.QInt8,
                     op_types_to_quantize=["MatMul", "Gather"],
                     extra_options={"MatMulConstBOnly": True})
    with open(os.path.join(argv[1], "tokenizer.json"), "w",
              encoding="utf-8") as out:
        json.dump(tokenizer(), out, ensure_ascii=False)


if __name__ == "__main__":
    main(sys.argv)
