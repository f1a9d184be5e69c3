"""The rows of tables: what differs between the databases of environments, and what is asked."""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import combinations
from typing import TYPE_CHECKING

from assay.comparison import Cell, Verdict
from assay.diff.rows import DiffRow, Judged
from assay.facts import State, Unobservable
from assay.kinds.database.spec import Database
from assay.kinds.parity.spec import table_scopes
from assay.model import Severity
from assay.schema_diff.comparing import Side, lines
from assay.schema_diff.demands import asks
from assay.schema_diff.words import aspect_of, reasons, subject_of, texts, title_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assay.diff.columns import ComparedColumn
    from assay.schema_diff.comparing import Line
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
    declared = spec.entries(Database)
    names = dict.fromkeys([*declared, *sorted(n for c in columns for n in c.databases or ())])
    asking = _Asking(spec, columns, expected)
    for database in names:
        sides = [side for column in columns if (side := _side(column, database))]
        if len(sides) > 1:
            suffix = f" in {database}" if len(names) > 1 else ""
            yield from _rows(database, suffix, sides, columns, asking, only)


def _rows(  # noqa: PLR0913, PLR0917 - what is compared, and how it is shown
    database: str,
    suffix: str,
    sides: Sequence[Side],
    columns: Sequence[ComparedColumn],
    asking: _Asking,
    only: Sequence[str],
) -> Iterator[DiffRow]:
    found = list(lines(sides, wanted=lambda line: not only or _fits(line, database, only)))
    differing = {line.table for line in found if line.agrees is not True}
    for line in found:
        if line.agrees is True and line.table in differing:
            continue  # the rows of what differs in it explain it
        told = texts(line)
        why = reasons(line)
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
            demands=tuple(asking.judged(line)),
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


def _fits(line: Line, database: str, only: Iterable[str]) -> bool:
    words = (SECTION, database, line.table, subject_of(line), title_of(line))
    whole = line.aspect == SECTION  # whatever is looked for may be there
    return whole or any(word and fnmatchcase(word, p) for p in only for word in words)


class _Asking:
    """What is asked of tables, between columns."""

    def __init__(self, spec: Spec, columns: Sequence[ComparedColumn], expected: str) -> None:
        self._columns = columns
        self._expected = expected
        environments = {column.environment for column in columns}
        self._scopes = [] if expected else list(table_scopes(spec, environments))

    def judged(self, line: Line) -> Iterator[Judged]:
        """What became of the demands on a trait."""
        pairs = set(combinations([column.label for column in self._columns], 2))
        if self._expected in ("same", "identical") and asks(_Everywhere(self._expected), line):
            yield _judged(self._expected, pairs, Severity.ERROR, line)
        for scope in self._scopes:
            asked = {frozenset(pair) for pair in scope.pairs}
            concerned = {
                (left.label, right.label)
                for left, right in combinations(self._columns, 2)
                if frozenset((left.environment, right.environment)) in asked
            }
            if concerned and asks(scope.parity, line):
                word = scope.parity.of_table(line.table) or "same"
                yield _judged(word, concerned, Severity(scope.parity.severity), line)


class _Everywhere:
    """Asks the same of every table."""

    def __init__(self, word: str) -> None:
        self._word = word

    def of_table(self, name: str) -> str:  # noqa: ARG002 - whichever it is
        """The one word."""
        return self._word


def _judged(word: str, pairs: set[tuple[str, str]], severity: Severity, line: Line) -> Judged:
    verdict = Verdict(
        broken=tuple(pair for pair in line.broken if pair in pairs),
        unknown=tuple(pair for pair in line.unknown if pair in pairs),
    )
    labels = tuple(c for c in line.cells if any(c in pair for pair in pairs))
    return Judged(demand=word, columns=labels, severity=severity, verdict=verdict)
