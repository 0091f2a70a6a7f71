"""What the scripts fit-*.py share: learning by lib/learn, the files of
weights, and measures that lists of scores and labels need."""
import datetime
import json
import re
import subprocess
import sys

import numpy as np


def train(bin_, names, rows, *options):
    """The model that build/eval/train learns from (target, weight, values)."""
    lines = [" ".join(names)]
    lines += [" ".join(repr(float(v)) for v in (y, w, *x)) for y, w, x in rows]
    done = subprocess.run([bin_ + "/eval/train", *map(str, options)],
                          input="\n".join(lines) + "\n", text=True,
                          stdout=subprocess.PIPE, check=False)
    if done.returncode:
        sys.exit("%s/eval/train did not learn" % bin_)
    return json.loads(done.stdout)


def definition(symbol):
    return r"(const struct kb_linear_model %s = \{\n)(.*?)(\n\};)" % symbol


def compiled(path, symbol):
    """{feature: weight} and the bias as they stand in a file of weights."""
    with open(path, encoding="utf-8") as text:
        body = re.search(definition(symbol), text.read(), re.S).group(2)
    weights = {name: float(value) for name, value in re.findall(
        r'\.name = "([^"]+)",\s*\.weight = (-?[\d.e-]+)', body)}
    bias = re.search(r"\.bias = (-?[\d.e-]+)", body)
    return weights, float(bias.group(1)) if bias else 0.0


def quoted(names):
    return "".join('"%s", ' % n for n in names)


def write(path, symbol, model, script, sets, held_out, figures, digits=2):
    """Replace the definition of a model in a file of weights."""
    rows = "".join(
        '\t{.name = "%s", .weight = %.*f%s%s},\n' % (
            f["name"], digits, f["weight"] + 0.0,
            ", .mean = %.*f, .scale = %.*f" % (
                digits, f["mean"], digits, f["scale"])
            if "scale" in f else "",
            ", .nonnegative = true" if f.get("nonnegative") else "")
        for f in model["features"])
    figure = "".join('{"%s", %.3f}, ' % (name, value)
                     for name, value in figures.items())
    body = ('\t.name = "%s",\n\t.kind = %s,\n'
            "\t.training = {.script = \"%s\", .date = \"%s\",\n"
            "\t.sets = (const char *const[]){%sNULL},\n"
            "\t.held_out = (const char *const[]){%sNULL},\n"
            "\t.records = %d,\n"
            "\t.figures = (const struct kb_figure[]){%s{NULL, 0}}},\n"
            "\t.features = (const struct kb_linear_feature[]){\n%s\t},\n"
            "\t.n = %d,\n\t.bias = %.*f," % (
                model["name"],
                "KB_LINEAR" if model["kind"] == "linear" else "KB_LOGISTIC",
                script, datetime.date.today().isoformat(), quoted(sets),
                quoted(held_out), model.get("training", {}).get("records", 0),
                figure, rows, len(model["features"]), digits,
                model.get("bias", 0)))
    with open(path, encoding="utf-8") as text:
        old = text.read()
    new = re.sub(definition(symbol),
                 lambda m: m.group(1) + body + m.group(3), old, flags=re.S)
    with open(path, "w", encoding="utf-8") as out:
        out.write(new)
    subprocess.run(["clang-format", "-i", path], check=True)


def auroc(p, y):
    """Chance that a right one scores above a wrong one, ties half."""
    p, y = np.asarray(p, float), np.asarray(y)
    _, place, counts = np.unique(p, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    n = (y == 1).sum()
    return (ranks[y == 1].sum() - n * (n + 1) / 2) / (n * (len(y) - n))
