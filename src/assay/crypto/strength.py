"""Keys that can be guessed, by their bytes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from assay.crypto.ciphers import BARE
from assay.hygiene.strength import LEAST_BITS, entropy_bits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.crypto.recipes import Recipe

RUN = 8
"""Equal bytes at an end that no random key of any use has."""
LEAST = 16
"""Bytes; below 128 bits a key can be searched for."""
_PRINTABLE = frozenset(range(32, 127))

PUBLISHED: Mapping[bytes, str] = {
    bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"): "NIST's test vectors for AES",
    bytes.fromhex(
        "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"
    ): "NIST's test vectors for AES",
    bytes.fromhex(
        "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
    ): "NIST's test vectors for AES",
    bytes.fromhex("feffe9928665731c6d6a8f9467308308"): "the test vectors of AES-GCM",
    bytes.fromhex(
        "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
    ): "the test vectors of AES-GCM",
    bytes.fromhex(
        "730ff4c7af3d46923e8ed451ee813c87f790b0a226bc96a92de49b5e9c05e1ee"
    ): "the specification of Fernet",
    b"vOVH6sdmpNWjRRIqCc7rdxs01lwHzfr3": "tutorials on Node's crypto module",
    b"your-256-bit-secret": "the debugger at jwt.io",
    b"a-string-secret-at-least-256-bits-long": "the debugger at jwt.io",
}
"""Keys that anyone can look up, by the bytes that the cipher gets."""


def weakness(recipe: Recipe, raw: bytes) -> str:
    """Why a key can be guessed, to stand behind "it"; empty where it can't, as far as bytes show.

    `raw` are the bytes that the application reads, before it derives anything from them.
    """
    if raw in PUBLISHED:
        return f"is published in {PUBLISHED[raw]}"
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
