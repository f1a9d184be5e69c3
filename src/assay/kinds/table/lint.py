"""What is wrong with a table's declaration beyond its shape; found offline."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.kind import Flaw
from assay.kinds import conditions
from assay.kinds.database.spec import Database
from assay.kinds.flaws import bad, unknown
from assay.kinds.table.spec import CheckRule, Table
from assay.spec import rules
from assay.suggest import hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.kind import Entry
    from assay.spec.document import Spec

Path = tuple[str | int, ...]


def lint(entry: Entry[Table], spec: Spec) -> Iterator[Flaw]:
    """Names that nothing declares, and fields that contradict each other."""
    table: Table = entry.declared
    yield from _database(table, spec)
    yield from _columns(table)
    if table.view:
        yield from _of_a_view(table)
    yield from _references(table, spec)
    for number, check in enumerate(table.checks):
        text = check.name + check.expression if isinstance(check, CheckRule) else check
        if not text.strip():
            reason = "it has neither a name nor an expression"
            yield bad(("checks", number), "checks", reason, "Remove it from `checks`.")
    for number, name in enumerate(table.only_in):
        yield from unknown(("only-in", number), name, spec.environments, "an environment")
    if table.when is not None:
        yield from conditions.flaws(("when",), table.when, spec)


def _database(table: Table, spec: Spec) -> Iterator[Flaw]:
    databases = spec.entries(Database)
    known = [*databases, *spec.unread(Database.section)]
    if table.database:
        yield from unknown(("database",), table.database, known, "a database of the spec")
    elif not known:
        reason = "the table needs one, but the spec declares no `databases`"
        step = "Add `databases: {main: {sql: {url: DATABASE_URL}}}` to the spec."
        yield Flaw(rules.PARAMETER, (), {"field": "database", "reason": reason, "step": step})
    elif len(known) > 1:
        reason = f"it must say in which of {', '.join(known)} the table is"
        yield bad(
            (), "database", reason, f"Add `database: {next(iter(known))}`, or the other one's name."
        )
    chosen = databases.get(table.database or next(iter(known), ""))
    if chosen is not None and chosen.declared.reached_by.offline:
        yield from _in_a_file(table)


def _in_a_file(table: Table) -> Iterator[Flaw]:
    """What a SQLite file does not know."""
    if table.schema not in ("", "main"):
        yield bad(("schema",), "schema", "a SQLite file has one schema only, called main")
    if table.row_level_security:
        yield _absent("row-level-security", "SQLite has no row level security")
    for field in ("policies", "grants"):
        if getattr(table, field):
            yield _absent(field, "SQLite has no roles")


def _absent(field: str, why: str) -> Flaw:
    return bad((field,), field, why, step=f"Remove `{field}`.")


def _of_a_view(table: Table) -> Iterator[Flaw]:
    """What no view has."""
    for field in ("primary-key", "foreign-keys", "checks", "row-level-security", "policies"):
        if getattr(table, field.replace("-", "_")):
            yield bad((field,), field, f"a view has no {field.replace('-', ' ')}")
    for name, column in table.columns.items():
        for field in ("primary-key", "references", "check"):
            if getattr(column, field.replace("-", "_")):
                yield bad(
                    ("columns", name, field), field, f"a view has no {field.replace('-', ' ')}"
                )


def _columns(table: Table) -> Iterator[Flaw]:
    by_columns = tuple(name for name, column in table.columns.items() if column.primary_key)
    if table.primary_key is not None and by_columns and set(table.primary_key) != set(by_columns):
        reason = f"the columns say that it is ({', '.join(by_columns)})"
        yield bad(("primary-key",), "primary-key", reason)
    for name in table.key or ():
        column = table.columns.get(name)
        if column is not None and column.nullable:
            path = ("columns", name, "nullable")
            yield bad(path, "nullable", "a column of the primary key is never null")
    if table.extra_columns != "allow" and not table.columns:
        yield bad(("extra-columns",), "extra-columns", "the entry declares no columns")
    for name, column in table.columns.items():
        traits = _TRAITS.split(column.type, maxsplit=1)
        if len(traits) > 1:
            step = f"Write `{name}: {{type: {traits[0]}, ...}}` with fields such as "
            step += "`nullable: false`, `primary-key: true`, `unique: true` and `default`."
            reason = "expected a type alone, without constraints"
            yield bad(("columns", name), "type", reason, step)
        if column.options is not None and not column.options:
            yield bad(("columns", name, "options"), "options", "the list is empty")
    if table.columns and table.extra_columns == "fail":
        yield from _unlisted(table)


_TRAITS = re.compile(r"(?i)\s+(?:not null|null|primary key|unique|default|references)\b")
"""What follows a column's type in SQL."""


def _unlisted(table: Table) -> Iterator[Flaw]:
    """Columns that keys name, where no other than the declared ones may be there."""
    named: list[tuple[Path, str]] = []
    named += [(("primary-key", n), name) for n, name in enumerate(table.primary_key or ())]
    for n, columns in enumerate(table.uniques):
        named += [(("unique", n), name) for name in columns]
    for n, index in enumerate(table.wanted_indexes):
        named += [(("indexes", n), name) for name in index.columns if "(" not in name]
    for n, key in enumerate(table.foreign_keys):
        named += [(("foreign-keys", n, "columns"), name) for name in key.columns]
    for path, name in named:
        yield from unknown(path, name, table.columns, "a column of this entry")


def _references(table: Table, spec: Spec) -> Iterator[Flaw]:
    """Columns of tables that the spec declares too, and without that column."""
    for number, key in enumerate(table.foreign_keys):
        if key.targets and len(key.targets) != len(key.columns):
            reason = f"there are {len(key.columns)} columns, and {len(key.targets)} targets"
            yield bad(("foreign-keys", number, "targets"), "targets", reason)
    tables = spec.entries(Table)
    for name, column in table.columns.items():
        called = re.fullmatch(r"([\w.]+)\s*\((\w+)\)", str(column.references))
        if called is not None:
            step = f"Write `references: {called[1]}.{called[2]}`."
            reason = "expected a column such as tenants.id"
            yield bad(("columns", name, "references"), "references", reason, step)
            continue
        reference = column.reference
        if reference is None or not reference.table:
            continue
        entry = tables.get(reference.table)
        if entry is None or not reference.column:
            continue
        other: Table = entry.declared
        near = hint(reference.column, other.columns)
        if reference.column not in other.columns and (near or other.extra_columns == "fail"):
            expected = f"a column of {reference.table}"
            path = ("columns", name, "references")
            yield from unknown(path, reference.column, other.columns, expected)
