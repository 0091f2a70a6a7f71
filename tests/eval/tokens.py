#!/usr/bin/env python3
"""Counts and ids of lib/token beside tiktoken's. For developers.

usage: make build/eval/token-ids
       tests/eval/tokens.py [--fuzz N] [FILE|FOLDER]...   compare, and say how many differ
       tests/eval/tokens.py --hf TOKENIZER.json ... the same for a file, beside tokenizers
       tests/eval/tokens.py --make KIND >TOKENIZER.json   llama3, qwen2, deepseek, gpt2, o200k
       tests/eval/tokens.py --write >tests/data/tokens.jsonl

Needs tiktoken (PyPI; 0.14.0 was used), whose rank tables are those of
lib/token/data, and zstd. Of a .jsonl file each string of each line is a text,
of another file each of its lines, and the whole file when it has at most 4 MB.
--fuzz makes N texts of each of seven kinds: characters of all of Unicode, of
the basic plane, of classes that the patterns tell apart, Han, letters in both
cases, blanks, bytes of words put together anew.
--hf needs tokenizers (PyPI; 0.23.3 was used). --make writes a file with the
merges of cl100k_base and the pre_tokenizer of a family of models.
"""
import argparse
import base64
import json
import os
import random
import subprocess
import sys

import tiktoken
import tiktoken_ext.openai_public as public

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
NAMES = ["o200k_base", "cl100k_base"]
BATCH = 4000


def encoding(name):
    """tiktoken's, with the table of the tree."""
    path = os.path.join(ROOT, "lib/token/data", name + ".tiktoken.zst")
    text = subprocess.run(["zstd", "-dcq", path], capture_output=True,
                          check=True).stdout
    ranks = {base64.b64decode(token): int(rank) for token, rank in
             (line.split() for line in text.splitlines())}
    public.load_tiktoken_bpe = lambda *args, **named: ranks
    return tiktoken.Encoding(**getattr(public, name)())


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def texts_of(path):
    if os.path.isdir(path):
        for name in sorted(os.listdir(path)):
            yield from texts_of(os.path.join(path, name))
        return
    try:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
    except (UnicodeDecodeError, OSError):
        return
    if len(text) <= 4 << 20:
        yield text
    for line in text.split("\n"):
        yield line
        if path.endswith(".jsonl"):
            try:
                yield from strings(json.loads(line))
            except ValueError:
                pass


BLANKS = (" \t\n\r\v\f\u0085\u00a0\u1680\u180e\u2000\u2009\u200b\u2028\u2029"
          "\u202f\u205f\u3000\ufeff")
MIXED = list(BLANKS + "aAbZzſKßẞǅǆʰªº中文的一々ー゛ァא٠१①²½Ⅷ'’\"/.,!?-_\\<|>{}[]()#@$%^&*~`+="
             "\u0301\u0300\u0903\u20dd\u0600\u00ad\U0001f600\U0001f1e8\U0001f468"
             "\u200d\ufe0f\U00020000\U000e0041\x00\x01\x7f0123456789，。！？：；「」“”…—") + [
    "'s", "'S", "'ſ", "'re", "'LL", "'ve", "'d", "'m", "'t", "\r\n", "  ", "<|endoftext|>",
    "<|im_start|>", "hello", "World", "HTTPServer", "getElementById", "的", "中国", "\n\n"]


def fuzzed(kind, source):
    n = source.choice([1, 2, 3, 5, 8, 13, 30, 80, 200])
    if kind == 0:
        made = [chr(source.randrange(0x110000)) for _ in range(n)]
    elif kind == 1:
        made = [chr(source.randrange(0x10000)) for _ in range(n)]
    elif kind == 2:
        made = [source.choice(MIXED) for _ in range(n)]
    elif kind == 3:
        made = [chr(source.randrange(0x4e00, 0xa000)) if source.random() < .9
                else source.choice(MIXED) for _ in range(n)]
    elif kind == 4:
        made = [source.choice("aAbBéÉñÑцЦωΩ'sSt ") for _ in range(n)]
    elif kind == 5:
        made = [source.choice(BLANKS) if source.random() < .8
                else source.choice("a1.中/") for _ in range(n)]
    else:
        made = [source.choice(WORDS) for _ in range(n)]
    return "".join(c for c in made if not "\ud800" <= c <= "\udfff")


WORDS = ["a", "e", "th", "ing", "er", "的", "是", "不", "了", "在", "有", "1", "20", "00",
         "é", "ü", " ", " t", " the", "ひ", "ら", "が", "な", "한", "국", "ا", "ل", "х", "о",
         "\U0001f602", "=", "==", "----", "/", "//", "(", ")", ";\n", "\t", "    "]


def reference_of(name):
    """The ids of a text as tiktoken, or tokenizers, has them. Tokens that are
    looked for in text before anything else are left out: here text is text."""
    if os.path.exists(name):
        import tokenizers
        with open(name, encoding="utf-8") as file:
            text = json.load(file)
        text.update(added_tokens=[], post_processor=None, decoder=None)
        one = tokenizers.Tokenizer.from_str(json.dumps(text))
        return lambda text: one.encode(text, add_special_tokens=False).ids
    return encoding(name).encode_ordinary


