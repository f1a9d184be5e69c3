"""What `openssl enc` and CryptoJS write under a passphrase: `Salted__`, a salt, and AES-CBC.

The format is that of openssl-enc(1); CryptoJS imitates it (https://cryptojs.gitbook.io/docs/, "The
Cipher Output"). Nothing in it proves that it opens to the truth.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from msgspec import Meta

from assay.crypto.ciphers import NEEDS
from assay.crypto.deriving import evp_bytes_to_key
from assay.crypto.envelopes.base import AES_CBC, Closed, Material, Misfit, Parts
from assay.crypto.envelopes.opening import BLOCK, Decrypting, Parted, cbc, from_base64
from assay.crypto.recipes import meant

if TYPE_CHECKING:
    from collections.abc import Callable

MARK = b"Salted__"
IN_BASE64 = b"U2FsdGVkX1"
ROUNDS = 10_000
"""Of `openssl enc -pbkdf2` where nothing else is said (openssl-enc(1))."""
_OF_CRYPTOJS = re.compile(rb"[A-Za-z0-9+/]+(=+\s*)?")
_SALT = 8
_START = len(MARK) + _SALT

Derived = Literal["md5", "sha256", "pbkdf2"]


class _Salted(Parted, frozen=True, kw_only=True):
    """`Salted__`, 8 bytes of salt, then AES-CBC; as bytes or in base64."""

    shape = "Salted__, 8 bytes of salt, ciphertext; as bytes, or in base64: U2FsdGVkX1..."
    material: ClassVar[Literal["key", "text"]] = "text"
    authentic: ClassVar[bool | None] = False
    marked = True
    mark: ClassVar[bytes | tuple[bytes, ...]] = (MARK, IN_BASE64)

    def _ways(self) -> tuple[tuple[Derived, int], ...]:
        return (("md5", 1),)

    def _taken(self, data: bytes) -> Parts:
        raw = data
        if not data.startswith(MARK):
            try:
                raw = from_base64(data)
            except ValueError:
                reason = "is neither bytes that begin with Salted__ nor base64"
                raise Misfit("malformed", reason) from None
        if not raw.startswith(MARK):
            raise Misfit("malformed", "does not begin with Salted__")
        body = raw[_START:]
        if not body:
            raise Misfit("truncated", "ends before its ciphertext")
        if len(body) % BLOCK:
            raise Misfit("truncated", f"is not a multiple of {BLOCK} bytes long")
        return Parts(salt=raw[len(MARK) : _START], body=body)

    def _decrypting(self, material: Material, cipher: str) -> Decrypting:
        """What opens it with one passphrase: a key is made of it for each salt."""
        used = cipher if cipher in AES_CBC else "aes-256-cbc"
        size = NEEDS[used].least
        ways = [_maker(material.text, size + BLOCK, *way) for way in self._ways()]

        def opened(found: Parts, _aad: bytes) -> bytes:
            texts = []
            for make in ways:
                made = make(found.salt)
                with suppress(Closed):
                    texts.append(cbc(used, made[:size])(made[size:], found.body))
                    if _is_text(texts[-1]):
                        return texts[-1]
            if texts:  # the padding is right, so it need not be text
                return texts[0]
            raise Closed

        return opened


def _maker(secret: bytes, size: int, way: Derived, rounds: int) -> Callable[[bytes], bytes]:
    if way == "pbkdf2":
        return lambda salt: hashlib.pbkdf2_hmac("sha256", secret, salt, rounds, size)
    return lambda salt: evp_bytes_to_key(secret, salt, size=size, name=way)


def _is_text(data: bytes) -> bool:
    try:
        return data.decode().isprintable() or data.decode().replace("\n", "").isprintable()
    except UnicodeDecodeError:
        return False


class CryptoJs(_Salted, frozen=True, kw_only=True, tag="cryptojs"):
    """What `CryptoJS.AES.encrypt(text, passphrase)` writes: AES-256-CBC, the key made with MD5."""

    title = "a ciphertext of CryptoJS"
    ciphers: ClassVar[frozenset[str]] = frozenset(("aes-256-cbc", "passphrase"))

    def _taken(self, data: bytes) -> Parts:
        """The parts of what CryptoJS itself reads as base64: what follows a `=` it ignores."""
        if not data.startswith(MARK) and _OF_CRYPTOJS.fullmatch(data) is None:
            raise Misfit("malformed", "is not base64 as CryptoJS reads it")
        return super()._taken(data)


class OpenSsl(_Salted, frozen=True, kw_only=True, tag="openssl"):
    """What `openssl enc -aes-256-cbc` writes under a passphrase, as bytes or with `-a`."""

    title = "a ciphertext of openssl enc"
    ciphers: ClassVar[frozenset[str]] = AES_CBC | {"passphrase"}

    derive: Annotated[
        Literal["any", "md5", "sha256", "pbkdf2"],
        meant(
            description="How the key is made of the passphrase.",
            meanings={
                "any": "All of them are tried.",
                "md5": "As OpenSSL before 1.1.0 did, and `-md md5` does.",
                "sha256": "As OpenSSL since 1.1.0 does where nothing is said.",
                "pbkdf2": "As with `-pbkdf2`.",
            },
        ),
    ] = "any"
    iterations: Annotated[
        int, Meta(description="The rounds of PBKDF2, as `-iter` says.", ge=1, le=10_000_000)
    ] = ROUNDS

    @property
    def milliseconds(self) -> float:
        """That of the rounds of PBKDF2, if there are any."""
        return self.iterations / 2500 if self.derive in ("any", "pbkdf2") else 0.01

    def _ways(self) -> tuple[tuple[Derived, int], ...]:
        every: tuple[Derived, ...] = ("md5", "sha256", "pbkdf2")
        return tuple((way, self.iterations) for way in every if self.derive in ("any", way))
