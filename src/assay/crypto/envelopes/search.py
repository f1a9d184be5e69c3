"""The layouts that a ciphertext may have. It says nothing of its own: what fits is offered.

An authentication tag proves the right one.
"""

from __future__ import annotations

import string
from functools import cache
from itertools import permutations
from typing import TYPE_CHECKING, Any

from assay.crypto.envelopes.base import AES_CCM, UNSIGNED
from assay.crypto.envelopes.layout import Layout
from assay.crypto.envelopes.modes import nonces, padded_to
from assay.crypto.envelopes.opening import DECODERS, TAG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.crypto.envelopes.opening import Encoding

NONCES = (12, 16)
"""Bytes: what NIST SP 800-38D recommends, and what programs take that count in blocks."""
SEPARATORS = (":", ".", "--", "|", "$", ",", ";", "_", "-")
_HEX = string.hexdigits.encode()
_BASE64 = (string.ascii_letters + string.digits + "+/-_=\r\n").encode()
THREE = tuple(permutations(("iv", "tag", "ciphertext")))
TWO = (("iv", "ciphertext"), ("ciphertext", "iv"))


def layouts(data: bytes, cipher: str) -> Iterator[Layout]:
    """The layouts that fit a ciphertext of a cipher, the likeliest first.

    What does not open is asked for all of them, so that only lengths are compared.
    """
    for separator, encoding, pieces in separated(data):
        if len(pieces) == 3 and cipher in UNSIGNED:
            continue
        for order in THREE if len(pieces) == 3 else TWO:
            if _fits(cipher, dict(zip(order, map(len, pieces), strict=True))):
                yield made(cipher, order, encoding, separator)
    for encoding, raw in joined(data):
        for one, fixed in _joined(cipher, encoding):
            if _whole(cipher, len(raw) - fixed):
                yield one


def separated(data: bytes) -> Iterator[tuple[str, Encoding, list[bytes]]]:
    """The ways to read a text as parts with a separator between them, and the parts."""
    if not data.isascii():
        return
    for separator in SEPARATORS:
        pieces = data.split(separator.encode())
        if len(pieces) in (2, 3):
            for encoding in encodings(b"".join(pieces)):
                if encoding == "raw":
                    continue
                try:
                    decoded = [DECODERS[encoding](piece) for piece in pieces]
                except ValueError:
                    continue
                yield separator, encoding, decoded


def joined(data: bytes) -> Iterator[tuple[Encoding, bytes]]:
    """The encodings that a text is in, and its bytes."""
    for encoding in encodings(data):
        try:
            raw = DECODERS[encoding](data)
        except ValueError:
            continue
        yield encoding, raw


def encodings(data: bytes) -> Iterator[Encoding]:
    """The encodings that a text may be in; raw bytes are always possible.

    Hex digits alone are base64 only by a freak of chance.
    """
    kept = data.strip()
    if not kept.translate(None, _HEX):
        if len(kept) % 2 == 0:
            yield "hex"
    elif not kept.translate(None, _BASE64):
        yield "base64url" if b"-" in kept or b"_" in kept else "base64"
    yield "raw"


def _fits(cipher: str, sizes: dict[str, int]) -> bool:
    """Whether parts of these sizes, in bytes, are those of a cipher."""
    if sizes["iv"] not in _nonces(cipher):
        return False
    if "tag" in sizes:
        return sizes["tag"] == TAG
    rest = sizes["ciphertext"] if cipher in UNSIGNED else sizes["ciphertext"] - TAG
    return _whole(cipher, rest)


def _nonces(cipher: str) -> tuple[int, ...]:
    least, most = nonces(cipher)
    if least == most:
        return (most,) if most else ()
    also = (most,) if cipher in AES_CCM else ()  # as in the example of Python's `AESCCM`
    return (*(size for size in NONCES if least <= size <= most), *also)


def _whole(cipher: str, rest: int) -> bool:
    """Whether a cipher writes ciphertexts of this size, in bytes and without its tag."""
    if cipher not in UNSIGNED:
        return rest >= 0
    return rest > 0 and rest % (padded_to(cipher) or 1) == 0


@cache
def _joined(cipher: str, encoding: Encoding) -> tuple[tuple[Layout, int], ...]:
    """What programs make of parts that they join, and how many bytes are not ciphertext."""
    found = []
    for size in _nonces(cipher):
        nonce, tag = f"iv:{size}", f"tag:{TAG}"
        if cipher in UNSIGNED:
            orders: tuple[tuple[str, ...], ...] = ((nonce, "ciphertext"), ("ciphertext", nonce))
            fixed = size
        else:
            orders = (
                (nonce, "ciphertext", tag),
                (nonce, tag, "ciphertext"),
                (tag, nonce, "ciphertext"),
                ("ciphertext", tag, nonce),
                ("ciphertext", nonce, tag),
                (tag, "ciphertext", nonce),
            )
            fixed = size + TAG
        found += [(made(cipher, order, encoding, ""), fixed) for order in orders]
    return tuple(found)


@cache
def made(cipher: Any, order: tuple[str, ...], encoding: Encoding, separator: str) -> Layout:
    """A layout; equal ones are one object."""
    return Layout(cipher=cipher, layout=order, encoding=encoding, separator=separator)
