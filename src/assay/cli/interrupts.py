"""Ctrl-C that is not lost: Python swallows a KeyboardInterrupt raised inside of a callback."""

from __future__ import annotations

import signal

_seen: list[int] = []


def listen() -> None:
    """Let Ctrl-C be an exception from here on, and be remembered; see `assay.cli.program`."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, _interrupted)


def check() -> None:
    """Raise KeyboardInterrupt where one came that was swallowed; for loops that wait."""
    if _seen:
        raise KeyboardInterrupt


def _interrupted(number: int, frame: object) -> None:
    del frame
    _seen.append(number)
    raise KeyboardInterrupt
