"""Elixir's Cloak: what `Cloak.Ciphers.AES.GCM` writes, also for `cloak_ecto`.

Source: https://github.com/danielberkompas/cloak, lib/cloak/ciphers/aes_gcm.ex and tags/encoder.ex:
type 1, length and value of the label of the key, nonce, tag and ciphertext, bound to `AES256GCM`.
"""

from __future__ import annotations

import string
from typing import Annotated, ClassVar

import msgspec
from msgspec import Meta

from assay.crypto.envelopes.base import Closed, Envelope, Material, Misfit, Opener, Parts
from assay.crypto.envelopes.opening import TAG, Parted, by_parts

_BOUND = b"AES256GCM"
_NONCES = (12, 16)
"""Bytes: what its guide sets `iv_length` to, and what it is by default."""
_PRINTABLE = frozenset((string.ascii_letters + string.digits + string.punctuation + " ").encode())


class ElixirCloak(Parted, frozen=True, kw_only=True, tag="elixir-cloak"):
    """Elixir's Cloak with AES-256-GCM; the label of a key stands before what it seals."""

    title = "Elixir's Cloak"
    shape = "01, size and text of the key's label, iv (12 or 16), tag (16) and ciphertext"
    ciphers: ClassVar[frozenset[str]] = frozenset(("aes-256-gcm",))
    marked = True

    label: Annotated[
        str,
        Meta(
            description="The `tag` of the key in the vault's configuration; a text that names "
            "another needs another key.",
            max_length=127,
            examples=["AES.GCM.V1"],
        ),
    ] = ""

    def recognizes(self, data: bytes) -> bool:
        """Whether it begins with a label that can be read."""
        return _label(data) is not None

    def as_written(self, data: bytes) -> Envelope | None:
        """The same with the label that a text names, if that is another one."""
        label = _label(data)
        if not self.label or label is None or label == self.label.encode():
            return None
        return msgspec.structs.replace(self, label=label.decode())

    def _taken(self, data: bytes) -> Parts:
        """The parts, with the nonce that its guide advises."""
        if data[:1] != b"\1":
            raise Misfit("malformed", "does not begin with 01")
        label = _label(data)
        if label is None:
            short = len(data) < 2 + sum(data[1:2])
            raise Misfit("truncated" if short else "malformed", "has no key label after 01")
        if len(data) < 2 + len(label) + min(_NONCES) + TAG:
            raise Misfit("truncated", "ends before its ciphertext")
        return _split(data, _NONCES[0])

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one key."""
        del cipher  # there is one
        decrypt = by_parts("aes-256-gcm", material.key)
        sizes = list(_NONCES)

        def opened(data: bytes, _aad: bytes) -> bytes:
            self._taken(data)
            if self.label and _label(data) != self.label.encode():  # Cloak picks keys by it
                raise Closed("names a different key by its label")
            for size in sizes:
                try:
                    text = decrypt(_split(data, size), _BOUND)
                except Closed:
                    continue
                if size != sizes[0]:  # rows of one table are mostly written in one way
                    sizes.reverse()
                return text
            raise Closed

        return opened


def _label(data: bytes) -> bytes | None:
    """The label of the key; None if there is none that can be read."""
    if data[:1] != b"\1" or not 2 <= sum(data[1:2]) < 128:
        return None
    label = data[2 : 2 + data[1]]
    return label if len(label) == data[1] and _PRINTABLE.issuperset(label) else None


def _split(data: bytes, size: int) -> Parts:
    """The parts after the label, with a nonce of so many bytes."""
    iv = 2 + data[1]
    tag = iv + size
    body = tag + TAG
    return Parts(nonce=data[iv:tag], tag=data[tag:body], body=data[body:])
