"""Decoders for stored ciphertext, and for JSON objects that hold it: as lenient as programs.

What they let pass is proved by a tag or a MAC, so being lenient hides no damage.
"""

from __future__ import annotations

from binascii import a2b_base64, unhexlify
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import msgspec

from assay.crypto.envelopes.base import Misfit

if TYPE_CHECKING:
    from collections.abc import Callable

Encoding: TypeAlias = Literal["raw", "hex", "base64", "base64url"]
_URL_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


def from_base64(data: bytes) -> bytes:
    """The bytes of base64 in either alphabet, padded or not, in lines or not; or ValueError."""
    try:
        return a2b_base64(data, strict_mode=True)
    except ValueError:
        joined = b"".join(data.translate(_URL_TO_STANDARD).split()).rstrip(b"=")
        return a2b_base64(joined + b"=" * (-len(joined) % 4), strict_mode=True)


def as_it_is(data: bytes) -> bytes:
    """The bytes themselves."""
    return data


DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "raw": as_it_is,
    "hex": unhexlify,
    "base64": from_base64,
    "base64url": from_base64,
}
"""Each raises ValueError for what is not written in its encoding."""
WORDS = {"raw": "bytes", "hex": "hex", "base64": "base64", "base64url": "base64url"}
"""As in "is not ..."."""


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
    """The members of a JSON object; raises `Misfit` for what is cut off, or isn't one."""
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
