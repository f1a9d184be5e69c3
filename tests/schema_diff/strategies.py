"""Structures of databases, and all the ways to change one thing of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import strategies as st

from assay.databases.model import (
    PRIVILEGES,
    CheckConstraint,
    FoundColumn,
    FoundForeignKey,
    FoundIndex,
    FoundPolicy,
    FoundTable,
    Structure,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NAMES = st.sampled_from(
    ("id", "type", "no", "tenant_id", "Amount", "näme", 'quo"ted', "two words", "state")
)
TYPES = ("uuid", "text", "integer", "bigint", "bytea", "numeric(10, 2)", "timestamp with time zone")
DEFAULTS = (None, "now()", "0", "'sandbox'::text", "gen_random_uuid()", "nextval('s'::regclass)")
_change = msgspec.structs.replace


@st.composite
def columns(draw: st.DrawFn) -> dict[str, FoundColumn]:
    names = draw(st.lists(NAMES, min_size=2, max_size=5, unique=True))
    return {
        name: FoundColumn(
            name=name,
            type=draw(st.sampled_from(TYPES)),
            nullable=draw(st.booleans()),
            default=draw(st.sampled_from(DEFAULTS)),
            generated=draw(st.booleans()),
            options=draw(st.sampled_from((None, None, ("a", "b")))),
        )
        for name in names
    }


@st.composite
def tables(draw: st.DrawFn, name: str = "payments") -> FoundTable:
    made = draw(columns())
    some = st.lists(st.sampled_from(list(made)), min_size=1, max_size=2, unique=True).map(tuple)
    return FoundTable(
        name=name,
        sort=draw(st.sampled_from(("table", "view", "partitioned table"))),
        columns=made,
        primary_key=draw(some | st.just(())),
        foreign_keys=tuple(
            FoundForeignKey(columns=key, table="tenants", targets=("id",) * len(key))
            for key in draw(st.lists(some, max_size=2, unique=True))
        ),
        unique=tuple(draw(st.lists(some, max_size=2, unique=True))),
        indexes=tuple(
            FoundIndex(name=f"i{n}", columns=key)
            for n, key in enumerate(draw(st.lists(some, max_size=2, unique=True)))
        ),
        checks=tuple(
            CheckConstraint(name=f"c{n}", expression=text)
            for n, text in enumerate(draw(st.lists(st.sampled_from(("id > 0", "id < 9")))))
        ),
        row_security=draw(st.booleans()),
        policies=tuple(
            FoundPolicy(name=f"p{n}", command="select", roles=("anon",))
            for n in range(draw(st.integers(0, 2)))
        ),
        grants={
            role: frozenset(draw(st.sets(st.sampled_from(PRIVILEGES), min_size=1)))
            for role in draw(st.lists(st.sampled_from(("anon", "service_role")), unique=True))
        },
    )


@st.composite
def structures(draw: st.DrawFn, dialect: str = "postgresql") -> Structure:
    names = draw(st.lists(st.sampled_from(("payments", "on", "Ünï")), min_size=1, unique=True))
    return Structure(
        dialect=dialect,
        schema="public",
        tables={name: draw(tables(name)) for name in names},
        extensions=tuple(draw(st.lists(st.sampled_from(("pgcrypto", "citext")), unique=True))),
    )


def with_table(found: Structure, name: str, **changes: Any) -> Structure:
    """The same structure with one table changed."""
    table = _change(found.tables[name], **changes)
    return _change(found, tables={**found.tables, name: table})


def _column(**changes: Any) -> Callable[[Any], FoundTable]:
    def change(table: Any) -> FoundTable:
        first = next(iter(table.columns))
        made = _change(table.columns[first], **changes)
        changed: FoundTable = _change(table, columns={**table.columns, first: made})
        return changed

    return change


def _first(table: Any) -> FoundColumn:
    found: FoundColumn = next(iter(table.columns.values()))
    return found


MUTATIONS: dict[str, Callable[[Any], FoundTable]] = {
    "type": _column(type="interval"),
    "nullable": lambda t: _column(nullable=not _first(t).nullable)(t),
    "default": _column(default="'another'"),
    "generated": lambda t: _column(generated=not _first(t).generated)(t),
    "options": _column(options=("a", "b", "c")),
    "column": lambda t: _change(
        t, columns={**t.columns, "new": FoundColumn(name="new", type="text", nullable=True)}
    ),
    "table": lambda t: _change(t, sort="foreign table"),
    "primary key": lambda t: _change(t, primary_key=("elsewhere",)),
    "foreign keys": lambda t: _change(
        t,
        foreign_keys=(*t.foreign_keys, FoundForeignKey(columns=("x",), table="y", targets=("z",))),
    ),
    "unique": lambda t: _change(t, unique=(*t.unique, ("one", "more"))),
    "indexes": lambda t: _change(
        t, indexes=(*t.indexes, FoundIndex(name="n", columns=("one", "more")))
    ),
    "checks": lambda t: _change(
        t, checks=(*t.checks, CheckConstraint(name="new", expression="1 = 1"))
    ),
    "row security": lambda t: _change(t, row_security=not t.row_security),
    "policies": lambda t: _change(
        t, policies=(*t.policies, FoundPolicy(name="new", command="all", roles=("anon",)))
    ),
    "grants": lambda t: _change(t, grants={**t.grants, "other": frozenset(("select",))}),
    "column grants": lambda t: _change(t, column_grants={"anon": {"select": ("id",)}}),
}
"""Aspect to a change of it and nothing else."""
