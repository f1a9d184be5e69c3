"""Strict decoding of hex and base64 (RFC 4648), and what a key of a given size is written in."""

from __future__ import annotations

import base64
import binascii
import string

HEX = frozenset(string.hexdigits)
STANDARD = frozenset(string.ascii_letters + string.digits + "+/")
URL_SAFE = frozenset(string.ascii_letters + string.digits + "-_")


def decode_hex(text: str) -> bytes | None:
    """The bytes of a text of hex digits; None if it isn't one."""
    return bytes.fromhex(text) if len(text) % 2 == 0 and HEX.issuperset(text) else None


def decode_base64(text: str) -> bytes | None:
    """The bytes of a text in padded standard base64; None if it is not canonical."""
    body = text.rstrip("=")
    if len(text) % 4 or len(text) - len(body) > 2 or not STANDARD.issuperset(body):
        return None
    try:
        decoded = base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
    return decoded if base64.b64encode(decoded).decode() == text else None


def decode_base64url(text: str) -> bytes | None:
    """The bytes of a text in base64url, padded or not; None if it is not canonical."""
    body = text.rstrip("=")
    padding = -len(body) % 4
    if (
        not URL_SAFE.issuperset(body)
        or padding == 3
        or text[len(body) :] not in ("", "=" * padding)
    ):
        return None
    return decode_base64(body.replace("-", "+").replace("_", "/") + "=" * padding)


DECODERS = {"hex": decode_hex, "base64": decode_base64, "base64url": decode_base64url}


def wrong_encoding(text: str, declared: str, size: int) -> str | None:
    """In which encoding, other than the declared one, a text is a key of `size` bytes."""
    found = [name for name, decode in DECODERS.items() if len(decode(text) or b"") == size]
    refused = DECODERS[declared](text) is None
    if refused and len(text) <= size and len(text.encode(errors="surrogatepass")) == size:
        found.append("plain text")
    return None if declared in found or not found else found[0]
