"""What every envelope is: how a ciphertext is written, and how it is opened with a key.

An envelope is a frozen struct of what a spec says of it. It is pure. Opening raises for whatever
does not open, and nothing that is raised or shown holds a key, a plaintext or a ciphertext.

What it is given are the bytes that the database holds, where a column of text holds its UTF-8, and
what others wrapped around them (hex of PostgreSQL, a Buffer of Node as JSON) is already taken off.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from assay.crypto.deriving import DerivingProblem, decoded, derived
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assay.crypto.recipes import Recipe

AES_GCM = frozenset(("aes-128-gcm", "aes-192-gcm", "aes-256-gcm"))
AES_CBC = frozenset(("aes-128-cbc", "aes-192-cbc", "aes-256-cbc"))
AES_CTR = frozenset(("aes-128-ctr", "aes-192-ctr", "aes-256-ctr"))
AES_ECB = frozenset(("aes-128-ecb", "aes-192-ecb", "aes-256-ecb"))
AES_CCM = frozenset(("aes-128-ccm", "aes-192-ccm", "aes-256-ccm"))
AES_EAX = frozenset(("aes-128-eax", "aes-192-eax", "aes-256-eax"))
DES3 = "des-ede3-cbc"
RARE = AES_CTR | AES_ECB | AES_CCM | AES_EAX | {DES3}
"""Modes that are looked for only if a spec declares them, or if nothing else opens a text."""
UNSIGNED = AES_CBC | AES_CTR | AES_ECB | {DES3}
"""Ciphers without a tag."""


class Closed(Exception):  # noqa: N818 - an answer, not an error
    """A ciphertext of the right form does not open with the key."""

    def __init__(self, reason: str = "") -> None:
        """`reason` says what shows that the key is another one, to follow "it"."""
        super().__init__(reason)
        self.reason = reason


class Misfit(Exception):  # noqa: N818 - an answer, not an error
    """A ciphertext, or a key, does not have the form that the envelope demands."""

    def __init__(
        self,
        code: Literal[
            "malformed",
            "truncated",
            "damaged",
            "unsupported",
            "key",
            "missing-library",
            "expired",
        ],
        reason: str,
    ) -> None:
        """`reason` follows "it"; never a part or a length of a secret.

        `damaged` and `expired` come of the right key only, as a part that did open proves.
        """
        super().__init__(reason)
        self.code = code
        self.reason = reason


@redacted()
class Material(msgspec.Struct, frozen=True, kw_only=True):
    """What an application has in hand to open something. It never shows it."""

    key: bytes
    """The key that its recipe derives; empty if the text itself is what opens."""
    text: bytes
    """The bytes that its recipe reads, before anything is derived: passphrases, identities."""
    derive: Callable[[bytes], bytes | None] | None = None
    """Makes the key with a salt that the ciphertext holds; None gives none."""


@redacted()
class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """A ciphertext, taken apart: nonce, tag, and what was encrypted."""

    nonce: bytes = b""
    tag: bytes = b""
    body: bytes = b""
    salt: bytes = b""
    """Of OpenSSL's `enc` and CryptoJS, which derive key and nonce from it."""
    mac: bytes = b""
    """An HMAC over `signed`, as Laravel and Rails write it beside AES-CBC."""
    signed: bytes = b""


Opener = Callable[[bytes, bytes], bytes]
"""Opens a ciphertext, given the additional authenticated data; raises `Closed` or `Misfit`."""


