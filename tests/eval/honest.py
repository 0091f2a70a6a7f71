#!/usr/bin/env python3
"""Does what is sent out answer what was asked? Measured by kb-eval.

usage: tests/eval/honest.py own [--bin BIN] [--out DIR] [--json FILE]
       tests/eval/honest.py set SETDIR [--bin BIN] [--out DIR] [--json FILE]
		[--limit N] [--only gone,removed,short,swapped,misspelt]
		[--encoder NAMES]

own	 The labelled set of tests/data/answers, each half: as it is written,
	 and with its hits searched for and the index given to fact-check.
gone	 The documents that answer half of the questions are left out of the
	 index; llm-call answers from the others. To a human belong the questions
	 whose document is gone.
removed	 Of a passage the sentences with the answer to one question are taken
	 out; llm-call answers that question from this index and from the whole.
short	 A provider that answers in a few words: rightly, with the answer to
	 another question of the same passage, or of another passage.
swapped	 The sentence of the passage that holds the answer, as it stands or
	 with the answer exchanged for one of these.
misspelt llm-call answers from the whole index, each question as it is and
	 with one typing error (typos.py).

With --encoder llm-call has it.
SETDIR holds corpus.jsonl, queries.jsonl with answers, and qrels.tsv. Tables go
to standard output, with --json also the numbers of kb-eval to the end of FILE.
Everything is drawn by the ids of the questions: there is no seed.
"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys
import unicodedata
import zlib

import typos

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "..", "data")
THRESHOLDS = (.5, .6, .7, .8, .9)
KEPT = .93		# share of right ones sent that 'removed' is looked at
WITHOUT = .12		# share of questions without a document in daily use


def place(text):
    return zlib.crc32(text.encode())


class Bench:
    """Programs, a folder to work in, and where numbers go."""

    def __init__(self, args):
        self.bin, self.out, self.json = args.bin, args.out, args.json
        self.all = None
        self.local = ["--provider", "local"]
        if args.encoder:
            self.local += ["--encoder", args.encoder]
        os.makedirs(self.out, exist_ok=True)

    def program(self, name):
        return os.path.join(self.bin, name)

    def write(self, name, rows):
        path = os.path.join(self.out, name)
        with open(path, "w", encoding="utf-8") as f:
            for row in rows:
                f.write(json.dumps(row, ensure_ascii=False) + "\n")
        return path

    def filter(self, rows, *command):
        """Records through one program."""
        path = self.write("in.jsonl", rows)
        with open(path, encoding="utf-8") as f:
            done = subprocess.run([self.program(command[0]), *command[1:]],
                                  stdin=f, stdout=subprocess.PIPE, text=True)
        if done.returncode not in (0, 1, 3):
            sys.exit(f"honest: {command[0]} ended with {done.returncode}")
        got = [json.loads(line) for line in done.stdout.splitlines()]
        if len(got) != len(rows):
            sys.exit(f"honest: {command[0]} gave {len(got)} of {len(rows)}")
        return got

    def answer(self, rows, kb):
        rows = self.filter(rows, "kb-search", kb)
        rows = self.filter(rows, "prompt-render")
        rows = self.filter(rows, "llm-call", *self.local)
        return self.filter(rows, "fact-check", kb)

    def whole(self, questions):
        """The index of all documents, made once."""
        if not self.all:
            self.all = self.index("all.kb", self.write(
                "all.jsonl", questions.documents.values()))
        return self.all

    def index(self, name, *sources):
        kb = os.path.join(self.out, name)
        subprocess.run(["rm", "-rf", kb], check=True)
        done = subprocess.run([self.program("kb-index"), kb, *sources],
                              stderr=subprocess.PIPE, text=True)
        if done.returncode:
            sys.exit(f"honest: kb-index: {done.stderr}")
        return kb

    @staticmethod
    def right(rows):
        """Does each answer hold a gold answer?"""
        got = []
        for row in rows:
            golds = [fold(g) for g in row["gold"]["answers"] if fold(g)]
            said = fold(re.sub(r"\[\d+\]", "", row.get("answer") or ""))
            got.append(any(g in said for g in golds))
        return got

    def eval(self, command, rows, name, *options, text=False):
        """What kb-eval says of records: objects, or a table with text."""
        path = self.write("eval.jsonl", rows)
        run = [self.program("kb-eval"), command, "--set", name, *options]
        made = subprocess.run([*run, "--format=json", path], check=True,
                              stdout=subprocess.PIPE, text=True).stdout
        if self.json:
            with open(self.json, "a", encoding="utf-8") as f:
                f.write(made)
        if text:
            print()
            sys.stdout.flush()
            subprocess.run([*run, "--format=text", path], check=True)
        return [json.loads(line) for line in made.splitlines()]


# The labelled set

def own(bench):
    make = [sys.executable, os.path.join(HERE, "answer-set.py")]

    def records(*options):
        done = subprocess.run([*make, *options], check=True, text=True,
                              stdout=subprocess.PIPE)
        return [json.loads(line) for line in done.stdout.splitlines()]

    kb = bench.index("own.kb", os.path.join(DATA, "shop"),
                     os.path.join(DATA, "answers", "docs"))
    for half in ("look", "scored"):
        rows = bench.filter(records("--half", half), "fact-check")
        report_own(bench, rows, f"own set, {half}: hits as written")
        rows = bench.filter(records("--half", half, "--bare"), "kb-search", kb)
        rows = bench.filter(rows, "fact-check", kb)
        report_own(bench, rows, f"own set, {half}: searched, with the index")


def report_own(bench, rows, name):
    for row in rows:
        if row["label"]:
            row["kind"] = "right " + row["form"]
        if "wrapped" in row:
            row["kind"] += ", wrapped"
    bench.eval("check", rows, name, "--by", "kind", text=True)


# Sets with documents

class Questions:
    def __init__(self, folder, limit):
        def read(name):
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                return [json.loads(line) for line in f]
        self.documents = {str(d["id"]): d for d in read("corpus.jsonl")}
        relevant = collections.defaultdict(list)
        with open(os.path.join(folder, "qrels.tsv"), encoding="utf-8") as f:
            for line in f:
                cells = line.rstrip("\n").split("\t")
                if float(cells[-1]) >= 1:
                    relevant[cells[0]].append(cells[-2])
        rows = [{"id": str(q["id"]), "query": q["query"],
                 "gold": {"answers": q["answers"],
                          "docs": relevant[str(q["id"])]}}
                for q in read("queries.jsonl")
                if q.get("answers") and q["query"].strip()
                and relevant.get(str(q["id"]))]
        self.all = sorted(rows, key=lambda r: place(r["id"]))
        self.rows = self.all[:limit]

    def text(self, row):
        return self.documents[row["gold"]["docs"][0]]["text"]


def confidence(row):
    return 0 if row.get("error") else row.get("confidence") or 0


def answered_without(bench, questions):
    """Answers where half of the questions lose their documents, by
    document; these have no gold."""
    rows, lost = questions.rows, set()
    wanted = len(rows) / 2
    for document in sorted({d for r in rows for d in r["gold"]["docs"]},
                           key=lambda d: place("gone" + d)):
        if sum(set(r["gold"]["docs"]) <= lost for r in rows) >= wanted:
            break
        lost.add(document)
    kb = bench.index("gone.kb", bench.write(
        "gone.jsonl",
        [d for i, d in questions.documents.items() if i not in lost]))
    asked = []
    for row in rows:
        is_gone = set(row["gold"]["docs"]) <= lost
        asked.append({**row, "gold": {"answers": [], "docs": []}}
                     if is_gone else row)
    return bench.answer(asked, kb)


def gone(bench, questions):
    answered = answered_without(bench, questions)
    print(f"\nhalf of the documents gone, {bench.name}: "
          f"{len(answered)} questions\n"
          "threshold  without: to a human  with: answered  sent: wrong"
          f"  wrong at {WITHOUT:.0%} without")
    for t in THRESHOLDS:
        for row in answered:
            row["route"] = "answer" if confidence(row) >= t else "human"
        m = bench.eval("answers", answered,
                       f"{bench.name}, documents gone, threshold {t}")[0]
        loose = WITHOUT * (1 - m["unanswerable_routed"])
        with_ = (1 - WITHOUT) * m["answerable_answered"]
        wrong = loose + with_ * (m["wrong_answerable"] or 0)
        print(f"{t:9} {m['unanswerable_routed']:20.3f}"
              f" {m['answerable_answered']:15.3f}"
              f" {m['hallucination'] or 0:12.3f}"
              f" {wrong / (loose + with_ or 1):23.3f}")


def fold(text):
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).lower())


def sentences(text):
    return [s for s in re.split(r"(?<=[。！？!?\n])|(?<=[a-z\d)\"]\.)\s+", text)
            if s.strip()]


def removed(bench, questions):
    """One question a passage, asked with and without its sentence."""
    chosen, documents = {}, dict(questions.documents)
    for row in questions.rows:
        at = row["gold"]["docs"][0]
        golds = [fold(g) for g in row["gold"]["answers"] if fold(g)]
        kept = [s for s in sentences(questions.text(row))
                if not any(g in fold(s) for g in golds)]
        if at in chosen or not golds or not kept or any(
                g in fold(" ".join(kept)) for g in golds):
            continue
        chosen[at] = row
        gap = "" if re.search("[一-鿿]", kept[0]) else " "
        documents[at] = {**documents[at], "text": gap.join(kept)}
    whole = bench.whole(questions)
    less = bench.index("removed.kb", bench.write(
        "removed.jsonl", documents.values()))
    asked = list(chosen.values())
    right = [r for r in bench.answer(asked, whole) if any(
        fold(g) and fold(g) in fold(r.get("answer") or "")
        for g in r["gold"]["answers"])]
    ranks = sorted((confidence(r) for r in right), reverse=True)
    threshold = ranks[int(len(ranks) * KEPT)] if ranks else 1
    rows = [{**r, "label": 1, "kind": "whole passage, answered rightly"}
            for r in right]
    rows += [{**r, "label": 0, "kind": "sentence removed"}
             for r in bench.answer(asked, less)]
    print(f"\nthe sentence that answers is removed, {bench.name}\n"
          "threshold  right ones sent  without the sentence sent")
    for t in (.6, threshold):
        m = bench.eval("check", rows, f"{bench.name}, sentence removed",
                       "--threshold", str(t))[0]
        print(f"{t:9.4f} {m['right_answered']:16.3f}"
              f" {m['wrong_answered']:26.3f}")


def another(row, by_document, everything, same):
    """An answer to another question, with a number where this has one."""
    gold = row["gold"]["answers"]
    pool = by_document[row["gold"]["docs"][0]] if same else everything
    start = place(row["id"]) % len(pool)
    for other in pool[start:] + pool[:start]:
        answer = other["gold"]["answers"][0]
        if not same and other["gold"]["docs"][0] == row["gold"]["docs"][0]:
            continue
        if bool(re.search(r"\d", answer)) == bool(re.search(r"\d", gold[0])) \
                and not any(answer in g or g in answer for g in gold):
            return answer
    return None


def provided(bench, questions, swapped):
    """Answers as a provider may give them, in front of fact-check."""
    kb = bench.whole(questions)
    found = bench.filter(questions.rows, "kb-search", kb)
    by_document = collections.defaultdict(list)
    for row in questions.all:
        by_document[row["gold"]["docs"][0]].append(row)
    rows = []
    for row in found:
        gold = row["gold"]["answers"][0]
        frame = [s for s in sentences(questions.text(row)) if gold in s]
        for kind in ("right", "of the same passage", "of another passage"):
            answer = gold if kind == "right" else another(
                row, by_document, questions.all, "same" in kind)
            if answer is None or swapped and not frame:
                continue
            if swapped:
                answer = frame[0].strip().replace(gold, answer, 1)
            rows.append({**row, "answer": answer, "kind": kind,
                         "label": int(kind == "right"),
                         "generation": {"provider": "x", "finish": "stop"}})
    what = "sentence, answer exchanged" if swapped else "short answers"
    for where, index in (("hits only", ()), ("with the index", (kb,))):
        checked = bench.filter(rows, "fact-check", *index)
        table = bench.eval("check", checked, f"{bench.name}, {what}, {where}",
                           "--by", "kind")
        print(f"\n{what}, {bench.name}, {where}: sent out")
        for line in table[1:]:
            n = line["right"] or line["wrong"]
            sent = line["right_answered" if line["right"]
                        else "wrong_answered"]
            print(f"{line['value']:22} {sent:.3f} of {n}")


def misspelt(bench, questions):
    kb = bench.whole(questions)
    same = typos.homophones(collections.Counter(
        c for row in questions.all for c in row["query"]))
    print(f"\none typing error, {bench.name}: sent out\n"
          "question        rightly  wrongly")
    for name in "as it is", "with an error":
        rows = questions.rows
        if name != "as it is":
            rows = [{**row, "query": typos.misspell(row, same) or row["query"]}
                    for row in rows]
        answered = bench.answer(rows, kb)
        sent = [(right, confidence(row) >= .6)
                for row, right in zip(answered, bench.right(answered))]
        print(f"{name:15}"
              f" {sum(r and s for r, s in sent) / len(sent):7.3f}"
              f" {sum(s and not r for r, s in sent) / len(sent):8.3f}")


MEASURES = {
    "gone": gone,
    "removed": removed,
    "short": lambda b, q: provided(b, q, False),
    "swapped": lambda b, q: provided(b, q, True),
    "misspelt": misspelt,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("own", "set"))
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--bin", default="build")
    parser.add_argument("--out", default="build/eval/honest")
    parser.add_argument("--json")
    parser.add_argument("--encoder")
    parser.add_argument("--limit", type=int, default=1500)
    parser.add_argument("--only", default=",".join(MEASURES))
    args = parser.parse_args()
    bench = Bench(args)
    if args.what == "own":
        own(bench)
        return
    if not args.folder:
        parser.error("which set?")
    bench.name = os.path.basename(args.folder.rstrip("/"))
    questions = Questions(args.folder, args.limit)
    for name in args.only.split(","):
        MEASURES[name](bench, questions)


if __name__ == "__main__":
    main()
