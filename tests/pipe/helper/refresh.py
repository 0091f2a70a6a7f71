#!/usr/bin/env python3
"""Random rounds of changes to a folder: each refresh equals a new build.

usage: refresh.py SEED ROUNDS

A round adds, changes, renames, copies, deletes, damages or repairs files
(Markdown, text, HTML, JSON lines, packed ones) in nested directories, with and
without their times telling, changes options now and then, and refreshes an
index of them; sometimes a run is killed before. Some files of JSON lines share
ids, hold one id twice, remove by id, or have lines that are none.

After it the dump must hold the same lines as that of an index built anew, the
run must have said the same, and every tenth time lexical searches must give
the same hits. The new index is built of a mirror of the folder, which has in
the place of a damaged file its last version that could be read: that is what a
refresh keeps, and says so. Says which round differs and how; exit 1 then.
"""
import fnmatch
import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import sys

WORDS = ("return parcel invoice router battery refund label station order "
         "warranty 退货 运费 发票 保修 门店 会员 积分 订单 配送 安装").split()
ENDINGS = ("md", "txt", "html", "jsonl", "jsonl.gz", "md.gz", "shared.jsonl")
# of what files are read, and how; one in three rounds or so has others
OPTIONS = ([], [], ["--lines"], ["--chunk-target=8", "--chunk-max=16"],
           ["--shard=1/2"], ["--shard=2/2"], ["--exclude=*.txt"],
           ["--include=*.md", "--include=*.jsonl", "--include=*.gz"])
STAYS = "; its documents stay"
# beside the folder, with a name of one length: messages cut long paths
MIRROR = "../anew"
FRESH, NEW = "../fresh.kb", "../new.kb"


