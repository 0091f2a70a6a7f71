#!/usr/bin/env python3
"""Somebody at a terminal, for tests of programs that talk.

usage: talk.py PROGRAM [ARGUMENT...] <STEPS

Runs the program on a terminal of its own, 100 columns wide, and follows the
steps, a line each:

    type TEXT      type it; \\n, \\t, \\xNN and \\\\ are characters
    expect REGEX   wait until what came since the last step matches
    close          hang up

Prints what the terminal showed, without carriage returns, and then
"status N", -N for a signal. A step that waits half a minute in vain ends it
with "no match: REGEX" and status 1.
"""
import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time

PATIENCE = 30  # seconds


def unescape(text):
    return re.sub(r"\\(n|t|\\|x[0-9a-f]{2})", lambda m: {
        "n": "\n", "t": "\t", "\\": "\\"}.get(
            m[1]) or chr(int(m[1][1:], 16)), text)


class Terminal:
    def __init__(self, argv):
        self.pid, self.fd = pty.fork()
        if not self.pid:
            os.execvp(argv[0], argv)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 40, 100, 0, 0))
        self.all = self.new = b""

    def read(self, seconds):
        """False at the end."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.all += data
        self.new += data
        return bool(data)

    def expect(self, pattern):
        until = time.monotonic() + PATIENCE
        while not re.search(pattern, self.new.decode(errors="replace"),
                            re.S):
            if time.monotonic() > until or not self.read(.5):
                return False
        self.new = b""
        return True

    def end(self):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.read(.5):
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def main():
    steps = [line.rstrip("\n") for line in sys.stdin]
    terminal = Terminal(sys.argv[1:])
    failed = None
    for step in steps:
        verb, _, rest = step.partition(" ")
        if verb == "expect":
            if not terminal.expect(rest):
                failed = rest
                break
        elif verb == "type":
            os.write(terminal.fd, unescape(rest).encode())
        elif verb == "close":
            os.close(terminal.fd)
            terminal.fd = os.open("/dev/null", os.O_RDONLY)
        else:
            sys.exit(f"talk.py: what is '{step}'?")
    if failed is not None:
        os.kill(terminal.pid, 9)
    status = terminal.end()
    sys.stdout.buffer.write(terminal.all.replace(b"\r", b""))
    print(f"\nno match: {failed}" if failed is not None
          else f"\nstatus {status}")
    sys.exit(failed is not None)


main()
