"""Rows of AES-CBC that open, though their first block isn't its iv: the text begins with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.crypto.autopsy.causes import Confidence
from assay.crypto.autopsy.modes import takes_head
from assay.crypto.autopsy.transports import Payload
from assay.crypto.autopsy.ways import Hit, Specimen, Way
from assay.redacted import redacted

if TYPE_CHECKING:
    from assay.crypto.autopsy.searching import Search

HEADS = 64
"""Rows of a column of AES-CBC that are asked whether their first block is an iv at all."""


@redacted()
class Heads:
    """Asks some rows that open whether their first block is an iv; all, once it was none."""

    def __init__(self, search: Search) -> None:
        self._search = search
        case = search.case
        self.asks: bool = takes_head(case.envelope, case.recipe.cipher)
        """Whether there is a block that may be none."""
        self._asked = 0
        self._found = False

    def missing(self, cell: bytes, plain: bytes, identity: tuple[str, ...]) -> bool:
        """Whether the first block of a row that opens isn't its iv, as far as it is asked."""
        self._asked += 1
        few = self._asked > HEADS and self._asked & (self._asked - 1)
        declared = self._search.declared
        if declared is None or (few and not self._found):
            return False
        payload = Payload(cell)
        hit = Hit(Way((), declared), plain, Confidence.LIKELY, payload)
        found = self._search.headless_hit(hit, Specimen([payload], b"", identity)) is not None
        self._found = self._found or found
        return found
