"""cryptr: what the npm package `cryptr` writes since its version 6.

Source: https://github.com/MauriceButler/cryptr, index.js: salt, nonce, tag and ciphertext together,
AES-256-GCM under PBKDF2 with SHA-512. Versions 4 and 5 wrote AES-256-CTR, which nothing proves.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from assay.crypto.envelopes.base import Closed, Envelope, Material, Misfit, Opener
from assay.crypto.envelopes.encodings import DECODERS, WORDS
from assay.crypto.envelopes.opening import TAG, aead
from assay.crypto.parts import Parts

_NONCE = 16
_KEY = 32
Iterations = Annotated[
    int,
    Meta(description="The option `pbkdf2Iterations`.", ge=1, le=10_000_000, examples=[100000]),
]
SaltLength = Annotated[
    int, Meta(description="The option `saltLength`, in bytes.", ge=1, le=1024, examples=[64])
]


class Cryptr(Envelope, frozen=True, kw_only=True, tag="cryptr"):
    """npm's cryptr, version 6: AES-256-GCM with a key that PBKDF2 makes of a passphrase."""

    title = "cryptr"
    shape = "hex of salt (64 bytes), iv (16), tag (16) and ciphertext"
    material: ClassVar[Literal["key", "text"]] = "text"
    ciphers: ClassVar[frozenset[str]] = frozenset(("passphrase",))
    costly = True

    encoding: Annotated[
        Literal["hex", "base64", "base64url"], Meta(description="The option `encoding`.")
    ] = "hex"
    iterations: Iterations = 100_000
    salt_length: SaltLength = 64

    def misfit(self, data: bytes) -> Misfit | None:
        """What is wrong with its form."""
        try:
            raw = DECODERS[self.encoding](data)
        except ValueError:
            return Misfit("malformed", f"is not {WORDS[self.encoding]}")
        if len(raw) < self._body:
            reason = "ends before its ciphertext, or a version of cryptr before 6 wrote it"
            return Misfit("truncated", reason)
        return None

    def parts(self, data: bytes) -> Parts | None:
        """Nonce, tag and body; each text has a salt, and so a key, of its own."""
        if self.misfit(data) is not None:
            return None
        salt, nonce, sealed = self._split(DECODERS[self.encoding](data))
        return Parts(nonce=nonce, body=sealed[:-TAG], tag=sealed[-TAG:], salt=salt)

    @property
    def _body(self) -> int:
        return self.salt_length + _NONCE + TAG

    def _split(self, raw: bytes) -> tuple[bytes, bytes, bytes]:
        salt, at = raw[: self.salt_length], self.salt_length + _NONCE
        nonce, tag = raw[self.salt_length : at], raw[at : self._body]
        return salt, nonce, raw[self._body :] + tag

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one passphrase."""
        from cryptography.exceptions import InvalidTag

        del cipher  # there is one
        decode, secret = DECODERS[self.encoding], material.text
        if not secret:
            raise Misfit("key", "is empty, which cryptr refuses")

        def opened(data: bytes, _aad: bytes) -> bytes:
            wrong = self.misfit(data)
            if wrong is not None:
                raise wrong
            salt, nonce, sealed = self._split(decode(data))
            key = hashlib.pbkdf2_hmac("sha512", secret, salt, self.iterations, _KEY)
            try:
                return aead("aes-256-gcm", key)(nonce, sealed, b"")
            except InvalidTag:
                raise Closed from None

        return opened
