"""A declared layout: parts that follow each other, or that a separator keeps apart.

It describes what programs write that follow no standard, and every other envelope of plain parts
is opened as one.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, NamedTuple

import msgspec
from msgspec import Meta

from assay.crypto.ciphers import NEEDS
from assay.crypto.deriving import DerivingProblem, decoded, salted
from assay.crypto.envelopes.base import (
    AES_CBC,
    AES_CCM,
    AES_ECB,
    AES_GCM,
    RARE,
    UNSIGNED,
    Closed,
    Envelope,
    Material,
    Misfit,
    Opener,
    Parts,
)
from assay.crypto.envelopes.modes import MADE, nonces, padded_to, signed, unsigned, usual_nonce
from assay.crypto.envelopes.opening import (
    DECODERS,
    TAG,
    WORDS,
    Decrypting,
    Encoding,
    Parted,
)
from assay.crypto.envelopes.parting import Piece, apart, piece, troubles
from assay.crypto.recipes import Derivation, meant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from assay.crypto.recipes import Recipe

Part = Annotated[
    str,
    Meta(
        pattern="^((iv|nonce|tag|mac|salt|skip)(:[1-9][0-9]{0,2})?|ciphertext)"
        "(:(raw|hex|base64|base64url))?$",
        examples=["iv:12", "ciphertext", "ciphertext:base64"],
    ),
]
Cipher = Literal[
    "aes-128-gcm",
    "aes-192-gcm",
    "aes-256-gcm",
    "aes-128-cbc",
    "aes-192-cbc",
    "aes-256-cbc",
    "aes-128-ctr",
    "aes-192-ctr",
    "aes-256-ctr",
    "aes-128-ecb",
    "aes-192-ecb",
    "aes-256-ecb",
    "aes-128-ccm",
    "aes-192-ccm",
    "aes-256-ccm",
    "aes-128-eax",
    "aes-192-eax",
    "aes-256-eax",
    "des-ede3-cbc",
    "chacha20-poly1305",
]
_SHORTEST_TAG = 4
_BESIDE = ":"
"""Between parts that are gathered from several columns."""
_SALTS = 256
"""Keys that are kept, by their salts."""
_MACS = {"sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}
"""Bytes of an HMAC, by its hash."""


class Mac(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """How the part `mac` is made."""

    hash: Annotated[
        Literal["sha1", "sha256", "sha384", "sha512"], Meta(description="The hash of the HMAC.")
    ] = "sha256"
    over: Annotated[
        tuple[Literal["iv", "ciphertext"], ...],
        Meta(description="What it is made over, in this order.", min_length=1, max_length=2),
    ] = ("iv", "ciphertext")
    written: Annotated[
        Literal["bytes", "text"],
        meant(
            description="In which form.",
            meanings={
                "bytes": "The bytes, joined.",
                "text": "As they stand there, encoded and with the separator between them.",
            },
        ),
    ] = "bytes"
    key: Annotated[
        Literal["same", "rest"],
        meant(
            description="What it is made with.",
            meanings={
                "same": "The key of the cipher.",
                "rest": "What follows the cipher's key in the variable, as in 64 bytes "
                "of which the cipher takes the first 32.",
            },
        ),
    ] = "same"

    def secret(self, material: Material) -> bytes:
        """What it is made with."""
        return material.key if self.key == "same" else material.text[len(material.key) :]

    def verifies(self, secret: bytes, found: Parts) -> bool:
        """Whether a ciphertext is as it was signed."""
        made = hmac.digest(secret, found.signed, self.hash)
        return hmac.compare_digest(made, found.mac)


class FixedIv(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An iv that is always the same."""

    text: Annotated[str, Meta(description="The iv as a text, a byte for each character.")] = ""
    hex: Annotated[str, Meta(description="The iv in hex.", pattern="^([0-9a-fA-F]{2})*$")] = ""

    @property
    def bytes(self) -> bytes:
        """The iv."""
        return self.text.encode() or bytes.fromhex(self.hex)


