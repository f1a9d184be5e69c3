"""A matrix in words: what each cell shows, what became of each demand, and how to read it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from assay.diff.rows import VERDICTS, DiffRow, Judged
from assay.facts import State
from assay.reporters.display import cut_apart
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assay.comparison import Cell
    from assay.diff.columns import ComparedColumn

LONGEST = 60
"""Characters of a value; more would say little more, and fill the screen."""
RESULTS = (*VERDICTS.values(), "waived")


class ShownRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row as texts."""

    row: DiffRow
    cells: tuple[str, ...]
    styles: tuple[str, ...]
    verdict: str
    brief: str
    """The verdict without the environments that it is about."""
    style: str
    """`holds`, `broken`, `unknown` or `waived`; empty if nothing is demanded."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A matrix as texts, without any value that may not be shown."""

    columns: tuple[ComparedColumn, ...]
    rows: tuple[ShownRow, ...]
    hidden: int
    """Rows that are left out, because all agree in them."""
    demands: dict[str, int]
    """How many demands hold, are broken, can't be reported, or are waived."""

    @property
    def labels(self) -> tuple[str, ...]:
        """The heads of the columns."""
        return tuple(column.label for column in self.columns)


def shown(
    columns: Sequence[ComparedColumn],
    rows: Sequence[DiffRow],
    *,
    every: bool,
    clean: Callable[[str], bool],
) -> Shown:
    """The rows that differ or break a demand, or `every` one.

    `clean` says whether a value is free of what some secret holds.
    """
    chosen = [row for row in rows if every or row.notable]
    verdicts = Counter(j.result for row in rows for j in row.demands)
    return Shown(
        columns=tuple(columns),
        rows=tuple(_row(row, columns, clean) for row in chosen),
        hidden=len(rows) - len(chosen),
        demands={word: verdicts[word] for word in RESULTS},
    )


def _row(row: DiffRow, columns: Sequence[ComparedColumn], clean: Callable[[str], bool]) -> ShownRow:
    values = [_value(row, column, clean) for column in columns]
    shorter = cut_apart(values, [LONGEST] * len(values))
    plain = all(value for value, cell in zip(values, row.cells, strict=True) if cell.digest)
    cells = [
        _cell(cell, letter, value, plain=plain)
        for cell, letter, value in zip(row.cells, row.letters, shorter, strict=True)
    ]
    if row.texts:
        texts = [text if clean(text) else "set" for text in row.texts]
        cells = cut_apart(texts, [LONGEST] * len(texts))
    results = [judged.result for judged in row.demands]
    worst = next((bad for bad in ("broken", "unknown", "waived") if bad in results), "holds")
    return ShownRow(
        row=row,
        cells=tuple(cells),
        styles=tuple(_style(cell, told=bool(row.texts)) for cell in row.cells),
        verdict=", ".join(_said(judged, columns) for judged in row.demands),
        brief=", ".join(f"{j.demand}: {j.result}" for j in row.demands),
        style=worst if row.demands else "",
    )


def _value(row: DiffRow, column: ComparedColumn, clean: Callable[[str], bool]) -> str:
    """The value of a cell where it may be shown."""
    value = column.value(row.section, row.name)
    return value if value and clean(value) else ""


def _cell(cell: Cell, letter: str, text: str, *, plain: bool) -> str:
    if not cell.digest:
        return _STATES[cell.state]
    if cell.state is State.EMPTY:
        return "empty"
    default = " (default)" if cell.state is State.MISSING else ""
    if plain:
        return f"{text}{default}"
    name = f"value {letter}" if letter else "set"
    return f"{name}: {text}{default}" if text else f"{name}{default}"


_STATES = {
    State.READABLE: "set",
    State.EMPTY: "empty",
    State.MISSING: "missing",
    State.UNREADABLE: "unreadable",
    State.DIGEST: "unreadable",
    State.DENIED: "unknown",
}


def _style(cell: Cell, *, told: bool) -> str:
    if cell.state in (State.MISSING, State.EMPTY):
        return "dim" if cell.digest else "unset"
    known = cell.digest or (told and cell.state is State.READABLE)
    return "" if known else "unknown"


def _said(judged: Judged, columns: Sequence[ComparedColumn]) -> str:
    """`same: holds`; with the columns it is about where it is not about all."""
    verdict = judged.result
    if len(judged.columns) == len(columns):
        return f"{judged.demand}: {verdict}"
    about = [column for column in columns if column.label in judged.columns]
    names = [column.environment for column in about]
    if len(set(names)) < len(names):
        names = [column.label for column in about]
    return f"{judged.demand} ({', '.join(names)}): {verdict}"


def legend(matrix: Shown) -> Iterator[str]:
    """How to read a matrix, what it leaves out, and why something is not known."""
    total = len(matrix.rows) + matrix.hidden
    if not matrix.rows:
        yield f"{_names(total)} compared: all match" if total else "nothing to compare"
    elif matrix.hidden:
        left_out = "1 more matches" if matrix.hidden == 1 else f"{matrix.hidden} more match"
        yield f"{len(matrix.rows)} of {_names(total)} shown; {left_out} (`--matching` shows them)"
    else:
        yield f"{_names(total)} compared"
    counts = [f"{n} {_PLURAL.get(w, w) if n > 1 else w}" for w, n in matrix.demands.items() if n]
    if counts:
        yield f"parity: {', '.join(counts)}"
    if any(any(row.row.letters) and "value " in " ".join(row.cells) for row in matrix.rows):
        yield "within a row, the same letter means the same value"
    yield from notes(matrix)


_PLURAL = {"holds": "hold"}


def notes(matrix: Shown) -> Iterator[str]:
    """Why something is not known, each reason once."""
    for column in matrix.columns:
        if column.trouble:
            yield f"{column.label} is unknown: {column.trouble}"
    told: dict[tuple[str, str], list[str]] = {}
    for shown_row in matrix.rows:
        title = shown_row.row.full or shown_row.row.title
        for column, cell in zip(matrix.columns, shown_row.row.cells, strict=True):
            if cell.reason and not column.trouble:
                told.setdefault((title, cell.reason), []).append(column.label)
        if shown_row.row.note:
            told.setdefault((title, shown_row.row.note), [])
    for (title, reason), labels in told.items():
        where = f" in {listed(labels)}" if labels else ""
        yield f"{title}{where}: {reason}"
    yield from _waivers(matrix)
    peppers = {c.under for row in matrix.rows for c in row.row.cells if c.digest}
    if len(peppers) > 1:
        yield (
            "values under different peppers can't be compared: set ASSAY_PEPPER to the pepper of "
            "the snapshots, or recreate them with the same pepper"
        )


def _waivers(matrix: Shown) -> Iterator[str]:
    for row in (shown_row.row for shown_row in matrix.rows):
        for waiver in dict.fromkeys(judged.waiver for judged in row.demands if judged.waiver):
            yield f"{row.full or row.title} is waived: {waiver}"


def _names(count: int) -> str:
    return "1 name" if count == 1 else f"{count} names"
