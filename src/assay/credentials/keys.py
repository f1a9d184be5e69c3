"""The keys of one moment, ready to open a column."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace

from assay.crypto.context import filled, placeholders
from assay.crypto.deriving import DerivingProblem
from assay.crypto.envelopes.base import Closed, Misfit
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.crypto.autopsy import Case
    from assay.crypto.autopsy.searching import Search


@redacted()
class Keys:
    """What opens a column with the keys of one moment. It never changes, so threads share it."""

    __slots__ = ("_fits", "_open", "_previous", "case", "columns", "fixed", "search")

    def __init__(self, case: Case, *, accept_previous: bool) -> None:
        template = case.envelope.aad
        self.case: Case = case
        self.columns: tuple[str, ...] = placeholders(template)
        """The columns that the additional data is made of."""
        self.fixed: bytes = b"" if self.columns else filled(template, {})
        self.search: Search | None = None
        """What explanations have made of the keys; only they set it."""
        self._open = _opening(case)
        self._fits = None if case.fits is None else case.well_formed
        others = case.previous.values() if accept_previous else ()
        self._previous = tuple(_opening(replace(case, text=text)) for text in others)

    def opened(self, data: bytes, bound: bytes) -> bytes | None:
        """The plaintext; None if the key doesn't open it to one of the declared type."""
        try:
            plain = self._open(data, bound)
        except (Closed, Misfit):
            return None
        return plain if self._fits is None or self._fits(plain) else None

    def opened_by_previous(self, data: bytes, bound: bytes) -> bytes | None:
        """The plaintext if an earlier key opens it, and not by chance."""
        case = self.case
        sure = case.well_formed if case.envelope.proves(case.recipe.cipher) else case.vouches
        for opener in self._previous:
            with suppress(Closed, Misfit):
                plain = opener(data, bound)
                if sure(plain):
                    return plain
        return None


def _opening(case: Case) -> Callable[[bytes, bytes], bytes]:
    """What opens, or refuses everything if the text isn't a usable key or a library is missing."""
    made = case.envelope.material_of(case.recipe, case.text, case.salts)
    if not isinstance(made, DerivingProblem):
        with suppress(Misfit):
            return case.envelope.opener(made, case.recipe.cipher)
    return _closed


def _closed(data: bytes, aad: bytes) -> bytes:
    del data, aad
    raise Closed
