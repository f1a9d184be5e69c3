"""Damage that a cipher itself shows: by what it accepts once that is undone, or block by block.

AES-CBC gives of a damaged text what is right of it, for damage stays where it is.
"""

from __future__ import annotations

import re
import string
from itertools import combinations_with_replacement, islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from assay.crypto.autopsy.causes import Cause, CauseCode, Confidence
from assay.crypto.autopsy.streams import LEAST, blocks, is_noise, readable_to
from assay.crypto.autopsy.ways import attempt
from assay.crypto.ciphers import NEEDS
from assay.crypto.envelopes.layout import Layout
from assay.crypto.envelopes.opening import DECODERS
from assay.words import listed, plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.crypto.autopsy.keyring import KeyCandidate, Opening
    from assay.crypto.envelopes.base import Envelope, Parts

_EDGE = 8
"""Bytes that may have been added to either end."""
_TRIES = 16_000
_LONGEST = 2048
_HEX = b"0123456789abcdef"
_BASE64 = (string.ascii_letters + string.digits).encode()
_PLUSLESS = re.compile(rb"[A-Za-z0-9/]+={0,2}(?:(?:--|[:.|$])[A-Za-z0-9/]+={0,2})*")
_BETWEEN = re.compile(rb"(--|[:.|$])")
_UNDONE = "it is accepted once that is undone"


def trimmed(opening: Opening, data: bytes, aad: bytes) -> Cause | None:
    """Whether it opens without a few bytes at one of its ends."""
    for count in range(1, min(_EDGE, len(data) - 1) + 1):
        for rest, where in ((data[count:], "beginning"), (data[:-count], "end")):
            if attempt(opening, rest, aad) is not None:
                return _found(
                    CauseCode.BYTES_ADDED, opening, f"at its {where}", plural(count, "byte")
                )
    return None


def padded(declared: Envelope, used: Envelope, data: bytes, inner: bytes) -> bool:
    """Whether only bytes at its ends, within its encoding, set a text apart from what is declared.

    `used` opened `inner`, which is left of `data` without them.
    """
    if not (isinstance(declared, Layout) and isinstance(used, Layout)) or declared.separator:
        return False
    try:
        held = DECODERS[declared.encoding](data)
    except ValueError:
        return False
    alike = replace(declared, encoding="raw").parts(inner) == used.parts(inner)
    return alike and inner in held and 0 < len(held) - len(inner) <= _EDGE


def without_pluses(opening: Opening, data: bytes, aad: bytes) -> Cause | None:
    """Whether a text in base64 opens with one or two `+` put back, which a form took away."""
    if len(data) > _LONGEST or _PLUSLESS.fullmatch(data) is None or _alphabet(data) == _HEX:
        return None
    pieces = _BETWEEN.split(data)
    broken = [at for at, piece in enumerate(pieces) if len(piece) % 4 and at % 2 == 0]
    if len(broken) != 1:
        return None
    (at,) = broken
    piece, count = pieces[at], -len(pieces[at]) % 4
    start = sum(map(len, pieces[:at]))
    if count > 2:
        return None
    for places in islice(combinations_with_replacement(range(len(piece) + 1), count), _TRIES):
        text = piece
        for at_char in reversed(places):
            text = text[:at_char] + b"+" + text[at_char:]
        if attempt(opening, b"".join((*pieces[:at], text, *pieces[at + 1 :])), aad) is not None:
            found = listed([f"character {start + one + 1}" for one in places])
            amount = plural(count, "character")
            return _found(CauseCode.BYTES_LOST, opening, f"at {found}, a + each", amount)
    return None


def respelled(opening: Opening, data: bytes, aad: bytes) -> Cause | None:
    """Whether a text in hex or base64 opens with one character put back, taken out or exchanged."""
    if len(data) > _LONGEST or not data.isascii():
        return None
    alphabet = _alphabet(data)
    if not alphabet or opening.envelope.misfit(data) is None:
        return None  # what has its form was changed within: the stream shows more
    for code, at, text in islice(_edits(data, alphabet), _TRIES):
        if attempt(opening, text, aad) is not None:
            amount = "" if code is CauseCode.BYTES_CHANGED else "1 character"
            return _found(code, opening, f"at character {at + 1}", amount)
    return None


