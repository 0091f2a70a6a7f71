#!/usr/bin/env python3
"""A provider that misbehaves on request, for tests of llm-call.

usage: provider.py PORTFILE [LATENCY_SECONDS]

Listens on a free port of 127.0.0.1 and writes the port into PORTFILE when
it is ready. The first part of the path chooses the conduct: /ok/v1,
/rate/v1, /flaky/v1 ... /echo/v1 answers with the body, the path and the
headers it was sent; their values backwards, for a key is hidden. It ends when its standard input is closed. Every
request is counted; GET /count/NAME tells how often NAME was asked.
"""
import asyncio
import base64
import json
import struct
import sys

from server import listen

counts = {}
LATENCY = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0


def chat(text, finish="stop"):
    return json.dumps({
        "id": "x", "object": "chat.completion", "model": "mock-1",
        "choices": [{"index": 0, "finish_reason": finish,
                     "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3,
                  "total_tokens": 10}}).encode()


def events(text, last=True, newline="\n"):
    def event(delta, finish=None):
        body = json.dumps({"model": "mock-1", "choices": [
            {"index": 0, "delta": delta, "finish_reason": finish}]},
            ensure_ascii=False)
        return ("data: " + body + newline * 2).encode()

    out = [(": hello" + newline * 2).encode(), event({"role": "assistant"})]
    out += [event({"content": c}) for c in text]
    if last:
        out += [event({}, "stop"), ("data: [DONE]" + newline * 2).encode()]
    return out


def message(msg, finish="stop"):
    return json.dumps({"model": "mock-1", "choices": [
        {"index": 0, "finish_reason": finish,
         "message": {"role": "assistant", **msg}}]}).encode()


def deltas(*parts, end=("data: [DONE]\n\n",), index=0):
    """Events of a stream: (delta, finish_reason) or a text as it is."""
    out = []
    for delta, finish in parts:
        out.append("data: " + json.dumps({"choices": [
            {"index": index, "delta": delta, "finish_reason": finish}]})
            + "\n\n")
    return [e.encode() for e in out + list(end)]


TOOL = {"id": "call_1", "type": "function", "extra_content": {"sign": 7},
        "function": {"name": "look", "arguments": '{"q":"warranty"}'}}
THOUGHT = "<think>\nIt may be 5 million.\n</think>\n\nhello"

# Whole messages and streams of every form.
BODIES = {
    "parts": ({"content": [{"type": "text", "text": "part one "},
                           {"type": "image_url", "image_url": {}},
                           {"type": "text", "text": "part two"}]}, "stop"),
    "think": ({"content": THOUGHT}, "stop"),
    "thinkhead": ({"content": "I ponder.\n</think>\nhello"}, "stop"),
    "thinkword": ({"content": "The tag `<think>` opens it."}, "stop"),
    "reasoning": ({"content": "hello", "reasoning_content": "I ponder.",
                   "reasoning": "I ponder."}, "stop"),
    "thinkcut": ({"content": "<think>and on"}, "length"),
    "nullfinish": ({"content": "hello"}, None),
    "tools": ({"content": None, "tool_calls": [TOOL]}, "tool_calls"),
    "oldtools": ({"content": "", "function_call": TOOL["function"]},
                 "function_call"),
}
PAD = ("data: [DONE] \n\n",)
STREAMS = {
    "parts": deltas(({"content": [{"type": "text", "text": "part one "}]},
                     None), ({"content": [{"text": "part two"}]}, "stop")),
    "think": deltas(*[({"content": c}, None) for c in THOUGHT],
                    ({}, "stop")),
    "thinkhead": deltas(*[({"content": c}, None) for c in
                          "I ponder.\n</think>\nhello"], ({}, "stop")),
    "thinkword": deltas(*[({"content": c}, None) for c in
                          "The tag `<think>` opens it."], ({}, "stop")),
    "reasoning": deltas(({"reasoning_content": "I "}, None),
                        ({"reasoning_content": "ponder."}, None),
                        ({"content": "hello"}, "stop")),
    "nullfinish": deltas(({"content": "hello"}, None)),
    "donepad": deltas(({"content": "hello"}, "stop"), end=PAD),
    "two": [e for pair in zip(
        deltas(({"content": "red "}, None), ({"content": "sun"}, "stop")),
        deltas(({"content": "RED "}, None), ({"content": "SUN"}, "stop"),
               index=1)) for e in pair][:4] + [b"data: [DONE]\n\n"],
    "tools": deltas(
        ({"tool_calls": [{"index": 0, **TOOL, "function": {
            "name": "look", "arguments": ""}}]}, None),
        ({"tool_calls": [{"index": 1, "id": "call_2", "type": "function",
                          "function": {"name": "see", "arguments": "{"}}]},
         None),
        ({"tool_calls": [{"index": 0, "function": {
            "arguments": '{"q":'}}]}, None),
        ({"tool_calls": [{"index": 0, "function": {
            "arguments": '"warranty"}'}}, {"index": 1, "function": {
                "arguments": "}"}}]}, None), ({}, "tool_calls")),
}


def leak(auth):
    """Every place an answer has, with the key in it."""
    key = auth.split(" ")[-1]
    escaped = "".join("\\u%04x" % ord(c) for c in key)
    msg = {"content": "key " + key + " <think>" + key + "</think>",
           "tool_calls": [{**TOOL, "id": key, key: 1, "function": {
               "name": key, "arguments": json.dumps({"k": key})}}]}
    text = json.dumps({"model": "m-" + key, "choices": [
        {"index": 0, "finish_reason": key, "message": msg}]})
    return text.replace('"key ' + key, '"key ' + escaped).encode()


def embed(body):
    data = []
    for i, text in enumerate(body["input"]):
        data.append({"index": i, "object": "embedding",
                     "embedding": [float(len(text)), 0.5, -1.0]})
    return json.dumps({"model": "mock-e", "data": data[::-1]}).encode()


def rerank(body):
    docs = body["documents"]
    return json.dumps({"results": [
        {"index": i, "relevance_score": 0.25 * (i + 1)}
        for i in reversed(range(len(docs)))]}).encode()


def head(status, length, kind="application/json", extra=""):
    return (f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n{extra}"
            + (f"Content-Length: {length}\r\n" if length is not None
               else "Connection: close\r\n") + "\r\n").encode()


def answer(name, path, body, auth, headers):
    """(bytes, keep the connection?) or None for silence."""
    n = counts[name]
    if path.endswith("/embeddings"):
        out = embed(body)
    elif path.endswith("/rerank"):
        out = rerank(body)
    elif name == "echo":
        out = chat(json.dumps({
            "auth": auth[::-1], "body": body, "path": path,
            "headers": {k: v[::-1] for k, v in headers.items()}},
            sort_keys=True))
    elif name in BODIES:
        out = message(*BODIES[name])
    elif name == "leak":
        out = leak(auth)
    else:
        out = chat(body["messages"][-1]["content"].upper())
    good = head(200, len(out)) + out

    def error(status, code, extra="", message="no"):
        text = json.dumps({"error": {"code": code,
                                     "message": message}}).encode()
        return head(status, len(text), extra=extra) + text, True

    if name == "rate" and n == 1:
        return error(429, "rate_limit_exceeded", "retry-after-ms: 30\r\n")
    if name == "ratelong":
        return error(429, "rate_limit_exceeded", "Retry-After: 3600\r\n")
    if name == "flaky" and n == 1:
        return error(500, "server_error")
    if name == "busylong":
        return error(503, "busy", "Retry-After: 3600\r\n")
    if name == "down":
        return error(503, "unavailable")
    if name == "quota":
        return error(429, "insufficient_quota")
    if name == "auth":
        return error(401, "invalid_api_key")
    if name == "bad":
        return error(400, "bad_request", message="no such thing\x1b[31m")
    if name == "context":
        return error(400, None, message="ContextWindowExceededError: too long")
    if name == "unprocessable":
        return error(422, "unprocessable")
    if name == "leakerror":
        return error(400, auth, message="bad key " + auth)
    if name == "filter":
        return error(400, "content_filter")
    if name == "inband":
        text = b'{"error":{"code":"server_error","message":"oops"}}'
        return head(200, len(text)) + text, True
    if name == "nonsense":
        return head(200, 9) + b"\x00\xff<html>!", True
    if name == "html":
        text = b"<html>login</html>"
        return head(200, len(text), "text/html") + text, True
    if name == "empty":
        return head(200, 0), True
    if name == "cut":
        return head(200, len(out) + 50) + out[:40], False
    if name == "huge":
        return (head(200, None) + b'{"x":"' + b"y" * (40 << 20)), False
    if name == "silent":
        return None
    if name == "hangup":
        return b"", False
    if name == "redirect":
        return head(302, 0, extra="Location: http://127.0.0.1:1/\r\n"), True
    if name == "length":
        out = chat("half an ans", "length")
        return head(200, len(out)) + out, True
    return good, True


def stream(name, body, auth):
    text = body["messages"][-1]["content"].upper()
    if name in STREAMS:
        return STREAMS[name]
    if name == "leak":
        return deltas(*[({"content": c}, None) for c in
                        "key " + auth.split(" ")[-1] + " end"], ({}, "stop"))
    if name == "cut":
        return events(text, last=False)
    if name == "inband":
        return events(text, last=False)[:2] + [
            b'data: {"error":{"message":"overloaded"}}\n\n']
    if name == "crlf":
        return events(text, newline="\r\n")
    if name == "cr":
        return events(text, newline="\r")
    if name == "nodone":
        return events(text)[:-1]
    return events(text)


async def serve(reader, writer):
    try:
        while True:
            line = await reader.readline()
            if not line:
                break
            method, path, _ = line.decode().split(" ", 2)
            length, auth, headers = 0, "", {}
            while (line := await reader.readline()) not in (b"\r\n", b""):
                key, _, value = line.decode().partition(":")
                if key.lower() == "content-length":
                    length = int(value)
                if key.lower() == "authorization":
                    auth = value.strip()
                headers[key.lower()] = value.strip()
            raw = await reader.readexactly(length)
            name = path.split("/")[1]
            if method == "GET":
                out = str(counts.get(path.split("/")[2], 0)).encode()
                writer.write(head(200, len(out)) + out)
                await writer.drain()
                continue
            counts[name] = counts.get(name, 0) + 1
            body = json.loads(raw)
            if LATENCY or name == "late":
                await asyncio.sleep(LATENCY or 0.04)
            if body.get("stream") and (name in STREAMS or name in (
                    "ok", "cut", "inband", "crlf", "cr", "nodone", "leak")):
                writer.write(head(200, None, "text/event-stream"))
                for piece in stream(name, body, auth):
                    # Cut inside characters and lines.
                    for i in range(0, len(piece), 7):
                        writer.write(piece[i:i + 7])
                    await writer.drain()
                break
            result = answer(name, path, body, auth, headers)
            if result is None:
                await reader.read()
                break
            writer.write(result[0])
            await writer.drain()
            if not result[1]:
                break
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


asyncio.run(listen(serve))
