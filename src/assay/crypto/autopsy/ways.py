"""What opens a ciphertext: the layers to take off, then an envelope with a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assay.crypto.autopsy.opened import DECLARED, SealingContext
from assay.crypto.autopsy.transports import Layer, Payload, without
from assay.crypto.envelopes.base import Misfit
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.crypto.autopsy.causes import Confidence
    from assay.crypto.autopsy.keyring import Opening


class Way(NamedTuple):
    """Something that opens a ciphertext: what is taken off, then an envelope, a key and data."""

    path: tuple[Layer, ...]
    opening: Opening
    context: SealingContext = DECLARED

    def opens(self, data: bytes, aad: bytes, identity: Sequence[str]) -> bytes | None:
        """What it opens to; None if it does not."""
        rest = without(self.path, data) if self.path else data
        bound = aad if self.context is DECLARED else self.context.make(aad, identity)
        if rest is None or bound is None:
            return None
        return attempt(self.opening, rest, bound)


@redacted()
class Specimen(NamedTuple):
    """One ciphertext, with what may be wrapped around it taken off, and the row that it is from."""

    payloads: Sequence[Payload]
    aad: bytes
    identity: Sequence[str]


@redacted("way.opening.candidate.words")
class Hit(NamedTuple):
    """A way that opened a ciphertext, and how sure it is that it should."""

    way: Way
    plain: bytes
    confidence: Confidence
    payload: Payload


def attempt(opening: Opening, data: bytes, aad: bytes) -> bytes | None:
    """What an opening makes of a text; None if it refuses it."""
    try:
        return opening.open(data, aad)
    except Exception:  # noqa: BLE001 - no text, however odd, may end an examination
        return None


def refuse(_data: bytes, _aad: bytes) -> bytes:
    """Stands for the opener of a key that isn't one."""
    raise Misfit("key", "isn't a usable key")
