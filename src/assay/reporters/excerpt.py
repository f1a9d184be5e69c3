"""The line of a file that a finding is about, with carets under the part that matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.redacted import BULLETS
from assay.reporters.display import columns, visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.model import Finding, Location
    from assay.reporters.base import Quoted

_TAB = 4
_WORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."
_LONGEST = 400
_CUT = "\u2026"


def excerpt(
    finding: Finding, read: Callable[[Location], Quoted | None], width: int
) -> tuple[str, str] | None:
    """A source line and its carets, at most `width` columns (0 for any); None without a line.

    `read` is not called where the finding is sensitive: its line is made up from the subject.
    """
    location = finding.location
    if location is None or location.line is None:
        return None
    if finding.sensitive:
        if finding.subject == location.file:  # a whole file; no name stands there to be shown
            return None
        name = visible(finding.written or finding.holder or finding.subject)
        carets = "^" * max(columns(name), 1) if finding.written else ""
        return f"{name}={BULLETS}", carets or " " * (columns(name) + 1) + "^" * len(BULLETS)
    quoted = read(location)
    if quoted is None:
        return None
    line, location = quoted.text.rstrip("\r\n"), quoted.at
    start, end = _span(line, location)
    if line.isascii() and line.isprintable() and (len(line) <= width or width <= 0):
        return line, " " * start + "^" * max(end - start, 1)
    if len(line) > _LONGEST:
        line, start, end = _around(line, start, end)
    cells = _cells(line)
    if width > 0:
        cells, start, end = _fitted(cells, start, end, width)
    before = sum(map(columns, cells[:start]))
    marked = sum(map(columns, cells[start:end]))
    return "".join(cells).rstrip(), " " * before + "^" * max(marked, 1)


def _span(line: str, location: Location) -> tuple[int, int]:
    """Where the carets start and stop, in characters from 0."""
    if location.column is None:
        return len(line) - len(line.lstrip()), len(line.rstrip())
    start = min(max(location.column - 1, 0), len(line))
    if location.end_line is not None and location.end_line != location.line:
        return start, len(line.rstrip())
    if location.end_column is not None:
        return start, max(min(location.end_column - 1, len(line)), start)
    end = len(line) - len(line[start:].lstrip(_WORD))
    while end < len(line) and line[end].isalnum():  # letters beyond ASCII
        end += 1
    return start, max(end, min(start + 1, len(line)))


def _around(line: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of an overlong line about `start`, so that the work stays small."""
    low = max(0, start - _LONGEST // 2)
    high = min(len(line), low + _LONGEST)
    return line[low:high], start - low, min(end, high) - low


def _cells(line: str) -> list[str]:
    """Each character as it is shown: tabs as spaces, what can't be seen as an escape."""
    if line.isprintable():
        return list(line)
    cells: list[str] = []
    column = 0
    for char in line:
        cell = " " * (_TAB - column % _TAB) if char == "\t" else visible(char)
        cells.append(cell)
        column += columns(cell)
    return cells


def _fitted(cells: list[str], start: int, end: int, width: int) -> tuple[list[str], int, int]:
    """A window of at most `width` columns that holds the start of the marked part."""
    if sum(map(columns, cells)) <= width:
        return cells, start, end
    low = start if sum(map(columns, cells[:end])) > width - 1 else 0
    room = width - 2
    while low and start - low < room // 3:  # some of what stands before it
        low -= 1
    high = low
    while high < len(cells) and room >= columns(cells[high]):
        room -= columns(cells[high])
        high += 1
    head = [_CUT] if low else []
    tail = [_CUT] if high < len(cells) else []
    return (
        [*head, *cells[low:high], *tail],
        start - low + len(head),
        min(end, high) - low + len(head),
    )