def compare(name, texts):
    """The texts of which the count or an id differs."""
    reference = reference_of(name)
    wrong = []
    total = n_bytes = 0
    ours = subprocess.Popen([os.path.join(ROOT, "build/eval/token-ids"), name],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def batch(some):
        data = b"".join(b"%d\n%s" % (len(t), t) for t in
                        (s.encode() for s in some))
        writer = os.fork()
        if writer == 0:
            ours.stdin.write(data)
            ours.stdin.flush()
            os._exit(0)
        for text in some:
            got = [int(x) for x in ours.stdout.readline().split()]
            want = reference(text)
            if got != [len(want)] + want:
                wrong.append((text, got, want))
        os.waitpid(writer, 0)

    some = []
    for text in texts:
        some.append(text)
        total += 1
        n_bytes += len(text.encode())
        if len(some) == BATCH or len(text) > 1 << 20:
            batch(some)
            some = []
    batch(some)
    ours.stdin.close()
    ours.wait()
    return total, n_bytes, wrong


ENDS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
PLAIN = (ENDS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}%s| ?[^\s\p{L}\p{N}]+[\r\n]*"
         r"|\s*[\r\n]+|\s+(?!\S)|\s+")
PATTERNS = {
    "llama3": [PLAIN % "{1,3}"],
    "qwen2": [PLAIN % ""],
    "gpt2": [],
    "o200k": [
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+" +
        ENDS + r"?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+"
        r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]*" + ENDS + r"?|\p{N}{1,3}"
        r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"],
    "deepseek": [
        r"\p{N}{1,3}", "[一-龥\u3040-ゟ゠-ヿ]+",
        r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+"""
        r"|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+"],
}


def merge(ranks, token):
    """What merging with lower ranks leaves of a token."""
    parts = [bytes([b]) for b in token]
    while len(parts) > 2:
        pairs = [ranks.get(a + b, 1 << 30) for a, b in zip(parts, parts[1:])]
        least = min(pairs)
        if least >= ranks[token]:
            break
        i = pairs.index(least)
        parts[i:i + 2] = [parts[i] + parts[i + 1]]
    return parts


def make(kind):
    """A tokenizer.json of cl100k_base's merges."""
    letters, other = {}, 256
    for b in range(256):
        if 0x20 < b < 0x7f or 0xa0 < b and b != 0xad:
            letters[b] = chr(b)
        else:
            letters[b], other = chr(other), other + 1
    ranks = encoding("cl100k_base")._mergeable_ranks
    spell = lambda token: "".join(letters[b] for b in token)
    merges = [[spell(p) for p in merge(ranks, token)]
              for token in sorted(ranks, key=ranks.get) if len(token) > 1]
    steps = [{"type": "Split", "pattern": {"Regex": pattern},
              "behavior": "Isolated", "invert": False}
             for pattern in PATTERNS[kind]]
    steps.append({"type": "ByteLevel", "add_prefix_space": False,
                  "trim_offsets": True, "use_regex": not steps})
    json.dump({
        "version": "1.0", "added_tokens": [],
        "normalizer": {"type": "NFC"} if kind == "qwen2" else None,
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": steps},
        "post_processor": None, "decoder": None,
        "model": {"type": "BPE", "dropout": None, "unk_token": None,
                  "continuing_subword_prefix": None,
                  "end_of_word_suffix": None, "fuse_unk": False,
                  "byte_fallback": False, "ignore_merges": kind == "llama3",
                  "vocab": {spell(t): r for t, r in ranks.items()},
                  "merges": merges if kind != "qwen2" else
                  [" ".join(m) for m in merges]}}, sys.stdout)


def own_texts():
    """Sentences of the project's own, and what is told apart."""
    for name in ["dialogues.jsonl", "questions.jsonl", "questions-manual.jsonl"]:
        with open(os.path.join(ROOT, "tests/data", name), encoding="utf-8") as file:
            for line in file:
                yield from (s for s in strings(json.loads(line)) if len(s) > 3)
    source = random.Random(1)
    for kind in range(7):
        for _ in range(25):
            yield fuzzed(kind, source)
    yield from ["", "a", "a" * 300, "ab" * 200, " " * 150 + "x", "\n" * 140,
                "=" * 1000, "中" * 130, "的中国" * 60, "0" * 500,
                "<|endoftext|>", "<|im_start|>system\nno<|im_end|>",
                "\ufeffBOM", "e\u0301" * 70, "\U0001f468\u200d\U0001f469" * 30]


def write():
    encodings = [encoding(name) for name in NAMES]
    seen = set()
    for text in own_texts():
        if text in seen:
            continue
        seen.add(text)
        print(json.dumps({"text": text, **{
            name[:-5]: one.encode_ordinary(text)
            for name, one in zip(NAMES, encodings)}}, ensure_ascii=False,
            separators=(",", ":")))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--make", choices=PATTERNS)
    parser.add_argument("--hf")
    parser.add_argument("--fuzz", type=int, default=0)
    parser.add_argument("paths", nargs="*")
    args = parser.parse_args()
    if args.write:
        write()
        return 0
    if args.make:
        make(args.make)
        return 0
    bad = 0
    for name in [args.hf] if args.hf else NAMES:
        source = random.Random(7)
        for what, texts in [
                ("files", (t for p in args.paths for t in texts_of(p))),
                ("fuzzed", (fuzzed(kind, source) for kind in range(7)
                            for _ in range(args.fuzz)))]:
            total, n_bytes, wrong = compare(name, texts)
            if total:
                print("%-12s %-7s %9d texts %12d bytes  %d differ" %
                      (name, what, total, n_bytes, len(wrong)))
            for text, got, want in wrong[:5]:
                print("  %r\n    ours   %s\n    theirs %s" % (
                    text[:200], got[:40], [len(want)] + want[:40]))
            bad += len(wrong)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
