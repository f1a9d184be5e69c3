"""The ciphers of `cryptography`, made once for a key and then called for each text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from assay.crypto.ciphers import NEEDS
from assay.crypto.envelopes.base import Closed, Misfit

TAG = 16
BLOCK = 16

Aead: TypeAlias = Callable[[bytes, bytes, bytes], bytes]
"""Nonce, ciphertext followed by the tag, and additional data, to the text."""
Cbc: TypeAlias = Callable[[bytes, bytes], bytes]
"""Nonce and ciphertext to the text, without its padding."""


def suited(key: bytes, cipher: str) -> bytes:
    """The key itself.

    Raises:
        Misfit: it isn't a key of the cipher.

    """
    need = NEEDS.get(cipher)
    if need is None or not need.fits(len(key)):
        raise Misfit("key", f"is not a key for {cipher}")
    return key[: need.least] if need.exact else key


def aead(cipher: str, key: bytes) -> Aead:
    """What opens AES-GCM or ChaCha20-Poly1305 with a tag of 16 bytes.

    It raises `InvalidTag` for what does not open, and ValueError for a nonce of a wrong size: who
    calls it 100,000 times translates them.

    Raises:
        Misfit: the key does not suit.

    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

    key = suited(key, cipher)
    return ChaCha20Poly1305(key).decrypt if cipher == "chacha20-poly1305" else AESGCM(key).decrypt


def short_gcm(cipher: str, key: bytes, size: int) -> Aead:
    """As `aead`, for AES-GCM with a tag of 4 to 15 bytes, which Node cuts off when asked to.

    Raises:
        Misfit: the key does not suit.

    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    algorithm = algorithms.AES(suited(key, cipher))

    def decrypt(nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
        if len(sealed) < size:
            raise InvalidTag
        mode = modes.GCM(nonce, sealed[-size:], min_tag_length=size)
        opening = Cipher(algorithm, mode).decryptor()
        opening.authenticate_additional_data(aad)
        return opening.update(sealed[:-size]) + opening.finalize()

    return decrypt


def cbc(cipher: str, key: bytes) -> Cbc:
    """What opens AES-CBC with the padding of PKCS #7 (RFC 5652, 6.3), which proves nothing.

    It raises `Closed` where the padding is wrong.

    Raises:
        Misfit: the key does not suit.

    """
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    algorithm = algorithms.AES(suited(key, cipher))

    def decrypt(nonce: bytes, body: bytes) -> bytes:
        try:
            opening = Cipher(algorithm, modes.CBC(nonce)).decryptor()
            padded = opening.update(body) + opening.finalize()
        except ValueError:
            raise Closed from None
        count = padded[-1] if padded else 0
        if not 0 < count <= BLOCK or padded[-count:] != bytes((count,)) * count:
            raise Closed
        return padded[:-count]

    return decrypt
