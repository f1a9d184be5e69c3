"""What libsodium seals with a key: secretbox and XChaCha20-Poly1305, after a nonce of 24 bytes.

Sources: https://doc.libsodium.org, "Authenticated encryption" and "XChaCha20-Poly1305
construction". Neither has a mark: the nonce is random, and so is the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from msgspec import Meta

from assay.crypto.envelopes.base import Closed, Material, Misfit, Parts
from assay.crypto.envelopes.opening import (
    DECODERS,
    EXTRA,
    TAG,
    WORDS,
    Decrypting,
    Encoding,
    Parted,
    members,
    needed,
    suited,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NONCE = 24
_NONCES = ("nonce", "iv", "n")
_BODIES = ("ciphertext", "box", "encrypted", "cipher", "data", "secret", "ct", "c")


class Sodium(Parted, frozen=True, kw_only=True):
    """A nonce of 24 bytes, and what was sealed with it."""

    extra = EXTRA
    function: ClassVar[str]
    """Of `nacl.bindings`, which opens it."""

    encoding: Annotated[Encoding, Meta(description="How bytes are written.")] = "raw"
    separator: Annotated[
        Literal["", ":", ".", "|", "$"],
        Meta(description="What stands between the nonce and the rest, each encoded by itself."),
    ] = ""

    def problems(self) -> Iterator[tuple[str, str]]:
        """A separator between raw bytes."""
        yield from super().problems()
        if self.separator and self.encoding == "raw":
            yield "separator", "bytes may hold it: choose another encoding than raw"

    def _taken(self, data: bytes) -> Parts:
        try:
            nonce, sealed = self._split(data)
        except ValueError:
            between = f" with one {self.separator} in it" if self.separator else ""
            raise Misfit("malformed", f"is not {WORDS[self.encoding]}{between}") from None
        if len(nonce) != _NONCE:
            raise Misfit("truncated", f"has no nonce of {_NONCE} bytes")
        if len(sealed) < TAG:
            raise Misfit("truncated", "ends before its tag does")
        if self.bindable:
            return Parts(nonce=nonce, tag=sealed[-TAG:], body=sealed[:-TAG])
        return Parts(nonce=nonce, tag=sealed[:TAG], body=sealed[TAG:])

    def _split(self, data: bytes) -> tuple[bytes, bytes]:
        """Nonce and the rest; ValueError where it is written in a different way."""
        decode = DECODERS[self.encoding]
        if self.encoding != "raw" and data[:1] == b"{":
            found = members(data) or {}
            nonce, sealed = _member(found, _NONCES), _member(found, _BODIES)
            return decode(nonce.encode()), decode(sealed.encode())
        if self.separator:
            first, second = data.split(self.separator.encode())
            return decode(first), decode(second)
        raw = decode(data)
        return raw[:_NONCE], raw[_NONCE:]

    def _decrypting(self, material: Material, cipher: str) -> Decrypting:
        del cipher  # there is one
        (own,) = self.ciphers
        key = suited(material.key, own)
        unseal = getattr(needed("nacl.bindings", "PyNaCl"), self.function)
        refused: type[Exception] = needed("nacl.exceptions", "PyNaCl").CryptoError

        def opened(found: Parts, aad: bytes) -> bytes:
            try:
                if self.bindable:
                    return bytes(unseal(found.body + found.tag, aad, found.nonce, key))
                return bytes(unseal(found.tag + found.body, found.nonce, key))
            except (refused, ValueError, TypeError):
                raise Closed from None

        return opened


class SecretBox(Sodium, frozen=True, kw_only=True, tag="secretbox"):
    """NaCl's secretbox, XSalsa20-Poly1305, as libsodium, PyNaCl and tweetnacl write it."""

    title = "a secretbox of NaCl"
    shape = "nonce (24 bytes), tag (16) and ciphertext"
    ciphers: ClassVar[frozenset[str]] = frozenset(("secretbox",))
    function = "crypto_secretbox_open"


class XChaCha(Sodium, frozen=True, kw_only=True, tag="xchacha20-poly1305"):
    """XChaCha20-Poly1305, as libsodium's `crypto_aead_xchacha20poly1305_ietf` writes it."""

    title = "XChaCha20-Poly1305"
    shape = "nonce (24 bytes), ciphertext and tag (16)"
    ciphers: ClassVar[frozenset[str]] = frozenset(("xchacha20-poly1305",))
    bindable = True
    function = "crypto_aead_xchacha20poly1305_ietf_decrypt"


def _member(found: Mapping[str, Any], names: tuple[str, ...]) -> str:
    value = next((found[name] for name in names if name in found), None)
    if not isinstance(value, str):
        raise ValueError  # noqa: TRY004 - one error for whatever is written in a different way
    return value
