#!/usr/bin/env python3
"""Fit the weights of the built-in model: of a sentence, in
lib/answer/sentence_weights.h, of how far an answer goes, of an answer and of a
passage judged, in lib/llm/local_weights.h.

usage: make programs build/eval/local-features build/eval/train
       tests/eval/fit-local.py [--write|--write-judge] [BIN]	(BIN: build)
       tests/eval/fit-local.py --encoder=NAMES [--write] [BIN]

Data: the questions of zh_cmrc2018 and en_squad (../shared/data, or KB_DATA),
of the sample shop, those of tests/data/questions-fit.jsonl, most of which
ask of a thing in the shop what its documents do not say, and those of
tests/data/questions-manual.jsonl on the pages of man/ as mandoc prints them. Each comes with what
kb-search finds, and twice more so that nothing should be said: without every
document that answers, and with the documents but without the sentences that
answer. Half 0 of the questions (CRC-32 of their ids) is fitted; half 1 is only
scored. Never read: tests/data/questions-heldout.jsonl.

Without --write only the table of the weights as compiled is printed, and the
weights that fitting now would give beside them. With --write the four models
are replaced, the programs made anew after each, because the traits of the best
sentence depend on the weights that choose it; with --write-judge the last. KB_CACHE
names a file to keep what was found in.

With --encoder, as of llm-call, the same of the two models that serve where
there is one: of a sentence and of an answer, each with its meaning as one more
feature. What the encoders say is asked once; of the sentences that they do not
read it is the least of the question.
"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
import zlib

import numpy as np

import weights

HEADERS = {"kb_sentence_builtin": "lib/answer/sentence_weights.h",
           "kb_sentence_meant_builtin": "lib/answer/sentence_weights.h",
           "kb_local_meant_builtin": "lib/llm/local_weights.h",
           "kb_local_extent_builtin": "lib/llm/local_weights.h",
           "kb_local_answer_builtin": "lib/llm/local_weights.h",
           "kb_local_judge_builtin": "lib/llm/local_weights.h"}
SHOP = {"sample": "tests/data/questions.jsonl",
        "near": "tests/data/questions-fit.jsonl"}
MANUAL = "tests/data/questions-manual.jsonl"
SETS = ("zh_cmrc2018", "en_squad", *SHOP, "manual")
FEATURES = tuple("""cover_rare cover_rare_title cover_rare_hit cover cover_title previous
next run score rank first length measure kind_when kind_how_long
kind_how_much kind_how_many kind_who kind_where kind_why kind_how
kind_yes_no short question near head option""".split())
TRAITS = tuple("""cover_title cover_hit cover cover_all missing_words margin kind
is_what title title_asked not_first weight measure yes_no missing_code
rare_title rare_hit beyond beyond_hit beyond_other option
share""".split())
EXTENTS = tuple("""gap next previous far next_refers previous_wanted measure
joined second many next_many question""".split())
SENTENCE_SHARE = {"zh_cmrc2018": 1, "en_squad": 1, "sample": 2, "near": 2,
                  "manual": 2}
CONFIDENCE_SHARE = {"zh_cmrc2018": .5, "en_squad": .7, "sample": 2, "near": 2,
                    "manual": 2}
UNANSWERABLE = 4  # how much more a question of the sample without answer is
CUT = .3  # how much less a passage without its answering sentences is
PRIOR = .47  # share of right answers where the confidence will be used: about
# as many questions as not ask what no document says, or are answered wrongly.
# Of those in prior_table() the largest at which .97 of the questions without a
# document go to a human on half 0 of both sets is between .4 and .5


def half(name):
    """0 fitted, 1 scored; the questions of one passage stay together."""
    return zlib.crc32(str(name).rsplit("_QUERY", 1)[0].encode()) & 1


def plain(text):
    return re.sub(r"[\s\W_]+", "", unicodedata.normalize("NFKC", text).lower())


def holds(text, answers):
    text = plain(text)
    return any(plain(a) and plain(a) in text for a in answers)


def run(command, stdin=None):
    done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE,
                          check=False)
    if done.returncode not in (0, 3):  # 3: some records have no hits
        sys.exit(f"fit-local: {command[0]} failed")
    return done.stdout


def without_answers(text, answers):
    """The text less the sentences that hold an answer."""
    kept = "".join(m.group() for m in re.finditer(
        r".+?(?:[。！？；!?\n]+|\.(?=\s)|$)", text, re.S)
        if not holds(m.group(), answers))
    return "" if holds(kept, answers) else kept


def gone_and_cut(record):
    """The record with nothing that answers: the documents, or the sentences,
    taken away; None when no sentence of them is left."""
    gold, hits = record["gold"], record.get("hits", [])
    answers, docs = gold["answers"], gold.get("docs", ())
    gone = [h for h in hits
            if h["doc"] not in docs and not holds(h["text"], answers)]
    cut = [dict(h, text=without_answers(h["text"], answers)) for h in hits]
    cut = [h for h in cut if h["text"].strip()]
    none = dict(record, gold={"answers": []})
    return (dict(none, hits=gone[:10]),
            dict(none, hits=cut[:10])
            if any(h["doc"] in docs for h in cut) else None)


def print_pages(folder):
    """The pages of man/ as they look on a terminal."""
    os.mkdir(folder)
    for page in glob.glob("man/*.[157]"):
        with open(f"{folder}/{os.path.basename(page)}.txt", "wb") as f:
            f.write(run(["col", "-b"], run(["mandoc", "-T", "utf8", "-O",
                                            "width=78", page])))
    return folder


def search(work, bin_):
    """Records with hits of every set, {set: (asked, gone, cut)}."""
    cache = os.environ.get("KB_CACHE")
    if cache and os.path.exists(cache):
        with open(cache, encoding="utf-8") as f:
            return json.load(f)
    data = os.environ.get("KB_DATA", "../shared/data")
    found = {}
    for name in SETS:
        index = f"{work}/{name}.kb"
        folder = f"{data}/retrieval/{name}"
        if name in SHOP or name == "manual":
            source = ("tests/data/shop" if name in SHOP
                      else print_pages(f"{work}/man"))
            with open(SHOP.get(name, MANUAL), "rb") as f:
                questions = f.read()
        else:
            source = f"{folder}/corpus.jsonl"
            questions = run([sys.executable, "tests/eval/records.py",
                             f"{folder}/queries.jsonl", f"{folder}/qrels.tsv"])
        run([f"{bin_}/kb-index", index, source])
        asked = [json.loads(line) for line in
                 run([f"{bin_}/kb-search", "-k", "16", index],
                     questions).splitlines()]
        pairs = [gone_and_cut(r) for r in asked
                 if r["gold"]["answers"] or name.startswith(("zh", "en"))]
        for record in asked:
            record["hits"] = record.get("hits", [])[:10]
        found[name] = (asked, [gone for gone, _ in pairs],
                       [cut for _, cut in pairs if cut])
    if cache:
        with open(cache, "w", encoding="utf-8") as f:
            json.dump(found, f)
    return found


ENCODER = []  # names, or none


def features(records, bin_):
    lines = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    out = run([f"{bin_}/eval/local-features", *ENCODER], lines.encode())
    seen = [json.loads(line) for line in out.splitlines()]
    for record, row in zip(records, seen):
        if ENCODER:
            record["meaning"] = [f[-1] for _, _, f in row["s"]]
    return seen


def seen_by_model(found, bin_):
    return {name: tuple(features(r, bin_) for r in found[name])
            for name in SETS}


# ---- fitting ----

def fit_sentences(seen):
    """Softmax over the sentences of a question, L2 0.002."""
    groups = []
    for name in SETS:
        for r in seen[name][0]:
            answers = r["gold"]["answers"]
            if not answers or half(r["id"]):
                continue
            y = np.array([holds(text, answers) for text, _, _ in r["s"]])
            if y.any() and not y.all():
                groups.append((np.array([f for _, _, f in r["s"]]), y,
                               SENTENCE_SHARE[name]))
    rows = np.concatenate([g[0] for g in groups])
    mean, sd = rows.mean(0), rows.std(0)
    sd[sd < 1e-6] = 1
    groups = [((x - mean) / sd, y, share) for x, y, share in groups]
    w, m, v = (np.zeros(rows.shape[1]) for _ in range(3))
    for _ in range(200):  # Adam
        g = np.zeros_like(w)
        for x, y, share in groups:
            z = x @ w
            p = np.exp(z - z.max())
            p /= p.sum()
            g += share * (x.T @ (p - p * y / (p * y).sum()))
        g = g / len(groups) + .002 * w
        m, v = .9 * m + .1 * g, .99 * v + .01 * g * g
        w -= .05 * m / (np.sqrt(v) + 1e-8)
    w /= sd
    for name in "question", "head":  # neither is an answer
        w[FEATURES.index(name)] = min(w[FEATURES.index(name)], -2)
    return {"name": "sentence", "kind": "linear", "training":
            {"records": len(groups)}, "features":
            [{"name": n, "weight": v} for n, v in zip(FEATURES, w)],
            "bias": 0.0}


def shares_text(sentence, answer):
    """Does the sentence hold the answer, or a part of a long one?"""
    s, a = plain(sentence), plain(answer)
    if not a or not s:
        return False
    return (a in s or (len(s) > 8 and s in a) or
            any(s.endswith(a[:n]) or s.startswith(a[-n:])
                for n in range(6, min(len(a), 60))))


def extent_rows(seen):
    """Half, features of a sentence beside the best one, and whether it holds
    of the answer what the best one lacks."""
    for name in SETS:
        for r in seen[name][0]:
            answers = r["gold"]["answers"]
            if not answers or r["best"] < 0:
                continue
            full = holds(r["s"][r["best"]][0], answers)
            for at, f in r["extents"]:
                more = not full and any(shares_text(r["s"][at][0], a)
                                        for a in answers)
                yield half(r["id"]), f, more


def fit_extent(seen, bin_):
    """Logistic regression of 'holds what the best one lacks', L2 1."""
    rows = [(y, 1, f) for part, f, y in extent_rows(seen) if part == 0]
    return weights.train(bin_, EXTENTS, rows, "--l2", 1, "--standardise",
                         "--fold")


def extent_auroc(seen, model):
    w = np.array([f["weight"] for f in model["features"]])
    rows = [r for r in extent_rows(seen) if r[0] == 1]
    return weights.auroc([w @ np.array(f) for _, f, _ in rows],
                         [int(y) for _, _, y in rows])


def extended(r, model, least, most):
    """The text of the best sentence, up to most - 1 others of at least that
    probability, and those between two of them: kb_extent_choose() of prose."""
    w = np.array([f["weight"] for f in model["features"]])
    sure = sorted(((1 / (1 + np.exp(-(w @ np.array(f) + model["bias"]))), at)
                   for at, f in r["extents"]), reverse=True)
    chosen = {r["best"], *(at for p, at in sure[:most - 1] if p >= least)}
    chosen |= {at + 1 for at in chosen if at + 2 in chosen}
    return " ".join(r["s"][at][0] for at in sorted(chosen)), len(chosen)


def extent_table(seen, model):
    """What EXTENT_LEAST and EXTENT_LEAST_MANY of lib/llm/compose_weights.h
    give: half 0 chooses, half 1 is scored."""
    print("\nextent: least probability, sentences at most; share that holds the"
          " answer, sentences\n" + " " * 22 + "".join(
              f"  {n} {h} {kind:4}" for n in SETS[:2] for h in (0, 1)
              for kind in ("one", "many")))
    many = EXTENTS.index("many")
    for least in 1, .1, .06, .04, .03, .02:
        for most in (1,) if least == 1 else (3, 6):
            cells = ""
            for name in SETS[:2]:
                for h in 0, 1:
                    for kind in 0, 1:
                        got = [(holds(text, r["gold"]["answers"]), n)
                               for r in seen[name][0]
                               if half(r["id"]) == h and r.get("extents") and
                               r["extents"][0][1][many] == kind
                               for text, n in [extended(r, model, least,
                                                        most)]]
                        right, n = np.mean(got, axis=0)
                        cells += f"     {right:6.3f} {n:4.2f}"
            print(f"  least {least:4} most {most:2}   {cells}")


def prior_table(seen, model):
    """What PRIOR gives at the threshold .6: of the questions with their
    document answered, wrong of all sent with half of the documents gone and
    at 12 % without; and those without sent to a human."""
    w = np.array([f["weight"] for f in model["features"]])
    print("\nPRIOR, half: of each set answered, wrong of all sent with half of"
          " the documents gone, at .12 gone, gone to a human")
    for prior in .4, .45, PRIOR, .5, .55, .6:
        shift = np.log(prior / (1 - prior)) - np.log(PRIOR / (1 - PRIOR))
        for h in 0, 1:
            cells = ""
            for name in SETS[:2]:
                there, gone = [
                    [(w @ np.array(r["traits"]) + model["bias"] + shift >
                      np.log(.6 / .4) if r["best"] >= 0 else False,
                      holds(uncited(r.get("text", "")),
                            r["gold"]["answers"]))
                     for r in seen[name][v] if half(r["id"]) == h]
                    for v in (0, 1)]
                sent = np.mean([a for a, _ in there])
                wrong = np.mean([a and not y for a, y in there])
                loose = np.mean([a for a, _ in gone])
                cells += f"  {name} {sent:.3f}" + "".join(
                    f" {(1 - g) * wrong / d + g * loose / d:.3f}"
                    for g in (.5, .12)
                    for d in [(1 - g) * sent + g * loose])
                cells += f" {1 - loose:.3f}"
            print(f"  {prior:.1f} {h} {cells}")


def uncited(text):
    return re.sub(r" \[\d+\]", "", text)


def confidence_rows(seen):
    for name in SETS:
        for variant, records in enumerate(seen[name]):
            for r in records:
                if r["best"] < 0:
                    continue
                answers = r["gold"]["answers"]
                y = holds(uncited(r["text"]), answers)
                share = CONFIDENCE_SHARE[name] * (CUT if variant == 2 else 1)
                if name == "sample" and not answers and variant == 0:
                    share *= UNANSWERABLE
                yield half(r["id"]), r["traits"], y, share


def fit_answer(seen, bin_):
    """Logistic regression of 'the answer holds the gold', L2 1. The rows
    hold more questions without answer than people ask: the bias is moved by
    the odds of PRIOR (Saerens et al. 2002, section 2.2)."""
    rows = [(y, share, traits) for part, traits, y, share
            in confidence_rows(seen) if part == 0]
    model = weights.train(bin_, TRAITS, rows, "--l2", 1, "--standardise",
                          "--fold")
    share = np.average([r[0] for r in rows], weights=[r[1] for r in rows])
    print(f"right answers among the rows: {share:.3f}")
    model["bias"] += np.log(PRIOR / (1 - PRIOR)) - np.log(share / (1 - share))
    return model


def judge_rows(seen, found, sentence):
    """Half, label and best sentence's score of every passage read."""
    w = np.array([0 if n in ("score", "rank") else sentence[n]
                  for n in FEATURES])
    for name in SETS:
        for r, record in zip(seen[name][0], found[name][0]):
            answers = r["gold"]["answers"]
            if not answers:
                continue
            best = {}
            for _, hit, f in r["s"]:
                best[hit] = max(best.get(hit, -99), float(w @ np.array(f)))
            for hit, z in best.items():
                yield (half(r["id"]),
                       holds(record["hits"][hit]["text"], answers), z)


