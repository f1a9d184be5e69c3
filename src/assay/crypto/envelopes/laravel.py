"""Laravel's encrypter: base64 of a JSON object with iv, value, mac and tag.

As src/Illuminate/Encryption/Encrypter.php writes it (https://github.com/laravel/framework). With
AES-CBC the MAC is verified before anything is decrypted: the padding alone is right under a wrong
key once in a while, and a test of Laravel's holds such a text.
"""

from __future__ import annotations

import hmac
import re
from typing import ClassVar

from assay.crypto.envelopes.base import AES_CBC, Closed, Material, Misfit, Parts
from assay.crypto.envelopes.opening import (
    BLOCK,
    TAG,
    Decrypting,
    Parted,
    by_parts,
    decoded,
    object_in,
    otherwise_sealed,
    unwrapped,
)

MARK = b"eyJpdiI6I"
"""`{"iv":"` in base64, as far as it says so."""
_MEMBERS = re.compile(rb'\{"iv":"[^"]*(?:$|"(?:$|,(?:$|"value":")))')
_BEGIN = 64
"""Characters of base64 that hold both names."""
_MAC = re.compile(r"[0-9a-f]{64}")
_NONCE = 12


class Laravel(Parted, frozen=True, kw_only=True, tag="laravel"):
    """What `Crypt::encrypt` and encrypted casts of Laravel write.

    What `encrypt` serialised, such as `s:3:"foo";`, is the plaintext; `encryptString` and casts of
    text don't serialise.
    """

    title = "a ciphertext of Laravel"
    shape = "base64 of JSON with iv, value, mac and tag: eyJpdiI6I..."
    ciphers: ClassVar[frozenset[str]] = frozenset(
        ("aes-128-cbc", "aes-256-cbc", "aes-128-gcm", "aes-256-gcm")
    )
    authentic: ClassVar[bool | None] = True
    marked = True

    def recognizes(self, data: bytes) -> bool:
        """By its first two members, as far as they are there."""
        if not data.startswith(MARK):
            return False
        begin = unwrapped(data[:_BEGIN])
        return _MEMBERS.match(begin) is not None

    def _decrypting(self, material: Material, cipher: str) -> Decrypting:
        key = self._key(material, cipher)
        decrypt = by_parts(cipher, key)

        def opened(found: Parts, _aad: bytes) -> bytes:
            if bool(found.tag) == (cipher in AES_CBC):
                raise otherwise_sealed(found, cipher)
            if found.tag or hmac.compare_digest(
                hmac.digest(key, found.signed, "sha256"), found.mac
            ):
                return decrypt(found, b"")
            raise Closed

        return opened

    def _taken(self, data: bytes) -> Parts:
        raw = unwrapped(data)
        if not raw.lstrip().startswith(b"{"):
            raise Misfit("malformed", "is not a JSON object in base64")
        found = object_in(raw)
        nonce, body = decoded(found.get("iv")), decoded(found.get("value"))
        if nonce is None or body is None:
            raise Misfit("malformed", "has no iv and value in base64")
        if found.get("tag"):
            tag = decoded(found.get("tag"))
            if tag is None or len(tag) != TAG or len(nonce) != _NONCE:
                reason = "has an iv or a tag of a size that AES-GCM does not write"
                raise Misfit("malformed", reason)
            return Parts(nonce=nonce, body=body, tag=tag)
        mac = found.get("mac")
        if not isinstance(mac, str) or not _MAC.fullmatch(mac):
            raise Misfit("malformed", "has neither a tag nor a MAC of 64 hex digits")
        if len(nonce) != BLOCK or not body or len(body) % BLOCK:
            raise Misfit("malformed", "has an iv or a value of a size that AES-CBC does not write")
        signed = f"{found['iv']}{found['value']}".encode()
        return Parts(nonce=nonce, body=body, mac=bytes.fromhex(mac), signed=signed)
