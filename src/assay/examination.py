"""Stored credentials: what is asked of them, and what was found. Values only.

The query holds all that the spec says; the probe reads the rows and opens them in memory, and its
answer holds counts, causes and identities of rows, never their content.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from assay.crypto.autopsy.explanations import Cluster, ColumnCensus
from assay.crypto.envelopes.base import Envelope
from assay.facts import Query, Unobservable

__all__ = ["Census", "Cluster", "ColumnCensus", "Examination", "SealedColumn"]

if TYPE_CHECKING:
    from assay.crypto.recipes import Recipe
    from assay.relations import Filter


class SealedColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column that holds ciphertext."""

    name: str
    envelope: Envelope
    required: bool = False
    """Whether NULL is a fault."""
    plaintext: object = None
    """The value type (`assay.formats.base.Format`) of what it opens to; None for any."""


class Examination(Query["Census"], frozen=True, kw_only=True):
    """What the rows of a credential in one environment come to."""

    environment: str
    name: str
    database: str
    table: str
    schema: str = ""
    identity: tuple[str, ...] = ()
    """The columns that name a row to people."""
    where: Filter | None = None
    recipe: Recipe
    variable: str
    """The variable with the key; its value is read by the probe."""
    previous: tuple[str, ...] = ()
    """Variables with earlier keys."""
    suspects: tuple[str, ...] = ()
    """Further variables with keys that may have sealed rows by mistake."""
    columns: tuple[SealedColumn, ...]
    metadata: tuple[tuple[str, object], ...] = ()
    """Columns beside them, and the value types that they must be of."""


class Census(msgspec.Struct, frozen=True, kw_only=True):
    """What the rows of a credential came to."""

    rows: int
    columns: Mapping[str, ColumnCensus] = {}
    hidden: bool | Unobservable = False
    """Whether row level security may have hidden rows."""
    partial: str = ""
    """Why not all rows were read, in words; empty where they were."""
