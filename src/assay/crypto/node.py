"""How Node's `Buffer.from(text, encoding)` reads a text: it never complains, and gives what it can.

Node reads the UTF-16 of a text; its decoders of hex and base64 look at the low byte of each unit.
A test compares these functions with Node itself.
"""

from __future__ import annotations

import base64
import string
from typing import Any

_HEX = frozenset(string.hexdigits.encode())
_STANDARD = (string.ascii_letters + string.digits + "+/").encode()
_KEPT = frozenset(_STANDARD + b"-_")
_URL_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


def from_hex(text: str) -> bytes:
    """Pairs of digits up to the first character that isn't one; a last single digit is dropped."""
    units = latin1(text)
    end = next((at for at, unit in enumerate(units) if unit not in _HEX), len(units))
    return bytes.fromhex(units[: end - end % 2].decode("ascii"))


def from_base64(text: str) -> bytes:
    """Either alphabet up to the first `=`; other characters are skipped, and so are lost bits."""
    units, _, _ = latin1(text).partition(b"=")
    kept = bytes(unit for unit in units if unit in _KEPT).translate(_URL_TO_STANDARD)
    if len(kept) % 4 == 1:  # six bits aren't a byte
        kept = kept[:-1]
    return base64.b64decode(kept + b"=" * (-len(kept) % 4))


def utf8(text: str) -> bytes:
    """UTF-8; half a pair of surrogates becomes U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def latin1(text: str) -> bytes:
    """The low byte of each unit of UTF-16."""
    return text.encode("utf-16-le", "surrogatepass")[::2]


def byte_list(found: Any) -> bytes | None:
    """The bytes of a list of numbers, as `JSON.stringify` writes a Buffer; None if it isn't one."""
    if isinstance(found, list) and all(type(n) is int and 0 <= n < 256 for n in found):
        return bytes(found)
    return None
