#!/usr/bin/env python3
"""CPU time and memory of a program over a shape of input of n, 2n and 4n.

usage: linear.py INDEX [PROGRAM...]

Each shape is made in three sizes and run; what counts is the user and system
time of the process, the least of up to five runs. It is linear when the time
of 4n is at most 6.5 times that of n plus 30 ms, or (where the work begins
with a step, such as training) 2.75 times that of 2n plus 15 ms (what is
linear came to 6.2 and 2.66 on a machine whose cache others used); and when the
memory is at most 5 times that of n plus 16 MB. Shapes run only as often as
is needed to pass. Prints TAP.
PROGRAM: only its shapes. KB_SHAPE=WORD runs those whose name holds it,
KB_VERBOSE=1 shows the figures.
"""
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile

TIMES, SECONDS = (6.5, 2.75), (.03, .015)
MEMORY, BYTES = 5, 16 << 20
TRIES, LONGEST = 5, 10

KB = sys.argv[1]
ONLY = sys.argv[2:]
SHAPE = os.environ.get("KB_SHAPE", "")
VERBOSE = os.environ.get("KB_VERBOSE")
SHAPES = []


def shape(name, n, *command):
    def add(make):
        SHAPES.append((name, n, [list(command)], make))
        return make
    return add


def record(**members):
    return json.dumps(members, ensure_ascii=False).encode() + b"\n"


def words(n, start=0):
    """n words, few of them alike."""
    return ["w" + "".join(chr(97 + (i * 7919 >> 4 * k) % 23) for k in range(6))
            for i in range(start, start + n)]


def sentences(n, form="Item %d of the list costs %d euros in the shop."):
    return " ".join(form % (i, i * 3 + 1) for i in range(n))


def han(n):
    return "".join(chr(0x4e00 + i * 7919 % 20000) for i in range(n))


def hits(n, text="The delivery of order %d takes %d days.", **more):
    return [dict(doc="d%d" % i, chunk=0, title="Delivery", score=1,
                 text=text.replace("%d", str(i)), **more) for i in range(n)]


def messages(n, text="Where is my order %d?"):
    return [{"role": ("user", "assistant")[i % 2], "content": text % i}
            for i in range(n - n % 2 + 1)]


# ---- every filter: the form of a record, whatever is in it ----

FILTERS = {
    "ctx-compress": ["ctx-compress", "-b", "500", "--over=flag"],
    "kb-search": ["kb-search", KB],
    "prompt-render": ["prompt-render"],
    "llm-call": ["llm-call", "--provider=local"],
    "fact-check": ["fact-check"],
    "kb-ask": ["kb-ask", KB],
}
ASKED = {"query": "How long does delivery take?",
         "hits": hits(3), "answer": "Delivery takes 3 days."}


def common(name, n, make):
    SHAPES.append((name, n, list(FILTERS.values()), make))


common("a long unknown member", 600000, lambda n: record(
    other="x\u00e9 " * n, **ASKED))
common("many unknown members", 65000, lambda n: record(
    **{"m%d" % i: i for i in range(n)}, **ASKED))
common("a member again and again", 95000, lambda n:
       record(**ASKED)[:-2] + b"".join(
           b',"query":"q%d"' % i for i in range(n)) + b"}\n")
