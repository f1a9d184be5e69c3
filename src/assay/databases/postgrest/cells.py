"""Cells of rows out of the texts that PostgreSQL writes for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.databases.model import TooLarge

if TYPE_CHECKING:
    from assay.databases.model import Cell

_INTEGERS = ("smallint", "integer", "bigint")
_NUMBERS = ("real", "double precision")


def cell_of(text: str | None, type_: str, largest: int) -> Cell:
    """A value by its type; a type that isn't listed here, and what is malformed, stays text.

    Args:
        text: as PostgreSQL casts it to text.
        type_: as `Column.type` has it; empty if it is not known.
        largest: bytes; a longer one comes as `TooLarge`.

    """
    if text is None:
        return None
    if type_ == "bytea":
        return _bytes(text, largest)
    if _longer(text, largest):
        return TooLarge()
    try:
        if type_ in _INTEGERS:
            return int(text)
        if type_ in _NUMBERS:
            return float(text)
    except ValueError:
        return text
    if type_ == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _bytes(text: str, largest: int) -> Cell:
    r"""`\x` and hex (PostgreSQL, documentation, section 8.4.1, "bytea Hex Format")."""
    if text.startswith("\\x"):
        if len(text) - 2 > 2 * largest:
            return TooLarge()
        try:
            return bytes.fromhex(text[2:])
        except ValueError:
            return text
    return TooLarge() if _longer(text, largest) else text


def _longer(text: str, largest: int) -> bool:
    if len(text) > largest:
        return True
    return len(text) * 4 > largest and len(text.encode("utf-8", "surrogatepass")) > largest
