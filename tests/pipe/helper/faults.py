#!/usr/bin/env python3
"""Providers of three dialects with every fault that one can have.

usage: faults.py PORTFILE [SECONDS]

Listens on a free port of 127.0.0.1 and writes the port into PORTFILE when it
is ready. The first part of a path names the fault, what follows the dialect:
/cut/v1/chat/completions, /cut/v1/messages,
/cut/v1beta/models/m:generateContent. What is sent well is
the text of ANSWER. Each answer comes after SECONDS (0). GET /count/FAULT tells
how often that fault was asked, GET /keys the headers of the last request. It
ends when its standard input is closed.
"""
import asyncio
import json
import sys

from server import listen

ANSWER = "The warranty is 12 months, 保修12个月."
HALF = ANSWER[:12]
THOUGHT = "I ponder."
LATENCY = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
counts, keys = {}, {}

# What a whole message holds: thought, texts, tool calls, how it ended.
GOOD = (None, [ANSWER], [], "stop")
MESSAGES = {
    "length": (None, [HALF], [], "length"),
    "safety": (None, [HALF], [], "safety"),
    "nullfinish": (None, [ANSWER], [], None),
    "doneonly": (None, [ANSWER], [], None),
    "cleancut": (None, [HALF], [], None),
    "parts": (None, [ANSWER[:9], ANSWER[9:20], ANSWER[20:]], [], "stop"),
    "think": (THOUGHT, [ANSWER], [], "stop"),
    "tools": (None, [], [("look", {"q": "warranty"}), ("see", {})], "tools"),
    "empty": (None, [], [], "stop"),
}
# Errors by their kind: status and code of each dialect; the text.
ERRORS = {
    "rate": ((429, "rate_limit_exceeded"), (429, "rate_limit_error"),
             (429, "RESOURCE_EXHAUSTED"),
             "Rate limit reached; see your plan and billing details"),
    "quota": ((429, "insufficient_quota"),
              (400, "invalid_request_error"), (429, "RESOURCE_EXHAUSTED"),
              "Your credit balance is too low"),
    "fails": ((500, "server_error"), (500, "api_error"), (500, "INTERNAL"),
              "something broke"),
    "overloaded": ((503, "server_is_overloaded"), (529, "overloaded_error"),
                   (503, "UNAVAILABLE"), "The model is overloaded"),
    "auth": ((401, "invalid_api_key"), (401, "authentication_error"),
             (400, "INVALID_ARGUMENT"), "API key not valid"),
    "forbidden": ((403, "forbidden"), (403, "permission_error"),
                  (403, "PERMISSION_DENIED"), "not yours"),
    "bad": ((400, "invalid_request"), (400, "invalid_request_error"),
            (400, "INVALID_ARGUMENT"), "no such member"),
    "context": ((400, "context_length_exceeded"),
                (400, "invalid_request_error"), (400, "INVALID_ARGUMENT"),
                "prompt is too long: the input token count exceeds 200000"),
    "nomodel": ((404, "model_not_found"), (404, "not_found_error"),
                (404, "NOT_FOUND"), "no such model"),
    "filter": ((400, "content_filter"), (400, "invalid_request_error"),
               (200, "SAFETY"), "Output blocked by content filtering policy"),
}


class OpenAI:
    at = 0

    @staticmethod
    def body(message):
        thought, texts, tools, end = message
        msg = {"role": "assistant", "content": texts[0] if len(texts) == 1
               else [{"type": "text", "text": t} for t in texts] or None}
        if thought:
            msg["reasoning_content"] = thought
        if tools:
            msg["tool_calls"] = [
                {"id": f"c{i}", "type": "function", "function": {
                    "name": n, "arguments": json.dumps(a)}}
                for i, (n, a) in enumerate(tools)]
        return {"model": "mock", "choices": [{
            "index": 0, "message": msg, "finish_reason": OpenAI.end(end)}],
            "usage": {"prompt_tokens": 9, "completion_tokens": 4,
                      "prompt_tokens_details": {"cached_tokens": 2}}}

    @staticmethod
    def end(end):
        return {"safety": "content_filter", "tools": "tool_calls"}.get(
            end, end)

    @staticmethod
    def events(message):
        thought, texts, tools, end = message

        def event(delta, end=None):
            return {"model": "mock", "choices": [
                {"index": 0, "delta": delta, "finish_reason": end}]}
        yield event({"role": "assistant", "content": ""})
        if thought:
            for c in thought:
                yield event({"reasoning_content": c})
        for text in texts:
            for c in text:
                yield event({"content": c})
        for i, (name, arguments) in enumerate(tools):
            yield event({"tool_calls": [{"index": i, "id": f"c{i}", "type":
                         "function", "function": {"name": name}}]})
            for c in json.dumps(arguments):
                yield event({"tool_calls": [
                    {"index": i, "function": {"arguments": c}}]})
        if end:
            yield event({}, OpenAI.end(end))
        yield {"choices": [], "usage": {
            "prompt_tokens": 9, "completion_tokens": 4,
            "prompt_tokens_details": {"cached_tokens": 2}}}

    @staticmethod
    def last():
        return "data: [DONE]\n\n"

    @staticmethod
    def write(event):
        return "data: " + json.dumps(event, ensure_ascii=False) + "\n\n"

    @staticmethod
    def error(code, text, wait):
        return {"error": {"message": text, "type": code, "code": code}}