common("written members again and again", 90000, lambda n:
       record(**ASKED)[:-2] + b"".join(
           b',"%s":%d' % (k, i) for i in range(n // 6) for k in
           (b"hits", b"prompt", b"check", b"route", b"compression",
            b"generation")) + b"," + record(**ASKED)[1:])
common("names with escapes again and again", 45000, lambda n:
       record(**ASKED)[:-2] + b"".join(
           b',"qu\\u0065ry":"q%d"' % i for i in range(n)) + b"}\n")
common("a question of many words", 25000, lambda n: record(
    query=" ".join(words(n)), hits=hits(3), answer="Delivery takes 3 days."))
common("a question of Chinese without marks", 15000, lambda n: record(
    query=han(n), hits=hits(3), answer="Delivery takes 3 days."))
common("many messages", 4000, lambda n: record(
    messages=messages(n), hits=hits(3), answer="Delivery takes 3 days."))
common("a long message", 2500, lambda n: record(
    messages=[{"role": "user", "content": sentences(n)}], hits=hits(3),
    answer="Delivery takes 3 days."))
common("a message of many parts", 20000, lambda n: record(
    messages=[{"role": "user", "content": [
        {"type": "text", "text": "part %d" % i} for i in range(n)]}],
    query="How long?", hits=hits(3), answer="Delivery takes 3 days."))
common("many hits", 2500, lambda n: record(
    query="How long does delivery of order 17 take?", hits=hits(n),
    answer="Delivery takes 3 days."))
common("many hits without text", 60000, lambda n: record(
    query="How long does delivery take?",
    hits=[{"doc": "d%d" % i} for i in range(n)],
    answer="Delivery takes 3 days."))
common("hits that are no objects", 80000, lambda n: record(
    query="How long does delivery take?", hits=list(range(n)),
    answer="Delivery takes 3 days."))
common("a long hit", 2500, lambda n: record(
    query="How long does delivery take?", hits=hits(1, sentences(n)),
    answer="Delivery takes 3 days."))
common("many records", 80, lambda n: b"".join(
    record(id=i, **ASKED) for i in range(n)))
common("many lines that are no records", 20000, lambda n: record(**ASKED)
       + b"no record\n" * n)
common("a line that is no record", 800000, lambda n: record(**ASKED)
       + b"no record " * n + b"\n")
common("blank lines", 2000000, lambda n: record(**ASKED) + b" \n" * n)
common("a deep member, closed and open", 250, lambda n: b"".join(
    record(**ASKED)[:-2] + b',"deep":' + b"[" * 500 + b"]" * 500 + b"}\n"
    + b'{"a":' * 600 + b"\n" for _ in range(n // 4)))

# ---- ctx-compress ----

CUT = FILTERS["ctx-compress"]

# Long pieces, and what pieces are cut by, for the counting of tokens.
for name, text in {
        "one letter": "a", "two letters": "ab", "capitals": "A", "blanks": " ",
        "line breaks": "\n", "blanks and line breaks": "  \n", "digits": "7",
        "equals signs": "=", "one character": "中", "rare characters": "龘",
        "characters that stay in parts": "的龘", "half characters": "京\u0301",
        "marks": "\u0301", "contractions": "'s", "capitals behind Han": "中A",
        "slashes": "!\n/", "emoji": "\U0001f468\u200d", "a word": "tokenization",
        "a word of other letters": "Привет", "one letter of two bytes": "é"}.items():
    for tokenizer in "o200k", "cl100k":
        @shape("%s again and again, %s" % (name, tokenizer),
               400000 // len(text.encode()), "ctx-compress",
               "--count=" + tokenizer, "{file}")
        def _(n, text=text):
            return {"input": text * n}


# Pieces that overlap all along, graphemes without an end, blanks.
PIECES = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      "../../data/models/%s/tokenizer.json")
for name, text in {
        "one letter": "a", "two letters": "ab", "blanks": " ",
        "line breaks": "\n", "one character": "\u6b3e", "marks": "\u0301",
        "unknown letters": "z", "half characters": "e\u0301"}.items():
    for model in "xlmr", "rank-bert":
        @shape("%s again and again, pieces of %s" % (name, model),
               400000 // len(text.encode()), "ctx-compress",
               "--count=" + PIECES % model, "{file}")
        def _(n, text=text):
            return {"input": text * n}


@shape("random letters in one word", 300000, "ctx-compress", "--count", "{file}")
def _(n):
    return {"input": "".join(words(n // 7)).replace(" ", "")}


@shape("Han of all kinds in one clause", 100000, "ctx-compress", "--count=cl100k",
       "{file}")
def _(n):
    return {"input": han(n)}


SUM = CUT + ["--summary-timeout=600s", "--summary-cmd"]
for name, answer, form in (
        ("numbers", "It costs 3 euros, 6 euros and 9 euros.",
         "Item %d costs 3 euros."),
        ("denials", "No item is in stock.", "No item %d is in stock."),
        ("names", "Anna Falk was there.", "Anna Falk saw item %d there.")):
    shape("messages to sum up, " + name, 2000, *SUM,
          "sed -u 's/^{/{\"answer\":\"%s\",/'" % answer)(
              lambda n, form=form: record(messages=messages(n, form)))


FREEZE = CUT + ["--append-only"]
shape("messages cut again and again", 4000, *FREEZE)(
    lambda n: record(messages=messages(n)))
shape("demands that exceed the budget", 4000, *FREEZE)(
    lambda n: record(messages=messages(n, "Not item %d, the other one.")))
shape("one call with many answers", 4000, *FREEZE)(
    lambda n: record(messages=[{"role": "assistant", "tool_calls": [
        {"id": "c%d" % i, "function": {"name": "f", "arguments": "{}"}}
        for i in range(n)]}] + [{"role": "tool", "tool_call_id": "c%d" % i,
                                 "content": "It costs %d euros." % i}
                                for i in range(n)]))
shape("long messages that are cut again and again", 300, *FREEZE)(
    lambda n: record(messages=messages(n, "Item %d. " + sentences(60).replace(
        "%", ""))))


MASK = ["ctx-compress", "--mask"]

for name, n, text in (
        ("numbers to mask", 6000, "13%09d, "), ("one number again and again",
                                                40000, "13800138000 "),
        ("half addresses", 30000, "路1路"), ("house numbers without a street",
                                           20000, "12 Elm 12 Elm, "),
        ("signs of mail", 60000, "a@b."), ("digits without an end", 200000, "1 "),
        ("figures", 60000, "一号"), ("brackets", 100000, "["),
        ("JSON in a string", 20000, '{"a":[13800138000]},')):
    @shape(name + ", masked", n, *MASK)
    def _(n, text=text):
        said = "".join(text.replace("%09d", "%09d" % i) for i in range(n))
        return record(messages=[{"role": "user", "content": said}])

for name, n, text in (
        ("names by their endings", 20000, "和平店和"), ("members without an end",
                                                   20000, "故宫、天坛"),
        ("open brackets", 40000, "店（"), ("slot names", 20000, "订单号是"),
        ("demands that are none", 20000, "不要紧，"), ("dishes", 20000, "吃到了"),
        ("stations", 20000, "地铁站口是")):
    @shape(name + " in a turn", n, *CUT)
    def _(n, text=text):
        return record(messages=[{"role": "user", "content": text * n},
                                {"role": "user", "content": "?"}])


@shape("lines of many sessions", 8000, "ctx-compress", "--by", "s")
def _(n):
    return b"".join(record(s=i // 4, role="user", content="line %d" % i)
                    for i in range(n))


@shape("lines of one session, by time", 6000, "ctx-compress", "--by", "s",
       "--time", "t")
def _(n):
    return b"".join(record(s=1, t=-i, role="user", content="line %d" % i)
                    for i in range(n))


@shape("many tool calls", 3000, *CUT)
def _(n):
    turns = []
    for i in range(n):
        turns += [{"role": "user", "content": "Order %d?" % i},
                  {"role": "assistant", "content": None, "tool_calls": [
                      {"id": "c%d" % i, "type": "function", "function": {
                          "name": "order", "arguments": "{\"n\":%d}" % i}}]},
                  {"role": "tool", "tool_call_id": "c%d" % i,
                   "content": "Order %d is on its way." % i}]
    return record(messages=turns + [{"role": "user", "content": "And?"}])


@shape("many calls in one message", 15000, *CUT)
def _(n):
    return record(messages=[
        {"role": "user", "content": "All orders?"},
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "c%d" % i, "type": "function", "function": {
                "name": "order", "arguments": "{}"}} for i in range(n)]}]
        + [{"role": "tool", "tool_call_id": "c%d" % i, "content": "fine"}
           for i in range(n)] + [{"role": "user", "content": "And?"}])


@shape("many names and numbers", 3500, *CUT)
def _(n):
    return record(messages=messages(
        n, "Mr. Miller of Oak Street %d wants the Canon EOS R5, 3 of them."))


@shape("Chinese messages", 600, *CUT)
def _(n):
    return record(messages=messages(n, "第%d号订单的佳能相机什么时候发货到北京？"))


@shape("a topic a message", 2000, *CUT)
def _(n):
    w = words(6 * n)
    return record(messages=[
        {"role": ("user", "assistant")[i % 2],
         "content": " ".join(w[6 * i:6 * i + 6])} for i in range(n | 1)])


@shape("questions that lean on others", 7000, *CUT)
def _(n):
    return record(messages=messages(n, "And what about it, number %d?"))


@shape("summaries of before", 15000, *CUT)
def _(n):
    return record(messages=[{"role": "system", "content": "s%d" % i}
                            for i in range(n)] + messages(5))


# ---- kb-search ----

FIND = FILTERS["kb-search"]


@shape("many rewrites", 9000, *FIND)
def _(n):
    return record(query="How long does delivery take?",
                  rewrites=["When will order %d come?" % i for i in range(n)])


@shape("many rewrites of unknown words", 10000, *FIND)
def _(n):
    return record(query="How long does delivery take?", rewrites=words(n))


@shape("a long hypothetical answer", 15000, *FIND)
def _(n):
    return record(query="How long does delivery take?", hyde=sentences(n))


@shape("a long history", 30000, *FIND)
def _(n):
    return record(query="How long does it take?", history=[
        "What does delivery %d cost?" % i for i in range(n)])


@shape("many quotations", 25000, *FIND)
def _(n):
    return record(query=" ".join('"return %d"' % i for i in range(n)))


@shape("an open quotation", 200000, *FIND)
def _(n):
    return record(query='"' * n + " return")


@shape("many excluded words", 30000, *FIND)
def _(n):
    return record(query="return " + " ".join("-" + w for w in words(n)))


@shape("many prefixes and fields", 25000, *FIND)
def _(n):
    return record(query=" ".join("retu* title:x%d" % i for i in range(n)))


@shape("one long word", 600000, *FIND)
def _(n):
    return record(query="a" * n)


@shape("words without a blank", 25000, *FIND)
def _(n):
    return record(query="-".join(words(n)))


@shape("one word again and again", 100000, *FIND)
def _(n):
    return record(query="delivery " * n)


@shape("known Chinese", 25000, *FIND)
def _(n):
    return record(query="退货要多久才能到账发票怎么开" * (n // 10))


@shape("numbers", 30000, *FIND)
def _(n):
    return record(query=" ".join(str(i * 37) for i in range(n)))


@shape("codes", 15000, *FIND)
def _(n):
    return record(query=" ".join("AR-%d/X" % i for i in range(n)))


# ---- prompt-render ----

@shape("a budget and many hits", 20000,
       "prompt-render", "-b", "2000", "--over=flag")
def _(n):
    return record(query="How long?", hits=hits(n))


@shape("a budget and many messages", 20000,
       "prompt-render", "-b", "2000", "--over=flag")
def _(n):
    return record(messages=messages(n), hits=hits(3))


@shape("a budget and a long hit", 50000,
       "prompt-render", "-b", "2000", "--over=flag")
def _(n):
    return record(query="How long?", hits=hits(1, sentences(n)))


@shape("marks of templates in a hit", 60000, "prompt-render")
def _(n):
    return record(query="{{ x }}" * n, hits=hits(1, "{% if %}<|im_end|>" * n))


@shape("many examples", 25000, "prompt-render")
def _(n):
    return record(query="How long?", hits=hits(2), examples=[
        {"query": "q%d" % i, "answer": "a%d" % i} for i in range(n)])


def template(name, n, source):
    def add(make):
        SHAPES.append((name, n, [["prompt-render", "-t", "{file}.tmpl",
                                  "-f", "{file}"]],
                       lambda n: {"input": make(n), "input.tmpl": source}))
        return make
    return add


@template("a loop", 35000,
          "{% set ns = namespace(s='') %}{% for x in items %}"
          "{% set ns.n = x %}{{ loop.index }} {{ x|upper }};{% endfor %}")
@template("filters of sequences", 10000,
          "{{ items|sort|join(',') }}{{ items|unique|list|length }}"
          "{{ items|map('upper')|select('string')|list|length }}"
          "{{ items|reverse|list|length }}{{ items[1:-1:2]|length }}"
          "{{ items|sort(reverse=true)|first }}{{ items|max }}")
@template("filters of text", 50000,
          "{{ items|join(' ')|replace('w','v')|upper|trim|title|length }}"
          "{{ items|join(' ')|indent|length }}{{ items|tojson|length }}"
          "{{ items|join(' ')|wordcount }}{{ items|join(' ')|truncate(9) }}")
@template("methods of text", 45000,
          "{% set s = items|join(' ') %}{{ s.split(' ')|length }}"
          "{{ s.find('zz') }}{{ s.count('w') }}{{ s.strip().lower()|length }}"
          "{{ s[::-1]|length }}{{ (s ~ s)|length }}")
@template("membership", 35000,
          "{% for x in items[:20] %}{{ x in items }}{% endfor %}"
          "{{ 'zz' in items|join }}")
def _(n):
    return record(query="x", items=words(n))


@shape("members looked up by their names", 30000, "prompt-render", "-t",
       "{file}.tmpl", "-f", "{file}")
def _(n):
    return {"input": record(query="x", m={"k%d" % i: i for i in range(n)}),
            "input.tmpl": "{% for k in m %}{{ m[k] }}{{ k in m }}{% endfor %}"}


# ---- llm-call ----

ASK = FILTERS["llm-call"]


@shape("a prompt of many messages", 25000, *ASK)
def _(n):
    return record(query="How long?", hits=hits(3),
                  prompt={"messages": messages(n)})


@shape("many sentences that match", 30000, *ASK)
def _(n):
    return record(query="How long does delivery take?", hits=hits(1, " ".join(
        "Delivery takes %d days." % i for i in range(n))))


@shape("a hit of Chinese without marks", 100000, *ASK)
def _(n):
    return record(query="退货要多久", hits=hits(1, han(n)))


@shape("a hit of one line a word", 100000, *ASK)
def _(n):
    return record(query="delivery time", hits=hits(1, "\n".join(words(n))))


@shape("a hit of a table", 30000, *ASK)
def _(n):
    return record(query="price of item 7", hits=hits(1, "\n".join(
        "| item %d | %d |" % (i, i * 3) for i in range(n))))


# ---- fact-check ----

CHECK = FILTERS["fact-check"]


def labels(n):
    return b"".join(record(
        query="Order %d?" % i, hits=hits(1), label=int(i % 3 > 0),
        answer="The delivery of order 0 takes %d days." % (i % 3 % 2))
        for i in range(n))


@shape("labels to learn weights from", 4000, *CHECK, "--train", "-")
def _(n):
    return labels(n)


@shape("labels to calibrate by", 4000, *CHECK, "--calibrate", "-",
       "--risk=0.1")
def _(n):
    return labels(n)


@shape("many claims", 1500, *CHECK)
def _(n):
    return record(query="Prices?", answer=sentences(n), hits=hits(3))


@shape("many claims and as much evidence", 350, *CHECK)
def _(n):
    return record(query="Prices?", answer=sentences(n),
                  hits=hits(1, sentences(n)))


@shape("many numbers and as many in evidence", 2000, *CHECK)
def _(n):
    text = "The numbers are " + ", ".join(
        "%d euros" % (i * 3) for i in range(n)) + "."
    return record(query="Prices?", answer=text, hits=hits(1, text))


@shape("many dates and as many in evidence", 2500, *CHECK)
def _(n):
    text = ", ".join("%d-%02d-%02d" % (1900 + i % 200, i % 12 + 1, i % 28 + 1)
                     for i in range(n))
    return record(query="Dates?", answer=text, hits=hits(1, text))


@shape("bare numbers", 500, *CHECK)
def _(n):
    text = " ".join(str(i * 3) for i in range(n))
    return record(query="Numbers?", answer=text, hits=hits(1, text))


@shape("one word again and again", 3000, *CHECK)
def _(n):
    return record(query="x", answer="delivery " * n,
                  hits=hits(1, "delivery " * n))


@shape("negations", 800, *CHECK)
def _(n):
    return record(query="x", answer="It is not free. " * n,
                  hits=hits(1, "It is not free, not cheap, not good. " * n))


@shape("negations in one sentence", 650, *CHECK)
def _(n):
    return record(query="x", answer="not free, " * n + "it is.",
                  hits=hits(1, "not free, " * n + "it is."))


@shape("Chinese without marks", 10000, *CHECK)
def _(n):
    return record(query="x", answer=han(n), hits=hits(1, han(n)))


@shape("a claim of many cited hits", 700, *CHECK)
def _(n):
    return record(query="x", hits=hits(n), answer=" ".join(
        "The delivery takes %d days [%d]." % (i % 30, i + 1)
        for i in range(n)))


@shape("names", 1200, *CHECK)
def _(n):
    text = " ".join("Mr. %s met Dr. %s." % (a.title(), a[::-1].title())
                    for a in words(n))
    return record(query="Who?", answer=text, hits=hits(1, text))


@shape("denials", 1500, *CHECK)
def _(n):
    text = " ".join("it can't %s and cannot %s" % (a, a[::-1])
                    for a in words(n))
    return record(query="May I?", answer="No, " + text + ".",
                  hits=hits(1, text + "."))


@shape("a long question", 4000, *CHECK)
def _(n):
    return record(query=sentences(n), answer=sentences(20),
                  hits=hits(1, sentences(20)))


@shape("long titles", 2000, *CHECK)
def _(n):
    return record(query="x", answer=sentences(20), hits=[
        dict(doc="d", title=sentences(n), text="Item 3 costs 10 euros.")])


@shape("citations", 100000, *CHECK)
def _(n):
    return record(query="x", answer="Delivery takes 3 days" + " [1]" * n
                  + ".", hits=hits(3))


@shape("open brackets", 15000, *CHECK)
def _(n):
    return record(query="x", answer="Delivery takes 3 days [" + "1, " * n,
                  hits=hits(3))


@shape("open brackets again and again", 4000, *CHECK)
def _(n):
    return record(query="x", answer="Delivery [1,2" * n, hits=hits(3))


# ---- kb-index: a file or a folder of files ----

def files(name, n, *options):
    def add(make):
        SHAPES.append((name, n, [["kb-index", *options, "{index}",
                                  "{folder}"]], make))
        return make
    return add


@files("a text of many lines", 10000)
def _(n):
    return {"a.txt": "\n".join("line %d of some words" % i
                               for i in range(n))}


# what is learned for questions without the model has to pass its test
@files("documents with vectors", 3000)
def _(n):
    return {"a.jsonl": "".join(json.dumps({
        "id": i, "text": "kind%d of %d" % (i % 40, i),
        "vector": [(i % 40 * k) % 41 - 20 for k in range(1, 100)]}) + "\n"
        for i in range(n))}


@files("a text of one line", 4000)
def _(n):
    return {"a.txt": sentences(n)}


@files("a text without a blank", 400000)
def _(n):
    return {"a.txt": "x" * n}


@files("a text of blanks and blank lines", 900000)
def _(n):
    return {"a.txt": "word" + " \n" * n + "word"}


@files("a CSV of many lines", 2000)
def _(n):
    return {"a.csv": "id,name,price\n" + "".join(
        "%d,item %d,%d\n" % (i, i, i * 3) for i in range(n))}


@files("a CSV of one line", 15000)
def _(n):
    return {"a.csv": ",".join("item %d" % i for i in range(n))}


@files("Chinese without marks", 40000)
def _(n):
    return {"a.txt": han(n)}


@files("a table", 1500)
def _(n):
    return {"a.md": "| a | b |\n|---|---|\n" + "".join(
        "| item %d | %d |\n" % (i, i * 3) for i in range(n))}


@files("a row of many cells", 55000)
def _(n):
    return {"a.md": "|" + " c |" * n + "\n|" + "---|" * n + "\n"}


@files("many headings", 2000)
def _(n):
    return {"a.md": "".join("%s part %d\n\nwords of it\n\n" % (
        "#" * (i % 6 + 1), i) for i in range(n // 2))}


@files("headings alone", 10000)
def _(n):
    return {"a.md": "".join("# part %d\n" % i for i in range(n))}


@files("a list", 10000)
def _(n):
    return {"a.md": "".join("- item %d\n" % i for i in range(n))}


@files("a deep list", 4500)
def _(n):
    return {"a.md": "".join("%s- x\n" % ("  " * (i % 50))
                            for i in range(n * 4))}


@files("quotes", 70000)
def _(n):
    return {"a.md": ">" * n + " x\n" + "> y\n" * n}


@files("a manual of options", 4000)
def _(n):
    return {"a.1": ".TH A 1\n.SH OPTIONS\n" + "".join(
        ".TP\n.BR \\-o%d \", \" \\-\\-option =\\fIn\\fR\nSets it.\n" % i
        for i in range(n))}


@files("a manual of marks", 20000)
def _(n):
    return {"a.1": ".Dd x\n" + ".Op Fl a Op Ar " * n + "\n" + ".if n .B \\f("
            * n + "\n" + "\\[" * n + "\n.ie t \\{\n" + ".Bl\n.It\n" * n}


@files("open fences", 60000)
def _(n):
    return {"a.md": "```\nx\n" * (n | 1)}


@files("marks inside lines", 70000)
def _(n):
    return {"a.md": "*a **b [c](d `e " * (n // 4)}


@files("deep HTML", 100000)
def _(n):
    return {"a.html": "<div>" * n + "x" + "</div>" * n}


@files("HTML far too deep", 400000)
def _(n):
    return {"a.html": "<table><tr><td>" * (n // 3) + "x"}


@files("open tags", 60000)
def _(n):
    return {"a.html": "<p>x<b>y<li>z<td>w" * (n // 4)}


@files("cut tags", 250000)
def _(n):
    return {"a.html": "<a href=\"" * n}


@files("open comments and scripts", 100000)
def _(n):
    return {"a.html": "<!-- <script> <![CDATA[ &am" * (n // 2)}


@files("an HTML table", 1000)
def _(n):
    return {"a.html": "<table>" + "".join(
        "<tr><td>item %d<td>%d" % (i, i) for i in range(n)) + "</table>"}


@files("a document with a long title", 4000)
def _(n):
    return {"a.jsonl": json.dumps({"id": "a", "title": sentences(n // 4),
                                   "text": sentences(n // 4)})}


@files("documents with members alike", 55000)
def _(n):
    return {"a.jsonl": '{"id":"a","text":"x"' + ',"id":"b","k":1' * n + "}"}


@files("documents with many members", 35000)
def _(n):
    return {"a.jsonl": json.dumps(dict(
        {"m%d" % i: i for i in range(n)}, id="a", text="x"))}


@files("many documents", 850)
def _(n):
    return {"a.jsonl": "".join(json.dumps(
        {"id": "d%d" % i, "title": "T %d" % i, "text": "words of %d" % i})
        + "\n" for i in range(n))}


@files("many documents of one id", 8000)
def _(n):
    return {"a.jsonl": "".join('{"id":"a","text":"words %d"}\n' % i
                               for i in range(n))}


@files("ids that hardly differ", 5000)
def _(n):
    return {"a.jsonl": "".join('{"id":"%s%d","text":"w"}\n' % ("x" * 200, i)
                               for i in range(n))}


@files("one text in many documents", 4000)
def _(n):
    return {"a.jsonl": "".join(
        '{"id":"d%d","text":"The same words stand in all of these."}\n' % i
        for i in range(n))}


@files("many small files", 350)
def _(n):
    return {"d%d/f%d.txt" % (i % 10, i): "words of file %d" % i
            for i in range(n)}


@files("many small files in one folder", 350)
def _(n):
    return {"f%d.md" % i: "# %d\n\nwords\n" % i for i in range(n)}


@files("many empty files", 1000)
def _(n):
    return {"f%d.txt" % i: "" for i in range(n)}


@files("many names", 3000)
def _(n):
    return {"a.txt": "\n\n".join("Mr. %s met Dr. %s of %s Ltd." % (
        a.title(), a[::-1].title(), a[1:].title()) for a in words(n))}


@files("one name beside many", 3000)
def _(n):
    return {"a.txt": "\n\n".join("Canon EOS R5 beside %s X%d." % (
        a.title(), i) for i, a in enumerate(words(n)))}


@files("different words", 10000)
def _(n):
    return {"a.txt": " ".join(words(n))}


@files("a log", 8000)
def _(n):
    return {"a.log": "".join(
        "2026-01-%02d 10:%02d:%02d ERROR worker %d failed\n" % (
            i % 28 + 1, i % 60, i // 60 % 60, i) for i in range(n))}


@files("a log of lines", 5000, "--lines")
def _(n):
    return {"a.txt": "".join("entry %d of it\n" % i for i in range(n))}


@files("a log entry of many lines", 15000)
def _(n):
    return {"a.log": "2026-01-01 10:00:00 ERROR failed\n" + "".join(
        "\tat line %d\n" % i for i in range(n))}


@files("a container's log of one traceback", 9000, "--lines")
def _(n):
    return {"a.log": "2026-01-01T10:00:00Z stderr F Traceback (most recent"
            " call last):\n" + "".join(
                "2026-01-01T10:00:00Z stderr F   File %d\n" % i
                for i in range(n))}


@files("a log of half heads", 30000, "--lines")
def _(n):
    return {"a.log": "2026-01-01T10:00:00Z a\n" + "".join(
        ("[" * 20, "1.1.1.1 - - [01", "2026-13-01", "Jan 01,", "E0", "<<",
         "[ 1.2.3")[i % 7] + "\n" for i in range(n))}


@files("an array of documents", 4000)
def _(n):
    return {"a.json": json.dumps([
        {"id": i, "text": "Item %d of the list" % i} for i in range(n)],
        indent=1)}


@files("an array that is never closed", 300000)
def _(n):
    return {"a.jsonl": '[{"text":"a"},' + "[" * n}


@files("a long document in an array", 4000)
def _(n):
    return {"a.json": json.dumps([{"text": sentences(n)}], indent=1)}


@files("a .gitignore of many patterns", 15000, "--gitignore")
def _(n):
    return dict({".gitignore": "".join(
        "%s%d\n" % (("build", "*.o", "/a/**/b", "!k", "x[0-9]")[i % 5], i)
        for i in range(n))},
        **{"a%d.txt" % i: "some words" for i in range(30)})


@files("a .gitignore of stars", 20000, "--gitignore")
def _(n):
    return {".gitignore": "*a" * n + "\n" + "**/a/" * n + "b\n",
            "a" * 200: "some words", "b": "others"}


@files("a page of links and names", 9000)
def _(n):
    return {"a.html": "<body class='%s'>" % ("nav-x " * n) + "".join(
        "<div class='menu%d sidebar'><a href=x>link %d</a></div>" % (i, i)
        for i in range(n)) + "<main>words</main>"}


@files("main content in main content", 9000)
def _(n):
    return {"a.html": "<main><div class=nav><p>word" * n}


@files("marks in a page", 25000)
def _(n):
    return {"a.html": "<p>" + "".join(
        ("10<sup>6</sup> ", "<del>a</del>", "x<sub>i</sub> ",
         "<q>a</q>")[i % 4] for i in range(n))}


@files("broken UTF-8", 1000000)
def _(n):
    return {"a.txt": b"word \xe9\xff\xe4\xb8 " * (n // 8)}


@files("a GB18030 text", 90000)
def _(n):
    return {"a.txt": ("退货政策和发票说明。" * (n // 10)).encode("gb18030")}


@files("front matter", 7500)
def _(n):
    return {"a.md": "---\n" + "".join("key%d: value\n" % i for i in range(n))
            + "---\n\nwords\n"}


@files("long members of front matter", 130000)
def _(n):
    return {"a.md": "---\na: " + "'" * n + "\nb: [" + "x, " * (n // 4) + "]\n"
            "c: >\n" + "  words\n" * 1500 + "d: " + " #" * n + "\n---\nwords"}


@files("open front matter", 7500)
def _(n):
    return {"a.md": "---\n" + "".join("key%d: value\n" % i
                                      for i in range(n))}


# ---- kb-eval ----

def run_line(q, d, rank):
    return "q%d Q0 d%d %d %.3f x\n" % (q, d, rank, 1000 - rank)


@shape("many questions", 20000, "kb-eval", "retrieval",
       "--rounds=100", "-q", "{file}.qrels", "-r", "{file}")
def _(n):
    return {"input": "".join(run_line(i, i + k, k + 1) for i in range(n)
                        for k in range(3)),
            "input.qrels": "".join("q%d 0 d%d 1\n" % (i, i) for i in range(n))}


@shape("many hits of one question", 45000, "kb-eval", "retrieval",
       "--rounds=100", "-q", "{file}.qrels", "-r", "{file}")
def _(n):
    return {"input": "".join(run_line(0, k, k + 1) for k in range(n)),
            "input.qrels": "".join("q0 0 d%d 1\n" % (i * 2) for i in range(n))}


@shape("one document again and again", 60000, "kb-eval",
       "retrieval", "--rounds=100", "-q", "{file}.qrels", "-r", "{file}")
def _(n):
    return {"input": "".join(run_line(0, 0, k + 1) for k in range(n)),
            "input.qrels": "q0 0 d0 1\n" * n}


@shape("records with hits", 7000, "kb-eval", "retrieval",
       "--rounds=100", "{file}")
def _(n):
    return {"input": "".join(json.dumps(dict(
        id=i, query="q", hits=hits(5), gold={"docs": ["d1", "d%d" % i]}))
        + "\n" for i in range(n))}


@shape("a record of many gold documents", 25000, "kb-eval",
       "retrieval", "--rounds=100", "{file}")
def _(n):
    return {"input": json.dumps(dict(id=1, query="q", hits=hits(n), gold={
        "docs": ["d%d" % (2 * i) for i in range(n)]})) + "\n"}


@shape("gold answers and a long answer", 20000, "kb-eval", "answers", "{file}")
def _(n):
    return {"input": json.dumps(dict(
        id=1, query="q", answer=" ".join(words(n)), hits=hits(5, "w " * n),
        gold={"answers": words(900), "docs": words(n), "assert": [
            {"contains": w} for w in words(900)]})) + "\n"}


@shape("answers", 10000, "kb-eval", "answers",
       "{file}")
def _(n):
    return {"input": "".join(json.dumps(dict(
        id=i, query="q", answer="It takes %d days." % i, hits=hits(1),
        gold={"answers": ["%d days" % i]})) + "\n" for i in range(n))}


@shape("a long answer", 9000, "kb-eval", "answers", "{file}")
def _(n):
    return {"input": json.dumps(dict(id=1, query="q", answer=sentences(n), gold={
        "answers": [sentences(n)]})) + "\n"}


@shape("labelled records of as many kinds", 20000, "kb-eval", "check",
       "--draws=1", "--by=kind", "{file}")
def _(n):
    return {"input": "".join(json.dumps(dict(
        id=i, label=i % 7 > 0, confidence=i / n, kind="k%d" % i)) + "\n"
        for i in range(n))}


@shape("answers to compare", 10000, "kb-eval", "compare", "--rounds=100",
       "{file}", "{file}")
def _(n):
    return {"input": "".join(json.dumps(dict(
        id=i, answer="It takes %d days." % i,
        gold={"answers": ["%d days" % i], "docs": ["d%d" % (i // 3)]})) + "\n"
        for i in range(n))}


@shape("an answer of many members and a schema", 40000, "kb-eval", "answers",
       "{file}")
def _(n):
    return {"input": json.dumps(dict(
        id=1, query="q", answer=json.dumps({"k%d" % i: i for i in range(n)}),
        gold={"assert": {"schema": {"properties": {"k1": {"type": "integer"}},
                                    "required": ["k7"]}}})) + "\n"}


@shape("many accepted answers", 240, "kb-eval", "answers", "{file}")
def _(n):
    return {"input": json.dumps(dict(id=1, query="q", answer="3 days", gold={
        "answers": ["%d days" % i for i in range(n)]})) + "\n"}


@shape("confidence", 25000, "kb-eval", "confidence", "{file}")
def _(n):
    return {"input": "".join(json.dumps(dict(
        id=i, query="q", answer="3 days", confidence=i % 97 / 97,
        gold={"answers": ["%d days" % (3 + i % 2)]})) + "\n"
        for i in range(n))}


# ---- text-classify ----

TRAIN = "text-classify", "train", "-o", "{file}.tc"
PREDICT = "text-classify", "predict", "-m", "{file}.tc", "-f", "{file}"
AS_CSV = "--input=csv", "--columns=label,text"


def labelled(n, labels):
    w = words(n * 2)
    return b"".join(record(label="l%d" % (i % labels), text=" ".join(
        (w[i], w[n + i], "label%d" % (i % labels)))) for i in range(n))


def with_model(text, labels=3, n=300):
    """A text to be labelled, and a model beside it."""
    made = subprocess.run(["text-classify", "train"], check=True,
                          input=labelled(n, labels), stdout=subprocess.PIPE)
    return {"input": text, "input.tc": made.stdout}


@shape("texts to learn from", 2500, *TRAIN)
def _(n):
    return labelled(n, 5)


@shape("texts of many labels", 900, *TRAIN)
def _(n):
    return labelled(n, 300)


@shape("a long text to learn from", 40000, *TRAIN)
def _(n):
    return (record(label="a", text=sentences(n // 40)) + record(
        label="b", text=" ".join(words(n // 10))) +
            record(label="b", text=han(n // 4)))


@shape("a long text", 25000, *PREDICT)
def _(n):
    return with_model(record(text=sentences(n // 10)))


@shape("a long word", 150000, *PREDICT)
def _(n):
    return with_model(record(text="ab" * (n // 2)))


@shape("a long text of Han", 100000, *PREDICT)
def _(n):
    return with_model(record(text=han(n)))


@shape("texts, and many labels", 2500, *PREDICT)
def _(n):
    return with_model(labelled(n, 1000), 1000, 3000)


@shape("texts to select from", 10000, "text-classify", "select", "-n", "20",
       "-m", "{file}.tc", "-f", "{file}")
def _(n):
    return with_model(labelled(n, 3))


@shape("judged texts", 10000, "text-classify", "eval", "-m", "{file}.tc",
       "-f", "{file}")
def _(n):
    return with_model(labelled(n, 3))


@shape("rows of a table", 20000, *PREDICT, *AS_CSV)
def _(n):
    return with_model("".join('%d,"a ""b"", \n%d"\n' % (i, i)
                              for i in range(n)))


@shape("a quoted field without end", 1000000, *PREDICT, *AS_CSV)
def _(n):
    return with_model('a,b\na,"' + 'b\n' * (n // 2) + "\n")


@shape("quotation marks", 400000, *PREDICT, *AS_CSV)
def _(n):
    return with_model('y,z\nx,' + '"' * (n | 1) + '\n' + 'y,z\n')


@shape("a row of many fields", 200000, *PREDICT, "--input=csv")
def _(n):
    return with_model("a,text\n" + "," * n + "\n" + "1,2\n")


# ---- measuring ----

class Launcher:
    """A process forked while it is small: the peak memory of a child counts
    from what its parent held."""

    def __init__(self):
        ask, self.ask = os.pipe()
        self.answer, answer = os.pipe()
        if os.fork():
            os.close(ask)
            os.close(answer)
            self.answer = os.fdopen(self.answer)
            return
        os.close(self.ask)
        with os.fdopen(ask) as commands:
            for line in commands:
                os.write(answer, repr(measure(*eval(line))).encode() + b"\n")
        os._exit(0)

    def run(self, command, path):
        os.write(self.ask, repr((command, path)).encode() + b"\n")
        return eval(self.answer.readline())


def measure(command, path):
    """Exit status, CPU seconds and peak memory in bytes."""
    pid = os.fork()
    if not pid:
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))
        for fd, name, how in ((0, path, os.O_RDONLY),
                              (1, os.devnull, os.O_WRONLY),
                              (2, os.devnull, os.O_WRONLY)):
            os.dup2(os.open(name, how), fd)
        try:
            os.execvp(command[0], command)
        finally:
            os._exit(127)
    _, status, used = os.wait4(pid, 0)
    return (os.waitstatus_to_exitcode(status),
            used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


LAUNCHER = Launcher()


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(content.encode() if isinstance(content, str) else content)


class Made:
    """A shape in one size: its input for a filter, or its files."""

    def __init__(self, folder, made):
        self.folder, self.file = folder, folder + "/input"
        self.stdin = os.devnull if isinstance(made, dict) else self.file
        if not isinstance(made, dict):
            made = {"input": made}
        for name, content in made.items():
            write(folder + "/" + name, content)


class Case:
    """One command on it."""

    def __init__(self, made, command):
        self.made, self.index = made, made.folder + ".kb"
        self.command = [w.replace("{index}", self.index)
                        .replace("{folder}", made.folder)
                        .replace("{file}", made.file) for w in command]
        self.seconds, self.bytes, self.failed = 1e9, 1 << 62, None

    def run(self):
        shutil.rmtree(self.index, ignore_errors=True)
        code, seconds, peak = LAUNCHER.run(self.command, self.made.stdin)
        if code not in (0, 3):
            self.failed = "%s: status %d" % (" ".join(self.command), code)
        self.seconds = min(self.seconds, seconds)
        self.bytes = min(self.bytes, peak)
        return seconds


def linear(cases):
    one, two, four = cases
    return (not any(case.failed for case in cases)
            and (four.seconds <= TIMES[0] * one.seconds + SECONDS[0]
                 or four.seconds <= TIMES[1] * two.seconds + SECONDS[1])
            and four.bytes <= MEMORY * one.bytes + BYTES)


def measured(cases):
    """Run until it is linear, or often enough; seconds that it took."""
    total = 0
    for _ in range(TRIES):
        total += sum(case.run() for case in cases)
        if linear(cases) or any(case.failed for case in cases):
            break
    return total


def report(number, name, cases):
    good = linear(cases)
    print("%s %d - %s" % ("ok" if good else "not ok", number, name))
    if not good or VERBOSE:
        print("# n, 2n, 4n: " + ", ".join("%.3f s %d MB" % (
            c.seconds, c.bytes >> 20) for c in cases))
    for case in cases:
        if case.failed:
            print("# " + case.failed)
    sys.stdout.flush()
    return not good


def main():
    failed = done = total = 0
    for name, n, commands, make in SHAPES:
        wanted = [c for c in commands
                  if SHAPE in name and (not ONLY or c[0] in ONLY)]
        if not wanted:
            continue
        with tempfile.TemporaryDirectory(dir=".") as folder:
            made = [Made("%s/%d" % (folder, k), make(k * n))
                    for k in (1, 2, 4)]
            for command in wanted:
                cases = [Case(m, command) for m in made]
                total += measured(cases)
                done += 1
                failed += report(done, command[0] + ": " + name, cases)
    if VERBOSE:
        print("# %.1f s in all" % total)
    print("1..%d" % done)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
