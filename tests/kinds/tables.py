"""Tables of databases, the specs that they fulfil, and everything that can go wrong with one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import yaml
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
from assay.facts import Unobservable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Mutation = Callable[[FoundTable], tuple[FoundTable, str, str] | None]
    """A table with one thing changed, the rule that it breaks, and the part that it is about."""

HEAD = """\
variables: {DATABASE_URL: {type: postgres}}
databases: {main: {sql: {url: DATABASE_URL}}}
"""
VALUES = {"DATABASE_URL": "postgresql://app:hunter2hunter2@db.example.com/app"}
TYPES = ("bigint", "bytea", "boolean", "character varying(40)", "integer", "jsonb", "text", "uuid")
SHORT = {"bigint": "int8", "character varying(40)": "varchar(40)", "integer": "int4"}
DEFAULTS = {
    "bigint": "0",
    "boolean": "false",
    "integer": "'7'::integer",
    "text": "'pending'::text",
    "uuid": "gen_random_uuid()",
}
SAID = {"0": 0, "false": False, "'7'::integer": 7, "'pending'::text": "pending"}
"""Defaults as a person writes them."""
NAMES = ("alpha", "beta", "gamma", "delta", "user", "Mixed Case")
ROLES = ("anon", "authenticated", "service_role")


@st.composite
def tables(draw: st.DrawFn) -> FoundTable:
    """A table with columns, keys, checks and rights of all sorts."""
    names = draw(st.permutations(NAMES))[: draw(st.integers(2, len(NAMES)))]
    columns = {name: draw(_columns(name)) for name in names}
    mood = FoundColumn(name="mood", type="mood", nullable=True, options=("happy", "sad"))
    level = FoundColumn(name="level", type="text", nullable=False)
    columns |= {"mood": mood, "level": level}
    single = st.sampled_from(names).map(lambda name: (name,))
    first, second = names[0], names[1]
    columns[first] = msgspec.structs.replace(columns[first], nullable=False)
    privileges = st.frozensets(st.sampled_from(PRIVILEGES[:4]), min_size=1)
    return FoundTable(
        name="tenants",
        schema="public",
        columns=columns,
        primary_key=(first,),
        foreign_keys=(
            FoundForeignKey(columns=(second,), table="other", targets=("id",), on_delete="cascade"),
            FoundForeignKey(columns=(first, second), table="auth.pairs", targets=("a", "b")),
        ),
        unique=tuple(dict.fromkeys([(second, first), draw(single)])),
        indexes=(
            FoundIndex(name="i1", columns=("level", second)),
            FoundIndex(name="i2", columns=("lower(level)",), partial=True),
        ),
        checks=(
            CheckConstraint(name="level_check", expression=_any_of("level", "high", "low")),
            CheckConstraint(name="positive", expression="((length(level) > (0)::integer))"),
        ),
        row_security=draw(st.booleans()),
        policies=(
            FoundPolicy(name="own rows", command="select", roles=("authenticated", "anon")),
            FoundPolicy(name="all", command="all", roles=("service_role",), permissive=False),
        ),
        grants={"service_role": draw(privileges), "authenticated": draw(privileges)},
        may={privilege: privilege in ("select", "update") for privilege in PRIVILEGES},
    )


def _any_of(column: str, *values: str) -> str:
    texts = ", ".join(f"'{value}'::text" for value in values)
    return f"(({column} = ANY (ARRAY[{texts}])))"


def _columns(name: str) -> st.SearchStrategy[FoundColumn]:
    def made(type_: str, nullable: bool, given: bool) -> FoundColumn:
        default = DEFAULTS.get(type_) if given else None
        return FoundColumn(name=name, type=type_, nullable=nullable, default=default)

    return st.builds(made, st.sampled_from(TYPES), st.booleans(), st.booleans())


def structure(table: FoundTable, **more: Any) -> Structure:
    """The schema around a table."""
    there = {"tables": {table.name: table}, "roles": ROLES, **more}
    return Structure(dialect="postgresql", schema="public", **there)


def spec_of(table: FoundTable) -> str:
    """The spec that says of a table all that can be said."""
    keys = {key.columns: key for key in table.foreign_keys}  # type: ignore[union-attr]  # as made
    columns: dict[str, Any] = {}
    for name, column in table.columns.items():  # type: ignore[union-attr]  # as made
        said: dict[str, Any] = {"type": SHORT.get(str(column.type), column.type)}
        key = name in table.primary_key  # type: ignore[operator]  # as made
        said |= {"nullable": column.nullable and not key, "generated": column.generated}
        said["default"] = SAID.get(str(column.default), column.default)
        if (name,) in keys:
            found = keys[name,]
            target = {"table": found.table, "column": found.targets[0]}
            said["references"] = {**target, "on-delete": found.on_delete}
        columns[name] = said
    columns["mood"]["options"] = ["sad", "happy"]
    columns["level"]["options"] = ["low", "high"]
    entry = {
        "columns": columns,
        "extra-columns": "fail",
        "view": False,
        "primary-key": list(table.primary_key),  # type: ignore[arg-type]  # as made
        "foreign-keys": [
            {"columns": list(k.columns), "table": k.table, "targets": list(k.targets)}
            for k in keys.values()
            if len(k.columns) > 1
        ],
        "unique": [list(group) for group in table.unique],  # type: ignore[union-attr]  # as made
        "indexes": ["level", "lower( level )"],
        "checks": ["level_check", "length(level) > 0"],
        "row-level-security": table.row_security,
        "policies": {
            p.name: {"command": p.command, "roles": list(p.roles), "permissive": p.permissive}
            for p in table.policies  # type: ignore[union-attr]  # as made
        },
        "grants": {
            **{role: sorted(has) for role, has in table.grants.items()},  # type: ignore[union-attr]  # as made
            "anon": [],
        },
        "may": ["select", "update"],
    }
    return yaml.safe_dump({"tables": {table.name: entry}}, sort_keys=False)


def changed(table: FoundTable, **fields: Any) -> FoundTable:
    return msgspec.structs.replace(table, **fields)


def with_column(table: FoundTable, name: str, **fields: Any) -> FoundTable:
    columns: Mapping[str, FoundColumn] = table.columns  # type: ignore[assignment]  # as made
    return changed(
        table, columns={**columns, name: msgspec.structs.replace(columns[name], **fields)}
    )


def _without(table: FoundTable, name: str) -> tuple[FoundTable, str, str]:
    """A table that lacks a column, and all that the column was part of."""
    columns = {n: c for n, c in table.columns.items() if n != name}  # type: ignore[union-attr]  # as made
    return changed(table, columns=columns), "column-missing", name


def _first(table: FoundTable) -> str:
    return next(iter(table.columns))  # type: ignore[arg-type]  # as made


def _wider(table: FoundTable) -> tuple[FoundTable, str, str]:
    grants = {**table.grants, "anon": frozenset({"select"})}  # type: ignore[dict-item]  # as made
    return changed(table, grants=grants), "table-grant-excess", "grants.anon"


def _narrower(table: FoundTable) -> tuple[FoundTable, str, str]:
    has = sorted(table.grants["service_role"])  # type: ignore[index]  # as made
    grants = {**table.grants, "service_role": frozenset(has[1:])}  # type: ignore[dict-item]  # as made
    return changed(table, grants=grants), "table-grant-missing", "grants.service_role"


def _nullable(table: FoundTable) -> tuple[FoundTable, str, str] | None:
    columns: Mapping[str, FoundColumn] = table.columns  # type: ignore[assignment]  # as made
    for name, column in columns.items():
        if name not in table.primary_key:  # type: ignore[operator]  # as made
            rule = "column-not-null" if column.nullable else "column-nullable"
            return with_column(table, name, nullable=not column.nullable), rule, name
    return None


def _repeating(table: FoundTable) -> tuple[FoundTable, str, str]:
    first, *rest = table.unique  # type: ignore[misc]  # as made
    return changed(table, unique=tuple(rest)), "table-not-unique", f"unique({', '.join(first)})"


def _pointing(given: FoundTable, /, **fields: Any) -> FoundTable:
    single, *rest = given.foreign_keys  # type: ignore[misc]  # as made
    return changed(given, foreign_keys=(msgspec.structs.replace(single, **fields), *rest))


def _second(table: FoundTable) -> str:
    return str(table.foreign_keys[0].columns[0])  # type: ignore[index]  # as made


def _policy(table: FoundTable, **fields: Any) -> FoundTable:
    own, *rest = table.policies  # type: ignore[misc]  # as made
    return changed(table, policies=(msgspec.structs.replace(own, **fields), *rest))


MUTATIONS: dict[str, Mutation] = {
    "a policy added": lambda t: (
        changed(
            t,
            policies=(*t.policies, FoundPolicy(name="more", command="select", roles=("public",))),  # type: ignore[misc]  # as made
        ),
        "table-policy-undeclared",
        "policies.more",
    ),
    "a role let in": lambda t: (
        changed(t, grants={**t.grants, "reporting": frozenset({"select"})}),  # type: ignore[dict-item]  # as made
        "table-grant-undeclared",
        "grants.reporting",
    ),
    "a column dropped": lambda t: _without(t, _first(t)),
    "a column renamed": lambda t: (
        changed(
            t,
            columns={
                ("moood" if n == "mood" else n): c
                for n, c in t.columns.items()  # type: ignore[union-attr]  # as made
            },
        ),
        "column-missing",
        "mood",
    ),
    "a column added": lambda t: (
        changed(
            t,
            columns={**t.columns, "legacy": FoundColumn(name="legacy", type="text", nullable=True)},  # type: ignore[dict-item]  # as made
        ),
        "column-undeclared",
        "legacy",
    ),
    "another type": lambda t: (
        with_column(t, _first(t), type="inet"),
        "column-wrong-type",
        _first(t),
    ),
    "another length": lambda t: next(
        (
            (with_column(t, n, type="character varying(80)"), "column-wrong-type", n)
            for n, c in t.columns.items()  # type: ignore[union-attr]  # as made
            if c.type == "character varying(40)"
        ),
        None,
    ),
    "nullability": _nullable,
    "another default": lambda t: (
        with_column(t, _first(t), default="'sk_live_hunter2hunter2'::text"),
        "column-wrong-default",
        _first(t),
    ),
    "generated": lambda t: (
        with_column(t, _first(t), generated=True),
        "column-generated",
        _first(t),
    ),
    "an enum grows": lambda t: (
        with_column(t, "mood", options=("happy", "sad", "angry")),
        "column-wrong-options",
        "mood",
    ),
    "an enum shrinks": lambda t: (
        with_column(t, "mood", options=("happy",)),
        "column-wrong-options",
        "mood",
    ),
    "another primary key": lambda t: (
        changed(t, primary_key=("level",)),
        "table-wrong-primary-key",
        "primary-key",
    ),
    "a foreign key dropped": lambda t: (
        changed(t, foreign_keys=t.foreign_keys[1:]),  # type: ignore[index]  # as made
        "table-foreign-key-missing",
        _second(t),
    ),
    "a foreign key elsewhere": lambda t: (
        _pointing(t, table="archive.other"),
        "table-foreign-key-missing",
        _second(t),
    ),
    "a foreign key of two dropped": lambda t: (
        changed(t, foreign_keys=t.foreign_keys[:1]),  # type: ignore[index]  # as made
        "table-foreign-key-missing",
        f"foreign-keys({', '.join(t.foreign_keys[1].columns)})",  # type: ignore[index]  # as made
    ),
    "another action": lambda t: (
        _pointing(t, on_delete="set null"),
        "table-wrong-on-delete",
        _second(t),
    ),
    "a unique constraint dropped": _repeating,
    "an index dropped": lambda t: (
        changed(t, indexes=t.indexes[:1]),  # type: ignore[index]  # as made
        "table-index-missing",
        "indexes(lower( level ))",
    ),
    "a check dropped": lambda t: (
        changed(t, checks=t.checks[:1]),  # type: ignore[index]  # as made
        "table-check-missing",
        "checks(length(level) > 0)",
    ),
    "row level security": lambda t: (
        changed(t, row_security=not t.row_security),
        "table-row-security-off" if t.row_security else "table-row-security-on",
        "row-level-security",
    ),
    "a policy dropped": lambda t: (
        changed(t, policies=t.policies[1:]),  # type: ignore[index]  # as made
        "table-policy-missing",
        "policies.own rows",
    ),
    "a policy for another command": lambda t: (
        _policy(t, command="all"),
        "table-policy-differs",
        "policies.own rows",
    ),
    "a policy for everybody": lambda t: (
        _policy(t, roles=("public",)),
        "table-policy-differs",
        "policies.own rows",
    ),
    "a policy that restricts": lambda t: (
        _policy(t, permissive=False),
        "table-policy-differs",
        "policies.own rows",
    ),
    "a privilege granted": _wider,
    "a privilege revoked": _narrower,
    "our own privilege revoked": lambda t: (
        changed(t, may={**t.may, "update": False}),
        "table-privilege-missing",
        "may.update",
    ),
    "a view in its place": lambda t: (changed(t, sort="view"), "table-wrong-kind", "view"),
    "another table": lambda t: (changed(t, name="tenant"), "table-missing", ""),
}

UNTOLD = Unobservable(reason="nobody tells")
ASPECTS = (
    *("checks", "columns", "foreign_keys", "grants", "indexes", "policies", "primary_key"),
    *("row_security", "unique"),
)
