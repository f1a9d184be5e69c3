"""A declared layout: parts that follow each other, or that a separator keeps apart.

It describes what programs write that follow no standard, and every other envelope of plain parts
is opened as one.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, ClassVar

import msgspec
from msgspec import Meta

from assay.crypto.ciphers import NEEDS
from assay.crypto.deriving import DerivingProblem, decoded, salted
from assay.crypto.envelopes.base import (
    AES_CBC,
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
from assay.crypto.envelopes.layout_checks import problems
from assay.crypto.envelopes.layout_fields import (
    FixedIv,
    Mac,
    MadeIv,
    Part,
    PartColumns,
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
from assay.crypto.envelopes.parting import apart, placed, read, size_of
from assay.crypto.recipes import Derivation, PartedCipher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from assay.crypto.recipes import Recipe

_BESIDE = ":"
"""Between parts that are gathered from several columns."""
_SALTS = 256
"""Keys that are kept, by their salts."""


class Layout(Parted, frozen=True, kw_only=True, tag="layout"):
    """Parts in a declared order: nonce, authentication tag and ciphertext."""

    title = "the declared layout"
    covered = True
    shape = "the parts as declared, joined or with a separator between them"
    ciphers: ClassVar[frozenset[str]] = AES_GCM | AES_CBC | RARE | {"chacha20-poly1305"}
    bindable = True

    cipher: Annotated[PartedCipher, Meta(description="What it is encrypted with.")]
    layout: Annotated[
        tuple[Part, ...],
        Meta(
            description="How the parts follow each other: `iv:N` or `nonce:N`, `tag:N`, `mac:N`, "
            "`salt:N` for that of the key's derivation, `skip:N` for what means nothing here, and "
            "`ciphertext`, N in bytes; with a separator no N is needed. Without a tag it is the "
            "end of the ciphertext, as in WebCrypto. "
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
        return any(one.name == "salt" for one in read(self.layout))

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
        if self.columns is None:
            yield from super().problems()
            yield from problems(self)
        elif self.prefix or self.separator or self.iv or self.layout != ("ciphertext",):
            reason = "with them, the column itself is `layout: [ciphertext]` and nothing more"
            yield "columns", reason
        else:
            whole = msgspec.structs.replace(self.gathered(), columns=None)
            for field, reason in whole.problems():
                yield "columns" if field == "layout" else field, reason

    @property
    def plain(self) -> bool:
        """Whether its parts have one encoding, and nothing stands before them."""
        return not self.prefix and not any(one.encoding for one in read(self.layout))

    def proves(self, cipher: str) -> bool:
        """By the tag, or by a MAC over nonce and ciphertext: without the nonce a block is free."""
        del cipher  # it is declared
        return self.cipher not in UNSIGNED or (
            len(set(self.mac.over)) > 1 and "mac" in placed(self.layout)
        )

    @property
    def _tag_size(self) -> int:
        place = placed(self.layout).get("tag")
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
        quickly = self.plain and self.iv is None
        split = self._splitting() if quickly else self._slowly(material)
        formed = not self.separator or "tag" in placed(self.layout)

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
        places, decode, mark = placed(self.layout), DECODERS[self.encoding], self.separator.encode()
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
        secret = self.mac.secret(material) if "mac" in placed(self.layout) else None

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
        if not self.plain:
            return apart(
                data,
                read(self.layout),
                prefix=self.prefix,
                separator=self.separator,
                encoding=self.encoding,
            )
        decode, places = DECODERS[self.encoding], placed(self.layout)
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
        if len(raw) < sum(map(size_of, self.layout)):
            raise Misfit("truncated", "ends before its ciphertext")
        return {}, {name: raw[place.bytes] for name, place in places.items()}

    def _taken(self, data: bytes) -> Parts:
        written, found = self._pieces(data)
        for name, place in placed(self.layout).items():
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
