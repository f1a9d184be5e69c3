"""The parts of a ciphertext: nonce, tag, and what was encrypted."""

from __future__ import annotations

import msgspec

from assay.redacted import redacted


@redacted()
class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """A ciphertext, taken apart."""

    nonce: bytes = b""
    tag: bytes = b""
    body: bytes = b""
    salt: bytes = b""
    """Of OpenSSL's `enc` and CryptoJS, which derive key and nonce from it."""
    mac: bytes = b""
    """An HMAC over `signed`, as Laravel and Rails write it beside AES-CBC."""
    signed: bytes = b""
