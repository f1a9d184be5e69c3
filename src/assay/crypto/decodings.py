"""The decode matrix: every way in which a text may be meant as bytes, and which of them fit."""

from __future__ import annotations

import base64
import json
import string
from typing import TYPE_CHECKING

import msgspec

from assay.crypto.ciphers import NEEDS
from assay.crypto.node import byte_list
from assay.formats.decoding import (
    HEX,
    STANDARD,
    URL_SAFE,
    decode_base64,
    decode_base64url,
    decode_hex,
)
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIXES = ("base64:", "base64url:", "hex:", "utf8:")
"""What frameworks write before a key; Laravel's `base64:` is the best known."""
LONGEST = 65536
"""Characters; no key is longer, and nobody waits for the matrix of a text that is."""


@redacted("words")
class KeyReading(msgspec.Struct, frozen=True, kw_only=True):
    """One way to read a text, and the bytes that it gives. It never shows them."""

    words: str
    """As in "it is ...": `base64`, or `hex digits after 0x`."""
    encoding: str = ""
    """The encoding of a spec that reads it so, after `prefix`; empty if none does."""
    raw: bytes
    prefix: str = ""


def readings(text: str) -> Iterator[KeyReading]:
    """The ways in which a strict decoder reads the text, the likeliest first."""
    if len(text) > LONGEST:
        return
    yield from _encoded(text)
    for prefix in PREFIXES:
        if text.lower().startswith(prefix):
            given = text[: len(prefix)]
            for found in _encoded(text[len(prefix) :]):
                words = f"{found.words} after the prefix {given}"
                yield msgspec.structs.replace(found, words=words, prefix=given)
    yield from _spelt(text)
    yield from _nested(text)
    yield from _numbers(text)
    yield KeyReading(words="plain text", encoding="utf8", raw=text.encode(errors="surrogateescape"))


def fitting(text: str, cipher: str) -> Iterator[KeyReading]:
    """The readings that give as many bytes as a cipher needs."""
    need = NEEDS.get(cipher)
    if need is not None:
        yield from (found for found in readings(text) if need.fits(len(found.raw)))


def spellings(text: str) -> Iterator[str]:
    """Other ways to write the bytes that a text may mean, so that they can be hidden."""
    for found in readings(text):
        yield found.raw.hex()
        yield found.raw.hex().upper()
        yield base64.b64encode(found.raw).decode().rstrip("=")
        yield base64.urlsafe_b64encode(found.raw).decode().rstrip("=")


def only_hex(text: str) -> bool:
    """Whether a text is made of hex digits of one case, as long base64 never is by chance."""
    return HEX.issuperset(text) and (text == text.lower() or text == text.upper())


def passphrase_like(text: str) -> bool:
    """Whether a person wrote the text: random keys mix digits, capitals and small letters."""
    if sum(char in HEX for char in text) >= 0.9 * len(text):
        return False
    alphabets = STANDARD | URL_SAFE | {"="}
    if any(char in string.whitespace for char in text.strip()) or not alphabets.issuperset(text):
        return sum(char in alphabets for char in text) < 0.97 * len(text) or not _mixed(text)
    return not _mixed(text)


def _mixed(text: str) -> bool:
    return all(any(map(test, text)) for test in (str.isdigit, str.isupper, str.islower))


def _encoded(text: str) -> Iterator[KeyReading]:
    if (raw := decode_hex(text)) is not None:
        yield KeyReading(words="hex", encoding="hex", raw=raw)
    if only_hex(text):
        return  # as base64 it would be a freak of chance
    if (raw := decode_base64(text)) is not None:
        yield KeyReading(words="base64", encoding="base64", raw=raw)
    elif (raw := decode_base64url(text)) is not None:
        yield KeyReading(words="base64url", encoding="base64url", raw=raw)
    elif (raw := decode_base64url(text.replace("+", "-").replace("/", "_"))) is not None:
        yield KeyReading(words="base64 without its = signs", raw=raw)


def _spelt(text: str) -> Iterator[KeyReading]:
    """Hex as dumps and literals of programming languages write it."""
    for prefix in ("0x", "0X", "\\x"):
        if text.startswith(prefix) and (raw := decode_hex(text[len(prefix) :])) is not None:
            words = f"hex digits after {prefix}"
            yield KeyReading(words=words, encoding="hex", raw=raw, prefix=prefix)
    for mark, words in ((":", "colons"), (" ", "spaces"), ("-", "hyphens"), ("\\x", "\\x")):
        pieces = text.removeprefix(mark).split(mark)
        if len(pieces) > 1 and all(len(piece) == 2 for piece in pieces):
            raw = decode_hex("".join(pieces))
            if raw is not None:
                yield KeyReading(words=f"hex digits with {words} between them", raw=raw)


def _nested(text: str) -> Iterator[KeyReading]:
    """A text that was encoded twice."""
    for outer in list(_encoded(text)):
        for inner in _encoded(outer.raw.strip().decode()) if outer.raw.isascii() else ():
            words = f"{inner.words} encoded again in {outer.words}"
            yield KeyReading(words=words, raw=inner.raw)


def _numbers(text: str) -> Iterator[KeyReading]:
    """Bytes as a list of numbers, and a Buffer of Node as JSON writes it."""
    if text[:1] not in ("[", "{"):
        return
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return
    words = "a list of numbers"
    if isinstance(found, dict) and found.get("type") == "Buffer":
        found, words = found.get("data"), "a Buffer of Node written as JSON"
    raw = byte_list(found)
    if raw is not None:
        yield KeyReading(words=words, raw=raw)