class Rounds:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.made = 0
        self.log = []
        self.options = []
        self.good = {}  # file -> bytes of the version last read
        self.read = {}  # file -> options it was read with
        self.broken = set()

    # ---- content ----

    def text(self):
        words = [self.r.choice(WORDS) for _ in range(self.r.randint(1, 60))]
        return "%06d %s" % (self.r.randint(0, 999999), " ".join(words))

    def content(self, name):
        kind = name.rsplit("/", 1)[1].split(".", 1)[1].replace(".gz", "")
        if kind == "md":
            text = "".join("# %s\n\n%s\n\n" % (self.r.choice(WORDS),
                                               self.text())
                           for _ in range(self.r.randint(1, 5)))
        elif kind == "html":
            text = "<title>%s</title><p>%s<p>%s" % (
                self.r.choice(WORDS), self.text(), self.text())
        elif kind == "jsonl":
            text = "".join(self.document("d%d" % self.number()) for _ in
                           range(self.r.randint(0, 4)))
        elif kind == "shared.jsonl":
            text = "".join(self.line() for _ in range(self.r.randint(1, 5)))
        else:
            text = self.text() + "\n\n" + self.text()
        data = text.encode()
        return gzip.compress(data, mtime=0) if name.endswith(".gz") else data

    def number(self):
        self.made += 1
        return self.made

    def document(self, name):
        return json.dumps({"id": name, "title": self.r.choice(WORDS),
                           "text": self.text()}, ensure_ascii=False) + "\n"

    def line(self):
        which = "s%d" % self.r.randint(0, 9)
        kind = self.r.randint(0, 9)
        if kind == 0:
            return "no document\n"
        if kind <= 2:
            return '{"id":"%s","deleted":true}\n' % which
        return self.document(which)

    # ---- files ----

    def files(self):
        return sorted(os.path.join(at, f) for at, _, names in os.walk("docs")
                      for f in names
                      if not os.path.islink(os.path.join(at, f)))

    def name(self):
        deep = "/".join(self.r.choice("abc")
                        for _ in range(self.r.randint(0, 3)))
        return os.path.join("docs", deep, "%s%d.%s" % (
            self.r.choice("fgh"), self.number(), self.r.choice(ENDINGS)))

    def put(self, name, data, broken=False):
        os.makedirs(os.path.dirname(name), exist_ok=True)
        with open(name, "wb") as f:
            f.write(data)
        (self.broken.add if broken else self.broken.discard)(name)

    def gone(self, name):
        self.good.pop(name, None)
        self.read.pop(name, None)
        self.broken.discard(name)

    def damage(self, name):
        """As bytes that nobody can read; None: this file cannot have it."""
        with open(name, "rb") as f:
            data = f.read()
        if ".shared." in name:
            return None
        if name.endswith(".gz") and len(data) > 30 and self.r.random() < .7:
            return data[:self.r.randint(20, len(data) - 9)]
        return b"\x00\x01\x02\x03" * 64 + data

    def sneak(self, name):
        """Other content of one size, with the time of the old one."""
        if name.endswith(".gz") or name in self.broken:
            return
        with open(name, "rb") as f:
            data = f.read()
        words = data.split(b" ")
        for i, word in enumerate(words):
            if len(word) == 6 and word.isdigit():
                words[i] = b"%06d" % self.r.randint(0, 999999)
        before = os.stat(name)
        self.put(name, b" ".join(words))
        os.utime(name, ns=(before.st_atime_ns, before.st_mtime_ns))

    def move_directory(self):
        dirs = [d for d in "abc" if os.path.isdir("docs/" + d)]
        if not dirs:
            return
        old, new = "docs/" + self.r.choice(dirs), "docs/m%d" % self.number()
        os.rename(old, new)
        for name in self.files():
            if name.startswith(new + "/"):
                was = old + name[len(new):]
                if was in self.broken:
                    self.broken.add(name)
                self.gone(was)

    def change(self):
        files = self.files()
        what = self.r.choice((
            "add", "add", "change", "rename", "copy", "delete", "damage",
            "damage", "repair", "sneak", "touch", "link", "directory")
            if len(files) > 3 else ("add",))
        if len(files) > 12 and what in ("add", "copy"):
            what = "delete"
        name = self.name()
        old = self.r.choice(files) if files else name
        self.log.append("%s %s %s" % (what, old, name))
        new = os.path.join(os.path.dirname(name), "%s.%s" % (
            os.path.basename(name).split(".")[0],
            os.path.basename(old).split(".", 1)[1]))
        if what == "add":
            self.put(name, self.content(name))
            if self.r.random() < .1 and self.damage(name):
                self.put(name, self.damage(name), True)
        elif what in ("change", "repair"):
            if what == "repair" and self.broken:
                old = self.r.choice(sorted(self.broken))
            again = what == "repair" and self.r.random() < .5
            self.put(old, self.good[old] if again and old in self.good
                     else self.content(old))
        elif what == "damage":
            data = self.damage(old)
            if data:
                self.put(old, data, True)
        elif what == "delete":
            os.unlink(old)
            self.gone(old)
        elif what == "sneak":
            self.sneak(old)
        elif what == "touch":
            (os.utime if self.r.random() < .5 else
             lambda f: os.chmod(f, self.r.choice((0o644, 0o600))))(old)
        elif what == "link":
            os.makedirs("docs", exist_ok=True)
            os.symlink("nowhere", "docs/l%d" % self.number())
        elif what == "directory":
            self.move_directory()
        elif what == "rename" or ".shared." in old or ".jsonl" not in old:
            os.makedirs(os.path.dirname(new), exist_ok=True)
            (os.rename if what == "rename" else shutil.copy2)(old, new)
            if old in self.broken:
                self.broken.add(new)
            if what == "rename":
                self.gone(old)

    # ---- what is expected ----

    def mirror(self):
        shutil.rmtree(MIRROR, ignore_errors=True)
        for name in self.files():
            copy = os.path.join(MIRROR, name)
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            if name in self.broken and name in self.good:
                with open(copy, "wb") as f:
                    f.write(self.good[name])
            else:
                shutil.copy(name, copy)
        os.makedirs(MIRROR + "/docs", exist_ok=True)

    def is_taken(self, name):
        base = os.path.basename(name)
        include = [o[10:] for o in self.options if o.startswith("--include=")]
        exclude = [o[10:] for o in self.options if o.startswith("--exclude=")]
        return (not any(fnmatch.fnmatchcase(base, p) for p in exclude) and
                (not include or
                 any(fnmatch.fnmatchcase(base, p) for p in include)))

    def finished(self):
        """After a run: which version was read, and which one is lost."""
        for name in self.files():
            if not self.is_taken(name):
                self.good.pop(name, None)
                self.read.pop(name, None)
            elif name not in self.broken:
                self.read[name] = self.options
                with open(name, "rb") as f:
                    self.good[name] = f.read()

    def stale(self):
        """Files that are kept as other options read them."""
        return {os.path.abspath(name) for name in self.broken
                if self.read.get(name, self.options) != self.options}


