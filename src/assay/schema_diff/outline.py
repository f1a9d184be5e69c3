"""The outline of a database: what it consists of in short texts, without any literal.

An outline is made of a `Structure`, and holds the same in a form in which two compare trait by
trait, and which a snapshot may keep. What the database did not tell stays untold, with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta

from assay.facts import Unobservable
from assay.schema_diff.expressions import expression

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from assay.databases.model import (
        CheckConstraint,
        FoundColumn,
        FoundForeignKey,
        FoundIndex,
        FoundPolicy,
        FoundTable,
        Structure,
    )

COLUMN_ASPECTS = ("type", "nullable", "default", "generated", "options")
"""Aspects whose items are the columns of a table."""
TABLE_ASPECTS = (
    *("primary key", "foreign keys", "unique", "indexes", "checks"),
    *("row security", "policies", "grants", "column grants"),
)
"""Aspects of a table as a whole; items are what they consist of, such as the role of a grant."""
SHAPE = ("table", "column", "type", "nullable", "options")
"""Aspects that decide what a program can store and read."""


class Partial(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A trait of which its text does not show everything."""

    text: Annotated[str, Meta(description="What is shown of it.")]
    digest: Annotated[
        str,
        Meta(
            description="HMAC-SHA256 under the pepper of the whole, literals included; none if "
            "the whole is not known.",
            pattern="^([0-9a-f]{64})?$",
        ),
    ] = ""


Trait: TypeAlias = str | Partial
Told: TypeAlias = Trait | Unobservable | None
"""None if it is certain that there is none."""
Traits: TypeAlias = dict[str, Trait]
Digest: TypeAlias = "Callable[[str], str]"


class TableOutline(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A table or a view."""

    sort: Annotated[str, Meta(description="Such as `table` or `view`.")] = "table"
    columns: Annotated[list[str], Meta(description="Its columns in their order.")] = []
    traits: Annotated[
        dict[str, Traits],
        Meta(
            description="Aspect, such as `type` or `grants`, to what it consists of: column, role, "
            "policy or the like to a text."
        ),
    ] = {}
    untold: Annotated[
        dict[str, str],
        Meta(description="Aspect to the reason why what is missing in it is not known."),
    ] = {}

    def column(self, name: str) -> Told:
        """Whether there is a column."""
        return "column" if name in self.columns else absent(self.untold, "columns")

    def trait(self, aspect: str, item: str) -> Told:
        """What is known of an item."""
        found = self.traits.get(aspect, {}).get(item)
        return absent(self.untold, aspect) if found is None else found


class Outline(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """The tables of a database, without any row or literal."""

    dialect: Annotated[
        str, Meta(description="Such as `postgresql`, `postgrest` (a data API) or `sqlite`.")
    ]
    schema: Annotated[str, Meta(description="The schema that its tables are in.")] = ""
    tables: Annotated[dict[str, TableOutline], Meta(description="Its tables by name.")] = {}
    extensions: Annotated[list[str], Meta(description="The extensions that are installed.")] = []
    untold: Annotated[
        dict[str, str],
        Meta(description="`tables` or `extensions` to the reason why there may be others."),
    ] = {}

    def table(self, name: str) -> Told:
        """What a table is."""
        table = self.tables.get(name)
        if table is None:
            return absent(self.untold, "tables")
        return Partial(text="table") if table.sort == "table or view" else table.sort

    def extension(self, name: str) -> Told:
        """Whether an extension is installed."""
        return "installed" if name in self.extensions else absent(self.untold, "extensions")


def absent(untold: Mapping[str, str], aspect: str) -> Unobservable | None:
    """What an item is that isn't listed."""
    return Unobservable(reason=untold[aspect]) if aspect in untold else None


def outline_of(structure: Structure, digest: Digest) -> Outline:
    """The outline of a structure.

    `digest` makes 64 hex digits of a text that may hold a secret, under a pepper.
    """
    unlisted = {"tables": structure.unlisted, "extensions": structure.extensions}
    known = structure.extensions
    return Outline(
        dialect=structure.dialect,
        schema=structure.schema,
        tables={
            name: _table(table, digest)
            for name, table in sorted(structure.tables.items())
            if table.sort != "partition"  # each month brings another one
        },
        extensions=[] if isinstance(known, Unobservable) else sorted(known),
        untold={
            aspect: why.reason for aspect, why in unlisted.items() if isinstance(why, Unobservable)
        },
    )


def _table(table: FoundTable, digest: Digest) -> TableOutline:
    columns = {} if isinstance(table.columns, Unobservable) else table.columns
    traits: dict[str, Traits] = {}
    untold = {name.replace("_", " "): why.reason for name, why in table.untold.items()}
    for name, column in columns.items():
        for aspect, told in _of_column(column, columns, digest):
            if isinstance(told, Unobservable):
                untold.setdefault(aspect, told.reason)
            else:
                traits.setdefault(aspect, {})[name] = told
    if isinstance(table.columns, Unobservable):
        untold["columns"] = table.columns.reason
    for aspect, known, made in _aspects(table, columns, digest):
        if isinstance(known, Unobservable):
            untold[aspect] = known.reason
        elif found := made(known):
            traits[aspect] = found
    return TableOutline(sort=table.sort, columns=list(columns), traits=traits, untold=untold)


def _of_column(
    column: FoundColumn, names: Collection[str], digest: Digest
) -> Iterator[tuple[str, Trait | Unobservable]]:
    type_, nullable, default = column.type, column.nullable, column.default
    yield "type", Partial(text=type_) if isinstance(type_, str) and not column.exact else type_
    yield "nullable", nullable if isinstance(nullable, Unobservable) else _yes(nullable)
    if isinstance(default, str):
        yield "default", _expression(default, names, digest)
    else:
        yield "default", "none" if default is None else default
    yield "generated", _yes(column.generated)
    if column.options is not None:
        yield "options", ", ".join(column.options)


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"


def _expression(text: str, names: Collection[str], digest: Digest) -> Trait:
    made = expression(text, names)
    return Partial(text=made.shown, digest=digest(made.full)) if made.hides else made.shown


def _aspects(
    table: FoundTable, columns: Collection[str], digest: Digest
) -> Iterator[tuple[str, Any, Callable[[Any], Traits]]]:
    """Each aspect of a table, what is known of it, and what makes that comparable."""
    yield "primary key", table.primary_key, lambda key: {"": _listed(key)} if key else {}
    yield "foreign keys", table.foreign_keys, _foreign_keys
    yield "unique", table.unique, lambda keys: {_listed(key): "there" for key in keys}
    yield "indexes", table.indexes, lambda found: _indexes(found, table, columns)
    yield "checks", table.checks, lambda found: _checks(found, columns, digest)
    yield "row security", table.row_security, lambda on: {"": "on" if on else "off"}
    yield "policies", table.policies, lambda found: {p.name: _policy(p) for p in found}
    yield "grants", table.grants, _grants
    yield "column grants", table.column_grants, _column_grants


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)


