#!/usr/bin/env python3
"""Writes PDF files for the tests: pdf.py KIND FILE [N].

pages N      N pages (3) with a head, a foot, a divided word and page numbers
columns      a page of two columns
table        a page with a table
scan         a page that is a picture
encrypted    one that needs a password (RC4, 40 bits: PDF 1.7, 7.6)
cut          one that ends early
noise        the first bytes of one, then others
"""
import hashlib
import os
import sys

PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E80"
                    "2F0CA9FE6453697A")


def rc4(key, data):
    s, j = list(range(256)), 0
    for i in range(256):
        j = (j + s[i] + key[i % len(key)]) & 255
        s[i], s[j] = s[j], s[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) & 255
        j = (j + s[i]) & 255
        s[i], s[j] = s[j], s[i]
        out.append(byte ^ s[(s[i] + s[j]) & 255])
    return bytes(out)


def text(x, y, words, size=10):
    words = words.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"BT /F1 {size} Tf {x} {y} Td ({words}) Tj ET\n"


def write(path, streams, title="", key=None, encrypt=None):
    """One page for each stream of operators."""
    n = len(streams)
    objects = {1: b"<< /Type /Catalog /Pages 2 0 R >>",
               2: ("<< /Type /Pages /Count %d /Kids [%s] >>" % (
                   n, " ".join(f"{5 + 2 * i} 0 R" for i in range(n)))).encode(),
               3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
               4: (f"<< /Title ({title}) /Author (Lin) "
                   "/ModDate (D:20240501080000Z) >>").encode()}
    for i, stream in enumerate(streams):
        data = stream.encode("latin-1")
        number = 6 + 2 * i
        if key:
            data = rc4(hashlib.md5(key + number.to_bytes(3, "little")
                                   + b"\0\0").digest()[:10], data)
        objects[number - 1] = (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents "
            f"{number} 0 R /Resources << /Font << /F1 3 0 R >> >> >>").encode()
        objects[number] = (b"<< /Length %d >>\nstream\n" % len(data) + data
                           + b"\nendstream")
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number in sorted(objects):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + objects[number] + b"\nendobj\n"
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    for place in places:
        out += b"%010d 00000 n \n" % place
    out += (f"trailer << /Size {len(places) + 1} /Root 1 0 R /Info 4 0 R "
            f"{encrypt or ''} >>\nstartxref\n{table}\n%%EOF\n").encode()
    with open(path, "wb") as f:
        f.write(out)


NAMES = ["Parcels", "Warranty", "Refunds", "Cards", "Stores", "Hours", "Prices"]


def page(number, of):
    lines = [NAMES[number % 7], "",
             f"The delivery of parcel number {number}00 takes {number} days and the",
             "warranty of every appliance is two years, unless the manu-",
             "facturer says otherwise in some less prominent place of",
             "the document that comes with it, as is told below.", "",
             f"Fact {number}: the code of page {number} is K{number * 7919}."]
    out = text(72, 760, "ACME Handbook 2024", 8)
    y = 720
    for line in lines:
        out += text(72, y, line, 14 if line in NAMES else 10)
        y -= 14
    return out + text(280, 30, f"Page {number} of {of}", 8)


def columns():
    left = ["The left column begins here", "and speaks about refunds, which",
            "take seven days after the", "parcel has come back to us.",
            "Left column ends here."]
    right = ["The right column follows it", "and speaks about delivery, which",
             "takes three days after the", "order has been paid for.",
             "Right column ends here."]
    out = ""
    for i in range(5):
        out += text(72, 700 - 14 * i, left[i]) + text(330, 700 - 14 * i, right[i])
    return out


def table():
    rows = [("Plan", "Price", "Users"), ("Basic", "9 EUR", "1"),
            ("Team", "29 EUR", "10"), ("School", "49 EUR", "200"),
            ("City", "99 EUR", "5000")]
    out = ""
    for i, row in enumerate(rows):
        for x, cell in zip((72, 250, 420), row):
            out += text(x, 700 - 18 * i, cell)
    return out


def main(kind, path, n="3"):
    if kind == "pages":
        write(path, [page(i, n) for i in range(1, int(n) + 1)],
              "The ACME Handbook")
    elif kind == "columns":
        write(path, [columns()])
    elif kind == "table":
        write(path, [table()])
    elif kind == "scan":
        write(path, ["q 100 0 0 100 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q\n"] * 2)
    elif kind == "encrypted":
        user = b"secret"
        ident = bytes(16)
        owner = rc4(hashlib.md5((b"owner" + PAD)[:32]).digest()[:5],
                    (user + PAD)[:32])
        key = hashlib.md5((user + PAD)[:32] + owner
                          + (0xfffffffc).to_bytes(4, "little")
                          + ident).digest()[:5]
        write(path, [page(1, 1)], "", key,
              f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{owner.hex()}>"
              f" /U <{rc4(key, PAD).hex()}> >> /ID [<{ident.hex()}><{ident.hex()}>]")
    elif kind == "cut":
        write(path, [page(1, 1)])
        os.truncate(path, 60)
    elif kind == "noise":
        with open(path, "wb") as f:
            f.write(b"%PDF-1.4\n" + hashlib.shake_128(b"kb").digest(20000))


main(*sys.argv[1:])
