"""Keys that can be guessed, by their bytes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from assay.crypto.ciphers import BARE, NEEDS
from assay.crypto.recipes import Derivation
from assay.hygiene.lists import PUBLISHED_KEYS
from assay.hygiene.strength import LEAST_BITS, entropy_bits

if TYPE_CHECKING:
    from assay.crypto.recipes import Recipe

RUN = 8
"""Equal bytes at an end that no random key of any use has."""
LEAST = 16
"""Bytes; below 128 bits a key can be searched for."""
_HEX_BITS = 4
_GIVEN_BITS = {"md5-hex": 128}
"""What a derivation leaves of a key at most."""
_PRINTABLE = frozenset(range(32, 127))


def weakness(recipe: Recipe, raw: bytes) -> str:
    """Why a key can be guessed, to stand behind "it"; empty where it can't, as far as bytes show.

    `raw` are the bytes that the application reads, before it derives anything from them.
    """
    if raw in PUBLISHED_KEYS:
        return f"is published in {PUBLISHED_KEYS[raw]}"
    period = (raw + raw).find(raw, 1)
    if period <= len(raw) // 2:
        return "repeats itself"
    steps = {(b - a) % 256 for a, b in pairwise(raw)}
    if len(steps) == 1:
        return "only counts"
    if _padded(raw):
        return "is filled up with one character at its end"
    if recipe.encoding in BARE:
        return _bare_weakness(raw)
    return ""


def too_little_hex(recipe: Recipe, body: str) -> bool:
    """Whether hex digits that are used as text hold less than the cipher needs, though they fit."""
    need = NEEDS.get(recipe.cipher)
    if need is None or len(body) < 2 * LEAST:
        return False
    fitted = isinstance(recipe.derive, Derivation) and recipe.derive.fit is not None
    digits = min(len(body), need.least) if fitted else len(body)
    bits = _GIVEN_BITS.get(str(recipe.derive), 8 * need.least)
    return _HEX_BITS * digits < bits


def _bare_weakness(raw: bytes) -> str:
    if _PRINTABLE.issuperset(raw):
        return "is text that was encoded, not random bytes"
    if len(set(raw)) < len(raw[:128]) // 2:
        return "has few different bytes"
    return ""


def _padded(raw: bytes) -> bool:
    return len(raw) > RUN and len(set(raw[-RUN:])) == 1


def guessable(text: str) -> bool:
    """Whether a passphrase is too short or too regular to be named in public."""
    return entropy_bits(text) < LEAST_BITS + 24
