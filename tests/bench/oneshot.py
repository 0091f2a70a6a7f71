#!/usr/bin/env python3
"""Whole processes, one question each.

usage: oneshot.py [--cold] INDEX LINES COMMAND...

For each line of LINES the COMMAND is run with '{}' replaced by the line.
Warm: the page cache holds the index, and the best of five runs counts,
because what else the machine does only ever adds; no more runs than two are
made once they took a second. With --cold the files of INDEX are dropped from
the page cache (posix_fadvise) before each run, and the best of three counts. Prints one JSON object: milliseconds over lines.
"""
import json
import os
import subprocess
import sys
import time


def files_of(path):
    if os.path.isfile(path):
        yield path
    for folder, _, names in os.walk(path):
        for name in names:
            yield os.path.join(folder, name)


def drop(path):
    for name in files_of(path):
        fd = os.open(name, os.O_RDONLY)
        os.fsync(fd)  # what is not yet written cannot be dropped
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(fd)


def run(command):
    start = time.perf_counter()
    status = subprocess.call(command, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL)
    ms = (time.perf_counter() - start) * 1000
    if status:
        sys.exit("oneshot.py: %s: exit %d" % (command[0], status))
    return ms


def main(argv):
    cold = "--cold" in argv[1:2]
    argv = argv[1 + cold:]
    if len(argv) < 3:
        sys.exit(__doc__)
    index, command, times = argv[0], argv[2:], []
    with open(argv[1], encoding="utf-8") as lines:
        for line in lines:
            filled = [a.replace("{}", line.rstrip("\n")) for a in command]
            tries = []
            while len(tries) < (3 if cold else 6):
                if cold:
                    drop(index)
                tries.append(run(filled))
                if len(tries) > 1 and sum(tries) > 1000:
                    break
            # the first warm one only warms
            times.append(min(tries if cold else tries[1:]))
    times.sort()
    print(json.dumps({"n": len(times),
                      "p50_ms": round(times[len(times) // 2], 2),
                      "max_ms": round(times[-1], 2)}))


if __name__ == "__main__":
    main(sys.argv)
