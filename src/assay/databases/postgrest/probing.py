"""What requests for no rows tell: whether a table is there, its columns, and the right to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import msgspec

from assay.databases.model import PRIVILEGES, FoundColumn, FoundTable
from assay.databases.postgrest.conditions import column
from assay.databases.postgrest.faults import Rejected
from assay.databases.postgrest.openapi import NOT_TOLD, REMEDY
from assay.facts import Unobservable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assay.databases.model import Asked
    from assay.databases.postgrest.paging import Answer

_DENIED = "42501"
_LARGEST = 65536
_NOT_TRIED = Unobservable(
    reason="it was not tried", remedy="Add `select` to `may` of the table to have it tried."
)
_NOT_READABLE = Unobservable(
    reason="the role may not read the table", remedy="Grant `select` on it to the role."
)
_CHANGES = Unobservable(
    reason="only changing data would show it, which assay never does",
    remedy=REMEDY,
)
_OTHERS = Unobservable(
    reason="the data API lists its columns only to secret keys",
    remedy="Use a key that begins with sb_secret_, or declare the database with `sql:`.",
)


class Asker(Protocol):
    """Who sends a request for rows."""

    def rows(
        self, schema: str, table: str, parameters: Sequence[tuple[str, str]], largest: int
    ) -> Answer:
        """See `OpenProject.rows`."""


def seen_by(role: str) -> Callable[[FoundTable], FoundTable]:
    """What a role adds to what is known of a table: whether rows are hidden, and its rights."""
    hidden: bool | Unobservable = False if role == "service_role" else NOT_TOLD
    may: dict[str, bool | Unobservable] = {
        name: _NOT_TRIED if name == "select" else _CHANGES for name in PRIVILEGES
    }
    return lambda table: msgspec.structs.replace(table, hidden=hidden, may={**may, **table.may})


class Prober:
    """Asks for no rows of a table, to see what the answer is."""

    def __init__(self, asker: Asker, seen: Callable[[FoundTable], FoundTable]) -> None:
        self._asker = asker
        self._seen = seen

    def tried(self, schema: str, table: FoundTable) -> FoundTable:
        """A table that is known, with whether the role may read it.

        Raises:
            Rejected: the answer says neither.

        """
        try:
            self._ask(schema, table.name, ())
        except Rejected as rejected:
            if rejected.code == _DENIED:
                return _may_select(table, may=False)
            if rejected.lacks_table:  # removed a moment ago, or not known to the API yet
                return table
            raise
        return _may_select(table, may=True)

    def unlisted(self, schema: str, asked: Asked) -> FoundTable | None:
        """A table that is not listed, with those of the asked columns that it has.

        Raises:
            Rejected: the answer says neither.

        """
        left = list(dict.fromkeys(asked.columns))
        while True:
            try:
                self._ask(schema, asked.table, left)
            except Rejected as rejected:
                if rejected.lacks_table:
                    return None
                if rejected.code == _DENIED:
                    return self._seen(_may_select(_known(asked.table, schema, None), may=False))
                if not rejected.lacks_column or not left:
                    raise
                if rejected.column in left:
                    left.remove(rejected.column)
                else:
                    left = self._each(schema, asked.table, left)
                continue
            return self._seen(_may_select(_known(asked.table, schema, left), may=True))

    def _each(self, schema: str, table: str, columns: Sequence[str]) -> list[str]:
        """Those columns that are there, one by one, where no message names those that are not."""
        found = []
        for name in columns:
            try:
                self._ask(schema, table, [name])
            except Rejected as rejected:
                if not rejected.lacks_column:
                    raise
            else:
                found.append(name)
        return found

    def _ask(self, schema: str, table: str, columns: Sequence[str]) -> None:
        select = ",".join(map(column, columns)) or "*"
        self._asker.rows(schema, table, [("select", select), ("limit", "0")], _LARGEST)


def _may_select(table: FoundTable, *, may: bool) -> FoundTable:
    return msgspec.structs.replace(table, may={**table.may, "select": may})


def _known(name: str, schema: str, columns: Sequence[str] | None) -> FoundTable:
    """A table of which nothing is known but that it is there, and some columns."""
    unknown = {
        each: FoundColumn(name=each, type=NOT_TOLD, nullable=NOT_TOLD, default=NOT_TOLD)
        for each in columns or ()
    }
    return FoundTable(
        name=name,
        schema=schema,
        sort="table or view",
        columns=_NOT_READABLE if columns is None else unknown,
        primary_key=NOT_TOLD,
        foreign_keys=NOT_TOLD,
        unique=NOT_TOLD,
        indexes=NOT_TOLD,
        checks=NOT_TOLD,
        row_security=NOT_TOLD,
        hidden=NOT_TOLD,
        policies=NOT_TOLD,
        grants=NOT_TOLD,
        untold={"columns": _OTHERS},
    )
