"""What may be wrapped around a ciphertext on its way into a column, and how it is taken off.

Each layer takes bytes off bytes, in time linear in their size, or says that it is not there. Layers
nest; `unwrapped` follows them to a depth that no honest system reaches.
"""

from __future__ import annotations

import re
from binascii import unhexlify
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote_to_bytes

import msgspec

from assay.crypto.autopsy import texts
from assay.crypto.node import byte_list, from_base64
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_INSPECTED = re.compile(rb"<Buffer((?: [0-9a-f]{2})*)>")
_CUT = re.compile(rb'\{"type":"Buffer","data":\[([0-9,]*)')
DEPTH = 5
"""How many layers are taken off, one after the other."""
PAYLOADS = 40
"""How many ways to take them off are followed."""
LONGEST = 2**21
"""Bytes; nothing longer is looked into."""
BOM = b"\xef\xbb\xbf"
REPLACEMENT = b"\xef\xbf\xbd"
"""U+FFFD in UTF-8, which stands where a decoder met bytes that were none."""
_SHORTEST = 8
"""Characters from which on a text is taken for hex or base64 of something."""
_QUOTES = b"\"'`"
_STANDARD = re.compile(rb"[A-Za-z0-9+/\r\n]+={0,2}")
_URL_SAFE = re.compile(rb"[A-Za-z0-9_\-]+={0,2}")
_BLANKED = re.compile(rb"[A-Za-z0-9/ ]+={0,2}(?:(?:--|[:.|$])[A-Za-z0-9/ ]+={0,2})*")
_LITERAL = re.compile(rb"(?:bytearray\()?b(['\"])(.*)\1\)?", re.DOTALL)
_ESCAPE = re.compile(rb"\\(x[0-9A-Fa-f]{2}|[0-7]{1,3}|[\\'\"nrtabfv])")
_OCTAL = re.compile(rb"\\([0-3][0-7]{2}|\\)")
_NAMED = {
    b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v",
}  # fmt: skip


def json_value(data: bytes) -> Any:
    """What a JSON text holds; None if it isn't one."""
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def buffer(data: bytes) -> bytes | None:
    """`{"type":"Buffer","data":[1,2]}`, as `JSON.stringify` writes a Buffer of Node."""
    if data[:1] != b"{" or b"Buffer" not in data:
        return None
    found = json_value(data)
    if not isinstance(found, dict) or found.get("type") != "Buffer":
        return None
    held = found.get("data")
    if isinstance(held, str):  # as the package buffer-json writes it
        return from_base64(held.removeprefix("base64:"))
    return byte_list(held)


def array(data: bytes) -> bytes | None:
    """`[1,2]`, as `JSON.stringify` writes an array of bytes."""
    return byte_list(json_value(data)) if data[:1] == b"[" else None


def numbered(data: bytes) -> bytes | None:
    """`{"0":1,"1":2}`, as `JSON.stringify` writes a Uint8Array."""
    if data[:1] != b"{" or b'"0"' not in data[:32]:
        return None
    found = json_value(data)
    if not isinstance(found, dict) or any(str(n) not in found for n in range(len(found))):
        return None
    return byte_list([found[str(n)] for n in range(len(found))])


def inspected(data: bytes) -> bytes | None:
    """`<Buffer 01 02>`, as Node's console shows short ones in full."""
    found = _INSPECTED.fullmatch(data.strip())
    return bytes.fromhex(found[1].decode("ascii")) if found else None


def cut(data: bytes) -> bytes | None:
    """The bytes at the beginning of a Buffer in JSON that was cut off; None if it was not."""
    found = _CUT.fullmatch(data)
    if found is None:
        return None
    whole, _, _ = found[1].rpartition(b",")  # the last number may lack digits
    return byte_list([int(n) for n in whole.split(b",") if n and len(n) < 4])


