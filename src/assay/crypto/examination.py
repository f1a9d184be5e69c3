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
from assay.model import Category, Rule

__all__ = ["Census", "Cluster", "ColumnCensus", "Columnless", "Examination", "SealedColumn"]

if TYPE_CHECKING:
    from assay.crypto.recipes import Recipe
    from assay.databases.model import Filter
    from assay.formats.base import Format

MISSING = Rule(
    code="credential-missing",
    category=Category.MISSING,
    message="{column}, {rows}: NULL, and the spec requires a value",
    remedy="Enter the credential, or leave `required` out for {column} in the spec.",
    why="The application reads nothing where it needs a credential.",
    bad="INSERT INTO mpesa_credentials (tenant_id) VALUES (9)",
    good="each row with all that it takes to pay",
)
WRONG_METADATA = Rule(
    code="credential-wrong-metadata",
    category=Category.FORMAT,
    message="{column}, {rows}: not {expected}",
    remedy="Correct {column} in these rows, or its type under `metadata` in the spec.",
    why="What stands beside a ciphertext says how to open it, such as which key sealed it.",
    bad="key_version: 'two'",
    good="key_version: 2",
)
NO_COLUMN = Rule(
    code="credential-column-missing",
    category=Category.MISSING,
    message="{table} has no column {column}{hint}",
    remedy="Correct the name of the column in the spec, or run the migration that adds it.",
    why="Not a single row can be read, neither here nor by the application.",
    bad="where: revoked == null",
    good="where: revoked_at == null",
)
RULES = (MISSING, NO_COLUMN, WRONG_METADATA)
"""What can be wrong with such rows, beside what keeps a ciphertext from opening."""


class SealedColumn(msgspec.Struct, frozen=True, kw_only=True):
    """One column that holds ciphertext."""

    name: str
    envelope: Envelope
    required: bool = False
    """Whether NULL is a fault."""
    plaintext: Format | None = None
    """The value type of what it opens to; None for any."""


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
    key: str = ""
    """The name of the key in the spec."""
    recipe: Recipe
    variable: str
    """The variable with the key; its value is read by the probe."""
    previous: tuple[str, ...] = ()
    """Variables with earlier keys."""
    suspects: tuple[str, ...] = ()
    """Further variables with keys that may have sealed rows by mistake."""
    columns: tuple[SealedColumn, ...]
    metadata: tuple[tuple[str, Format], ...] = ()
    """Columns beside them, and the value types that they must be of."""

    def __hash__(self) -> int:
        """By its name: parameters of types and envelopes need not be hashable."""
        return hash((Examination, self.environment, self.name))


class Census(msgspec.Struct, frozen=True, kw_only=True):
    """What the rows of a credential came to."""

    rows: int
    columns: Mapping[str, ColumnCensus] = {}
    hidden: bool | Unobservable = False
    """Whether row level security may have hidden rows."""
    partial: str = ""
    """Why not all rows were read, in words; empty where they were."""


class Columnless(Unobservable, frozen=True, kw_only=True):
    """Why no row could be read: the table lacks columns that the spec speaks of."""

    absent: tuple[str, ...]
    present: tuple[str, ...]
