"""The rows of one column by cause, in memory that does not grow with them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from assay.crypto.autopsy.causes import Cause, CauseCode, Cluster, Confidence
from assay.crypto.autopsy.opened import merged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_CLUSTERS = 64
"""Causes that are told apart; what comes after them is counted together."""
MOST_VALUES = 10_000
"""Different values at one position of an identity, up to which it is known who shares one."""
_PLACES = frozenset(("place", "amount"))
"""Values that differ from row to row under one cause."""


class Tally:
    """The rows of one cause."""

    def __init__(self, cause: Cause) -> None:
        self.cause = cause
        self.count: int = 0
        self.identities: list[tuple[str, ...]] = []
        self._shared: dict[int, str] = {}

    def add(self, identity: tuple[str, ...]) -> None:
        """Count one more row."""
        self.count += 1
        if self.count == 1:
            self._shared = dict(enumerate(identity))
        elif self._shared:
            held = len(identity)
            self._shared = {
                at: value
                for at, value in self._shared.items()
                if at < held and identity[at] == value
            }
        if len(self.identities) < Cluster.KEPT:
            self.identities.append(identity)

    def join(self, other: Tally) -> None:
        """Take over the rows of a different tally."""
        common = other._shared if not self.count else self._shared
        self._shared = dict(common.items() & other._shared.items())
        self.count += other.count
        self.identities += other.identities[: Cluster.KEPT - len(self.identities)]

    def shared(self, values: ValueTally) -> tuple[int, str] | None:
        """The position whose value all of its rows, and no others, have; and it."""
        if self.count < 2:
            return None
        for at, value in self._shared.items():
            if values.count(at, value) == self.count:
                return at, value
        return None


Tallies: TypeAlias = "tuple[Tally, ...]"
"""Where a row is counted: once for each of its causes."""


def count(tallies: Tallies, identity: tuple[str, ...]) -> None:
    """Count one more row with all of its causes."""
    for tally in tallies:
        tally.add(identity)


class ValueTally:
    """How often each value stands at each position of the identities of all rows."""

    def __init__(self) -> None:
        self.rows: int = 0
        self._counts: dict[int, Counter[str] | None] = {}

    def see(self, identities: Sequence[tuple[str, ...]]) -> None:
        """Count a page of rows."""
        self.rows += len(identities)
        if not identities:
            return
        for at in range(len(identities[0])):
            counts = self._counts.setdefault(at, Counter())
            if counts is None:
                continue
            counts.update([identity[at] for identity in identities if at < len(identity)])
            if len(counts) > MOST_VALUES:  # it names rows, not groups of them
                self._counts[at] = None

    def count(self, at: int, value: str) -> int:
        """The rows that have a value at a position; 0 where nobody counted."""
        counts = self._counts.get(at)
        return counts[value] if counts is not None else 0


class Population:
    """All rows of a column, and their causes."""

    def __init__(self) -> None:
        self.values: ValueTally = ValueTally()
        self._tallies: dict[object, Tally] = {}

    def tally(self, cause: Cause) -> Tally:
        """Where rows with this cause are counted."""
        values = tuple(pair for pair in cause.values if pair[0] not in _PLACES)
        key = (cause.code, cause.confidence, values)
        found = self._tallies.get(key)
        if found is not None:
            found.cause = merged(found.cause, cause)
            return found
        if len(self._tallies) >= MOST_CLUSTERS:
            cause = Cause.of(CauseCode.UNEXPLAINED, Confidence.UNCERTAIN)
            key = (cause.code, cause.confidence, ())
            if key in self._tallies:
                return self._tallies[key]
        made = self._tallies[key] = Tally(cause)
        return made

    def tallies(self, causes: Sequence[Cause]) -> Tallies:
        """Where rows with all of these causes are counted."""
        return tuple(dict.fromkeys(self.tally(one) for one in causes))

    def absorb(self, other: Tally) -> None:
        """Count the rows of a different tally with those of the same cause."""
        own = self.tally(other.cause)
        own.join(other)

    def clusters(self) -> Iterable[tuple[Tally, Cluster]]:
        """The causes, the most frequent first."""
        for tally in sorted(self._tallies.values(), key=lambda one: -one.count):
            if tally.count:
                yield (
                    tally,
                    Cluster(
                        cause=tally.cause,
                        count=tally.count,
                        identities=tuple(tally.identities),
                        shared=tally.shared(self.values),
                    ),
                )
