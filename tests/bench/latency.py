#!/usr/bin/env python3
"""Latencies of questions in records of --timing, as peers.py gives them.

usage: kb-search --timing ... | latency.py

An id that comes several times counts by its best time: what else the machine
does only ever adds. Prints one JSON object.
"""
import json
import sys

from peers import percentiles


def main():
    best = {}
    for line in sys.stdin:
        record = json.loads(line)
        ms = record["timing"]["kb-search"]
        best[record["id"]] = min(ms, best.get(record["id"], ms))
    if not best:
        sys.exit("latency.py: no records")
    print(json.dumps(percentiles(best.values())))


if __name__ == "__main__":
    main()
