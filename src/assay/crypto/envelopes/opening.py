"""What envelopes are opened with: ciphers, made once for a key and then called for each text.

What takes a key raises `Misfit` if it is no key of the cipher.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeAlias

from assay.crypto.ciphers import NEEDS
from assay.crypto.envelopes.base import AES_CBC, Closed, Envelope, Material, Misfit, Opener, Parts

EXTRA = "envelopes"
"""The optional libraries, as in `pip install 'assay[envelopes]'`."""
TAG = 16
BLOCK = 16

Aead: TypeAlias = Callable[[bytes, bytes, bytes], bytes]
"""Nonce, ciphertext followed by the tag, and additional data, to the text."""
Cbc: TypeAlias = Callable[[bytes, bytes], bytes]
"""Nonce and ciphertext to the text, without its padding."""


Decrypting: TypeAlias = Callable[[Parts, bytes], bytes]
"""Parts and additional data to the text; it raises `Closed` or `Misfit`."""


def needed(module: str, library: str) -> Any:
    """The module of an optional library; raises `Misfit`, with the name people know, without it."""
    try:
        return import_module(module)
    except ImportError:
        reason = f"can't be decrypted without {library}: run `pip install 'assay[{EXTRA}]'`"
        raise Misfit("missing-library", reason) from None


def suited(key: bytes, cipher: str) -> bytes:
    """The key itself."""
    need = NEEDS.get(cipher)
    if need is None or not need.fits(len(key)):
        raise Misfit("key", f"is not a key for {cipher}")
    return key[: need.least] if need.exact else key


def aead(cipher: str, key: bytes) -> Aead:
    """What opens AES-GCM or ChaCha20-Poly1305 with a tag of 16 bytes.

    It raises `InvalidTag` for what does not open, and ValueError for a nonce of a wrong size: who
    calls it 100,000 times translates them.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

    key = suited(key, cipher)
    return ChaCha20Poly1305(key).decrypt if cipher == "chacha20-poly1305" else AESGCM(key).decrypt


def short_gcm(cipher: str, key: bytes, size: int) -> Aead:
    """As `aead`, for AES-GCM with a tag of 4 to 15 bytes, which Node cuts off when asked to."""
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


def by_parts(cipher: str, key: bytes) -> Decrypting:
    """What opens parts in AES, by their tag if the cipher has one."""
    from cryptography.exceptions import InvalidTag

    if cipher in AES_CBC:
        in_blocks = cbc(cipher, key)
        return lambda found, _aad: in_blocks(found.nonce, found.body)
    decrypt = aead(cipher, key)

    def opened(found: Parts, aad: bytes) -> bytes:
        try:
            return decrypt(found.nonce, found.body + found.tag, aad)
        except InvalidTag:
            raise Closed from None

    return opened


def otherwise_sealed(found: Parts, cipher: str) -> Misfit:
    """What is wrong with parts of the other mode of AES than that of the key."""
    sealed = "AES-GCM" if found.tag else "AES-CBC"
    return Misfit("key", f"was encrypted with {sealed}, but the key is for {cipher}")


class Parted(Envelope, frozen=True, kw_only=True):
    """An envelope whose parts are seen without any key."""

    def misfit(self, data: bytes) -> Misfit | None:
        """What is wrong with its parts."""
        try:
            self._taken(data)
        except Misfit as wrong:
            return Misfit(wrong.code, wrong.reason)
        return None

    def parts(self, data: bytes) -> Parts | None:
        """Its parts; None if something is wrong with them."""
        try:
            return self._taken(data)
        except Misfit:
            return None

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one key."""
        decrypt = self._decrypting(material, cipher)
        return lambda data, aad: decrypt(self._taken(data), aad)

    def _key(self, material: Material, cipher: str) -> bytes:
        """The key, if it suits; raises `Misfit`."""
        return suited(material.key, cipher if cipher in self.ciphers else "")

    def _taken(self, data: bytes) -> Parts:
        """Its parts; raises `Misfit`."""
        raise NotImplementedError  # pragma: no cover

    def _decrypting(self, material: Material, cipher: str) -> Decrypting:
        """What opens parts with one key; raises `Misfit` if the key does not suit."""
        raise NotImplementedError  # pragma: no cover
