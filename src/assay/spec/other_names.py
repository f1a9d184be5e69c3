"""What to write instead of a name that nothing declares, if no known one resembles it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.words import either

if TYPE_CHECKING:
    from collections.abc import Iterable


def other_name(name: str, known: Iterable[str], expected: str) -> str:
    """What to write instead of a name that nothing resembles; empty if there is too much choice."""
    if expected.startswith("an environment"):
        return f"Write the name of an environment: {either(known)}."
    if "variable" in expected and "*" not in name:
        return f"Declare {name} under `variables`, or write the name of a variable that is."
    few = sorted(known)
    return f"Use {either(few)}, or declare {name}." if 0 < len(few) <= FEW else ""


FEW = 6
"""Names that a remedy lists."""
