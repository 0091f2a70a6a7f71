#!/usr/bin/env python3
"""Turn the queries of a data set into records for the pipe.

usage: records.py QUERIES.jsonl QRELS.tsv [--limit N] > records.jsonl

Of each query stay id and query; a history becomes messages; answers and the
judged documents become gold. With --limit every so many-th query is taken,
so that about N are left, spread over the file.
"""
import json
import sys


def convert(query, docs):
    record = {"id": query["id"], "query": query["query"]}
    history = [t for t in query.get("history") or [] if t]
    if history:
        # the turns alternate; the last one is the other side's
        record["messages"] = [
            {"role": "assistant" if (len(history) - i) % 2 else "user",
             "content": turn} for i, turn in enumerate(history)]
        record["messages"].append({"role": "user", "content": query["query"]})
    answers = query.get("answers") or []
    if query.get("answerable") is False:
        answers = []
    record["gold"] = {"answers": answers, "docs": docs.get(str(query["id"]), [])}
    for name in ("dialogue", "article"):
        if name in query:
            record[name] = query[name]
    return record


def main(argv):
    if len(argv) not in (3, 5):
        sys.exit(__doc__)
    docs = {}
    with open(argv[2], encoding="utf-8") as lines:
        for line in lines:
            query, doc, grade = line.rstrip("\n").split("\t")[:3]
            if float(grade) > 0:
                docs.setdefault(query, []).append(doc)
    with open(argv[1], encoding="utf-8") as lines:
        queries = [json.loads(line) for line in lines if line.strip()]
    limit = int(argv[4]) if len(argv) == 5 else 0
    step = max(1, len(queries) // limit) if limit else 1
    for query in queries[::step]:
        json.dump(convert(query, docs), sys.stdout, ensure_ascii=False)
        print()


if __name__ == "__main__":
    main(sys.argv)
