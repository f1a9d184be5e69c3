"""Ciphertexts that are JSON objects: read without ever raising, and told when they are cut off."""

from __future__ import annotations

from typing import Any

import msgspec

from assay.crypto.envelopes.base import Misfit
from assay.crypto.envelopes.encodings import from_base64

_BLANKS = b" \t\r\n"


def members(data: bytes) -> dict[str, Any] | None:
    """The members of a JSON object; None if it isn't one."""
    if data.lstrip(_BLANKS)[:1] != b"{":
        return None
    try:
        found = msgspec.json.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def object_in(data: bytes) -> dict[str, Any]:
    """The members of a JSON object.

    Raises:
        Misfit: it is cut off, or no JSON object at all.

    """
    found = members(data)
    if found is not None:
        return found
    kept = data.strip(_BLANKS)
    if kept.startswith(b"{") and not kept.endswith(b"}"):
        raise Misfit("truncated", "ends in the middle of its JSON object")
    raise Misfit("malformed", "is not a JSON object")


def unwrapped(data: bytes) -> bytes:
    """What a text in base64 holds, also of one that is cut off; nothing if it isn't one."""
    kept = data.strip(_BLANKS)
    for end in (len(kept), len(kept) - len(kept) % 4, len(kept.rstrip(b"=")) // 4 * 4):
        try:
            return from_base64(kept[:end])
        except ValueError:
            continue
    return b""


def decoded(text: object) -> bytes | None:
    """The bytes of a member in base64; None if it isn't text, or not base64."""
    if not isinstance(text, str) or not text.isascii():
        return None
    try:
        return from_base64(text.encode())
    except ValueError:
        return None
