"""The matrix for people at a terminal: aligned to its width, readable without colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.diff.words import Shown, legend
from assay.reporters.display import columns as width_of
from assay.reporters.display import visible, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_RESET = "\x1b[0m"
_STYLES = {
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "holds": "\x1b[1;32m",
    "broken": "\x1b[1;31m",
    "unknown": "\x1b[1;35m",
    "unset": "\x1b[1;33m",
}
GAP = 2
NARROWEST = 10
"""Columns of text below which a cell tells nothing, so that another layout is better."""


def render(shown: Shown, *, width: int, colour: bool) -> str:
    """A table; or a block for each name, where a table would not fit."""
    paint = _paint if colour else _plain
    lines: list[str] = []
    if shown.rows:
        heads = [visible(label) for label in shown.labels]
        names = [visible(row.title) for row in shown.rows]
        for verdicts in ([r.verdict for r in shown.rows], [r.brief for r in shown.rows]):
            widths = _widths(shown, names, heads, verdicts, width)
            if widths is not None:
                lines = _table(shown, widths, verdicts, paint)
                break
        else:
            lines = _blocks(shown, paint, width)
        lines.append("")
    lines += (wrap(visible(line), width) for line in legend(shown))
    return "\n".join(lines) + "\n"


def _widths(
    shown: Shown, names: Sequence[str], heads: Sequence[str], verdicts: Sequence[str], width: int
) -> list[int] | None:
    """The width of each column of the table; None where it would be too narrow."""
    first, last = _widest(names), _widest(verdicts)
    cells = [
        _widest([head, *(visible(row.cells[at]) for row in shown.rows)])
        for at, head in enumerate(heads)
    ]
    room = width - first - (last + GAP if last else 0) - GAP * len(cells)
    if sum(cells) > room:
        limit = max(cells)
        while limit >= NARROWEST and sum(min(cell, limit) for cell in cells) > room:
            limit -= 1
        if limit < NARROWEST or limit < _widest(heads):
            return None
        cells = [min(cell, limit) for cell in cells]
    return [first, *cells, last]


def _table(shown: Shown, widths: Sequence[int], verdicts: Sequence[str], paint: Paint) -> list[str]:
    head = ["", *map(visible, shown.labels), "parity" if widths[-1] else ""]
    lines = [_line(head, ["bold"] * len(head), widths, paint)]
    for row, verdict in zip(shown.rows, verdicts, strict=True):
        cells = [
            cut(visible(cell), size) for cell, size in zip(row.cells, widths[1:], strict=False)
        ]
        texts = [visible(row.title), *cells, verdict]
        lines.append(_line(texts, ["", *row.styles, row.style], widths, paint))
    return lines


def _line(texts: Sequence[str], styles: Sequence[str], widths: Sequence[int], paint: Paint) -> str:
    parts = [
        paint(text, style) + " " * (size - width_of(text))
        for text, style, size in zip(texts, styles, widths, strict=True)
    ]
    return (" " * GAP).join(parts).rstrip()


def _blocks(shown: Shown, paint: Paint, width: int) -> list[str]:
    size = _widest([visible(label) for label in shown.labels])
    lines: list[str] = []
    for row in shown.rows:
        verdict = f"  {paint(row.verdict, row.style)}" if row.verdict else ""
        lines.append(f"{paint(visible(row.title), 'bold')}{verdict}")
        for label, cell, style in zip(shown.labels, row.cells, row.styles, strict=True):
            head = visible(label)
            space = " " * (size - width_of(head))
            text = cut(visible(cell), max(width - size - 4, NARROWEST))
            lines.append(f"  {head}{space}  {paint(text, style)}")
    return lines


def cut(text: str, size: int) -> str:
    """A text that takes at most `size` columns, with an ellipsis where some of it is left out."""
    if width_of(text) <= size:
        return text
    while text and width_of(text) > size - 1:
        text = text[:-1]
    return f"{text}…"


def _widest(texts: Iterable[str]) -> int:
    return max(map(width_of, texts), default=0)


def _paint(text: str, style: str) -> str:
    return f"{_STYLES[style]}{text}{_RESET}" if style and text else text


def _plain(text: str, style: str) -> str:  # noqa: ARG001 - the shape of `_paint`
    return text


if TYPE_CHECKING:
    from collections.abc import Callable

    Paint = Callable[[str, str], str]
