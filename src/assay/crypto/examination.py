"""Stored credentials: the question about them, and its answer. Values only.

The query holds all that the spec says; the probe reads the rows and decrypts them in memory, and
its answer holds counts, causes and identities of rows, never their content. In the template of
additional data `{tenant_id}` stands for the column of a row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from assay.crypto.autopsy.causes import Cluster, ColumnCensus, as_bytes
from assay.crypto.envelopes.base import Envelope
from assay.facts import Query, Unobservable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assay.formats.base import Format

__all__ = ["Census", "Cluster", "ColumnCensus", "Columnless", "Examination", "SealedColumn"]

if TYPE_CHECKING:
    from assay.crypto.recipes import Recipe
    from assay.databases.model import Filter
    from assay.formats.base import Format


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
    required: tuple[str, ...] = ()
    """Those of them in which NULL is a fault."""

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
    """Why not all rows were read, in words; empty if they were."""


class Columnless(Unobservable, frozen=True, kw_only=True):
    """Why no row could be read: the table lacks columns that the spec speaks of."""

    absent: tuple[str, ...]
    present: tuple[str, ...]


_PLACE = re.compile(r"\{([^{}]+)\}")


def placeholders(template: str) -> tuple[str, ...]:
    """The columns that a template names, each once."""
    return tuple(dict.fromkeys(_PLACE.findall(template)))


def complete(envelope: Envelope, cell: object, beside: Sequence[object]) -> Any:
    """A cell with the parts that stand in other columns of its row; itself if it isn't a text."""
    cells = [as_bytes(one) if isinstance(one, _TEXTS) else b"" for one in (*beside, cell)]
    return envelope.gather(cells) if beside and isinstance(cell, _TEXTS) else cell


_TEXTS = (str, bytes, bytearray, memoryview)


def filled(template: str, row: Mapping[str, object]) -> bytes:
    """The bytes that a template stands for beside a row.

    Values are written as programs write them into a text: numbers in decimal, booleans as
    `true` and `false`, NULL as nothing. KeyError names a column that the row lacks.
    """
    if "{" not in template:
        return template.encode("utf-8", "surrogateescape")
    text = _PLACE.sub(lambda found: in_words(row[found[1]]), template)
    return text.encode("utf-8", "surrogateescape")


def in_words(value: object) -> str:
    """A cell as the text that programs and people write for it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return str(value)


def well_formed(form: Format, text: str) -> bool:
    """Whether a text is of a type; an empty one never is."""
    return bool(text) and next(form.violations(text), None) is None


def fitting(form: Format) -> Callable[[bytes], bool]:
    """The same for bytes, which must be UTF-8."""

    def fits(plain: bytes) -> bool:
        try:
            return well_formed(form, plain.decode())
        except UnicodeDecodeError:
            return False

    return fits
