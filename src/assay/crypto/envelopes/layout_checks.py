"""What is wrong with a declared layout, in sentences for whoever wrote it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.crypto.envelopes.base import AES_CCM, AES_ECB, UNSIGNED
from assay.crypto.envelopes.layout_fields import FixedIv
from assay.crypto.envelopes.modes import nonces
from assay.crypto.envelopes.opening import TAG
from assay.crypto.envelopes.parting import piece, read, troubles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.crypto.envelopes.layout import Layout

_SHORTEST_TAG = 4
_MACS = {"sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}
"""Bytes of an HMAC, by its hash."""

_HEX = re.compile("(?:[0-9A-Fa-f]{2})*")


def problems(layout: Layout) -> Iterator[tuple[str, str]]:
    """The fields that are wrong, and why."""
    if layout.aad and layout.cipher in UNSIGNED:
        yield "aad", f"{layout.cipher} has no additional authenticated data"
    if layout.plain and layout.separator and layout.encoding == "raw":
        yield "separator", "bytes may hold it: choose another encoding than raw"
    elif not layout.plain:
        reasons = troubles(read(layout.layout), layout.separator, layout.encoding)
        yield from (("layout", reason) for reason in reasons)
    yield from (("iv", reason) for reason in _ivs(layout))
    if layout.mac.written == "text" and not layout.separator:
        yield "mac", "parts that nothing separates are signed as bytes"
    for reason in (*_names(layout), *_sizes(layout)):
        yield "layout", reason


def _ivs(layout: Layout) -> Iterator[str]:
    """What is wrong with an iv that the text does not hold."""
    if layout.iv is None:
        return
    least, most = nonces(layout.cipher)
    if any(one.name == "iv" for one in read(layout.layout)):
        yield "`layout` has it already"
    elif not most:
        yield f"{layout.cipher} takes none"
    elif isinstance(layout.iv, FixedIv):
        if bool(layout.iv.text) is bool(layout.iv.hex):
            yield "give it as `text` or as `hex`"
        elif not _HEX.fullmatch(layout.iv.hex):
            yield "its `hex` is not hex: write two digits for each byte"
        elif not least <= len(layout.iv.bytes) <= most:
            takes = f"{least}" if least == most else f"{least} to {most}"
            yield f"{layout.cipher} takes a nonce of {takes} bytes"


def _names(layout: Layout) -> Iterator[str]:
    names = [one.name for one in read(layout.layout)]
    yield from (
        f"{name} stands in it twice"
        for name in ("iv", "tag", "mac", "salt", "ciphertext")
        if names.count(name) > 1
    )
    ivless = layout.iv is not None or layout.cipher in AES_ECB
    needed = ("ciphertext",) if ivless else ("iv", "ciphertext")
    yield from (f"{name} is missing" for name in needed if name not in names)
    if "iv" in names and layout.cipher in AES_ECB:
        yield f"{layout.cipher} takes no iv"
    if "tag" in names and layout.cipher in UNSIGNED:
        yield f"{layout.cipher} has no tag"
    if "mac" in names and layout.cipher not in UNSIGNED:
        yield f"{layout.cipher} has a tag, and is not signed"


def _sizes(layout: Layout) -> Iterator[str]:
    least, most = nonces(layout.cipher)
    shortest = TAG if layout.cipher == "chacha20-poly1305" else _SHORTEST_TAG
    for part in layout.layout:
        name, size, _ = piece(part)
        if not size:
            if name != "ciphertext" and not layout.separator:
                yield f"the size of {part} is missing, as in {part.partition(':')[0]}:16"
        elif name == "iv" and most and not least <= size <= most:
            takes = f"{least}" if least == most else f"{least} to {most}"
            yield f"{layout.cipher} takes a nonce of {takes} bytes"
        elif name == "tag" and layout.cipher in AES_CCM and size % 2:
            yield f"{layout.cipher} has a tag of 4, 6, 8, 10, 12, 14 or 16 bytes"
        elif name == "tag" and not shortest <= size <= TAG:
            takes = f"{TAG}" if shortest == TAG else f"{shortest} to {TAG}"
            yield f"{layout.cipher} has a tag of {takes} bytes"
        elif name == "mac" and size != _MACS[layout.mac.hash]:
            yield f"an HMAC with {layout.mac.hash} has {_MACS[layout.mac.hash]} bytes"
