"""Secrets that no output may hold, and how to look for them in any guise."""

from __future__ import annotations

import base64
import html
import json
import shlex
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

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
    grams = {text[at : at + PIECE] for at in range(len(text) - PIECE + 1)}
    likely = (p for secret in secrets for p in pieces(secret) if p[:PIECE] in grams)
    return sorted(piece for piece in likely if piece in text)
