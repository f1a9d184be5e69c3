"""The body of an HTTP answer, unpacked piece by piece and never by more than there is room for.

httpx unpacks a piece as a whole, so that 64 KiB of zeros in gzip come as 64 MiB.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_GZIP = 31
"""Window bits of zlib for gzip: https://www.zlib.net/manual.html#Advanced."""


class PackedError(Exception):
    """A body is in no form that was asked for."""


def unpacked(pieces: Iterable[bytes], encoding: str, content: bytearray, most: int) -> None:
    """Put a body into `content` until it is longer than `most`, or what it is packed in is.

    Raises:
        PackedError: it can't be unpacked.

    """
    form = encoding.strip().lower()
    if form not in ("", "identity", "gzip", "x-gzip"):
        raise PackedError
    packed = zlib.decompressobj(_GZIP) if form.endswith("gzip") else None
    received = 0
    for piece in pieces:
        received += len(piece)
        try:
            room = most + 1 - len(content)
            content += piece[:room] if packed is None else packed.decompress(piece, room)
        except zlib.error:
            raise PackedError from None
        if received > most or len(content) > most:
            content.extend(b" " * (most + 1 - len(content)))  # too long, whatever it unpacks to
            return
