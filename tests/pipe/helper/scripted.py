#!/usr/bin/env python3
"""A provider of three dialects that says what the question tells it to.

usage: scripted.py PORTFILE

The first text of a user is a JSON array: the answers, one a request of that
text by that model, the last again and again; or an object of such arrays by
the model's name. An answer that is no string is said as JSON; null is an error
500. GET /last/N gives the body of the last request but N, GET /count the number
of requests. It ends when its standard input is closed.
"""
import asyncio
import json

import faults
from server import listen

counts, bodies = {}, []


def texts(body):
    """What users say, in any dialect."""
    for m in body.get("messages") or body.get("contents"):
        parts = m.get("content", m.get("parts"))
        text = parts if isinstance(parts, str) else "".join(
            p.get("text", "") for p in parts)
        if m["role"] == "user":
            yield text


def reply(dialect, path, body):
    first = next(texts(body))
    model = body.get("model") or path.split("/models/")[1].split(":")[0]
    say = json.loads(first)
    if isinstance(say, dict):
        say = say[model]
    key = dialect, first, model
    n = counts[key] = counts.get(key, 0) + 1
    out = say[min(n, len(say)) - 1]
    if out is None:
        return faults.error(dialect, "bad")
    if not isinstance(out, str):
        out = json.dumps(out, ensure_ascii=False)
    return faults.whole(dialect, (None, [out], [], "stop"))


async def serve(reader, writer):
    try:
        while (got := await faults.request(reader)):
            method, path, _, raw = got
            if method == "GET" and path == "/count":
                out = str(len(bodies)).encode()
                out = faults.head(200, len(out)) + out
            elif method == "GET":
                out = json.dumps(bodies[-1 - int(path.split("/")[2])],
                                 ensure_ascii=False).encode()
                out = faults.head(200, len(out)) + out
            else:
                body = json.loads(raw)
                bodies.append(body)
                dialect, _ = faults.dialect_of(path, body)
                out = reply(dialect or faults.Gemini, path, body)
            writer.write(out)
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


if __name__ == "__main__":
    asyncio.run(listen(serve))
