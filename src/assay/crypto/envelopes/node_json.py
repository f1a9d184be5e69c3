"""AES as Node programs write it in a JSON object: `{"iv": ..., "authTag": ..., "encrypted": ...}`.

No standard names the members. Those that are known here come from tutorials and from the names of
Node's own functions; `Buffer` objects are read as `JSON.stringify` writes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from assay.crypto.envelopes import objects
from assay.crypto.envelopes.base import (
    AES_CBC,
    AES_GCM,
    Closed,
    Envelope,
    Material,
    Misfit,
    Opener,
)
from assay.crypto.envelopes.encodings import DECODERS
from assay.crypto.envelopes.opening import BLOCK, TAG, aead, cbc, suited
from assay.crypto.envelopes.search import NONCES
from assay.crypto.parts import Parts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

NONCE_NAMES = ("iv", "nonce", "initializationVector", "n")
TAG_NAMES = ("tag", "authTag", "auth_tag", "authenticationTag", "at", "t")
BODY_NAMES = (
    *("ciphertext", "cipherText", "encrypted", "encryptedData", "encrypted_data", "content"),
    *("data", "value", "payload", "ct", "c", "p"),
)
_OTHERS = (frozenset(("iv", "value", "mac")), frozenset(("p", "h")))
"""Members of Laravel's and Active Record's objects, which are envelopes of their own."""


class _Json(Envelope, frozen=True, kw_only=True):
    """A JSON object, as it is or in base64; its parts in hex or base64, or as Buffers."""

    tagged: ClassVar[bool]

    def misfit(self, data: bytes) -> Misfit | None:
        """No JSON object, or one without the parts."""
        found = self._taken(data)
        return found if isinstance(found, Misfit) else None

    def parts(self, data: bytes) -> Parts | None:
        """Nonce, tag and body."""
        found = self._taken(data)
        return None if isinstance(found, Misfit) else found

    def _taken(self, data: bytes) -> Parts | Misfit:
        raw = data if data.lstrip()[:1] == b"{" else objects.unwrapped(data)
        found = objects.members(raw)
        if found is None:
            return objects.no_object(raw)
        nonce, body = _named(found, NONCE_NAMES), _named(found, BODY_NAMES)
        tag = _named(found, TAG_NAMES)
        if nonce is None or body is None or any(other <= set(found) for other in _OTHERS):
            return Misfit("malformed", "does not have the members that Node programs write")
        for decode in (_from_hex, objects.decoded):
            made = self._fitting(_part(nonce, decode), _part(body, decode), _part(tag, decode))
            if made is not None:
                return made
        return Misfit("malformed", "has members that are not a nonce, a tag and a ciphertext")

    def _fitting(self, nonce: bytes | None, body: bytes | None, tag: bytes | None) -> Parts | None:
        if nonce is None or body is None or tag is None:
            return None
        if not self.tagged:
            whole = len(nonce) == BLOCK and body and len(body) % BLOCK == 0
            return Parts(nonce=nonce, body=body) if whole else None
        if not tag:
            body, tag = body[:-TAG], body[-TAG:]
        fits = len(nonce) in NONCES and len(tag) == TAG
        return Parts(nonce=nonce, body=body, tag=tag) if fits else None


class NodeGcmJson(_Json, frozen=True, kw_only=True, tag="node-gcm-json"):
    """AES-GCM in a JSON object with members such as `iv`, `authTag` and `encrypted`."""

    title = "Node's AES-GCM in JSON"
    shape = "JSON with members such as iv, authTag and encrypted, in hex or base64, or as Buffers"
    ciphers: ClassVar[frozenset[str]] = AES_GCM
    bindable = True
    tagged = True

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one key."""
        from cryptography.exceptions import InvalidTag

        decrypt = aead(cipher, suited(material.key, cipher if cipher in self.ciphers else ""))

        def opened(data: bytes, aad: bytes) -> bytes:
            found = self._taken(data)
            if isinstance(found, Misfit):
                raise found
            try:
                return decrypt(found.nonce, found.body + found.tag, aad)
            except InvalidTag:
                raise Closed from None

        return opened


class NodeCbcJson(_Json, frozen=True, kw_only=True, tag="node-cbc-json"):
    """AES-CBC in a JSON object with members such as `iv` and `content`; nothing proves its text."""

    title = "Node's AES-CBC in JSON"
    shape = "JSON with members such as iv and content, in hex or base64, or as Buffers"
    ciphers: ClassVar[frozenset[str]] = AES_CBC
    tagged = False

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one key."""
        decrypt = cbc(cipher, suited(material.key, cipher if cipher in self.ciphers else ""))

        def opened(data: bytes, _aad: bytes) -> bytes:
            found = self._taken(data)
            if isinstance(found, Misfit):
                raise found
            return decrypt(found.nonce, found.body)

        return opened


def _named(found: Mapping[str, Any], names: Sequence[str]) -> object:
    """The member of the first name that there is; None if there is none."""
    return next((found[name] for name in names if found.get(name) is not None), None)


def _from_hex(text: object) -> bytes | None:
    try:
        return DECODERS["hex"](text.encode()) if isinstance(text, str) else None
    except ValueError:
        return None


def _part(member: object, decode: Callable[[object], bytes | None]) -> bytes | None:
    """The bytes of a member; empty if there is none."""
    if member is None:
        return b""
    if isinstance(member, dict) and member.get("type") == "Buffer":
        member = member.get("data")
        if isinstance(member, list) and all(type(n) is int and 0 <= n < 256 for n in member):
            return bytes(member)
    return decode(member)
