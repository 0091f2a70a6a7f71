#!/usr/bin/env python3
"""Index and search with other engines, on given tokens.

usage: peers.py ENGINE build TERMS DIR          index a file of terms
       peers.py ENGINE query TERMS DIR          latency, one process, warm
       peers.py ENGINE one DIR TERM...          one question, for timing

ENGINE is fts5, xapian or tantivy. TERMS is what tests/bench/terms prints:
"id TAB term term ...". Every engine gets the same tokens, OR semantics,
BM25 and the top 10; a question counts by its best time of three. Prints one
JSON object; exit 77 where the engine is not installed.
"""
import json
import os
import sys
import time

PASSES = 3


def read_terms(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            name, _, terms = line.rstrip("\n").partition("\t")
            yield name, terms.split()


class Fts5:
    def __init__(self, path):
        import sqlite3
        os.makedirs(path, exist_ok=True)
        self.db = sqlite3.connect(path + "/fts5.db")

    def build(self, docs):
        self.db.execute("create virtual table t using fts5(id unindexed, "
                        "x, content='', detail=none)")
        self.db.executemany("insert into t(rowid, x) values(?,?)",
                            ((n, " ".join(terms))
                             for n, (_, terms) in enumerate(docs, 1)))
        self.db.execute("insert into t(t) values('optimize')")
        self.db.commit()

    def query(self, terms):
        text = " OR ".join(sorted(set(terms)))
        return self.db.execute("select rowid from t where t match ? "
                               "order by rank limit 10", (text,)).fetchall()


class Xapian:
    def __init__(self, path):
        import xapian
        self.x, self.path = xapian, path + "/xapian"
        self.db = None

    def build(self, docs):
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        db = self.x.WritableDatabase(self.path, self.x.DB_CREATE_OR_OVERWRITE)
        for _, terms in docs:
            doc = self.x.Document()
            for term in terms:
                doc.add_term(term)
            db.add_document(doc)
        db.commit()

    def query(self, terms):
        if not self.db:
            self.db = self.x.Database(self.path)
        enquire = self.x.Enquire(self.db)
        enquire.set_query(self.x.Query(self.x.Query.OP_OR,
                                       sorted(set(terms))))
        return [m.docid for m in enquire.get_mset(0, 10)]


class Tantivy:
    def __init__(self, path):
        import tantivy
        self.t, self.path = tantivy, path + "/tantivy"
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("x", tokenizer_name="whitespace",
                               index_option="freq")
        self.schema, self.searcher = builder.build(), None

    def build(self, docs):
        os.makedirs(self.path, exist_ok=True)
        index = self.t.Index(self.schema, path=self.path)
        writer = index.writer(heap_size=200 << 20, num_threads=1)
        for _, terms in docs:
            writer.add_document(self.t.Document(x=" ".join(terms)))
        writer.commit()
        writer.wait_merging_threads()

    def query(self, terms):
        if not self.searcher:
            self.index = self.t.Index.open(self.path)
            self.searcher = self.index.searcher()
        parts = [(self.t.Occur.Should,
                  self.t.Query.term_query(self.schema, "x", term,
                                          index_option="freq"))
                 for term in sorted(set(terms))]
        return self.searcher.search(self.t.Query.boolean_query(parts),
                                    10).hits


def size_of(path):
    return sum(os.path.getsize(os.path.join(d, f))
               for d, _, files in os.walk(path) for f in files)


def percentiles(times):
    times = sorted(times)
    n = len(times)
    return {"n": n, "p50_ms": round(times[n // 2], 3),
            "p99_ms": round(times[min(n - 1, n * 99 // 100)], 3),
            "mean_ms": round(sum(times) / n, 3)}


def main(argv):
    engines = {"fts5": Fts5, "xapian": Xapian, "tantivy": Tantivy}
    if len(argv) < 4 or argv[1] not in engines:
        sys.exit(__doc__)
    verb = argv[2]
    directory = argv[3] if verb == "one" else argv[4]
    try:
        engine = engines[argv[1]](directory)
    except ImportError:
        sys.exit(77)
    out = {"engine": argv[1]}
    if verb == "build":
        start = time.process_time()
        engine.build(read_terms(argv[3]))
        out["cpu_s"] = round(time.process_time() - start, 1)
        out["bytes"] = size_of(directory)
    elif verb == "one":
        out["hits"] = len(engine.query(argv[4:]))
    else:
        queries = [terms for _, terms in read_terms(argv[3]) if terms]
        for terms in queries:
            engine.query(terms)
        times = [float("inf")] * len(queries)
        for _ in range(PASSES):
            for i, terms in enumerate(queries):
                start = time.perf_counter()
                engine.query(terms)
                ms = (time.perf_counter() - start) * 1000
                times[i] = min(times[i], ms)
        out.update(percentiles(times))
    print(json.dumps(out))


if __name__ == "__main__":
    main(sys.argv)
