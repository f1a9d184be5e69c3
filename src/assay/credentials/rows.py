"""Reads columns of a row by name, whichever library it is from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial

from assay.crypto.autopsy.population import row_in_words
from assay.errors import UsageError
from assay.probes.credentials import named

Cell = Callable[[str], object]
_NAMELESS = (str, bytes, bytearray, memoryview, int, float, complex, tuple, list, set, frozenset)


def cells(row: object) -> Cell:
    """What gives the value of a column of `row`; it raises LookupError if the row lacks it.

    A row is a mapping, a `sqlite3.Row`, a row of SQLAlchemy or a record of asyncpg, or any object
    with an attribute for each column: a named tuple, a dataclass, an instance of a model.

    Raises:
        UsageError: its columns have no names.

    """
    if row is None:
        row = {}
    if isinstance(row, Mapping):
        return row.__getitem__
    mapping = getattr(row, "_mapping", None)  # a row of SQLAlchemy, which is a tuple otherwise
    if isinstance(mapping, Mapping):
        return mapping.__getitem__
    if hasattr(row, "keys") and hasattr(row, "__getitem__"):  # `in` of sqlite3.Row asks for values
        own: Cell = row.__getitem__
        return own
    if isinstance(row, _NAMELESS) and not hasattr(row, "_fields"):
        raise UsageError(
            f"row must give columns by name, and {type(row).__name__} doesn't",
            "Pass a mapping of column names to values, such as `dict(zip(names, row))`.",
        )
    return partial(_attribute, row)


def _attribute(row: object, name: str) -> object:
    try:
        return getattr(row, name)
    except AttributeError:
        raise KeyError(name) from None


def picked(row: object, names: Iterable[str]) -> dict[str, object]:
    """The values of these columns; those that the row lacks are left out."""
    cell, found = cells(row), {}
    for name in names:
        with suppress(LookupError):
            found[name] = cell(name)
    return found


def row_name(row: object, identity: Iterable[str]) -> str:
    """What messages call a row, as reports do; empty if it lacks a column of its identity."""
    cell, values = cells(row), []
    for name in identity:
        # naming a row must never keep people from reading why it can't be decrypted
        with suppress(Exception):
            values.append(named(cell(name)))
            continue
        return ""
    return row_in_words(values)
