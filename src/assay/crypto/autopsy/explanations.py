"""What an autopsy says: why a stored text does not open, how sure that is, and on what evidence."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

import msgspec

from assay.model import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping


class Confidence(StrEnum):
    """How sure an explanation is."""

    PROVED = "proved"
    """An authentication tag, a MAC or a check value says so."""
    LIKELY = "likely"
    """It fits, and nothing else does; but nothing authenticates it."""
    CANNOT_TELL = "cannot tell"
    """What is seen has more than one possible cause."""


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """One cause, with secret-free values. Equal causes are equal values, so rows can be counted."""

    rule: Rule
    confidence: Confidence
    values: tuple[tuple[str, str], ...] = ()
    """What fills the rule's message and remedy, beside those of the population."""
    evidence: tuple[str, ...] = ()
    """Sentences: what was tried, and what it showed."""

    @property
    def filled(self) -> Mapping[str, str]:
        """The values by name."""
        return dict(self.values)


class Cluster(msgspec.Struct, frozen=True, kw_only=True):
    """The rows of one column that have one cause in common."""

    KEPT: ClassVar[int] = 10
    """How many identities are kept."""

    explanation: Explanation
    count: int
    identities: tuple[tuple[str, ...], ...] = ()
    """The first of them by their identities, at most `Cluster.KEPT`."""
    shared: tuple[int, str] | None = None
    """The position in the identity whose value all of them, and no other rows, share; and it."""


class ColumnCensus(msgspec.Struct, frozen=True, kw_only=True):
    """What the rows of one column came to."""

    name: str
    opened: int = 0
    """Rows that open with the declared key in the declared envelope, and are well formed inside."""
    proof: bool = True
    """Whether opening proved anything."""
    failed: int = 0
    """Rows that do not, each of them once; one that has several causes is in several clusters."""
    nulls: int = 0
    clusters: tuple[Cluster, ...] = ()
    """The rows that do not, by cause; the most frequent first."""
