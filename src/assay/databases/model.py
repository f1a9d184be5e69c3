"""What a database holds, as far as it is known: tables, columns, keys and rights. Values only.

An aspect that a database does not report, as a data API hides indexes, is `Unobservable`
with the reason: never empty, and never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, get_args

import msgspec

from assay.facts import Query, Unobservable

Privilege: TypeAlias = Literal[
    "select", "insert", "update", "delete", "truncate", "references", "trigger"
]
PRIVILEGES: tuple[Privilege, ...] = get_args(Privilege)


class FoundColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column of a table."""

    name: str
    type: str | Unobservable
    """As the database calls it, in small letters: `character varying(40)`, `timestamptz`."""
    exact: bool = True
    """Whether `type` comes with its length or precision; else it may have one that is not told."""
    nullable: bool | Unobservable
    default: str | Unobservable | None = None
    """The expression that fills it where nothing is given; also of identity columns."""
    generated: bool = False
    """Whether the database makes its value: an identity, or an expression of other columns."""
    options: tuple[str, ...] | None = None
    """The values of an enum type; None if it isn't one."""


class FoundForeignKey(msgspec.Struct, frozen=True, kw_only=True):
    """Columns whose values stand in another table."""

    columns: tuple[str, ...]
    table: str
    """The other table, with its schema if that is a different one."""
    targets: tuple[str, ...]
    on_delete: str | Unobservable = ""
    """Such as `cascade`; empty for the default."""


class FoundIndex(msgspec.Struct, frozen=True, kw_only=True):
    """An index. Expressions stand as texts instead of columns."""

    name: str
    columns: tuple[str, ...]
    unique: bool = False
    partial: bool = False
    """Whether it covers some rows only."""


class CheckConstraint(msgspec.Struct, frozen=True, kw_only=True):
    """A condition that all rows meet."""

    name: str
    expression: str


class FoundPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """A policy of row level security."""

    name: str
    command: str
    """`all`, `select`, `insert`, `update` or `delete`."""
    roles: tuple[str, ...]
    permissive: bool = True


class FoundTable(msgspec.Struct, frozen=True, kw_only=True):
    """A table or a view. What is not told is `Unobservable`."""

    name: str
    schema: str = ""
    sort: str = "table"
    """`table`, `view`, `materialized view`, `foreign table`, `partitioned table` or `partition`;
    `table or view` where that is not told."""
    columns: Mapping[str, FoundColumn] | Unobservable = {}
    primary_key: tuple[str, ...] | Unobservable = ()
    foreign_keys: tuple[FoundForeignKey, ...] | Unobservable = ()
    unique: tuple[tuple[str, ...], ...] | Unobservable = ()
    """The columns of unique constraints and of unique indexes over all rows."""
    indexes: tuple[FoundIndex, ...] | Unobservable = ()
    """Those that stand alone: not of the primary key, nor of a unique constraint."""
    checks: tuple[CheckConstraint, ...] | Unobservable = ()
    row_security: bool | Unobservable = False
    hidden: bool | Unobservable = False
    """Whether row level security may hide rows from the role that asked."""
    policies: tuple[FoundPolicy, ...] | Unobservable = ()
    owner: str = ""
    """The role that may do everything with it; empty if that is not told."""
    grants: Mapping[str, frozenset[str]] | Unobservable = {}
    """Role to its privileges on the whole table, those of `public` included."""
    column_grants: Mapping[str, Mapping[str, tuple[str, ...]]] | Unobservable = {}
    """Role to its privileges on some columns only, and to those columns."""
    may: Mapping[str, bool | Unobservable] = {}
    """Privilege to whether the role that asked has it; never tried by changing data."""
    untold: Mapping[str, Unobservable] = {}
    """Field to why it may lack something, if it is known in part: of `columns` all that were
    asked for are there, and others may be too; of `foreign_keys` those are true that are there."""


