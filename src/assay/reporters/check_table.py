"""The table of every check by environment, and the one of what compares environments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from assay.reporters.display import visible
from assay.reporters.page import (
    ABSENT,
    PASSED,
    SKIPPED,
    TONES,
    WAIVED,
    Tone,
    breakable,
    compares,
    tone,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from markupsafe import Markup

    from assay.model import Finding, Report


class TableCell(msgspec.Struct, frozen=True):
    """What became of one check in one environment: its worst finding, and how many more."""

    tone: Tone
    target: str = ""
    """The id of the finding in the page; empty for what there is no more to say about."""
    more: int = 0


class TableRow(msgspec.Struct, frozen=True):
    """One subject in every environment."""

    name: Markup
    cells: tuple[TableCell, ...]
    well: bool
    """Whether nothing asks for attention."""


class TableBlock(msgspec.Struct, frozen=True):
    """The rows under one heading."""

    name: str
    rows: tuple[TableRow, ...]


class Matrix(msgspec.Struct, frozen=True):
    """The whole table."""

    columns: tuple[str, ...]
    blocks: tuple[TableBlock, ...]
    mixed: bool
    """Whether some rows ask for attention and some do not."""


class ComparisonRow(msgspec.Struct, frozen=True):
    """A check that compares environments."""

    name: Markup
    environments: str
    cell: TableCell


_ABSENT = TableCell(ABSENT)
_PASSED = TableCell(PASSED)
_CALM = (PASSED, ABSENT, SKIPPED, WAIVED)
_RANK = {shown.name: rank for rank, shown in enumerate(TONES)}


def matrix(report: Report, names: Mapping[int, str]) -> Matrix:
    """A column for each environment, a row for each subject; blocks and rows in their order."""
    found: dict[tuple[str, str, str], dict[str, list[Finding]]] = {}
    columns = dict.fromkeys(report.environments)
    for finding in report.findings:
        if finding.environment and not compares(finding.environment, report):
            columns[finding.environment] = None
            key = (_heading(finding), finding.subject, finding.kind)
            cells = found.setdefault(key, {})
            cells.setdefault(finding.environment, []).append(finding)
    blocks: dict[str, list[TableRow]] = {}
    for (heading, subject, _), by_name in sorted(found.items(), key=_order):
        row = tuple(_cell(by_name.get(name, ()), names) for name in columns)
        well = all(cell.tone in _CALM for cell in row)
        blocks.setdefault(heading, []).append(TableRow(breakable(subject), row, well))
    return Matrix(
        tuple(visible(name) for name in columns),
        tuple(TableBlock(visible(name), tuple(rows)) for name, rows in blocks.items()),
        len({row.well for rows in blocks.values() for row in rows}) > 1,
    )


def comparisons(report: Report, names: Mapping[int, str]) -> list[ComparisonRow]:
    """What compares environments, worst first."""
    found: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in report.findings:
        if compares(finding.environment, report):
            key = (finding.environment, finding.subject, finding.kind)
            found.setdefault(key, []).append(finding)
    made = [
        ComparisonRow(breakable(subject), visible(environment), _cell(findings, names))
        for (environment, subject, _), findings in found.items()
    ]
    return sorted(made, key=lambda one: (_RANK[one.cell.tone.name], one.name))


def _heading(finding: Finding) -> str:
    """The group that the spec gives, else the kind in the plural."""
    if finding.group:
        return finding.group
    kind = finding.kind.capitalize()
    irregular = kind.endswith("y") and not kind.endswith(("ay", "ey", "oy", "uy"))
    return f"{kind[:-1]}ies" if irregular else f"{kind}s"


def _order(row: tuple[tuple[str, str, str], object]) -> tuple[str, ...]:
    heading, subject, kind = row[0]
    return heading.casefold(), heading, subject.casefold(), subject, kind


def _cell(findings: Iterable[Finding], names: Mapping[int, str]) -> TableCell:
    worst = sorted(findings, key=lambda finding: _RANK[tone(finding).name])
    if not worst:
        return _ABSENT
    shown = tone(worst[0])
    if shown is PASSED:
        return _PASSED
    return TableCell(shown, names[id(worst[0])], len(worst) - 1)