def fit_judge(seen, found, sentence, bin_):
    rows = [(y, 1, [z]) for part, y, z in judge_rows(seen, found, sentence)
            if part == 0]
    return weights.train(bin_, ["sentence"], rows, "--l2", 1e-6)


# ---- the headers ----

def compiled_model(symbol):
    return weights.compiled(HEADERS[symbol], symbol)


def show(symbol, model):
    old, bias = compiled_model(symbol)
    records = model.get("training", {}).get("records", 0)
    print(f"\n{symbol}, of {records} records: compiled, learned now")
    for f in model["features"]:
        print(f"  {f['name']:18} {old.get(f['name'], 0):7.2f}"
              f" {f['weight']:7.2f}")
    print(f"  {'bias':18} {bias:7.2f} {model['bias']:7.2f}")


def write(symbol, model, figures, bin_, digits=2):
    weights.write(HEADERS[symbol], symbol, model, "tests/eval/fit-local.py",
                  [n + "/0" for n in SETS], [n + "/1" for n in SETS],
                  figures, digits)
    run(["make", "-s", "programs", bin_ + "/eval/local-features"])


def first_right(seen, part):
    """Share of the questions whose best sentence holds the answer."""
    got = [holds(r["s"][r["best"]][0], r["gold"]["answers"])
           for name in SETS for r in seen[name][0]
           if half(r["id"]) == part and r["gold"]["answers"]
           and r["best"] >= 0]
    return float(np.mean(got))


