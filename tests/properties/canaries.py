"""Secrets that no output may hold, and how to look for them in any guise."""

from __future__ import annotations

import base64
import html
import json
import shlex
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

import re2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PIECE = 8
"""Characters of a secret that must not appear together."""


def pieces(secret: str) -> set[str]:
    """Every piece of a secret, plain and in each encoding of our formats."""
    raw = secret.encode()
    guises = {
        secret,
        secret[::-1],
        raw.hex(),
        raw.hex().upper(),
        json.dumps(secret)[1:-1],
        html.escape(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        shlex.quote(secret),
        "".join(f"\\x{byte:02x}" for byte in raw),
        *_base64(raw),
    }
    size = {raw.hex(): 2 * PIECE, raw.hex().upper(): 2 * PIECE}
    return {
        guise[at : at + size.get(guise, PIECE)]
        for guise in guises
        for at in range(len(guise) - size.get(guise, PIECE) + 1)
    }


def _base64(raw: bytes) -> Iterator[str]:
    """Base64 at all three alignments, without the characters that neighbours decide."""
    for shift in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            text = encode(b"\0" * shift + raw).decode().rstrip("=")
            yield text[4 if shift else 0 : len(text) - 1]


def found(secrets: Iterable[str], text: str) -> list[str]:
    """The pieces of secrets that stand in a text."""
    likely = {piece for secret in secrets for piece in pieces(secret)}
    if not likely or not _any_of(likely).search(_bytes(text)):
        return []
    return sorted(piece for piece in likely if piece in text)


def _any_of(texts: Iterable[str]) -> Any:
    """A pattern of all of them: outputs are megabytes, which it reads once."""
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = 1 << 28
    return re2.compile(b"|".join(re2.escape(_bytes(text)) for text in texts), options)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
