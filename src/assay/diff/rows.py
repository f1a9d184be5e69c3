"""The rows of a matrix: each name with its cells, what is demanded of them and if it holds."""

from __future__ import annotations

from fnmatch import fnmatchcase
from itertools import combinations
from typing import TYPE_CHECKING, Any

import msgspec

from assay.comparison import Cell, Demand, Pair, Verdict, judge
from assay.diff.columns import ComparedColumn, comparable
from assay.kinds import KINDS
from assay.kinds.parity.spec import NameScope, scopes
from assay.kinds.parity.words import BROKEN
from assay.model import Severity
from assay.spec.document import VARIABLES, Spec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from assay.kind import Kind


VERDICTS: dict[bool | None, str] = {True: "holds", False: "broken", None: "unknown"}


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One demand on a row, and what became of it."""

    demand: str
    columns: tuple[str, ...]
    """The labels of those that it is about."""
    severity: Severity = Severity.ERROR
    verdict: Verdict
    rule: str = ""
    """The code of the rule that it breaks if it is broken; empty if the spec doesn't demand it."""
    waiver: str = ""
    """Why the team accepts that it is broken."""

    @property
    def result(self) -> str:
        """What became of it, in a word."""
        return "waived" if self.waiver else VERDICTS[self.verdict.holds]


class DiffRow(msgspec.Struct, frozen=True, kw_only=True):
    """One name in all columns."""

    sort: str
    """The kind of what it is about, such as `variable`."""
    section: str = ""
    """The section of the spec that declares it; empty for a trait of a table."""
    name: str
    title: str
    """The name and what it is of."""
    cells: tuple[Cell, ...]
    letters: tuple[str, ...]
    """Equal ones stand for equal values; empty if there is no value, or nothing to compare."""
    agree: bool | None
    """Whether all columns have the same; None if that is not known."""
    demands: tuple[Judged, ...] = ()
    database: str = ""
    """Whose table it is."""
    aspect: str = ""
    """What of a table or column it is about; empty for its being there."""
    texts: tuple[str, ...] = ()
    """What is shown of each cell, if that is not made of states and values."""
    full: str = ""
    """The title where nothing is left out of it."""
    note: str = ""
    """Why cells that are known can't be compared."""

    @property
    def notable(self) -> bool:
        """Whether the columns differ, or may, or break what is demanded of them."""
        return not self.agree or any(not judged.verdict.holds for judged in self.demands)


def rows(spec: Spec, columns: Sequence[ComparedColumn], expected: str = "") -> Iterator[DiffRow]:
    """Every name that a column knows: variables as declared, others by name, then keys.

    `expected` is demanded of all rows between all columns instead of what the spec demands.
    """
    demanded: dict[tuple[str, str], list[NameScope]] = {}
    for scope in scopes(spec, {column.environment for column in columns}):
        demanded.setdefault((scope.sort, scope.name), []).append(scope)
    known = [made.section for made in comparable(spec)]
    found = [section for column in columns for section in column.cells if section in KINDS]
    for section in dict.fromkeys((*known, *found)):
        kind = KINDS[section]
        names = {name for column in columns for name in column.cells.get(section, ())}
        for name in dict.fromkeys((*spec.sections.get(section, ()), *sorted(names))):
            asked = () if expected else demanded.get((kind.name, name), ())
            yield _row(kind, name, columns, asked, expected)


def _row(
    kind: Kind[Any],
    name: str,
    columns: Sequence[ComparedColumn],
    asked: Iterable[NameScope],
    expected: str,
) -> DiffRow:
    cells = {column.label: column.cell(kind.section, name) for column in columns}
    demands = [judged for scope in asked if (judged := _judged(scope, columns, cells))]
    pairs = tuple(combinations(cells, 2))
    if expected:
        verdict = judge(Demand(expected), cells, pairs)
        demands.append(Judged(demand=expected, columns=tuple(cells), verdict=verdict))
    return DiffRow(
        sort=kind.name,
        section=kind.section,
        name=name,
        title=name if kind.section == VARIABLES else f"{name} ({kind.name})",
        cells=tuple(cells.values()),
        letters=_letters(tuple(cells.values())),
        agree=judge(Demand("same"), cells, pairs).holds,
        demands=tuple(demands),
    )


def concerned(columns: Sequence[ComparedColumn], asked: Iterable[Pair]) -> list[Pair]:
    """The labels of columns between whose environments something is asked."""
    environments = {frozenset(pair) for pair in asked}
    return [
        (left.label, right.label)
        for left, right in combinations(columns, 2)
        if frozenset((left.environment, right.environment)) in environments
    ]


def _judged(
    scope: NameScope, columns: Sequence[ComparedColumn], cells: Mapping[str, Cell]
) -> Judged | None:
    """A demand on environments as one on columns: several may show the same environment."""
    pairs = concerned(columns, scope.pairs)
    if not pairs:
        return None
    allowed = tuple(c.label for c in columns if c.environment in scope.demand.only_in)
    return Judged(
        demand=str(scope.demand),
        columns=tuple(dict.fromkeys(label for pair in pairs for label in pair)),
        severity=Severity(scope.severity),
        rule=BROKEN[scope.demand.word].code,
        verdict=judge(Demand(scope.demand.word, allowed), cells, pairs),
    )


def _letters(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    peppers = {cell.under for cell in cells if cell.digest}
    if len(peppers) > 1:
        return ("",) * len(cells)  # equal values would have unequal letters
    known = {
        digest: letter(n)
        for n, digest in enumerate(dict.fromkeys(c.digest for c in cells if c.digest))
    }
    return tuple(known.get(cell.digest, "") for cell in cells)


def letter(number: int) -> str:
    """A to Z, then AA to AZ, BA and so on."""
    name = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def selected(found: Sequence[DiffRow], patterns: Sequence[str]) -> list[DiffRow]:
    """The rows whose names or sorts fit one of the patterns; all if there is none."""
    return [row for row in found if not patterns or any(_fits(row, p) for p in patterns)]


def _fits(row: DiffRow, pattern: str) -> bool:
    return fnmatchcase(row.name, pattern) or pattern == f"{row.sort}s"
