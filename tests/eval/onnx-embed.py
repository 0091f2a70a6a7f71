#!/usr/bin/env python3
"""An embedder (kb-index --embed-cmd) of a sentence model in ONNX form.

usage: onnx-embed.py MODEL.onnx TOKENIZER.json [MAX]

Reads lines with an array 'texts' and answers each with 'vectors.texts': the
mean of the last layer over the tokens, of at most MAX (256) each, of length 1.
Needs onnxruntime and tokenizers.
"""
import base64
import json
import sys

import numpy as np
import onnxruntime
from tokenizers import Tokenizer


def main(argv):
    if len(argv) not in (3, 4):
        sys.exit(__doc__)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(argv[1], options)
    names = {i.name for i in session.get_inputs()}
    tokenizer = Tokenizer.from_file(argv[2])
    tokenizer.enable_truncation(int(argv[3]) if len(argv) == 4 else 256)
    tokenizer.no_padding()
    for line in sys.stdin:
        texts = json.loads(line)["texts"]
        rows = [e.ids for e in tokenizer.encode_batch(texts)]
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        mask = np.zeros_like(ids)
        for i, row in enumerate(rows):
            ids[i, :len(row)] = row
            mask[i, :len(row)] = 1
        fed = {"input_ids": ids, "attention_mask": mask,
               "token_type_ids": np.zeros_like(ids)}
        last = session.run(None, {k: v for k, v in fed.items()
                                  if k in names})[0]
        mean = (last * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
        mean /= np.linalg.norm(mean, axis=1, keepdims=True)
        print(json.dumps({"vectors": {"texts": [
            base64.b64encode(x.astype("<f4").tobytes()).decode()
            for x in mean]}}), flush=True)


if __name__ == "__main__":
    main(sys.argv)
