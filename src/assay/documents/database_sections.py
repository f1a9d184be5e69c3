"""Databases and tables, as documents tell them: what must be there, and which rights to grant."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import msgspec
from msgspec import UNSET

from assay.documents.markdown import line
from assay.kinds.sql_words import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.documents.base import Parameters
    from assay.kinds.database.spec import Database as DeclaredDatabase
    from assay.kinds.table.spec import Column as DeclaredColumn
    from assay.kinds.table.spec import Table as DeclaredTable
    from assay.spec.document import Spec


class Database(msgspec.Struct, frozen=True, kw_only=True):
    """A database."""

    name: str
    description: str
    label: str
    """Where it is, in words."""
    variables: tuple[str, ...]
    role: str
    extensions: tuple[str, ...]
    when: str


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a table."""

    name: str
    type: str
    description: str
    notes: tuple[str, ...]
    """What is asked of it beside its type, in words."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table or view."""

    name: str
    """What the database calls it, with its schema where that is another one."""
    database: str
    description: str
    view: bool
    columns: tuple[Column, ...]
    notes: tuple[str, ...]
    """What is asked of its keys, rows and rights, in words."""
    statements: tuple[str, ...]
    """The SQL that gives it the rights that are declared."""
    when: str
    only_in: tuple[str, ...]


def databases_of(spec: Spec, parameters: Parameters) -> list[Database]:
    """The databases that a document tells of."""
    return [
        _database(name, entry.declared)
        for name, entry in spec.sections.get("databases", {}).items()
        if _chosen(name, entry.declared.group, parameters)
    ]


def tables_of(spec: Spec, parameters: Parameters) -> list[Table]:
    """The tables that a document tells of."""
    only = next(iter(spec.sections.get("databases", {})), "")
    here = parameters.environment
    return [
        _table(name, entry.declared, only)
        for name, entry in spec.sections.get("tables", {}).items()
        if _chosen(name, entry.declared.group, parameters)
        and (here is None or not entry.declared.only_in or here in entry.declared.only_in)
    ]


def _chosen(name: str, group: str, parameters: Parameters) -> bool:
    if parameters.groups and group not in parameters.groups:
        return False
    return not parameters.only or any(fnmatchcase(name, p) for p in parameters.only)


def _database(name: str, database: DeclaredDatabase) -> Database:
    return Database(
        name=line(name),
        description=line(database.description),
        label=line(database.reached_by.label),
        variables=tuple(map(line, database.reached_by.variables)),
        role=line(database.role),
        extensions=tuple(map(line, database.extensions)),
        when=line(database.when or ""),
    )


def _table(entry: str, table: DeclaredTable, only: str) -> Table:
    called = table.name or entry
    schema = f"{table.schema}." if table.schema else ""
    return Table(
        name=line(f"{schema}{called}"),
        database=line(table.database or only),
        description=line(table.description),
        view=table.view is True,
        columns=tuple(_column(name, column, table) for name, column in table.columns.items()),
        notes=tuple(map(line, _notes(table))),
        statements=tuple(map(line, _statements(table, called))),
        when=line(table.when or ""),
        only_in=table.only_in,
    )


def _column(name: str, column: DeclaredColumn, table: DeclaredTable) -> Column:
    return Column(
        name=line(name),
        type=line(column.type),
        description=line(column.description),
        notes=tuple(map(line, _column_notes(name, column, table))),
    )


def _column_notes(name: str, column: DeclaredColumn, table: DeclaredTable) -> Iterator[str]:
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


def _notes(table: DeclaredTable) -> Iterator[str]:
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


def _statements(table: DeclaredTable, called: str) -> Iterator[str]:
    name = f"{quoted(table.schema)}." if table.schema else ""
    name += quoted(called)
    if table.row_level_security:
        yield f"alter table {name} enable row level security;"
    for role, privileges in table.grants.items():
        if privileges:
            yield f"grant {', '.join(privileges)} on {name} to {quoted(role)};"
        else:
            yield f"revoke all on {name} from {quoted(role)};"
