#!/usr/bin/env python3
"""Are the numbers in a *_weights.h the right ones, and does it matter?

usage: tests/eval/fit-constants.py [--write] PART...	(verify, record, local,
						context, threads, complete,
						lexical, legs, model, asked,
						turns, pool, places, rerank,
						graph, names, cohesion, words,
						spelling, static)

Every constant of the part's files is halved and doubled, one at a time (a
whole number of 1 becomes 0 and 2), in a copy of the tree that is built anew.
Data: sets of ../shared/data (or KB_DATA), halved by the CRC-32 of the
questions' ids, or as the sets' own scripts do. Half 0 chooses, half 1 is only
scored. The table shows, by constant and value, the difference of the measure
to that of the constants as they are on either half, with 1.96 standard errors;
'*' marks what half 0 would have: a gain beyond them.

With --write the value with the largest such gain is taken, and the others are
tried around it, until nothing gains. ONLY names constants, FACTORS other
factors than .5,2.
"""
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import zlib

import numpy as np

import weights
from records import convert

DATA = os.path.abspath(os.environ.get("KB_DATA", "../shared/data"))
FACTORS = [float(x) for x in os.environ.get("FACTORS", ".5,2").split(",")]
DEFINE = r"(?m)^(#define (\w+)\s+)(-?[\d.]+(?:e-?\d+)?)([fu]?)\b"


def half(name):
    return zlib.crc32(str(name).encode()) & 1


def lines(path):
    with open(path, encoding="utf-8") as text:
        return [json.loads(line) for line in text if line.strip()]


