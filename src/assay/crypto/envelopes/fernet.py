"""Fernet tokens (https://github.com/fernet/spec/blob/master/Spec.md)."""

from __future__ import annotations

import base64
from typing import ClassVar

from assay.crypto.envelopes.base import Closed, Envelope, Material, Misfit, Opener
from assay.crypto.envelopes.opening import BLOCK, from_base64, suited

_MARK = b"gAAAA"
"""The version 0x80 and the first bytes of the time, until the year 2106, in base64url."""
_FIXED = 1 + 8 + BLOCK + 32
"""Bytes: version, time, nonce, HMAC."""


class Fernet(Envelope, frozen=True, kw_only=True, tag="fernet"):
    """A Fernet token, as Python's `cryptography` writes it. Its age is not judged.

    Tokens of a `MultiFernet` are opened with the key of the spec, or one of its previous keys.
    """

    title = "a Fernet token"
    shape = "gAAAA..., in base64url: version, time, nonce, AES-128-CBC, HMAC"
    ciphers: ClassVar[frozenset[str]] = frozenset(("fernet",))
    marked = True
    mark: ClassVar[bytes | tuple[bytes, ...]] = _MARK

    def misfit(self, data: bytes) -> Misfit | None:
        """Another encoding or version, or a length that no token has."""
        try:
            raw = from_base64(data)
            if b"=" not in data and len(b"".join(data.split())) % 4:
                return Misfit("truncated", "lacks the = at its end, without which it is refused")
        except ValueError:
            return Misfit("malformed", "is not base64url")
        if raw[:1] != b"\x80":
            return Misfit("malformed", "does not begin with Fernet's version byte, 0x80")
        if len(raw) < _FIXED + BLOCK:
            return Misfit("truncated", "is shorter than any Fernet token")
        if (len(raw) - _FIXED) % BLOCK:
            return Misfit("truncated", f"does not hold a multiple of {BLOCK} bytes")
        return None

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one key; the HMAC is verified first."""
        from cryptography.fernet import Fernet as Opening
        from cryptography.fernet import InvalidToken

        key = suited(material.key, cipher if cipher in self.ciphers else "")
        decrypt = Opening(base64.urlsafe_b64encode(key)).decrypt

        def opened(data: bytes, _aad: bytes) -> bytes:
            wrong = self.misfit(data)  # `cryptography` skips characters that the spec refuses
            if wrong is not None:
                raise wrong
            try:
                return decrypt(data)
            except InvalidToken:
                raise Closed from None

        return opened
