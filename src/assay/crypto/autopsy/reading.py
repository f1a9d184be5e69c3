"""Whether bytes read as text: which distinguishes a right key from noise where no tag does."""

from __future__ import annotations

LEAST = 16
"""Bytes; less than that may read as text by chance."""
_BITS = 1.3
"""What each readable byte weighs: chance makes four in ten bytes readable."""
_LOOKED_AT = 2048
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r")) + b"\x7f"
_CONTROL_TEXT = dict.fromkeys(CONTROLS) | dict.fromkeys(range(0x80, 0xA0))


def readable_to(data: bytes) -> int:
    """How many bytes from the beginning read as text in UTF-8, an unfinished character included."""
    try:
        data.decode()
        end = len(data)
    except UnicodeDecodeError as error:
        unfinished = error.reason == "unexpected end of data"
        end = len(data) if unfinished else error.start
    rest = data[:end].lstrip(_PLAIN)
    if not rest:
        return end
    for at in range(end - len(rest), end):
        if data[at] in CONTROLS:
            return at
    return end


_PLAIN = bytes(code for code in range(128) if code not in CONTROLS)


def legible(data: bytes) -> float:
    """The share of bytes at the beginning that read as text; noise has some four tenths."""
    if not data:
        return 0.0
    data = data[:_LOOKED_AT]
    kept = data.decode(errors="ignore").translate(_CONTROL_TEXT)
    return len(kept.encode()) / len(data)


def convinces(data: bytes, block: int = 16) -> bool:
    """Whether what an unauthenticated block cipher opened to is more than chance.

    Each byte of padding was checked, and each byte of text is either readable or not.
    """
    padding = block - len(data) % block
    if readable_to(data) < len(data):
        return False
    return 8 * padding + _BITS * len(data) >= 30
