"""Rails' `ActiveSupport::MessageEncryptor`: parts in base64 with `--` between them.

As activesupport/lib/active_support/message_encryptor.rb writes them: with AES-GCM ciphertext, nonce
and tag; with AES-CBC ciphertext and nonce, together in base64 again and signed with an HMAC.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

from assay.crypto.envelopes.base import AES_CBC, AES_GCM, Closed, Material, Misfit, Parts
from assay.crypto.envelopes.opening import (
    BLOCK,
    Decrypting,
    Parted,
    by_parts,
    decoded,
    from_base64,
    members,
    otherwise_sealed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_GCM = re.compile(rb"([\w+/-]*={0,2})--([\w+/-]{16})--([\w+/-]{22}(?:==)?)", re.ASCII)
"""12 bytes of nonce and 16 of tag have 16 and 22 digits, or 24 with padding."""
_CBC = re.compile(rb"([\w+/-]+={0,2})--([0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})")
_DIGESTS = {40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}
"""Hex digits of an HMAC, to its hash."""
_SIGNING = 64
"""Bytes of a key that `KeyGenerator#generate_key` gives where nothing is said."""
METADATA = b'{"_rails":'


class SignedWith(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """Another key for signing, which `ActiveSupport::KeyGenerator` makes of the same secret."""

    salt: Annotated[
        str, Meta(description="The salt of the signing key.", examples=["signed encrypted cookie"])
    ]
    iterations: Annotated[
        int, Meta(description="The rounds of PBKDF2; Rails takes 1000.", ge=1, le=10_000_000)
    ] = 1000
    hash: Annotated[Literal["sha1", "sha256"], Meta(description="The hash function of PBKDF2.")] = (
        "sha1"
    )


class Rails(Parted, frozen=True, kw_only=True, tag="rails"):
    """What `ActiveSupport::MessageEncryptor` of Rails writes, with AES-GCM or AES-CBC.

    What its serialiser made, with Marshal or as JSON, is the plaintext. Where a purpose or an
    expiry wraps it, that is taken off, and not judged. Of a secret of 64 bytes, as old Rails had
    it, the cipher takes the first 32: the key says so with `derive: {fit: {fill: ''}}`.
    """

    title = "a message of Rails"
    shape = "ciphertext--iv--tag in base64 with AES-GCM; ...--HMAC in hex with AES-CBC"
    ciphers: ClassVar[frozenset[str]] = AES_GCM | AES_CBC
    authentic: ClassVar[bool | None] = True

    signed_with: Annotated[
        SignedWith | None,
        Meta(
            description="What makes the key that AES-CBC is signed with; by default it is signed "
            "with the same secret."
        ),
    ] = None

    def _decrypting(self, material: Material, cipher: str) -> Decrypting:
        """What opens it with one secret, which may be longer than the cipher's key."""
        decrypt = by_parts(cipher, self._key(material, cipher))
        secrets = tuple(self._secrets(material))

        def opened(found: Parts, aad: bytes) -> bytes:
            if bool(found.mac) != (cipher in AES_CBC):
                raise otherwise_sealed(found, cipher)
            if found.tag:
                return _message(decrypt(found, aad))
            name = _DIGESTS[2 * len(found.mac)]
            for secret in secrets:
                if hmac.compare_digest(hmac.digest(secret, found.signed, name), found.mac):
                    return _message(decrypt(found, aad))
            raise Closed

        return opened

    def _secrets(self, material: Material) -> Iterator[bytes]:
        """The keys that it may be signed with."""
        own = self.signed_with
        if own is None:
            yield material.key
            yield material.text  # an old secret of 64 bytes, of which the cipher takes the first
            return
        salt = own.salt.encode()
        yield hashlib.pbkdf2_hmac(own.hash, material.text, salt, own.iterations, _SIGNING)

    def _taken(self, data: bytes) -> Parts:
        if (match := _GCM.fullmatch(data)) is not None:
            try:
                body, nonce, tag = map(from_base64, match.groups())
            except ValueError:
                raise Misfit("malformed", "has a part that is not base64") from None
            return Parts(nonce=nonce, body=body, tag=tag)
        if (match := _CBC.fullmatch(data)) is None:
            words = "has not the parts that Rails writes with -- between them"
            raise Misfit("malformed", words)
        signed, digest = match.groups()
        try:
            body, nonce = map(from_base64, from_base64(signed).split(b"--"))
        except ValueError:
            raise Misfit("malformed", "has no ciphertext and nonce in its signed part") from None
        if len(nonce) != BLOCK or not body or len(body) % BLOCK:
            raise Misfit("truncated", f"is not a multiple of {BLOCK} bytes long")
        return Parts(nonce=nonce, body=body, mac=bytes.fromhex(digest.decode()), signed=signed)


def _message(text: bytes) -> bytes:
    """The message inside of what Rails wraps around it for a purpose or an expiry."""
    found = (members(text) or {}).get("_rails") if text.startswith(METADATA) else None
    if not isinstance(found, dict):
        return text
    if "data" in found:  # since Rails 7.1, where the serialiser writes JSON
        return msgspec.json.encode(found["data"])
    inner = decoded(found.get("message"))
    return text if inner is None else inner