def _found(code: CauseCode, opening: Opening, place: str, amount: str) -> Cause:
    key = f"the key is {opening.candidate.words}"
    return Cause.of(code, Confidence.PROVEN, _UNDONE, key, place=place, amount=amount)


def _alphabet(data: bytes) -> bytes:
    """The characters that a text in hex or base64 is made of, its separators left out."""
    strange = data.lower().translate(None, _HEX)
    if len(strange) <= 4:
        return _HEX
    extra = b"-_" if b"-" in data or b"_" in data else b"+/"
    strange = data.translate(None, _BASE64 + extra)
    return _BASE64 + extra if len(strange) <= 8 else b""


def _edits(data: bytes, alphabet: bytes) -> Iterator[tuple[CauseCode, int, bytes]]:
    """Texts that differ in one character, what would be the fault, and where."""
    for at, char in enumerate(data):
        if char not in alphabet:
            for other in alphabet:
                yield CauseCode.BYTES_CHANGED, at, data[:at] + bytes((other,)) + data[at + 1 :]
    for at in range(len(data)):
        yield CauseCode.BYTES_ADDED, at, data[:at] + data[at + 1 :]
    for at in range(len(data), -1, -1):
        for other in alphabet:
            yield CauseCode.BYTES_LOST, at, data[:at] + bytes((other,)) + data[at:]


_BLOCK = 16
_LIKELY = Confidence.LIKELY
_HURT = 2
"""Blocks of noise that damage makes; a wrong key makes nothing else."""
_LEAST_TEXT = 9
"""Bytes in readable blocks, beside which a block of noise is damage."""
_READABLE = 6
"""Readable bytes that show as much as one byte of padding: chance makes four in ten readable."""
_SURE = 5
"""Bytes of padding, or what shows as much."""


def examined(cipher: str, key: bytes, parts: Parts | None, by: KeyCandidate) -> Cause | None:
    """What readable blocks say of the rest; never proof, for nothing authenticates them."""
    if parts is None:
        return None
    nonce, body = parts.nonce, parts.body
    whole = len(body) // _BLOCK * _BLOCK
    if not NEEDS[cipher].fits(len(key)) or len(nonce) != _BLOCK or whole < 2 * _BLOCK:
        return None
    plain = _decrypted(key, nonce, body[:whole])
    end = readable_to(plain)
    key_words = f"the key is {by.words}"
    if whole < len(body):
        if end == len(plain):
            why = "it reads as text up to its last full block, which part of a block follows"
            place = "within its last block"
            return Cause.of(CauseCode.TRUNCATED, _LIKELY, why, key_words, place=place)
        if end >= LEAST:
            why = "it reads as text up to there, and its length is not a multiple of the block size"
            place = f"in the block at byte {end // _BLOCK * _BLOCK + 1} or next to it"
            return Cause.of(CauseCode.BYTES_LOST, _LIKELY, why, key_words, place=place)
        return None
    padding = _padding(plain)
    held = blocks(plain[: len(plain) - padding], _BLOCK)
    readable = [readable_to(block) == len(block) for block in held]
    if all(readable) and not padding:
        why = "every block reads as text, and the padding that should follow is missing"
        return Cause.of(CauseCode.TRUNCATED, _LIKELY, why, key_words, place="at its end")
    noise = [at for at, block in enumerate(held) if is_noise(block)]
    hurt = 0 < len(noise) <= _HURT or (readable[1:] and not readable[0] and all(readable[1:]))
    text = sum(len(block) for block, reads in zip(held, readable, strict=True) if reads)
    enough = text >= _LEAST_TEXT and padding + text / _READABLE >= _SURE
    if hurt and whole >= 3 * _BLOCK and enough:
        why = "all but a block or two read as text"
        place = f"in the block at byte {readable.index(False) * _BLOCK + 1} or before it"
        return Cause.of(CauseCode.BYTES_CHANGED, _LIKELY, why, key_words, place=place)
    return None


def _padding(plain: bytes) -> int:
    """How many bytes of padding are at the end; 0 if there is none."""
    count = plain[-1]
    found = 0 < count <= _BLOCK and plain.endswith(bytes((count,)) * count)
    return count if found else 0


def _decrypted(key: bytes, nonce: bytes, body: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    opening = Cipher(algorithms.AES(key), modes.CBC(nonce)).decryptor()
    return opening.update(body) + opening.finalize()
