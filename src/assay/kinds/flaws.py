"""Flaws that any entry may have: a name that nothing declares, a field that makes no sense."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.kind import Flaw
from assay.spec import rules
from assay.spelling import hint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Path = tuple[str | int, ...]


def unknown(path: Path, name: str, known: Iterable[str], expected: str) -> Iterator[Flaw]:
    """A flaw where a name is none of those that are known; `expected` says what it should be."""
    if name not in known:
        values = {
            "name": name,
            "expected": expected,
            "hint": hint(name, known),
            "step": "Correct the name, or declare it.",
        }
        yield Flaw(rules.UNKNOWN_NAME, path, values)


def bad(path: Path, field: str, reason: str, *, on_key: bool = False) -> Flaw:
    """A field that can't be as it is."""
    return Flaw(rules.PARAMETER, path, {"field": field, "reason": reason}, on_key=on_key)
