"""Keys that are one typing error away from the declared one, where a ciphertext accepts them."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from assay.crypto.accepting import acceptance
from assay.crypto.autopsy.causes import CauseCode
from assay.crypto.autopsy.keyring import KeyCandidate, Opening, read_in_words
from assay.crypto.deriving import DerivingProblem
from assay.crypto.envelopes.base import Misfit
from assay.crypto.mistyped import slips

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.crypto.autopsy.causes import Case

_SECONDS = 1.0
"""What the keys for one ciphertext may take; all of them take a twentieth of it as a rule."""


def mistyped(case: Case, data: bytes, aad: bytes) -> Iterator[Opening]:
    """The declared envelope with keys that a ciphertext may need; of AES-CBC chance adds some."""
    envelope, recipe = case.envelope, case.recipe
    accepts = acceptance(envelope, recipe.cipher, data, aad)
    if accepts is None:
        return
    until = time.monotonic() + _SECONDS

    def fits(key: bytes) -> bool:
        return time.monotonic() < until and accepts(key)

    for slip in slips(recipe, case.text, case.salts, fits):
        candidate = KeyCandidate(
            recipe=recipe,
            text=slip.text,
            words=f"{case.variable} {slip.words}",
            cause=CauseCode.KEY_MISREAD,
            case="mistyped",
            values=(("declared", read_in_words(recipe)), ("found", slip.words)),
        )
        material = envelope.material_of(recipe, slip.text, case.salts)
        if not isinstance(material, DerivingProblem):
            with suppress(Misfit):
                opener = envelope.opener(material, recipe.cipher)
                yield Opening(candidate, envelope, recipe.cipher, opener)
