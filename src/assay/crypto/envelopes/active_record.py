"""Active Record Encryption of Rails 7 and later: a JSON object with payload and headers.

As activerecord/lib/active_record/encryption/message_serializer.rb writes it; the names of headers
are in properties.rb there. The key is derived: `pbkdf2` with the salt `key_derivation_salt`, 65536
rounds, and SHA-1 up to Rails 7.0 or SHA-256 since 7.1.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING, Any, ClassVar

from assay.crypto.envelopes import objects
from assay.crypto.envelopes.base import Closed, Envelope, Material, Misfit, Opener
from assay.crypto.envelopes.opening import TAG, Aead, aead, suited
from assay.crypto.parts import Parts

if TYPE_CHECKING:
    from collections.abc import Mapping

CIPHER = "aes-256-gcm"
LARGEST = 2**26
"""Bytes; what is compressed and larger is not inflated: nothing of that size is a credential."""
_NONCE = 12


class ActiveRecord(Envelope, frozen=True, kw_only=True, tag="active-record"):
    """What `encrypts` of Active Record writes, also compressed, and under a key of its own."""

    title = "an attribute of Active Record"
    shape = 'JSON: {"p": ciphertext, "h": {"iv", "at", and maybe "i", "k", "c"}}, in base64 each'
    ciphers: ClassVar[frozenset[str]] = frozenset((CIPHER,))
    separable = True
    marked = True

    def recognizes(self, data: bytes) -> bool:
        """By the names of its members."""
        return data.startswith(b'{"p":') and (b'"h":' in data or not data.endswith(b"}"))

    def misfit(self, data: bytes) -> Misfit | None:
        """Members that are missing, or of a length that they can't have."""
        found = objects.members(data)
        if found is None:
            return objects.no_object(data)
        parts = _taken(found)
        return parts if isinstance(parts, Misfit) else None

    def parts(self, data: bytes) -> Parts | None:
        """Nonce, tag and body; None if the key of the body is inside."""
        found = objects.members(data)
        parts = None if found is None or "k" in _headers(found) else _taken(found)
        return None if isinstance(parts, Misfit) else parts

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one key.

        A text may name its key, as it does with `store_key_references`, and have a key of its own,
        which this one opens.
        """
        key = suited(material.key, cipher if cipher in self.ciphers else "")
        decrypt = aead(cipher, key)
        own = hashlib.sha1(key, usedforsecurity=False).hexdigest()[:4].encode()

        def opened(data: bytes, _aad: bytes) -> bytes:
            found = objects.members(data)
            if found is None:
                raise objects.no_object(data)
            headers = _headers(found)
            try:
                text = _with_own_key(decrypt, found) if "k" in headers else _opened(decrypt, found)
            except Closed:
                if objects.decoded(headers.get("i")) not in (None, own):
                    raise Closed("names a different key") from None
                raise
            return _inflated(text) if headers.get("c") is True else text

        return opened


def _with_own_key(decrypt: Aead, found: Mapping[str, Any]) -> bytes:
    """The text of a message whose key is inside of it, under the key that opens `decrypt`."""
    inner = aead(CIPHER, _opened(decrypt, _headers(found)["k"]))
    try:
        return _opened(inner, found)
    except Closed:
        reason = "is damaged: the inner key can be decrypted, but does not decrypt the text"
        raise Misfit("damaged", reason) from None


def _headers(found: Mapping[str, Any]) -> Mapping[str, Any]:
    headers = found.get("h")
    return headers if isinstance(headers, dict) else {}


def _taken(found: object) -> Parts | Misfit:
    if not isinstance(found, dict):
        return Misfit("malformed", "contains a key that is not a message")
    headers = _headers(found)
    body, nonce = objects.decoded(found.get("p")), objects.decoded(headers.get("iv"))
    tag = objects.decoded(headers.get("at"))
    if body is None or nonce is None or tag is None:
        return Misfit("malformed", "has no p, h.iv and h.at in base64")
    if len(tag) != TAG or len(nonce) != _NONCE:
        return Misfit("malformed", "has an iv or a tag of a size that AES-256-GCM does not write")
    return Parts(nonce=nonce, body=body, tag=tag)


def _opened(decrypt: Aead, found: object) -> bytes:
    from cryptography.exceptions import InvalidTag

    parts = _taken(found)
    if isinstance(parts, Misfit):
        raise parts
    try:
        return decrypt(parts.nonce, parts.body + parts.tag, b"")
    except InvalidTag:
        raise Closed from None


def _inflated(data: bytes) -> bytes:
    inflating = zlib.decompressobj()
    try:
        text = inflating.decompress(data, LARGEST)
    except zlib.error:
        raise Misfit("malformed", "contains text that is not compressed the way it says") from None
    if inflating.unconsumed_tail:
        raise Misfit("unsupported", "decompresses to more than can be examined")
    return text
