#!/usr/bin/env python3
"""Fit the models of relevance, lib/verify/relevant_weights.h: does what was
said answer the question?

usage: make programs build/eval/train
       tests/eval/fit-relevance.py [--write] [BIN]	(BIN: build)

Data: the questions of en_squad and zh_cmrc2018 (../shared/data, or KB_DATA),
searched in an index of all their passages, and what somebody might have
answered: the right short answer, that of another question about the same
passage or about another one; the sentence that answers, one of the passages
found that does not, and the one that answers when another name was put into
the question. Questions are halved by the article (CRC-32 of its title): half 0
is fitted, half 1 is only scored. Beside them the set of tests/data/answers,
asked of its own index, and its questions about another thing, attribute or
condition: its half "look" is fitted, "scored" only scored. And sets of longer
questions and of talk, each answer with its own passage and no index: what
people found supported, and the same for the question that is asked about
another passage, drawn by chance or the first other one that search finds;
halved by the passage (CRC-32).

Three models, each a logistic regression (L2 .003, weights at 0 or above), the
right and the wrong of every set and kind with the same weight. An answer that
is less than half of its sentence is a short one; it has a model of its own,
and both are fitted on the two large sets. "subject" tells by what their
passages lack whether they are about the question at all; it is fitted on all
sets, and the least of it and the other counts. Bias, and the weight of "han",
then put .6 where the share MISSED of the right ones of half 0 of the large
sets falls below it; the weights of "long" and "open" the same of the right ones
of the sets of longer questions, and of those that ask for a reason or a way.

The table has what is sent at .6 by both, and of it what is left where what is
missing of the question is certain (fact-check, question:thing). --write
replaces the compiled weights.
"""
import collections
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import zlib

import numpy as np

import weights

HEADER = "lib/verify/relevant_weights.h"
SETS = ("en_squad", "zh_cmrc2018")
NAMES = tuple("""margin margin_passage rank hit own window run names
names_passage names_all kind measure near news lack lack_window""".split())
OWN = "answers"
WRONG = ("name", "noun", "attribute", "condition")
TALKS = ("fc_lfqa", "fc_halueval_qa", "fc_en_rgb_fact", "fc_begin")
TURNED = ("another question", "another question, near")
MODELS = {"short": ("kb_relevance_short_builtin",
                    ("right", "same", "other")),
          "sentence": ("kb_relevance_sentence_builtin",
                       ("right sentence", "right", "same", "other",
                        "wrong sentence", "another name, sentence")),
          "subject": ("kb_relevance_subject_builtin",
                      ("right sentence", "right", "another name") + WRONG
                      + TURNED)}
MISSED = {"short": {"en_squad": .01, "zh_cmrc2018": .025},
          "sentence": {"en_squad": .01, "zh_cmrc2018": .025},
          "subject": {"en_squad": .04, "zh_cmrc2018": .04}}
MISSED_LONG = {"fc_lfqa", "fc_halueval_qa"}, .08
MISSED_OPEN = {"fc_lfqa"}, .05
SAMPLE = 1500
LEAST = .08	# what weighs less is left out
CAPITALS = re.compile(r"(?<=[a-z,'] )[A-Z][\w'-]+(?: [A-Z][\w'-]+)*")


def run(command, records):
    """What the command makes of the records."""
    done = subprocess.run(
        command, text=True, stdout=subprocess.PIPE, check=False,
        input="".join(json.dumps(r, ensure_ascii=False) + "\n"
                      for r in records))
    if done.returncode not in (0, 3):
        sys.exit(f"fit-relevance: {command[0]} failed")
    return [json.loads(line) for line in done.stdout.splitlines()]


def sentences(text):
    return [s.strip() for s in
            re.split(r"(?<=[。！？!?])|(?<=\.)\s+", text) if s and s.strip()]


def has_digit(text):
    return bool(re.search(r"\d", text))


