"""The matrix for people, at a terminal or in Markdown, and for programs in JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.diff.words import Shown, ShownRow, legend, notes
from assay.documents.markdown import cell, code, prose
from assay.reporters.display import Pen, cut_apart, visible, widest, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from assay.comparison import Cell
    from assay.diff.columns import ComparedColumn

_STYLES = {
    "": "",
    "dim": "dim",
    "holds": "green",
    "broken": "red",
    "unknown": "magenta",
    "unset": "yellow",
    "waived": "dim",
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
        names = [visible(row.row.title) for row in shown.rows]
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
        texts = cut_apart(list(map(visible, row.cells)), widths[1 : len(row.cells) + 1])
        inner = [(text, _STYLES[style]) for text, style in zip(texts, row.styles, strict=True)]
        rows.append([(visible(row.row.title), ""), *inner, (verdict, _STYLES[row.style])])
    return rows


def _blocks(shown: Shown, pen: Pen) -> list[str]:
    heads = [visible(label) for label in shown.labels]
    room = max(pen.width - widest(heads) - GAP * 2, NARROWEST)
    lines: list[str] = []
    for row in shown.rows:
        verdict = f"  {pen.paint(row.verdict, _STYLES[row.style])}" if row.verdict else ""
        lines.append(f"{pen.paint(visible(row.row.title), 'bold')}{verdict}")
        texts = cut_apart(list(map(visible, row.cells)), [room] * len(row.cells))
        cells = (
            ((head, ""), (text, _STYLES[style]))
            for head, text, style in zip(heads, texts, row.styles, strict=True)
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


def as_data(shown: Shown, *, exit_code: int, clean: Callable[[str], bool]) -> dict[str, Any]:
    """The matrix as JSON has it; docs/snapshots.md describes what it holds."""
    return {
        "version": 1,
        "exit-code": exit_code,
        "columns": [
            {
                "label": column.label,
                "environment": column.environment,
                "snapshot": column.file or None,
                "trouble": column.trouble or None,
            }
            for column in shown.columns
        ],
        "hidden": shown.hidden,
        "demands": shown.demands,
        "rows": [_json_row(row, shown, clean) for row in shown.rows],
        "notes": list(notes(shown)),
    }


def _json_row(row: ShownRow, shown: Shown, clean: Callable[[str], bool]) -> dict[str, Any]:
    found = row.row
    texts = row.cells if found.texts else ("",) * len(found.cells)
    cells = zip(shown.columns, found.cells, found.letters, texts, strict=True)
    return {
        "name": found.name,
        "kind": found.sort,
        **({"database": found.database, "aspect": found.aspect} if found.sort == "table" else {}),
        "agree": found.agree,
        "cells": {
            c.label: {
                **_json_cell(c, cell, letter, row, clean),
                **({"value": text} if text else {}),
            }
            for c, cell, letter, text in cells
        },
        "demands": [
            {
                "demand": judged.demand,
                "columns": list(judged.columns),
                "severity": str(judged.severity),
                "verdict": judged.result,
                **({"waiver": judged.waiver} if judged.waiver else {}),
            }
            for judged in found.demands
        ],
    }


def _json_cell(
    column: ComparedColumn, cell: Cell, letter: str, row: ShownRow, clean: Callable[[str], bool]
) -> dict[str, Any]:
    value = column.value(row.row.section, row.row.name)
    return {
        "state": str(cell.state),
        "group": letter or None,
        "value": value if value is not None and cell.digest and clean(value) else None,
        "reason": cell.reason or None,
    }
