#!/usr/bin/env python3
"""Random rounds of changes to a folder: each refresh equals a new build.

usage: refresh.py [--ids] SEED ROUNDS

A round adds, changes, renames, copies or deletes files (Markdown, text, HTML,
JSON lines) and refreshes an index of them. After it the dump must hold the
same lines as that of an index built anew, and every tenth time lexical
searches must give the same hits. With --ids documents of several files may
share an id, too. Says which round differs and how; exit 1 then.
"""
import json
import os
import random
import shutil
import subprocess
import sys

WORDS = ("return parcel invoice router battery refund label station order "
         "warranty 退货 运费 发票 保修 门店 会员 积分 订单 配送 安装").split()


class Rounds:
    def __init__(self, seed, ids):
        self.r = random.Random(seed)
        self.ids = ids
        self.made = 0
        self.log = []

    def text(self):
        return " ".join(self.r.choice(WORDS)
                        for _ in range(self.r.randint(1, 120)))

    def content(self, name):
        if name.endswith(".md"):
            return "".join("# %s\n\n%s\n\n" % (self.r.choice(WORDS),
                                               self.text())
                           for _ in range(self.r.randint(1, 5)))
        if name.endswith(".html"):
            return "<title>%s</title><p>%s<p>%s" % (
                self.r.choice(WORDS), self.text(), self.text())
        if name.endswith(".jsonl"):
            return "".join(self.document(name) for _ in
                           range(self.r.randint(0, 4)))
        return self.text() + "\n\n" + self.text()

    def document(self, name):
        self.made += 1
        which = self.r.randint(0, 9) if self.ids else self.made
        return json.dumps({"id": "d%d" % which, "title": self.r.choice(WORDS),
                           "text": self.text()}, ensure_ascii=False) + "\n"

    def files(self):
        return sorted(os.path.join(at, f) for at, _, names in os.walk("docs")
                      for f in names)

    def name(self):
        self.made += 1
        return "docs/%s/f%d.%s" % (self.r.choice("abc"), self.made,
                                   self.r.choice(("md", "txt", "html",
                                                  "jsonl")))

    def write(self, name):
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "w", encoding="utf-8") as f:
            f.write(self.content(name))

    def change(self):
        files = self.files()
        what = self.r.choice(("add", "change", "rename", "copy", "delete")
                             if len(files) > 2 else ("add",))
        name = self.name()
        old = self.r.choice(files) if files else name
        # the copy of JSON lines has the ids of the original
        if what == "copy" and old.endswith(".jsonl") and not self.ids:
            what = "change"
        self.log.append("%s %s %s" % (what, old, name))
        new = os.path.splitext(name)[0] + os.path.splitext(old)[1]
        if what == "add":
            self.write(name)
        elif what == "change":
            self.write(old)
        elif what == "delete":
            os.unlink(old)
        else:
            os.makedirs(os.path.dirname(new), exist_ok=True)
            (os.rename if what == "rename" else shutil.copy2)(old, new)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        sys.exit("%s: status %d: %s" % (" ".join(command), done.returncode,
                                        done.stderr))
    return done.stdout


def dump(index):
    """The documents in the order of their ids; the first line of a dump has
    the settings, whichever document it is."""
    docs = [json.loads(line) for line in
            run("kb-index", "--dump", index).splitlines()]
    for doc in docs:
        doc["kb_dump"].pop("settings", None)
    return sorted(json.dumps(doc, ensure_ascii=False) for doc in docs)


def hits(index):
    found = run("kb-search", "--legs=lexical", "--no-spelling", index, "-f",
                "questions")
    return [[(h["doc"], h["chunk"], h["score"])
             for h in json.loads(line)["hits"]] for line in found.splitlines()]


def main():
    ids = "--ids" in sys.argv
    seed, rounds = (int(a) for a in sys.argv[-2:])
    state = Rounds(seed, ids)
    with open("questions", "w", encoding="utf-8") as f:
        for word in WORDS:
            f.write(json.dumps({"query": word}, ensure_ascii=False) + "\n")
    os.makedirs("docs", exist_ok=True)
    for number in range(1, rounds + 1):
        for _ in range(state.r.randint(1, 4)):
            state.change()
        run("kb-index", "--allow-delete", "--grace=0", "fresh.kb", "docs")
        run("kb-index", "--rebuild", "--grace=0", "new.kb", "docs")
        fresh, new = dump("fresh.kb"), dump("new.kb")
        if fresh == new and number % 10 == 0:
            fresh, new = hits("fresh.kb"), hits("new.kb")
        if fresh != new:
            print("seed %d, round %d: the refreshed index differs" % (
                seed, number))
            print("\n".join(state.log[-8:]))
            for line in fresh:
                if line not in new:
                    print("only refreshed: %.200s" % (line,))
            for line in new:
                if line not in fresh:
                    print("only new: %.200s" % (line,))
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
