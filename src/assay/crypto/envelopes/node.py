"""AES as Node programs write it, by hand and therefore in many forms.

None of them follows a standard. The forms are those of tutorials, of answers on Stack Overflow, and
of what `createCipheriv` and `getAuthTag` suggest (https://nodejs.org/api/crypto.html).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from msgspec import Meta

from assay.crypto.envelopes.base import (
    AES_CBC,
    AES_GCM,
    Closed,
    Envelope,
    Material,
    Misfit,
    Opener,
    Parts,
)
from assay.crypto.envelopes.opening import (
    BLOCK,
    DECODERS,
    TAG,
    Decrypting,
    Encoding,
    Parted,
    by_parts,
    decoded,
    object_in,
    suited,
    unwrapped,
)
from assay.crypto.envelopes.search import NONCES, layouts, made
from assay.crypto.node import byte_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from assay.crypto.envelopes.layout import Layout

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
        raw = data if data.lstrip()[:1] == b"{" else unwrapped(data)
        found = object_in(raw)
        nonce, body = _named(found, NONCE_NAMES), _named(found, BODY_NAMES)
        tag = _named(found, TAG_NAMES)
        if nonce is None or body is None or any(other <= set(found) for other in _OTHERS):
            raise Misfit("malformed", "does not have the members that Node programs write")
        for decode in (_from_hex, decoded):
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


Separator = Annotated[
    str, Meta(description="What stands between the parts.", min_length=1, max_length=4)
]


_FORMLESS = "does not have a form that Node programs use"


class _Separated(Envelope, frozen=True, kw_only=True):
    """Parts in one encoding with a separator between them."""

    covered = True
    encoding: ClassVar[Encoding]
    stands_for: ClassVar[str]
    """A cipher whose parts are those of all that it may be."""
    order: ClassVar[tuple[str, ...]] = ("iv", "ciphertext")

    separator: Separator = ":"

    def _layout(self, cipher: str = "") -> Layout:
        return made(cipher or self.stands_for, self.order, self.encoding, self.separator)

    def recognizes(self, data: bytes) -> bool:
        """By the number of its parts, their encoding, and a nonce of a usual size."""
        found = self.parts(data)
        if found is None or self.misfit(data) is not None:
            return False
        return self.stands_for not in AES_GCM or len(found.nonce) in NONCES

    def misfit(self, data: bytes) -> Misfit | None:
        return self._layout().misfit(data)

    def parts(self, data: bytes) -> Parts | None:
        return self._layout().parts(data)

    def opener(self, material: Material, cipher: str) -> Opener:
        suited(material.key, cipher if cipher in self.ciphers else "")
        return self._layout(cipher).opener(material, cipher)


class _Gcm(_Separated, frozen=True, kw_only=True):
    ciphers: ClassVar[frozenset[str]] = AES_GCM
    bindable = True
    stands_for = "aes-256-gcm"

    order: Annotated[  # type: ignore[misc]  # a parameter here
        tuple[Literal["iv", "tag", "ciphertext"], ...],
        Meta(
            description="How the parts follow each other; without `tag` it is the end of the "
            "ciphertext.",
            examples=[["iv", "ciphertext", "tag"]],
            min_length=2,
            max_length=3,
        ),
    ] = ("iv", "tag", "ciphertext")

    def problems(self) -> Iterator[tuple[str, str]]:
        """What is wrong with the order."""
        yield from super().problems()
        for field, reason in self._layout().problems():
            yield "order" if field == "layout" else field, reason


class NodeGcmHex(_Gcm, frozen=True, kw_only=True, tag="node-gcm-hex"):
    """AES-GCM in hex with colons: `iv:tag:ciphertext`, or as `order` says."""

    title = "Node's AES-GCM in hex"
    shape = "iv:tag:ciphertext in hex"
    encoding: ClassVar[Encoding] = "hex"


class NodeGcmBase64(_Gcm, frozen=True, kw_only=True, tag="node-gcm-base64"):
    """AES-GCM in base64 with colons: `iv:tag:ciphertext`, or as `order` says."""

    title = "Node's AES-GCM in base64"
    shape = "iv:tag:ciphertext in base64"
    encoding: ClassVar[Encoding] = "base64"


class NodeGcmBase64url(_Gcm, frozen=True, kw_only=True, tag="node-gcm-base64url"):
    """AES-GCM in base64url with full stops: `iv.tag.ciphertext`, or as `order` says."""

    title = "Node's AES-GCM in base64url"
    shape = "iv.tag.ciphertext in base64url"
    encoding: ClassVar[Encoding] = "base64url"

    separator: Separator = "."


class _Cbc(_Separated, frozen=True, kw_only=True):
    ciphers: ClassVar[frozenset[str]] = AES_CBC
    stands_for = "aes-256-cbc"


class NodeCbcHex(_Cbc, frozen=True, kw_only=True, tag="node-cbc-hex"):
    """AES-CBC in hex with a colon: `iv:ciphertext`. Nothing proves what it opens to."""

    title = "Node's AES-CBC in hex"
    shape = "iv:ciphertext in hex"
    encoding: ClassVar[Encoding] = "hex"


class NodeCbcBase64(_Cbc, frozen=True, kw_only=True, tag="node-cbc-base64"):
    """AES-CBC in base64 with a colon: `iv:ciphertext`. Nothing proves what it opens to."""

    title = "Node's AES-CBC in base64"
    shape = "iv:ciphertext in base64"
    encoding: ClassVar[Encoding] = "base64"


class _Any(Envelope, frozen=True, kw_only=True):
    """Any form that fits, found for each text."""

    covered = True
    stands_for: ClassVar[str]

    @property
    def milliseconds(self) -> float:
        """That of finding the form."""
        return 0.05

    def misfit(self, data: bytes) -> Misfit | None:
        if any(self.forms(data)):
            return None
        return Misfit("malformed", _FORMLESS)

    def forms(self, data: bytes, cipher: str = "") -> Iterator[Envelope]:
        """The forms that fit, as envelopes that a spec may declare."""
        cipher = cipher or self.stands_for
        in_json = NodeCbcJson() if cipher in AES_CBC else NodeGcmJson()
        if (data[:1] == b"{" or data.isascii()) and in_json.misfit(data) is None:
            yield in_json
        yield from layouts(data, cipher)

    def parts(self, data: bytes) -> Parts | None:
        return next((form.parts(data) for form in self.forms(data)), None)

    def opener(self, material: Material, cipher: str) -> Opener:
        suited(material.key, cipher if cipher in self.ciphers else "")
        openers: dict[Envelope, Opener] = {}
        last: Opener | None = None

        def opened(data: bytes, aad: bytes) -> bytes:
            nonlocal last
            if last is not None:  # rows of one table are mostly written by one program
                try:
                    return last(data, aad)
                except (Closed, Misfit):
                    pass
            fits = False
            for form in self.forms(data, cipher):
                fits = True
                one = openers.get(form)
                if one is None:
                    one = openers[form] = form.opener(material, cipher)
                try:
                    text = one(data, aad)
                except (Closed, Misfit):
                    continue
                last = one
                return text
            raise (Closed if fits else Misfit("malformed", _FORMLESS))

        return opened


class NodeGcm(_Any, frozen=True, kw_only=True, tag="node-gcm"):
    """AES-GCM in any form of Node programs: in any order and encoding, joined, separated, JSON."""

    title = "Node's AES-GCM"
    shape = "iv, tag and ciphertext in any order, encoding and separation, also as JSON"
    ciphers: ClassVar[frozenset[str]] = AES_GCM
    bindable = True
    stands_for = "aes-256-gcm"


class NodeCbc(_Any, frozen=True, kw_only=True, tag="node-cbc"):
    """AES-CBC in any form of Node programs. Nothing proves what it opens to."""

    title = "Node's AES-CBC"
    shape = "iv and ciphertext in any order and encoding, joined, separated or as JSON"
    ciphers: ClassVar[frozenset[str]] = AES_CBC
    stands_for = "aes-256-cbc"
