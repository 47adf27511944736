"""The output form of a client program: a line for each check, and at the end their number."""

import os
import time
import urllib.request

_count = 0


def check(what):
    """Runs the decorated function as a check, at once."""

    def run(holds):
        global _count
        _count += 1
        try:
            holds()
            print(f"ok python: {what}", flush=True)
        except Exception as error:
            why = " ".join(f"{type(error).__name__} {error}".split())
            print(f"FAILED python: {what}: {why}", flush=True)

    return run


def end():
    print(f"end {_count}", flush=True)


def equal(got, want):
    if got != want:
        raise AssertionError(f"{got!r}, not {want!r}")


def contains(text, part):
    if part not in text:
        raise AssertionError(f"{text!r} does not contain {part!r}")


def eventually(condition, seen):
    deadline = time.monotonic() + 30
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"still {seen()!r}")
        time.sleep(0.02)


def cut_connections():
    """Cuts every connection to the server."""
    urllib.request.urlopen(urllib.request.Request(os.environ["DOOR_CONTROL"], method="POST")).close()
