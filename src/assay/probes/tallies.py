"""Counts rows by what is wrong beside their ciphertext, and names rows for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from assay.crypto.autopsy import Cause, CauseCode, Cluster, Confidence
from assay.crypto.autopsy.population import Tally
from assay.crypto.context import in_words
from assay.crypto.examination import ColumnCensus
from assay.crypto.forms import well_formed
from assay.databases.model import TooLarge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.databases.model import Cell
    from assay.formats.base import Format

LONGEST = 60
"""Characters of a value that names a row; more is cut off."""


def named(cell: Cell) -> str:
    """A value that is part of what names a row."""
    match cell:
        case str():
            text = cell
        case None:
            return "NULL"
        case bytes() | bytearray() | memoryview():
            text = bytes(cell[:LONGEST]).hex()
        case TooLarge():
            return "?"
        case _:
            text = in_words(cell)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\N{HORIZONTAL ELLIPSIS}"


class Lacking:
    """The rows that hold NULL where a value is required."""

    def __init__(self) -> None:
        self._rows = Tally(Cause.of(CauseCode.MISSING, Confidence.PROVEN))

    def add(self, cells: Sequence[Cell], identities: Sequence[tuple[str, ...]]) -> None:
        """Count the cells of a page."""
        for cell, identity in zip(cells, identities, strict=True):
            if cell is None:
                self._rows.add(identity)

    def told(self, counted: ColumnCensus) -> ColumnCensus:
        """What a column came to, with its rows that hold NULL."""
        more = clusters(self._rows)
        failed = counted.failed + self._rows.count
        clusters_ = (*counted.clusters, *more)
        return msgspec.structs.replace(counted, failed=failed, clusters=clusters_)


class Metadata:
    """How many rows hold something of a different type than a column should."""

    def __init__(self, form: Format) -> None:
        self._form = form
        self._good = 0
        self._nulls = 0
        self._bad = Tally(
            Cause.of(CauseCode.WRONG_METADATA, Confidence.PROVEN, expected=form.title)
        )

    def add(self, cells: Sequence[Cell], identities: Sequence[tuple[str, ...]]) -> None:
        """Count the cells of a page."""
        for cell, identity in zip(cells, identities, strict=True):
            if cell is None:
                self._nulls += 1
            elif not isinstance(cell, TooLarge) and well_formed(self._form, in_words(cell)):
                self._good += 1
            else:
                self._bad.add(identity)

    def census(self, name: str) -> ColumnCensus:
        """What they came to."""
        return ColumnCensus(
            name=name,
            opened=self._good,
            failed=self._bad.count,
            proof=False,
            nulls=self._nulls,
            clusters=clusters(self._bad),
        )


def clusters(rows: Tally) -> tuple[Cluster, ...]:
    """A cause with its rows; nothing if there are none."""
    if not rows.count:
        return ()
    return (Cluster(cause=rows.cause, count=rows.count, identities=tuple(rows.identities)),)
