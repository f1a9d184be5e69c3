"""cloak: what `@47ng/cloak` and `prisma-field-encryption` write.

Source: https://github.com/47ng/cloak, src/message.ts and src/key.ts.
"""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING, ClassVar

from assay.crypto.envelopes.base import Closed, Envelope, Material, Misfit, Opener, Parts
from assay.crypto.envelopes.encodings import from_base64
from assay.crypto.envelopes.opening import TAG, aead

if TYPE_CHECKING:
    from collections.abc import Sequence

_MARK = b"v1.aesgcm256."
_VERSION = re.compile(rb"v[0-9]+\.[a-z0-9]+\.[0-9a-fA-F]{8}\.")
_KEY = b"k1.aesgcm256."
_PARTS = 5
_NONCE = 12


class Cloak(Envelope, frozen=True, kw_only=True, tag="cloak"):
    """cloak, as Prisma field encryption stores it; it names its key by a fingerprint."""

    title = "cloak"
    shape = "v1.aesgcm256.FINGERPRINT.IV.CIPHERTEXT"
    ciphers: ClassVar[frozenset[str]] = frozenset(("aes-256-gcm",))
    separable = True
    marked = True

    def recognizes(self, data: bytes) -> bool:
        """Whether it begins as one."""
        return data.startswith(_MARK) or _VERSION.match(data) is not None

    def misfit(self, data: bytes) -> Misfit | None:
        """What is wrong with its form."""
        pieces = data.split(b".")
        if not data.startswith(_MARK):
            if _VERSION.match(data):
                return Misfit("unsupported", "has an unknown version or algorithm")
            return Misfit("malformed", f"does not begin with {_MARK.decode()}")
        if len(pieces) != _PARTS:
            reason = f"does not have {_PARTS} parts with dots between them"
            return Misfit("truncated" if len(pieces) < _PARTS else "malformed", reason)
        if not re.fullmatch(rb"[0-9a-fA-F]{8}", pieces[2]):
            return Misfit("malformed", "has no fingerprint of 8 hex digits")
        return _sizes(pieces)

    def parts(self, data: bytes) -> Parts | None:
        """Nonce, tag and body."""
        if self.misfit(data) is not None:
            return None
        pieces = data.split(b".")
        sealed = from_base64(pieces[4])
        return Parts(nonce=from_base64(pieces[3]), body=sealed[:-TAG], tag=sealed[-TAG:])

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one key, or shows by the fingerprint that it needs another."""
        from cryptography.exceptions import InvalidTag

        del cipher  # there is one
        decrypt = aead("aes-256-gcm", material.key)
        own = _fingerprints(material.key)

        def opened(data: bytes, _aad: bytes) -> bytes:
            text = None
            pieces = data.split(b".")
            try:
                text = decrypt(from_base64(pieces[3]), from_base64(pieces[4]), b"")
            except (InvalidTag, ValueError, IndexError):
                pass
            else:
                if data.startswith(_MARK) and len(pieces) == _PARTS and pieces[2] in own:
                    return text
            wrong = self.misfit(data)
            if wrong is not None:
                raise wrong
            if pieces[2].lower() not in own:
                if text is None:
                    raise Closed("names a different key by its fingerprint")
                raise Misfit(
                    "damaged", "can be decrypted, but names a different key by its fingerprint"
                )
            if text is None:
                raise Misfit(
                    "damaged", "can't be decrypted, although it names the key by its fingerprint"
                )
            return text

        return opened


def _sizes(pieces: Sequence[bytes]) -> Misfit | None:
    try:
        nonce, sealed = from_base64(pieces[3]), from_base64(pieces[4])
    except ValueError:
        return Misfit("malformed", "is not base64url after its fingerprint")
    if len(nonce) != _NONCE:
        return Misfit("malformed", f"has no nonce of {_NONCE} bytes")
    return Misfit("truncated", "ends before its tag does") if len(sealed) < TAG else None


def _fingerprints(key: bytes) -> frozenset[bytes]:
    """The first 8 hex digits of the SHA-256 of the key's text, which may be padded or not."""
    padded = _KEY + urlsafe_b64encode(key)
    texts = (padded, padded.rstrip(b"="))
    return frozenset(hashlib.sha256(text).hexdigest()[:8].encode() for text in texts)
