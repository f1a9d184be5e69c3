"""What every envelope is: how a ciphertext is written, and how it is opened with a key.

An envelope is a frozen struct of what a spec says of it. It is pure. Opening raises for whatever
does not open, and nothing that is raised or shown holds a key, a plaintext or a ciphertext.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

if TYPE_CHECKING:
    from assay.crypto.parts import Parts


class Closed(Exception):  # noqa: N818 - an answer, not an error
    """A ciphertext of the right form does not open with the key."""


class Misfit(Exception):  # noqa: N818 - an answer, not an error
    """A ciphertext, or a key, does not have the form that the envelope demands."""

    def __init__(
        self,
        code: Literal["malformed", "truncated", "unsupported", "key", "missing-library", "expired"],
        reason: str,
    ) -> None:
        """`reason` stands behind "it"; never a part or a length of a secret."""
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """What an application has in hand to open something. It never shows it."""

    key: bytes
    """The key that its recipe derives; empty where the text itself is what opens."""
    text: bytes
    """The bytes that its recipe reads, before anything is derived: passphrases, identities."""

    def __repr__(self) -> str:
        return "Material([redacted])"


Opener = Callable[[bytes, bytes], bytes]
"""Opens a ciphertext, given the additional authenticated data; raises `Closed` or `Misfit`."""


class Envelope(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """A way to write a ciphertext, as a spec declares it."""

    title: ClassVar[str]
    """In words for messages: `AES-GCM as Node programs write it`."""
    material: ClassVar[Literal["key", "text"]] = "key"
    """Whether it is opened with the key that was derived, or with the text that was read."""
    proof: ClassVar[bool] = True
    """Whether opening proves the key and the text; unauthenticated modes prove nothing."""
    separable: ClassVar[bool] = False
    """Whether a wrong key and a damaged text give different errors."""
    ciphers: ClassVar[frozenset[str]] = frozenset()
    """The ciphers of `keys` that it is opened with."""
    extra: ClassVar[str] = ""
    """The optional library that it needs, as `pip install assay[...]` calls it."""
    remote: ClassVar[str] = ""
    """What is needed to open it, where that can't be done here; it is only recognised."""

    aad: Annotated[
        str,
        Meta(
            description="The additional authenticated data, as text; `{column}` stands for the "
            "value of a column of the same row.",
            examples=["{tenant_id}"],
        ),
    ] = ""

    def recognizes(self, data: bytes) -> bool:
        """Whether it looks like one: by prefix, shape and lengths, without any key."""
        raise NotImplementedError  # pragma: no cover

    def misfit(self, data: bytes) -> Misfit | None:
        """What is wrong with its form, seen without any key."""
        raise NotImplementedError  # pragma: no cover

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens texts with one key; made once, then called for each row, so it is fast.

        Raises:
            Misfit: the key does not suit, or the library is missing.

        """
        raise NotImplementedError  # pragma: no cover

    def parts(self, _data: bytes) -> Parts | None:
        """Nonce, tag and body, where the cipher has them; None where they can't be told apart."""
        return None