def _foreign_keys(found: Iterable[FoundForeignKey]) -> Traits:
    def order(key: FoundForeignKey) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
        return key.columns, key.table, key.targets

    return _numbered((_listed(key.columns), _target(key)) for key in sorted(found, key=order))


def _target(key: FoundForeignKey) -> Trait:
    where = f"{key.table} ({_listed(key.targets)})"
    rule = key.on_delete
    if isinstance(rule, Unobservable):
        return Partial(text=where)
    return f"{where}, on delete {rule}" if rule and rule != "no action" else where


def _indexes(found: Iterable[FoundIndex], table: FoundTable, columns: Collection[str]) -> Traits:
    """Indexes by what they cover; their names say nothing, and keys are reported elsewhere."""
    told = {table.primary_key} if isinstance(table.primary_key, tuple) else set()
    told |= set(table.unique) if isinstance(table.unique, tuple) else set()
    shown: Traits = {}
    for index in found:
        if index.unique and not index.partial and index.columns in told:
            continue
        words = ["unique"] * index.unique + ["partial"] * index.partial
        parts = [c if c in columns else expression(c, columns).shown for c in index.columns]
        shown[" ".join([_listed(parts), *words])] = "there"
    return shown


def _checks(found: Iterable[CheckConstraint], columns: Collection[str], digest: Digest) -> Traits:
    """Checks by name; those without one by what they say."""
    items: list[tuple[str, Trait]] = []
    for check in found:
        told = _expression(check.expression, columns, digest)
        if check.name:
            items.append((check.name, told))
        elif isinstance(told, str):
            items.append((told, "there"))
        else:
            items.append((told.text, Partial(text="there", digest=told.digest)))
    return _numbered(items)


def _policy(policy: FoundPolicy) -> str:
    sort = "" if policy.permissive else "restrictive, "
    return f"{sort}{policy.command} for {_listed(sorted(policy.roles))}"


def _grants(found: Mapping[str, frozenset[str]]) -> Traits:
    return {role: _listed(sorted(rights)) for role, rights in sorted(found.items()) if rights}


def _column_grants(found: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Traits:
    return {
        role: "; ".join(f"{right} ({_listed(columns)})" for right, columns in sorted(own.items()))
        for role, own in sorted(found.items())
    }


def _numbered(items: Iterable[tuple[str, Trait]]) -> Traits:
    """Items by name, of which several may have one."""
    shown: Traits = {}
    for name, trait in items:
        unique, number = name, 1
        while unique in shown:
            number += 1
            unique = f"{name} ({number})"
        shown[unique] = trait
    return shown
