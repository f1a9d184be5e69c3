"""Decoders for stored ciphertext: bytes to bytes, as fast as may be, then as lenient as programs.

What they let pass is proved by a tag or a MAC, so being lenient hides no damage.
"""

from __future__ import annotations

from binascii import a2b_base64, unhexlify
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Encoding: TypeAlias = Literal["raw", "hex", "base64", "base64url"]
_URL_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


def from_base64(data: bytes) -> bytes:
    """The bytes of base64 in either alphabet, padded or not, in one line or many.

    Raises:
        ValueError: it isn't one.

    """
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
