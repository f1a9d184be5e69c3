"""What differs between outlines of databases, trait by trait, and what can't be reported."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import msgspec

from assay.comparison import Pair, verdict_of
from assay.facts import Unobservable
from assay.schema_diff.outline import (
    COLUMN_ASPECTS,
    SHAPE,
    TABLE_ASPECTS,
    Outline,
    Partial,
    TableOutline,
    Told,
    Trait,
    absent,
)
from assay.schema_diff.types import same_type

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence


_PORTABLE = frozenset(("table", "column", "primary key", "foreign keys", "unique", "indexes"))
"""Aspects that databases of different sorts have in the same sense."""


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One database that is compared."""

    label: str
    outline: Outline | Unobservable
    pepper: str
    """The name of the one that its digests are made with."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One trait on all sides that have what it is a trait of."""

    table: str
    """Empty for what is not of one table."""
    aspect: str
    """`table`, `column`, `type`, `grants` and the like."""
    item: str = ""
    """The column, role, policy or the like."""
    cells: Mapping[str, Told]
    """By the label of the side."""
    broken: tuple[Pair, ...] = ()
    unknown: tuple[Pair, ...] = ()
    reason: str = ""
    """Why it is unknown, where all sides tell theirs."""
    tables: int = 1
    """How many tables it is about."""

    @property
    def agrees(self) -> bool | None:
        """Whether all sides have the same; None if that is unknown."""
        return False if self.broken else None if self.unknown else True

    def asked_by(self, word: str | None) -> bool:
        """Whether `same`, `identical` or `any`, as said of its table, is about it."""
        if word == "same":
            return self.aspect in (*SHAPE, "columns", "tables")
        return word == "identical" or self.aspect == "tables"


def lines(
    sides: Sequence[Side],
    pairs: Collection[Pair] | None = None,
    *,
    wanted: Callable[[Line], bool] = lambda _: True,
) -> Iterator[Line]:
    """What the sides have in common and what not.

    One line for each table, which says whether all have it; then one for each trait in which they
    differ. What one side does not tell at all is one line for all tables.

    Args:
        sides: at least two.
        pairs: the labels to be compared with each other; all by default.
        wanted: whether a trait is looked at.

    """
    asked = set(combinations([side.label for side in sides], 2) if pairs is None else pairs)
    silent = {s.label: s.outline for s in sides if isinstance(s.outline, Unobservable)}
    cells: dict[str, Told] = {side.label: silent.get(side.label, "told") for side in sides}
    unknown = tuple(pair for pair in sorted(asked) if not silent.keys().isdisjoint(pair))
    hidden = Line(table="", aspect="tables", cells=cells, unknown=unknown)
    if unknown and wanted(hidden):
        yield hidden
    if sum(isinstance(side.outline, Outline) for side in sides) < 2:
        return
    match = _Match(sides, asked)
    untold: list[Line] = []
    for line in match.tables():
        if (line.agrees is True and line.aspect != "table") or not wanted(line):
            continue
        if line.broken or line.aspect == "table":
            yield line
        else:
            untold.append(line)
    yield from _gathered(untold)
    yield from (line for line in match.extensions() if line.agrees is not True and wanted(line))


