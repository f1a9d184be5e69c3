"""The parts of a ciphertext as programs write them: nonce, tag, and what was encrypted.

A ciphertext says nothing of its own layout, so every layout that fits is offered, and the cipher
decides: an authentication tag proves the right one.
"""

from __future__ import annotations

import json
from itertools import permutations
from typing import TYPE_CHECKING, Any

import msgspec

from assay.formats.decoding import decode_base64, decode_base64url, decode_hex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

TAG = 16
NONCES = (12, 16)
BLOCK = 16
SALTED = b"Salted__"
SEPARATORS = (":", ".", "--", "|", "$")
_DECODERS: dict[str, Callable[[str], bytes | None]] = {
    "hex": decode_hex,
    "base64": decode_base64,
    "base64url": decode_base64url,
}
_NONCE_NAMES = ("iv", "nonce", "n")
_TAG_NAMES = ("tag", "authTag", "auth_tag", "authenticationTag", "at", "t")
_BODY_NAMES = (
    "ciphertext",
    "encrypted",
    "encryptedData",
    "content",
    "data",
    "value",
    "ct",
    "c",
    "p",
)


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """One way to take a ciphertext apart."""

    nonce: bytes = b""
    tag: bytes = b""
    body: bytes = b""
    salt: bytes = b""
    """Of OpenSSL's `enc` and CryptoJS, which derive key and nonce from it."""
    mac: bytes = b""
    """An HMAC over `signed` under the same key, as Laravel writes it."""
    signed: bytes = b""


def parts_of(
    text: str, *, tagged: bool, layout: Sequence[str] = (), encoding: str | None = None
) -> Iterator[Parts]:
    """The ways to take a ciphertext apart; `tagged` where the cipher authenticates by a tag."""
    for raw in _transported(text):
        yield from parts_of(raw.hex(), tagged=tagged, layout=layout, encoding="hex")
        if raw.isascii() and len(raw) < len(text):  # else it would not come to an end
            inner = raw.decode()
            yield from parts_of(inner, tagged=tagged, layout=layout, encoding=encoding)
    if layout:
        for raw in _decoded(text, encoding):
            yield from _laid_out(raw, layout)
        return
    yield from _object(text, tagged=tagged)
    for separator in SEPARATORS:
        pieces = text.split(separator)
        if len(pieces) in (2, 3):
            for raw_pieces in _all_decoded(pieces, encoding):
                yield from _separated(raw_pieces, tagged=tagged)
    for raw in _decoded(text, encoding):
        yield from _joined(raw, tagged=tagged)


def _transported(text: str) -> Iterator[bytes]:
    """The bytes that PostgreSQL writes as a bytea, and JSON as a Buffer of Node."""
    if text.startswith("\\x") and (raw := decode_hex(text[2:])):
        yield raw
    found = _json(text) or {}
    data = found.get("data") if found.get("type") == "Buffer" else None
    if isinstance(data, list) and all(type(n) is int and 0 <= n < 256 for n in data):
        yield bytes(data)


def _decoded(text: str, encoding: str | None) -> Iterator[bytes]:
    for name, decode in _DECODERS.items():
        if encoding in (None, name) and (raw := decode(text)):
            yield raw


def _all_decoded(pieces: Sequence[str], encoding: str | None) -> Iterator[list[bytes]]:
    for name, decode in _DECODERS.items():
        if encoding in (None, name):
            raw = [decode(piece) for piece in pieces]
            if None not in raw:
                yield [piece for piece in raw if piece is not None]


def _laid_out(raw: bytes, layout: Sequence[str]) -> Iterator[Parts]:
    sizes = [int(part.partition(":")[2] or 0) for part in layout]
    rest = len(raw) - sum(sizes)
    if rest < 0:
        return
    found: dict[str, bytes] = {}
    at = 0
    for part, size in zip(layout, sizes, strict=True):
        end = at + (size or rest)
        found[part.partition(":")[0]] = raw[at:end]
        at = end
    yield Parts(
        nonce=found.get("iv", b""), tag=found.get("tag", b""), body=found.get("ciphertext", b"")
    )


def _separated(pieces: Sequence[bytes], *, tagged: bool) -> Iterator[Parts]:
    for order in permutations(pieces):
        if tagged and len(order) == 3 and len(order[1]) == TAG and len(order[0]) in NONCES:
            yield Parts(nonce=order[0], tag=order[1], body=order[2])
        elif tagged and len(order) == 2 and len(order[0]) in NONCES and len(order[1]) >= TAG:
            yield Parts(nonce=order[0], tag=order[1][-TAG:], body=order[1][:-TAG])
            yield Parts(nonce=order[0], tag=order[1][:TAG], body=order[1][TAG:])
        elif not tagged and len(order) == 2 and len(order[0]) == BLOCK:
            yield Parts(nonce=order[0], body=order[1])


def _joined(raw: bytes, *, tagged: bool) -> Iterator[Parts]:
    if raw.startswith(SALTED):
        yield Parts(salt=raw[8:16], body=raw[16:])
    elif not tagged:
        if len(raw) >= 2 * BLOCK and len(raw) % BLOCK == 0:
            yield Parts(nonce=raw[:BLOCK], body=raw[BLOCK:])
            yield Parts(nonce=raw[-BLOCK:], body=raw[:-BLOCK])
    else:
        for size in NONCES:
            if len(raw) >= size + TAG:
                nonce, rest = raw[:size], raw[size:]
                yield Parts(nonce=nonce, tag=rest[-TAG:], body=rest[:-TAG])
                yield Parts(nonce=nonce, tag=rest[:TAG], body=rest[TAG:])


def _object(text: str, *, tagged: bool) -> Iterator[Parts]:
    """A JSON object with named parts, plain or in base64 as Laravel writes it."""
    found = _json(text) or _json((decode_base64(text) or b"").decode(errors="replace"))
    if found is None:
        return
    nonce, body = _named(found, _NONCE_NAMES), _named(found, _BODY_NAMES)
    tag, mac = _named(found, _TAG_NAMES), found.get("mac")
    if not nonce or not body:
        return
    for decode in _DECODERS.values():
        raw = [decode(part) for part in (nonce, body, tag)]
        if raw[0] is None or raw[1] is None or raw[2] is None:
            continue
        if mac and isinstance(mac, str):
            signed = f"{nonce}{body}".encode()
            yield Parts(nonce=raw[0], body=raw[1], mac=decode_hex(mac) or b"\0", signed=signed)
        elif raw[2] or not tagged:
            yield Parts(nonce=raw[0], body=raw[1], tag=raw[2])
        else:
            yield Parts(nonce=raw[0], body=raw[1][:-TAG], tag=raw[1][-TAG:])


def _json(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text) if text[:1] == "{" else None
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _named(found: dict[str, Any], names: Sequence[str]) -> str:
    texts = [found[name] for name in names if isinstance(found.get(name), str)]
    return texts[0] if texts else ""
