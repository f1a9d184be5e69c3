"""A bound on how much text expansion may make, against values that double line by line."""

from __future__ import annotations

LIMIT = 16 * 1024 * 1024
DEPTH = 100


class BudgetExceeded(Exception):  # noqa: N818 -- control flow inside the package, never seen outside
    """Expansion goes beyond a bound; the reader turns it into a DotenvError with a place."""


class ExpansionBudget:
    """What is left of the characters that expansion may produce for one text."""

    __slots__ = ("left",)

    def __init__(self, text: str) -> None:
        """Allow a fixed amount, and for a longer text a few times its length."""
        self.left: int = max(LIMIT, 4 * len(text))

    def spend(self, characters: int) -> None:
        """Take characters from what is left; raise TooMuch when none is."""
        self.left -= characters
        if self.left < 0:
            raise BudgetExceeded


TOO_MUCH = (
    "the references in the file expand to more text than this reader allows",
    "expected values that don't multiply each other",
)

__all__ = ["DEPTH", "LIMIT", "TOO_MUCH", "BudgetExceeded", "ExpansionBudget"]
