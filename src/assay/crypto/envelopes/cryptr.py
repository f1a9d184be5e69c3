"""cryptr: what the npm package `cryptr` writes since its version 6.

Source: https://github.com/MauriceButler/cryptr, index.js: salt, nonce, tag and ciphertext together,
AES-256-GCM under PBKDF2 with SHA-512. Versions 4 and 5 wrote AES-256-CTR, which nothing proves.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from assay.crypto.envelopes.base import Material, Misfit, Parts
from assay.crypto.envelopes.opening import DECODERS, TAG, WORDS, Decrypting, Parted, by_parts

_NONCE = 16
_KEY = 32
Iterations = Annotated[
    int,
    Meta(description="The option `pbkdf2Iterations`.", ge=1, le=10_000_000, examples=[100000]),
]
SaltLength = Annotated[
    int, Meta(description="The option `saltLength`, in bytes.", ge=1, le=1024, examples=[64])
]


class Cryptr(Parted, frozen=True, kw_only=True, tag="cryptr"):
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

    @property
    def milliseconds(self) -> float:
        """That of the rounds of PBKDF2."""
        return self.iterations / 2500

    def _taken(self, data: bytes) -> Parts:
        try:
            raw = DECODERS[self.encoding](data)
        except ValueError:
            raise Misfit("malformed", f"is not {WORDS[self.encoding]}") from None
        nonce = self.salt_length + _NONCE
        tag = nonce + TAG
        if len(raw) < tag:
            reason = "ends before its ciphertext, or a version of cryptr before 6 wrote it"
            raise Misfit("truncated", reason)
        salt = raw[: self.salt_length]
        return Parts(salt=salt, nonce=raw[len(salt) : nonce], tag=raw[nonce:tag], body=raw[tag:])

    def _decrypting(self, material: Material, cipher: str) -> Decrypting:
        del cipher  # there is one
        secret, rounds = material.text, self.iterations
        if not secret:
            raise Misfit("key", "is empty, which cryptr refuses")

        def opened(found: Parts, _aad: bytes) -> bytes:
            key = hashlib.pbkdf2_hmac("sha512", secret, found.salt, rounds, _KEY)
            return by_parts("aes-256-gcm", key)(found, b"")

        return opened
