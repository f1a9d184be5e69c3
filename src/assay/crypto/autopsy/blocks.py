"""What AES-CBC gives of a damaged text: block by block, so damage stays where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.crypto.autopsy.causes import Cause, CauseCode, Confidence
from assay.crypto.autopsy.reading import LEAST, legible, readable_to
from assay.crypto.ciphers import NEEDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.crypto.autopsy.keyring import KeyCandidate
    from assay.crypto.envelopes.base import Parts

_BLOCK = 16
_LIKELY = Confidence.LIKELY


def examined(cipher: str, key: bytes, parts: Parts | None, by: KeyCandidate) -> Cause | None:
    """What readable blocks say of the rest; never proof, for nothing authenticates them."""
    if parts is None:
        return None
    nonce, body = parts.nonce, parts.body
    whole = len(body) // _BLOCK * _BLOCK
    if not NEEDS[cipher].fits(len(key)) or len(nonce) != _BLOCK or whole < 2 * _BLOCK:
        return None
    plain = _decrypted(key, nonce, body[:whole])
    end = readable_to(plain)
    key_words = f"the key is {by.words}"
    if whole < len(body):
        if end == len(plain):
            why = "it reads as text up to its last full block, which part of a block follows"
            place = "within its last block"
            return Cause.of(CauseCode.TRUNCATED, _LIKELY, why, key_words, place=place)
        if end >= LEAST:
            why = "it reads as text up to there, and its length is not a multiple of the block size"
            place = f"in the block at byte {end // _BLOCK * _BLOCK + 1} or next to it"
            return Cause.of(CauseCode.BYTES_LOST, _LIKELY, why, key_words, place=place)
        return None
    readable = [readable_to(block) == _BLOCK for block in _blocks(plain)]
    if all(readable):
        why = "every block reads as text, and the padding that should follow is missing"
        return Cause.of(CauseCode.TRUNCATED, _LIKELY, why, key_words, place="at its end")
    if len(readable) >= 3 and legible(plain) >= 0.7 and sum(readable) >= 2:
        why = "all but a block or two read as text"
        place = f"in the block at byte {readable.index(False) * _BLOCK + 1} or before it"
        return Cause.of(CauseCode.BYTES_CHANGED, _LIKELY, why, key_words, place=place)
    return None


def _blocks(plain: bytes) -> Iterator[bytes]:
    yield from (plain[at : at + _BLOCK] for at in range(0, len(plain), _BLOCK))


def _decrypted(key: bytes, nonce: bytes, body: bytes) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    opening = Cipher(algorithms.AES(key), modes.CBC(nonce)).decryptor()
    return opening.update(body) + opening.finalize()
