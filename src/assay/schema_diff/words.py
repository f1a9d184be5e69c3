"""Traits of tables in words, for the matrix and for messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.facts import Unobservable
from assay.schema_diff.outline import COLUMN_ASPECTS, Partial, Told
from assay.schema_diff.types import column_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.schema_diff.comparing import Line

_ITEMS = {
    "foreign keys": "foreign key ({})",
    "unique": "unique ({})",
    "indexes": "index ({})",
    "checks": "check {}",
    "policies": "policy {}",
    "grants": "grants to {}",
    "column grants": "grants on columns to {}",
}
_ASPECTS = {"row security": "row level security", "options": "values"}


def subject_of(line: Line) -> str:
    """The table, column or extension that a line is about; empty if it is several tables."""
    if line.aspect == "extension":
        return line.item
    inside = line.aspect == "column" or line.aspect in COLUMN_ASPECTS
    return f"{line.table}.{line.item}" if inside and line.item else line.table


def aspect_of(line: Line) -> str:
    """What of its subject; empty if it is about its being there."""
    if line.aspect == "extension" or (line.aspect in ("table", "column") and line.table):
        return "" if line.item or line.aspect == "table" else "columns"
    if line.item and line.aspect in _ITEMS:
        return _ITEMS[line.aspect].format(line.item)
    return ", ".join(_ASPECTS.get(part, part) for part in line.aspect.split(", "))


def title_of(line: Line, *, brief: bool = False) -> str:
    """The subject and its aspect: `table payments.id type`, `indexes of 20 tables`.

    Of many aspects `brief` names the first.
    """
    aspect = aspect_of(line)
    if brief and "," in line.aspect:
        first, *rest = aspect.split(", ")
        aspect = f"{first} and {len(rest)} more"
    if line.aspect == "extension":
        return f"extension {line.item}"
    if not line.table:
        return f"{aspect} of {line.tables} tables" if line.tables > 1 else aspect
    return f"table {subject_of(line)} {aspect}".rstrip()


def texts(line: Line) -> dict[str, str]:
    """What each side has, in words; equal letters stand for equal literals that are not shown."""
    told_apart = line.cells.values() if line.broken else ()
    digests = dict.fromkeys(t.digest for t in told_apart if isinstance(t, Partial) and t.digest)
    letters = {digest: chr(ord("A") + at % 26) for at, digest in enumerate(digests)}
    return {label: _text(line.aspect, told, letters) for label, told in line.cells.items()}


def _text(aspect: str, told: Told, letters: Mapping[str, str]) -> str:
    if isinstance(told, Unobservable):
        return "unknown"
    if told is None:
        return "missing"
    text = told if isinstance(told, str) else told.text
    if aspect == "type":
        return str(column_type(text))
    if isinstance(told, Partial) and len(letters) > 1:
        return f"{text} ({letters.get(told.digest, '')})"
    return text


def reasons(line: Line) -> dict[str, str]:
    """Why something is not known, by the side; without a label what concerns several."""
    told = {
        label: cell.reason for label, cell in line.cells.items() if isinstance(cell, Unobservable)
    }
    return {**told, "": line.reason} if line.reason else told