class Layer(NamedTuple):
    """Something that is wrapped around a text."""

    words: str
    """What a text is that has it: follows "stored as"."""
    take: Callable[[bytes], bytes | None]
    """What is left without it; None if it is not there."""
    buffer: bool = False
    """Whether it is how programs write bytes in JSON."""


@redacted("words")
class Payload(NamedTuple):
    """What is left when layers are taken off, the outermost first."""

    data: bytes
    path: tuple[Layer, ...] = ()

    @property
    def words(self) -> str:
        """The layers in words, the innermost first: `base64 inside PostgreSQL's hex`."""
        return " inside ".join(layer.words for layer in reversed(self.path))

    @property
    def undone(self) -> str:
        """The layers in the order in which they are undone."""
        return ", then ".join(layer.words for layer in self.path)


def unwrapped(data: bytes) -> Iterator[Payload]:
    """The ways to take layers off, the data as it is first; every result once."""
    if len(data) > LONGEST:
        yield Payload(data)
        return
    waiting = [Payload(data)]
    seen = {data}
    while waiting and len(seen) <= PAYLOADS:
        payload = waiting.pop(0)
        yield payload
        if len(payload.path) == DEPTH:
            continue
        for layer in LAYERS:
            found = layer.take(payload.data)
            if found and layer.take is _space and payload.path and not _is_text(found):
                continue  # a decoder gave these bytes: no white space was put around them
            if found and found not in seen:
                seen.add(found)
                waiting.append(Payload(found, (*payload.path, layer)))
    yield from waiting


def without(path: tuple[Layer, ...], data: bytes) -> bytes | None:
    """What is left of `data` without the layers of a path; None if one is not there."""
    rest: bytes | None = data
    for layer in path:
        if rest is None:
            return None
        rest = layer.take(rest)
    return rest


def replaced(data: bytes) -> bool:
    """Whether bytes were read as UTF-8, and what was none of it replaced: nothing brings it back.

    No cipher makes texts that are UTF-8 from end to end.
    """
    if REPLACEMENT not in data:
        return False
    return _is_text(data)


def _postgres_hex(data: bytes) -> bytes | None:
    if not data.startswith(b"\\"):
        return None
    bare = data.lstrip(b"\\")
    return _unhexed(bare[1:].strip()) if bare[:1] == b"x" else None


def _hex(data: bytes) -> bytes | None:
    body = data.strip()
    if body[:2] in (b"0x", b"0X"):
        body = body[2:]
    elif body[:2] in (b"X'", b"x'") and body.endswith(b"'"):
        body = body[2:-1]
    return _unhexed(body) if len(body) >= _SHORTEST else None


def _unhexed(digits: bytes) -> bytes | None:
    try:
        return unhexlify(digits)
    except ValueError:
        return None


def _base64(data: bytes) -> bytes | None:
    if len(data) < _SHORTEST or not _STANDARD.fullmatch(data.rstrip()):
        return None
    return from_base64(data.decode("ascii"))


def _base64url(data: bytes) -> bytes | None:
    if len(data) < _SHORTEST or not _URL_SAFE.fullmatch(data):
        return None
    return from_base64(data.decode("ascii")) if b"-" in data or b"_" in data else None


def _blanked_base64(data: bytes) -> bytes | None:
    if b" " not in data or not _BLANKED.fullmatch(data):
        return None
    return data.replace(b" ", b"+")


def _space(data: bytes) -> bytes | None:
    found = data.strip(b" \t\r\n\0\f\v")
    return found if found != data else None


