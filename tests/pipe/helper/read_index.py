#!/usr/bin/env python3
"""Reads an index of one segment by what kb-index-format(5) says alone.

usage: read_index.py INDEX TERM...

Prints how many documents, chunks, terms and postings there are, in how many
chunks each TERM is (a Chinese character or two, or a stemmed word), and a line
for each section of the rest that is as the page says.
"""
import os
import struct
import sys

M64 = (1 << 64) - 1
RATIO = 0x9e3779b97f4a7c15


# ---- hashes ----

def mix(x):
    x &= M64
    x ^= x >> 30
    x = x * 0xbf58476d1ce4e5b9 & M64
    x ^= x >> 27
    x = x * 0x94d049bb133111eb & M64
    return x ^ x >> 31


def fold(a, b):
    return (a * b & M64) ^ (a * b >> 64)


def hash64(text, seed=0):
    def number(at, n):
        return int.from_bytes(text[at:at + n], "little")

    k, h, at, size = 0xd6e8feb86659fd93, seed ^ RATIO, 0, len(text)
    while size - at > 16:
        h = fold(number(at, 8) ^ k, number(at + 8, 8) ^ h)
        at += 16
    n, a, b = size - at, 0, 0
    if n >= 8:
        a, b = number(at, 8), number(size - 8, 8)
    elif n >= 4:
        a, b = number(at, 4), number(size - 4, 4)
    elif n:
        a = text[at] << 16 | text[at + n // 2] << 8 | text[-1]
    return mix(fold(a ^ k, b ^ h) ^ size)


def key_of(term):
    if term >= "\u4e00":
        first = ord(term[0])
        return 2 << 60 | first << 24 | ord(term[1]) if term[1:] \
            else 1 << 60 | first
    return 3 << 60 | hash64(term.encode()) & (1 << 60) - 1


def mixed(key):
    first, second = key >> 24 & 0xffffff, key & 0xffffff
    if key >> 60 in (1, 2) and max(first, second) < 0x10000:
        x = first << 16 | second
        x = (x ^ x >> 16) * 0x7feb352d & 0xffffffff
        x = (x ^ x >> 15) * 0x846ca68b & 0xffffffff
        return (x ^ x >> 16) << 32
    m = (1 << 63) - 1
    x = key & m
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9 & m
    x = (x ^ x >> 27) * 0x94d049bb133111eb & m
    return (x ^ x >> 31) << 1 | 1


# ---- bytes and bits ----

def sections(path):
    with open(path, "rb") as f:
        data = f.read()
    assert data[:8] == b"\x89kbidx\r\n" and data[-4:] == b"kbft"
    table, size, n = struct.unpack("<QQI", data[-32:-12])
    assert size == len(data)
    found = {}
    for i in range(n):
        kind, _, at, length, _, zero = struct.unpack_from(
            "<IIQQII", data, table + 32 * i)
        assert at % 64 == 0 and zero == 0
        found[kind] = data[at:at + length]
    return found


def numbers(form, n, data, at):
    return struct.unpack_from("<%d%s" % (n, form), data, at)


def padded(n):
    return (n + 63) // 64 * 64


def varint(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 128:
            return value, at


class Bits:
    def __init__(self, data, at):
        self.data, self.at = data, at * 8

    def get(self, n):
        value = 0
        for i in range(n):
            value |= (self.data[self.at >> 3] >> (self.at & 7) & 1) << i
            self.at += 1
        return value

    def zeros(self):
        n = 0
        while not self.get(1):
            n += 1
        return n

    def end(self):
        self.at = (self.at + 7) // 8 * 8
        return self.at // 8


# ---- postings ----

def tail(data, at, n, chunk):
    if n == 1:
        delta, at = varint(data, at)
        freq = 1
        if delta & 1:
            freq, at = varint(data, at)
            freq += 2
        return [(chunk + 1 + delta // 2, freq)], at
    bits, out = Bits(data, at), []
    k = bits.get(5)
    for _ in range(n):
        high = bits.zeros()
        chunk += 1 + (high << k | bits.get(k))
        h = bits.zeros()
        out.append((chunk, 1 << h | bits.get(h)))
    return out, bits.end()


def block(data, at, chunk):
    def quotients(values, width):
        if width & 128:
            return values
        values = [v | bits.zeros() << width for v in values]
        bits.end()
        return values

    w, v = data[at], data[at + 1]
    bits = Bits(data, at + 2)
    deltas = [bits.get(w & 127) for _ in range(128)]
    freqs = [bits.get(v & 127) for _ in range(128)]
    deltas = quotients(deltas, w)
    freqs = quotients(freqs, v)
    out = []
    for delta, freq in zip(deltas, freqs):
        chunk += delta + 1
        out.append((chunk, freq + 1))
    return out, bits.end()


def postings(data, n):
    """A list, and the bytes it takes."""
    if n < 128:
        return tail(data, 0, n, -1)
    n_blocks, out, chunk = (n - 1) // 128 + 1, [], -1
    for i in range(n_blocks):
        last, at = numbers("I", 2, data, 16 + 24 * i)
        at += 16 + 24 * n_blocks
        some = min(128, n - 128 * i)
        new, end = block(data, at, chunk) if some == 128 \
            else tail(data, at, some, chunk)
        out += new
        chunk = new[-1][0]
        assert chunk == last
    assert data[end:end + 8] == bytes(8)
    return out, end + 8


def dictionary(sec):
    data, lists, terms, done = sec[2], sec[4], {}, 0
    n, bits, o, _, end = struct.unpack_from("<IBBHQ", data)
    assert end == len(lists)
    starts = [[int.from_bytes(data[at + i * o:at + (i + 1) * o], "little")
               for i in range(2)]
              for at in range(16, 16 + ((1 << bits) + 1) * 2 * o, 2 * o)]
    data = data[16 + len(starts) * 2 * o:]
    for bucket in range(1 << bits):
        at = starts[bucket][0]
        assert starts[bucket][1] == done
        while at < starts[bucket + 1][0]:
            wide = data[at] == 0
            at += wide
            tag, at = data[at], at + 1
            size = ((64 if wide else 32) - bits + 7) // 8
            rest = int.from_bytes(data[at:at + size], "little")
            at += size
            key = bucket << 64 - bits | (rest if wide else rest << 32)
            if tag == 1:
                terms[key], used = postings(data[at:at + 20], 1)
                at += used
                continue
            count, length = 2 + (tag - 3) // 42, (tag - 3) % 42
            if tag == 2:
                count, at = varint(data, at)
                length, at = varint(data, at)
            terms[key], used = postings(lists[done:done + length], count)
            assert used == length
            done += length
    assert done == end and len(terms) == n
    return terms


# ---- the rest ----

def check_words(sec, terms):
    data, word = sec[3], b""
    n, blocks = numbers("I", 2, data, 0)
    base = 8 + 4 * (blocks + 1)
    at = base
    for i in range(n):
        if i % 16 == 0:
            assert at == base + numbers("I", 1, data, 8 + i // 4)[0]
        shared, at = varint(data, at)
        more, at = varint(data, at)
        word = word[:shared] + data[at:at + more]
        key = numbers("Q", 1, data, at + more)[0]
        at += more + 8
        assert key & (1 << 60) - 1 == hash64(word) & (1 << 60) - 1
        assert mixed(key) in terms


def check_ids(sec):
    data = sec[8]
    n = numbers("Q", 1, data, 0)[0]
    ends = numbers("I", n + 1, data, 8)
    hashes = numbers("I", n, data, 12 + 4 * n)
    docs = numbers("I", n, data, 12 + 8 * n)
    text = data[12 + 12 * n:]
    assert list(hashes) == sorted(hashes) and ends[n] == len(text)
    for h, doc in zip(hashes, docs):
        assert hash64(text[ends[doc]:ends[doc + 1]]) >> 32 == h


def check_tables(sec, n_docs, n_chunks, total):
    assert sum(numbers("H", n_chunks, sec[5], 0)) == total
    docs = [struct.unpack_from("<QQQII", sec[7], 32 * i)
            for i in range(n_docs + 1)]
    chunks = [numbers("I", 6, sec[6], 24 * i) for i in range(n_chunks)]
    for i, (doc, start, end, _, _, _) in enumerate(chunks):
        assert start <= end and docs[doc][3] <= i < docs[doc + 1][3]
    refs = [numbers("Q", 2, sec[10], at) for at in range(0, len(sec[10]), 16)]
    assert refs[-1] == (len(sec[9]), docs[-1][0])
    assert all(b[1] - a[1] <= 16384 for a, b in zip(refs, refs[1:]))


def check_vectors(data, codes):
    one, dim, stride, n, model = struct.unpack_from("<IIIIQ", data)
    scales = padded(64 + 4 * n)
    rows = padded(scales + 4 * n)
    assert one == 1 and stride == padded(dim)
    if codes is None:
        codes = data[padded(rows + n * stride):]
    if not codes:
        assert n < 16384
        return model
    assert codes[:64] == data[:64]
    at = padded(64 + (n + 31) // 32 * 128)
    for i in (0, 1, 16, 31, 32, n - 1):
        x = numbers("b", stride, data, rows + i * stride)
        scale, = numbers("f", 1, data, scales + 4 * i)
        factor, = numbers("f", 1, codes, 64 + 4 * i)
        want = scale * sum(v * v for v in x) / sum(map(abs, x))
        assert abs(factor - want) < 1e-6
        for g in range(stride // 4):
            byte = codes[at + i // 32 * stride * 4 + 16 * g + i % 16]
            assert (byte >> i % 32 // 16 * 4) & 15 == sum(
                (x[4 * g + j] >= 0) << j for j in range(4))
    return model


def check_graph(names, edges, n_chunks):
    one, n, chunks, bits, size = numbers("I", 5, names, 0)
    keys_at = padded(64 + 4 * ((1 << bits) + 1))
    starts_at = padded(keys_at + 8 * n)
    ends_at = padded(starts_at + 4 * (n + 1))
    text = names[padded(ends_at + 4 * n):]
    keys = numbers("Q", n, names, keys_at)
    starts = numbers("I", n + 1, names, starts_at)
    ends = (0,) + numbers("I", n, names, ends_at)
    assert one == 1 and chunks == n_chunks and len(text) == size
    assert list(keys) == sorted(keys)
    han = 0
    for i, want in enumerate(keys):
        name, key = text[ends[i]:ends[i + 1]].decode(), 0
        if not name or min(name) < "\u4e00" or max(name) > "\u9fff":
            continue
        for c in name:
            x = (key ^ (key_of(c) * RATIO & M64) >> 32) \
                * 0xff51afd7ed558ccd & M64
            key = (x ^ x >> 32) + RATIO & M64
        han += key == want
    one, n_edges, chunks, n_links = numbers("I", 4, edges, 0)
    links_at = padded(padded(64 + 4 * n_edges) + 4 * (chunks + 1))
    links = numbers("I", chunks + 1, edges, padded(64 + 4 * n_edges))
    assert one == 1 and starts[n] == n_edges and links[chunks] == n_links
    assert max(numbers("I", n_links, edges, links_at) + (0,)) < max(n, 1)
    assert len(edges) == padded(links_at + 4 * n_links) \
        + (chunks + 63) // 64 * 8
    return han


def main():
    index = sys.argv[1]
    with open(os.path.join(index, "MANIFEST"), encoding="utf-8") as f:
        facts = [line.split(" ") for line in f.read().splitlines()]
    segment, = [f for f in facts if f[0] == "segment"]
    models = [f for f in facts if f[:2] == ["global", "wordvec"]]
    sec = sections(os.path.join(index, segment[1]))
    n_docs, n_chunks, total, _, n_postings, _, zero = struct.unpack(
        "<IIQQQII", sec[1])
    terms = dictionary(sec)
    assert zero == 0 and sum(map(len, terms.values())) == n_postings
    print(n_docs, n_chunks, len(terms), n_postings)
    for term in sys.argv[2:]:
        print(term, len(terms.get(mixed(key_of(term)), ())))
    check_words(sec, terms)
    check_ids(sec)
    check_tables(sec, n_docs, n_chunks, total)
    print("tables")
    if 14 in sec:
        check_vectors(sec[14], sec.get(15, b""))
        print("vectors")
    if models:
        model = sections(os.path.join(index, models[0][2]))
        one, n, dim, _, name, _ = struct.unpack("<IIIIQQ", model[1])
        assert (one, dim) == (1, 128) and name == check_vectors(sec[18], None)
        assert [len(model[i]) for i in range(2, 6)] == \
            [4 * n, 4 * n, 128 * n, 512]
        print("words")
    if 16 in sec:
        assert check_graph(sec[16], sec[17], n_chunks) > 0
        print("graph")


if __name__ == "__main__":
    main()