def run(*command, cwd=None):
    done = subprocess.run(command, capture_output=True, text=True, check=False,
                          cwd=cwd)
    if done.returncode not in (0, 3):
        sys.exit("%s: status %d: %s" % (" ".join(command), done.returncode,
                                        done.stderr))
    said = done.stderr.splitlines()
    if (done.returncode == 3) != bool(said):
        sys.exit("%s: status %d, but it says: %s" % (
            " ".join(command), done.returncode, done.stderr))
    return done.stdout, said


def killed(state):
    """A run that is cut off, or is not in time to be."""
    with subprocess.Popen(["kb-index", "--allow-delete", FRESH] +
                          state.options + ["docs"],
                          stderr=subprocess.DEVNULL) as p:
        try:
            p.wait(state.r.random() * .02)
        except subprocess.TimeoutExpired:
            p.send_signal(signal.SIGKILL)
        if p.wait() in (0, 3):
            state.finished()


def dump(index, stale):
    """The documents in the order of their ids; the first line of a dump has
    the settings, whichever document it is."""
    docs = []
    for line in run("kb-index", "--dump", index)[0].splitlines():
        doc = json.loads(line)
        own = doc["kb_dump"]
        own.pop("settings", None)
        own["source"] = own["source"].replace(
            os.path.abspath(MIRROR) + "/", os.path.abspath(".") + "/")
        if own["source"] not in stale:
            docs.append(json.dumps(doc, ensure_ascii=False))
    return sorted(docs)


def hits(index):
    found, _ = run("kb-search", "--legs=lexical", "--no-spelling", index, "-f",
                   "questions")
    return [[(h["doc"], h["chunk"], h["score"])
             for h in json.loads(line)["hits"]] for line in found.splitlines()]


def differ(what, seed, number, log, fresh, new):
    print("seed %d, round %d: %s differs" % (seed, number, what))
    print("\n".join(log[-12:]))
    for line in fresh:
        if line not in new:
            print("only refreshed: %.300s" % (line,))
    for line in new:
        if line not in fresh:
            print("only new: %.300s" % (line,))
    return 1


def main():
    seed, rounds = (int(a) for a in sys.argv[-2:])
    state = Rounds(seed)
    os.makedirs("kept/docs")
    os.chdir("kept")
    with open("questions", "w", encoding="utf-8") as f:
        for word in WORDS:
            f.write(json.dumps({"query": word}, ensure_ascii=False) + "\n")
    for number in range(1, rounds + 1):
        for _ in range(state.r.randint(0, 4)):
            state.change()
        if state.r.random() < .3:
            state.options = state.r.choice(OPTIONS)
        if state.r.random() < .1:
            killed(state)
        state.log.append("round %d: %s" % (number, " ".join(state.options)))
        _, said = run("kb-index", "--allow-delete", "--grace=0",
                      *state.options, FRESH, "docs")
        state.mirror()
        _, anew = run("kb-index", "--rebuild", "--grace=0", *state.options,
                      NEW, "docs", cwd=MIRROR)
        stale = state.stale()
        fresh, new = dump(FRESH, stale), dump(NEW, stale)
        if fresh != new:
            return differ("the index", seed, number, state.log, fresh, new)
        kept = [line for line in said if STAYS in line]
        said = [line for line in said if STAYS not in line]
        anew = [line.replace(os.path.abspath(MIRROR) + "/",
                             os.path.abspath(".") + "/") for line in anew]
        if said != anew:
            return differ("what is said", seed, number, state.log, said, anew)
        state.finished()
        want = [f for f in state.broken if f in state.read]
        if len(kept) != len(want):
            return differ("what is kept", seed, number, state.log, kept, want)
        if number % 10 == 0 and not stale:
            fresh, new = hits(FRESH), hits(NEW)
            if fresh != new:
                return differ("a search", seed, number, state.log, fresh, new)
    return 0


if __name__ == "__main__":
    sys.exit(main())
