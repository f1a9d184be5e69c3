"""Functions that make keys of passphrases or other keys, as applications use them."""

from __future__ import annotations

import hashlib
import hmac

MEMORY = 2**30
"""Bytes; scrypt with parameters that need more is refused when the spec is read."""
WORK = 2**24
"""The cost, block size and parallelization of scrypt, multiplied: about ten seconds."""


def scrypt(  # noqa: PLR0913 - the parameters of the RFC
    secret: bytes, salt: bytes, *, n: int, r: int, p: int, size: int
) -> bytes:
    """The function scrypt (RFC 7914)."""
    need = 128 * r * (n + p + 2) + 2**16
    return hashlib.scrypt(secret, salt=salt, n=n, r=r, p=p, maxmem=need, dklen=size)


def hkdf(secret: bytes, salt: bytes, *, info: bytes, name: str, size: int) -> bytes:
    """HKDF (RFC 5869): extract, then expand."""
    blank = bytes(hashlib.new(name).digest_size)
    extracted = hmac.digest(salt or blank, secret, name)
    block = made = b""
    while len(made) < size:
        block = hmac.digest(extracted, block + info + bytes([len(made) // len(blank) + 1]), name)
        made += block
    return made[:size]


def evp_bytes_to_key(secret: bytes, salt: bytes = b"", *, size: int, name: str = "md5") -> bytes:
    """OpenSSL's EVP_BytesToKey with one round (its manual page, EVP_BytesToKey(3))."""
    block = made = b""
    while len(made) < size:
        block = hashlib.new(name, block + secret + salt, usedforsecurity=False).digest()
        made += block
    return made[:size]
