"""Tests thousands of keys on one ciphertext, by its tag, its MAC or its padding.

The text is taken apart once. A key that passes is opened with, then: of AES-CBC without a MAC only
the padding is looked at, which a wrong key has right once in 256 tries.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from assay.crypto.envelopes.base import AES_CBC, AES_GCM, Closed, Material, Misfit
from assay.crypto.envelopes.opening import BLOCK, TAG

if TYPE_CHECKING:
    from assay.crypto.envelopes.base import Envelope, Parts

Acceptance: TypeAlias = Callable[[bytes], bool]
"""Whether a key may be the one that a ciphertext needs."""
_AEADS = AES_GCM | {"chacha20-poly1305"}


def acceptance(envelope: Envelope, cipher: str, data: bytes, aad: bytes) -> Acceptance | None:
    """What tests a key on a ciphertext; None if the text isn't opened with a quick key."""
    if envelope.material == "text" or envelope.costly or envelope.misfit(data) is not None:
        return None
    parts = envelope.parts(data)
    if parts is not None and cipher in _AEADS and len(parts.tag) == TAG and envelope.bindable:
        return _by_tag(cipher, parts, aad)
    if parts is not None and cipher in AES_CBC and not parts.mac and len(parts.body) >= BLOCK:
        return _by_padding(parts)
    return _by_opening(envelope, cipher, data, aad)


def _by_tag(cipher: str, parts: Parts, aad: bytes) -> Acceptance:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

    made = AESGCM if cipher in AES_GCM else ChaCha20Poly1305
    nonce, sealed = parts.nonce, parts.body + parts.tag

    def accepts(key: bytes) -> bool:
        try:
            made(key).decrypt(nonce, sealed, aad)
        except (InvalidTag, ValueError):
            return False
        return True

    return accepts


def _by_padding(parts: Parts) -> Acceptance:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    chained = (parts.nonce + parts.body)[-2 * BLOCK : -BLOCK]
    last = parts.body[-BLOCK:]

    def accepts(key: bytes) -> bool:
        try:
            padded = Cipher(algorithms.AES(key), modes.CBC(chained)).decryptor().update(last)
        except ValueError:
            return False
        count = padded[-1]
        return 0 < count <= BLOCK and padded.endswith(bytes((count,)) * count)

    return accepts


def _by_opening(envelope: Envelope, cipher: str, data: bytes, aad: bytes) -> Acceptance:
    def accepts(key: bytes) -> bool:
        try:
            envelope.opener(Material(key=key, text=b""), cipher)(data, aad)
        except (Closed, Misfit):
            return False
        except Exception:  # noqa: BLE001 - no text, however odd, may end an examination
            return False
        return True

    return accepts
