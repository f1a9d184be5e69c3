"""What an autopsy finds out: why a stored text can't be decrypted, how sure that is, and why.

These are facts; the kind makes sentences of them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping


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
