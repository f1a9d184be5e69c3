"""Modes, ivs and nestings of encodings that are looked for when nothing usual opens a text.

What they are is said as a layout that a spec may declare. Few of them have a tag, so what they open
to must read as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from assay.crypto.autopsy.streams import convinces
from assay.crypto.ciphers import NEEDS, TEXTS
from assay.crypto.envelopes.base import AES_CBC, AES_CTR, DES3
from assay.crypto.envelopes.layout import Layout
from assay.crypto.envelopes.layout_fields import Mac
from assay.crypto.envelopes.modes import padded_to
from assay.crypto.envelopes.parting import piece
from assay.crypto.envelopes.search import joined, layouts
from assay.crypto.recipes import Derivation, Fit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.crypto.autopsy.causes import Case
    from assay.crypto.autopsy.keyring import KeyCandidate, Keyring, Opening
    from assay.crypto.envelopes.base import Envelope

PAYLOADS = 6
"""Payloads that are looked at."""
_SIZES = {16: "128", 24: "192", 32: "256"}
_IVS = ("zero", "key", "key-hex", "text", "md5")
_NESTED_CBC = (
    (("iv:16", "ciphertext:base64"), ""),
    (("ciphertext:base64", "iv:16"), ""),
    (("ciphertext:base64", "iv:16"), "::"),
    (("iv:16", "ciphertext:base64"), "::"),
    (("ciphertext:base64", "iv:16"), ":"),
    (("iv:16", "ciphertext:base64"), ":"),
)
_NESTED_GCM = tuple(
    (nonce, *order)
    for nonce in ("iv:12", "iv:16")
    for order in (("tag:16", "ciphertext:base64"), ("ciphertext:base64", "tag:16"))
)
_BITS = 24
_BITS_OF_CTR = 20
"""What text weighs that convinces: a mode without padding has 16 bytes to show it, and no more."""


def openings(keys: Keyring, known: Sequence[KeyCandidate], data: bytes) -> Iterator[Opening]:
    """The rare ways to open a text with keys that somebody declared."""
    for layout in _forms(keys.cipher, data):
        yield from keys.openings(layout, layout.cipher, known)
    short = [_cut(one) for one in known if keys.cipher not in TEXTS]
    for layout in (*layouts(data, DES3), *_ivless(DES3, data, ("zero",))):
        yield from keys.openings(layout, DES3, short)
    hashed = [_created(one) for one in known]
    for bits in _SIZES.values():
        for layout in _ivless(f"aes-{bits}-cbc", data, ("evp-md5",)):
            yield from keys.openings(layout, layout.cipher, hashed)


def takes_head(envelope: Envelope, cipher: str) -> bool:
    """Whether an envelope takes the first block of a text for its iv, with nothing to prove it."""
    if cipher not in AES_CBC:
        return False
    if isinstance(envelope, Layout):
        parts = [piece(part).name for part in envelope.layout]
        return parts == ["iv", "ciphertext"] and not (envelope.separator or envelope.prefix)
    return hasattr(envelope, "forms")


def headless(keys: Keyring, taken: Opening, data: bytes) -> Iterator[Opening]:
    """The ways to open a text that holds no iv, though one was taken from it."""
    ivs = (*_IVS, "evp-md5") if taken.candidate.recipe.derive == "evp-md5" else _IVS
    for layout in _ivless(taken.cipher, data, ivs):
        yield from keys.openings(layout, taken.cipher, [taken.candidate])


def reads(case: Case, cipher: str, plain: bytes) -> bool:
    """Whether what a mode without a tag opened to is more than noise."""
    bits = _BITS_OF_CTR if cipher in AES_CTR else _BITS
    return case.vouches(plain) or convinces(plain, padded_to(cipher), bits=bits)


def _forms(declared: str, data: bytes) -> Iterator[Layout]:
    need = NEEDS.get(declared)
    bits = _SIZES.get(need.least) if need is not None and declared not in TEXTS else None
    if bits is None:
        return
    for mode in ("ctr", "ccm", "eax"):
        yield from layouts(data, f"aes-{bits}-{mode}")
    yield from _ivless(f"aes-{bits}-cbc", data, _IVS)
    for encoding, raw in joined(data):
        if raw and len(raw) % 16 == 0:
            yield _made(f"aes-{bits}-ecb", ("ciphertext",), encoding)
    yield from _ivless(f"aes-{bits}-ctr", data, ("zero", "key"))
    yield from _nested(bits, data)


def _ivless(cipher: str, data: bytes, ivs: Sequence[str]) -> Iterator[Layout]:
    block = padded_to(cipher) or 1
    for encoding, raw in joined(data):
        if raw and len(raw) % block == 0:
            for iv in ivs:
                yield _made(cipher, ("ciphertext",), encoding, iv=iv)


def _nested(bits: str, data: bytes) -> Iterator[Layout]:
    """What PHP writes: `openssl_encrypt` gives base64 where nobody asks for bytes."""
    for encoding, _ in joined(data):
        cbc, gcm = f"aes-{bits}-cbc", f"aes-{bits}-gcm"
        for order, separator in _NESTED_CBC:
            yield from _fitting(data, _made(cbc, order, encoding, separator=separator))
        for parts in _NESTED_GCM:
            yield from _fitting(data, _made(gcm, parts, encoding))
        signed = ("iv:16", "mac:32", "ciphertext")  # as PHP's manual shows
        yield from _fitting(data, _made(cbc, signed, encoding, mac=Mac(over=("ciphertext",))))


def _fitting(data: bytes, layout: Layout) -> Iterator[Layout]:
    if layout.misfit(data) is None:
        yield layout


def _made(cipher: Any, parts: tuple[str, ...], encoding: Any, **more: Any) -> Layout:
    return Layout(cipher=cipher, layout=parts, encoding=encoding, **more)


def _cut(known: KeyCandidate) -> KeyCandidate:
    """A key of which 3DES takes the first bytes, as programs cut it."""
    recipe = known.recipe
    if recipe.derive != "none" or NEEDS[recipe.cipher].least == NEEDS[DES3].least:
        return known
    made = replace(recipe, cipher=DES3, derive=Derivation(fit=Fit(fill="")))
    return replace(known, recipe=made, words=f"{known.words}, cut to 24 bytes,")


def _created(known: KeyCandidate) -> KeyCandidate:
    """A passphrase, as `createCipher` of old Node took it."""
    recipe = replace(known.recipe, encoding="utf8", decoder="strict", derive="evp-md5")
    words = f"{known.words.partition(' ')[0]} used as text and put through EVP_BytesToKey"
    return replace(known, recipe=recipe, words=words)
