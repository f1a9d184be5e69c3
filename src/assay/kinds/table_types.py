"""Types of columns by all the names that databases and people know them by.

PostgreSQL's synonyms are those of its manual, "Data Types", table 8.1. SQLite's storage classes
follow its document "Datatypes In SQLite", section 3: it keeps a declared type as a text, and stores
what it likes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_SYNONYMS: dict[str, tuple[str, ...]] = {
    "bigint": ("int8", "int64", "bigserial", "serial8"),
    "bit varying": ("varbit",),
    "boolean": ("bool",),
    "bytea": ("bytes",),
    "character": ("char", "bpchar", "nchar"),
    "character varying": ("varchar", "nvarchar", "varchar2"),
    "double precision": ("float8", "float64", "double", "float"),
    "integer": ("int4", "int", "int32", "serial", "serial4", "mediumint"),
    "numeric": ("decimal", "dec"),
    "real": ("float4", "float32"),
    "smallint": ("int2", "int16", "smallserial", "serial2"),
    "time": ("time without time zone",),
    "time with time zone": ("timetz",),
    "timestamp": ("timestamp without time zone",),
    "timestamp with time zone": ("timestamptz",),
}
_CANONICAL = {other: name for name, others in _SYNONYMS.items() for other in others}
_IN_PARENTHESES = re.compile(r"\(([^()]*)\)")
_ARRAY = re.compile(r"(\s*\[\d*\])+\Z|\s+array(\[\d*\])?\Z")
_ONE = {"character": ("1",), "bit": ("1",)}
"""Parameters that PostgreSQL adds where none is given."""


class Type(NamedTuple):
    """A type as it can be compared."""

    base: str
    parameters: tuple[str, ...] = ()
    array: bool = False


def read(text: str) -> Type:
    """A type from any of its names: `varchar(40)`, `_text`, `public."Mood"`, `numeric(10, 2)[]`."""
    words = " ".join(text.lower().split())
    bare = _ARRAY.sub("", words)
    array = bare != words or bare == "array"
    if bare.startswith("_"):  # as PostgreSQL calls the type of an array inside
        bare, array = bare[1:], True
    parameters: tuple[str, ...] = ()
    found = _IN_PARENTHESES.search(bare)
    if found:
        parameters = tuple(part.strip() for part in found[1].split(",") if part.strip())
        bare = " ".join((bare[: found.start()] + " " + bare[found.end() :]).split())
    base = bare.rpartition(".")[2].replace('"', "")
    base = _CANONICAL.get(base, base)
    if base == "double precision" and parameters and bare.startswith("float"):
        # float(24) is a real, after the SQL standard
        base = "real" if parameters[0].isdigit() and int(parameters[0]) <= 24 else base
        parameters = ()
    return Type(base, parameters, array)


def same(declared: str, found: str, dialect: str, *, exact: bool = True) -> bool | None:
    """Whether a declared type is what a column has; None where the precision is not told.

    What is not declared, such as a length, is not compared.
    """
    wanted, there = read(declared), read(found)
    if wanted == there:
        return True
    if dialect == "sqlite":
        return _same_in_sqlite(wanted, there)
    if wanted.array != there.array:
        return False
    if "array" in (wanted.base, there.base):  # an array of anything
        return True
    if wanted.base != there.base:
        return False
    if not wanted.parameters or wanted.parameters == there.parameters:
        return True
    if wanted.parameters == _ONE.get(wanted.base) and not there.parameters and exact:
        return True
    return None if not exact and not there.parameters else False


_TEXTS = frozenset(("text", "character", "character varying", "clob", "string"))
_WHOLE = frozenset(("integer", "bigint", "smallint", "tinyint", "unsigned big int"))
_BROKEN = frozenset(("real", "double precision", "numeric"))
_TIMES = frozenset(
    (
        *("date", "time", "time with time zone", "timestamp", "timestamp with time zone"),
        "datetime",
    )
)
_CLASSES = {
    **dict.fromkeys(_TEXTS, "text"),
    **dict.fromkeys(_WHOLE, "integer"),
    **dict.fromkeys(_BROKEN, "number"),
    "blob": "blob",
    "bytea": "blob",
}
"""Types that say no more than how a value is stored."""
_STORED_AS = {
    **dict.fromkeys(_TEXTS, ("text",)),
    **dict.fromkeys(_WHOLE, ("integer",)),
    **dict.fromkeys(_BROKEN, ("number", "integer")),
    **dict.fromkeys(_TIMES, ("text", "number", "integer", "time")),
    "blob": ("blob",),
    "boolean": ("integer",),
    "bytea": ("blob",),
    "json": ("text", "blob"),
    "jsonb": ("text", "blob"),
    "numeric": ("number", "integer", "text"),
    "uuid": ("text", "blob"),
}
"""How applications store a type that SQLite does not have; others, such as enums, as a text."""


def _same_in_sqlite(wanted: Type, there: Type) -> bool:
    if there.base in ("", "any"):  # such a column takes anything
        return True
    if wanted.base == there.base and wanted.array == there.array:
        return not wanted.parameters or wanted.parameters == there.parameters
    stored = "time" if there.base in _TIMES else _CLASSES.get(there.base)
    if there.array or stored is None:
        return False
    if wanted.array:  # as JSON
        return stored == "text"
    return stored in _STORED_AS.get(wanted.base, ("text",))


def kept_as(declared: str) -> str:
    """The type to give a column in SQLite, where the declared one means something to it."""
    return declared.upper() if declared else "TEXT"
