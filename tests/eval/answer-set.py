#!/usr/bin/env python3
"""Records with right and wrong answers, made of tests/data/answers.

usage: tests/eval/answer-set.py [--half look|scored] [--bare] [--check]

Standard output: records as fact-check(1) reads them, with 'label' (1 right,
0 wrong), 'kind', 'form', 'half', 'thing', 'twin' (the id of the right answer
that a wrong one was made of) and, around some, 'wrapped'. The same input gives
the same bytes.
	--half	only the things of that half
	--bare	without hits and citations: to be searched for
	--check	only look whether the facts hold, and print how many of a kind
"""
import argparse
import collections
import html
import json
import os
import re
import sys
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(HERE, "..", "data")
SET = os.path.join(DATA, "answers")
FACTS = ("facts-products.txt", "facts-policies.txt", "facts-manual.txt",
         "facts-news.txt")
OTHER = {"n": "noun", "a": "attribute", "c": "condition"}
EDITS = ("num", "unit", "date", "version", "neg", "range", "list", "swap")
KIND = {"num": "number", "neg": "negation"}
NUMERALS = re.compile(r"\d|[一二两三四五六七八九十半]|\b(one|two|three|four|five|"
                      r"six|seven|eight|nine|ten)\b")


def draw(text, n):
    """A number below n that depends on the text alone."""
    return zlib.crc32(text.encode()) % n


# Documents

def sections(path, name):
    """Passages of a text: one a heading of level 2."""
    text = open(path, encoding="utf-8").read()
    if path.endswith(".html"):
        text = re.sub(r"<(script|style|title)\b.*?</\1>", "", text, flags=re.S)
        text = re.sub(r"<h([12])>(.*?)</h\1>",
                      lambda m: "#" * int(m[1]) + " " + m[2], text)
        text = html.unescape(re.sub(r"<[^>]*>", "", text))
    title, *parts = re.split(r"^## ", text, flags=re.M)
    title = title.strip().split("\n")[0].lstrip("# ")
    for chunk, part in enumerate(parts):
        heading, _, body = part.partition("\n")
        yield f"{name}#{heading.strip()}", {
            "doc": name, "chunk": chunk, "title": title,
            "heading": f"{title} > {heading.strip()}", "text": body.strip()}


def passages():
    found = {}
    shop = os.path.join(DATA, "shop")
    for name in sorted(os.listdir(shop)):
        if name.endswith(".jsonl"):
            for line in open(os.path.join(shop, name), encoding="utf-8"):
                d = json.loads(line)
                found[d["id"]] = {"doc": d["id"], "chunk": 0,
                                  "title": d["title"], "text": d["text"]}
    for root, folder in ((shop, "guides"), (SET, "docs")):
        for name in sorted(os.listdir(os.path.join(root, folder))):
            if not name.endswith(".txt"):
                at = folder + "/" + name
                found.update(sections(os.path.join(root, at), at))
    return found


# Facts

def facts():
    """Every fact as a dictionary, in the order of the files."""
    for name in FACTS:
        for n, line in enumerate(open(os.path.join(SET, name),
                                      encoding="utf-8"), 1):
            line = line.rstrip("\n")
            where = f"{name}:{n}"
            if line.startswith("= "):
                place = line[2:]
            elif line.startswith("@ "):
                thing, _, others = line[2:].partition(" :")
                others = [o.strip() for o in others.split(";") if o.strip()]
            elif line:
                cells = [c.strip() for c in line.split(" | ")]
                if len(cells) != 6:
                    sys.exit(f"{where}: {len(cells)} cells instead of 6")
                yield {"where": where, "place": place, "thing": thing,
                       "others": others, "question": cells[0],
                       "sentence": cells[1], "short": cells[2],
                       "paraphrase": cells[3], "other": cells[4],
                       "edits": [e.strip() for e in cells[5].split(";")
                                 if e.strip() != "-"],
                       "lang": "zh" if re.search("[一-鿿]", cells[0])
                       else "en"}


def wrappings():
    """Rows of wrapping.txt by name and language."""
    rows = collections.defaultdict(list)
    for line in open(os.path.join(SET, "wrapping.txt"), encoding="utf-8"):
        if line.strip() and not line.startswith("#"):
            name, lang, text = line.rstrip("\n").split(" | ", 2)
            rows[name, lang].append(text.replace("\\n", "\n"))
    return rows


# Wrong answers

def edited(text, name, old, new):
    """The text with old for new; of a swap also new for old."""
    if name != "swap":
        return text.replace(old, new, 1)
    return text.replace(old, "\0").replace(new, old).replace("\0", new)


