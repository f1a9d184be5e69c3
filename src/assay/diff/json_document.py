"""The matrix as JSON, for programs; what it holds is described in docs/snapshots.md."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from assay.diff.words import VERDICTS, notes

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.comparison import Cell
    from assay.diff.columns import ComparedColumn
    from assay.diff.words import Shown, ShownRow


def render(shown: Shown, *, exit_code: int, clean: Callable[[str], bool]) -> str:
    """One JSON document, indented."""
    data = {
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
        "rows": [_row(row, shown, clean) for row in shown.rows],
        "notes": list(notes(shown)),
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _row(row: ShownRow, shown: Shown, clean: Callable[[str], bool]) -> dict[str, Any]:
    found = row.row
    texts = row.cells if found.texts else ("",) * len(found.cells)
    cells = zip(shown.columns, found.cells, found.letters, texts, strict=True)
    return {
        "name": found.name,
        "kind": found.sort,
        **({"database": found.database, "aspect": found.aspect} if found.sort == "table" else {}),
        "agree": found.agree,
        "cells": {
            c.label: {**_cell(c, cell, letter, row, clean), **({"value": text} if text else {})}
            for c, cell, letter, text in cells
        },
        "demands": [
            {
                "demand": judged.demand,
                "columns": list(judged.columns),
                "severity": str(judged.severity),
                "verdict": VERDICTS[judged.verdict.holds],
            }
            for judged in found.demands
        ],
    }


def _cell(
    column: ComparedColumn, cell: Cell, letter: str, row: ShownRow, clean: Callable[[str], bool]
) -> dict[str, Any]:
    value = column.value(row.row.section, row.row.name)
    return {
        "state": str(cell.state),
        "group": letter or None,
        "value": value if value is not None and cell.digest and clean(value) else None,
        "reason": cell.reason or None,
    }
