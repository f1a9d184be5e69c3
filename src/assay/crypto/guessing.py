"""Keys that are made of common passwords: random to the eye, and among the first guesses.

A key of 32 bytes that is the SHA-256 of `password` passes each test of randomness. So what usual
functions make of common words is computed, and a key is looked for among that. What slow functions
make is kept as data, so that the search takes a tenth of a second, and the same everywhere. A sieve
lets most keys pass without it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assay.crypto.common_words import COMMON_WORDS, PHRASES, STRETCHED
from assay.formats.decoding import decode_base64, decode_base64url, decode_hex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Function = Callable[[bytes], bytes]

PREFIX = 8
"""Bytes by which a key is recognised: no random key shares them with any of these."""
SIEVE = Path(__file__).with_name("guessing.sieve")
_SIEVE_BITS = 20
_TAILS = ("", "1", "12", "123", "1234", "!", "1!", "123!", "2023", "2024", "2025", "2026", "\n")
"""What people append, and the newline that `echo` does."""
_TAIL = re.compile(r"[\W\d_]+$")
_LEET = str.maketrans("013457@$", "oieastas")


def _digest(name: str, *, spelt: bool | None = None) -> Function:
    """A hash, or one of what it gave: of its hex digits if those are `spelt`."""
    make = getattr(hashlib, name)

    def digest(data: bytes) -> bytes:
        made = make(data, usedforsecurity=False)
        if spelt is not None:
            again = made.hexdigest().encode() if spelt else made.digest()
            made = make(again, usedforsecurity=False)
        return bytes(made.digest())

    return digest


# The digest that a key begins with is also what padding, repeating and EVP_BytesToKey begin with.
_USUAL = tuple(map(_digest, ("md5", "sha1", "sha256", "sha512")))
_RARE = (
    *map(_digest, ("sha224", "sha384", "sha3_256", "sha3_512", "blake2b", "blake2s")),
    lambda data: hashlib.blake2b(data, digest_size=32).digest(),  # libsodium's generichash
    lambda data: hmac.digest(b"", data, "sha256"),  # as HKDF without a salt (RFC 5869)
    *(_digest(name, spelt=spelt) for name in ("md5", "sha1", "sha256") for spelt in (False, True)),
)


def from_password(raw: bytes, *, text: bool = False) -> bool:
    """Whether a common password makes a key's bytes; `text` where those are a text as it is.

    A text that is itself a password is for others to judge; one that spells such a key is not.
    """
    if not text and _worded(raw):
        return True
    return any(
        _sieved(candidate) or (candidate is not raw and _worded(candidate))
        for candidate in (raw, *_spelt(raw))
        if len(candidate) >= PREFIX
    )


def common(text: str) -> bool:
    """Whether a text is a common password or phrase, whatever capitals and numbers it has."""
    return _worded(text.encode("utf-8", "replace"))


def _sieved(candidate: bytes) -> bool:
    """Whether a key begins like one of these; one bit decides it for 19 random keys in 20."""
    place, bit = _bit(candidate)
    with SIEVE.open("rb") as file:
        file.seek(place)
        marked = file.read(1)[0] & bit
    return bool(marked) and candidate[:PREFIX] in _made()


def _bit(key: bytes) -> tuple[int, int]:
    """The byte of the sieve that a key has its mark in, and the mark."""
    start = int.from_bytes(key[:3]) >> (24 - _SIEVE_BITS)
    return start >> 3, 1 << (start & 7)


def sieve() -> bytes:
    """What `SIEVE` holds: a mark for each start of these keys, cut to 20 bits."""
    marks = bytearray(1 << (_SIEVE_BITS - 3))
    for made in _made():
        place, bit = _bit(made)
        marks[place] |= bit
    return bytes(marks)


def _spelt(raw: bytes) -> Iterator[bytes]:
    """What a text spells that is used as a key without being decoded, cut or not."""
    if not raw.isascii():
        return
    text = raw.decode().strip()
    for decode in (decode_hex, decode_base64, decode_base64url):
        if (found := decode(text)) is not None and len(found) >= PREFIX:
            yield found


def _worded(raw: bytes) -> bool:
    """Whether the bytes are a common password, repeated or filled up to their length."""
    period = (raw + raw).find(raw, 1)
    bare = raw[:period]
    if not bare.isascii():
        return False
    text = bare.decode().strip("\0 \n=0*#x").lower()
    forms = {text, _TAIL.sub("", text), text.translate(_LEET)}
    return not forms.isdisjoint(_WORDS) or _repeated(raw)


def _repeated(raw: bytes) -> bool:
    """Whether a word follows itself up to where the key ends."""
    if not raw.isascii():
        return False
    text = raw.decode().lower()
    return any(
        len(word) > 2 and text == (word * (len(text) // len(word) + 1))[: len(text)]
        for word in (*COMMON_WORDS, *PHRASES)
        if len(word) < len(text)
    )


_WORDS = frozenset((*COMMON_WORDS, *PHRASES))


@lru_cache(maxsize=1)
def _made() -> frozenset[bytes]:
    """How the keys begin that usual functions make of common words."""
    cases = (str, str.capitalize, str.upper, str.title)
    bases = dict.fromkeys(case(word).encode() for word in _WORDS for case in cases)
    tails = [tail.encode() for tail in _TAILS]
    found = {function(base)[:PREFIX] for function in _RARE for base in bases}
    texts = [base + tail for base in bases for tail in tails]
    found.update(function(text)[:PREFIX] for function in _USUAL for text in texts)
    return frozenset(found | STRETCHED)
