#!/usr/bin/env python3
"""Make directories of files with .gitignore files of made-up patterns.

usage: gitignore.py DIRECTORY ROUNDS

Each round is a directory of its own, with nested ones and up to three
.gitignore files; names and patterns are short, so that they meet.
"""
import os
import random
import sys

NAMES = ["a", "b", "ab", "abc", "foo", "x y", "a.b", "\u00e9", "[a]", "b-"]
PARTS = ["a", "b", "ab", "foo", "*", "**", "/", "?", "[ab]", "[!a]", "[^b]",
         "\\", ".", "[a-c]", " ", "\u00e9", "[[:alpha:]]", "[]a]", "[",
         "/**/", "**/", "/**", "/", "*", "x y", "\\*", "[a-", "-", "\\ "]


def pattern(rng):
    text = "".join(rng.choice(PARTS) for _ in range(rng.randint(1, 5)))
    if rng.random() < .25:
        text = "!" + text
    return text + rng.choice(["", "", "/", " ", "\r"])


def grow(rng, at, depth):
    os.makedirs(at, exist_ok=True)
    for name in rng.sample(NAMES, rng.randint(2, 5)):
        path = os.path.join(at, name)
        if depth and rng.random() < .5:
            grow(rng, path, depth - 1)
        else:
            with open(path, "w") as f:
                f.write(name + "\n")
    if depth == 3 or rng.random() < .2:
        with open(os.path.join(at, ".gitignore"), "w", newline="") as f:
            f.write("# made up\n\n" + "".join(
                pattern(rng) + "\n" for _ in range(rng.randint(1, 4))))


def main():
    top, rounds = sys.argv[1], int(sys.argv[2])
    for i in range(rounds):
        grow(random.Random(i), os.path.join(top, "r%03d" % i), 3)


main()
