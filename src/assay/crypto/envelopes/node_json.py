"""AES as Node programs write it in a JSON object: `{"iv": ..., "authTag": ..., "encrypted": ...}`.

No standard names the members. Those that are known here come from tutorials and from the names of
Node's own functions; `Buffer` objects are read as `JSON.stringify` writes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from assay.crypto.envelopes import objects
from assay.crypto.envelopes.base import AES_CBC, AES_GCM, Material, Misfit, Parts
from assay.crypto.envelopes.encodings import DECODERS
from assay.crypto.envelopes.opening import BLOCK, TAG, Decrypting, Parted, by_parts
from assay.crypto.envelopes.search import NONCES
from assay.crypto.node import byte_list

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


class _Json(Parted, frozen=True, kw_only=True):
    """A JSON object, as it is or in base64; its parts in hex or base64, or as Buffers."""

    def _decrypting(self, material: Material, cipher: str) -> Decrypting:
        return by_parts(cipher, self._key(material, cipher))

    def _taken(self, data: bytes) -> Parts:
        raw = data if data.lstrip()[:1] == b"{" else objects.unwrapped(data)
        found = objects.object_in(raw)
        nonce, body = _named(found, NONCE_NAMES), _named(found, BODY_NAMES)
        tag = _named(found, TAG_NAMES)
        if nonce is None or body is None or any(other <= set(found) for other in _OTHERS):
            raise Misfit("malformed", "does not have the members that Node programs write")
        for decode in (_from_hex, objects.decoded):
            made = self._fitting(_part(nonce, decode), _part(body, decode), _part(tag, decode))
            if made is not None:
                return made
        raise Misfit("malformed", "has members that are not a nonce, a tag and a ciphertext")

    def _fitting(self, nonce: bytes | None, body: bytes | None, tag: bytes | None) -> Parts | None:
        if nonce is None or body is None or tag is None:
            return None
        if self.ciphers is AES_CBC:
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


class NodeCbcJson(_Json, frozen=True, kw_only=True, tag="node-cbc-json"):
    """AES-CBC in a JSON object with members such as `iv` and `content`; nothing proves its text."""

    title = "Node's AES-CBC in JSON"
    shape = "JSON with members such as iv and content, in hex or base64, or as Buffers"
    ciphers: ClassVar[frozenset[str]] = AES_CBC


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
        raw = byte_list(member.get("data"))
        return decode(member.get("data")) if raw is None else raw
    return decode(member)
