#!/usr/bin/env python3
"""Schemas and values at random, judged by Python's jsonschema.

usage: schemas.py N SEED

Prints N records for kb-eval answers: the answer is a value, the assertion that
it is of a schema, or that it is not, as jsonschema (Draft 2020-12) says.
"""
import json
import random
import sys

import jsonschema

N, rng = int(sys.argv[1]), random.Random(int(sys.argv[2]))
NAMES = ["a", "b", "c d", "价格"]
WORDS = ["", "a", "ab", "aab", "保修", "x1"]
TYPES = ["null", "boolean", "number", "integer", "string", "array", "object"]


def value(depth=3):
    kind = rng.choice(TYPES if depth else TYPES[:5])
    if kind == "array":
        return [value(depth - 1) for _ in range(rng.randrange(4))]
    if kind == "object":
        return {n: value(depth - 1) for n in NAMES if rng.random() < .5}
    return {"null": None, "boolean": rng.random() < .5,
            "number": rng.choice([0, 1, 1.5, 2.0, -3, 7]),
            "integer": rng.randrange(5), "string": rng.choice(WORDS)}[kind]


def schema(depth=3, root=False):
    if rng.random() < .05 and not root:
        return rng.random() < .7
    out = {}
    for _ in range(rng.choice([1, 1, 2, 3])):
        at = rng.randrange(18 if depth else 9)
        if at == 0:
            out["type"] = rng.choice(TYPES)
        elif at == 1:
            out["type"] = rng.sample(TYPES, 2)
        elif at == 2:
            out["enum"] = [value(1) for _ in range(3)]
        elif at == 3:
            out["const"] = value(1)
        elif at == 4:
            out[rng.choice(["minimum", "maximum", "exclusiveMinimum",
                            "exclusiveMaximum"])] = rng.choice([0, 1, 2.5])
        elif at == 5:
            out[rng.choice(["minLength", "maxLength", "minItems", "maxItems",
                            "minProperties", "maxProperties"])] = \
                rng.randrange(4)
        elif at == 6:
            out["pattern"] = rng.choice(["^a+$", "b", "保", "^$", "[0-9]"])
        elif at == 7:
            out["required"] = rng.sample(NAMES, rng.randrange(3))
        elif at == 8:
            out["multipleOf"] = rng.choice([1, 2, 0.5])
        elif at in (9, 10):
            out["properties"] = {n: schema(depth - 1) for n in NAMES
                                 if rng.random() < .6}
        elif at == 11:
            out["additionalProperties"] = schema(depth - 1)
        elif at == 12:
            out["items"] = schema(depth - 1)
        elif at == 13:
            out["uniqueItems"] = rng.random() < .8
        elif at == 14:
            out["not"] = schema(depth - 1)
        elif at == 15:
            out["properties"] = {"a": {"$ref": "#"}, "b": schema(depth - 1)}
        elif at == 16:
            out["items"] = {"$ref": "#/$defs/d"}
        else:
            out[rng.choice(["anyOf", "oneOf", "allOf"])] = \
                [schema(depth - 1) for _ in range(rng.randrange(1, 4))]
    if root:
        out["$defs"] = {"d": schema(1)}
    return out


for i in range(N):
    one, of = schema(root=True), value()
    holds = {"schema": one}
    if not jsonschema.Draft202012Validator(one).is_valid(of):
        holds = {"not": holds}
    print(json.dumps({"id": i, "answer": json.dumps(of), "route": "answer",
                      "gold": {"answers": ["x"], "assert": [holds]}}))
