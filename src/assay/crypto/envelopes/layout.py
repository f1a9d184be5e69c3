"""A declared layout: parts that follow each other, or that a separator keeps apart.

It describes what programs write that follow no standard, and every other envelope of plain parts
is opened as one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple

from msgspec import Meta

from assay.crypto.envelopes.base import (
    AES_CBC,
    AES_GCM,
    Closed,
    Envelope,
    Material,
    Misfit,
    Opener,
)
from assay.crypto.envelopes.encodings import DECODERS, WORDS, Encoding
from assay.crypto.envelopes.macs import SIZES, Mac
from assay.crypto.envelopes.opening import BLOCK, TAG, Aead, aead, cbc, short_gcm
from assay.crypto.parts import Parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Part = Annotated[
    str,
    Meta(
        pattern="^((iv|nonce|tag|mac|skip)(:[1-9][0-9]{0,2})?|ciphertext)$",
        examples=["iv:12", "ciphertext"],
    ),
]
Cipher = Literal[
    "aes-128-gcm",
    "aes-192-gcm",
    "aes-256-gcm",
    "aes-128-cbc",
    "aes-192-cbc",
    "aes-256-cbc",
    "chacha20-poly1305",
]
_SHORTEST_TAG = 4
_NONCES = {"gcm": (8, 128), "cbc": (BLOCK, BLOCK), "poly1305": (12, 12)}
"""Bytes of a nonce, at least and at most, that `cryptography` takes."""


class _Place(NamedTuple):
    """Where a part stands: a slice of the bytes, or the number of a piece."""

    bytes: slice
    piece: int
    size: int | None


class Layout(Envelope, frozen=True, kw_only=True, tag="layout"):
    """Parts in a declared order: nonce, authentication tag and ciphertext."""

    title = "the declared layout"
    covered = True
    shape = "the parts as declared, joined or with a separator between them"
    ciphers: ClassVar[frozenset[str]] = AES_GCM | AES_CBC | {"chacha20-poly1305"}
    bindable = True

    cipher: Annotated[Cipher, Meta(description="What it is encrypted with.")]
    layout: Annotated[
        tuple[Part, ...],
        Meta(
            description="How the parts follow each other: `iv:N` or `nonce:N`, `tag:N`, `mac:N`, "
            "`skip:N` for what means nothing here, and `ciphertext`, N in bytes; with a separator "
            "no N is needed. Without a tag it is the end of the ciphertext, as in WebCrypto.",
            examples=[["iv:12", "tag:16", "ciphertext"]],
            min_length=1,
        ),
    ]
    encoding: Annotated[Encoding, Meta(description="How bytes are written.")] = "raw"
    separator: Annotated[
        str,
        Meta(
            description="What stands between the parts, each of which is encoded by itself.",
            max_length=4,
            examples=[":"],
        ),
    ] = ""
    mac: Annotated[Mac, Meta(description="How the part `mac` is made, if there is one.")] = Mac()

    def problems(self) -> Iterator[tuple[str, str]]:
        """Parts that are missing, doubled, without a size, or of a size that can't be."""
        yield from super().problems()
        if self.aad and self.cipher in AES_CBC:
            yield "aad", f"{self.cipher} has no additional authenticated data"
        if self.separator and self.encoding == "raw":
            yield "separator", "bytes may hold it: choose another encoding than raw"
        if self.mac.written == "text" and not self.separator:
            yield "mac", "parts that nothing separates are signed as bytes"
        for reason in (*self._names(), *self._sizes()):
            yield "layout", reason

    def proves(self, cipher: str) -> bool:
        """By the tag, or by a MAC over nonce and ciphertext: without the nonce a block is free."""
        del cipher  # it is declared
        return self.cipher not in AES_CBC or (
            len(set(self.mac.over)) > 1 and "mac" in _places(self)
        )

    def _names(self) -> Iterator[str]:
        names = [part.partition(":")[0].replace("nonce", "iv") for part in self.layout]
        yield from (
            f"{name} stands in it twice"
            for name in ("iv", "tag", "mac", "ciphertext")
            if names.count(name) > 1
        )
        yield from (f"{name} is missing" for name in ("iv", "ciphertext") if name not in names)
        if "tag" in names and self.cipher in AES_CBC:
            yield f"{self.cipher} has no tag"
        if "mac" in names and self.cipher not in AES_CBC:
            yield f"{self.cipher} has a tag, and is not signed"

    def _sizes(self) -> Iterator[str]:
        least, most = _NONCES[self.cipher.rpartition("-")[2]]
        shortest = _SHORTEST_TAG if self.cipher in AES_GCM else TAG
        for part in self.layout:
            name, _, size = part.partition(":")
            if not size:
                if part != "ciphertext" and not self.separator:
                    yield f"the size of {part} is missing, as in {part}:16"
            elif name in ("iv", "nonce") and not least <= int(size) <= most:
                takes = f"{least}" if least == most else f"{least} to {most}"
                yield f"{self.cipher} takes a nonce of {takes} bytes"
            elif name == "tag" and not shortest <= int(size) <= TAG:
                takes = f"{TAG}" if shortest == TAG else f"{shortest} to {TAG}"
                yield f"{self.cipher} has a tag of {takes} bytes"
            elif name == "mac" and int(size) != SIZES[self.mac.hash]:
                yield f"an HMAC with {self.mac.hash} has {SIZES[self.mac.hash]} bytes"

    @property
    def _tag_size(self) -> int:
        place = _places(self).get("tag")
        return TAG if place is None or place.size is None else place.size

    def parts(self, data: bytes) -> Parts | None:
        """Nonce, tag and body, as declared."""
        found = _taken(self, data)
        return None if isinstance(found, Misfit) else found

    def misfit(self, data: bytes) -> Misfit | None:
        """Another encoding, missing parts, or parts that are too short."""
        found = _taken(self, data)
        if isinstance(found, Misfit):
            return found
        return _of_blocks(found) if self.cipher in AES_CBC else None

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one key."""
        del cipher  # it is declared
        if self.cipher in AES_CBC:
            return self._in_blocks(material)
        if self._tag_size == TAG:
            decrypt = aead(self.cipher, material.key)
        else:
            decrypt = short_gcm(self.cipher, material.key, self._tag_size)
        return (_separated if self.separator else _joined)(self, decrypt)

    def _in_blocks(self, material: Material) -> Opener:
        decrypt = cbc(self.cipher, material.key)
        secret = self.mac.secret(material) if "mac" in _places(self) else None

        def opened(data: bytes, _aad: bytes) -> bytes:
            found = _taken(self, data)
            if isinstance(found, Misfit):
                raise found
            wrong = _of_blocks(found)
            if wrong is not None:
                raise wrong
            if secret is not None and not self.mac.verifies(secret, found):
                raise Closed
            return decrypt(found.nonce, found.body)

        return opened


def _of_blocks(found: Parts) -> Misfit | None:
    """What is wrong with the length of what a block cipher wrote."""
    if not found.body:
        return Misfit("truncated", "ends before its ciphertext")
    if len(found.body) % BLOCK:
        return Misfit("truncated", f"is not a multiple of {BLOCK} bytes long")
    return None


@lru_cache(maxsize=256)
def _places(layout: Layout) -> Mapping[str, _Place]:
    """Where each part stands."""
    sizes = [int(part.partition(":")[2] or 0) for part in layout.layout]
    places = {}
    behind = layout.layout.index("ciphertext")
    for at, part in enumerate(layout.layout):
        name = part.partition(":")[0].replace("nonce", "iv")
        before, after = sum(sizes[:at]), sum(sizes[at + 1 :])
        if at < behind:
            where = slice(before, before + sizes[at])
        elif at > behind:
            where = slice(-after - sizes[at], -after or None)
        else:
            where = slice(before, -after or None)
        places[name] = _Place(where, at, sizes[at] or None)
    return places


def _taken(layout: Layout, data: bytes) -> Parts | Misfit:
    """The parts of a ciphertext; a tag that follows the text is taken off it."""
    decode = DECODERS[layout.encoding]
    places = _places(layout)
    written: Mapping[str, bytes] = {}
    try:
        if layout.separator:
            pieces = data.split(layout.separator.encode())
            if len(pieces) != len(layout.layout):
                words = f"does not have {len(layout.layout)} parts with {layout.separator} between"
                return Misfit("malformed", words)
            written = {name: pieces[place.piece] for name, place in places.items()}
            found = {name: decode(piece) for name, piece in written.items()}
        else:
            raw = decode(data)
            if len(raw) < _fixed(layout):
                return Misfit("truncated", "ends before its ciphertext")
            found = {name: raw[place.bytes] for name, place in places.items()}
    except ValueError:
        return Misfit("malformed", f"is not {WORDS[layout.encoding]}")
    for name, place in places.items():
        if place.size and len(found[name]) != place.size:
            return Misfit("truncated", f"has no {name} of {place.size} bytes")
    signed = b""
    if "mac" in found:
        as_text = layout.mac.written == "text"
        parts = [(written if as_text else found)[name] for name in layout.mac.over]
        signed = (layout.separator.encode() if as_text else b"").join(parts)
    return _judged(layout, found, signed)


def _fixed(layout: Layout) -> int:
    """Bytes of all that has a size."""
    return sum(int(part.partition(":")[2] or 0) for part in layout.layout)


def _judged(layout: Layout, found: Mapping[str, bytes], signed: bytes) -> Parts | Misfit:
    least, most = _NONCES[layout.cipher.rpartition("-")[2]]
    nonce, body, tag = found["iv"], found["ciphertext"], found.get("tag", b"")
    if not least <= len(nonce) <= most:
        return Misfit("malformed", f"has a nonce that {layout.cipher} does not take")
    if layout.cipher not in AES_CBC:
        if "tag" not in found:
            body, tag = body[:-TAG], body[-TAG:]
        if len(tag) != layout._tag_size:  # noqa: SLF001 - of the same module
            return Misfit("truncated", "ends before its tag does")
    return Parts(nonce=nonce, body=body, tag=tag, mac=found.get("mac", b""), signed=signed)


def _joined(layout: Layout, decrypt: Aead) -> Opener:
    """The fast path of parts without a separator: slices, and nothing else."""
    from cryptography.exceptions import InvalidTag

    places = _places(layout)
    at, body = places["iv"].bytes, places["ciphertext"].bytes
    tag = places["tag"].bytes if "tag" in places else None
    if tag is not None and places["tag"].piece == places["ciphertext"].piece + 1:
        body, tag = slice(body.start, tag.stop), None
    decode: Callable[[bytes], bytes] | None = DECODERS[layout.encoding]
    if layout.encoding == "raw":
        decode = None
    least = sum(place.size or 0 for place in places.values()) + (0 if "tag" in places else TAG)

    def opened(data: bytes, aad: bytes) -> bytes:
        raw = b""
        try:
            raw = data if decode is None else decode(data)
            return decrypt(raw[at], raw[body] if tag is None else raw[body] + raw[tag], aad)
        except InvalidTag:
            if len(raw) >= least:  # its form is right: whole tables may come this way
                raise Closed from None
        except ValueError:
            pass
        raise layout.misfit(data) or Closed()

    return opened


def _separated(layout: Layout, decrypt: Aead) -> Opener:
    """The fast path of parts with a separator."""
    from cryptography.exceptions import InvalidTag

    places = _places(layout)
    count, decode, separator = len(layout.layout), DECODERS[layout.encoding], layout.separator
    at, body = places["iv"].piece, places["ciphertext"].piece
    tag = places["tag"].piece if "tag" in places else None
    mark, tag_size = separator.encode(), layout._tag_size  # noqa: SLF001 - of the same module

    def opened(data: bytes, aad: bytes) -> bytes:
        try:
            pieces = data.split(mark)
            if len(pieces) == count:
                sealed = decode(pieces[body])
                if tag is None:
                    return decrypt(decode(pieces[at]), sealed, aad)
                end = decode(pieces[tag])
                if len(end) == tag_size:
                    return decrypt(decode(pieces[at]), sealed + end, aad)
        except InvalidTag:
            if tag is not None:  # its form is right: whole tables may come this way
                raise Closed from None
        except ValueError:
            pass
        raise layout.misfit(data) or Closed()

    return opened
