#!/usr/bin/env python3
"""What a confidence is worth, as it comes and learned from labels.

usage: tests/eval/learned.py SET... [--bin BIN] [--data DIR] [--json FILE]
		[--out DIR] [--draws N] [--cross]

SET is a labelled set of DIR/factcheck (of fc_zh_uhgeval the keywords), 'own' (tests/data/answers, as written),
or one of DIR/retrieval, whose questions the local answerer answers with half
of the documents gone. Records are parted by what they are about (passage or
question): half 0 may be looked at, half 1 is only scored.

raw	half 1 as fact-check gives it: AUROC of check.p; AUROC, ECE and Brier
	of the confidence
100	the same after --calibrate on 100 labels of half 0, mean and worst ECE
	of N draws; chance: of as many records whose confidences are true
half	after --calibrate and after --train on all of half 0
share	how much a certificate of 1,000 labels answers where 12 % are wrong, at
	3.5 % and delta .1, and in how many of 300 draws it is not kept
	(kb-eval check)

--cross: a model learned by --train from half 0 of all sets named together, as
many records of each, against the built-in confidence on half 1 of each; and
for each from half 0 of the others.
"""
import argparse
import json
import os
import random
import subprocess
import sys
import zlib

from honest import Bench, Questions, answered_without

HERE = os.path.dirname(os.path.abspath(__file__))
LABELS = 100
OF_A_SET = 600	# records of each set that --cross learns from


def place(text):
    return zlib.crc32(text.encode())


class Labels:
    """Records of one set, by half, and how fact-check reads them."""

    def __init__(self, name, args):
        self.name, self.args, self.options = name, args, ()
        folder = os.path.join(args.data, "factcheck", name)
        if name == "own":
            rows = self.own()
        elif name == "fc_zh_uhgeval":
            rows = self.keywords(folder)
        elif os.path.isdir(folder):
            rows = self.cases(folder)
        else:
            rows = self.answers(os.path.join(args.data, "retrieval", name))
        self.halves = ([], [])
        for row in rows:
            about = row.pop("about")
            self.halves[place(about) % 2].append(row)

    def own(self):
        for half in ("look", "scored"):
            done = subprocess.run(
                [sys.executable, os.path.join(HERE, "answer-set.py"), "--half",
                 half], check=True, text=True, stdout=subprocess.PIPE)
            for line in done.stdout.splitlines():
                # its own halves are those of this script
                about = next(str(i) for i in range(9)
                             if place(str(i)) % 2 == (half == "scored"))
                yield {**json.loads(line), "about": about}

    @staticmethod
    def keywords(folder):
        """Parts of invented continuations of news: is each in the news?"""
        with open(os.path.join(folder, "cases.jsonl"), encoding="utf-8") as f:
            news = {row["id"]: row["context"] for row in map(json.loads, f)}
        with open(os.path.join(folder, "keywords.jsonl"),
                  encoding="utf-8") as f:
            for row in map(json.loads, f):
                yield {"id": row["id"], "answer": row["keyword"],
                       "label": row["label"],
                       "hits": [{"text": news[row["case"]]}],
                       "about": news[row["case"]]}

    @staticmethod
    def cases(folder):
        with open(os.path.join(folder, "cases.jsonl"), encoding="utf-8") as f:
            for line in f:
                row = json.loads(line)
                got = {"id": row["id"], "answer": row["answer"],
                       "label": row["label"],
                       "hits": [{"text": row.get("context") or ""}],
                       "about": row.get("context") or row["id"]}
                if row.get("question"):
                    got["query"] = row["question"]
                yield got

    def answers(self, folder):
        mine = argparse.Namespace(**vars(self.args))
        mine.out = os.path.join(self.args.out, self.name)
        mine.json = mine.encoder = None
        bench = Bench(mine)
        bench.name = self.name
        self.options = (os.path.join(mine.out, "gone.kb"),)
        rows = answered_without(bench, Questions(folder, 3000))
        judged = bench.right(rows)
        for row, right in zip(rows, judged):
            if not row.get("error"):
                yield {"id": row["id"], "query": row["query"],
                       "hits": row["hits"], "answer": row["answer"],
                       "retrieval": row["retrieval"],
                       "generation": row["generation"],
                       "label": right, "about": row["query"]}


