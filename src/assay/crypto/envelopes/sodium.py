"""What libsodium seals with a key: secretbox and XChaCha20-Poly1305, after a nonce of 24 bytes.

Sources: https://doc.libsodium.org, "Authenticated encryption" and "XChaCha20-Poly1305
construction". Neither has a mark: the nonce is random, and so is the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from msgspec import Meta

from assay.crypto.envelopes.base import Closed, Envelope, Material, Misfit, Opener
from assay.crypto.envelopes.encodings import DECODERS, WORDS, Encoding
from assay.crypto.envelopes.libraries import EXTRA, needed
from assay.crypto.envelopes.opening import TAG, suited
from assay.crypto.parts import Parts
from assay.formats.documents import load_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Decrypt = Callable[[bytes, bytes, bytes], bytes]

_NONCE = 24
_NONCES = ("nonce", "iv", "n")
_BODIES = ("ciphertext", "box", "encrypted", "cipher", "data", "secret", "ct", "c")


class Sodium(Envelope, frozen=True, kw_only=True):
    """A nonce of 24 bytes, and what was sealed with it."""

    extra = EXTRA
    stands_for: ClassVar[str]

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

    def misfit(self, data: bytes) -> Misfit | None:
        """What is wrong with its form."""
        try:
            nonce, sealed = self._split(data)
        except ValueError:
            between = f" with one {self.separator} in it" if self.separator else ""
            return Misfit("malformed", f"is not {WORDS[self.encoding]}{between}")
        if len(nonce) != _NONCE:
            return Misfit("truncated", f"has no nonce of {_NONCE} bytes")
        return Misfit("truncated", "ends before its tag does") if len(sealed) < TAG else None

    def _split(self, data: bytes) -> tuple[bytes, bytes]:
        """Nonce and the rest; ValueError where it is written in a different way."""
        decode = DECODERS[self.encoding]
        if self.encoding != "raw" and data[:1] == b"{":
            members = _members(data)
            nonce, sealed = _member(members, _NONCES), _member(members, _BODIES)
            return decode(nonce.encode()), decode(sealed.encode())
        if self.separator:
            first, second = data.split(self.separator.encode())
            return decode(first), decode(second)
        raw = decode(data)
        return raw[:_NONCE], raw[_NONCE:]

    def opener(self, material: Material, cipher: str) -> Opener:
        """What opens it with one key."""
        del cipher  # there is one
        key = suited(material.key, self.stands_for)
        bindings = needed("nacl.bindings", "PyNaCl")
        refused: type[Exception] = needed("nacl.exceptions", "PyNaCl").CryptoError
        decrypt = self._decrypt(bindings, key)
        joined = self.encoding == "raw"

        def opened(data: bytes, aad: bytes) -> bytes:
            try:
                if joined:
                    return decrypt(data[:_NONCE], data[_NONCE:], aad)
                return decrypt(*self._split(data), aad)
            except (refused, ValueError, TypeError):
                raise (self.misfit(data) or Closed()) from None

        return opened

    def _decrypt(self, bindings: Any, key: bytes) -> Decrypt:
        raise NotImplementedError  # pragma: no cover


class SecretBox(Sodium, frozen=True, kw_only=True, tag="secretbox"):
    """NaCl's secretbox, XSalsa20-Poly1305, as libsodium, PyNaCl and tweetnacl write it."""

    title = "a secretbox of NaCl"
    shape = "nonce (24 bytes), tag (16) and ciphertext"
    ciphers: ClassVar[frozenset[str]] = frozenset(("secretbox",))
    stands_for = "secretbox"

    def parts(self, data: bytes) -> Parts | None:
        """Nonce, tag and body; the tag stands before the body."""
        if self.misfit(data) is not None:
            return None
        nonce, sealed = self._split(data)
        return Parts(nonce=nonce, tag=sealed[:TAG], body=sealed[TAG:])

    def _decrypt(self, bindings: Any, key: bytes) -> Decrypt:
        unbox = bindings.crypto_secretbox_open

        def decrypt(nonce: bytes, sealed: bytes, _aad: bytes) -> bytes:
            text: bytes = unbox(sealed, nonce, key)
            return text

        return decrypt


class XChaCha(Sodium, frozen=True, kw_only=True, tag="xchacha20-poly1305"):
    """XChaCha20-Poly1305, as libsodium's `crypto_aead_xchacha20poly1305_ietf` writes it."""

    title = "XChaCha20-Poly1305"
    shape = "nonce (24 bytes), ciphertext and tag (16)"
    ciphers: ClassVar[frozenset[str]] = frozenset(("xchacha20-poly1305",))
    bindable = True
    stands_for = "xchacha20-poly1305"

    def parts(self, data: bytes) -> Parts | None:
        """Nonce, tag and body."""
        if self.misfit(data) is not None:
            return None
        nonce, sealed = self._split(data)
        return Parts(nonce=nonce, tag=sealed[-TAG:], body=sealed[:-TAG])

    def _decrypt(self, bindings: Any, key: bytes) -> Decrypt:
        open_aead = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt

        def decrypt(nonce: bytes, sealed: bytes, aad: bytes) -> bytes:
            text: bytes = open_aead(sealed, aad, nonce, key)
            return text

        return decrypt


def _members(data: bytes) -> Mapping[str, Any]:
    try:
        found = load_json(data.decode())
    except (ValueError, RecursionError):
        raise ValueError from None
    if not isinstance(found, dict):  # pragma: no cover - it begins with a brace
        raise ValueError  # noqa: TRY004 - one error for whatever is written in a different way
    return found


def _member(members: Mapping[str, Any], names: tuple[str, ...]) -> str:
    value = next((members[name] for name in names if name in members), None)
    if not isinstance(value, str):
        raise ValueError  # noqa: TRY004 - as above
    return value
