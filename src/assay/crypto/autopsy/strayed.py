"""Finds ciphertexts that were copied from another row: their additional data shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.crypto.autopsy.causes import Cause, CauseCode, Confidence
from assay.crypto.autopsy.rows import row_in_words
from assay.crypto.autopsy.searching import Search, attempt
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Sequence

TRIES = 50_000
"""Texts that are tried with the data of a different row, in all."""
NAMED = 16
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
        if not name or (identity not in self._named and len(self._named) >= NAMED):
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
