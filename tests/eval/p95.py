#!/usr/bin/env python3
"""Time one process a query, from start to end.

usage: p95.py RECORDS.jsonl N COMMAND... > {"n","p50_ms","p95_ms","max_ms"}

COMMAND gets one record on standard input. The first run is not counted: it
warms the page cache.
"""
import json
import os
import subprocess
import sys
import time


def main(argv):
    if len(argv) < 4:
        sys.exit(__doc__)
    with open(argv[1], "rb") as lines:
        records = [line for line in lines if line.strip()]
    n = min(int(argv[2]), len(records))
    records = records[::max(1, len(records) // n)][:n]
    times = []
    for record in records[:1] + records:
        reader, writer = os.pipe()
        os.write(writer, record[:60000])
        os.close(writer)
        start = time.perf_counter()
        status = subprocess.call(argv[3:], stdin=reader,
                                 stdout=subprocess.DEVNULL)
        times.append((time.perf_counter() - start) * 1000)
        os.close(reader)
        if status not in (0, 1, 3):
            sys.exit("p95.py: %s: exit %d" % (argv[3], status))
    times = sorted(times[1:])
    json.dump({"n": n, "p50_ms": round(times[n // 2], 2),
               "p95_ms": round(times[min(n - 1, n * 95 // 100)], 2),
               "max_ms": round(times[-1], 2)}, sys.stdout)
    print()


if __name__ == "__main__":
    main(sys.argv)
