"""Encrypt-then-MAC, as programs do it by hand beside AES-CBC: an HMAC over nonce and ciphertext."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from msgspec import Meta

if TYPE_CHECKING:
    from assay.crypto.envelopes.base import Material
    from assay.crypto.parts import Parts

SIZES = {"sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}
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
        Meta(
            description="In which form.",
            extra_json_schema={
                "meanings": {
                    "bytes": "The bytes, joined.",
                    "text": "As they stand there, encoded and with the separator between them.",
                }
            },
        ),
    ] = "bytes"
    key: Annotated[
        Literal["same", "rest"],
        Meta(
            description="What it is made with.",
            extra_json_schema={
                "meanings": {
                    "same": "The key of the cipher.",
                    "rest": "What follows the cipher's key in the variable, as in 64 bytes "
                    "of which the cipher takes the first 32.",
                }
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
