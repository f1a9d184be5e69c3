"""The layouts that a ciphertext may have. It says nothing of its own: what fits is offered.

An authentication tag proves the right one.
"""

from __future__ import annotations

import string
from functools import cache
from itertools import permutations
from typing import TYPE_CHECKING, Any

from assay.crypto.envelopes.layout import Layout
from assay.crypto.envelopes.opening import BLOCK, TAG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.crypto.envelopes.encodings import Encoding

NONCES = (12, 16)
"""Bytes: what NIST SP 800-38D recommends, and what programs take that count in blocks."""
SEPARATORS = (":", ".", "--", "|", "$", ",", ";", "_", "-")
_HEX = string.hexdigits.encode()
_BASE64 = (string.ascii_letters + string.digits + "+/-_=\r\n").encode()
_THREE = tuple(permutations(("iv", "tag", "ciphertext")))
_TWO = (("iv", "ciphertext"), ("ciphertext", "iv"))


def layouts(data: bytes, cipher: str) -> Iterator[Layout]:
    """The layouts that fit a ciphertext of a cipher, the likeliest first."""
    for separator in SEPARATORS:
        pieces = data.split(separator.encode())
        if len(pieces) in (2, 3):
            yield from _separated(data, pieces, separator, cipher)
    for encoding in encodings(data):
        yield from (one for one in _joined(cipher, encoding) if one.misfit(data) is None)


def encodings(data: bytes) -> Iterator[Encoding]:
    """The encodings that a text may be in; raw bytes are always possible.

    Hex digits alone are no base64, but by a freak of chance.
    """
    kept = data.strip()
    if not kept.translate(None, _HEX):
        if len(kept) % 2 == 0:
            yield "hex"
    elif not kept.translate(None, _BASE64):
        yield "base64url" if b"-" in kept or b"_" in kept else "base64"
    yield "raw"


def _separated(data: bytes, pieces: list[bytes], separator: str, cipher: str) -> Iterator[Layout]:
    if len(pieces) == 3 and cipher.endswith("-cbc"):
        return
    for encoding in encodings(b"".join(pieces)):
        if encoding != "raw":
            for order in _THREE if len(pieces) == 3 else _TWO:
                one = _made(cipher, order, encoding, separator)
                if _fits(one, data):
                    yield one


def _fits(one: Layout, data: bytes) -> bool:
    found = one.parts(data)
    sizes = (BLOCK,) if one.cipher.endswith("-cbc") else NONCES
    return found is not None and len(found.nonce) in sizes and one.misfit(data) is None


@cache
def _joined(cipher: str, encoding: Encoding) -> tuple[Layout, ...]:
    """What programs make of parts that they join."""
    orders: tuple[tuple[str, ...], ...]
    if cipher.endswith("-cbc"):
        orders = ((f"iv:{BLOCK}", "ciphertext"), ("ciphertext", f"iv:{BLOCK}"))
    else:
        tag = f"tag:{TAG}"
        nonces = tuple(f"iv:{size}" for size in NONCES)
        orders = tuple(
            order
            for nonce in (nonces if cipher.endswith("-gcm") else nonces[:1])
            for order in (
                (nonce, "ciphertext", tag),
                (nonce, tag, "ciphertext"),
                (tag, nonce, "ciphertext"),
                ("ciphertext", tag, nonce),
                ("ciphertext", nonce, tag),
                (tag, "ciphertext", nonce),
            )
        )
    return tuple(_made(cipher, order, encoding, "") for order in orders)


@cache
def _made(cipher: Any, order: tuple[str, ...], encoding: Encoding, separator: str) -> Layout:
    return Layout(cipher=cipher, layout=order, encoding=encoding, separator=separator)