def pipe(command, records):
    done = subprocess.run(command, input="".join(
        json.dumps(r, ensure_ascii=False) + "\n" for r in records),
                          capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        sys.exit(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def script(name):
    """A script of this folder as a module."""
    import importlib.util
    spec = importlib.util.spec_from_file_location(
        name, "tests/eval/%s.py" % name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# A measure returns {(set, half): array with a value for each case}. The means
# of the sets, each with the same weight, are compared.

class Verify:
    """1 - Brier score of a claim's p, by tests/eval/factcheck; and whether a
    wrong number is found, a right one passed, by factcheck-numbers.py."""
    files = ("lib/evidence/compare_weights.h", "lib/passage/token_weights.h",
             "lib/verify/check_weights.h", "lib/quantity/agree_weights.h")
    targets = ("build/eval/factcheck", "build/fact-check")
    but = ("WIDER_PLACE", "RETRIEVAL_SHARE", "TRUNCATED_LOGIT", "ABSTAIN_SHARE")
    sets = ("fc_begin", "fc_en_rgb_fact", "fc_frank", "fc_lfqa", "fc_qags",
            "fc_wice", "fc_zh_ocnli")

    def __init__(self, work):
        self.cases = []
        news = DATA + "/scale/zh_news.jsonl.zst"
        if os.path.exists(news):
            numbers = script("factcheck-numbers")
            import random
            text = subprocess.run(["sh", "-c", "zstdcat %s | head -2000" % news],
                                  stdout=subprocess.PIPE, text=True,
                                  check=True).stdout
            self.cases = [
                {"id": i, "kind": kind, "answer": s, "hits": [{"text": t}]}
                for i, kind, t, s in numbers.claims(text.splitlines(),
                                                    random.Random(1))]

    def measure(self, build):
        out = {}
        done = subprocess.run(
            [build + "/eval/factcheck", "--features",
             *("%s/factcheck/%s/cases.jsonl" % (DATA, s) for s in self.sets)],
            stdout=subprocess.PIPE, text=True, check=True)
        for line in done.stdout.splitlines():
            name, part, label, p = line.split()[:4]
            out.setdefault((name, int(part)), []).append(
                1 - (float(p) - float(label)) ** 2)
        for r in pipe([build + "/fact-check"], self.cases):
            wrong = any(c["verdict"] == "contradicted"
                        for c in r["check"]["claims"])
            out.setdefault((r["kind"] + " number", half(r["id"])), []).append(
                wrong != (r["kind"] == "same"))
        return out


class Record:
    """1 - Brier score of a record's confidence: of the sentence that
    fit-local.py thinks best, where it answers and where nothing does, whole and
    cut after three fifths; and of answers of fc_begin and fc_zh_halluqa that
    say in part not to know. Whether a claim with a citation is miscited when it
    cites another passage than its own, and only then."""
    files = ("lib/verify/check_weights.h",)
    targets = ("build/fact-check",)
    only = ("CONTRADICTED_CAP", "RETRIEVAL_SHARE", "TRUNCATED_LOGIT",
            "LEAST_SHARE", "ABSTAIN_SHARE")

    def __init__(self, work):
        fit = script("fit-local")
        found = fit.search(work, "build")
        self.cases = []
        for name in fit.SETS:
            for kind, records in zip(("asked", "gone", "cut"), found[name]):
                for r, seen in zip(records, fit.features(records, "build")):
                    if seen["best"] >= 0:
                        text, hit, _ = seen["s"][seen["best"]]
                        self.sentence(name, kind, r, text, hit, fit)
        for name in ("fc_begin", "fc_zh_halluqa"):
            self.abstaining(name)

    def sentence(self, name, kind, record, text, hit, fit):
        gold, part = record["gold"]["answers"], fit.half(record["id"])
        record = {k: record[k] for k in ("query", "hits", "retrieval")}
        short = text[:len(text) * 3 // 5]
        self.cases.append((name + " " + kind, part, fit.holds(text, gold),
                           dict(record, answer=text)))
        self.cases.append((name + " " + kind + " short", part,
                           fit.holds(short, gold),
                           dict(record, answer=short,
                                generation={"finish": "length"})))
        if kind == "asked" and len(record["hits"]) > 1:
            wrong = zlib.crc32(text.encode()) & 1
            if wrong:
                hit = (hit + 1) % len(record["hits"])
            self.cases.append((name + " cited", part, wrong, dict(
                record, answer="%s [%d]" % (text, hit + 1))))

    def abstaining(self, name):
        cases = [(half(c["context"]), c["label"] == "supported",
                  {"query": c.get("question") or "", "answer": c["answer"],
                   "hits": [{"text": c["context"]}]})
                 for c in lines("%s/factcheck/%s/cases.jsonl" % (DATA, name))]
        got = pipe(["build/fact-check"], [c[2] for c in cases])
        for (part, good, record), r in zip(cases, got):
            if "abstain" in r["check"]["reasons"] and r["confidence"] > 0:
                self.cases.append(("abstaining", part, good, record))

    def measure(self, build):
        out = {}
        got = pipe([build + "/fact-check"], [c[3] for c in self.cases])
        for (name, part, good, _), r in zip(self.cases, got):
            if name.endswith("cited"):
                value = good == any(c["verdict"] == "miscited"
                                    for c in r["check"]["claims"])
            else:
                value = 1 - (r["confidence"] - good) ** 2
            out.setdefault((name, part), []).append(value)
        return out


class Search:
    """Mean of nDCG@10 and recall@10 of each question."""
    targets = ("build/kb-search", "build/kb-index")
    options = ()
    limit = 200
    rebuilds = False  # the indexes, with each value

    def __init__(self, work):
        self.indexes = {}
        self.corpora = {}
        self.asked = {}
        self.gold = {}
        for name in self.sets:
            folder = self.folder(name, work)
            if not folder:
                continue
            gold = {}
            with open(folder + "/qrels.tsv", encoding="utf-8") as text:
                for line in text:
                    query, doc, grade = line.rstrip("\n").split("\t")[:3]
                    if float(grade) > 0:
                        gold.setdefault(query, {})[doc] = float(grade)
            asked = [q for q in lines(folder + "/queries.jsonl")
                     if str(q["id"]) in gold and q["query"].strip()]
            asked = asked[::max(1, len(asked) // self.limit)]
            self.asked[name] = [convert(q, {}) for q in asked]
            self.gold[name] = gold
            self.corpora[name] = folder + "/corpus.jsonl"
            self.indexes[name] = "%s/%s.kb" % (work, name)
            self.index("build", name)

    def index(self, build, name):
        subprocess.run(["rm", "-rf", self.indexes[name]], check=True)
        subprocess.run([build + "/kb-index", self.indexes[name],
                        self.corpora[name]], check=True)

    def folder(self, name, work):
        if name.startswith("cut_"):
            to = "%s/%s.set" % (work, name)
            subprocess.run([sys.executable, "tests/eval/passages.py",
                            name[4:], to, "--data", DATA], check=True)
            return to
        if name.startswith("cache_"):
            pairs = {"cache_en": "en_qqp_gptcache", "cache_zh":
                     "zh_afqmc_train"}[name]
            path = "%s/cache/cache_pairs/%s.jsonl" % (DATA, pairs)
            to = "%s/%s.set" % (work, name)
            if not os.path.exists(path):
                return None
            subprocess.run([sys.executable, "tests/eval/pairs.py", path, to],
                           check=True, stdout=subprocess.DEVNULL)
            return to
        path = DATA + "/retrieval/" + name
        return path if os.path.exists(path) else None

    def measure(self, build):
        out = {}
        for name, asked in self.asked.items():
            if self.rebuilds:
                self.index(build, name)
            got = pipe([build + "/kb-search", "--plain", "--distinct",
                        "--format=json", *self.options, self.indexes[name]],
                       asked)
            for r in got:
                gold = self.gold[name][str(r["id"])]
                found = [gold.get(h["doc"], 0) for h in r.get("hits", [])][:10]
                best = sorted(gold.values(), reverse=True)[:10]
                gain = sum(g / math.log2(i + 2) for i, g in enumerate(found))
                most = sum(g / math.log2(i + 2) for i, g in enumerate(best))
                out.setdefault((name, half(r["id"])), []).append(
                    (gain / most + sum(g > 0 for g in found) / len(gold)) / 2)
        return out


class Lexical(Search):
    files = ("lib/posting/bm25_weights.h",
             "lib/search/lexical/lexical_weights.h")
    options = ("--legs", "lexical")
    sets = ("en_squad", "en_multihop", "en_cisi", "zh_kdconv_kb",
            "zh_cmrc2018", "cache_zh")


class Legs(Search):
    files = ("lib/search/leg_weights.h",
             "lib/search/length_similarity_weights.h",
             "lib/search/diverse_weights.h")
    but = ("WEIGHT_MODEL", "WEIGHT_MODEL_GRAPH", "SIMILAR_LENGTH_MODEL",
           "STATIC_GAIN", "SIMILAR_LENGTH_STATIC", "STATIC_LEAST_MAX")
    sets = ("en_squad", "en_multihop", "en_cisi", "zh_kdconv_kb",
            "kg_pathquestion", "cache_zh", "cache_en")


class Model(Legs):
    """The same with vectors of the models of 'make models', in indexes that
    KB_CACHE names a folder to keep in."""
    only, but = Legs.but[:3], ()
    files = ("lib/search/leg_weights.h",)
    sets = Legs.sets + ("en_lfqa", "en_wice_evidence", "zh_cmrc2018")
    limit = 500

    def index(self, build, name):
        kept = os.environ.get("KB_CACHE")
        if kept:
            self.indexes[name] = "%s/%s.kb" % (kept, name)
        if not os.path.exists(self.indexes[name] + "/MANIFEST"):
            subprocess.run([build + "/kb-index", "--embed", "bge-small-" + (
                "zh" if "zh" in name else "en"), self.indexes[name],
                            self.corpora[name]], check=True)


class Static(Model):
    """The same without the model at question time, of the sets that get a
    static encoder, which is learned anew with each value."""
    files = ("lib/search/leg_weights.h",
             "lib/vector/static_encoder_weights.h")
    only = Legs.but[3:5] + ("RIDGE", "STEPS", "UNIT_TEXTS_MIN")
    options = ("--no-model",)
    sets = ("zh_kdconv_kb", "cache_zh", "cache_en")
    limit = 1000
    rebuilds = True

    def index(self, build, name):
        super().index(build, name)
        # no text is embedded twice
        subprocess.run([build + "/kb-index", "--rebuild", self.indexes[name],
                        self.corpora[name]], check=True)


class Asked(Search):
    """The same of turns of conversations, as ctx-compress completes them."""
    files = ("lib/search/leg_weights.h",)
    only = ("ASKED_WEIGHT",)
    sets = ("zh_kdconv_kb",)
    limit = 700

    def __init__(self, work):
        super().__init__(work)
        self.turns = dict(self.asked)
        self.complete("build")

    def complete(self, build):
        self.asked = {name: pipe([build + "/ctx-compress"], turns)
                      for name, turns in self.turns.items()}


class Turns(Asked):
    """The same, completed anew."""
    files = ("lib/context/complete_weights.h",)
    targets = ("build/ctx-compress",)
    only = ("GOES_BACK",)

    def measure(self, build):
        self.complete(build)
        return super().measure("build")


class Pool(Search):
    """The same where there are so many passages that their codes choose whose
    vectors are read."""
    files = ("lib/search/leg_weights.h",)
    only = ("WORD_POOL",)
    sets = ("en_wice_evidence", "cut_news")
    limit = 500


class Places(Search):
    """One over the place of the first hit that holds the answer, where whole
    articles are the documents: of en_squad's, and those that passages.py makes
    of zh_news."""
    files = ("lib/search/diverse_weights.h",)
    only = ("SPREAD_FIRST", "SPREAD_OF_ONE")
    sets = ("en_squad", "cut_news")
    limit = 600

    def index(self, build, name):
        """Documents of one title as one; what is found is the answer, or the
        passage that is judged."""
        folder = os.path.dirname(self.corpora[name])
        docs = lines(self.corpora[name])
        whole = {}
        for d in docs:
            whole.setdefault(d["title"], []).append(d["text"])
        path = self.indexes[name] + ".jsonl"
        with open(path, "w", encoding="utf-8") as out:
            for title, texts in whole.items():
                out.write(json.dumps({"id": title, "title": title, "text":
                                      "\n\n".join(texts)}) + "\n")
        self.corpora[name] = path
        of = {d["id"]: d for d in docs}
        answers = {str(q["id"]): q.get("answers")
                   for q in lines(folder + "/queries.jsonl")}
        self.gold[name] = {
            q: [(of[d]["title"], a) for d in judged
                for a in answers[q] or [of[d]["text"]]]
            for q, judged in self.gold[name].items()}
        super().index(build, name)

    def measure(self, build):
        out = {}
        for name, asked in self.asked.items():
            for r in pipe([build + "/kb-search", "--plain", "--format=json",
                           self.indexes[name]], asked):
                gold = self.gold[name][str(r["id"])]
                place = [i + 1 for i, h in enumerate(r.get("hits", [])[:10])
                         if any(h["doc"] == d and a in h["text"]
                                for d, a in gold)]
                out.setdefault((name, half(r["id"])), []).append(
                    1 / place[0] if place else 0)
        return out


class Rerank:
    """Mean of nDCG@10 and recall@10 of each question with the reranker, whose
    weights are as compiled, of the sets of fit-rerank.py."""
    files = ("lib/search/fit_weights.h",)
    targets = ("build/kb-search", "build/kb-index")

    def __init__(self, work):
        self.work = work
        self.fit = script("fit-rerank")
        known = weights.compiled("lib/search/fit_weights.h", "kb_fit_builtin")
        self.weights = np.array([known[0][n] for n in self.fit.NAMES])

    def measure(self, build):
        out = {}
        for name in self.fit.FIT + self.fit.SCORE:
            for q in self.fit.load(build, name, self.work) or ():
                out.setdefault((name, half(q[5])), []).append(
                    sum(self.fit.measure([q], self.weights)) / 2)
        return out


class Graph(Search):
    files = ("lib/graph/graph_propagate_weights.h",)
    sets = ("en_squad", "en_multihop", "en_cisi", "zh_kdconv_kb",
            "kg_pathquestion", "en_wice_evidence", "en_locomo_mem",
            "cut_squad", "cut_cmrc", "cut_facts", "cut_news")


class Names(Search):
    """The same with indexes built anew, where names are in more passages."""
    files = ("lib/graph/common_weights.h",)
    sets = ("en_multihop", "zh_kdconv_kb", "cut_squad", "cut_news")
    rebuilds = True


class Cohesion(Search):
    files = ("lib/graph/cohesion_weights.h",)
    sets = ("zh_kdconv_kb", "zh_cmrc2018", "cache_zh", "cut_cmrc", "cut_news")
    limit = 500
    rebuilds = True


class Words(Search):
    """The same of the vector leg alone and of all legs."""
    files = ("lib/vector/word_vectors_weights.h",)
    sets = ("en_squad", "en_cisi", "en_multihop", "zh_kdconv_kb", "cache_en",
            "cache_zh")
    rebuilds = True

    def measure(self, build):
        out = {}
        for name in self.asked:
            self.index(build, name)
        self.rebuilds = False
        for self.options in (("--legs", "vector"), ()):
            for (name, part), values in super().measure(build).items():
                out[name + (" alone" if self.options else ""), part] = values
        self.rebuilds = True
        return out


class Spelling(Search):
    """The same of questions with one error, by typos.py, and clean ones."""
    files = ("lib/query/spell_weights.h",)
    sets = ("en_squad", "zh_cmrc2018", "zh_kdconv_kb")
    limit = 300

    def __init__(self, work):
        super().__init__(work)
        import random
        from collections import Counter
        typos = script("typos")
        for name in list(self.asked):
            same = typos.homophones(Counter(
                c for r in self.asked[name] for c in r["query"]))
            broken = []
            for r in self.asked[name]:
                rng = random.Random("typo:%s" % r["id"])
                text = (typos.break_latin(rng, r["query"])
                        if r["query"].isascii() else None)
                text = text or typos.break_han(rng, r["query"], same)
                if text:
                    broken.append(dict(r, query=text))
            typed = name + " typed wrong"
            self.asked[typed] = broken
            self.gold[typed] = self.gold[name]
            self.indexes[typed] = self.indexes[name]


class Local:
    """Answers of the built-in model: 1 for one that holds the gold or is rightly
    not given, 0 for one not given, -1 for a wrong one, as fit-local.py asks
    them: as they are, and without what answers."""
    files = ("lib/answer/match_weights.h", "lib/llm/compose_weights.h")
    targets = ("build/eval/local-features",)

    def __init__(self, work):
        self.fit = script("fit-local")
        self.found = self.fit.search(work, "build")

    def measure(self, build):
        out = {}
        for name in self.fit.SETS:
            for kind, records in zip(("asked", "gone", "cut"),
                                     self.found[name]):
                for r in self.fit.features(records, build):
                    gold = r["gold"]["answers"]
                    if not r["knows"]:
                        value = 0 if gold else 1
                    else:
                        value = 1 if self.fit.holds(re.sub(
                            r" \[\d+\]", "", r["answer"]), gold) else -1
                    out.setdefault((name + " " + kind, self.fit.half(r["id"])),
                                   []).append(value)
        return out


class Complete:
    """Recall of what a question needs of the turns before less half of what
    else was added. What a person added, of every fifth of dlg_zh_rewrite; the
    title that a question of en_squad and en_multihop says, in quotation marks
    every second time, and the code of an item of prod_en, when "When was
    that?" or "What does it cost?" follow, and another question went before."""
    files = ("lib/context/complete_weights.h",)
    targets = ("build/ctx-compress",)

    def __init__(self, work):
        self.cases = []
        for row in lines(DATA + "/dialogue/dlg_zh_rewrite/dialogues.jsonl")[::5]:
            last = self.words(row["messages"][-1]["content"])
            want = self.words(row["rewritten"]) - last
            if want:
                self.cases.append(("dlg_zh_rewrite", row["id"], want, last,
                                   row["messages"]))
        for name in ("en_squad", "en_multihop"):
            self.follow(name, list(self.titles(DATA + "/retrieval/" + name)),
                        "When was that?")
        self.follow("prod_en", list(self.codes(
            DATA + "/product/prod_en/abt_buy_items.jsonl")),
                    "What does it cost?")

    def titles(self, folder):
        """(question, the title it says, what may be added)."""
        title = {d["id"]: d["title"] for d in lines(folder + "/corpus.jsonl")}
        asked = {q["id"]: q["query"] for q in lines(folder + "/queries.jsonl")}
        said = {}
        with open(folder + "/qrels.tsv", encoding="utf-8") as text:
            for line in text:
                query, doc = line.split("\t")[:2]
                if re.search(r"\b%s\b" % re.escape(title[doc]), asked[query]):
                    said[query] = title[doc]
        for i, (query, name) in enumerate(said.items()):
            text = asked[query]
            if i % 2 and '"' not in text:
                text = text.replace(name, '"%s"' % name)
            yield text, self.words(name), self.words(name)

    def codes(self, path):
        for item in lines(path)[::7]:
            code = re.search(r"\b(?=\w*\d)(?=\w*[a-z])\w{6,}\b", item["name"])
            if code:
                yield ("Do you have the %s?" % item["name"].replace(
                    code.group(), code.group().upper()),
                       self.words(code.group()), self.words(item["name"]))

    def follow(self, name, said, then):
        last = self.words(then)
        for (before, _, _), (text, want, free) in zip(said, said[1:]):
            if want - last:
                self.cases.append((name, text, want - last, last | (free - want), [
                    {"role": "user", "content": before},
                    {"role": "assistant", "content": "I see."},
                    {"role": "user", "content": text},
                    {"role": "assistant", "content": "I see."},
                    {"role": "user", "content": then}]))

    @staticmethod
    def words(text):
        stop = "的了是在吗呢吧啊我你他她它这那什么怎个有不也都就还很和跟与"
        found = set(re.findall(r"[a-z0-9]+", text.lower()))
        return found | {c for c in text
                        if "\u4e00" <= c <= "\u9fff" and c not in stop}

    def measure(self, build):
        out = {}
        got = pipe([build + "/ctx-compress"],
                   [{"messages": case[4]} for case in self.cases])
        for (name, case, want, last, _), r in zip(self.cases, got):
            new = self.words(r["standalone"]) - last
            out.setdefault((name, half(case)), []).append(
                (len(want & new) - len(new - want) / 2) / len(want))
        return out


class Threads:
    """Of the pairs of a dialogue's user turns, the share that is rightly in one
    thread and the share that rightly is not, their mean: segments of
    dlg_en_topicshift, services of dlg_en_sgd, domains of dlg_zh_crosswoz."""
    files = ("lib/dialogue/threads_weights.h",)
    targets = ("build/ctx-compress",)
    topics = {"dlg_en_topicshift": lambda m: m.get("segment"),
              "dlg_en_sgd": lambda m: (m.get("intent") or [""])[0].split(".")[0],
              "dlg_zh_crosswoz": lambda m: (m.get("domains") or [""])[0]}

    def __init__(self, work):
        self.cases = []
        for name, topic in self.topics.items():
            for d in lines("%s/dialogue/%s/dialogues.jsonl" % (DATA, name))[::2]:
                of = {i: topic(m) for i, m in enumerate(d["messages"])
                      if m["role"] == "user" and topic(m) not in (None, "")}
                if len(set(of.values())) > 1 and len(of) > len(set(of.values())):
                    self.cases.append((name, d["id"], of, [
                        {"role": m["role"], "content": m["content"]}
                        for m in d["messages"]]))

    def measure(self, build):
        out = {}
        got = pipe([build + "/ctx-compress"],
                   [{"messages": case[3]} for case in self.cases])
        for (name, case, of, _), r in zip(self.cases, got):
            found = {turn: t["id"] for t in r["compression"]["threads"]
                     for turn in t["turns"]}
            right = {True: [], False: []}
            turns = sorted(of)
            for i, a in enumerate(turns):
                for b in turns[:i]:
                    same = of[a] == of[b]
                    right[same].append((found.get(a) == found.get(b)) == same)
            out.setdefault((name, half(case)), []).append(
                (np.mean(right[True]) + np.mean(right[False])) / 2)
        return out


class Context:
    """Share of a question's evidence kept at 20 % of the tokens (dlg_locomo);
    share of the slot values kept at 30 % (CrossWOZ)."""
    files = ("lib/context/salience_weights.h",)
    targets = ("build/ctx-compress",)

    def __init__(self, work):
        self.locomo = []
        for d in lines(DATA + "/dialogue/dlg_locomo/dialogues.jsonl"):
            place = {m["dia_id"]: i for i, m in enumerate(d["messages"])}
            turns = [{"role": m["role"],
                      "content": m.get("name", "") + ": " + m["content"]}
                     for m in d["messages"]]
            for q in d["questions"][::3]:
                want = [place[e] for e in q["evidence"] if e in place]
                if want and q.get("answerable", True):
                    self.locomo.append((len(self.locomo), want, {
                        "messages": turns, "query": q["question"]}))
        self.slots = []
        for d in lines(DATA + "/dialogue/dlg_zh_crosswoz/dialogues.jsonl")[::2]:
            want = {str(a[3]) for m in d["messages"] for a in m.get("acts", [])
                    if len(a) > 3 and a[3] not in ("", "none", "是", "否")
                    and str(a[3]) in m["content"]}
            if want:
                self.slots.append((len(self.slots), want, {"messages": [
                    {"role": m["role"], "content": m["content"]}
                    for m in d["messages"]]}))

    def measure(self, build):
        out = {}
        tool = build + "/ctx-compress"
        got = pipe([tool, "-r", "0.2"], [r for _, _, r in self.locomo])
        for (i, want, _), r in zip(self.locomo, got):
            gone = set(r["compression"]["dropped"])
            out.setdefault(("dlg_locomo", i & 1), []).append(
                sum(e not in gone for e in want) / len(want))
        got = pipe([tool, "-r", "0.3"], [r for _, _, r in self.slots])
        for (i, want, _), r in zip(self.slots, got):
            if "error" in r:
                continue
            text = "\n".join(m["content"] for m in r["messages"])
            text += json.dumps(r["compression"]["state"], ensure_ascii=False)
            out.setdefault(("dlg_zh_crosswoz", i & 1), []).append(
                sum(v in text for v in want) / len(want))
        return out


PARTS = {"verify": Verify, "record": Record, "local": Local,
         "context": Context, "threads": Threads, "complete": Complete,
         "lexical": Lexical, "legs": Legs, "model": Model, "asked": Asked, "turns": Turns,
         "pool": Pool, "places": Places, "rerank": Rerank, "graph": Graph,
         "names": Names, "cohesion": Cohesion, "words": Words,
         "spelling": Spelling, "static": Static}


def difference(now, before, part):
    """Mean over the sets of the mean difference, and 1.96 standard errors."""
    means, errors = [], []
    for key in before:
        if key[1] == part:
            d = np.array(now[key], float) - np.array(before[key], float)
            means.append(d.mean())
            errors.append(d.var() / len(d))
    return np.mean(means), 1.96 * math.sqrt(sum(errors)) / len(means)


def spell_out(value, template, whole):
    if whole:
        return "%d" % round(value)
    text = "%.4g" % value
    return text if "." in text or "e" in text else text + ".0"


def tried(old):
    """Other values of a constant, as they are written."""
    whole = "." not in old and "e" not in old
    if whole and int(old) == 1:
        return ["0", "2"]
    values = [spell_out(float(old) * f, old, whole) for f in FACTORS]
    return [v for v in dict.fromkeys(values) if float(v) != float(old)]


class Tree:
    """A copy of the tree, in which constants change."""

    def __init__(self, work, part):
        self.root = work + "/tree"
        self.part = part
        os.mkdir(self.root)
        subprocess.run(["sh", "-c", "git ls-files -z -co --exclude-standard |"
                        " xargs -0 cp --parents -t " + self.root], check=True)
        self.make()

    def make(self):
        done = subprocess.run(["make", "-s", "-C", self.root, "CFLAGS=-O1",
                               "CC=" + os.environ.get("CC", "cc"),
                               *self.part.targets], check=False,
                              capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)

    def constants(self):
        found = []
        for path in self.part.files:
            with open(os.path.join(self.root, path), encoding="utf-8") as f:
                found += [(path, m.group(2), m.group(3))
                          for m in re.finditer(DEFINE, f.read())]
        only = os.environ.get("ONLY", "").split()
        mine = getattr(self.part, "only", ())
        others = getattr(self.part, "but", ())
        return [c for c in found if c[1] not in others and
                (not mine or c[1] in mine) and (not only or c[1] in only)]

    def put(self, path, name, value, root=None):
        path = os.path.join(root or self.root, path)
        with open(path, encoding="utf-8") as f:
            text = f.read()
        text = re.sub(DEFINE, lambda m: m.group(1) + (
            value if m.group(2) == name else m.group(3)) + m.group(4), text)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def measure(self, part):
        self.make()
        return part.measure(self.root + "/build")


def sweep(part, tree, writing):
    before = tree.measure(part)
    for h in (0, 1):
        print("half %d: %s" % (h, "  ".join(
            "%s %d %.4f" % (k[0], len(v), np.mean(v))
            for k, v in sorted(before.items()) if k[1] == h)))
    print("%-18s %8s %8s   %-18s %-18s" % ("", "is", "tried", "half 0",
                                           "half 1"))
    best = None
    for path, name, old in tree.constants():
        for value in tried(old):
            tree.put(path, name, value)
            now = tree.measure(part)
            (a, a_err), (b, b_err) = (difference(now, before, h)
                                      for h in (0, 1))
            gains = a > a_err and a > 1e-4
            print("%-18s %8s %8s %s %+.4f +-%.4f  %+.4f +-%.4f" % (
                name, old, value, "*" if gains else " ", a, a_err, b, b_err))
            sys.stdout.flush()
            if gains and (not best or a > best[0]):
                best = (a, path, name, value)
        tree.put(path, name, old)
    if not best or not writing:
        return False
    _, path, name, value = best
    tree.put(path, name, value)
    tree.put(path, name, value, ".")
    subprocess.run(["clang-format", "-i", path], check=True)
    print("%s is %s now" % (name, value))
    return True


def main(argv):
    parts = [a for a in argv[1:] if a != "--write"]
    if not parts or any(p not in PARTS for p in parts):
        sys.exit(__doc__)
    for name in parts:
        print("== " + name)
        with tempfile.TemporaryDirectory() as work:
            part = PARTS[name](work)
            tree = Tree(work, part)
            while sweep(part, tree, "--write" in argv):
                pass


if __name__ == "__main__":
    main(sys.argv)
