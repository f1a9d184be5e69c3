"""A table exists, and is what the application expects: its columns, keys, policies and grants.

It is compared with the live schema of its database, but only in what the spec declares. What a
database does not expose, such as the indexes of a data API, is unknown and never wrong. A missing
column gives one finding, not one more for each key that it is part of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET

from assay.databases.model import Connected, ConnectionOf, Structure, StructureOf, Unreadable
from assay.databases.model import FoundTable as Found
from assay.facts import Facts, Query, Unobservable, Unobserved
from assay.kind import Check, Kind, NotApplicable, Subject
from assay.kinds import reaching
from assay.kinds.database.spec import Database
from assay.kinds.fields import filled
from assay.kinds.sql_words import literal, quoted
from assay.kinds.table import rules
from assay.kinds.table.columns import columns
from assay.kinds.table.keys import keys
from assay.kinds.table.lint import lint
from assay.kinds.table.rights import rights
from assay.kinds.table.sight import VIEWS, Gap, Sight
from assay.kinds.table.spec import Column, Table, parse_table
from assay.spec.structs import shape_of
from assay.suggest import pairs
from assay.words import either, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.document_kind import Parameters
    from assay.model import Violation
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
    return filled(
        ToldTable,
        table,
        name=f"{schema}{called}",
        database=table.database or only,
        view=table.view is True,
        columns=tuple(
            filled(ToldColumn, column, name=name, notes=tuple(_column_notes(name, column, table)))
            for name, column in table.columns.items()
        ),
        notes=tuple(_notes(table)),
        statements=tuple(_statements(table, called)),
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
    for together in table.uniques:
        yield f"unique {_listed(together)}"
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


def checks(spec: Spec, environment: str) -> Iterator[Check[Subject[Table]]]:
    """One check for each table."""
    for name, entry in spec.entries(Table).items():
        table = entry.declared
        database, _ = reaching.database_of(spec, table.database)
        yield entry.check(
            KIND,
            spec,
            environment,
            group=table.group,
            also=tuple(dict.fromkeys((database, table.name or name))),
            requires=reaching.required(spec, environment, database),
        )


def first(model: Subject[Table]) -> Iterator[Query[Any]]:
    """The values that say where its database is, and whether it is looked at."""
    _, database = reaching.database_of(model.spec, model.declared.database)
    return reaching.asked(model.spec, model.environment, database, model.declared.when)


def applies(model: Subject[Table], facts: Facts) -> None:
    """Whether it is looked at in the environment."""
    belongs = model.declared.only_in
    if belongs and model.environment not in belongs:
        raise NotApplicable(f"it belongs only in {either(belongs)}")
    reaching.fulfilled(model.declared.when, model.spec, model.environment, facts)
    reaching.ensure(model.spec, model.environment, model.declared.database, facts)


def _queries(model: Subject[Table]) -> tuple[ConnectionOf, StructureOf]:
    name, database = reaching.database_of(model.spec, model.declared.database)
    asked = reaching.structures(model.spec, model.environment)
    schema = reaching.schema_of(model.declared, database)
    return ConnectionOf(model.environment, name), asked[name, schema]


def evaluate(model: Subject[Table], facts: Facts) -> Iterator[Violation]:
    """What is not as declared; at the end, what could not be reported."""
    connection, query = _queries(model)
    try:
        structure = facts[query]
    except Unobserved as gap:
        if isinstance(gap.fact, Unreadable):
            raise NotApplicable(f"{gap.fact.reason}, which has a finding of its own") from None
        raise
    found = _found(structure, model.declared.name or model.name)
    if found is None:
        meant = facts.once((_meant, query), lambda: _meant(query, structure))
        yield _missing(model, meant)
        return
    connected = facts[connection]
    sight = Sight(
        entry=model.name,
        declared=model.declared,
        found=found,
        structure=structure,
        role=connected.role if isinstance(connected, Connected) else "",
        spec=model.spec,
    )
    for aspect in (_sort, columns, keys, rights):
        for violation in aspect(sight):
            yield violation
            if violation.rule.code == rules.WRONG_KIND.code:
                return  # what else differs follows from that
    if sight.gaps:
        raise Unobserved(_together(sight.gaps, structure.dialect), partly=True)


def _found(structure: Structure, name: str) -> Found | None:
    if structure.dialect == "sqlite" and name not in structure.tables:
        name = next((n for n in structure.tables if n.lower() == name.lower()), name)
    return structure.tables.get(name)


def _missing(model: Subject[Table], meant: Mapping[str, str]) -> Violation:
    table, called = model.declared, model.declared.name or model.name
    name, database = reaching.database_of(model.spec, table.database)
    schema = table.schema or database.schema
    similar = meant.get(called, "")
    violation = rules.MISSING.violated(
        case="similar" if similar else "",
        table=called,
        entry=model.name,
        place=f"the schema {schema} of {name}" if schema else name,
        similar=similar,
    )
    path = ("name",) if table.name else ()
    at = model.spec.location(Table.section, model.name, *path, key=not path)
    return msgspec.structs.replace(violation, declared=at)


def _meant(query: StructureOf, structure: Structure) -> Mapping[str, str]:
    """For each table that is missing the undeclared one that is probably meant."""
    declared = {asked.table for asked in query.asked}
    missing = (name for name in declared if _found(structure, name) is None)
    return pairs(missing, (name for name in structure.tables if name not in declared))


def _sort(sight: Sight) -> Iterator[Violation]:
    """Whether it is a view or a table, if that matters."""
    wanted, sort = sight.declared.view, sight.found.sort
    if wanted is None:
        return
    if sort == "table or view":
        sight.unseen("sort", "tables and views look the same from there")
    elif (sort in VIEWS) is not wanted:
        expected = "view" if wanted else "table"
        yield sight.broken(rules.WRONG_KIND, ("view",), about="view", found=sort, expected=expected)


def _together(gaps: list[Gap], dialect: str) -> Unobservable:
    """One fact of all that could not be reported, by reason."""
    by_reason: dict[str, dict[str, None]] = {}
    for gap in gaps:
        by_reason.setdefault(gap.fact.reason, {})[gap.what] = None
    parts = [f"its {listed([*whats])} ({reason})" for reason, whats in by_reason.items()]
    accept = "pass `--allow-unknown` to accept that it can't be seen from here."
    if dialect == "postgrest":
        accept = f"Use `sql` for what the data API doesn't expose, or {accept}"
    remedy = next((gap.fact.remedy for gap in gaps if gap.fact.remedy), "")
    remedy = remedy or accept[:1].upper() + accept[1:]
    return Unobservable(reason=", ".join(parts), remedy=remedy)


def shape() -> dict[str, Any]:
    """The schema of a table, whose columns may stand as their bare types."""
    shape = shape_of(Table)
    column = shape["properties"]["columns"]["additionalProperties"]
    column["type"] = ["object", "string", "null"]
    return {"title": "table", **shape}


KIND: Kind[Subject[Table]] = Kind(
    name="table",
    section=Table.section,
    rules=rules.rule.made,
    doc=__doc__ or "",
    live=True,
    fields=Table,
    parse=parse_table,
    shape=shape,
    tell=tell,
    prepare=prepare,
    lint=lint,
    checks=checks,
    first=first,
    applies=applies,
    needs=_queries,
    evaluate=evaluate,
)
