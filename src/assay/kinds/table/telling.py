"""Tables as documents report them: what must be there, and which rights to grant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from assay.kinds.database.spec import Database
from assay.kinds.sql_words import literal, quoted
from assay.kinds.table.spec import Column, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.document_kind import Parameters
    from assay.spec.document import Spec


class ToldColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a table."""

    name: str
    type: str
    description: str
    notes: tuple[str, ...]
    """What is asked of it beside its type, in words."""


class ToldTable(msgspec.Struct, frozen=True, kw_only=True):
    """A table or view."""

    name: str
    """What the database calls it, with its schema if that is a different one."""
    database: str
    description: str
    view: bool
    columns: tuple[ToldColumn, ...]
    notes: tuple[str, ...]
    """What is asked of its keys, rows and rights, in words."""
    statements: tuple[str, ...]
    """The SQL that gives it the rights that are declared."""
    when: str
    only_in: tuple[str, ...]


def tell(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """The tables that a document covers."""
    only = next(iter(spec.entries(Database)), "")
    return {
        "tables": [
            _table(name, entry.declared, only)
            for name, entry in spec.entries(Table).items()
            if parameters.chooses(name, entry.declared.group, entry.declared.only_in)
        ]
    }


def prepare(spec: Spec, parameters: Parameters) -> Iterator[str]:
    """The statements that grant the declared rights."""
    for table in tell(spec, parameters)["tables"]:
        yield from table.statements


def _table(entry: str, table: Table, only: str) -> ToldTable:
    called = table.name or entry
    schema = f"{table.schema}." if table.schema else ""
    return ToldTable(
        name=f"{schema}{called}",
        database=table.database or only,
        description=table.description,
        view=table.view is True,
        columns=tuple(_column(name, column, table) for name, column in table.columns.items()),
        notes=tuple(_notes(table)),
        statements=tuple(_statements(table, called)),
        when=table.when or "",
        only_in=table.only_in,
    )


def _column(name: str, column: Column, table: Table) -> ToldColumn:
    return ToldColumn(
        name=name,
        type=column.type,
        description=column.description,
        notes=tuple(_column_notes(name, column, table)),
    )


def _column_notes(name: str, column: Column, table: Table) -> Iterator[str]:
    if name in (table.key or ()):
        yield "primary key"
    if column.nullable is not None:
        yield "nullable" if column.nullable else "not null"
    if column.unique:
        yield "unique"
    if column.generated:
        yield "generated"
    if column.default is not UNSET:
        yield "no default" if column.default is None else f"default `{literal(column.default)}`"
    if column.options is not None:
        yield f"one of {', '.join(column.options)}"
    reference = column.reference
    if reference is not None:
        dot = f".{reference.column}" if reference.column else ""
        action = f", on delete {reference.on_delete}" if reference.on_delete else ""
        yield f"references `{reference.table}{dot}`{action}"
    if column.check:
        yield f"check `{column.check}`"


def _notes(table: Table) -> Iterator[str]:
    if table.key is not None and not set(table.key) <= set(table.columns):
        yield f"primary key {_listed(table.key)}"
    for columns in table.uniques:
        yield f"unique {_listed(columns)}"
    for key in table.foreign_keys:
        yield f"{_listed(key.columns)} references `{key.table}` {_listed(key.targets)}"
    for index in table.wanted_indexes:
        yield f"{'unique index' if index.unique else 'index'} on {_listed(index.columns)}"
    for check in table.checks:
        text = check if isinstance(check, str) else check.expression or check.name
        yield f"check `{text}`"
    if table.row_level_security is not None:
        yield f"row level security {'on' if table.row_level_security else 'off'}"
    for name, policy in table.wanted_policies.items():
        command = f" for {policy.command}" if policy.command else ""
        roles = f" to {', '.join(policy.roles)}" if policy.roles else ""
        yield f"policy `{name}`{command}{roles}"
    for role, privileges in table.grants.items():
        yield f"`{role}` may {', '.join(privileges) or 'do nothing'}"
    if table.may:
        yield f"assay's own role may {', '.join(table.may)}"


def _listed(names: tuple[str, ...]) -> str:
    return f"`({', '.join(names)})`"


def _statements(table: Table, called: str) -> Iterator[str]:
    name = f"{quoted(table.schema)}." if table.schema else ""
    name += quoted(called)
    if table.row_level_security:
        yield f"alter table {name} enable row level security;"
    for role, privileges in table.grants.items():
        if privileges:
            yield f"grant {', '.join(privileges)} on {name} to {quoted(role)};"
        else:
            yield f"revoke all on {name} from {quoted(role)};"
