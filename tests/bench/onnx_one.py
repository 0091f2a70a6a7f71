#!/usr/bin/env python3
"""The time of one text in onnxruntime, one thread, the best of 60.

usage: onnx_one.py MODEL.onnx TOKENIZER.json TEXT...

Needs onnxruntime and tokenizers.
"""
import sys
import time

import numpy as np
import onnxruntime
from tokenizers import Tokenizer


def main(argv):
    if len(argv) < 4:
        sys.exit(__doc__)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    start = time.perf_counter()
    session = onnxruntime.InferenceSession(argv[1], options)
    print(f"open {(time.perf_counter() - start) * 1e3:.2f} ms, onnxruntime")
    tokenizer = Tokenizer.from_file(argv[2])
    for text in argv[3:]:
        ids = np.array([tokenizer.encode(text).ids])
        fed = {"input_ids": ids, "attention_mask": np.ones_like(ids),
               "token_type_ids": np.zeros_like(ids)}
        best = 1e9
        for _ in range(60):
            start = time.perf_counter()
            session.run(None, fed)
            best = min(best, time.perf_counter() - start)
        print(f"{ids.size} tokens {best * 1e3:.2f} ms")


if __name__ == "__main__":
    main(sys.argv)