def answer_auroc(seen, model):
    rows = [r for r in confidence_rows(seen) if r[0] == 1]
    w = np.array([f["weight"] for f in model["features"]])
    return weights.auroc([w @ np.array(r[1]) for r in rows],
                         [int(r[2]) for r in rows])


def table(seen):
    print("\nset          half    n  answered  wrong  contains"
          "  routed: asked   gone    cut  sentences")
    for name in SETS:
        for h in (0, 1):
            n = answered = wrong = contains = sentences = 0
            routed = [[r["knows"] for r in records if half(r["id"]) == h and
                       not r["gold"]["answers"]] for records in seen[name]]
            for r in seen[name][0]:
                answers = r["gold"]["answers"]
                if half(r["id"]) != h or not answers:
                    continue
                good = holds(uncited(r["answer"]), answers)
                n += 1
                answered += r["knows"]
                sentences += r["knows"] and r["sentences"]
                contains += r["knows"] and good
                wrong += r["knows"] and not good
            shares = "".join(f"{1 - np.mean(k):7.3f}" if k else "      -"
                             for k in routed)
            print(f"{name:12} {'other' if h else 'fitted':6} {n:4}"
                  f" {answered / n:9.3f} {wrong / max(answered, 1):6.3f}"
                  f" {contains / n:9.3f}        {shares}"
                  f" {sentences / max(answered, 1):10.2f}")
    print("wrong: share of the answered. routed: share not answered of "
          "questions without\nanswer, and when documents or sentences that "
          "answer are taken away.")


