"""The matrix for people: at a terminal, readable without colour, or in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.diff.words import Shown, legend
from assay.documents.markdown import cell, code, prose
from assay.reporters.display import Pen, cut, visible, widest, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assay.diff.words import ShownRow

_STYLES = {
    "": "",
    "dim": "dim",
    "holds": "green",
    "broken": "red",
    "unknown": "magenta",
    "unset": "yellow",
}
GAP = 2
NARROWEST = 10
"""Columns of text below which a cell shows nothing, so that another layout is better."""


def render(shown: Shown, *, width: int, colour: bool) -> str:
    """A table; or a block for each name, where a table would not fit."""
    pen = Pen(colour, width)
    lines: list[str] = []
    if shown.rows:
        heads = [visible(label) for label in shown.labels]
        names = [visible(row.title) for row in shown.rows]
        for verdicts in ([r.verdict for r in shown.rows], [r.brief for r in shown.rows]):
            widths = _widths(shown, names, heads, verdicts, width)
            if widths is not None:
                lines = pen.table(_table(shown, widths, verdicts), gap=GAP)
                break
        else:
            lines = _blocks(shown, pen)
        lines.append("")
    lines += (wrap(visible(line), width) for line in legend(shown))
    return "\n".join(lines) + "\n"


def _widths(
    shown: Shown, names: Sequence[str], heads: Sequence[str], verdicts: Sequence[str], width: int
) -> list[int] | None:
    """The width of each column of the table; None if it would be too narrow."""
    first, last = widest(names), widest(verdicts)
    cells = [
        widest([head, *(visible(row.cells[at]) for row in shown.rows)])
        for at, head in enumerate(heads)
    ]
    room = width - first - (last + GAP if last else 0) - GAP * len(cells)
    if sum(cells) > room:
        limit = max(cells)
        while limit >= NARROWEST and sum(min(cell, limit) for cell in cells) > room:
            limit -= 1
        if limit < NARROWEST or limit < widest(heads):
            return None
        cells = [min(cell, limit) for cell in cells]
    return [first, *cells, last]


def _table(
    shown: Shown, widths: Sequence[int], verdicts: Sequence[str]
) -> list[list[tuple[str, str]]]:
    heads = ["", *map(visible, shown.labels), "parity" if widths[-1] else ""]
    rows = [[(head, "bold") for head in heads]]
    for row, verdict in zip(shown.rows, verdicts, strict=True):
        cells = zip(row.cells, row.styles, widths[1:], strict=False)
        inner = [(cut(visible(cell), size), _STYLES[style]) for cell, style, size in cells]
        rows.append([(visible(row.title), ""), *inner, (verdict, _STYLES[row.style])])
    return rows


def _blocks(shown: Shown, pen: Pen) -> list[str]:
    heads = [visible(label) for label in shown.labels]
    room = max(pen.width - widest(heads) - GAP * 2, NARROWEST)
    lines: list[str] = []
    for row in shown.rows:
        verdict = f"  {pen.paint(row.verdict, _STYLES[row.style])}" if row.verdict else ""
        lines.append(f"{pen.paint(visible(row.title), 'bold')}{verdict}")
        cells = (
            ((head, ""), (cut(visible(cell), room), _STYLES[style]))
            for head, cell, style in zip(heads, row.cells, row.styles, strict=True)
        )
        lines += pen.table(list(cells), gap=GAP, indent=" " * GAP)
    return lines


def as_markdown(shown: Shown) -> str:
    """A table of the shown rows, and how to read it."""
    lines: list[str] = []
    if shown.rows:
        lines.append(_line(["name", *map(code, shown.labels), "parity"]))
        lines.append(_line(["---"] * (len(shown.labels) + 2)))
        lines += (_line(_marked(row)) for row in shown.rows)
        lines.append("")
    lines += (f"- {prose(line)}" for line in legend(shown))
    return "\n".join(lines) + "\n"


def _marked(row: ShownRow) -> Iterable[str]:
    found = row.row
    kind = " (key)" if found.sort == "key" else ""
    name = code(found.title) if found.sort == "table" else f"{code(found.name)}{kind}"
    verdict = f"**{row.verdict}**" if row.style == "broken" else row.verdict
    return [name, *map(code, row.cells), verdict]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(cell, cells))} |"
