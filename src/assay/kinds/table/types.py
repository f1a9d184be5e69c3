"""Whether a column has the type that a spec declares, by any of the names that a type has.

SQLite's storage classes follow its document "Datatypes In SQLite", section 3: it keeps a declared
type as a text, and stores what it likes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.schema_diff.types import column_type

if TYPE_CHECKING:
    from assay.schema_diff.types import ColumnType


def same(declared: str, found: str, dialect: str, *, exact: bool = True) -> bool | None:
    """Whether a column of type `found` is as declared; None if its precision is not reported.

    What is not declared, such as a length, is not compared. `exact` says whether `found` comes
    with its length or precision.
    """
    wanted, there = _read(declared), _read(found)
    if wanted == there:
        return True
    if dialect == "sqlite":
        return _same_in_sqlite(wanted, there)
    if "array" in (wanted.name, there.name):  # of anything, as the information schema calls it
        return bool(wanted.dimensions and there.dimensions)
    if (wanted.name, wanted.dimensions) != (there.name, there.dimensions):
        return False
    if not wanted.arguments:
        return True
    return None if not exact and not there.arguments else False


def _read(text: str) -> ColumnType:
    """A type without its schema, which a column's type names only if it has to."""
    type_ = column_type(text)
    dimensions = 1 if type_.name == "array" else type_.dimensions
    name = type_.name.rpartition(".")[2].lower()
    if name.startswith("_") and not dimensions:  # as PostgreSQL calls the type of an array inside
        name, dimensions = name[1:], 1
    return type_._replace(name=name, dimensions=dimensions)


_TEXTS = ("text", "character", "character varying", "clob")
_WHOLE = ("integer", "bigint", "smallint", "tinyint", "mediumint")
_BROKEN = ("real", "double precision", "numeric")
_TIMES = (
    *("date", "datetime", "time", "time with time zone"),
    *("timestamp", "timestamp with time zone"),
)
_CLASSES = {
    **dict.fromkeys(_TEXTS, "text"),
    **dict.fromkeys(_WHOLE, "integer"),
    **dict.fromkeys(_BROKEN, "number"),
    **dict.fromkeys(_TIMES, "time"),
    "blob": "blob",
    "bytea": "blob",
}
"""Types that say no more than how a value is stored."""
_STORED_AS: dict[str, tuple[str, ...]] = {
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


def _same_in_sqlite(wanted: ColumnType, there: ColumnType) -> bool:
    if there.name in ("", "any"):  # such a column takes anything
        return True
    if (wanted.name, wanted.dimensions) == (there.name, there.dimensions):
        return not wanted.arguments
    stored = _CLASSES.get(there.name)
    if there.dimensions or stored is None:
        return False
    if wanted.dimensions:  # as JSON
        return stored == "text"
    return stored in _STORED_AS.get(wanted.name, ("text",))
