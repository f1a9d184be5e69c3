"""How a text is taken apart whose parts are encoded one by one, or follow a prefix."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from assay.crypto.envelopes.base import Misfit
from assay.crypto.envelopes.opening import DECODERS, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


class Piece(NamedTuple):
    """One part as a spec writes it: `iv`, `iv:12`, `iv:12:hex`, `ciphertext:base64`."""

    name: str
    size: int = 0
    """Bytes; 0 if it isn't said."""
    encoding: str = ""
    """Its own encoding; empty if the text around it decides."""

    @property
    def width(self) -> int:
        """Characters that it takes where nothing separates it."""
        if self.encoding == "hex":
            return 2 * self.size
        return -(-self.size // 3) * 4 if self.encoding == "base64" else self.size


def piece(part: str) -> Piece:
    """A part, read."""
    name, *more = part.split(":")
    size = next((int(one) for one in more if one.isdigit()), 0)
    encoding = next((one for one in more if not one.isdigit()), "")
    return Piece("iv" if name == "nonce" else name, size, encoding)


@lru_cache(maxsize=256)
def read(layout: tuple[str, ...]) -> tuple[Piece, ...]:
    """The parts of a layout."""
    return tuple(map(piece, layout))


def troubles(pieces: Sequence[Piece], separator: str, encoding: str) -> Iterator[str]:
    """What can't be told apart."""
    nested = any(one.encoding for one in pieces)
    if not separator:
        yield from (
            f"{one.name} in base64url has no fixed length: put a separator after it"
            for one in pieces
            if one.encoding == "base64url" and one.name != "ciphertext"
        )
        return
    plain = [at for at, one in enumerate(pieces) if not one.encoding or one.encoding == "raw"]
    if not nested and encoding == "raw":
        plain = list(range(len(pieces)))
    elif not nested:
        return
    if len(plain) > 1 or (plain and plain[0] not in (0, len(pieces) - 1)):
        yield "bytes may hold the separator: at most the first or the last part may be raw"


def apart(
    data: bytes, pieces: Sequence[Piece], *, prefix: str, separator: str, encoding: str
) -> tuple[Mapping[str, bytes], Mapping[str, bytes]]:
    """The parts as they are written, and their bytes; raises `Misfit`.

    If parts have encodings of their own, `encoding` is that of the text around them.
    """
    mark = prefix.encode()
    if not data.startswith(mark):
        raise Misfit("malformed", f"does not begin with {prefix}")
    rest, nested = data[len(mark) :], any(one.encoding for one in pieces)
    if nested or not separator:
        rest = _decoded(rest, encoding)
    inner = "raw" if nested or not separator else encoding
    written = _separated(rest, pieces, separator) if separator else _joined(rest, pieces)
    found = {
        one.name: _decoded(text, one.encoding or inner)
        for one, text in zip(pieces, written, strict=True)
    }
    return dict(zip([one.name for one in pieces], written, strict=True)), found


def _decoded(data: bytes, encoding: str) -> bytes:
    try:
        return DECODERS[encoding](data)
    except ValueError:
        raise Misfit("malformed", f"is not {WORDS[encoding]}") from None


def _separated(data: bytes, pieces: Sequence[Piece], separator: str) -> list[bytes]:
    mark, most = separator.encode(), -1
    raw = [one.encoding in ("", "raw") for one in pieces]
    if any(raw) and not all(raw):  # bytes may hold the separator
        most = len(pieces) - 1
    found = data.rsplit(mark, most) if raw[0] else data.split(mark, most)
    if len(found) != len(pieces):
        words = f"does not have {len(pieces)} parts with {separator} between"
        raise Misfit("malformed", words)
    return found


def _joined(data: bytes, pieces: Sequence[Piece]) -> list[bytes]:
    widths = [one.width for one in pieces]
    if len(data) < sum(widths):
        raise Misfit("truncated", "ends before its ciphertext")
    body = len(data) - sum(widths)
    found, at = [], 0
    for one, width in zip(pieces, widths, strict=True):
        size = body if one.name == "ciphertext" else width
        found.append(data[at : at + size])
        at += size
    return found


class PartPlace(NamedTuple):
    """Where a part stands: a slice of the bytes, or the number of a piece."""

    bytes: slice
    piece: int
    size: int | None


def size_of(part: str) -> int:
    """The bytes that a part says it has; 0 if it doesn't."""
    return piece(part).size


@lru_cache(maxsize=256)
def placed(layout: tuple[str, ...]) -> Mapping[str, PartPlace]:
    """Where each part stands."""
    sizes = [size_of(part) for part in layout]
    places = {}
    behind = [one.name for one in read(layout)].index("ciphertext")
    for at, part in enumerate(layout):
        name = piece(part).name
        before, after = sum(sizes[:at]), sum(sizes[at + 1 :])
        if at < behind:
            where = slice(before, before + sizes[at])
        elif at > behind:
            where = slice(-after - sizes[at], -after or None)
        else:
            where = slice(before, -after or None)
        places[name] = PartPlace(where, at, sizes[at] or None)
    return places
