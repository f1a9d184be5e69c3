"""What forms, mails, spreadsheets and JSON make of a ciphertext that is text, and how it is undone.

Each function takes one such change off, in time linear in the size of the text, or gives None
if it is not there.
"""

from __future__ import annotations

import base64
import html
import quopri
import re
import zlib
from typing import Any

import msgspec

_LEAST = 16
"""Characters; no shorter text is a ciphertext."""
_MOST = 2**21
"""Bytes; nothing decompresses to more."""
_HELD = 64
"""Values of a JSON document that are looked at."""
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_TYPED = {
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f"), '"'),
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b"), "'"),
}
_DATA_URL = re.compile(rb"data:[\w.+/;=-]*?(;base64)?,(.*)", re.DOTALL)
_ARMOUR = re.compile(rb"-----BEGIN ([^-]+)-----\s+([A-Za-z0-9+/=\s]+)-----END \1-----\s*")
_NAMED = re.compile(rb"[A-Za-z_][\w.-]{0,63}=\s?([^\s=].{15,})", re.DOTALL)
_DIGITS = re.compile(rb"[0-9A-Fa-f:.|,$-]+")
_LINE = re.compile(rb"[\x21-\x7e]+")
_NUMBERS = re.compile(rb"\s*-?\d{1,3}(?:\s*[,;\s]\s*-?\d{1,3}){15,}\s*")
_BASE32 = re.compile(rb"(?:[A-Z2-7]{8})+(?:[A-Z2-7]{2,7}=+)?")
_PERIODS = {2: 6, 4: 4, 5: 3, 7: 1}


def one_text(data: bytes) -> bytes | None:
    """The one text of a JSON array or object that is long enough."""
    if data[:1] not in (b"[", b"{"):
        return None
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    texts = [text for text in _texts(found) if len(text) >= _LEAST]
    return texts[0].encode(errors="surrogatepass") if len(texts) == 1 else None


def _texts(found: Any) -> list[str]:
    waiting, texts, seen = [found], [], 0
    while waiting and seen < _HELD:
        one = waiting.pop()
        seen += 1
        if isinstance(one, str):
            texts.append(one)
        elif isinstance(one, dict):
            waiting += list(one.values())[:_HELD]
        elif isinstance(one, list):
            waiting += one[:_HELD]
    return texts


def escaped(data: bytes) -> bytes | None:
    """A text whose quotes and slashes have backslashes before them."""
    if b'\\"' not in data and b"\\/" not in data:
        return None
    return data.replace(b"\\/", b"/").replace(b'\\"', b'"').replace(b"\\\\", b"\\")


def entities(data: bytes) -> bytes | None:
    """A text with the entities of HTML."""
    if b"&" not in data or b";" not in data or not data.isascii():
        return None
    found = html.unescape(data.decode("ascii")).encode(errors="surrogatepass")
    return found if found != data else None


def quoted_printable(data: bytes) -> bytes | None:
    """A text as mails carry it, with `=3D` for `=`, and `=` at the end of a line."""
    if b"=3D" not in data and b"=\n" not in data and b"=\r\n" not in data:
        return None
    found = quopri.decodestring(data).rstrip(b"\r\n")
    return found if found != data else None


def data_url(data: bytes) -> bytes | None:
    """What follows `data:text/plain;base64,`."""
    found = _DATA_URL.fullmatch(data) if data[:5] == b"data:" else None
    return found[2] if found else None


def armour(data: bytes) -> bytes | None:
    """What stands between the lines BEGIN and END."""
    found = _ARMOUR.fullmatch(data.strip() + b"\n") if data.lstrip()[:5] == b"-----" else None
    return b"".join(found[2].split()) if found else None


def named(data: bytes) -> bytes | None:
    """What follows `NAME=`."""
    found = _NAMED.fullmatch(data) if data.isascii() else None
    return found[1] if found else None


def invisible(data: bytes) -> bytes | None:
    """A text with characters in it that nobody sees."""
    return _translated(data, _INVISIBLE)


def typographic(data: bytes) -> bytes | None:
    """A text whose quotes and hyphens a word processor replaced."""
    return _translated(data, _TYPED)


def _translated(data: bytes, table: dict[int, Any]) -> bytes | None:
    if data.isascii():
        return None
    try:
        found = data.decode().translate(table).encode()
    except UnicodeDecodeError:
        return None
    return found if found != data else None


def single_quoted(data: bytes) -> bytes | None:
    """An object as Python and JavaScript print it: `{'iv': '...'}`."""
    if data[:2] not in (b"{'", b"['") or b'"' in data:
        return None
    return data.replace(b"'", b'"')


def compressed(data: bytes) -> bytes | None:
    """What gzip or zlib packed."""
    if data[:2] not in (b"\x1f\x8b", b"\x78\x9c", b"\x78\x01", b"\x78\xda"):
        return None
    unpacking = zlib.decompressobj(wbits=47)
    try:
        found = unpacking.decompress(data, _MOST)
    except zlib.error:
        return None
    return found if unpacking.eof else None


def base32(data: bytes) -> bytes | None:
    """Base32, in the alphabet of RFC 4648."""
    if len(data) < _LEAST or _BASE32.fullmatch(data) is None:
        return None
    digits = data.rstrip(b"=")
    padding = _PERIODS.get(len(digits) % 8, 0)
    try:
        return base64.b32decode(digits + b"=" * padding)
    except ValueError:
        return None


def spread(data: bytes) -> bytes | None:
    """Digits with blanks between them, or a text that was broken into lines."""
    pieces = data.split()
    if len(pieces) < 2 or not data.isascii():
        return None
    joined = b"".join(pieces)
    lines = b" " not in data and b"\t" not in data and all(map(_LINE.fullmatch, pieces))
    return joined if lines or _DIGITS.fullmatch(joined) else None


def numbers(data: bytes) -> bytes | None:
    """Bytes as decimal numbers, `12,34,255`; those of Java are from -128 to 127."""
    if _NUMBERS.fullmatch(data) is None:
        return None
    found = [int(number) for number in re.findall(rb"-?\d+", data)]
    if not all(-128 <= number < 256 for number in found):
        return None
    return bytes(number & 255 for number in found)


def line_ends(data: bytes) -> bytes | None:
    """Bytes in which a transfer as text made two of each newline."""
    return data.replace(b"\r\n", b"\n") if b"\r\n" in data else None


def unpadded(data: bytes) -> bytes | None:
    """base64 whose padding is missing, which some decoders refuse."""
    if len(data) % 4 not in (2, 3) or _UNPADDED.fullmatch(data) is None:
        return None
    return data + b"=" * (-len(data) % 4)


_UNPADDED = re.compile(rb"[A-Za-z0-9+/_-]{24,}")


def other_alphabet(data: bytes) -> bytes | None:
    """base64 of CryptoJS or cloak in the alphabet that they don't read; others take either."""
    if data.startswith(b"U2FsdGVkX1"):
        found = data.translate(bytes.maketrans(b"-_", b"+/"))
    elif data.startswith(b"v1.aesgcm256."):
        found = data.translate(bytes.maketrans(b"+/", b"-_"))
    else:
        return None
    return found if found != data else None


def unjoined(data: bytes) -> bytes | None:
    """base64 of CryptoJS in lines, which it doesn't read; others do."""
    found = b"".join(data.split())
    return found if data.startswith(b"U2FsdGVkX1") and found != data else None
