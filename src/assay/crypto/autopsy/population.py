"""The rows of one column by cause, in memory that does not grow with them, and words for them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from assay.crypto.autopsy import widths
from assay.crypto.autopsy.causes import Cause, CauseCode, Cluster, Confidence, Stretch
from assay.crypto.autopsy.opened import merged
from assay.crypto.autopsy.ways import attempt
from assay.escapes import visible
from assay.redacted import redacted
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from assay.crypto.autopsy.searching import Search


MOST_CLUSTERS = 64
"""Causes that are told apart; what comes after them is counted together."""
MOST_VALUES = 10_000
"""Different values at one position of an identity, up to which it is known who shares one."""
_PLACES = frozenset(("place", "amount"))
"""Values that differ from row to row under one cause."""


_Placed: TypeAlias = "tuple[int, tuple[str, ...]]"
"""A row's place among all that hold something, and its identity."""


class Tally:
    """The rows of one cause."""

    def __init__(self, cause: Cause) -> None:
        self.cause = cause
        self.count: int = 0
        self.identities: list[tuple[str, ...]] = []
        self._shared: dict[int, str] = {}
        self._ends: tuple[_Placed, _Placed] | None = None

    def add(self, identity: tuple[str, ...], place: int = 0) -> None:
        """Count one more row; `place` is how many rows that hold something come before it."""
        self.count += 1
        self._reach((place, identity), (place, identity))
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
        if other._ends is not None:
            self._reach(*other._ends)
        self.count += other.count
        self.identities += other.identities[: Cluster.KEPT - len(self.identities)]

    def _reach(self, first: _Placed, last: _Placed) -> None:
        if self._ends is not None:
            first, last = min(first, self._ends[0]), max(last, self._ends[1])
        self._ends = first, last

    def run(self, filled: int) -> Stretch | None:
        """Where its rows are among all that hold something; None if they don't follow on."""
        if self._ends is None or not 1 < self.count < filled:
            return None
        (first, named), (last, name) = self._ends
        if last - first + 1 != self.count:
            return None
        return Stretch(first=named, last=name, begins=first == 0, ends=last == filled - 1)

    def clusters(self, among: Population | None = None, filled: int = 0) -> tuple[Cluster, ...]:
        """Its rows, and the value that all of them and no others have; none if there are none."""
        if not self.count:
            return ()
        shared = None
        if among is not None and self.count > 1:
            alike = (one for one in self._shared.items() if among.count(*one) == self.count)
            shared = next(alike, None)
        return (
            Cluster(
                cause=self.cause,
                count=self.count,
                identities=tuple(self.identities),
                shared=shared,
                run=self.run(filled),
            ),
        )


Tallies: TypeAlias = "tuple[Tally, ...]"
"""Where a row is counted: once for each of its causes."""


def count(tallies: Tallies, identity: tuple[str, ...], place: int) -> None:
    """Count one more row with all of its causes."""
    for tally in tallies:
        tally.add(identity, place)


class Population:
    """All rows of a column, and their causes."""

    def __init__(self) -> None:
        self.rows: int = 0
        self._counts: dict[int, Counter[str] | None] = {}
        """How often each value stands at each position of their identities."""
        self._tallies: dict[object, Tally] = {}

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

    def tally(self, cause: Cause) -> Tally:
        """Where rows with this cause are counted."""
        values = tuple(pair for pair in cause.values if pair[0] not in _PLACES)
        key = (cause.code, cause.confidence, cause.case, values)
        found = self._tallies.get(key)
        if found is not None:
            found.cause = merged(found.cause, cause)
            return found
        if len(self._tallies) >= MOST_CLUSTERS:
            cause = Cause.of(CauseCode.UNEXPLAINED, Confidence.UNCERTAIN)
            key = (cause.code, cause.confidence, cause.case, ())
            if key in self._tallies:
                return self._tallies[key]
        made = self._tallies[key] = Tally(cause)
        return made

    def tallies(self, causes: Sequence[Cause]) -> Tallies:
        """Where rows with all of these causes are counted."""
        return tuple(dict.fromkeys(self.tally(one) for one in causes))

    def settle(self, become: Callable[[Tally], Cause]) -> None:
        """Let the cause of each tally become another; those that are then alike are one."""
        found = [(become(tally), tally) for tally in self._tallies.values()]
        self._tallies = {}
        for cause, tally in found:
            self.tally(cause).join(tally)

    def alike(self, measure: str) -> int:
        """How many rows are as long as a column that may have cut them off."""
        tallies = self._tallies.values()
        return sum(tally.count for tally in tallies if widths.measure(tally.cause) == measure)

    def clusters(self, filled: int = 0) -> Iterable[tuple[Tally, Cluster]]:
        """The causes, the most frequent first; so many rows hold something."""
        for tally in sorted(self._tallies.values(), key=lambda one: -one.count):
            yield from ((tally, cluster) for cluster in tally.clusters(self, filled))