class _Match:
    """Compares what outlines tell."""

    def __init__(self, sides: Sequence[Side], pairs: Collection[Pair]) -> None:
        self._outlines = {s.label: s.outline for s in sides if isinstance(s.outline, Outline)}
        self._peppers = {side.label: side.pepper for side in sides}
        self._pairs = pairs

    def tables(self) -> Iterator[Line]:
        """A line for each table, followed by those of what it consists of."""
        known = self._outlines
        for name in sorted({name for outline in known.values() for name in outline.tables}):
            yield self._line(name, "table", "", {k: o.table(name) for k, o in known.items()})
            having = {label: o.tables[name] for label, o in known.items() if name in o.tables}
            if len(having) > 1:
                yield from self._columns(name, having)
                yield from self._aspects(name, having)

    def extensions(self) -> Iterator[Line]:
        """The lines of extensions."""
        known = self._outlines
        for name in sorted({name for outline in known.values() for name in outline.extensions}):
            yield self._line(
                "", "extension", name, {k: o.extension(name) for k, o in known.items()}
            )

    def _columns(self, name: str, having: Mapping[str, TableOutline]) -> Iterator[Line]:
        if any("columns" in table.untold and not table.columns for table in having.values()):
            hidden = {k: absent(t.untold, "columns") or "told" for k, t in having.items()}
            yield self._line(name, "columns", "", hidden)
        tables = {label: table for label, table in having.items() if table.columns}
        for column in dict.fromkeys(c for table in tables.values() for c in table.columns):
            found = {label: table.column(column) for label, table in tables.items()}
            yield self._line(name, "column", column, found)
            own = {label: table for label, table in tables.items() if column in table.columns}
            for aspect in COLUMN_ASPECTS if len(own) > 1 else ():
                yield self._line(name, aspect, column, _cells(own, aspect, column))

    def _aspects(self, name: str, having: Mapping[str, TableOutline]) -> Iterator[Line]:
        for aspect in TABLE_ASPECTS:
            items = dict.fromkeys(i for t in having.values() for i in t.traits.get(aspect, ()))
            for item in items or ([""] if any(aspect in t.untold for t in having.values()) else ()):
                yield self._line(name, aspect, item, _cells(having, aspect, item))

    def _line(self, table: str, aspect: str, item: str, cells: Mapping[str, Told]) -> Line:
        """The line of one trait."""

        def same(left: str, right: str) -> bool | None:
            return self._same(aspect, (left, right), cells[left], cells[right])

        verdict = verdict_of((p for p in combinations(cells, 2) if p in self._pairs), same)
        told = [p for p in verdict.unknown if not any(_is_hidden(cells[label]) for label in p)]
        return Line(
            table=table,
            aspect=aspect,
            item=item,
            cells=cells,
            broken=verdict.broken,
            unknown=verdict.unknown,
            reason=self._reason(aspect, told[0]) if told else "",
        )

    def _same(self, aspect: str, pair: Pair, left: Told, right: Told) -> bool | None:
        if isinstance(left, Unobservable) or isinstance(right, Unobservable):
            return None
        alike = self._alike(pair)
        if aspect == "type" and left is not None and right is not None:
            exact = isinstance(left, str) and isinstance(right, str)
            return same_type(_text(left), _text(right), exact=exact, alike=alike)
        same = _equal(left, right, [self._peppers[label] for label in pair])
        if same is False and not alike and aspect not in _PORTABLE:
            return False if aspect == "nullable" else None
        return same

    def _alike(self, pair: Pair) -> bool:
        left, right = (_FAMILIES.get(d, d) for d in (self._outlines[p].dialect for p in pair))
        return left == right

    def _reason(self, aspect: str, pair: Pair) -> str:
        """Why two traits that are reported can't be compared."""
        left, right = (self._outlines[label].dialect for label in pair)
        if not self._alike(pair):
            return f"{left} and {right} have no common words for it"
        if aspect == "type":
            return "one side does not tell its length or precision"
        return (
            "it holds literals, which can be compared under one pepper only"
            if self._peppers[pair[0]] != self._peppers[pair[1]]
            else "one side does not tell all of it"
        )


_FAMILIES = {"postgrest": "postgresql"}
"""Dialects that speak of the same types."""


def _equal(left: Trait | None, right: Trait | None, peppers: Sequence[str]) -> bool | None:
    """Whether two traits of one dialect are the same."""
    if left is None or right is None:
        return left is right
    mine, theirs = _text(left), _text(right)
    if mine != theirs:
        inexact = any(isinstance(told, Partial) and not told.digest for told in (left, right))
        begins = mine.startswith(theirs) or theirs.startswith(mine)
        return None if inexact and begins else False
    if isinstance(left, str) and isinstance(right, str):
        return True
    digests = [told.digest if isinstance(told, Partial) else "" for told in (left, right)]
    if not all(digests) or peppers[0] != peppers[1]:
        return None
    return digests[0] == digests[1]


def _is_hidden(told: Told) -> bool:
    return isinstance(told, Unobservable)


def _text(told: Trait) -> str:
    return told if isinstance(told, str) else told.text


def _cells(tables: Mapping[str, TableOutline], aspect: str, item: str) -> dict[str, Told]:
    return {label: table.trait(aspect, item) for label, table in tables.items()}


def _gathered(found: Iterable[Line]) -> Iterator[Line]:
    """What is not told for one reason, once for all tables and items."""
    groups: dict[tuple[object, ...], list[Line]] = {}
    for line in found:
        reasons = tuple(
            (label, told.reason if isinstance(told, Unobservable) else "")
            for label, told in line.cells.items()
        )
        groups.setdefault((line.aspect, reasons, line.reason, line.unknown), []).append(line)
    yield from _merged([_summed(group) for group in groups.values()])


def _summed(group: Sequence[Line]) -> Line:
    """One line for several of one aspect."""
    first, tables = group[0], {line.table for line in group}
    if len(group) == 1:
        return first
    cells: dict[str, Told] = {
        label: told if isinstance(told, Unobservable) else "told"
        for label, told in first.cells.items()
    }
    table = first.table if len(tables) == 1 else ""
    return msgspec.structs.replace(first, table=table, item="", cells=cells, tables=len(tables))


def _merged(found: Iterable[Line]) -> Iterator[Line]:
    """One line for several aspects of the same tables; those of the shape stay alone."""
    groups: dict[object, list[Line]] = {}
    for number, line in enumerate(found):
        alone = line.item or line.aspect in (*SHAPE, "columns")
        same = (line.table, line.tables, tuple(line.cells.items()), line.unknown, line.reason)
        groups.setdefault(number if alone else same, []).append(line)
    for group in groups.values():
        yield msgspec.structs.replace(group[0], aspect=", ".join(line.aspect for line in group))