class Set:
    """A set of questions, what search finds for them, and its index."""

    def __init__(self, name, data, bin_, work):
        folder = f"{data}/retrieval/{name}"
        self.name, self.bin, self.index = name, bin_, f"{work}/{name}.kb"
        with open(f"{folder}/corpus.jsonl", encoding="utf-8") as f:
            self.passages = {str(c["id"]): c for c in map(json.loads, f)}
        relevant = collections.defaultdict(set)
        with open(f"{folder}/qrels.tsv", encoding="utf-8") as f:
            for query, doc, score in (line.split("\t") for line in f):
                if int(score) > 0:
                    relevant[query].add(doc)
        with open(f"{folder}/queries.jsonl", encoding="utf-8") as f:
            asked = [q for q in map(json.loads, f)
                     if q["query"].strip() and relevant[str(q["id"])]
                     and q.get("answers")]
        if len(asked) > SAMPLE:
            asked = random.Random(11).sample(asked, SAMPLE)
        subprocess.run([f"{bin_}/kb-index", self.index,
                        f"{folder}/corpus.jsonl"], check=True,
                       stderr=subprocess.DEVNULL)
        self.records = self.search([
            {"id": q["id"], "query": q["query"], "right": q["answers"],
             "doc": min(relevant[str(q["id"])])} for q in asked])
        self.by_doc = collections.defaultdict(list)
        for r in self.records:
            self.by_doc[r["doc"]].append(r)

    def title(self, doc):
        return (self.passages[doc].get("title") or "").replace("_", " ")

    def half(self, record):
        doc = record["doc"]
        return zlib.crc32((self.title(doc) or doc).encode()) & 1

    def search(self, records):
        return run([f"{self.bin}/kb-search", self.index], records)

    def answering(self, record):
        """The sentence that holds the right answer, or None."""
        text = self.passages[record["doc"]]["text"]
        return next((s for s in sentences(text) if record["right"][0] in s),
                    None)

    def other_answer(self, record, same, rng):
        """The answer of another question, of the same passage or another."""
        right = record["right"][0]
        pool = (self.by_doc[record["doc"]] if same else
                rng.sample(self.records, min(60, len(self.records))))
        found = [r["right"][0] for r in pool
                 if right not in r["right"][0]
                 and r["right"][0] not in right
                 and has_digit(r["right"][0]) == has_digit(right)
                 and (same or r["doc"] != record["doc"])]
        return rng.choice(found) if found else None

    def exchanged_name(self, record, rng):
        """The question about something else, or None."""
        query, title = record["query"], self.title(record["doc"])
        if title and title in query:
            name = title
            new = self.title(rng.choice(list(self.passages)))
        else:
            names = CAPITALS.findall(query)
            pool = [n for r in rng.sample(self.records, 30)
                    for n in CAPITALS.findall(r["query"])]
            if not names or not pool:
                return None
            name, new = rng.choice(names), rng.choice(pool)
        if not new or new in self.passages[record["doc"]]["text"]:
            return None
        return query.replace(name, new)

    def wrong_sentence(self, record, rng):
        docs = ([record["doc"]] if rng.random() < .5 else
                [h["doc"] for h in record.get("hits", [])[:3]])
        found = [s for d in docs if d in self.passages
                 for s in sentences(self.passages[d]["text"])
                 if not any(a in s for a in record["right"])]
        return rng.choice(found) if found else None

    def answers(self):
        """(kind, records with an answer) of every kind."""
        def made(make):
            pairs = ((r, make(r)) for r in self.records)
            return [dict(r, answer=a) for r, a in pairs if a]

        rng = random.Random(5)
        yield "right", made(lambda r: r["right"][0])
        yield "same", made(lambda r: self.other_answer(r, True, rng))
        yield "other", made(lambda r: self.other_answer(r, False, rng))
        yield "right sentence", made(self.answering)
        yield "wrong sentence", made(lambda r: self.wrong_sentence(r, rng))
        asked = [dict(r, query=q, hits=[]) for r, q in
                 ((r, self.exchanged_name(r, rng)) for r in self.records) if q]
        asked = self.search(asked)
        yield "another name", [dict(r, answer=r["right"][0]) for r in asked]
        yield "another name, sentence", [
            dict(r, answer=a) for r, a in
            ((r, self.answering(r)) for r in asked) if a]

    def rows(self):
        """(kind, half, features, is the name of the question missing)."""
        for kind, records in self.answers():
            given = [dict(r, generation={"provider": "x", "finish": "stop"})
                     for r in records]
            for r in run([f"{self.bin}/fact-check", "--explain", self.index],
                         given):
                claims = [c["features"]["relevance"]
                          for c in r["check"]["claims"] if c.get("features")]
                if claims and "margin" in claims[0]:
                    yield (self.name, kind, self.half(r), claims[0],
                           certain(claims[0]))