def _is_text(data: bytes) -> bool:
    """Whether it is valid UTF-8."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _quotes(data: bytes) -> bytes | None:
    if len(data) > 2 and data[0] == data[-1] and data[0] in _QUOTES:
        return data[1:-1]
    return None


def _bom(data: bytes) -> bytes | None:
    return data.removeprefix(BOM) if data.startswith(BOM) else None


def _utf16(data: bytes) -> bytes | None:
    if len(data) < 4 or len(data) % 2:
        return None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        order = "utf-16"
    elif not any(data[1::2]):
        order = "utf-16-le"
    elif not any(data[::2]):
        order = "utf-16-be"
    else:
        return None
    try:
        return data.decode(order).encode()
    except UnicodeError:
        return None


def _misread(charset: str) -> Callable[[bytes], bytes | None]:
    """What takes off UTF-8 of bytes that were taken for text in a charset.

    What the charset leaves open stands for itself, as browsers do it.
    """
    table = {bytes((code,)).decode(charset, "ignore") or chr(code): code for code in range(256)}

    def taken(data: bytes) -> bytes | None:
        if data.isascii():
            return None
        try:
            return bytes(map(table.__getitem__, data.decode()))
        except (UnicodeDecodeError, KeyError):
            return None

    return taken


def _literal(data: bytes) -> bytes | None:
    """The literal of Python's `str(b"...")`."""
    found = _LITERAL.fullmatch(data)
    return _ESCAPE.sub(_unescaped, found[2]) if found else None


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    if code[:1] == b"x":
        return bytes([int(code[1:], 16)])
    if code.isdigit():
        return bytes([int(code, 8) & 255])
    return _NAMED.get(code, code)


def _octal(data: bytes) -> bytes | None:
    """PostgreSQL's older form of bytea, `bytea_output = escape`."""
    if b"\\" not in data or data.startswith(b"\\x") or not data.isascii():
        return None
    found = _OCTAL.sub(_unescaped, data)
    return found if found != data else None


def _percent(data: bytes) -> bytes | None:
    if b"%" not in data or not data.isascii():
        return None
    found = unquote_to_bytes(data)
    return found if found != data else None


def _json_text(data: bytes) -> bytes | None:
    if data[:1] != b'"' or data[-1:] != b'"':
        return None
    found = json_value(data)
    return found.encode(errors="surrogatepass") if isinstance(found, str) else None


LAYERS = (
    Layer("PostgreSQL's hex", _postgres_hex),
    Layer("a JSON Buffer", buffer, buffer=True),
    Layer("a JSON list of bytes", array, buffer=True),
    Layer("a Uint8Array written as JSON", numbered, buffer=True),
    Layer("a JSON string", _json_text),
    Layer("a text in a JSON document", texts.one_text),
    Layer("text with escaped quotes or slashes", texts.escaped),
    Layer("an object in single quotes", texts.single_quoted),
    Layer("text with HTML entities", texts.entities),
    Layer("quoted-printable text, as mails have it", texts.quoted_printable),
    Layer("a data URL", texts.data_url),
    Layer("text in PEM armour", texts.armour),
    Layer("text with typographic quotes or dashes", texts.typographic),
    Layer("a Python bytes literal", _literal),
    Layer("a Buffer as Node's console prints it", inspected),
    Layer("text with white space around it", _space),
    Layer("text in quotes", _quotes),
    Layer("text after a byte order mark", _bom),
    Layer("text with invisible characters", texts.invisible),
    Layer("text after a name", texts.named),
    Layer("UTF-16", _utf16),
    Layer("base64 in the other alphabet", texts.other_alphabet),
    Layer("text that is broken up by white space", texts.unjoined),
    Layer("hex", _hex),
    Layer("base64", _base64),
    Layer("base64url", _base64url),
    Layer("base64 with spaces instead of +", _blanked_base64),
    Layer("text that is broken up by white space", texts.spread),
    Layer("bytes written as decimal numbers", texts.numbers, buffer=True),
    Layer("base32", texts.base32),
    Layer("compressed bytes", texts.compressed),
    Layer("bytes whose newlines became CRLF", texts.line_ends),
    Layer("URL encoding", _percent),
    Layer("PostgreSQL's bytea escape format", _octal),
    Layer("UTF-8 of bytes that were misread as Latin-1", _misread("latin-1")),
    Layer("UTF-8 of bytes that were misread as Windows-1252", _misread("cp1252")),
    Layer("base64 without the = at its end", texts.unpadded),
)
"""What is wrapped around texts in real columns."""