class Structure(msgspec.Struct, frozen=True, kw_only=True):
    """The tables of one schema of a database."""

    dialect: str
    """`postgresql`, `sqlite`, `postgrest`, or SQLAlchemy's name for any other."""
    schema: str
    tables: Mapping[str, FoundTable] = {}
    extensions: tuple[str, ...] | Unobservable = ()
    roles: tuple[str, ...] | Unobservable = ()
    usable: bool = True
    """Whether the role that asked may use the schema at all; if not, no right in it counts."""
    elsewhere: tuple[str, ...] = ()
    """Other schemas that hold tables, as far as that is reported."""
    unlisted: Unobservable | None = None
    """Why `tables` holds those tables alone that were asked for; None if it holds them all."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A table that a spec speaks of: a data API that lists no tables is asked for each."""

    table: str
    columns: tuple[str, ...] = ()
    select: bool = False
    """Whether the right to read it is to be tried, if only a request shows it."""


class Connected(msgspec.Struct, frozen=True, kw_only=True):
    """A database that answers."""

    dialect: str
    version: str = ""
    role: str = ""
    """The role that assay is there, such as `service_role`; empty if there are none."""
    bypasses: bool | Unobservable = False
    """Whether row level security does not hold for the role."""
    powers: str = ""
    """What lets code that runs as the role leave the database, such as `a superuser`."""


class DatabaseRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why a database can't be used: the code of a rule, and its secret-free values."""

    code: str
    values: Mapping[str, str] = {}

    @property
    def reason(self) -> str:
        """The code in words, for messages that are not about the database itself."""
        said = self.code.removeprefix("database-").replace("-", " ")
        state = self.values.get("state") if self.code == "database-failed" else None
        return f"{said} ({state})" if state else said


class Unreadable(Unobservable, frozen=True, kw_only=True):
    """Why the tables of a database that answers can't be read; the database has a finding of it."""

    refused: DatabaseRefusal


class ConnectionOf(Query[Connected | DatabaseRefusal], frozen=True):
    """Whether a database of the spec answers in an environment, and to whom."""

    environment: str
    database: str


class StructureOf(Query[Structure], frozen=True):
    """What the schema of a database of the spec holds; the default schema where it is empty."""

    environment: str
    database: str
    schema: str = ""
    asked: tuple[Asked, ...] = ()
    """The same for all that ask, so that the question is asked once."""


class Comparison(msgspec.Struct, frozen=True, tag=True):
    """A column beside a value; `in` takes a tuple. None stands for NULL, with `==` and `!=`."""

    column: str
    operator: Literal["==", "!=", "<", "<=", ">", ">=", "in"]
    value: str | int | float | bool | tuple[str | int | float | bool, ...] | None


class AllOf(msgspec.Struct, frozen=True, tag=True):
    """Every part holds."""

    parts: tuple[Comparison | AllOf | AnyOf | Not, ...]


class AnyOf(msgspec.Struct, frozen=True, tag=True):
    """At least one part holds."""

    parts: tuple[Comparison | AllOf | AnyOf | Not, ...]


class Not(msgspec.Struct, frozen=True, tag=True):
    """The part does not hold."""

    part: Comparison | AllOf | AnyOf | Not


Filter: TypeAlias = Comparison | AllOf | AnyOf | Not


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows of a table are read, and what of them."""

    table: str
    schema: str = ""
    """The default schema of the database where it is empty."""
    columns: tuple[str, ...]
    order: tuple[str, ...] = ()
    """Columns that name a row, such as the primary key, by which pages follow each other."""
    where: Filter | None = None
    binary: frozenset[str] = frozenset()
    """Columns that hold bytes, if the database can't tell."""
    largest: int = 2**20
    """Bytes; a longer value comes as `TooLarge`."""


class TooLarge(msgspec.Struct, frozen=True):
    """Stands for a value that is longer than was asked for."""


Cell: TypeAlias = Any
"""bytes, str, int, float, bool, None, `TooLarge`, or a text for what has no such type; JSON comes
as text."""
Row: TypeAlias = tuple[Cell, ...]
"""The cells of `Selection.columns`, in that order."""