class Envelope(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename="kebab",
    tag_field="format",
):
    """A way to write a ciphertext. A subclass's tag is its name in specs, its fields parameters."""

    title: ClassVar[str]
    """A noun for messages, as in "written as ...": `Node's AES-GCM in hex`, `a Fernet token`."""
    shape: ClassVar[str] = ""
    """What it looks like, for documents: `iv:tag:ciphertext in hex`."""
    material: ClassVar[Literal["key", "text"]] = "key"
    """Whether it is opened with the key that was derived, or with the text that was read."""
    ciphers: ClassVar[frozenset[str]] = frozenset()
    """The ciphers of `keys` that it is opened with; none if it is only recognised."""
    separable: ClassVar[bool] = False
    """Whether a wrong key and a damaged text give different errors."""
    costly: ClassVar[bool] = False
    """Whether trying one key on one text may take a tenth of a second or more."""
    marked: ClassVar[bool] = False
    """Whether a prefix, or names inside it, tell it from every other envelope."""
    covered: ClassVar[bool] = False
    """Whether it is plain parts, all of whose forms `search.layouts` offers."""
    bindable: ClassVar[bool] = False
    """Whether it may have additional authenticated data."""
    extra: ClassVar[str] = ""
    """The optional library that it needs, as `pip install assay[...]` calls it."""
    authentic: ClassVar[bool | None] = None
    """Whether opening proves the key and the text; None if that depends on the cipher."""
    mark: ClassVar[bytes | tuple[bytes, ...]] = ()
    """How it begins, if that is what it is recognised by."""
    remote: ClassVar[str] = ""
    """What is needed to open it, if that can't be done here; it is only recognised."""

    aad: Annotated[
        str,
        Meta(
            description="The additional authenticated data, as text; `{column}` stands for the "
            "value of a column of the same row.",
            examples=["{tenant_id}"],
        ),
    ] = ""

    def derives_with(self, _recipe: Recipe) -> bool:
        """Whether a key of a recipe takes the salt that the text holds, if it holds one."""
        return True

    @property
    def beside(self) -> tuple[str, ...]:
        """Columns of the same row that hold parts of the ciphertext."""
        return ()

    def gathered(self) -> Envelope:
        """The envelope of what `gather` makes."""
        return self

    def gather(self, cells: Sequence[bytes]) -> bytes:
        """One text of what the columns `beside` hold, and of the ciphertext, which is the last."""
        return cells[-1]

    @property
    def milliseconds(self) -> float:
        """What trying one key on one text takes, roughly; it bounds how many are tried."""
        return 100.0 if self.costly else 0.005

    @classmethod
    def tag(cls) -> str:
        """The envelope's name in specs."""
        return str(cls.__struct_config__.tag)

    def problems(self) -> Iterator[tuple[str, str]]:
        """What is wrong with the parameters: a field's name in kebab case, and a sentence.

        The loader of specs asks this once; the other methods may assume that there was nothing.
        """
        if self.aad and not self.bindable:
            yield "aad", f"{self.tag()} has no additional authenticated data"

    def proves(self, cipher: str) -> bool:
        """Whether opening proves the key and the text; unauthenticated modes prove nothing."""
        return cipher not in UNSIGNED if self.authentic is None else self.authentic

    def recognizes(self, data: bytes) -> bool:
        """Whether it looks like one: by prefix, shape and lengths, without any key.

        What has a mark of its own is recognised by it though the rest is damaged; anything else
        only if nothing is wrong with its form.
        """
        return data.startswith(self.mark) if self.mark else self.misfit(data) is None

    def as_written(self, _data: bytes) -> Envelope | None:
        """The same with other parameters that a text itself names; None if it names none."""
        return None

    def misfit(self, data: bytes) -> Misfit | None:
        """What is wrong with its form, seen without any key."""
        raise NotImplementedError  # pragma: no cover

    def material_of(
        self, recipe: Recipe, text: str, salts: Mapping[str, str | None] | None = None
    ) -> Material | DerivingProblem:
        """What it is opened with, from the text of a variable; or why there is none."""
        raw = decoded(recipe, text)
        if isinstance(raw, DerivingProblem):
            return raw
        if self.material == "text":
            return Material(key=b"", text=raw)
        key = derived(recipe, text, salts)
        return key if isinstance(key, DerivingProblem) else Material(key=key, text=raw)

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens texts with one key; made once, then called for each row, so it is fast.

        Raises:
            Misfit: the key does not suit, or the library is missing.

        """
        raise NotImplementedError  # pragma: no cover

    def parts(self, _data: bytes) -> Parts | None:
        """Nonce, tag and body, if the cipher has them; None if they can't be told apart."""
        return None
