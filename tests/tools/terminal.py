"""A person at a terminal: types answers to prompts, and sees what is shown.

Usage: terminal.py PROMPT ANSWER [PROMPT ANSWER]... -- COMMAND...
The answer ^C is that key. Ends as the command did, by a signal with 128 more;
what the terminal showed is on standard output.
"""
import os
import pty
import select
import sys
import termios
import time

LIMIT = 60


def read_until(fd, shown, start, wanted, end):
    while wanted not in shown[start:]:
        ready = select.select([fd], [], [], max(0, end - time.monotonic()))[0]
        if not ready:
            sys.exit(f"never shown: {wanted.decode()}")
        try:
            more = os.read(fd, 4096)
        except OSError:
            more = b""
        if not more:
            return shown, False
        shown += more
    return shown, True


def main():
    split = sys.argv.index("--")
    talk = sys.argv[1:split]
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(sys.argv[split + 1], sys.argv[split + 1:])
    end = time.monotonic() + LIMIT
    shown, start = b"", 0
    for prompt, answer in zip(talk[::2], talk[1::2]):
        shown, there = read_until(fd, shown, start, prompt.encode(), end)
        if not there:
            break
        start = len(shown)
        # The prompt comes first, then the echo is switched off.
        while termios.tcgetattr(fd)[3] & termios.ECHO:
            if time.monotonic() > end:
                sys.exit("the echo is never switched off")
        os.write(fd, b"\x03" if answer == "^C" else answer.encode() + b"\n")
    shown, _ = read_until(fd, shown, len(shown), b"\0never\0", end)
    status = os.waitpid(pid, 0)[1]
    echo = "on" if termios.tcgetattr(fd)[3] & termios.ECHO else "off"
    sys.stdout.write(shown.decode(errors="replace") + f"echo is {echo}\n")
    code = os.waitstatus_to_exitcode(status)
    sys.exit(code if code >= 0 else 128 - code)


main()
