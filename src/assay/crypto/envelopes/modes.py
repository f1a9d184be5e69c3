"""The modes of AES and 3DES that a layout may declare beside AES-GCM and ChaCha20-Poly1305.

Most are for reading what older programs wrote: none of them is a choice for new data.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from assay.crypto.deriving import evp_bytes_to_key
from assay.crypto.envelopes.base import (
    AES_CBC,
    AES_CCM,
    AES_CTR,
    AES_EAX,
    AES_ECB,
    DES3,
    Closed,
    Material,
)
from assay.crypto.envelopes.opening import BLOCK, TAG, Aead, Cbc, aead, short_gcm, suited

if TYPE_CHECKING:
    from collections.abc import Callable

DES_BLOCK = 8
_SUFFIXES = {"gcm": (8, 128), "cbc": (BLOCK, BLOCK), "ctr": (BLOCK, BLOCK), "ecb": (0, 0)}
_SUFFIXES |= {"ccm": (7, 13), "eax": (1, 128), "poly1305": (12, 12)}


def nonces(cipher: str) -> tuple[int, int]:
    """Bytes of a nonce, at least and at most, that `cryptography` takes."""
    return (DES_BLOCK, DES_BLOCK) if cipher == DES3 else _SUFFIXES[cipher.rpartition("-")[2]]


def usual_nonce(cipher: str) -> int:
    """Bytes of the nonce that programs choose."""
    least, most = nonces(cipher)
    return most if least == most else 12


def padded_to(cipher: str) -> int:
    """Bytes of the blocks that a cipher pads to; 0 if it doesn't pad."""
    if cipher in AES_CBC or cipher in AES_ECB:
        return BLOCK
    return DES_BLOCK if cipher == DES3 else 0


def unsigned(cipher: str, key: bytes) -> Cbc:
    """What opens a cipher without a tag; it raises `Closed` where the padding is wrong."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    block = padded_to(cipher)
    algorithm: algorithms.AES
    if cipher == DES3:
        from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES

        algorithm = TripleDES(suited(key, cipher))  # type: ignore[assignment]
    else:
        algorithm = algorithms.AES(suited(key, cipher))

    def decrypt(nonce: bytes, body: bytes) -> bytes:
        mode: modes.Mode = modes.CBC(nonce)
        if cipher in AES_CTR:
            mode = modes.CTR(nonce)
        elif cipher in AES_ECB:
            mode = modes.ECB()  # noqa: S305 - it is what was used
        try:
            opening = Cipher(algorithm, mode).decryptor()  # type: ignore[misc]
            plain = opening.update(body) + opening.finalize()
        except ValueError:
            raise Closed from None
        return unpadded(plain, block) if block else plain

    return decrypt


def unpadded(plain: bytes, block: int) -> bytes:
    """A text without its padding of PKCS #7 (RFC 5652, 6.3); raises `Closed` if that is wrong."""
    count = plain[-1] if plain else 0
    if not 0 < count <= block or plain[-count:] != bytes((count,)) * count:
        raise Closed
    return plain[:-count]


def signed(cipher: str, key: bytes, size: int = TAG) -> Aead:
    """What opens a cipher with a tag of `size` bytes; it raises `InvalidTag` or ValueError."""
    if cipher in AES_EAX:
        return _eax(suited(key, cipher), size)
    if cipher in AES_CCM:
        from cryptography.hazmat.primitives.ciphers.aead import AESCCM

        return AESCCM(suited(key, cipher), tag_length=size).decrypt
    return aead(cipher, key) if size == TAG else short_gcm(cipher, key, size)


def _eax(key: bytes, size: int) -> Aead:
    """EAX, of Bellare, Rogaway and Wagner: CTR, and CMAC three times for the tag."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.cmac import CMAC

    algorithm = algorithms.AES(key)

    def omac(number: int, data: bytes) -> bytes:
        made = CMAC(algorithm)
        made.update(bytes(BLOCK - 1) + bytes((number,)) + data)
        return made.finalize()

    def decrypt(nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
        if len(sealed) < size:
            raise InvalidTag
        body, tag = sealed[:-size], sealed[-size:]
        start = omac(0, nonce)
        parts = zip(start, omac(1, aad), omac(2, body), strict=True)
        whole = bytes(one ^ two ^ three for one, two, three in parts)
        if not hmac.compare_digest(whole[:size], tag):
            raise InvalidTag
        opening = Cipher(algorithm, modes.CTR(start)).decryptor()
        return opening.update(body) + opening.finalize()

    return decrypt


def _of_evp(material: Material, size: int) -> bytes:
    longer = evp_bytes_to_key(material.text, size=len(material.key) + size)
    return longer[len(material.key) :]


MADE: dict[str, Callable[[Material, int], bytes]] = {
    "zero": lambda _, size: bytes(size),
    "key": lambda material, size: material.key[:size],
    "key-hex": lambda material, size: material.key.hex().encode()[:size],
    "text": lambda material, size: material.text[:size],
    "md5": lambda material, size: hashlib.md5(material.text, usedforsecurity=False).digest()[:size],
    "evp-md5": _of_evp,
}
"""The ivs that programs make instead of storing one, by what a spec calls them."""