class PartColumns(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Columns of the same row, each with one part."""

    iv: Annotated[str, Meta(description="The column of the iv, or nonce.")] = ""
    tag: Annotated[str, Meta(description="The column of the tag.")] = ""
    salt: Annotated[str, Meta(description="The column of the salt of the key's derivation.")] = ""


MadeIv = Annotated[
    Literal["zero", "key", "key-hex", "text", "md5", "evp-md5"],
    meant(
        meanings={
            "zero": "Nothing but zero bytes.",
            "key": "The first bytes of the key.",
            "key-hex": "The first characters of the key in hex, in lower case.",
            "text": "The first bytes of what the variable holds, before a key is derived of it.",
            "md5": "The MD5 of what the variable holds.",
            "evp-md5": "What follows the key in OpenSSL's EVP_BytesToKey, as `createCipher` of "
            "old Node did.",
        }
    ),
]


class _Place(NamedTuple):
    """Where a part stands: a slice of the bytes, or the number of a piece."""

    bytes: slice
    piece: int
    size: int | None


class Layout(Parted, frozen=True, kw_only=True, tag="layout"):
    """Parts in a declared order: nonce, authentication tag and ciphertext."""

    title = "the declared layout"
    covered = True
    shape = "the parts as declared, joined or with a separator between them"
    ciphers: ClassVar[frozenset[str]] = AES_GCM | AES_CBC | RARE | {"chacha20-poly1305"}
    bindable = True

    cipher: Annotated[Cipher, Meta(description="What it is encrypted with.")]
    layout: Annotated[
        tuple[Part, ...],
        Meta(
            description="How the parts follow each other: `iv:N` or `nonce:N`, `tag:N`, `mac:N`, "
            "`salt:N` for that of the key's derivation, `skip:N` for what means nothing here, and "
            "`ciphertext`, N in bytes; with a separator no N is needed. Without a tag it is the end "
            "of the ciphertext, as in WebCrypto. "
            "A part may have an encoding of its own, as in `ciphertext:base64`; `encoding` is then "
            "that of the text around them all.",
            examples=[["iv:12", "tag:16", "ciphertext"], ["iv:16", "ciphertext:base64"]],
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
    prefix: Annotated[
        str,
        Meta(
            description="What stands before the parts, and is not encoded.",
            max_length=64,
            examples=["enc:v1:"],
        ),
    ] = ""
    iv: Annotated[
        MadeIv | FixedIv | None,
        Meta(
            description="What the iv is if the text holds none.",
            examples=["zero", {"text": "1234567890123456"}],
        ),
    ] = None
    columns: Annotated[
        PartColumns | None,
        Meta(
            description="Parts that stand in other columns of the same row, in the same encoding; "
            "`layout` then is `[ciphertext]`.",
            examples=[{"iv": "secret_iv", "tag": "secret_tag"}],
        ),
    ] = None
    mac: Annotated[Mac, Meta(description="How the part `mac` is made, if there is one.")] = Mac()

    @property
    def _elsewhere(self) -> Mapping[str, str]:
        """The columns by the parts that they hold."""
        names = self.columns.__struct_fields__ if self.columns is not None else ()
        return {name: column for name in names if (column := getattr(self.columns, name))}

    @property
    def beside(self) -> tuple[str, ...]:
        """The columns that hold the other parts."""
        return tuple(self._elsewhere.values())

    def gathered(self) -> Envelope:
        """The layout of what `gather` makes."""
        if not self._apart:
            return self
        encoding: Encoding = "hex" if self.encoding == "raw" else self.encoding
        parts = (*self._elsewhere, *self.layout)
        return msgspec.structs.replace(self, layout=parts, encoding=encoding, separator=_BESIDE)

    def gather(self, cells: Sequence[bytes]) -> bytes:
        """One text of the parts in other columns, in the order of `beside`, and the ciphertext."""
        parts = [cell.hex().encode() for cell in cells] if self.encoding == "raw" else cells
        return _BESIDE.encode().join(part.strip() for part in parts)

    @property
    def _apart(self) -> bool:
        """Whether parts stand in other columns."""
        return bool(self._elsewhere) and self.layout == ("ciphertext",)

    @property
    def _salted(self) -> bool:
        """Whether a salt for deriving the key stands beside the ciphertext."""
        return any(one.name == "salt" for one in _read(self.layout))

    @property
    def costly(self) -> bool:  # type: ignore[override]
        """Whether each text needs a key of its own."""
        return self._salted or "salt" in self._elsewhere

    def derives_with(self, recipe: Recipe) -> bool:
        """Whether a key of a recipe takes the salt that the text holds, if it holds one."""
        if not self.costly:
            return True
        return isinstance(recipe.derive, Derivation) and recipe.derive.fit is None

    def material_of(
        self, recipe: Recipe, text: str, salts: Mapping[str, str | None] | None = None
    ) -> Material | DerivingProblem:
        """With a salt in the text, what makes a key of it; the key itself stands for the text."""
        if not self._salted:
            return super().material_of(recipe, text, salts)
        raw = decoded(recipe, text)
        if isinstance(raw, DerivingProblem):
            return raw
        size = NEEDS[recipe.cipher].least
        stands = hashlib.sha512(raw).digest()[:size]
        return Material(key=stands, text=raw, derive=lambda salt: salted(recipe, raw, salt))

    def problems(self) -> Iterator[tuple[str, str]]:
        """Parts that are missing, doubled, without a size, or of a size that can't be."""
        if self.columns is not None:
            odd = self.prefix or self.separator or self.iv or self.layout != ("ciphertext",)
            if odd:
                reason = "with them, the column itself is `layout: [ciphertext]` and nothing more"
                yield "columns", reason
                return
            yield from (
                ("columns" if field == "layout" else field, reason)
                for field, reason in msgspec.structs.replace(
                    self,
                    columns=None,
                    layout=(*self._elsewhere, "ciphertext"),
                    separator=_BESIDE,
                    encoding="hex",
                ).problems()
            )
            return
        yield from super().problems()
        if self.aad and self.cipher in UNSIGNED:
            yield "aad", f"{self.cipher} has no additional authenticated data"
        if self._plain and self.separator and self.encoding == "raw":
            yield "separator", "bytes may hold it: choose another encoding than raw"
        elif not self._plain:
            reasons = troubles(_read(self.layout), self.separator, self.encoding)
            yield from (("layout", reason) for reason in reasons)
        yield from (("iv", reason) for reason in self._ivs())
        if self.mac.written == "text" and not self.separator:
            yield "mac", "parts that nothing separates are signed as bytes"
        for reason in (*self._names(), *self._sizes()):
            yield "layout", reason

    def _ivs(self) -> Iterator[str]:
        """What is wrong with an iv that the text does not hold."""
        if self.iv is None:
            return
        least, most = nonces(self.cipher)
        if any(one.name == "iv" for one in _read(self.layout)):
            yield "`layout` has it already"
        elif not most:
            yield f"{self.cipher} takes none"
        elif isinstance(self.iv, FixedIv):
            if bool(self.iv.text) is bool(self.iv.hex):
                yield "give it as `text` or as `hex`"
            elif not least <= len(self.iv.bytes) <= most:
                takes = f"{least}" if least == most else f"{least} to {most}"
                yield f"{self.cipher} takes a nonce of {takes} bytes"

    @property
    def _plain(self) -> bool:
        """Whether its parts have one encoding, and nothing stands before them."""
        return not self.prefix and not any(one.encoding for one in _read(self.layout))

    def proves(self, cipher: str) -> bool:
        """By the tag, or by a MAC over nonce and ciphertext: without the nonce a block is free."""
        del cipher  # it is declared
        return self.cipher not in UNSIGNED or (
            len(set(self.mac.over)) > 1 and "mac" in _places(self)
        )

    def _names(self) -> Iterator[str]:
        names = [one.name for one in _read(self.layout)]
        yield from (
            f"{name} stands in it twice"
            for name in ("iv", "tag", "mac", "salt", "ciphertext")
            if names.count(name) > 1
        )
        ivless = self.iv is not None or self.cipher in AES_ECB
        needed = ("ciphertext",) if ivless else ("iv", "ciphertext")
        yield from (f"{name} is missing" for name in needed if name not in names)
        if "iv" in names and self.cipher in AES_ECB:
            yield f"{self.cipher} takes no iv"
        if "tag" in names and self.cipher in UNSIGNED:
            yield f"{self.cipher} has no tag"
        if "mac" in names and self.cipher not in UNSIGNED:
            yield f"{self.cipher} has a tag, and is not signed"

    def _sizes(self) -> Iterator[str]:
        least, most = nonces(self.cipher)
        shortest = TAG if self.cipher == "chacha20-poly1305" else _SHORTEST_TAG
        for part in self.layout:
            name, size, _ = piece(part)
            if not size:
                if name != "ciphertext" and not self.separator:
                    yield f"the size of {part} is missing, as in {part.partition(':')[0]}:16"
            elif name == "iv" and most and not least <= size <= most:
                takes = f"{least}" if least == most else f"{least} to {most}"
                yield f"{self.cipher} takes a nonce of {takes} bytes"
            elif name == "tag" and self.cipher in AES_CCM and size % 2:
                yield f"{self.cipher} has a tag of 4, 6, 8, 10, 12, 14 or 16 bytes"
            elif name == "tag" and not shortest <= size <= TAG:
                takes = f"{TAG}" if shortest == TAG else f"{shortest} to {TAG}"
                yield f"{self.cipher} has a tag of {takes} bytes"
            elif name == "mac" and size != _MACS[self.mac.hash]:
                yield f"an HMAC with {self.mac.hash} has {_MACS[self.mac.hash]} bytes"

    @property
    def _tag_size(self) -> int:
        place = _places(self).get("tag")
        return TAG if place is None or place.size is None else place.size

    def misfit(self, data: bytes) -> Misfit | None:
        """Another encoding, missing parts, or parts that are too short."""
        found = self.parts(data) if self.cipher in UNSIGNED else None
        return super().misfit(data) if found is None else self._of_blocks(found)

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one key."""
        if material.derive is not None:
            return self._derived_each(material, material.derive, cipher)
        if self.cipher in UNSIGNED:
            return super().opener(material, cipher)
        from cryptography.exceptions import InvalidTag

        decrypt = signed(self.cipher, material.key, self._tag_size)
        quickly = self._plain and self.iv is None
        split = self._splitting() if quickly else self._slowly(material)
        formed = not self.separator or "tag" in _places(self)

        def opened(data: bytes, aad: bytes) -> bytes:
            try:
                return decrypt(*split(data), aad)
            except InvalidTag:
                if formed:  # whole tables may come this way
                    raise Closed from None
            except ValueError:
                pass
            raise self.misfit(data) or Closed()

        return opened

    def _derived_each(
        self, material: Material, derive: Callable[[bytes], bytes | None], cipher: str
    ) -> Opener:
        """What opens it with a key that each text's salt makes."""
        openers: dict[bytes, Opener] = {}

        def opened(data: bytes, aad: bytes) -> bytes:
            _, found = self._pieces(data)
            salt = found["salt"]
            opener = openers.get(salt)
            if opener is None:
                key = derive(salt)
                if key is None:
                    raise Closed
                if len(openers) >= _SALTS:
                    openers.clear()
                own = msgspec.structs.replace(material, key=key, derive=None)
                opener = openers[salt] = self.opener(own, cipher)
            return opener(data, aad)

        return opened

    def _slowly(self, material: Material) -> Callable[[bytes], tuple[bytes, bytes]]:
        """As `_splitting`, of a text with a prefix, with parts in encodings or without an iv."""
        made = self._made_iv(material)

        def taken(data: bytes) -> tuple[bytes, bytes]:
            found = self._taken(data)
            return made or found.nonce, found.body + found.tag

        return taken

    def _made_iv(self, material: Material) -> bytes:
        """The iv that the text does not hold; empty if it does."""
        if self.iv is None:
            return b""
        if isinstance(self.iv, FixedIv):
            return self.iv.bytes
        return MADE[self.iv](material, usual_nonce(self.cipher))

    def _splitting(self) -> Callable[[bytes], tuple[bytes, bytes]]:
        """What gives the nonce, and the ciphertext followed by its tag, as fast as may be.

        It raises ValueError for a text of a different form.
        """
        places, decode, mark = _places(self), DECODERS[self.encoding], self.separator.encode()
        iv, body, tag = places["iv"], places["ciphertext"], places.get("tag")
        count, tag_size = len(self.layout), self._tag_size
        if mark:

            def separated(data: bytes) -> tuple[bytes, bytes]:
                pieces = data.split(mark)
                if len(pieces) != count:
                    raise ValueError
                sealed = decode(pieces[body.piece])
                if tag is not None:
                    end = decode(pieces[tag.piece])
                    if len(end) != tag_size:
                        raise ValueError
                    sealed += end
                return decode(pieces[iv.piece]), sealed

            return separated
        least = sum(place.size or 0 for place in places.values()) + (0 if tag else TAG)
        at, within, end = iv.bytes, body.bytes, tag.bytes if tag else slice(0)
        if tag is not None and tag.piece == body.piece + 1:
            within, end = slice(within.start, end.stop), slice(0)

        def joined(data: bytes) -> tuple[bytes, bytes]:
            raw = decode(data)
            if len(raw) < least:
                raise ValueError
            return raw[at], raw[within] + raw[end]

        return joined

    def _decrypting(self, material: Material, cipher: str) -> Decrypting:
        del cipher  # it is declared
        decrypt = unsigned(self.cipher, material.key)
        made = self._made_iv(material)
        secret = self.mac.secret(material) if "mac" in _places(self) else None

        def opened(found: Parts, _aad: bytes) -> bytes:
            wrong = self._of_blocks(found)
            if wrong is not None:
                raise wrong
            if secret is not None and not self.mac.verifies(secret, found):
                raise Closed
            return decrypt(made or found.nonce, found.body)

        return opened

    def _of_blocks(self, found: Parts) -> Misfit | None:
        """What is wrong with the length of what a cipher without a tag wrote."""
        block = padded_to(self.cipher)
        if not found.body:
            return Misfit("truncated", "ends before its ciphertext")
        if block and len(found.body) % block:
            return Misfit("truncated", f"is not a multiple of {block} bytes long")
        return None

    def _pieces(self, data: bytes) -> tuple[Mapping[str, bytes], Mapping[str, bytes]]:
        """The parts as they are written, if each is by itself, and their bytes."""
        if not self._plain:
            return apart(
                data,
                _read(self.layout),
                prefix=self.prefix,
                separator=self.separator,
                encoding=self.encoding,
            )
        decode, places = DECODERS[self.encoding], _places(self)
        try:
            if self.separator:
                pieces = data.split(self.separator.encode())
                if len(pieces) != len(self.layout):
                    words = f"does not have {len(self.layout)} parts with {self.separator} between"
                    raise Misfit("malformed", words)
                written = {name: pieces[place.piece] for name, place in places.items()}
                return written, {name: decode(piece) for name, piece in written.items()}
            raw = decode(data)
        except ValueError:
            raise Misfit("malformed", f"is not {WORDS[self.encoding]}") from None
        if len(raw) < sum(map(_size, self.layout)):
            raise Misfit("truncated", "ends before its ciphertext")
        return {}, {name: raw[place.bytes] for name, place in places.items()}

    def _taken(self, data: bytes) -> Parts:
        written, found = self._pieces(data)
        for name, place in _places(self).items():
            if place.size and len(found[name]) != place.size:
                raise Misfit("truncated", f"has no {name} of {place.size} bytes")
        least, most = nonces(self.cipher)
        nonce, body, tag = found.get("iv", b""), found["ciphertext"], found.get("tag", b"")
        if isinstance(self.iv, FixedIv):
            nonce = self.iv.bytes
        if self.iv is None and not least <= len(nonce) <= most:
            raise Misfit("malformed", f"has a nonce that {self.cipher} does not take")
        if self.cipher not in UNSIGNED:
            if "tag" not in found:
                body, tag = body[:-TAG], body[-TAG:]
            if len(tag) != self._tag_size:
                raise Misfit("truncated", "ends before its tag does")
        if "mac" not in found:
            return Parts(nonce=nonce, body=body, tag=tag)
        as_text = self.mac.written == "text"
        parts = [(written if as_text else found)[name] for name in self.mac.over]
        signed = (self.separator.encode() if as_text else b"").join(parts)
        return Parts(nonce=nonce, body=body, tag=tag, mac=found["mac"], signed=signed)


@lru_cache(maxsize=256)
def _read(layout: tuple[str, ...]) -> tuple[Piece, ...]:
    """The parts of a layout."""
    return tuple(map(piece, layout))


def _size(part: str) -> int:
    """The bytes that a part says it has; 0 if it doesn't."""
    return piece(part).size


@lru_cache(maxsize=256)
def _places(layout: Layout) -> Mapping[str, _Place]:
    """Where each part stands."""
    sizes = [_size(part) for part in layout.layout]
    places = {}
    behind = [one.name for one in _read(layout.layout)].index("ciphertext")
    for at, part in enumerate(layout.layout):
        name = piece(part).name
        before, after = sum(sizes[:at]), sum(sizes[at + 1 :])
        if at < behind:
            where = slice(before, before + sizes[at])
        elif at > behind:
            where = slice(-after - sizes[at], -after or None)
        else:
            where = slice(before, -after or None)
        places[name] = _Place(where, at, sizes[at] or None)
    return places
