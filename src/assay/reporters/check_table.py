"""The table of every check by environment, and the one of what compares environments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.reporters.display import visible
from assay.reporters.page import ABSENT, PASSED, SKIPPED, TONES, WAIVED, breakable, compares, tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assay.model import Finding, Report

_CALM = (PASSED, ABSENT, SKIPPED, WAIVED)
_RANK = {shown.name: rank for rank, shown in enumerate(TONES)}


def matrix(report: Report, names: Mapping[int, str]) -> dict[str, Any]:
    """A column for each environment, a row for each subject; blocks and rows in their order.

    A row is `well` if nothing in it asks for attention; the table is `mixed` if some rows are.
    """
    found: dict[tuple[str, str, str], dict[str, list[Finding]]] = {}
    columns = dict.fromkeys(report.environments)
    for finding in report.findings:
        if finding.environment and not compares(finding.environment, report):
            columns[finding.environment] = None
            key = (_heading(finding), finding.subject, finding.kind)
            cells = found.setdefault(key, {})
            cells.setdefault(finding.environment, []).append(finding)
    blocks: dict[str, list[dict[str, Any]]] = {}
    for (heading, subject, _), by_name in sorted(found.items(), key=_order):
        row = [_cell(by_name.get(name, ()), names) for name in columns]
        well = all(cell["tone"] in _CALM for cell in row)
        blocks.setdefault(heading, []).append(
            {"name": breakable(subject), "cells": row, "well": well}
        )
    return {
        "columns": list(map(visible, columns)),
        "blocks": [{"name": visible(name), "rows": rows} for name, rows in blocks.items()],
        "mixed": len({row["well"] for rows in blocks.values() for row in rows}) > 1,
    }


def comparisons(report: Report, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """What compares environments, worst first."""
    found: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in report.findings:
        if compares(finding.environment, report):
            key = (finding.environment, finding.subject, finding.kind)
            found.setdefault(key, []).append(finding)
    made = [
        {
            "name": breakable(subject),
            "environments": visible(environment),
            "cell": _cell(findings, names),
        }
        for (environment, subject, _), findings in found.items()
    ]
    return sorted(made, key=lambda one: (_RANK[one["cell"]["tone"].name], one["name"]))


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


def _cell(findings: Iterable[Finding], names: Mapping[int, str]) -> dict[str, Any]:
    """The worst finding of one check in one environment, its id in the page, and how many more."""
    worst = sorted(findings, key=lambda finding: _RANK[tone(finding).name])
    shown = tone(worst[0]) if worst else ABSENT
    if shown in (ABSENT, PASSED):
        return {"tone": shown, "target": "", "more": 0}
    return {"tone": shown, "target": names[id(worst[0])], "more": len(worst) - 1}
