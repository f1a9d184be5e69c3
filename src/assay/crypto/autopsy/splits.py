"""Ways to take a damaged ciphertext apart, if lengths are no longer what they should be."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from assay.crypto.autopsy.streams import TAG
from assay.crypto.envelopes.layout import Layout
from assay.crypto.envelopes.opening import DECODERS
from assay.crypto.envelopes.parting import piece
from assay.crypto.envelopes.search import NONCES, THREE, TWO, joined, separated
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.crypto.envelopes.base import Envelope

_NEAR = range(NONCES[0] - 1, NONCES[-1] + 2)


@redacted()
class Split(NamedTuple):
    """One way to take a ciphertext apart. Sizes are those found, not those that should be."""

    nonce: bytes
    tag: bytes
    body: bytes
    raw: bytes = b""
    """All of it, where the parts were joined."""
    order: tuple[str, ...] = ()
    """How they follow each other in `raw`."""
    wanted: int = NONCES[0]
    """How many bytes the nonce should have."""

    def resized(self, part: str, by: int) -> Split | None:
        """The same bytes, where one part is longer or shorter than it should be."""
        sizes = {"iv": self.wanted, "tag": TAG}
        sizes[part] += by
        return _cut(self.raw, self.order, sizes, self.wanted) if self.raw else None


def splits(data: bytes, declared: Envelope) -> Iterator[Split]:
    """The ways to take data apart, that of the declared envelope first."""
    exact = declared.parts(data)
    apart = (split for _, _, pieces in separated(data) for split in _arranged(pieces))
    every = list(dict.fromkeys((*apart, *_joined(data, declared))))
    if exact is None:
        yield from every
        return
    same = [
        one
        for one in every
        if (one.nonce, one.tag, one.body) == (exact.nonce, exact.tag, exact.body)
    ]
    yield from same or [Split(exact.nonce, exact.tag, exact.body, wanted=len(exact.nonce))]
    if hasattr(declared, "forms"):  # it takes any of them
        yield from (one for one in every if one not in same)


def exactly(data: bytes, declared: Envelope) -> tuple[Split, ...]:
    """As the declared envelope takes data apart; if that is not one way, as `splits` does."""
    parts = None if hasattr(declared, "forms") else declared.parts(data)
    if parts is None:
        return tuple(splits(data, declared))
    return (Split(parts.nonce, parts.tag, parts.body, wanted=len(parts.nonce)),)


def _arranged(pieces: list[bytes]) -> Iterator[Split]:
    for order in THREE if len(pieces) == 3 else TWO:
        found = dict(zip(order, pieces, strict=True))
        nonce, body, tag = found["iv"], found["ciphertext"], found.get("tag")
        if len(nonce) not in _NEAR:
            continue
        wanted = min(NONCES, key=lambda size: abs(size - len(nonce)))
        if tag is None:
            raw = nonce + body if len(nonce) == wanted else b""
            yield Split(nonce, body[-TAG:], body[:-TAG], raw, ("iv", "ciphertext", "tag"), wanted)
        elif len(tag) <= TAG + 1:
            yield Split(nonce, tag, body, wanted=wanted)


def _joined(data: bytes, declared: Envelope) -> Iterator[Split]:
    for _, raw in joined(data):
        for wanted, order in product(NONCES, THREE):
            found = _cut(raw, order, {"iv": wanted, "tag": TAG}, wanted)
            if found is not None:
                yield found
    if isinstance(declared, Layout) and declared.separator == "":
        yield from _laid_out(data, declared)


def _laid_out(data: bytes, declared: Layout) -> Iterator[Split]:
    """As a spec lays it out, though too short for it."""
    try:
        raw = DECODERS[declared.encoding](data)
    except ValueError:
        return
    pieces = [piece(part) for part in declared.layout]
    names = tuple(one.name for one in pieces)
    if "skip" in names or "iv" not in names or declared.prefix or any(p.encoding for p in pieces):
        return
    sizes = {"iv": NONCES[0], "tag": TAG}
    sizes |= {one.name: one.size for one in pieces if one.size}
    order = names if "tag" in names else (*names, "tag")
    found = _cut(raw, order, sizes, sizes["iv"])
    if found is not None:
        yield found


def _cut(raw: bytes, order: tuple[str, ...], sizes: dict[str, int], wanted: int) -> Split | None:
    if len(raw) < sizes["iv"] + sizes["tag"]:
        return None
    body = len(raw) - sizes["iv"] - sizes["tag"]
    found, at = {}, 0
    for name in order:
        size = body if name == "ciphertext" else sizes[name]
        found[name] = raw[at : at + size]
        at += size
    return Split(found["iv"], found["tag"], found["ciphertext"], raw, order, wanted)
