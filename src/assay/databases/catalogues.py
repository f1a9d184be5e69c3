"""Answers of a catalogue by table, as far as it gives them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

from assay.facts import Unobservable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    ByTable = Mapping[str, Any] | Unobservable
    """What a catalogue says of each table, or why it says nothing of any."""

R = TypeVar("R")


def by_table(rows: Iterable[Any] | Unobservable) -> dict[str, list[Any]] | Unobservable:
    """Rows by the table that stands first in each, as far as they may be seen."""
    return rows if isinstance(rows, Unobservable) else grouped(rows)


def grouped(rows: Iterable[Any]) -> dict[str, list[Any]]:
    """Rows by what stands first in each."""
    found: dict[str, list[Any]] = defaultdict(list)
    for name, *rest in rows:
        found[name].append(rest)
    return found


def told(answers: ByTable, name: str, made: Callable[[Any], R]) -> R | Unobservable:
    """What is made of the answer about a table, which may be empty."""
    return answers if isinstance(answers, Unobservable) else made(answers.get(name) or ())


def joined(
    *parts: tuple[tuple[str, ...], ...] | Unobservable,
) -> tuple[tuple[str, ...], ...] | Unobservable:
    """Keys from several answers, each once; unobservable if one of them is."""
    found: dict[tuple[str, ...], None] = {}
    for part in parts:
        if isinstance(part, Unobservable):
            return part
        found.update(dict.fromkeys(part))
    return tuple(found)