NAMED = 5
"""How many rows are called by their names; of more, only the first few."""
_FIRST = 3


def rows_in_words(cluster: Cluster, total: int, columns: Sequence[str] = ()) -> str:
    """Which rows a cluster is, of `total`; `columns` are those that name a row."""
    named = [row_in_words(identity) for identity in cluster.identities]
    known = bool(named) and all(named)
    if cluster.count == total and (total > 1 or not known):
        return f"{total} of {total} rows" if total > 1 else "1 of 1 row"
    if cluster.shared is not None and cluster.count > 1:
        position, value = cluster.shared
        return f"rows of {visible(_thing(columns, position))} {visible(value)}"
    if known and len(named) == cluster.count <= NAMED:
        return f"row {named[0]}" if cluster.count == 1 else f"rows {listed(named)}"
    some = f"{cluster.count} of {total} rows"
    if cluster.run is not None and known:
        return f"{some}, {run_in_words(cluster.run)}"
    first = named[:_FIRST]
    return f"{some}, the first {listed(first)}" if known and len(first) > 1 else some


def run_in_words(run: Stretch) -> str:
    """Where rows are that follow each other: `all from row 4411 on`."""
    first, last = row_in_words(run.first), row_in_words(run.last)
    if run.ends:
        return f"all from row {first} on"
    return f"all up to row {last}" if run.begins else f"all from row {first} to row {last}"


def since(run: Stretch) -> str:
    """What rows tell that follow each other, if all others can be decrypted."""
    first, last = row_in_words(run.first), row_in_words(run.last)
    if run.ends:
        when = f"the rows before row {first} can be decrypted, so something changed when it"
    elif run.begins:
        when = f"the rows after row {last} can be decrypted, so something changed when it"
    else:
        when = "the rows before and after them can be decrypted, so something changed when they"
    were = "was" if run.begins or run.ends else "were"
    return f"{when} {were} written, such as the key or a deployment"


def row_in_words(identity: Sequence[str]) -> str:
    """What one row is called: its identity, `9/live` where several columns make it."""
    return visible("/".join(identity))


def _thing(columns: Sequence[str], position: int) -> str:
    """What a column of an identity names: `tenant` of `tenant_id`."""
    name = columns[position] if position < len(columns) else "the same"
    for ending in ("_id", "_uuid", "Id", "_key"):
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending)
    return name


TRIES = 50_000
"""Texts that are tried with the data of a different row, in all."""
STRAYED_NAMED = 16
"""Other rows that are called by their names; each makes a cause of its own."""


@redacted()
class Strayed:
    """The additional data of the rows around one that does not open with its own."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._left = TRIES
        self._named: set[tuple[str, ...]] = set()
        self._around: dict[bytes, tuple[str, ...]] = {}

    def look_at(self, bound: Sequence[bytes], identities: Sequence[tuple[str, ...]]) -> None:
        """Take the rows of a page as those around."""
        alike = not bound or bound.count(bound[0]) == len(bound)
        self._around = (
            {} if alike else dict(zip(reversed(bound), reversed(identities), strict=True))
        )

    def found(self, data: bytes, aad: bytes) -> Cause | None:
        """Whether a text opens with the data of a row around it, and of which."""
        declared, case = self._search.declared, self._search.case
        if declared is None or not case.envelope.proves(case.recipe.cipher):
            return None
        for other, identity in self._around.items():
            if other == aad:
                continue
            self._left -= 1
            if self._left < 0:
                return None
            if attempt(declared, data, other) is not None:
                return self._told(identity)
        return None

    def _told(self, identity: tuple[str, ...]) -> Cause:
        name = row_in_words(identity)
        if not name or (identity not in self._named and len(self._named) >= STRAYED_NAMED):
            whose = "another row"
        else:
            self._named.add(identity)
            whose = f"row {name}"
        return Cause.of(
            CauseCode.WRONG_AAD,
            Confidence.PROVEN,
            f"it can be decrypted with the additional data of {whose}, but not with its own row's",
            case="copied",
            found=whose,
        )
