#!/usr/bin/env python3
"""Reference vectors of a BERT encoder, for tests/models.sh.

usage: encoder-reference.py MODEL.onnx TOKENIZER.json cls|mean <TEXTS >VECTORS

Reads a text a line and writes {"text","vector"} each: the vector of length 1
that onnxruntime gives, as base64 of bytes that are 127 times its numbers over
the largest. Of a model with weights of 8 bits the same weights are taken as
floats, and activations stay floats: what is left of a difference is our
arithmetic, not onnxruntime's. Needs onnx, onnxruntime, tokenizers and numpy.
"""
import base64
import json
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper
from tokenizers import Tokenizer


def in_floats(model):
    """MatMulInteger and what belongs to it as MatMul of floats."""
    graph = model.graph
    tensors = {t.name: t for t in graph.initializer}
    maker = {o: n for n in graph.node for o in n.output}
    users = {}
    for node in graph.node:
        for name in node.input:
            users.setdefault(name, []).append(node)
    instead, gone = {}, set()
    for node in graph.node:
        if node.op_type != "MatMulInteger":
            continue
        quantise = maker[node.input[0]]
        cast = users[node.output[0]][0]
        last = users[cast.output[0]][0]
        scales = [maker[i] for i in last.input if i != cast.output[0]][0]
        scale = [i for i in scales.input if i in tensors][0]
        weights = numpy_helper.to_array(tensors[node.input[1]])
        if len(node.input) > 3:
            zero = numpy_helper.to_array(tensors[node.input[3]])
            weights = weights.astype(np.int32) - zero.astype(np.int32)
        weights = weights.astype(np.float32) * numpy_helper.to_array(
            tensors[scale])
        name = "floats." + node.input[1]
        graph.initializer.append(numpy_helper.from_array(weights, name))
        instead[last.name] = helper.make_node(
            "MatMul", [quantise.input[0], name], [last.output[0]])
        gone.update(n.name for n in (node, cast, scales))
    nodes = [instead.get(n.name, n) for n in graph.node
             if n.name not in gone and n.op_type != "DynamicQuantizeLinear"]
    del graph.node[:]
    graph.node.extend(nodes)
    return model


def main(argv):
    if len(argv) != 4 or argv[3] not in ("cls", "mean"):
        sys.exit(__doc__)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        in_floats(onnx.load(argv[1])).SerializeToString(), options)
    names = {i.name for i in session.get_inputs()}
    tokenizer = Tokenizer.from_file(argv[2])
    tokenizer.encode_special_tokens = True
    tokenizer.no_padding()
    tokenizer.enable_truncation(512)
    for line in sys.stdin:
        text = line.rstrip("\n")
        ids = np.array([tokenizer.encode(text).ids])
        fed = {"input_ids": ids, "attention_mask": np.ones_like(ids),
               "token_type_ids": np.zeros_like(ids)}
        last = session.run(None, {k: v for k, v in fed.items()
                                  if k in names})[0][0]
        x = last[0] if argv[3] == "cls" else last.mean(0)
        x = np.round(x * 127 / np.abs(x).max()).astype(np.int8)
        print(json.dumps({"text": text, "vector":
                          base64.b64encode(x.tobytes()).decode()},
                         ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv)