def fitted_sentences(seen, found, symbol, writing, bin_):
    """Fit and show the model of a sentence; what is seen by it."""
    model = fit_sentences(seen)
    show(symbol, model)
    print(f"best sentences that hold the answer, half 1:"
          f" {first_right(seen, 1):.3f}")
    if writing:
        write(symbol, model, {}, bin_)
        seen = seen_by_model(found, bin_)
        write(symbol, model, {"hit@1": first_right(seen, 1)}, bin_)
        print(f"... as learned now: {first_right(seen, 1):.3f}")
    return seen


def fitted_answer(seen, symbol, writing, bin_):
    """Fit and show the model of an answer, as it is and by set."""
    answer = dict(fit_answer(seen, bin_), name="answer")
    show(symbol, answer)
    old, _ = compiled_model(symbol)
    before = {"features": [{"weight": old.get(n, 0)} for n in TRAITS]}
    print(f"AUROC of the answer, half 1: compiled"
          f" {answer_auroc(seen, before):.3f},"
          f" learned now {answer_auroc(seen, answer):.3f}")
    prior_table(seen, answer)
    if writing:
        write(symbol, answer, {"auroc": answer_auroc(seen, answer)}, bin_)


def main_encoder(found, writing, bin_):
    """The two models that serve beside an encoder."""
    global FEATURES, TRAITS
    FEATURES, TRAITS = (*FEATURES, "meaning"), (*TRAITS, "meaning")
    seen = fitted_sentences(seen_by_model(found, bin_), found,
                            "kb_sentence_meant_builtin", writing, bin_)
    fitted_answer(seen, "kb_local_meant_builtin", writing, bin_)
    table(seen_by_model(found, bin_) if writing else seen)


