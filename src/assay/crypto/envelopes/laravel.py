"""Laravel's encrypter: base64 of a JSON object with iv, value, mac and tag.

As src/Illuminate/Encryption/Encrypter.php writes it (https://github.com/laravel/framework). With
AES-CBC the MAC is verified before anything is decrypted: the padding alone is right under a wrong
key once in a while, and a test of Laravel's holds such a text.
"""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING, ClassVar

import msgspec

from assay.crypto.envelopes import objects
from assay.crypto.envelopes.base import AES_CBC, Closed, Envelope, Material, Misfit, Opener
from assay.crypto.envelopes.encodings import from_base64
from assay.crypto.envelopes.opening import BLOCK, TAG, aead, cbc, suited
from assay.crypto.parts import Parts

if TYPE_CHECKING:
    from collections.abc import Mapping

MARK = b"eyJpdiI6I"
"""`{"iv":"` in base64, as far as it says so."""
_MEMBERS = re.compile(rb'\{"iv":"[^"]*(?:$|"(?:$|,(?:$|"value":")))')
_BEGIN = 64
"""Characters of base64 that hold both names."""
_MAC = re.compile(r"[0-9a-f]{64}")
_NONCE = 12


class _Payload(msgspec.Struct):
    """The members, as they are written."""

    iv: str
    value: str
    mac: str = ""
    tag: str | None = ""


_decode = msgspec.json.Decoder(_Payload).decode


class Laravel(Envelope, frozen=True, kw_only=True, tag="laravel"):
    """What `Crypt::encrypt` and encrypted casts of Laravel write.

    What `encrypt` serialised, such as `s:3:"foo";`, is the plaintext; `encryptString` and casts of
    text don't serialise.
    """

    title = "a ciphertext of Laravel"
    shape = "base64 of JSON with iv, value, mac and tag: eyJpdiI6I..."
    ciphers: ClassVar[frozenset[str]] = frozenset(
        ("aes-128-cbc", "aes-256-cbc", "aes-128-gcm", "aes-256-gcm")
    )
    marked = True

    def proves(self, cipher: str) -> bool:
        """By the MAC, or by the tag."""
        del cipher
        return True

    def recognizes(self, data: bytes) -> bool:
        """By its first two members, as far as they are there."""
        if not data.startswith(MARK):
            return False
        begin = objects.unwrapped(data[:_BEGIN])
        return _MEMBERS.match(begin) is not None

    def misfit(self, data: bytes) -> Misfit | None:
        """Another encoding, members that are missing, or of a length that they can't have."""
        found = _taken(data)
        return found if isinstance(found, Misfit) else None

    def parts(self, data: bytes) -> Parts | None:
        """Nonce, tag or MAC, and body."""
        found = _taken(data)
        return None if isinstance(found, Misfit) else found

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one key."""
        key = suited(material.key, cipher if cipher in self.ciphers else "")
        return self._by_mac(key, cipher) if cipher in AES_CBC else self._by_tag(key, cipher)

    def _by_mac(self, key: bytes, cipher: str) -> Opener:
        decrypt = cbc(cipher, key)

        def opened(data: bytes, _aad: bytes) -> bytes:
            try:
                found = _decode(from_base64(data))
                signed = (found.iv + found.value).encode()
                if hmac.compare_digest(hmac.digest(key, signed, "sha256").hex(), found.mac):
                    return decrypt(
                        from_base64(found.iv.encode()), from_base64(found.value.encode())
                    )
            except _BROKEN:
                pass
            raise self._why(data, cipher) from None

        return opened

    def _by_tag(self, key: bytes, cipher: str) -> Opener:
        from cryptography.exceptions import InvalidTag

        decrypt = aead(cipher, key)

        def opened(data: bytes, _aad: bytes) -> bytes:
            try:
                found = _decode(from_base64(data))
                tag = from_base64((found.tag or "").encode())
                if len(tag) == TAG:
                    body = from_base64(found.value.encode()) + tag
                    return decrypt(from_base64(found.iv.encode()), body, b"")
            except (*_BROKEN, InvalidTag):
                pass
            raise self._why(data, cipher) from None

        return opened

    def _why(self, data: bytes, cipher: str) -> Exception:
        found = _taken(data)
        if isinstance(found, Misfit):
            return found
        if bool(found.tag) == (cipher in AES_CBC):
            sealed = "AES-GCM" if found.tag else "AES-CBC"
            return Misfit("key", f"was encrypted with {sealed}, but the key is for {cipher}")
        return Closed()


_BROKEN = (msgspec.MsgspecError, ValueError, RecursionError, TypeError)


def _taken(data: bytes) -> Parts | Misfit:
    raw = objects.unwrapped(data)
    if not raw.lstrip().startswith(b"{"):
        return Misfit("malformed", "is not a JSON object in base64")
    found = objects.members(raw)
    if found is None:
        return objects.no_object(raw)
    nonce, body = objects.decoded(found.get("iv")), objects.decoded(found.get("value"))
    if nonce is None or body is None:
        return Misfit("malformed", "has no iv and value in base64")
    if found.get("tag"):
        return _tagged(found, nonce, body)
    mac = found.get("mac")
    if not isinstance(mac, str) or not _MAC.fullmatch(mac):
        return Misfit("malformed", "has neither a tag nor a MAC of 64 hex digits")
    if len(nonce) != BLOCK or not body or len(body) % BLOCK:
        return Misfit("malformed", "has an iv or a value of a size that AES-CBC does not write")
    signed = f"{found['iv']}{found['value']}".encode()
    return Parts(nonce=nonce, body=body, mac=bytes.fromhex(mac), signed=signed)


def _tagged(found: Mapping[str, object], nonce: bytes, body: bytes) -> Parts | Misfit:
    tag = objects.decoded(found.get("tag"))
    if tag is None or len(tag) != TAG or len(nonce) != _NONCE:
        return Misfit("malformed", "has an iv or a tag of a size that AES-GCM does not write")
    return Parts(nonce=nonce, body=body, tag=tag)
