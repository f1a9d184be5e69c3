"""A table as it is declared, beside the table as it was found: what its aspects are judged by."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from assay.databases.model import FoundColumn, Structure
from assay.databases.model import FoundTable as Found
from assay.facts import Unobservable
from assay.kinds.sql_words import quoted, tokens
from assay.kinds.table.spec import Table
from assay.model import Rule, Severity, Violation
from assay.spec.document import Spec

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")
VIEWS = frozenset(("view", "materialized view"))
_OTHERS = {"mariadb": "MariaDB", "mssql": "SQL Server", "mysql": "MySQL", "oracle": "Oracle"}
"""Dialects that write SQL differently than remedies do, and what people call them."""


class Gap(NamedTuple):
    """An aspect that is asked for and can't be reported."""

    what: str
    """In words that follow "its": `indexes`."""
    fact: Unobservable


class Sight(msgspec.Struct, frozen=True, kw_only=True):
    """One table, declared and found."""

    entry: str
    """Its name in the spec."""
    declared: Table
    found: Found
    structure: Structure
    role: str
    """The role that assay is there; empty if there are none."""
    spec: Spec
    gaps: list[Gap] = []
    """What could not be reported so far."""

    def seen(self, what: str, value: T | Unobservable) -> T | None:
        """What was reported; None if it wasn't, which is noted."""
        if isinstance(value, Unobservable):
            self.gaps.append(Gap(what, value))
            return None
        return value

    def unseen(self, what: str, reason: str | Unobservable | None) -> bool:
        """Whether there is a reason why something can't be reported, which is noted."""
        if reason is not None:
            fact = Unobservable(reason=reason) if isinstance(reason, str) else reason
            self.gaps.append(Gap(what, fact))
        return reason is not None

    @property
    def name(self) -> str:
        """What the database calls it."""
        return self.found.name

    @property
    def sql(self) -> str:
        """Its name as SQL reads it."""
        if self.declared.schema:
            return f"{quoted(self.declared.schema)}.{quoted(self.name)}"
        return quoted(self.name)

    @property
    def is_sqlite(self) -> bool:
        """Whether names have no case, few things can be altered, and there are no roles."""
        return self.structure.dialect == "sqlite"

    def column(self, name: str) -> FoundColumn | None:
        """The column called `name`; None if there is none, or it can't be reported."""
        if isinstance(self.found.columns, Unobservable):
            return None
        exact = self.found.columns.get(name)
        if exact is not None or not self.is_sqlite:
            return exact
        return next((c for n, c in self.found.columns.items() if n.lower() == name.lower()), None)

    def has(self, *names: str) -> bool:
        """Whether all columns are there, as far as is known; a missing one is reported alone."""
        if isinstance(self.found.columns, Unobservable):
            return True
        return all(self.column(name) is not None or not _is_name(name) for name in names)

    def alike(self, left: Iterable[str], right: Iterable[str], *, ordered: bool = False) -> bool:
        """Whether two lists name the same columns or expressions."""
        mine, theirs = (tuple(map(self._folded, names)) for names in (left, right))
        return mine == theirs if ordered else set(mine) == set(theirs)

    def _folded(self, name: str) -> str:
        if not _is_name(name):
            return " ".join(tokens(name))
        return name.lower() if self.is_sqlite else name

    def broken(  # noqa: PLR0913 - each is independent of the others
        self,
        rule: Rule,
        path: tuple[str | int, ...],
        *,
        about: str = "",
        case: str = "",
        advice: str = "",
        change: str = "",
        severity: Severity | None = None,
        on_key: bool = False,
        **values: str,
    ) -> Violation:
        """A violation that points at a field of the entry.

        `about` follows the entry's name, and `change` what alters the table; SQLite needs the
        `definition` to recreate it with.
        """
        if change:
            values["sql"] = f"alter table {self.sql} {change};"
        place = ".".join(map(str, path[:2])).removeprefix("columns.")
        made = rule.violated(case=case, advice=advice)
        made = made.with_values(table=self.name, entry=self.entry, **values)
        chosen = advice or case
        if self.is_sqlite:
            made = made.advised("sqlite")
        elif other := _OTHERS.get(self.structure.dialect):
            made = made.with_values(dialect=other)
            translated = f"{chosen}-translated" if chosen in rule.remedies else "translated"
            if translated in rule.remedies:
                made = msgspec.structs.replace(made, advice=translated)
        return msgspec.structs.replace(
            made,
            subject=f"{self.entry}.{about or place}",
            severity=severity,
            declared=self.spec.location(Table.section, self.entry, *path, key=on_key),
        )

    def real(self, table: str) -> str:
        """What the database calls a table, which the spec may call otherwise."""
        entry = self.spec.entries(Table).get(table)
        if entry is None:
            return table
        name = entry.declared.name or table
        schema = entry.declared.schema
        return f"{schema}.{name}" if schema and schema != self.declared.schema else name

    def other(self, table: str) -> str:
        """The name of a table of the same database as SQL reads it."""
        return ".".join(map(quoted, self.real(table).split(".")))

    def gap(self, field: str, *others: str) -> Unobservable | None:
        """Why there may be more in a field than was reported there, and in others."""
        values = (getattr(self.found, name) for name in (field, *others))
        return next((v for v in values if isinstance(v, Unobservable)), self.untold(field))

    def untold(self, field: str) -> Unobservable | None:
        """Why a field that is there may lack something."""
        return self.found.untold.get(field)


def severity_of(extra: str) -> Severity:
    """How bad it is that something is there which the spec does not declare."""
    return Severity.ERROR if extra == "fail" else Severity.WARNING


def known(value: T | Unobservable, empty: T) -> T:
    """What was reported; `empty` where nothing was."""
    return empty if isinstance(value, Unobservable) else value


def _is_name(text: str) -> bool:
    """Whether it is a column's name, and no expression."""
    return "(" not in text
