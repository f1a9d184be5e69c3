"""What requests for no rows tell: whether a table is there, its columns, and the right to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from assay.databases.model import PRIVILEGES, Asked, FoundColumn, FoundTable
from assay.databases.postgrest.faults import Rejected
from assay.databases.postgrest.openapi import NOT_TOLD, OTHER_KEY, REMEDY, UNTOLD
from assay.facts import Unobservable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Ask = Callable[[Sequence[str]], object]
    """Asks for no rows of a table, but for some columns, or all; raises `Rejected`."""

_DENIED = "42501"
_NOT_TRIED = Unobservable(
    reason="it was not tried", remedy="Add `select` to `may` of the table to have it tried."
)
_NOT_READABLE = Unobservable(
    reason="the role may not read the table", remedy="Grant `select` on it to the role."
)
_CHANGES = Unobservable(
    reason="only changing data would show it, which assay never does", remedy=REMEDY
)
_OTHERS = Unobservable(
    reason="the data API lists its columns only to secret keys", remedy=OTHER_KEY
)


def seen_by(role: str, table: FoundTable) -> FoundTable:
    """A table with what a role adds to it: whether rows are hidden, and its rights."""
    hidden: bool | Unobservable = False if role == "service_role" else NOT_TOLD
    untried: dict[str, bool | Unobservable] = dict.fromkeys(PRIVILEGES, _CHANGES)
    may = {**untried, "select": _NOT_TRIED, **table.may}
    return msgspec.structs.replace(table, hidden=hidden, may=may)


def tried(ask: Ask, table: FoundTable) -> FoundTable:
    """A table that is known, with whether the role may read it."""
    try:
        ask(())
    except Rejected as rejected:
        if rejected.lacks_table:  # removed a moment ago, or not known to the API yet
            return table
        if rejected.code != _DENIED:
            raise
        return msgspec.structs.replace(table, may={"select": False})
    return msgspec.structs.replace(table, may={"select": True})


def unlisted(ask: Ask, schema: str, asked: Asked) -> FoundTable | None:
    """A table that is not listed, with those of the asked columns that it has."""
    left = list(dict.fromkeys(asked.columns))
    while True:
        try:
            ask(left)
        except Rejected as rejected:
            if rejected.lacks_table:
                return None
            if rejected.code == _DENIED:
                return _known(asked.table, schema, _NOT_READABLE)
            if not rejected.lacks_column or not left:
                raise
            if rejected.column in left:
                left.remove(rejected.column)
            else:  # no message names those that are not there
                left = [name for name in left if _has(ask, name)]
            continue
        columns = {
            each: FoundColumn(name=each, type=NOT_TOLD, nullable=NOT_TOLD, default=NOT_TOLD)
            for each in left
        }
        return _known(asked.table, schema, columns)


def _has(ask: Ask, name: str) -> bool:
    try:
        ask([name])
    except Rejected as rejected:
        if not rejected.lacks_column:
            raise
        return False
    return True


def _known(name: str, schema: str, columns: dict[str, FoundColumn] | Unobservable) -> FoundTable:
    """A table of which nothing is known but that it is there, and some columns."""
    return FoundTable(
        name=name,
        schema=schema,
        sort="table or view",
        columns=columns,
        primary_key=NOT_TOLD,
        foreign_keys=NOT_TOLD,
        may={"select": not isinstance(columns, Unobservable)},
        untold={"columns": _OTHERS},
        **UNTOLD,
    )
