"""Types of columns by one name each, whichever of its names a database or a person uses.

The synonyms are PostgreSQL's (documentation, chapter 8, "Data Types"), those by which PostgREST
calls its integers, and those that MySQL and SQLite users write.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from assay.schema_diff.lexing import pattern

_NAMES = {
    "smallint": ("int2", "int16", "smallserial", "serial2"),
    "integer": ("int", "int4", "int32", "signed", "serial", "serial4"),
    "bigint": ("int8", "int64", "bigserial", "serial8"),
    "real": ("float4",),
    "double precision": ("float8", "double", "float"),
    "numeric": ("decimal", "dec"),
    "boolean": ("bool",),
    "character varying": ("varchar", "char varying", "nvarchar"),
    "character": ("char", "nchar"),
    "text": ("string",),
    "bytea": (),
    "timestamp with time zone": ("timestamptz",),
    "timestamp": ("timestamp without time zone",),
    "time with time zone": ("timetz",),
    "time": ("time without time zone",),
    "bit varying": ("varbit",),
}
_CANONICAL = {name: known for known, names in _NAMES.items() for name in (known, *names)}
_SORTS = {
    "integer": ("smallint", "integer", "bigint", "tinyint", "mediumint"),
    "number": ("real", "double precision", "numeric"),
    "text": ("text", "character varying", "character", "clob", "mediumtext", "longtext"),
    "bytes": ("bytea", "blob", "binary", "varbinary", "mediumblob", "longblob"),
    "boolean": ("boolean",),
    "time": ("timestamp", "timestamp with time zone", "datetime", "date"),
}
_SORT_OF = {name: known for known, names in _SORTS.items() for name in names}
_DOUBLE = 25
"""Bits from which on a `float` has double precision."""
_FORM = (
    r"(?is)(?P<name>(?:\"(?:[^\"]|\"\")*\"|[^\"(\[])+?)\s*(?:\((?P<inner>[^)]*)\)\s*(?P<rest>[^\[]*))?"
    r"(?P<array>(?:\[\d*\])*|\s+array)"
)
_LONGEST = 4096
"""Characters of a type that is looked into; MySQL's lists of values may be longer."""
_MEANT = {"character": ("1",), "bit": ("1",)}
"""What a type means that comes without a length."""
_IMPLIED = dict.fromkeys(
    ("timestamp", "timestamp with time zone", "time", "time with time zone"), "6"
)
_LENGTHY = frozenset(
    ("character varying", "character", "numeric", "bit", "bit varying", "interval", *_IMPLIED)
)
"""Types that may come with a length or a precision."""


class ColumnType(NamedTuple):
    """A type in one spelling."""

    name: str
    arguments: tuple[str, ...] = ()
    """Its length, or its precision and scale."""
    dimensions: int = 0
    """Of an array; PostgreSQL does not tell one from several."""

    def __str__(self) -> str:
        inner = f"({', '.join(self.arguments)})" if self.arguments else ""
        return f"{self.name}{inner}{'[]' if self.dimensions else ''}"


@lru_cache(4096)
def column_type(text: str) -> ColumnType:
    """A type by any of its names; what is not known keeps its own, in small letters."""
    spelt = " ".join(text.split())
    found = pattern(_FORM).fullmatch(spelt) if len(spelt) <= _LONGEST else None
    if found is None:
        return ColumnType(spelt.lower())
    name = " ".join(f"{found['name']} {found['rest'] or ''}".split())
    name = _unquoted(name).removeprefix("pg_catalog.")
    dimensions = 1 if found["array"] else 0
    if name.startswith("_") and name[1:] in _CANONICAL:
        name, dimensions = name[1:], 1
    inner = found["inner"]
    arguments = tuple(part.strip() for part in inner.split(",")) if inner else ()
    if name == "float" and arguments and arguments[0].isdecimal():
        short = int(arguments[0][:4]) < _DOUBLE
        return ColumnType("real" if short else "double precision", (), dimensions)
    if name == "bpchar" and arguments:
        name = "character"
    name = _CANONICAL.get(name, name)
    return ColumnType(name, _plain(name, arguments), dimensions)


def _unquoted(name: str) -> str:
    """A name as it is kept: in small letters where it stands without quotes."""
    parts = re.split(r'"((?:[^"]|"")*)"', name)  # what stood in quotes is every second one
    parts[::2] = map(str.lower, parts[::2])
    parts[1::2] = (part.replace('""', '"') for part in parts[1::2])
    return "".join(parts)


def _plain(name: str, arguments: tuple[str, ...]) -> tuple[str, ...]:
    """Without what is so anyway, and with what is meant where nothing is said."""
    if arguments and arguments[0] == _IMPLIED.get(name):
        return ()
    if name == "numeric" and len(arguments) == 2 and arguments[1] == "0":
        return arguments[:1]
    return arguments or _MEANT.get(name, ())


def same_type(left: str, right: str, *, exact: bool = True, alike: bool = True) -> bool | None:
    """Whether two types are the same; None if that is unknown.

    Args:
        left: by any of its names.
        right: by any of its names.
        exact: whether both came with their lengths and precisions.
        alike: whether both databases call a type by the same names; else only types of plainly
            different sorts differ, since one database may lack a type that the other has.

    """
    mine, theirs = column_type(left), column_type(right)
    if mine == theirs:
        return True if exact or mine.name not in _LENGTHY else None
    base = (mine.name, mine.dimensions) == (theirs.name, theirs.dimensions)
    if alike:
        return None if base and not exact else False
    sorts = [_SORT_OF.get(t.name) if not t.dimensions else None for t in (mine, theirs)]
    if None in sorts:
        return None
    if sorts[0] != sorts[1]:
        return False
    return True if base or sorts[0] == "bytes" else None