def certain(features):
    """Is what is missing of the question certain?"""
    return features.get("possible") == 0


def talk_rows(name, data, bin_, work):
    """As Set.rows(), of a set of answers with a passage each."""
    with open(f"{data}/factcheck/{name}/cases.jsonl", encoding="utf-8") as f:
        cases = [c for c in map(json.loads, f) if c.get("question")
                 and c["label"] == "supported"]
    passages = list(dict.fromkeys(c["context"] for c in cases))
    source, index = f"{work}/{name}.jsonl", f"{work}/{name}.kb"
    with open(source, "w", encoding="utf-8") as f:
        for i, text in enumerate(passages):
            f.write(json.dumps({"id": str(i), "text": text}) + "\n")
    subprocess.run([f"{bin_}/kb-index", index, source], check=True,
                   stderr=subprocess.DEVNULL)
    answers = {c["context"]: c for c in cases}
    rng = random.Random(3)

    def half(text):
        return zlib.crc32(text.encode()) & 1

    def record(case, other, kind):
        return {"query": case["question"], "answer": other["answer"],
                "hits": [{"text": other["context"]}], "kind": kind,
                "half": half(case["context"]),
                "generation": {"provider": "x", "finish": "stop"}}

    given = [record(c, c, "right") for c in cases]
    asked = {c["question"]: c for c in cases}
    found = run([f"{bin_}/kb-search", "-k", "5", index],
                [{"query": q} for q in asked])
    for case, hits in zip(asked.values(), found):
        near = [int(h["doc"]) for h in hits.get("hits", [])]
        far = rng.sample(range(len(passages)), min(20, len(passages)))
        for kind, places in zip(TURNED, (far, near)):
            other = next((p for p in (passages[i] for i in places)
                          if p != case["context"]
                          and half(p) == half(case["context"])), None)
            if other:
                given.append(record(case, answers[other], kind))
    for r in run([f"{bin_}/fact-check", "--explain"], given):
        claims = [c["features"]["relevance"]
                  for c in r["check"]["claims"] if c.get("features")]
        if claims and "margin" in claims[0]:
            yield name, r["kind"], r["half"], claims[0], certain(claims[0])


def own_rows(bin_, work):
    """As Set.rows(), of the project's own set."""
    here = os.path.dirname(os.path.abspath(__file__))
    data = os.path.join(here, "..", "data")
    made = subprocess.run(
        [sys.executable, os.path.join(here, "answer-set.py"), "--bare"],
        stdout=subprocess.PIPE, text=True, check=True).stdout
    index = f"{work}/{OWN}.kb"
    subprocess.run([f"{bin_}/kb-index", index, f"{data}/shop",
                    f"{data}/answers/docs"], check=True,
                   stderr=subprocess.DEVNULL)
    records = [r for r in map(json.loads, made.splitlines())
               if "wrapped" not in r and (r["label"] or r["kind"] in WRONG)]
    records = run([f"{bin_}/kb-search", index], records)
    for r in run([f"{bin_}/fact-check", "--explain", index], records):
        claims = [c["features"]["relevance"] for c in r["check"]["claims"]
                  if c.get("features")]
        if claims and "margin" in claims[0]:
            kind = "right" if r["label"] else r["kind"]
            yield (OWN, kind, int(r["half"] == "scored"), claims[0],
                   certain(claims[0]))


def is_short(features):
    return features["part"] < .5


def values(features, names):
    return [features.get(n, float("nan")) for n in names]


def score(model, features):
    z = model["bias"]
    for f in model["features"]:
        x = features.get(f["name"], float("nan"))
        if x == x:
            z += f["weight"] * (x - f.get("mean", 0)) / (f.get("scale") or 1)
    return z


def is_sent(models, features):
    mode = "short" if is_short(features) else "sentence"
    return min(score(models[mode], features),
               score(models["subject"], features)) >= np.log(.6 / .4)


def raise_to(model, name, rows, share):
    """A weight of the feature by which this share of the rows is below .6."""
    def below(weight):
        return np.mean([score(model, r) + weight * r[name] < np.log(.6 / .4)
                        for r in rows])

    low, high = 0, 8.
    for _ in range(30 if below(0) > share else 0):
        weight = (low + high) / 2
        low, high = (weight, high) if below(weight) > share else (low, weight)
    model["features"].append({"name": name, "weight": low})


