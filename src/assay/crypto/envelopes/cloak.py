"""cloak: what `@47ng/cloak` and `prisma-field-encryption` write.

Source: https://github.com/47ng/cloak, src/message.ts and src/key.ts.
"""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from typing import ClassVar

from assay.crypto.envelopes.base import Closed, Material, Misfit, Opener, Parts
from assay.crypto.envelopes.opening import TAG, Parted, by_parts, from_base64

_MARK = b"v1.aesgcm256."
_VERSION = re.compile(rb"v[0-9]+\.[a-z0-9]+\.[0-9a-fA-F]{8}\.")
_STANDARD = re.compile(rb"[+/]")
_KEY = b"k1.aesgcm256."
_PARTS = 5
_NONCE = 12


class Cloak(Parted, frozen=True, kw_only=True, tag="cloak"):
    """cloak, as Prisma field encryption stores it; it names its key by a fingerprint."""

    title = "cloak"
    shape = "v1.aesgcm256.FINGERPRINT.IV.CIPHERTEXT"
    ciphers: ClassVar[frozenset[str]] = frozenset(("aes-256-gcm",))
    separable = True
    marked = True

    def recognizes(self, data: bytes) -> bool:
        """Whether it begins as one."""
        return data.startswith(_MARK) or _VERSION.match(data) is not None

    def _taken(self, data: bytes) -> Parts:
        pieces = data.split(b".")
        if not data.startswith(_MARK):
            if _VERSION.match(data):
                raise Misfit("unsupported", "has an unknown version or algorithm")
            raise Misfit("malformed", f"does not begin with {_MARK.decode()}")
        if len(pieces) != _PARTS:
            reason = f"does not have {_PARTS} parts with dots between them"
            raise Misfit("truncated" if len(pieces) < _PARTS else "malformed", reason)
        if not re.fullmatch(rb"[0-9a-fA-F]{8}", pieces[2]):
            raise Misfit("malformed", "has no fingerprint of 8 hex digits")
        if _STANDARD.search(data):  # its own pattern refuses it
            raise Misfit("malformed", "is not base64url after its fingerprint")
        try:
            nonce, sealed = map(from_base64, pieces[3:])
        except ValueError:
            raise Misfit("malformed", "is not base64url after its fingerprint") from None
        if len(nonce) != _NONCE:
            raise Misfit("malformed", f"has no nonce of {_NONCE} bytes")
        if len(sealed) < TAG:
            raise Misfit("truncated", "ends before its tag does")
        return Parts(nonce=nonce, body=sealed[:-TAG], tag=sealed[-TAG:])

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one key, or shows by the fingerprint that it needs another."""
        del cipher  # there is one
        decrypt = by_parts("aes-256-gcm", material.key)
        own = _fingerprints(material.key)

        def opened(data: bytes, _aad: bytes) -> bytes:
            found = self._taken(data)
            named = data.split(b".")[2].lower() in own
            try:
                text = decrypt(found, b"")
            except Closed:
                if not named:
                    raise Closed("names a different key by its fingerprint") from None
                reason = "can't be decrypted, although it names the key by its fingerprint"
                raise Misfit("damaged", reason) from None
            if not named:
                reason = "can be decrypted, but names a different key by its fingerprint"
                raise Misfit("damaged", reason)
            return text

        return opened


def _fingerprints(key: bytes) -> frozenset[bytes]:
    """The first 8 hex digits of the SHA-256 of the key's text, which may be padded or not."""
    padded = _KEY + urlsafe_b64encode(key)
    texts = (padded, padded.rstrip(b"="))
    return frozenset(hashlib.sha256(text).hexdigest()[:8].encode() for text in texts)