def kind_of(name, old):
    if name == "num" and not NUMERALS.search(old):
        return "value"
    return KIND.get(name, name)


def other_number(text, thing, passage):
    """The text with its last number changed to one the passage has not; the
    thing's own name stays."""
    hidden = re.sub(re.escape(thing), lambda m: "x" * len(m[0]), text,
                    flags=re.I)
    found = list(re.finditer(r"(?<![A-Za-z\d.])\d+(\.\d+)?", hidden))
    if not found:
        return None
    m = found[-1]
    for step in (1, 2, 3, 5, 7, 11):
        n = float(m[0].replace(",", ""))
        n = n + step * (10 ** (len(m[0].split(".")[0]) - 1))
        new = f"{n:.{len(m[1]) - 1}f}" if m[1] else str(int(n))
        if not re.search(rf"(?<!\d){re.escape(new)}(?!\d)", passage):
            return text[:m.start()] + new + text[m.end():]
    return None


def about(fact):
    """Wrong answers by another question: kind, question, form, answer."""
    for i, other in enumerate(fact["others"][:2]):
        form = ("short", "sentence", "named")[(draw(fact["where"], 3) + i) % 3]
        answer = fact["short" if form == "short" else "sentence"]
        if form == "named":
            answer = answer.replace(fact["thing"], other)
        yield ("name", fact["question"].replace(fact["thing"], other),
               "short" if form == "short" else "sentence", answer)
    if fact["other"] != "-":
        form = ("short", "sentence")[draw(fact["other"], 2)]
        yield OTHER[fact["other"][0]], fact["other"][2:], form, fact[form]


def spoiled(fact, passage, rows):
    """Wrong answers to the question itself: kind, form, answer."""
    for edit in fact["edits"]:
        name, _, rest = edit.partition(" ")
        old, _, new = rest.partition("~")
        for form in ("sentence", "short"):
            if old in fact[form] and (form == "sentence" or name != "swap"):
                text = edited(fact[form], name, old, new)
                yield kind_of(name, old), form, text
    for form in ("sentence", "short"):
        text = other_number(fact[form], fact["thing"], passage)
        if text and draw(fact["where"], 2) == (form == "short"):
            yield "number", form, text
    space = "" if fact["lang"] == "zh" else " "
    pool = rows["policy", fact["lang"]]
    yield ("policy", "sentence", fact["sentence"] + space +
           pool[draw(fact["question"], len(pool))])
    if draw(fact["question"], 4) == 0:
        pool = rows["refusal", fact["lang"]]
        yield "refusal", "sentence", pool[draw(fact["where"], len(pool))]


# Records

def pairs_of(text):
    text = re.sub(r"\s+", "", text.lower())
    return {text[i:i + 2] for i in range(len(text) - 1)}


