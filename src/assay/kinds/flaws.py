"""Flaws that any entry may have: a name that nothing declares, a field that doesn't make sense."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.kind import Flaw
from assay.redacted import BULLETS
from assay.spec import rules
from assay.spec.meant_types import type_for
from assay.spec.other_names import other_name
from assay.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Path = tuple[str | int, ...]


def unknown(  # noqa: PLR0913 - the parts of one sentence
    path: Path,
    name: str,
    known: Iterable[str],
    expected: str,
    *,
    on_key: bool = False,
    advice: str = "",
) -> Iterator[Flaw]:
    """A flaw if a name is unknown; `expected` says what it should be.

    Text that is neither a variable's name nor close to one may be its value, so it is not shown.
    """
    if name not in known:
        values = {"name": name, "expected": expected, "similar": closest(name, known) or ""}
        if advice:
            values["advice"] = advice
        elif not values["similar"] and "variable" in expected and not _NAME.fullmatch(name):
            values |= {"name": BULLETS, "advice": "value"}
        elif not values["similar"]:
            values["step"] = other_name(name, known, expected)
        yield Flaw(rules.UNKNOWN_NAME, path, values, on_key=on_key)


_NAME = re.compile("[A-Z_][A-Z0-9_]*")


def bad(path: Path, field: str, reason: str, step: str = "", *, on_key: bool = False) -> Flaw:
    """A field that can't be as it is, and what to do about it; by default it is removed."""
    values = {"field": field, "reason": reason, "step": step or parameter_step(field, reason)}
    return Flaw(rules.PARAMETER, path, values, on_key=on_key)


def parameter_step(field: str, said: str) -> str:
    """What to do about a parameter of a type or an envelope, by what is wrong with it."""
    if "regular expression" in said:
        if "slashes" in said:
            return "Remove the slashes around the pattern, and what follows them."
        if "(?" in said:
            step = "RE2, which can't be made to hang, has no lookaround and no atomic groups"
            return f"{step}: write the pattern without `(?...)`."
        if re.search(r"\\\d", said):
            return "Write the pattern without a reference to an earlier group, which RE2 lacks."
        if "missing" in said or "unexpected" in said:
            return "Close each bracket, and write a backslash before one that stands for itself."
        return "Write a backslash before each character that stands for itself."
    if "JSON Schema" in said:
        return f"Write a valid JSON Schema at the place that is named, or remove `{field}`."
    word = re.match(r"'(\w+)' is not a value type", said)
    if word is not None:
        own = type_for(word[1])
        return f"Write `{field}: {'text' if own in (None, 'list') else own}`."
    if "twice" in said or "both" in said:
        return "Remove one of the two."
    return (
        f"Write what is expected, or remove `{field}`."
        if "expected" in said
        else f"Remove `{field}`."
    )
