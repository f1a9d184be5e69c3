"""Active Record Encryption of Rails 7 and later: a JSON object with payload and headers.

As activerecord/lib/active_record/encryption/message_serializer.rb writes it; the names of headers
are in properties.rb there. The key is derived: `pbkdf2` with the salt `key_derivation_salt`, 65536
rounds, and SHA-1 up to Rails 7.0 or SHA-256 since 7.1.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING, Any, ClassVar

from assay.crypto.envelopes.base import Closed, Material, Misfit, Opener, Parts
from assay.crypto.envelopes.opening import TAG, Decrypting, Parted, by_parts, decoded, object_in

if TYPE_CHECKING:
    from collections.abc import Mapping

CIPHER = "aes-256-gcm"
LARGEST = 2**26
"""Bytes; what is compressed and larger is not inflated: nothing of that size is a credential."""
_NONCE = 12


class ActiveRecord(Parted, frozen=True, kw_only=True, tag="active-record"):
    """What `encrypts` of Active Record writes, also compressed, and under a key of its own."""

    title = "an attribute of Active Record"
    shape = 'JSON: {"p": ciphertext, "h": {"iv", "at", and maybe "i", "k", "c"}}, in base64 each'
    ciphers: ClassVar[frozenset[str]] = frozenset((CIPHER,))
    separable = True
    marked = True

    def recognizes(self, data: bytes) -> bool:
        """By the names of its members."""
        return data.startswith(b'{"p":') and (b'"h":' in data or not data.endswith(b"}"))

    def parts(self, data: bytes) -> Parts | None:
        """Nonce, tag and body; None if the key of the body is inside."""
        found = super().parts(data)
        return None if found is None or "k" in _headers(object_in(data)) else found

    def _taken(self, data: bytes) -> Parts:
        return _parts(object_in(data))

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one key.

        A text may name its key, as it does with `store_key_references`, and have a key of its own,
        which this one opens.
        """
        key = self._key(material, cipher)
        decrypt = by_parts(CIPHER, key)
        own = hashlib.sha1(key, usedforsecurity=False).hexdigest()[:4].encode()

        def opened(data: bytes, _aad: bytes) -> bytes:
            found = object_in(data)
            headers = _headers(found)
            try:
                text = _opened(decrypt, found, headers)
            except Closed:
                if decoded(headers.get("i")) not in (None, own):
                    raise Closed("names a different key") from None
                raise
            return _inflated(text) if headers.get("c") is True else text

        return opened


def _opened(decrypt: Decrypting, found: object, headers: Mapping[str, Any]) -> bytes:
    """The text of a message, whose key may be inside of it, under the key that opens `decrypt`."""
    if "k" not in headers:
        return decrypt(_parts(found), b"")
    inner = by_parts(CIPHER, decrypt(_parts(headers["k"]), b""))
    try:
        return inner(_parts(found), b"")
    except Closed:
        reason = "is damaged: the inner key can be decrypted, but does not decrypt the text"
        raise Misfit("damaged", reason) from None


def _headers(found: Mapping[str, Any]) -> Mapping[str, Any]:
    headers = found.get("h")
    return headers if isinstance(headers, dict) else {}


def _parts(found: object) -> Parts:
    if not isinstance(found, dict):
        raise Misfit("malformed", "contains a key that is not a message")
    headers = _headers(found)
    body, nonce, tag = map(decoded, (found.get("p"), headers.get("iv"), headers.get("at")))
    if body is None or nonce is None or tag is None:
        raise Misfit("malformed", "has no p, h.iv and h.at in base64")
    if len(tag) != TAG or len(nonce) != _NONCE:
        raise Misfit("malformed", "has an iv or a tag of a size that AES-256-GCM does not write")
    return Parts(nonce=nonce, body=body, tag=tag)


def _inflated(data: bytes) -> bytes:
    inflating = zlib.decompressobj()
    try:
        text = inflating.decompress(data, LARGEST)
    except zlib.error:
        raise Misfit("malformed", "contains text that is not compressed the way it says") from None
    if inflating.unconsumed_tail:
        raise Misfit("unsupported", "decompresses to more than can be examined")
    return text
