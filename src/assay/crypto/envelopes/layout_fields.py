"""What a spec says of a layout's parts: their names and sizes, MACs, and ivs that aren't stored."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from msgspec import Meta

from assay.crypto.recipes import meant

if TYPE_CHECKING:
    from assay.crypto.envelopes.base import Material, Parts

Part = Annotated[
    str,
    Meta(
        pattern="^((iv|nonce|tag|mac|salt|skip)(:[1-9][0-9]{0,2})?|ciphertext)"
        "(:(raw|hex|base64|base64url))?$",
        examples=["iv:12", "ciphertext", "ciphertext:base64"],
    ),
]


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
    hex: Annotated[str, Meta(description="The iv in hex.")] = ""

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
