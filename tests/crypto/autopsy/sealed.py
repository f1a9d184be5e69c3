"""Ciphertexts as applications write them, with everything known, to be damaged."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

from assay.crypto.autopsy import Case
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.recipes import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = bytes.fromhex("7a3e153ebf5a4bd8d7f710699d515426b332b0861a6eea4624e283c4b8d4bf37")
TEXT = KEY.hex()
PLAIN = b'{"consumerKey":"CANARYplaintextCANARY","secret":"0123456789"}'


@dataclass(frozen=True)
class Parts:
    """What a cipher made."""

    nonce: bytes
    body: bytes
    tag: bytes


@dataclass(frozen=True)
class Written:
    """How an application writes it."""

    envelope: Any
    write: Callable[[Parts], bytes]
    cipher: str = "aes-256-gcm"
    order: tuple[str, ...] = ()
    """How the parts follow each other, where they are joined as they are."""


def _joined(*order: str, cipher: str = "aes-256-gcm") -> Written:
    sizes = {"nonce": "iv:12", "body": "ciphertext", "tag": "tag:16"}
    envelope = {"cipher": cipher, "layout": [sizes[name] for name in order]}

    def write(parts: Parts) -> bytes:
        return b"".join(getattr(parts, name) for name in order)

    return Written(envelope, write, cipher, order)


def _separated(encode: Callable[[bytes], bytes], mark: bytes) -> Callable[[Parts], bytes]:
    return lambda parts: mark.join(map(encode, (parts.nonce, parts.tag, parts.body)))


def _in_base64(parts: Parts) -> bytes:
    return base64.b64encode(parts.nonce + parts.body + parts.tag)


LAYOUTS = {
    "joined": _joined("nonce", "body", "tag"),
    "joined, tag first": _joined("nonce", "tag", "body"),
    "joined, chacha": _joined("nonce", "body", "tag", cipher="chacha20-poly1305"),
    "hex": Written("node-gcm-hex", _separated(lambda raw: raw.hex().encode(), b":")),
    "base64": Written("node-gcm-base64", _separated(base64.b64encode, b":")),
    "base64url": Written("node-gcm-base64url", _separated(base64.urlsafe_b64encode, b".")),
    "any": Written("node-gcm", _in_base64),
}


def sealed(
    plain: bytes = PLAIN,
    key: bytes = KEY,
    *,
    cipher: str = "aes-256-gcm",
    aad: bytes = b"",
    nonce: bytes | None = None,
) -> Parts:
    """A text, sealed with a key."""
    nonce = os.urandom(12) if nonce is None else nonce
    aead = ChaCha20Poly1305(key) if cipher == "chacha20-poly1305" else AESGCM(key)
    made = aead.encrypt(nonce, plain, aad)
    return Parts(nonce, made[:-16], made[-16:])


def case(written: Written, **changes: Any) -> Case:
    """What is declared of it; the key is `TEXT` in hex."""
    given: dict[str, Any] = {
        "envelope": ENVELOPES.parse(written.envelope),
        "recipe": Recipe(cipher=written.cipher, encoding="hex"),  # type: ignore[arg-type]
        "variable": "APP_KEY",
        "text": TEXT,
        "identity": ("tenant_id", "id"),
    }
    return Case(**{**given, **changes})
