"""Which part of a line of a .env file may be shown: one assignment, of what is not secret.

Whatever else stands on the line is bullets: a comment, a neighbour, the rest of a value that is
spread over lines. What may be shown is listed, and nobody has to find what may not.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from assay.model import Blurred, Location
from assay.redacted import BULLETS
from assay.reporters.base import Quoted


class _Span(NamedTuple):
    """An assignment on one line: offsets of its name, of its value, and of the value's end."""

    name: str
    start: int
    value: int
    end: int
    whole: bool
    """Whether the value ends where the span does, and not on a later line."""


class Assignments:
    """The assignments that were read, by the path of the file and the number of the line."""

    def __init__(self) -> None:
        self._public: dict[tuple[str, int], set[_Span]] = {}
        self._secret: dict[tuple[str, int], set[tuple[int, int]]] = {}
        self._files: set[str] = set()

    def add(self, path: str, name: str, at: Location, value: Location, text: str) -> None:
        """An assignment that may be shown: its name stands at `at`, its value at `value`."""
        self._files.add(path)
        if at.line is None or at.line != value.line or at.column is None or value.column is None:
            return
        whole = "\n" not in text and "\r" not in text
        end = (value.end_column or value.column + 1) - 1 if whole else value.column - 1
        start = at.column - 1
        span = _Span(name, start, value.column - 1, end, whole)
        self._public.setdefault((path, at.line), set()).add(span)

    def hide(self, path: str, value: Location, text: str) -> None:
        """A value at `value` that nobody may see, though another reading of the file would."""
        self._files.add(path)
        if value.line is None or value.column is None:
            return
        lines = text.count("\n") + 1
        for line in range(value.line, value.line + lines):
            start = value.column - 1 if line == value.line else 0
            whole = lines == 1 and value.end_column is not None
            end = value.end_column - 1 if whole and value.end_column else 2**31
            self._secret.setdefault((path, line), set()).add((start, max(end, start + 1)))

    def blurred(self, path: str, at: Location) -> Location:
        """`at` without its column if that would reveal the length of a hidden value before it."""
        if at.column is None:
            return at
        starts = {start for start, _ in self._secret.get((path, at.line or 0), ())}
        if any(start < at.column - 1 for start in starts):
            return Blurred(file=at.file, line=at.line, exact=at)
        return at.start if at.column - 1 in starts else at

    def knows(self, path: str) -> bool:
        """Whether a file was read for its assignments."""
        return path in self._files

    def quoted(self, path: str, line: str, at: Location) -> Quoted | None:
        """The assignment that `at` is about, with bullets for the rest of its line."""
        key = (path, at.line or 0)
        if (
            at.column is None
            and len(self._public.get(key, ())) + len(self._secret.get(key, ())) > 1
        ):
            return None  # which of them is meant can't be known
        column = (at.column or 1) - 1
        for span in sorted(self._public.get(key, ()), key=lambda span: span.end):
            held = line[span.start : span.start + len(span.name)] == span.name
            if held and span.start <= column <= max(span.end, span.value):
                return self._shown(line, span, at, self._secret.get(key, set()))
        return None

    def _shown(
        self, line: str, span: _Span, at: Location, secrets: set[tuple[int, int]]
    ) -> Quoted | None:
        """The line with nothing but the assignment, and the columns of `at` in it."""
        if any(start < span.value and end > span.start for start, end in secrets):
            return None
        value = line[span.value : span.end]
        kept = alone(value)
        for start, _ in secrets:
            if span.value <= start < span.end:
                kept = kept[: start - span.value]
        if any(start < span.value < end for start, end in secrets):
            kept = ""
        cut = len(kept) < len(value) or not span.whole
        before = line[: span.start].strip()
        lead = "" if before in ("", "export") else f"{BULLETS} "
        rest = line[span.end :].strip() if span.whole else ""
        text = lead + line[span.start : span.value] + kept
        if cut or rest.strip("'\""):
            joined = cut and not value[len(kept) : len(kept) + 1].isspace()
            text += BULLETS if joined else f" {BULLETS}"
        moved = len(lead) - span.start
        column = (at.column or span.start + 1) + moved
        end = None if cut or at.end_column is None else at.end_column + moved
        place = Location(file=at.file, line=at.line, column=column, end_column=end)
        return Quoted(text, place)


_NEIGHBOUR = re.compile(
    # each run of separators is looked at once, from its beginning
    r"(?<!\s)\s+#|(?<![\s;,&|])[\s;,&|]+[A-Za-z_][\w.-]*\s*[=:](?!//)|;"
)
_BLANK = re.compile(rf"\s|{_NEIGHBOUR.pattern}")


def alone(value: str) -> str:
    """A value without what another loader would call a comment, a word, or another assignment."""
    found = (_NEIGHBOUR if value[:1] in ("'", '"', "`") else _BLANK).search(value)
    return value if found is None else value[: found.start()]
