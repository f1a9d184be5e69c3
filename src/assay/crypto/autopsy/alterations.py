"""Small damage to texts that can't be looked into without their tag: found by undoing it.

A flipped bit is tried in each place; bytes that were changed, lost or added only for a key that is
known to be right, because that takes thousands of tries.
"""

from __future__ import annotations

import base64
from itertools import chain, islice
from typing import TYPE_CHECKING

from assay.crypto.autopsy.causes import Cause, CauseCode, Confidence
from assay.crypto.autopsy.ways import attempt
from assay.crypto.envelopes.opening import from_base64

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from assay.crypto.autopsy.keyring import Opening

    Alteration: TypeAlias = "tuple[CauseCode, str, bytes]"
    """What would be the fault, where, and the text without it."""

_LONGEST = 2048
_HEX = b"0123456789abcdef"
_UPPER_HEX = b"0123456789ABCDEF"
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_DIGITS = (_HEX, _UPPER_HEX, _LETTERS + b"+/", _LETTERS + b"-_")
_SEPARATORS = b"=:.|$*"
_CODECS: tuple[tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]], ...] = (
    (lambda text: bytes.fromhex(text.decode("ascii")), lambda raw: raw.hex().encode()),
    (from_base64, base64.b64encode),
    (from_base64, base64.urlsafe_b64encode),
)
_UNDONE = "it is accepted once that is undone"


def altered(opening: Opening, data: bytes, aad: bytes, *, most: int, known: bool) -> Cause | None:
    """The one bit or byte without whose damage a text opens, in at most so many tries.

    `known` says whether the key has opened other rows.
    """
    if len(data) > _LONGEST:
        return None
    found = chain(_bits(data), _bytes(data) if known else ())
    for code, place, text in islice(found, most):
        if attempt(opening, text, aad) is not None:
            key = f"the key is {opening.candidate.words}"
            amount = "" if code is CauseCode.BYTES_CHANGED else "1 byte"
            return Cause.of(code, Confidence.PROVEN, _UNDONE, key, place=place, amount=amount)
    return None


def _bits(data: bytes) -> Iterator[Alteration]:
    """Each bit turned over; of digits, a bit of what they stand for."""
    bare = data.translate(None, _SEPARATORS)
    digits = next((one for one in _DIGITS if not bare.translate(None, one)), b"")
    if data.isascii() and not digits:
        return
    for at, char in enumerate(data):
        place = f"at {'character' if digits else 'byte'} {at + 1}"
        if not digits:
            others = bytes(char ^ 1 << bit for bit in range(8))
        elif char in digits:
            value = digits.index(char)
            others = bytes(
                digits[value ^ 1 << bit] for bit in range((len(digits) - 1).bit_length())
            )
        else:
            continue
        for other in others:
            yield CauseCode.BYTES_CHANGED, place, data[:at] + bytes((other,)) + data[at + 1 :]


def _bytes(data: bytes) -> Iterator[Alteration]:
    """Each byte exchanged, put back or taken out, under the encoding that it is written in."""
    decoded = _decoded(data)
    if decoded is None:
        return
    raw, encode = decoded
    for at in range(len(raw)):
        yield CauseCode.BYTES_ADDED, _at(at), encode(raw[:at] + raw[at + 1 :])
    for at in range(len(raw) + 1):
        for value in range(256):
            put = encode(raw[:at] + bytes((value,)) + raw[at:])
            yield CauseCode.BYTES_LOST, _at(at), put
    for at in range(len(raw)):
        for value in range(256):
            other = encode(raw[:at] + bytes((value,)) + raw[at + 1 :])
            yield CauseCode.BYTES_CHANGED, _at(at), other


def _at(place: int) -> str:
    return f"at byte {place + 1} of what is encoded"


def _decoded(data: bytes) -> tuple[bytes, Callable[[bytes], bytes]] | None:
    """The bytes that a text stands for, and how they are written; None for a text in parts."""
    if not data.isascii():
        return data, bytes
    for decode, encode in _CODECS:
        try:
            raw = decode(data)
        except ValueError:
            continue
        if encode(raw) == data:
            return raw, encode
    return None
