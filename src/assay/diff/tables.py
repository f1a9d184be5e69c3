"""The rows of tables: what differs between the databases of environments, and what is asked."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING

import msgspec

from assay.comparison import Cell, Pair, Verdict
from assay.diff.rows import DiffRow, Judged, concerned
from assay.facts import State, Unobservable
from assay.kinds.database.spec import Database
from assay.kinds.parity.spec import table_scopes
from assay.kinds.parity.tables import rule_of
from assay.model import Severity
from assay.schema_diff.comparing import Line, Side, lines
from assay.schema_diff.words import aspect_of, reasons, subject_of, texts, title_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from assay.diff.columns import ComparedColumn
    from assay.spec.document import Spec

SECTION = "tables"
"""The word that selects all rows of tables."""


def table_rows(
    spec: Spec, columns: Sequence[ComparedColumn], expected: str = "", only: Sequence[str] = ()
) -> Iterator[DiffRow]:
    """One row for each table in which all agree, and for each trait in which they don't.

    `expected` is demanded of all instead of what the spec demands; `only` are patterns of tables,
    `TABLE.COLUMN` or databases.
    """
    known = sorted(name for column in columns for name in column.databases or ())
    names = dict.fromkeys([*spec.entries(Database), *known])
    judge = _judging(spec, columns, expected)
    for database in names:
        sides = [side for column in columns if (side := _side(column, database))]
        suffix = f" in {database}" if len(names) > 1 else ""
        found = list(lines(sides, wanted=partial(_fits, only, database)))
        differing = {line.table for line in found if line.agrees is not True}
        for line in found if len(sides) > 1 else ():
            if line.agrees is True and line.table in differing:
                continue  # the rows of what differs in it explain it
            told, why = texts(line), reasons(line)
            yield DiffRow(
                sort="table",
                name=subject_of(line) or SECTION,
                title=f"{title_of(line, brief=True)}{suffix}",
                full=f"{title_of(line)}{suffix}",
                database=database,
                aspect=aspect_of(line),
                cells=tuple(_cell(c.label, line, why.get(c.label, "")) for c in columns),
                texts=tuple(told.get(column.label, "-") for column in columns),
                letters=("",) * len(columns),
                agree=line.agrees,
                demands=tuple(judge(line)),
                note=why.get("", ""),
            )


def _side(column: ComparedColumn, database: str) -> Side | None:
    """A database of an environment; None if it uses none of that name."""
    if column.databases is not None:
        outline = column.databases.get(database)
    elif column.file:
        outline = Unobservable(reason=f"{column.label} does not include tables")
    else:
        outline = None
    if outline is None:
        return None
    return Side(label=column.label, outline=outline, pepper=column.pepper)


def _cell(label: str, line: Line, reason: str) -> Cell:
    told = line.cells.get(label)
    if isinstance(told, Unobservable):
        return Cell(state=State.DENIED, reason=reason)
    return Cell(state=State.MISSING if told is None else State.READABLE)


def _fits(only: Sequence[str], database: str, line: Line) -> bool:
    words = (SECTION, database, line.table, subject_of(line), title_of(line))
    whole = not only or line.aspect == SECTION  # whatever is looked for may be there
    return whole or any(word and fnmatchcase(word, p) for p in only for word in words)


def _judging(
    spec: Spec, columns: Sequence[ComparedColumn], expected: str
) -> Callable[[Line], Iterator[Judged]]:
    """What says what became of the demands on a trait."""
    every = tuple(combinations([column.label for column in columns], 2))
    environments = {column.environment for column in columns}
    scopes = [] if expected else list(table_scopes(spec, environments))

    def judged(line: Line) -> Iterator[Judged]:
        if expected in ("same", "identical") and line.asked_by(expected):
            made = _judged(expected, every, Severity.ERROR, line)
            yield msgspec.structs.replace(made, rule="")
        for scope in scopes:
            pairs = concerned(columns, scope.pairs)
            word = scope.parity.of_table(line.table)
            if pairs and line.asked_by(word):
                yield _judged(word or "same", pairs, Severity(scope.parity.severity), line)

    return judged


def _judged(word: str, pairs: Collection[Pair], severity: Severity, line: Line) -> Judged:
    verdict = Verdict(
        broken=tuple(pair for pair in line.broken if pair in pairs),
        unknown=tuple(pair for pair in line.unknown if pair in pairs),
    )
    labels = tuple(c for c in line.cells if any(c in pair for pair in pairs))
    code = rule_of(line).code
    return Judged(demand=word, columns=labels, severity=severity, verdict=verdict, rule=code)