class Tools:
    def __init__(self, args):
        self.args = args
        os.makedirs(args.out, exist_ok=True)

    def run(self, *command):
        done = subprocess.run(
            [os.path.join(self.args.bin, command[0]), *command[1:]],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode not in (0, 1, 3):
            return None
        return done.stdout

    def write(self, rows):
        path = os.path.join(self.args.out, "labels.jsonl")
        with open(path, "w", encoding="utf-8") as f:
            for row in rows:
                f.write(json.dumps(row, ensure_ascii=False) + "\n")
        return path

    def learn(self, labels, rows, how, *options):
        """Path of a model file, or None where the labels do not suffice."""
        path = os.path.join(self.args.out, "model.json")
        got = self.run("fact-check", how, self.write(rows), "-o", path,
                       *options, *labels.options)
        return None if got is None else path

    def score(self, labels, rows, model=None):
        """What kb-eval says of them."""
        checked = self.run("fact-check", "-f", self.write(rows),
                           *(("-m", model) if model else ()), *labels.options)
        path = os.path.join(self.args.out, "checked.jsonl")
        with open(path, "w", encoding="utf-8") as f:
            f.write(checked)
        p = self.run("kb-eval", "check", "--format=json", "--score=p",
                     "--draws=1", path)
        self.confidences = [json.loads(line).get("confidence", 0)
                            for line in checked.splitlines()]
        line = self.run("kb-eval", "check", "--format=json", "--set",
                        labels.name, "--base", ".12", path)
        return {**json.loads(line), "auroc_p": json.loads(p)["auroc"]}


def share_of(m):
    """What a certificate answers where .12 are wrong, and how often it
    breaks."""
    return m["draws_answered"], m["draws_violated"]


def chance(rows, bins=15, draws=20):
    """ECE of as many records whose confidences were the very truth."""
    p = sorted(rows)
    state, total = random.Random(1), 0
    for _ in range(draws):
        right = [state.random() < x for x in p]
        for i in range(bins):
            a, b = len(p) * i // bins, len(p) * (i + 1) // bins
            total += abs(sum(p[a:b]) - sum(right[a:b])) / len(p)
    return total / draws


def report(tools, labels):
    look, scored = labels.halves
    raw = tools.score(labels, scored)
    eces = []
    for draw in range(tools.args.draws):
        some = sorted(look, key=lambda r: place(f"{draw} {r['id']}"))[:LABELS]
        model = tools.learn(labels, some, "--calibrate")
        if model:
            eces.append(tools.score(labels, scored, model)["ece"])
    halves = {}
    for how in ("--calibrate", "--train"):
        model = tools.learn(labels, look, how)
        halves[how] = tools.score(labels, scored, model) if model else None
        if how == "--calibrate":
            least = chance(tools.confidences) if model else float("nan")
    everything = tools.score(labels, look + scored)
    share, broken = share_of(everything)

    def three(m):
        return f"{m['auroc']:.3f} {m['ece']:.3f} {m['brier']:.3f}" \
            if m else "    -     -     -"
    print(f"{labels.name:16} {len(look) + len(scored):5} "
          f"{raw['auroc_p']:.3f} {three(raw)}  "
          + (f"{sum(eces) / len(eces):.3f} {max(eces):.3f}" if eces
             else "    -     -")
          + f" {least:.3f}  {three(halves['--calibrate'])}  {three(halves['--train'])}  "
          f"{share:.3f} {broken:.3f}", flush=True)
    return {"set": labels.name + ", learned", "raw": raw,
            "ece_100_labels": eces, "ece_by_chance": least, "calibrated": halves["--calibrate"],
            "trained": halves["--train"], "certified_share": share,
            "certificates_broken": broken}


def cross(tools, sets):
    def rows(chosen):
        return [r for s in chosen
                for r in sorted(s.halves[0], key=lambda r: place(str(r["id"]))
                                )[:OF_A_SET]]
    none = type("Any", (), {"options": (), "name": ""})
    pooled = tools.learn(none, rows(sets), "--train")
    os.rename(pooled, pooled + ".all")
    with open(pooled + ".all", encoding="utf-8") as f:
        print(json.dumps({x["name"]: round(x["weight"], 3)
                          for x in json.load(f)["features"]}))
    print("half 1: AUROC, ECE, Brier     built in            of all sets"
          "         of the others")
    for labels in sets:
        line = []
        for model in (None, pooled + ".all", "others"):
            if model == "others":
                model = tools.learn(
                    none, rows([s for s in sets if s is not labels]),
                    "--train")
            m = tools.score(labels, labels.halves[1], model)
            line.append(f"{m['auroc']:.3f} {m['ece']:.3f} {m['brier']:.3f}")
        print(f"{labels.name:28} " + "   ".join(line), flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--bin", default="build")
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--out", default="build/eval/learned")
    parser.add_argument("--json")
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--cross", action="store_true")
    args = parser.parse_args()
    tools = Tools(args)
    sets = [Labels(name, args) for name in args.sets]
    if args.cross:
        cross(tools, sets)
        return
    print(f"{'':16} {'':5} {'raw, half 1':23}  {'100 labels':17}"
          f"  {'--calibrate':17}  {'--train':17}  certificate")
    print(f"{'set':16} {'n':>5} {'    p AUROC  ECE  Brier':23}  {'ECE  worst chance':17}"
          f"  {'AUROC  ECE  Brier':17}  {'AUROC  ECE  Brier':17}  share broken")
    lines = [report(tools, labels) for labels in sets]
    print(f"worst ECE: {max(x['raw']['ece'] for x in lines):.3f} raw, "
          f"{max((max(x['ece_100_labels']) for x in lines if x['ece_100_labels']), default=0):.3f}"
          f" after {LABELS} labels")
    if args.json:
        with open(args.json, "a", encoding="utf-8") as f:
            for line in lines:
                f.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
