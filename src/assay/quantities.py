"""Sizes and durations as messages tell them: rounded, in the unit that a person would use."""

from __future__ import annotations


def size(count: int) -> str:
    """A number of bytes, as in `4 KiB`; exact below a KiB, else to a tenth at most."""
    for unit, scale in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if count >= scale:
            return f"{_short(count / scale)} {unit}"
    return "1 byte" if count == 1 else f"{count} bytes"


def seconds(duration: float) -> str:
    """A number of seconds without its unit: `3.6`, `0.05`, `12`."""
    return _short(duration) if duration >= 1 else f"{duration:.1g}"


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")
