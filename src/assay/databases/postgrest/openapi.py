"""The root document of PostgREST (OpenAPI 2), as tables and columns.

Made by https://github.com/PostgREST/postgrest/blob/main/src/PostgREST/Response/OpenAPI.hs, whose
rules stand beside what they lead to here. What it leaves out is unknown, never absent.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import re2

from assay.databases.model import FoundColumn, FoundForeignKey, FoundTable
from assay.facts import Unobservable

if TYPE_CHECKING:
    from collections.abc import Iterator

REMEDY = "Use `sql:` with the connection string for what the data API doesn't expose."
OTHER_KEY = "Use a key that begins with sb_secret_, or declare the database with `sql:`."
NOT_TOLD = Unobservable(reason="the data API does not expose it", remedy=REMEDY)
OTHER_KEYS = Unobservable(
    reason="the data API exposes only foreign keys of one column to tables of the same schema",
    remedy=REMEDY,
)
VIEW_NULLS = Unobservable(
    reason="the data API does not expose whether a view's columns are nullable", remedy=REMEDY
)
DEFAULTS = Unobservable(reason="the data API exposes only some defaults", remedy=REMEDY)
UNTOLD: dict[str, Any] = dict.fromkeys(
    ("unique", "indexes", "checks", "row_security", "hidden", "policies", "grants"), NOT_TOLD
)
"""What no answer says of a table."""
NO_TYPE = Unobservable(reason="the root document has no type for it", remedy=REMEDY)

_NOTES = ("\n\nNote:\nThis is a Primary Key", "\n\nNote:\nThis is a Foreign Key")
_PRIMARY = "<pk/>"
_FOREIGN = ("<fk table='", "' column='", "'/>")
_OLD_FORMATS = {"int32": "integer", "int64": "bigint"}
_SIZED = ("character varying", "character", "varchar", "bpchar")
_EXPRESSION = (
    r"(?s)'.*|.*::[a-z\" ]+|[A-Za-z_][A-Za-z0-9_.]*\(.*\)|(CURRENT|LOCAL)(_[A-Z]+|TIME[A-Z]*)|NULL"
)
_EXACT = frozenset(
    {
        *("bigint", "boolean", "bytea", "date", "double precision", "integer", "json", "jsonb"),
        *("real", "smallint", "text", "uuid", "xml", "inet", "cidr", "macaddr", "money", "oid"),
        *("name", "tsvector", "citext", "int2", "int4", "int8", "bool", "float4", "float8"),
    }
)
"""Types that have neither length nor precision."""


def tables_of(document: Any, schema: str) -> dict[str, FoundTable] | None:
    """The tables and views that a root document describes; None if it describes none.

    PostgREST lists what the role has any right to, so what is missing may still be there.
    """
    if not isinstance(document, dict):
        return None
    definitions, paths = document.get("definitions"), document.get("paths")
    if not isinstance(definitions, dict):
        return None
    paths = paths if isinstance(paths, dict) else {}
    found = {}
    for name, definition in definitions.items():
        if isinstance(definition, dict) and isinstance(definition.get("properties"), dict):
            found[name] = _table(name, definition, paths.get(f"/{name}"), schema)
    return found


def version_of(document: Any) -> str:
    """The version of PostgREST that wrote a root document."""
    info = document.get("info") if isinstance(document, dict) else None
    version = info.get("version") if isinstance(info, dict) else None
    if not isinstance(version, str):
        return ""
    short = re2.match(r"[0-9]{1,4}(\.[0-9]{1,6}){0,3}", version[:40])
    return str(short[0]) if short else ""


def _table(name: str, definition: dict[str, Any], path: Any, schema: str) -> FoundTable:
    properties = {
        column: about
        for column, about in definition["properties"].items()
        if isinstance(about, dict)
    }
    listed = definition.get("required")
    required = {str(each) for each in listed} if isinstance(listed, list) else set()
    notes = {column: _note(about) for column, about in properties.items()}
    primary = tuple(column for column in properties if _PRIMARY in notes[column])
    sort = _sort(required, primary, path)
    columns = {
        column: _column(column, about, schema, nullable=_nullable(column, required, sort))
        for column, about in properties.items()
    }
    return FoundTable(
        name=name,
        schema=schema,
        sort=sort,
        columns=columns,
        primary_key=primary,
        foreign_keys=tuple(_foreign_keys(notes)),
        untold={"foreign_keys": OTHER_KEYS},
        **UNTOLD,
    )


def _sort(required: set[str], primary: tuple[str, ...], path: Any) -> str:
    """`required` lists the columns that are NOT NULL, which those of a view never are.

    The columns of a table's primary key always are, so a key without them is a view's; and only
    views lack the methods that write.
    """
    if required:
        return "table"
    writes = isinstance(path, dict) and any(method in path for method in ("post", "patch"))
    if primary or (isinstance(path, dict) and not writes):
        return "view"
    return "table or view"


def _nullable(column: str, required: set[str], sort: str) -> bool | Unobservable:
    if column in required:
        return False
    return True if sort == "table" else VIEW_NULLS


def _column(
    name: str, about: dict[str, Any], schema: str, *, nullable: bool | Unobservable
) -> FoundColumn:
    called, options = about.get("format"), about.get("enum")
    listed = tuple(str(each) for each in options) if isinstance(options, list) else None
    type_: str | Unobservable = NO_TYPE
    exact = True
    default: str | Unobservable = DEFAULTS
    if isinstance(called, str) and called:
        type_, exact = _type(called.removeprefix(f"{schema}.") if schema else called, about)
        default = _default(about)
    return FoundColumn(
        name=name,
        type=type_,
        exact=exact or listed is not None,
        nullable=nullable,
        default=default,
        options=listed,
    )


def _type(called: str, about: dict[str, Any]) -> tuple[str, bool]:
    """A type, and whether it comes with its length."""
    name, length = _OLD_FORMATS.get(called, called), about.get("maxLength")
    if name in _SIZED and isinstance(length, int) and not isinstance(length, bool):
        return f"{name}({length})", True
    return name, name == "character varying" or name.removesuffix("[]") in _EXACT


def _default(about: dict[str, Any]) -> str | Unobservable:
    """The default, where PostgREST could write it as JSON: of numbers, booleans and texts.

    It writes texts without their quotes; those that aren't expressions get them back. One that is
    not there may be one that isn't JSON, such as `nextval(...)`.
    """
    if "default" not in about:
        return DEFAULTS
    default = about["default"]
    if not isinstance(default, str):
        return json.dumps(default)
    if re2.fullmatch(_EXPRESSION, default):
        return default
    doubled = default.replace("'", "''")
    return f"'{doubled}'"


def _note(about: dict[str, Any]) -> str:
    """What PostgREST wrote below the comment of a column."""
    description = about.get("description")
    if not isinstance(description, str):
        return ""
    text = f"\n\n{description}"
    begin = max(text.rfind(mark) for mark in _NOTES)
    return text[begin + len("\n\nNote:\n") :] if begin >= 0 else ""


def _foreign_keys(notes: dict[str, str]) -> Iterator[FoundForeignKey]:
    """The table and the column that a note points at, if it does."""
    first, middle, last = _FOREIGN
    for own, note in notes.items():
        table, found, rest = note.partition(first)[2].partition(middle)
        other, ended, _ = rest.partition(last)
        if found and ended and table and other and "\n" not in table + other:
            yield FoundForeignKey(columns=(own,), table=table, targets=(other,), on_delete=NOT_TOLD)
