"""What an autopsy has in hand: the envelope and the key as they are declared, and other keys."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress

import msgspec

from assay.crypto.envelopes.base import Envelope
from assay.crypto.recipes import Recipe
from assay.redacted import redacted

LARGEST = 2**20
"""Bytes; nothing longer is a credential."""


@redacted("variable")
class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One column of stored ciphertext, and every key that may have sealed it. It never shows one.

    Values of variables are texts as the application reads them.
    """

    envelope: Envelope
    recipe: Recipe
    variable: str
    """The name of the variable with the key."""
    text: str
    """Its value."""
    previous: Mapping[str, str] = {}
    """Variables with earlier keys, and their values; the same recipe makes keys of them."""
    suspects: Mapping[str, str] = {}
    """Further variables that may have sealed rows by mistake."""
    salts: Mapping[str, str | None] = {}
    """The values of the variables that `recipe.references` names."""
    identity: tuple[str, ...] = ()
    """The columns whose values name a row."""
    fits: Callable[[bytes], bool] | None = None
    """Whether a plaintext is of the declared type; None if none is declared."""
    expected: str = "of the declared type"
    """What the plaintext should be, to follow "is not"."""

    def well_formed(self, plain: bytes) -> bool:
        """Whether a plaintext is of the declared type; true if none is declared."""
        if self.fits is None:
            return True
        with suppress(Exception):  # whatever it can't judge is not of its type
            return self.fits(plain)
        return False

    def vouches(self, plain: bytes) -> bool:
        """Whether the declared type distinguishes a plaintext from noise, and takes it for one."""
        return (
            self.fits is not None
            and self.well_formed(plain)
            and not self.well_formed(noise_like(plain))
        )


def noise_like(data: bytes) -> bytes:
    """Noise of the same length; the same each time."""
    blocks = (hashlib.sha256(count.to_bytes(4)).digest() for count in range(-(-len(data) // 32)))
    return b"".join(blocks)[: len(data)]


def as_bytes(cell: bytes | bytearray | memoryview | str) -> bytes:
    """What a column holds, as bytes."""
    return cell.encode("utf-8", "surrogatepass") if isinstance(cell, str) else bytes(cell)
