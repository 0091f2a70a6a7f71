#!/usr/bin/env python3
"""Writes e-mail for the tests: mail.py KIND FILE [N].

plain       a message in plain text
chinese     GB2312 in base64, an encoded subject
alternative text and HTML, both quoted-printable, an attachment
html        HTML alone
nested      a message that is forwarded
reply       one that quotes what it answers
mbox        a mailbox of three, one with ">From " in it
long N      a mailbox of N messages
deep N      parts within parts, N deep
wide N      N parts
"""
import base64
import quopri
import sys


def head(subject, **more):
    fields = {"From": "Lin Wei <lin@example.org>", "To": "shop@example.org",
              "Subject": subject, "Date": "Wed, 1 May 2024 10:00:00 +0200"}
    fields.update({k.replace("_", "-"): v for k, v in more.items()})
    return "".join(f"{k}: {v}\n" for k, v in fields.items() if v)


def part(kind, text, encoding="quoted-printable", charset="utf-8", more=""):
    data = text.encode(charset)
    data = (base64.encodebytes(data) if encoding == "base64"
            else quopri.encodestring(data)).decode()
    return (f"Content-Type: {kind}; charset={charset}\n"
            f"Content-Transfer-Encoding: {encoding}\n{more}\n{data}\n")


def message(kind, n):
    if kind == "plain":
        return (head("Opening hours", Message_ID="<1@example.org>")
                + "\nWe open at nine\non weekdays.\n\nLin\n")
    if kind == "chinese":
        word = base64.b64encode("退款多久到账".encode("gb2312")).decode()
        return (head(f"=?GB2312?B?{word[:8]}?=\n =?gb2312?b?{word[8:]}?=")
                + part("text/plain", "信用卡退款需要五个工作日。", "base64", "gb2312"))
    if kind == "alternative":
        pdf = base64.encodebytes(b"%PDF-1.4 not text").decode()
        return (head("=?utf-8?Q?Caf=C3=A9_prices?=",
                     Content_Type='multipart/mixed; boundary="outer"')
                + "\nfor old readers\n--outer\n"
                "Content-Type: multipart/alternative; boundary=inner\n\n--inner\n"
                + part("text/plain", "Coffee costs 3 € = three euros, naïve as it is, in every "
                       "single one of the shops that we have got so far.")
                + "--inner\n" + part("text/html", "<p>Coffee costs <b>9</b></p>")
                + "--inner--\n\n--outer\nContent-Type: application/pdf\n"
                "Content-Disposition: attachment; filename*=utf-8''price%20list.pdf\n"
                f"Content-Transfer-Encoding: base64\n\n{pdf}\n--outer--\nepilogue\n")
    if kind == "html":
        return head("News") + part("text/html", "<html><body><h2>Sale</h2><p>Kettles "
                                   "cost 20 EUR.</p></body></html>")
    if kind == "nested":
        return (head("Fwd", Content_Type="multipart/mixed; boundary=b")
                + "\n--b\n\nSee below.\n--b\nContent-Type: message/rfc822\n\n"
                + message("plain", n) + "\n--b--\n")
    if kind == "reply":
        return (head("Re: Opening hours", In_Reply_To="<1@example.org>")
                + "\n> do you open on Sundays?\nNo, never.\n\n"
                "On Wed, Lin wrote:\n> We open at nine\n> on weekdays.\n")
    if kind == "deep":
        out, tail = head("Deep", Content_Type="multipart/mixed; boundary=b0"), ""
        for i in range(n):
            out += (f"\n--b{i}\nContent-Type: multipart/mixed; boundary=b{i + 1}\n")
            tail = f"\n--b{i}--\n" + tail
        return out + f"\n--b{n}\n\ninside\n--b{n}--\n" + tail
    return (head("Wide", Content_Type="multipart/mixed; boundary=b")
            + "".join(f"\n--b\n\npart {i}\n" for i in range(n)) + "\n--b--\n")


def main(kind, path, n="3"):
    if kind in ("mbox", "long"):
        mails = ([message(k, 0) for k in ("plain", "chinese", "reply")]
                 if kind == "mbox" else
                 [head(f"Number {i}") + f"\nThe code of message {i} is K{i * 7919}.\n"
                  for i in range(int(n))])
        if kind == "mbox":
            mails[0] += ">From the shop with love.\n"
        text = "".join("From lin@example.org Wed May  1 10:00:00 2024\n" + m + "\n"
                       for m in mails)
    else:
        text = message(kind, int(n))
    with open(path, "wb") as f:
        f.write(text.encode())


main(*sys.argv[1:])
