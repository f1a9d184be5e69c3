"""Keeps the places of problems in .env files from telling how long a value is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from assay.model import Location

if TYPE_CHECKING:
    from assay.dotenv.document import SourceText
    from assay.facts import SourceProblem

_BLANK = r"[^\S\r\n]*"
_START = re.compile(
    rf"\ufeff?{_BLANK}(?:export\b{_BLANK})?(?:[A-Za-z_][\w.-]*{_BLANK}[=:]{_BLANK})?"
)
"""A line up to where its first value starts."""


def blurred(problem: SourceProblem, source: SourceText) -> SourceProblem:
    """A problem whose place is not further on its line than the start of the first value.

    What is wrong is mostly wrong in a value, or after one: the place would reveal how long that is.
    """
    at = problem.location
    if at is None or at.line is None or at.column is None or problem.code == "source-not-utf8":
        return problem  # such a byte needs to be found, and it may stand anywhere
    if at.line > len(source.line_starts):  # pragma: no cover - a loader's count goes no further
        return problem
    start = _START.match(source.text, source.line_starts[at.line - 1])
    lead = start[0].removeprefix("\ufeff") if start else ""
    if at.column <= len(lead) + 1:
        return problem
    named = problem.values.get("name", "this line") not in ("this line", "the file")
    column = len(lead) + 1 if lead.strip() and not named else None
    blurred = Location(file=at.file, line=at.line, column=column)
    return msgspec.structs.replace(problem, location=blurred)