class Anthropic:
    at = 1

    @staticmethod
    def end(end):
        return {"stop": "end_turn", "length": "max_tokens",
                "safety": "refusal", "tools": "tool_use"}.get(end, end)

    @staticmethod
    def usage(output):
        return {"input_tokens": 5, "cache_creation_input_tokens": 2,
                "cache_read_input_tokens": 2, "output_tokens": output}

    @staticmethod
    def blocks(message):
        thought, texts, tools, _ = message
        out = []
        if thought:
            out.append({"type": "thinking", "thinking": thought,
                        "signature": "c2ln"})
        out += [{"type": "text", "text": t} for t in texts]
        return out + [{"type": "tool_use", "id": f"c{i}", "name": n,
                       "input": a} for i, (n, a) in enumerate(tools)]

    @staticmethod
    def body(message):
        return {"type": "message", "role": "assistant", "model": "mock",
                "content": Anthropic.blocks(message),
                "stop_reason": Anthropic.end(message[3]),
                "usage": Anthropic.usage(4)}

    @staticmethod
    def events(message):
        yield {"type": "message_start", "message": {
            "model": "mock", "content": [], "usage": Anthropic.usage(1)}}
        for i, block in enumerate(Anthropic.blocks(message)):
            kind = block["type"]
            name, delta = {"text": ("text", "text_delta"),
                           "thinking": ("thinking", "thinking_delta"),
                           "tool_use": ("input", "input_json_delta")}[kind]
            whole = block[name]
            if kind == "tool_use":
                whole = json.dumps(whole) if whole else ""
            yield {"type": "content_block_start", "index": i,
                   "content_block": {**block, name:
                                     {} if kind == "tool_use" else ""}}
            yield {"type": "ping"}
            for c in whole:
                yield {"type": "content_block_delta", "index": i, "delta": {
                    "type": delta, "partial_json" if kind == "tool_use"
                    else name: c}}
            yield {"type": "content_block_stop", "index": i}
        if message[3]:
            yield {"type": "message_delta", "usage": {"output_tokens": 4},
                   "delta": {"stop_reason": Anthropic.end(message[3])}}

    @staticmethod
    def last():
        return Anthropic.write({"type": "message_stop"})

    @staticmethod
    def write(event):
        return ("event: " + event["type"] + "\ndata: "
                + json.dumps(event, ensure_ascii=False) + "\n\n")

    @staticmethod
    def error(code, text, wait):
        return {"type": "error", "error": {"type": code, "message": text}}


class Gemini:
    at = 2

    @staticmethod
    def end(end):
        return {"stop": "STOP", "length": "MAX_TOKENS", "safety": "SAFETY",
                "tools": "STOP"}.get(end, end)

    @staticmethod
    def chunk(parts, end=None):
        one = {"content": {"role": "model", "parts": parts}, "index": 0}
        if end:
            one["finishReason"] = Gemini.end(end)
        return {"candidates": [one], "modelVersion": "mock",
                "usageMetadata": {
                    "promptTokenCount": 9, "cachedContentTokenCount": 2,
                    "candidatesTokenCount": 3, "thoughtsTokenCount": 1}}

    @staticmethod
    def parts(message):
        thought, texts, tools, _ = message
        out = [{"text": thought, "thought": True}] if thought else []
        out += [{"text": t} for t in texts]
        return out + [{"functionCall": {"id": f"c{i}", "name": n, "args": a}}
                      for i, (n, a) in enumerate(tools)]

    @staticmethod
    def body(message):
        return Gemini.chunk(Gemini.parts(message), message[3])

    @staticmethod
    def events(message):
        for part in Gemini.parts(message):
            for c in part.get("text") or [None]:
                yield Gemini.chunk([{**part, "text": c} if c else part])
        if message[3]:
            yield Gemini.chunk([], message[3])

    @staticmethod
    def last():
        return ""

    @staticmethod
    def write(event):
        return ("data: " + json.dumps(event, ensure_ascii=False)
                + "\r\n\r\n")

    @staticmethod
    def error(code, text, wait):
        if code == "SAFETY":
            return {"promptFeedback": {"blockReason": "SAFETY"}}
        out = {"code": 429, "message": text, "status": code}
        if code == "RESOURCE_EXHAUSTED":
            out["details"] = [
                {"@type": "RetryInfo", "retryDelay": "0.03s"}]
            if "balance" in text:
                out["details"].insert(0, {"violations": [
                    {"quotaId": "GenerateRequestsPerDayPerProject"}]})
        return {"error": out}


