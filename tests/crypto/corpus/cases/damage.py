"""Bytes of some rows were changed, lost or added; the other rows are healthy."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from tests.crypto.corpus.cases.building import TEXTS, case, group
from tests.crypto.corpus.producing import APPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.crypto.corpus.producing import Producers

CLASS = "damage"
_LONG = tuple(
    f"{text}, and its account is number {at} of the tenant" for at, text in enumerate(TEXTS)
)


def _flip(raw: bytes, at: int) -> bytes:
    at %= len(raw)
    return raw[:at] + bytes((raw[at] ^ 0x10,)) + raw[at + 1 :]


def _lose(raw: bytes, at: int) -> bytes:
    at %= len(raw)
    return raw[:at] + raw[at + 1 :]


def _add(raw: bytes, at: int) -> bytes:
    at %= len(raw)
    return raw[:at] + b"\x5c" + raw[at:]


_JOINED: dict[str, tuple[Callable[[bytes], bytes], str, str]] = {
    "bit of the nonce": (lambda raw: _flip(raw, 3), "bytes-changed", "nonce"),
    "bit of the text": (lambda raw: _flip(raw, 20), "bytes-changed", "byte"),
    "bit of the tag": (lambda raw: _flip(raw, -3), "tag-damaged bytes-changed", "tag"),
    "byte of the text lost": (lambda raw: _lose(raw, 20), "bytes-lost", "byte"),
    "byte of the nonce lost": (lambda raw: _lose(raw, 5), "bytes-lost", "nonce|byte"),
    "byte of the tag lost": (
        lambda raw: _lose(raw, -5),
        "bytes-lost truncated tag-damaged",
        "tag|byte",
    ),
    "byte added to the text": (lambda raw: _add(raw, 25), "bytes-added", "byte"),
    "byte added at the start": (lambda raw: b"\x00" + raw, "bytes-added", "begin|byte"),
    "byte added at the end": (lambda raw: raw + b"\x00", "bytes-added", "end|byte"),
    "four bytes cut": (lambda raw: raw[:-4], "truncated", ""),
    "tag cut": (lambda raw: raw[:-16], "truncated", ""),
    "half cut": (lambda raw: raw[: len(raw) // 2], "truncated key-unknown unexplained", ""),
    "tag of another row": (lambda raw: raw[:-16] + bytes(range(16)), "tag-damaged", "tag"),
}


def cases(producers: Producers) -> Iterator[dict[str, Any]]:
    """One damaged row among healthy ones, for each damage and several envelopes."""
    for of in ("go gcm", "java gcm", "python gcm"):
        app = APPS[of]
        rows = producers.sealed(app, _LONG)
        for name, (damage, codes, says) in _JOINED.items():
            raw = damage(base64.b64decode(rows[2]["text"]))
            hurt = [*rows[:2], {"text": base64.b64encode(raw).decode()}, *rows[3:]]
            yield case(CLASS, f"{name}, {of}", app, hurt, group(codes, says, rows=[2]), healthy=3)
    yield from _columns(producers)
    yield from _opaque(producers)
    yield from _replaced(producers)


def _columns(producers: Producers) -> Iterator[dict[str, Any]]:
    """Texts cut off by a column that is too narrow."""
    long = "CANARY " + "a long text of a tenant, with all of its addresses; " * 9
    for of in ("node gcm, hex key", "fernet", "laravel", "cryptr", "go gcm", "node cbc", "rails"):
        app = APPS[of]
        rows = producers.sealed(app, (*TEXTS, long))
        for width in (64, 128, 191, 255):
            if len(rows[4]["text"]) <= width or max(len(r["text"]) for r in rows[:4]) <= 40:
                continue
            cut = [{"text": row["text"][:width]} for row in rows]
            at = [n for n, row in enumerate(rows) if row["text"][width:].strip("=")]
            says = f"\\b{width}\\b|column|widen"
            expected = group("truncated", says, rows=at, sure="proven")
            yield case(
                CLASS, f"cut at {width}, {of}", app, cut, expected, healthy=len(rows) - len(at)
            )


def _opaque(producers: Producers) -> Iterator[dict[str, Any]]:
    """Ciphers that can't be looked into: damaged, with other rows that are healthy."""
    codes = "unexplained key-unknown bytes-changed damaged-or-key"
    for of in ("secretbox", "xchacha", "fernet"):
        app = APPS[of]
        rows = producers.sealed(app, _LONG)
        url = of == "fernet"
        decode = base64.urlsafe_b64decode if url else base64.b64decode
        encode = base64.urlsafe_b64encode if url else base64.b64encode
        for name, at in {"in the text": 45, "in the nonce": 12, "near the end": -20}.items():
            raw = _flip(decode(rows[1]["text"]), at)
            hurt = [rows[0], {"text": encode(raw).decode()}, *rows[2:]]
            # a tag that accepts the text once the bit is turned back is proof
            expected = group(codes, "damage|changed", rows=[1], sure="proven")
            yield case(CLASS, f"bit {name}, {of}", app, hurt, expected, healthy=3)
        raw = _lose(decode(rows[1]["text"]), 30)
        hurt = [rows[0], {"text": encode(raw).decode()}, *rows[2:]]
        expected = group(f"{codes} bytes-lost truncated malformed", "", rows=[1])
        yield case(CLASS, f"byte lost, {of}", app, hurt, expected, healthy=3)


def _replaced(producers: Producers) -> Iterator[dict[str, Any]]:
    """Bytes that were read as text."""
    app = APPS["node gcm, bytes"]
    rows = producers.sealed(app, _LONG)
    raws = [bytes.fromhex(row["hex"]) for row in rows]
    lost = [{"text": raw.decode("utf-8", "replace")} for raw in raws]
    yield case(CLASS, "read as UTF-8", app, lost, group("utf8-damaged"))
    latin = [{"text": raw.decode("latin-1")} for raw in raws]
    yield case(CLASS, "read as Latin-1", app, latin, group("wrapped", "Latin"))
    hexed = [{"text": raw.hex()} for raw in raws]
    yield case(CLASS, "hex in a column of bytes", app, hexed, group("wrapped", "hex"))
    in_base64 = [{"text": base64.b64encode(raw).decode()} for raw in raws]
    yield case(CLASS, "base64 in a column of bytes", app, in_base64, group("wrapped", "base64"))
    # a newline that a transfer made two characters
    text = [{"hex": raw.replace(b"\n", b"\r\n").hex()} for raw in raws]
    changed = [at for at, raw in enumerate(raws) if b"\n" in raw]
    if changed:
        expected = group("wrapped bytes-added", "", rows=changed)
        yield case(CLASS, "LF to CRLF", app, text, expected, healthy=4 - len(changed))
