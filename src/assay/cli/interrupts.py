"""Ctrl-C that is not lost, and that does not come at a bad moment.

Python swallows a KeyboardInterrupt that is raised inside of a callback, some libraries make another
error of it, and some modules in C crash where their import is interrupted.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_seen: list[int] = []
_held: list[bool] = []


def listen() -> None:
    """Let Ctrl-C be an exception from here on, and be remembered; see `assay.cli.program`."""
    _seen.clear()
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, _interrupted)


def seen() -> bool:
    """Whether Ctrl-C came, whatever became of it."""
    return bool(_seen)


def check() -> None:
    """Raise KeyboardInterrupt where one came that was swallowed; for loops that wait."""
    if _seen:
        raise KeyboardInterrupt


@contextmanager
def held() -> Iterator[None]:
    """Let Ctrl-C wait for the end of a short piece of work; a second one does not wait."""
    _held.append(True)
    try:
        yield
    finally:
        _held.pop()
    check()


def _interrupted(number: int, frame: object) -> None:
    del frame
    _seen.append(number)
    if not _held or len(_seen) > 1:
        raise KeyboardInterrupt
