"""Recognises good keys: of the right size in their encoding, and as random as keys are.

It is stricter than the kind `key`, which explains what this refuses.
"""

from binascii import Error, a2b_base64, b2a_base64

from assay.hygiene.lists import PUBLISHED_KEYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_HEX = b"0123456789abcdefABCDEF"
_LONGEST = 128
"""Bytes, from which on the engine judges."""


def good_keys(
    texts: "Sequence[str]", encoding: str, size: int, exact: bool, guessed: bytes
) -> bool:
    """Whether all texts are random keys of `size` bytes, or of as many at least.

    `guessed` are the first four bytes of each key that common passwords make, in their order.
    """
    for text in texts:
        raw = _decoded(text, encoding)
        if raw is None or len(raw) > _LONGEST or len(raw) < size or (exact and len(raw) != size):
            return False
        if not _random(raw) or _among(raw[:4], guessed):
            return False
    return True


def _among(start: bytes, sorted_starts: bytes) -> bool:
    """Whether four bytes are among others, which follow each other in their order."""
    low, high = 0, len(sorted_starts) // 4
    while low < high:
        middle = (low + high) // 2
        found = sorted_starts[4 * middle : 4 * middle + 4]
        if found == start:
            return True
        low, high = (middle + 1, high) if found < start else (low, middle)
    return False


def _decoded(text: str, encoding: str) -> "bytes | None":
    """The bytes of a text in the strict form; hex digits alone are not taken for base64."""
    if not text.isascii():
        return None
    data = text.encode()
    foreign = data.translate(None, _HEX)
    if encoding == "hex":
        return bytes.fromhex(text) if not foreign and len(text) % 2 == 0 else None
    if not foreign:
        return None
    if encoding == "base64url":
        if b"+" in data or b"/" in data:
            return None
        data = data.translate(bytes.maketrans(b"-_", b"+/"))
        if data[-1:] != b"=":
            data += b"=" * (-len(data) % 4)
    try:
        raw = a2b_base64(data)
    except Error:
        return None
    return raw if b2a_base64(raw, newline=False) == data else None


def _random(raw: bytes) -> bool:
    """Whether nothing that makes a key weak can be true of it."""
    if len(raw) < 16 or raw.isascii() or raw in PUBLISHED_KEYS:
        return False
    counts = (raw[1] - raw[0]) % 256 == (raw[2] - raw[1]) % 256
    return not counts and len(set(raw)) * 2 > len(raw) and len(set(raw[-8:])) > 1