def head(status, length, kind="application/json", extra=""):
    return (f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n{extra}"
            + (f"Content-Length: {length}\r\n" if length is not None
               else "Connection: close\r\n") + "\r\n").encode()


def whole(dialect, message):
    text = json.dumps(dialect.body(message), ensure_ascii=False).encode()
    return head(200, len(text)) + text


def stream(dialect, fault, message):
    """The bytes of a stream, in pieces."""
    events = [dialect.write(e) for e in dialect.events(message)]
    if fault in ("cut", "inband"):
        events = events[:len(events) // 2]
    out = "".join(events)
    if fault == "inband":
        out += dialect.write({"type": "error", **dialect.error(
            ERRORS["overloaded"][dialect.at][1], "overloaded", None)})
    elif fault not in ("cut", "cleancut", "nodone"):
        out += dialect.last()
    data = out.encode()
    return [data[i:i + 11] for i in range(0, len(data), 11)]


def error(dialect, fault):
    status, code = ERRORS[fault][dialect.at]
    text = json.dumps(dialect.error(code, ERRORS[fault][3], None)).encode()
    extra = "retry-after-ms: 30\r\n" if fault == "rate" else ""
    return head(status, len(text), extra=extra) + text


def answer(dialect, fault, n):
    """(bytes, keep the connection?) of an answer that is no stream; None for
    silence."""
    if fault in ("rate", "flaky") and n > 1:
        return whole(dialect, GOOD), True
    if fault.startswith("fifth") and n * 2654435761 % 4294967296 < 858993459:
        return error(dialect, "fails"), True
    if fault == "revives":
        return (error(dialect, "fails") if n <= 5
                else whole(dialect, GOOD)), True
    if fault == "flaky":
        return error(dialect, "fails"), True
    if fault in ERRORS:
        return error(dialect, fault), True
    if fault == "ratelong":
        text = b"{}"
        return head(429, 2, extra="Retry-After: 3600\r\n") + text, True
    if fault == "hangup":
        return b"", False
    if fault == "silent":
        return None
    if fault == "html":
        text = b"<html>login</html>"
        return head(200, len(text), "text/html") + text, True
    if fault == "inband":
        text = json.dumps(dialect.error(
            ERRORS["overloaded"][dialect.at][1], "overloaded", None)).encode()
        return head(200, len(text)) + text, True
    good = whole(dialect, MESSAGES.get(fault, GOOD))
    if fault == "cut":
        return good[:-30], False
    if fault == "cleancut":
        start = good.index(b"\r\n\r\n") + 4
        return head(200, None) + good[start:-30], False
    return good, True


def dialect_of(path, body):
    path = path.split("?")[0]
    if path.endswith("/chat/completions"):
        return OpenAI, bool(body.get("stream"))
    if path.endswith("/v1/messages"):
        return Anthropic, bool(body.get("stream"))
    if "/v1beta/models/m:" not in path:
        return None, False
    return Gemini, path.endswith(":streamGenerateContent")


# What a stream has that is no fault before it begins.
STREAMED = {"ok", "cut", "inband", "nodone", *MESSAGES}


async def request(reader):
    line = await reader.readline()
    if not line:
        return None
    method, path, _ = line.decode().split(" ", 2)
    length = 0
    headers = {}
    while (line := await reader.readline()) not in (b"\r\n", b""):
        key, _, value = line.decode().partition(":")
        headers[key.lower()] = value.strip()
    length = int(headers.get("content-length", 0))
    return method, path, headers, await reader.readexactly(length)


async def serve(reader, writer):
    try:
        while (got := await request(reader)):
            method, path, headers, raw = got
            fault = path.split("/")[1]
            if method == "GET":
                out = json.dumps(keys).encode() if fault == "keys" else str(
                    counts.get(path.split("/")[2], 0)).encode()
                writer.write(head(200, len(out)) + out)
                await writer.drain()
                continue
            keys.clear()
            keys.update({k: v for k, v in headers.items() if k in (
                "authorization", "x-api-key", "x-goog-api-key",
                "anthropic-version")})
            dialect, streams = dialect_of(path, json.loads(raw))
            if not dialect:
                writer.write(head(404, 0))
                await writer.drain()
                continue
            counts[fault] = n = counts.get(fault, 0) + 1
            if LATENCY:
                await asyncio.sleep(LATENCY)
            if streams and fault in STREAMED:
                writer.write(head(200, None, "text/event-stream"))
                for piece in stream(dialect, fault,
                                    MESSAGES.get(fault, GOOD)):
                    writer.write(piece)
                    await writer.drain()
                break
            result = answer(dialect, fault, n)
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


if __name__ == "__main__":
    asyncio.run(listen(serve))
