"""Flaws that any entry may have: a name that nothing declares, a field that doesn't make sense."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.kind import Flaw
from assay.redacted import BULLETS
from assay.spec import rules
from assay.suggest import closest
from assay.words import either

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
        elif not values["similar"] and expected == "an environment":
            values["step"] = f"Write the name of an environment: {either(known)}."
        yield Flaw(rules.UNKNOWN_NAME, path, values, on_key=on_key)


_NAME = re.compile("[A-Z_][A-Z0-9_]*")


def bad(path: Path, field: str, reason: str, *, step: str = "", on_key: bool = False) -> Flaw:
    """A field that can't be as it is; `step` says what to do if that isn't to correct it."""
    values = {"field": field, "reason": reason, "step": step}
    return Flaw(rules.PARAMETER, path, values, on_key=on_key)
