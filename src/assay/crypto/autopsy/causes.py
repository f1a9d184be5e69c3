"""What an autopsy has in hand, the envelope and all keys, and what it finds out: causes.

A cause is why a stored text can't be decrypted, how sure that is, and why. These are facts; the
kind makes sentences of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import StrEnum
from typing import ClassVar

import msgspec

from assay.crypto.envelopes.base import Envelope
from assay.crypto.recipes import Recipe
from assay.redacted import redacted

LARGEST = 2**20
"""Bytes; nothing longer is a credential."""


@redacted("variable")
class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One column of stored ciphertext, and every key that may have sealed it. It never shows one.

    Values of variables are texts as the application reads them.
    """

    envelope: Envelope
    recipe: Recipe
    stored: Envelope | None = None
    """How it is stored, if parts stand in other columns; `envelope` is of the gathered text."""
    variable: str
    """The name of the variable with the key."""
    text: str
    """Its value."""
    previous: Mapping[str, str] = {}
    """Variables with earlier keys, and their values; the same recipe makes keys of them."""
    suspects: Mapping[str, str] = {}
    """Further variables that may have sealed rows by mistake."""
    salts: Mapping[str, str | None] = {}
    """The values of the variables that `recipe.references` names."""
    identity: tuple[str, ...] = ()
    """The columns whose values name a row."""
    fits: Callable[[bytes], bool] | None = None
    """Whether a plaintext is of the declared type; None if none is declared."""
    expected: str = "of the declared type"
    """What the plaintext should be, to follow "is not"."""

    def well_formed(self, plain: bytes) -> bool:
        """Whether a plaintext is of the declared type; true if none is declared."""
        if self.fits is None:
            return True
        with suppress(Exception):  # whatever it can't judge is not of its type
            return self.fits(plain)
        return False

    def vouches(self, plain: bytes) -> bool:
        """Whether the declared type distinguishes a plaintext from noise, and takes it for one."""
        return (
            self.fits is not None
            and self.well_formed(plain)
            and not self.well_formed(noise_like(plain))
        )


def noise_like(data: bytes) -> bytes:
    """Noise of the same length; the same each time."""
    blocks = (hashlib.sha256(count.to_bytes(4)).digest() for count in range(-(-len(data) // 32)))
    return b"".join(blocks)[: len(data)]


def as_bytes(cell: bytes | bytearray | memoryview | str) -> bytes:
    """What a column holds, as bytes."""
    return cell.encode("utf-8", "surrogatepass") if isinstance(cell, str) else bytes(cell)


class CauseCode(StrEnum):
    """Why a stored text can't be decrypted."""

    KEY_MISREAD = "key-misread"
    """The key is right, but it was read in a different way."""
    PREVIOUS_KEY = "previous-key"
    WRONG_KEY = "wrong-key"
    UNSET_KEY = "unset-key"
    """A text such as "undefined" served as the key."""
    KEY_UNKNOWN = "key-unknown"
    KEY_UNUSABLE = "key-unusable"

    JSON_BUFFER = "json-buffer"
    WRAPPED = "wrapped"
    WRONG_LAYOUT = "wrong-layout"
    WRONG_ENVELOPE = "wrong-envelope"
    WRONG_CIPHER = "wrong-cipher"
    WRONG_AAD = "wrong-aad"
    ENCRYPTED_TWICE = "encrypted-twice"
    NOT_ENCRYPTED = "not-encrypted"
    EMPTY = "empty"
    PLACEHOLDER = "placeholder"
    TOO_LARGE = "too-large"
    EXPIRED = "expired"
    REMOTE = "remote"
    LIBRARY_MISSING = "library-missing"
    WRONG_PLAINTEXT = "wrong-plaintext"

    TAG_DAMAGED = "tag-damaged"
    BYTES_CHANGED = "bytes-changed"
    BYTES_LOST = "bytes-lost"
    BYTES_ADDED = "bytes-added"
    TRUNCATED = "truncated"
    UTF8_DAMAGED = "utf8-damaged"
    MALFORMED = "malformed"
    UNEXPLAINED = "unexplained"

    MISSING = "missing"
    WRONG_METADATA = "wrong-metadata"


class Confidence(StrEnum):
    """How sure a cause is."""

    PROVEN = "proven"
    """An authentication tag, a MAC or a check value says so."""
    LIKELY = "likely"
    """It fits, and nothing else does; but nothing authenticates it."""
    UNCERTAIN = "uncertain"
    """What is seen has more than one possible cause."""


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """One cause, with secret-free values. Equal causes are equal values, so rows can be counted."""

    code: CauseCode
    confidence: Confidence
    case: str = ""
    """Which of the cases of its code it is, if that has several."""
    values: tuple[tuple[str, str], ...] = ()
    evidence: tuple[str, ...] = ()
    """Sentences: what was tried, and what it showed."""

    @classmethod
    def of(
        cls,
        code: CauseCode,
        confidence: Confidence,
        *evidence: str,
        case: str = "",
        **values: str,
    ) -> Cause:
        """A cause with its values in order; an empty value or sentence is left out."""
        return cls(
            code=code,
            confidence=confidence,
            case=case,
            values=tuple(sorted(pair for pair in values.items() if pair[1])),
            evidence=tuple(filter(None, evidence)),
        )

    @property
    def filled(self) -> Mapping[str, str]:
        """The values by name."""
        return dict(self.values)


class Stretch(msgspec.Struct, frozen=True, kw_only=True):
    """Rows that follow each other, in the order in which they were read."""

    first: tuple[str, ...]
    """The identity of the first of them."""
    last: tuple[str, ...]
    begins: bool
    """Whether no row comes before them."""
    ends: bool
    """Whether none comes after them."""


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of one column that have one cause in common."""

    KEPT: ClassVar[int] = 10
    """How many identities are kept."""

    cause: Cause
    count: int
    identities: tuple[tuple[str, ...], ...] = ()
    """The first of them by their identities, at most `Cluster.KEPT`."""
    shared: tuple[int, str] | None = None
    """The position in the identity whose value all of them, and no other rows, share; and it."""
    run: Stretch | None = None
    """The stretch that they are, if they follow each other."""


class ColumnCensus(msgspec.Struct, frozen=True, kw_only=True):
    """What the rows of one column came to."""

    name: str
    opened: int = 0
    """Rows that the declared key decrypts in the declared envelope, and that are well formed."""
    proof: bool = True
    """Whether decrypting proves anything."""
    failed: int = 0
    """All other rows, each of them once; one that has several causes is in several clusters."""
    nulls: int = 0
    clusters: tuple[Cluster, ...] = ()
    """The failed rows by cause, the most frequent first."""
