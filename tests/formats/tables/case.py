"""One row of the tables: a type with parameters, its good values, its bad ones and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from assay.formats import FORMATS

if TYPE_CHECKING:
    from assay.formats.base import Format


class Case(NamedTuple):
    given: dict[str, Any]
    good: tuple[str, ...] = ()
    bad: tuple[tuple[str, str], ...] = ()


def load(given: dict[str, Any]) -> Format:
    return msgspec.convert(given, FORMATS[given["type"]])


def case(kind: str, *good: str, bad: dict[str, str] | None = None, **given: Any) -> Case:
    """`bad` maps values to the codes of the rules that they break, joined by spaces."""
    named = {name.rstrip("_").replace("_", "-"): value for name, value in given.items()}
    return Case({"type": kind, **named}, good, tuple((bad or {}).items()))