def main(argv):
    writing = "--write" in argv
    names = [a for a in argv[1:] if not a.startswith("--")]
    ENCODER.extend(a.partition("=")[2] for a in argv
                   if a.startswith("--encoder="))
    bin_ = names[0] if names else "build"
    with tempfile.TemporaryDirectory() as work:
        found = search(work, bin_)
    if ENCODER:
        return main_encoder(found, writing, bin_)
    seen = fitted_sentences(seen_by_model(found, bin_), found,
                            "kb_sentence_builtin", writing, bin_)
    extent = dict(fit_extent(seen, bin_), name="extent")
    show("kb_local_extent_builtin", extent)
    reached = extent_auroc(seen, extent)
    print(f"AUROC of the extent, half 1, learned now: {reached:.3f}")
    extent_table(seen, extent)
    if writing:
        write("kb_local_extent_builtin", extent, {"auroc": reached}, bin_)
        seen = seen_by_model(found, bin_)
    fitted_answer(seen, "kb_local_answer_builtin", writing, bin_)
    compiled = compiled_model("kb_sentence_builtin")[0]
    judge = dict(fit_judge(seen, found, compiled, bin_), name="judge")
    show("kb_local_judge_builtin", judge)
    rows = [r for r in judge_rows(seen, found, compiled) if r[0] == 1]
    z = np.array([r[2] for r in rows])
    y = np.array([r[1] for r in rows], int)
    old, bias = compiled_model("kb_local_judge_builtin")
    for label, slope, offset in (
            ("compiled", old["sentence"], bias),
            ("learned now", judge["features"][0]["weight"], judge["bias"])):
        p = 1 / (1 + np.exp(-(slope * z + offset)))
        brier = float(np.mean((p - y) ** 2))
        print(f"judge, {label}, {len(y)} passages of half 1: mean p"
              f" {p.mean():.3f}, right {y.mean():.3f}, Brier {brier:.4f},"
              f" AUROC {weights.auroc(z, y):.3f}")
    if writing or "--write-judge" in argv:
        write("kb_local_judge_builtin", judge,
              {"auroc": weights.auroc(z, y), "brier": brier}, bin_, 3)
        seen = seen_by_model(found, bin_)
    table(seen)


if __name__ == "__main__":
    main(sys.argv)
