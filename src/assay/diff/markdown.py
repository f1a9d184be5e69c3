"""The matrix as a table in Markdown, for pull requests and job summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.diff.words import legend
from assay.documents.markdown import cell, code, prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assay.diff.words import Shown, ShownRow


def render(shown: Shown) -> str:
    """A table of the shown rows, and how to read it."""
    lines: list[str] = []
    if shown.rows:
        lines.append(_line(["name", *map(code, shown.labels), "parity"]))
        lines.append(_line(["---"] * (len(shown.labels) + 2)))
        lines += (_line(_cells(row)) for row in shown.rows)
        lines.append("")
    lines += (f"- {prose(line)}" for line in legend(shown))
    return "\n".join(lines) + "\n"


def _cells(row: ShownRow) -> Iterable[str]:
    found = row.row
    kind = " (key)" if found.sort == "key" else ""
    name = code(found.title) if found.sort == "table" else f"{code(found.name)}{kind}"
    verdict = f"**{row.verdict}**" if row.style == "broken" else row.verdict
    return [name, *map(code, row.cells), verdict]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(cell, cells))} |"