def fit(mode, rows, every, bin_):
    names = ("lack", "held") if mode == "subject" else NAMES
    count = collections.Counter((r[0], r[1]) for r in rows)
    groups = collections.Counter(k[1].startswith("right") for k in count)
    data = [(r[1].startswith("right"),
             len(rows) / 2 / groups[r[1].startswith("right")]
             / count[r[0], r[1]], values(r[3], names)) for r in rows]
    model = weights.train(bin_, names, data, "--l2", .003, "--nonnegative",
                          "--standardise")
    edge = {}
    for name in SETS:
        right = [score(model, r[3]) for r in rows if not r[4]
                 and r[0] == name and r[1].startswith("right")]
        edge[name] = float(np.quantile(right, MISSED[mode][name]))
    model["bias"] += np.log(.6 / .4) - edge["en_squad"]
    model["features"].append(
        {"name": "han", "weight": edge["en_squad"] - edge["zh_cmrc2018"]})
    name, (sets, share) = {"subject": ("long", MISSED_LONG)}.get(
        mode, ("open", MISSED_OPEN))
    if mode != "short":
        raise_to(model, name, [
            r[3] for r in every if r[0] in sets and r[1] == "right"
            and r[2] == 0 and r[3][name] > 0
            and (not r[4] if mode == "subject" else not is_short(r[3]))],
            share)
    return model


def chosen(mode, rows):
    """Half 0 of what a model is fitted on."""
    kinds = MODELS[mode][1]
    if mode == "subject":
        return [r for r in rows if r[2] == 0 and r[1] in kinds and not r[4]]
    return [r for r in rows if r[2] == 0 and r[1] in kinds and r[0] in SETS
            and is_short(r[3]) == (mode == "short")]


def table(rows, models):
    figures = collections.defaultdict(dict)
    print(f"\n{'half 1: sent at .6':30} {'n':>5}  sent  and not certain")
    for name in (*SETS, OWN, *TALKS):
        for kind in dict.fromkeys(r[1] for r in rows):
            found = [r for r in rows
                     if r[0] == name and r[1] == kind and r[2] == 1]
            if not found:
                continue
            sent = [is_sent(models, r[3]) for r in found]
            left = [s and not r[4] for s, r in zip(sent, found)]
            print(f"{name:12}{kind:24}{len(found):6}  {np.mean(sent):.3f}"
                  f" {np.mean(left):.3f}")
            figures[name][kind] = float(np.mean(left))
    return figures


def label(name):
    return ("own" if name == OWN else name[:2] if name in SETS else
            name.removeprefix("fc_"))


def told(mode):
    """Kinds whose figures stand with the model."""
    return [k for k in MODELS[mode][1]
            if mode != "sentence" or k not in MODELS["short"][1]]


def main(argv):
    names = [a for a in argv[1:] if not a.startswith("--")]
    bin_ = names[0] if names else "build"
    data = os.environ.get("KB_DATA", "../shared/data")
    if not os.path.exists(f"{data}/retrieval/{SETS[0]}"):
        sys.exit("fit-relevance: no sets in " + data)
    with tempfile.TemporaryDirectory() as work:
        rows = [row for name in SETS
                for row in Set(name, data, bin_, work).rows()]
        rows += own_rows(bin_, work)
        for name in TALKS:
            rows += talk_rows(name, data, bin_, work)
    models = {}
    for mode, (symbol, kinds) in MODELS.items():
        part = chosen(mode, rows)
        models[mode] = model = fit(mode, part, rows, bin_)
        model.update(name=mode, training={"records": len(part)}, features=[
            f for f in model["features"] if abs(f["weight"]) >= LEAST])
        print(f"\n{symbol}: bias {model['bias']:.2f}")
        for f in model["features"]:
            print(f"  {f['name']:16} {f['weight']:6.2f}")
    figures = table(rows, models)
    for mode, (symbol, kinds) in MODELS.items():
        if "--write" in argv:
            names = (*SETS, OWN, *TALKS) if mode == "subject" else SETS
            weights.write(
                HEADER, symbol, models[mode], "tests/eval/fit-relevance.py",
                [n + "/0" for n in names], [n + "/1" for n in names],
                {f"{label(n)} {k}": figures[n][k]
                 for n in names for k in told(mode) if k in figures[n]}, 3)


if __name__ == "__main__":
    main(sys.argv)
