#!/usr/bin/env python3
"""Accuracy of text-classify on sets of intents and question types.

Of a set with one file of examples: ten-fold cross-validation, counted apart
over the even rows of banking77, smp2019 and trec, by which the constants of
lib/learn and lib/classify were chosen, and over the odd ones, by which none was,
though they stood beside them. Nothing was looked at on shopping. Of clinc150:
learned from 'train', scored on 'val', which was in sight; for questions out of
scope the scores are calibrated on the even rows of 'val', 95 % of them kept, and
the odd rows and all out of scope are scored. The same with two levels,
domain/intent.

usage: classify.py DATA [--bin DIR] [--folds N] [--json FILE]
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

SETS = [("banking77", "int_banking77", None), ("smp2019", "int_zh_smp2019", None),
        ("trec", "int_trec_qtype", None), ("shopping", "cls_zh_shopping", None),
        ("smp2019, two levels", "int_zh_smp2019", "intent"),
        ("trec, two levels", "int_trec_qtype", "fine")]


def read(path, child=None):
    rows = []
    with open(path, encoding="utf-8") as f:
        for line in f:
            row = json.loads(line)
            label = row["label"] + ("/" + row[child] if child else "")
            rows.append({"text": row["text"], "label": label})
    return rows


class Classifier:
    def __init__(self, folder, program):
        self.folder, self.program = folder, program

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, command, rows, *options):
        text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
        done = subprocess.run([self.program, command, *options],
                              input=text.encode(), stdout=subprocess.PIPE)
        if done.returncode:
            sys.exit("classify.py: text-classify %s: exit %d" % (
                command, done.returncode))
        return done.stdout

    def train(self, rows, name="model.tc"):
        self.run("train", rows, "-o", self.path(name))
        return self.path(name)

    def labels(self, model, rows, *options):
        out = self.run("predict", rows, "-m", model, *options)
        return [json.loads(line)["class"] for line in out.splitlines()]

    def measures(self, model, rows, *options):
        return json.loads(self.run("eval", rows, "-m", model, *options))


def cross_validate(c, rows, folds):
    """Right ones and rows, of the even rows and of the odd."""
    right, n, parents = [0, 0], [0, 0], 0
    for fold in range(folds):
        # which fold a row is in does not go with its parity
        inside = [i for i in range(len(rows))
                  if (i // 2 * 0x9e3779b1 >> 7) % folds == fold]
        chosen = set(inside)
        model = c.train([r for i, r in enumerate(rows) if i not in chosen])
        got = c.labels(model, [{"text": rows[i]["text"]} for i in inside],
                       "--leaf=0")
        for i, said in zip(inside, got):
            n[i % 2] += 1
            right[i % 2] += said["label"] == rows[i]["label"]
            parents += (said["label"].split("/")[0]
                        == rows[i]["label"].split("/")[0])
    return right, n, parents


def report(out, name, **figures):
    print("%-22s %s" % (name, "  ".join(
        "%s %.3f" % (k.replace("_", " "), v) for k, v in figures.items())))
    sys.stdout.flush()
    if out:
        out.write(json.dumps(dict(set=name, **figures)) + "\n")


def clinc(c, folder, out, two_levels):
    train = read(folder + "/train.jsonl")
    val = read(folder + "/val.jsonl")
    oos = read(folder + "/oos_train.jsonl") + read(folder + "/oos_val.jsonl")
    if two_levels:
        with open(folder + "/domains.json", encoding="utf-8") as f:
            domain = {i: d for d, names in json.load(f).items() for i in names}
        for row in train + val:
            row["label"] = domain[row["label"]] + "/" + row["label"]
    model = c.train(train)
    all_ = c.measures(model, val)
    own = c.path("own.tc")
    c.run("calibrate", val[::2], "-m", model, "-o", own)
    kept = c.measures(own, val[1::2] + oos, "--keep=.95")
    figures = dict(accuracy=all_["accuracy"], kept=kept["kept"],
                   out_of_scope_found=kept["out_of_scope_recall"],
                   accuracy_of_kept=kept["accuracy_kept"], ece=kept["ece"])
    if two_levels:
        figures["parent_accuracy"] = all_["parent_accuracy"]
    report(out, "clinc150" + (", two levels" if two_levels else ""), **figures)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    p = argparse.ArgumentParser()
    p.add_argument("data")
    p.add_argument("--bin", default=os.path.join(here, "../../build"))
    p.add_argument("--folds", type=int, default=10)
    p.add_argument("--only", default="")
    p.add_argument("--json")
    a = p.parse_args()
    out = open(a.json, "a", encoding="utf-8") if a.json else None
    with tempfile.TemporaryDirectory() as folder:
        c = Classifier(folder, os.path.join(a.bin, "text-classify"))
        for name, set_, child in SETS:
            path = os.path.join(a.data, "intent", set_, "train.jsonl")
            if a.only not in name or not os.path.exists(path):
                continue
            right, n, parents = cross_validate(c, read(path, child), a.folds)
            figures = dict(even=right[0] / n[0], odd=right[1] / n[1],
                           all=sum(right) / sum(n))
            if child:
                figures["parent"] = parents / sum(n)
            report(out, name, **figures)
        path = os.path.join(a.data, "intent", "int_clinc150")
        if a.only in "clinc150" and os.path.exists(path):
            clinc(c, path, out, False)
            clinc(c, path, out, True)


if __name__ == "__main__":
    main()
