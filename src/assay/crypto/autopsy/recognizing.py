"""Other envelopes than the declared one, by what a text looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.layout import Layout
from assay.registry import cached

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.crypto.autopsy.transports import Payload
    from assay.crypto.envelopes.base import Envelope


def others(declared: Envelope) -> Iterator[Envelope]:
    """The envelopes beside the declared one, as they are where nothing more is said of them."""
    yield from (one for one in _plain_envelopes() if one.tag() != declared.tag())


def recognizes(envelope: Envelope, data: bytes) -> bool:
    """Whether a text looks like an envelope; nothing is raised, whatever the bytes are."""
    try:
        return envelope.recognizes(data)
    except Exception:  # noqa: BLE001 - as in `attempt`
        return False


def recognized(declared: Envelope, payloads: Sequence[Payload]) -> tuple[Envelope, Payload] | None:
    """An envelope with a mark of its own that a payload bears, if the declared one lacks one."""
    for payload in payloads:
        if declared.marked and recognizes(declared, payload.data):
            return None
        for envelope in others(declared):
            if envelope.marked and recognizes(envelope, payload.data):
                return envelope, payload
    return None


@cached
def _plain_envelopes() -> tuple[Envelope, ...]:
    made = []
    for kind in ENVELOPES.values():
        if kind is not Layout and not hasattr(kind, "forms"):  # every layout is tried anyway
            try:
                made.append(kind())
            except TypeError:  # it can't be made without parameters
                continue
    return tuple(made)


def sign_of(cells: Sequence[object]) -> bytes:
    """What each ciphertext of a column has, such as a separator; empty if nothing shows."""
    cell = next((one for one in cells if isinstance(one, bytes)), b"")
    if not cell.isascii():
        return b""
    prefix = next((one for one in _PREFIXES if cell.startswith(one)), b"")
    return prefix or next((one for one in _SEPARATORS if one in cell), b"")


_PREFIXES = (b"gAAAA", b"eyJ")
_SEPARATORS = (b"--", b":", b"|", b"$", b"*", b".")
