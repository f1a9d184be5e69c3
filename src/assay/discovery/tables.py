"""What a spec may say of a database's tables, made of what the database shows of them.

Only what a spec may show is taken: no row is read, and no literal of a default or a check is
copied.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from assay.databases.model import PRIVILEGES
from assay.discovery.prose import speakable
from assay.facts import Unobservable
from assay.schema_diff.expressions import expression
from assay.schema_diff.types import column_type
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from assay.databases.model import (
        FoundColumn,
        FoundForeignKey,
        FoundPolicy,
        FoundTable,
        Structure,
    )

T = TypeVar("T")
_API_ROLES = ("anon", "authenticated", "service_role")
"""Roles of Supabase that requests come as. Strangers come as the first two, so that it is worth
saying what these may not do."""
_BOOKKEEPING = frozenset(
    """
    _prisma_migrations __drizzle_migrations __efmigrationshistory alembic_version
    ar_internal_metadata django_migrations flyway_schema_history goose_db_version knex_migrations
    knex_migrations_lock migrations pgmigrations schema_migrations sequelizemeta spatial_ref_sys
    typeorm_metadata
    """.split()  # noqa: SIM905 - one word a line would hide the rest of the module
)
"""Tables in which tools keep what they did."""
_VIEWS = ("view", "materialized view")
_SEALED = re.compile(
    r"(?:^|_)(?:enc|encrypted|ciphertext|cipher_?text|sealed)(?:_|$)|^(?:enc|encrypted)[A-Z]|"
    r"[a-z](?:Enc|Encrypted|Ciphertext|CipherText)$"
)
_PLAIN = re.compile(r"\w+")
_NONCE = re.compile(r"(?:^|_)(?:iv|nonce|tag|auth_?tag)$", re.IGNORECASE)


class TableDraft(NamedTuple):
    """A table as a spec declares it."""

    name: str
    """Of the entry."""
    fields: dict[str, Any]
    columns: dict[str, Any]
    remarks: tuple[str, ...] = ()
    """What to look at before relying on it."""
    sealed: Mapping[str, str] = {}
    """Columns that seem to hold ciphertext, and an envelope that such a column may hold."""
    identity: tuple[str, ...] = ()
    """Columns that name a row to people."""


class Tables(NamedTuple):
    """The tables of a database."""

    drafts: tuple[TableDraft, ...]
    skipped: tuple[str, ...]
    """Tables of tools, and parts of partitioned tables."""
    untold: tuple[str, ...]
    """What the database does not tell, in sentences."""
    schema: str = ""
    """The schema that was looked at; empty if there are none."""
    elsewhere: tuple[str, ...] = ()
    """Other schemas with tables."""


def tables_of(structure: Structure) -> Tables:
    """What a spec may say of a structure."""
    kept: list[FoundTable] = []
    skipped: list[FoundTable] = []
    for name, table in sorted(structure.tables.items()):
        own = table.sort != "partition" and name.lower() not in _BOOKKEEPING
        (kept if own else skipped).append(table)
    public = [role for role in _API_ROLES[:2] if role in _told(structure.roles, ())]
    return Tables(
        tuple(_draft(table, structure.dialect, public) for table in kept),
        tuple(table.name for table in skipped),
        tuple(_untold(structure, kept)),
        structure.schema,
        structure.elsewhere,
    )


def _told(answer: T | Unobservable, empty: T) -> T:
    return empty if isinstance(answer, Unobservable) else answer


def _set(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in fields.items() if value}


def _draft(table: FoundTable, dialect: str, public: Sequence[str]) -> TableDraft:
    columns, key = _told(table.columns, {}), _told(table.primary_key, ())
    unique, foreign = _told(table.unique, ()), _told(table.foreign_keys, ())
    alone: dict[str, FoundForeignKey] = {}
    for one in foreign:
        if len(one.columns) == 1:
            alone.setdefault(one.columns[0], one)
    policies = _told(table.policies, ())
    fields: dict[str, Any] = {
        "view": table.sort in _VIEWS,
        "primary-key": list(key) if len(key) > 1 else None,
        "foreign-keys": [_foreign(one) for one in foreign if one not in alone.values()],
        "unique": [list(one) for one in unique if len(one) > 1 and set(one) != set(key)],
        "indexes": list(_indexes(table, columns, key, unique)),
        "checks": list(_checks(table, columns)),
        "row-level-security": table.row_security is True,
        "policies": {policy.name: _policy(policy) for policy in policies},
        **_grants(table, public),
    }
    sealed = dict(_sealed(columns))
    return TableDraft(
        name=table.name,
        fields=_set(fields),
        columns={n: _column(c, key, unique, alone.get(n)) for n, c in columns.items()},
        remarks=tuple(_remarks(table, dialect, public)),
        sealed=sealed,
        identity=_identity(key, unique, columns, sealed),
    )


def _column(
    column: FoundColumn,
    key: Sequence[str],
    unique: Sequence[Sequence[str]],
    reference: FoundForeignKey | None,
) -> Any:
    """A column: its type alone, if there is no more to say."""
    fields: dict[str, Any] = {}
    if isinstance(column.type, str) and column.type:
        fields["type"] = _type(column)
    primary = list(key) == [column.name]
    if primary:
        fields["primary-key"] = True
    elif column.nullable is False and column.name not in key:
        fields["nullable"] = False
    if column.generated:
        fields["generated"] = True
    elif isinstance(column.default, str) and (default := _default(column.default)) is not None:
        fields["default"] = default
    if column.options and all(map(speakable, column.options)):
        fields["options"] = list(column.options)
    if reference is not None:
        fields["references"] = _reference(reference)
    if not primary and (column.name,) in unique:
        fields["unique"] = True
    return fields["type"] if list(fields) == ["type"] else fields or None


def _type(column: FoundColumn) -> str:
    """The type in the words that people use: `timestamptz`, `varchar(40)`."""
    text = str(column.type)
    made = column_type(text)
    if made.name not in _SHORT:
        return text
    inner = f"({', '.join(made.arguments)})" if made.arguments else ""
    return f"{_SHORT[made.name]}{inner}{'[]' if made.dimensions else ''}"


_SHORT = {
    "character varying": "varchar",
    "timestamp with time zone": "timestamptz",
    "timestamp": "timestamp",
    "time with time zone": "timetz",
}


def _default(text: str) -> str | float | None:
    """A default that holds no literal; None if nothing is to be said of it."""
    made = expression(text)
    plain = not made.hides and made.full not in ("", "null") and "nextval" not in made.full
    if not plain or "\n" in text or not speakable(text):
        return None
    if re.fullmatch(r"-?(?:0|[1-9][0-9]{0,8})", text):
        return int(text)
    if re.fullmatch(r"-?(?:0|[1-9][0-9]{0,5})\.[0-9]{0,5}[1-9]", text):
        return float(text)
    return {"true": True, "false": False}.get(text, text)


def _reference(key: FoundForeignKey) -> Any:
    rule = _told(key.on_delete, "")
    target = key.targets[0] if key.targets else ""
    if not rule and target and _PLAIN.fullmatch(key.table) and _PLAIN.fullmatch(target):
        return f"{key.table}.{target}"
    return _set({"table": key.table, "column": target, "on-delete": rule})


def _foreign(key: FoundForeignKey) -> dict[str, Any]:
    columns, targets = list(key.columns), list(key.targets)
    rule = _told(key.on_delete, "")
    return _set({"columns": columns, "table": key.table, "targets": targets, "on-delete": rule})


def _indexes(
    table: FoundTable,
    columns: Mapping[str, FoundColumn],
    key: tuple[str, ...],
    unique: Sequence[tuple[str, ...]],
) -> Iterator[Any]:
    """The indexes over columns that no key and no longer index begins with."""
    found = (one.columns for one in _told(table.indexes, ()))
    plain = [own for own in found if all(c in columns for c in own)]
    covers = [key, *unique]
    for own in dict.fromkeys(plain):
        longer = [other for other in (*covers, *plain) if other != own or other in covers]
        if not any(other[: len(own)] == own for other in longer):
            yield own[0] if len(own) == 1 else list(own)


def _checks(table: FoundTable, columns: Mapping[str, FoundColumn]) -> Iterator[str]:
    """Checks by name, else those without literals as they stand."""
    for check in _told(table.checks, ()):
        if check.name:
            yield check.name
        elif not expression(check.expression, columns).hides and "\n" not in check.expression:
            yield check.expression


def _policy(policy: FoundPolicy) -> dict[str, Any]:
    fields: dict[str, Any] = {"command": policy.command, "roles": list(policy.roles)}
    return fields if policy.permissive else {**fields, "permissive": False}


def _grants(table: FoundTable, public: Sequence[str]) -> dict[str, Any]:
    """Who may do what: those with rights to some columns only are left out and allowed.

    A spec has no words for what they may do.
    """
    if isinstance(table.grants, Unobservable):
        return {}
    partly = _told(table.column_grants, {})
    found = {r: rights for r, rights in table.grants.items() if r != table.owner}
    roles = [r for r in dict.fromkeys([*sorted(found), *public]) if r not in partly]
    grants = {role: [p for p in PRIVILEGES if p in found.get(role, ())] for role in roles}
    return {"grants": grants, "extra-grants": "allow" if partly else None}


def _sealed(columns: Mapping[str, FoundColumn]) -> Iterator[tuple[str, str]]:
    """Columns whose names say that they hold ciphertext, or bytes beside a nonce or a tag."""
    nonces = any(_NONCE.search(name) for name in columns)
    for name, column in columns.items():
        type_ = column_type(_told(column.type, ""))
        holds = type_.name in ("bytea", "blob", "text", "character varying", "json", "jsonb", "")
        bytes_ = type_.name in ("bytea", "blob") and nonces and not _NONCE.search(name)
        if holds and (_SEALED.search(name) or bytes_):
            yield name, "node-gcm" if type_.name in ("bytea", "blob") else "node-gcm-hex"


def _identity(
    key: tuple[str, ...],
    unique: Sequence[tuple[str, ...]],
    columns: Collection[str],
    sealed: Collection[str],
) -> tuple[str, ...]:
    """The columns that name a row: a key of several columns shows more than a number."""
    named = [one for one in (*unique, key) if one and not set(one) & set(sealed)]
    together = next((one for one in named if len(one) > 1), ())
    return together or next(iter(named), tuple(c for c in columns if c not in sealed)[:1])


def _remarks(table: FoundTable, dialect: str, public: Sequence[str]) -> Iterator[str]:
    if dialect != "postgresql" or table.sort in _VIEWS or table.row_security is not False:
        return
    grants = _told(table.grants, {})
    readers = [r for r in ("public", *public) if "select" in grants.get(r, ())]
    if readers:
        who = listed(readers)
        yield f"Row level security is off, and {who} may select, so everybody can read every row."


def _untold(structure: Structure, tables: Sequence[FoundTable]) -> Iterator[str]:
    """What the database does not report about its tables, each reason once."""
    if structure.unlisted is not None:
        yield f"Some tables are missing here: {structure.unlisted.reason}"
    fields = ("columns", "primary_key", "foreign_keys", "unique", "indexes", "checks", "policies")
    told: dict[str, list[str]] = {}
    for field in (*fields, "row_security", "grants"):
        for table in tables:
            answer = getattr(table, field)
            why = answer if isinstance(answer, Unobservable) else table.untold.get(field)
            if why is not None:
                told.setdefault(why.reason, []).append(field.replace("_", " "))
                break
    for reason, what in told.items():
        yield f"Not available ({', '.join(what)}): {reason}"
