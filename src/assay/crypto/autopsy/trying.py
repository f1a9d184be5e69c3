"""How many keys are tried on each row of a column whose key isn't known.

Five rows of a different reading must not hide among ten thousand of a lost key, and a table of a
million rows must not take hours. So the first rows are tried with every key, more of them with the
likeliest, and of what follows a sample. If one try takes long, only a sample is tried at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.crypto.autopsy.causes import CauseCode
from assay.crypto.autopsy.searching import SLOW_TRY
from assay.crypto.public_keys import usual
from assay.lazily import made_once
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.crypto.autopsy.keyring import Opening
    from assay.crypto.autopsy.searching import Search

EVERY = 1500.0
"""Milliseconds in which every key is tried on each row."""
LIKELIEST = 1500.0
"""Those after that, in which only the likeliest are."""
READINGS = 2500.0
"""Those after that, in which only other readings of what somebody named are."""
REFUSED = 16
"""Rows that the declared key is tried on before it is given up, where each try is slow."""
CHUNK = 16
"""Rows that are looked at together then."""
_SAMPLED = 500
"""Of so many rows one is tried with every key, whatever was tried before."""
_GROUPS = 32
"""Values at the first position of identities, of each of which one row is tried with every key."""
_FEW = 8
"""The same where each try is slow."""


@redacted()
class Trials:
    """The keys that are tried on rows, within what a column may cost."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._each = search.case.envelope.milliseconds
        self.slow: bool = self._each >= SLOW_TRY
        self._left = [EVERY, LIKELIEST, READINGS]
        self._groups: set[tuple[str, ...]] = set()

    @made_once
    def _likeliest(self) -> tuple[Opening, ...]:
        """Other readings of what somebody named, and what stands for a variable without value."""
        return tuple(
            opening
            for opening in self._search.guessed
            if opening.candidate.cause is not CauseCode.UNSET_KEY or usual(opening.candidate.text)
        )

    @made_once
    def _readings(self) -> tuple[Opening, ...]:
        return tuple(
            one for one in self._search.guessed if one.candidate.cause is not CauseCode.UNSET_KEY
        )

    def given_up(self, count: int) -> bool:
        """Whether keys are no longer tried on each row, after so many that none opened."""
        return count >= REFUSED if self.slow else self._left[-1] <= 0

    def keys(self, data: bytes, *, due: bool) -> Iterator[Opening]:
        """What is tried on one row beside the declared key; all there is if it is `due`."""
        search = self._search
        yield from search.named
        if self.slow:
            if due:
                yield from search.affordable(data)
            return
        at = 0 if due else next((at for at, left in enumerate(self._left) if left > 0), None)
        if at is not None:
            keys = (search.guessed, self._likeliest, self._readings)[at]
            self._left[at] -= self._each * max(len(keys), 1)
            yield from keys

    def due(self, count: int, identity: tuple[str, ...]) -> bool:
        """Whether a row of a settled cause is tried once more: now and then, and in each group."""
        group = identity[:1]
        if len(self._groups) < (_FEW if self.slow else _GROUPS) and group not in self._groups:
            self._groups.add(group)
            return True
        return count & (count - 1) == 0 or (not self.slow and count % _SAMPLED == 0)