class Maker:
    def __init__(self, bare):
        self.bare = bare
        self.passages = passages()
        self.rows = wrappings()
        self.grams = {p: pairs_of(h["title"] + h["text"])
                      for p, h in self.passages.items()}

    def hits(self, fact):
        """The passage of the fact among three that read alike; its place."""
        asked = pairs_of(fact["question"])
        alike = sorted(self.passages, key=lambda p: (
            -len(asked & self.grams[p]) / (len(self.grams[p]) + 60), p))
        alike = [p for p in alike if p != fact["place"]][:3]
        place = (0, 0, 0, 1, 2)[draw(fact["where"], 5)]
        alike.insert(place, fact["place"])
        return [self.passages[p] for p in alike], place + 1

    def record(self, fact, serial, kind, form, question, answer, twin, cited):
        hits, place = self.hits(fact)
        r = {"id": serial, "query": question}
        if not self.bare:
            r["hits"] = hits
            if cited:
                mark = f"[{place if cited is True else cited}]"
                end = answer[-1] if answer[-1] in "。." else ""
                answer = answer[:len(answer) - len(end)] + (
                    "" if fact["lang"] == "zh" else " ") + mark + end
        r["answer"] = answer
        # the question is asked of these documents alone: nothing of another
        # question is right
        asked = kind in ("name", *OTHER.values())
        r["gold"] = {"answers": [] if asked else [fact["short"]],
                     "docs": [] if asked else [hits[place - 1]["doc"]]}
        r["label"] = int(twin is None)
        r["kind"], r["form"] = kind, form
        r["lang"], r["thing"] = fact["lang"], fact["thing"]
        r["half"] = ("look", "scored")[draw(fact["thing"], 2)]
        if twin:
            r["twin"] = twin
        return r

    def plain(self, fact, number):
        """Records of one fact, without wrapping."""
        at = lambda kind, n: f"a{number:03}-{kind}-{n}"
        cited = draw("cite" + fact["where"], 2) == 0
        q = fact["question"]
        for form in ("sentence", "short", "paraphrase"):
            yield self.record(fact, at("right", form), "right", form, q,
                              fact[form], None, cited and form == "sentence")
        wrong = [(k, f, asked, a) for k, asked, f, a in about(fact)]
        text = self.passages[fact["place"]]["text"]
        wrong += [(k, f, q, a) for k, f, a in spoiled(fact, text, self.rows)]
        for n, (kind, form, asked, answer) in enumerate(wrong):
            yield self.record(fact, at(kind, n), kind, form, asked, answer,
                              at("right", form), cited and form == "sentence"
                              and kind != "refusal")
        if not self.bare and draw("miss" + fact["where"], 2):
            place = self.hits(fact)[1]
            miss = place % 4 + 1 if draw("far" + fact["where"], 3) else 7
            yield self.record(fact, at("citation", 0), "citation", "sentence",
                              q, fact["sentence"], at("right", "sentence"),
                              miss)

    def wrap(self, record):
        """The same answer, politely; sentences only."""
        names = sorted(n for n, lang in self.rows if lang == record["lang"]
                       and n not in ("policy", "refusal"))
        name = names[draw(record["id"], len(names))]
        around = self.rows[name, record["lang"]][0]
        copy = dict(record)
        copy["id"] = record["id"] + "-" + name
        copy["answer"] = around.replace("%q", record["query"]).replace(
            "%s", record["answer"])
        copy["wrapped"] = name
        return copy

    def all(self):
        for number, fact in enumerate(facts(), 1):
            for record in self.plain(fact, number):
                yield record
                if record["form"] != "short" and (
                        record["label"] or draw("wrap" + record["id"], 3) == 0):
                    yield self.wrap(record)


# Do the facts hold?

def breaches(fact, made):
    if fact["place"] not in made.passages:
        yield f"no passage '{fact['place']}'"
        return
    hit = made.passages[fact["place"]]
    said = re.sub(r"[\s,]", "", hit["title"] + hit.get("heading", "") +
                  hit["text"])
    for number in re.findall(r"\d+(?:\.\d+)?",
                             re.sub("[, ]", "", fact["sentence"])):
        if number not in said + re.sub(r"\s", "", fact["thing"]):
            yield f"{number} is not in the passage"
    if fact["others"] and fact["thing"] not in fact["question"]:
        yield f"the question does not name '{fact['thing']}'"
    for other in fact["others"]:
        pattern = r"(?<![a-z\d])" + r"\s*".join(
            map(re.escape, other.lower().replace(" ", "")))
        for p in made.passages.values():
            if re.search(pattern, (p["title"] + " " + p["text"]).lower()):
                yield f"'{other}' is in {p['doc']}"
    for edit in fact["edits"]:
        name, _, rest = edit.partition(" ")
        old, _, new = rest.partition("~")
        if name not in EDITS or not rest or old not in fact["sentence"] or (
                name == "swap" and new not in fact["sentence"]):
            yield f"edit '{edit}' does not fit"


def check(made):
    bad = [f"{f['where']}: {b}" for f in facts() for b in breaches(f, made)]
    seen = {r["id"]: r for r in made.all()}
    bad += [f"{r['id']}: no twin" for r in seen.values()
            if not r["label"] and r["twin"] not in seen]
    bad += [f"{r['id']}: as its twin" for r in seen.values()
            if not r["label"] and (r["answer"], r["query"]) ==
            (seen[r["twin"]]["answer"], seen[r["twin"]]["query"])]
    print("\n".join(bad), file=sys.stderr)
    count = collections.Counter((r["kind"], r["half"]) for r in seen.values())
    for kind in sorted({k for k, _ in count}):
        print(f"{kind:10} {count[kind, 'look']:5} {count[kind, 'scored']:5}")
    print(f"{'all':10} {len(seen):5} ids, {len(list(made.all()))} records")
    return bool(bad)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", choices=("look", "scored"))
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    made = Maker(args.bare)
    if args.check:
        sys.exit(check(made))
    for record in made.all():
        if args.half in (None, record["half"]):
            print(json.dumps(record, ensure_ascii=False))


if __name__ == "__main__":
    main()
