"""Finds ciphertexts that were copied from another row, which their additional data keeps shut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.crypto.autopsy.explanations import Confidence, Explanation
from assay.crypto.autopsy.rules import form as rules
from assay.crypto.autopsy.searching import Search, attempt
from assay.crypto.autopsy.telling import explained
from assay.crypto.autopsy.wording import row_in_words
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Sequence

TRIES = 50_000
"""Texts that are tried with the data of another row, in all."""
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

    def found(self, data: bytes, aad: bytes) -> Explanation | None:
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

    def _told(self, identity: tuple[str, ...]) -> Explanation:
        name = row_in_words(identity)
        if not name or (identity not in self._named and len(self._named) >= NAMED):
            whose = "another row"
        else:
            self._named.add(identity)
            whose = f"row {name}"
        return explained(
            rules.OTHER_CONTEXT,
            Confidence.PROVED,
            f"it opens with the data of {whose}, and not with that of its own",
            found=f"the data of {whose}",
            declared="that of its own row",
        )
