"""Regular expressions as values."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta

from assay.formats.base import Format
from assay.formats.patterns import pattern_problem
from assay.model import Rule, Violation

REGEX_MALFORMED = Rule(
    code="regex-malformed",
    message="{name} is not a valid {syntax} regular expression",
    remedy="Correct the expression in {name}; usually a bracket is not closed, or a backslash was "
    "lost.",
    why="The program raises an error when it first uses the expression.",
    bad="ALLOWED_ORIGINS=^https://(app|api",
    good="ALLOWED_ORIGINS=^https://(app|api)",
)

_NAMES = {"re2": "RE2", "python": "Python"}


class Regex(Format, frozen=True, kw_only=True, tag="regex"):
    """A regular expression."""

    title = "a regular expression"
    screened = ("match", "[A-Za-z0-9_/ :=-]{1,200}")
    """Literal text."""
    rules = (REGEX_MALFORMED,)

    syntax: Annotated[
        Literal["re2", "python"],
        Meta(description="The syntax: RE2, as in Go and many other languages, or Python's."),
    ] = "re2"

    def violations(self, value: str) -> Iterator[Violation]:
        """Whether it compiles."""
        compiles = _compiles(value) if self.syntax == "python" else not pattern_problem(value)
        if not compiles:
            yield REGEX_MALFORMED.violated(syntax=_NAMES[self.syntax])

    def example(self) -> str:
        """A pattern for origins."""
        return r"^https://([a-z0-9-]+\.)*example\.com$"


def _compiles(pattern: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # doubtful patterns compile all the same
            re.compile(pattern)
    except (re.error, RecursionError, OverflowError, ValueError):
        return False
    return True
