"""What a spec may say of a table: its columns, its keys, and who may do what with it."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from assay.databases.model import Privilege
from assay.kinds.fields import Loosens, Said, about, condition, described
from assay.spec.narrows import (
    EXEMPTING,
    FREE,
    GROWING,
    SHRINKING,
    SWITCHED_ON,
    growing,
    merging,
    ordered,
)

Names = Annotated[tuple[str, ...], Meta(min_length=1)]
Command: TypeAlias = Literal["all", "select", "insert", "update", "delete"]
OnDelete = Annotated[
    Literal["no action", "restrict", "cascade", "set null", "set default"] | None,
    about("What happens to a row here when the row that it refers to is deleted."),
]
Extra: TypeAlias = Literal["allow", "warn", "fail"]
EXTRA = {
    "allow": "They are not reported.",
    "warn": "Each is a warning.",
    "fail": "Each is an error.",
}
UNNAMED = merging(ordered("allow", None, "warn", "fail"))
"""For what to do about things that the spec does not declare; by default it depends."""


class ColumnReference(Said, frozen=True, kw_only=True):
    """A column of a different table, in which the values of this one stand."""

    table: Annotated[str, about("The other table, with its schema if that is a different one.")]
    column: Annotated[str, about("Its column; any column if empty.")] = ""
    on_delete: OnDelete = None


class Column(Said, frozen=True, kw_only=True):
    """A column; only what is said of it is looked at. Its bare type stands for `{type: ...}`."""

    short: ClassVar[str] = "type"
    """The field that a bare text stands for."""

    type: Annotated[
        str,
        about(
            "Its type, by any of the names that the database knows it by: `int4` and "
            "`integer` are the same. Any type if empty.",
            ["uuid", "varchar(40)", "timestamptz", "text[]"],
        ),
    ] = ""
    description: Annotated[str, described("What it holds")] = ""
    nullable: Annotated[bool | None, about("Whether it may hold no value.")] = None
    default: Annotated[
        str | int | float | bool | UnsetType | None,
        about(
            "What fills it where nothing is given: a value, or an expression of the "
            "database; `null` if there must be nothing.",
            ["now()", "pending", 0],
        ),
    ] = UNSET
    primary_key: Annotated[bool, about("Whether it is of the primary key."), SWITCHED_ON] = False
    references: Annotated[
        str | ColumnReference | None,
        about(
            "The column of the referenced table, which its values come from.",
            ["tenants.id", {"table": "tenants", "column": "id", "on-delete": "cascade"}],
        ),
    ] = None
    unique: Annotated[bool, about("Whether no two rows may hold the same value."), SWITCHED_ON] = (
        False
    )
    options: Annotated[
        tuple[str, ...] | None,
        about(
            "The only values that it may hold: those of its enum type, or of a check.",
            [["sandbox", "production"]],
        ),
        SHRINKING,
    ] = None
    check: Annotated[
        str,
        about(
            "The condition that its values must meet: the name of a check, or its expression.",
            ["amount > 0"],
        ),
    ] = ""
    generated: Annotated[
        bool | None,
        about(
            "Whether the database makes its value: an identity, or an expression of other columns."
        ),
    ] = None

    @property
    def reference(self) -> ColumnReference | None:
        """What it references, spelt out: `tenants.id` and `auth.users.id` end with the column."""
        if not isinstance(self.references, str):
            return self.references
        table, dot, column = self.references.rpartition(".")
        return ColumnReference(table=table, column=column) if dot else ColumnReference(table=column)


class ForeignKey(Said, frozen=True, kw_only=True):
    """Columns whose values stand together in another table."""

    columns: Annotated[Names, about("The columns here.")]
    table: Annotated[str, about("The other table, with its schema if that is a different one.")]
    targets: Annotated[
        tuple[str, ...], about("The columns there, in the same order; any if empty.")
    ] = ()
    on_delete: OnDelete = None


class Index(Said, frozen=True, kw_only=True):
    """An index. One that covers some rows only counts too."""

    columns: Annotated[Names, about("The first columns of the index, in their order.")]
    unique: Annotated[
        bool, about("Whether it keeps those columns, and no others, from repeating.")
    ] = False


class CheckRule(Said, frozen=True, kw_only=True):
    """A condition that all rows meet, by its name, its expression, or both."""

    name: Annotated[str, about("The name of the constraint.")] = ""
    expression: Annotated[str, about("The condition, in SQL.", ["amount > 0"])] = ""


class Policy(Said, frozen=True, kw_only=True):
    """A policy of row level security; only what is said of it is looked at."""

    command: Annotated[Command | None, about("What it is for.")] = None
    roles: Annotated[
        tuple[str, ...] | None, about("Whom it is for, and nobody else.", [["authenticated"]])
    ] = None
    permissive: Annotated[
        bool | None, about("Whether it allows rows, or restricts what others allow.")
    ] = None


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A table that the application uses; only what is said of it is looked at."""

    section: ClassVar[str] = "tables"

    description: Annotated[str, described("What it holds")] = ""
    database: Annotated[
        str, about("The database that it is in; may be left out if there is one.")
    ] = ""
    name: Annotated[str, about("Its name in the database, if that differs from the entry's.")] = ""
    schema: Annotated[
        str, about("The schema that it is in; that of the database if empty.", ["billing"])
    ] = ""
    view: Annotated[
        bool | None, about("Whether it must be a view, or a table; either by default.")
    ] = None
    columns: Annotated[
        dict[str, Column],
        about(
            "Its columns by name, each with its type, or with all that is asked of it.",
            [{"id": "uuid", "email": {"type": "text", "nullable": False}}],
        ),
        merging(named=True, of=Column),
    ] = {}
    extra_columns: Annotated[
        Extra,
        about("What to do about columns that are not declared.", meanings=EXTRA),
        merging(ordered(None, "allow", "warn", "fail")),
    ] = "allow"
    primary_key: Annotated[
        tuple[str, ...] | None,
        about(
            "The columns of its primary key, in any order; `[]` if there must be none.",
            [["tenant_id", "month"]],
        ),
    ] = None
    foreign_keys: Annotated[
        tuple[ForeignKey, ...],
        about("Foreign keys of several columns; those of one column are declared there."),
        GROWING,
    ] = ()
    unique: Annotated[
        tuple[str | Names, ...],
        about("Columns that together must not repeat.", [[["tenant_id", "environment"]]]),
        GROWING,
    ] = ()
    indexes: Annotated[
        tuple[str | Names | Index, ...],
        about(
            "Columns by which rows must be found fast. An index that begins with them "
            "counts, and so does a key.",
            [["created_at", ["tenant_id", "environment"]]],
        ),
        GROWING,
    ] = ()
    checks: Annotated[
        tuple[str | CheckRule, ...],
        about(
            "Conditions that all rows meet: names of checks, or their expressions.",
            [["amount > 0", "dates_in_order"]],
        ),
        GROWING,
    ] = ()
    row_level_security: Annotated[
        bool | None, about("Whether row level security must be on, or off.")
    ] = None
    policies: Annotated[
        dict[str, Policy | None] | tuple[str, ...],
        about(
            "The policies of row level security that must be there, by name.",
            [{"own rows": {"command": "select", "roles": ["authenticated"]}}],
        ),
        merging(growing, named=True, of=Policy),
    ] = {}
    extra_policies: Annotated[
        Extra | None,
        about(
            "What to do about permissive policies that are not declared, each of "
            "which lets more rows through; `warn` if the spec declares any.",
            meanings=EXTRA,
        ),
        UNNAMED,
    ] = None
    grants: Annotated[
        dict[str, tuple[Privilege, ...]],
        about(
            "Role to its privileges. `[]` means none at all; any that is not listed is a warning.",
            [{"service_role": ["select", "insert"], "anon": []}],
        ),
        merging(named=True),
    ] = {}
    extra_grants: Annotated[
        Extra | None,
        about(
            "What to do about roles, other than the owner, that have privileges but "
            "aren't in `grants`; `warn` if `grants` lists any role.",
            meanings=EXTRA,
        ),
        UNNAMED,
    ] = None
    may: Annotated[
        tuple[Privilege, ...],
        about(
            "What the role that assay connects with must be allowed; no data is "
            "changed to find out.",
            [["select", "update"]],
        ),
        GROWING,
    ] = ()
    when: Annotated[str | None, condition("nothing of the table is checked.")] = None
    only_in: Annotated[
        tuple[str, ...],
        about("The only environments that have it; all by default.", [["production"]]),
        EXEMPTING,
    ] = ()
    group: Annotated[str, about("The heading under which documents list it."), FREE] = ""
    loosens: Loosens = ()

    @property
    def key(self) -> tuple[str, ...] | None:
        """The columns of the primary key; None if nothing is said of it."""
        if self.primary_key is not None:
            return self.primary_key
        return tuple(name for name, column in self.columns.items() if column.primary_key) or None

    @property
    def uniques(self) -> tuple[tuple[str, ...], ...]:
        """The groups of columns that must not repeat, in the order of the field."""
        return tuple(_group(item) for item in self.unique)

    @property
    def wanted_indexes(self) -> tuple[Index, ...]:
        """The indexes, spelt out."""
        return tuple(
            item if isinstance(item, Index) else Index(columns=_group(item))
            for item in self.indexes
        )

    @property
    def on_extra_policies(self) -> str:
        """What to do about policies that are not declared."""
        return self.extra_policies or ("warn" if self.policies else "allow")

    @property
    def on_extra_grants(self) -> str:
        """What becomes of roles that are not named; who only names roles to keep out names few."""
        return self.extra_grants or ("warn" if any(self.grants.values()) else "allow")

    @property
    def wanted_policies(self) -> dict[str, Policy]:
        """The policies by name, spelt out."""
        if isinstance(self.policies, dict):
            return {name: policy or Policy() for name, policy in self.policies.items()}
        return dict.fromkeys(self.policies, Policy())


def _group(item: str | tuple[str, ...]) -> tuple[str, ...]:
    return (item,) if isinstance(item, str) else item


def parse_table(_name: str, data: Any) -> Table:
    """A table from its YAML data; raises `msgspec.ValidationError` for a wrong shape."""
    columns = data.get("columns") if isinstance(data, dict) else None
    if isinstance(columns, dict):
        data = {**data, "columns": {name: _column(value) for name, value in columns.items()}}
    return msgspec.convert({} if data is None else data, Table)


def _column(value: Any) -> Any:
    """A column spelt out: `id: uuid` is short for `id: {type: uuid}`, and `id:` for any type."""
    if isinstance(value, str):
        return {"type": value}
    return {} if value is None else value
