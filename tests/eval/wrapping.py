#!/usr/bin/env python3
"""Does courtesy cost an answer its route?

usage: wrapping.py BINDIR SETDIR [QUESTIONS]

SETDIR holds corpus.jsonl {"id","title","text"}, queries.jsonl
{"id","query","answers"} and qrels.tsv. The local answerer's answers are
parted into right ones (they hold a gold answer) and wrong ones; to the wrong
belong, too, the right ones of other questions. Each is sent as it is and in
every wrapping that models put around an answer. Printed: the share that
fact-check routes to "answer", and how far the wrapping is from the bare one.
Exit 1 when a wrapping of right answers is off by more than .02, or one of
wrong answers is sent out oftener by more than .02.
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

ENGLISH = {
    "greeting": "Hello! {}",
    "thanks": "Thank you for contacting us. {} If you have any further "
    "questions, please feel free to reach out to our support team.",
    "bold": "**{}**",
    "bullet": "- {}",
    "heading": "## Answer\n\n{}",
    "passages": "According to the passages, {}",
    "quotes": "\"{}\"",
    "think": "<think>\nThe user asks something. Passage 3 says that 17 "
    "elephants live in Norway.\n</think>\n\n{}",
    # not looked at while the rules were written
    "dear": "Dear customer,\n\n{}\n\nKind regards,\nYour service team",
    "sure": "Sure, happy to help! {} Hope that clears things up - have a "
    "wonderful day!",
    "list": "Here is what I found in the documents you provided:\n\n"
    "1. **{}**\n\nLet me know if there is anything else I can do for you!",
    "answer": "The answer is as follows: {}",
}
CHINESE = {
    "greeting": "您好！{}",
    "thanks": "感谢您的咨询。{}如有其他问题，欢迎随时联系我们，祝您生活愉快！",
    "bold": "**{}**",
    "bullet": "- {}",
    "heading": "## 回答\n\n{}",
    "passages": "根据资料，{}",
    "quotes": "“{}”",
    "think": "<think>\n用户在问问题。第三段说挪威住着17头大象。\n</think>\n\n{}",
    "dear": "尊敬的用户：\n\n{}\n\n此致\n敬礼",
    "sure": "好的，很高兴为您解答！{}希望以上信息对您有所帮助～",
    "list": "以下是我根据您提供的文档整理的内容：\n\n1. **{}**\n\n"
    "如果还有什么不清楚的地方，请随时告诉我哦！",
    "answer": "答案如下：{}",
}
SEEN = 8  # the first so many were looked at


def read(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def relevant(folder):
    docs = collections.defaultdict(set)
    with open(os.path.join(folder, "qrels.tsv"), encoding="utf-8") as lines:
        for line in lines:
            query, doc, grade = line.split("\t")
            if int(grade) > 0:
                docs[query].add(doc)
    return docs


def plain(text):
    text = unicodedata.normalize("NFKC", re.sub(r"\[\d+\]", "", text))
    return re.sub(r"[\W_]+", "", text.lower())


def holds(answer, gold):
    return any(plain(g) and plain(g) in plain(answer) for g in gold)


class Tools:
    def __init__(self, bindir, folder):
        self.bindir, self.folder = bindir, folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def run(self, name, *args, records):
        with open(self.path("in"), "w", encoding="utf-8") as out:
            for record in records:
                out.write(json.dumps(record, ensure_ascii=False) + "\n")
        with open(self.path("in"), encoding="utf-8") as lines:
            done = subprocess.run(
                [os.path.join(self.bindir, name), *args],
                stdin=lines, stdout=subprocess.PIPE, text=True, check=False)
        return [json.loads(line) for line in done.stdout.splitlines()]


def answers(tools, queries, kb):
    records = tools.run("kb-search", kb, records=queries)
    records = tools.run("prompt-render", records=records)
    records = tools.run("llm-call", "--provider", "local", records=records)
    return [r for r in records if r.get("answer") and not r.get("error")]


def sent(tools, kb, records, form):
    wrapped = [dict(r, answer=form.format(r["answer"])) for r in records]
    routed = tools.run("fact-check", kb, records=wrapped)
    return sum(r.get("route") == "answer" for r in routed) / len(routed)


def main():
    bindir, folder = sys.argv[1], sys.argv[2]
    limit = int(sys.argv[3]) if len(sys.argv) > 3 else 400
    docs = relevant(folder)
    queries = [dict(id=q["id"], query=q["query"], right=q["answers"])
               for q in read(folder, "queries.jsonl")
               if q.get("answers") and docs[str(q["id"])]][:limit]
    with tempfile.TemporaryDirectory() as scratch:
        tools = Tools(bindir, scratch)
        kb = tools.path("kb")
        subprocess.run([os.path.join(bindir, "kb-index"), kb,
                        os.path.join(folder, "corpus.jsonl")], check=True)
        found = answers(tools, queries, kb)
        right = [r for r in found if holds(r["answer"], r["right"])]
        wrong = [r for r in found if not holds(r["answer"], r["right"])]
        wrong += [dict(a, answer=b["answer"])
                  for a, b in zip(right, right[7:] + right[:7])
                  if not holds(b["answer"], a["right"])]
        han = sum(bool(re.search("[\u4e00-\u9fff]", q["query"]))
                  for q in queries) * 2 > len(queries)
        forms = CHINESE if han else ENGLISH
        status = 0
        base = [sent(tools, kb, rs, "{}") for rs in (right, wrong)]
        print(f"{len(right)} right answers, {len(wrong)} wrong ones: sent")
        print(f"{'bare':10} {base[0]:.3f}        {base[1]:.3f}")
        for i, (name, form) in enumerate(forms.items()):
            now = [sent(tools, kb, rs, form) for rs in (right, wrong)]
            off = [a - b for a, b in zip(now, base)]
            print(f"{name:10} {now[0]:.3f} {off[0]:+.3f} {now[1]:.3f} "
                  f"{off[1]:+.3f}{'' if i < SEEN else '  (unseen)'}")
            status |= abs(off[0]) > .02 or off[1] > .02
    sys.exit(status)


main()
