"""Lists, counts, sizes and durations in the words of a message: `a, b and c`, `2 rows`, `4 KiB`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def listed(names: Iterable[str], *, most: int | None = None) -> str:
    """`a`, `a and b`, `a, b and c`, each name once; after `most` of them `a, b and 7 more`."""
    known = list(dict.fromkeys(names))
    if most is not None and len(known) > most:
        known = [*known[:most], f"{len(known) - most} more"]
    return _joined(known, "and")


def either(names: Iterable[str]) -> str:
    """`a`, `a or b`, `a, b or c`, each name once."""
    return _joined(list(dict.fromkeys(names)), "or")


def _joined(names: list[str], word: str) -> str:
    return f" {word} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def plural(count: int, noun: str) -> str:
    """`1 error`, `2 errors`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def in_bytes(size: int) -> str:
    """A number of bytes, as in `4 KiB`; exact below a KiB, else to a tenth at most."""
    for unit, scale in (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if size >= scale:
            return f"{_short(size / scale)} {unit}"
    return plural(size, "byte")


def in_seconds(duration: float) -> str:
    """A number of seconds without its unit: `3.6`, `0.05`, `12`."""
    return _short(duration) if duration >= 1 else f"{duration:.1g}"


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 10 else f"{number:.1f}".removesuffix(".0")
