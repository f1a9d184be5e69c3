"""Opens what was sealed with a key to prove that a key is the right one.

A known answer is declared by its text alone. So it is recognised, with what databases and JSON wrap
around it: every envelope that fits is offered, and opening it decides.

Nothing here raises for a wrong key, and what comes of opening never leaves: it is only compared
with the text that it should be.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from assay.crypto import pairs
from assay.crypto.ciphers import STRUCTURED
from assay.crypto.deriving import DerivingProblem, decoded
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.base import Closed, Envelope, Material, Misfit
from assay.crypto.envelopes.layout import Layout
from assay.crypto.envelopes.opening import members
from assay.crypto.envelopes.search import encodings, layouts
from assay.crypto.node import byte_list
from assay.formats.decoding import decode_base64, decode_base64url, decode_hex
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.crypto.recipes import Recipe

_DEPTH = 3
"""Layers that are taken off one after the other, at most."""


class Known(Protocol):
    """A known answer, as a spec declares it."""

    @property
    def ciphertext(self) -> str:
        """What the application wrote."""

    @property
    def plaintext(self) -> str:
        """What it must open to."""

    @property
    def envelope(self) -> Envelope | None:
        """How it is written, if that is said."""

    @property
    def aad(self) -> str:
        """The additional authenticated data."""

    @property
    def layout(self) -> Sequence[str]:
        """How the parts follow each other."""

    @property
    def encoding(self) -> str | None:
        """How the ciphertext is written."""


@redacted()
class Candidate(NamedTuple):
    """An envelope that fits, and what of the known answer fits it."""

    envelope: Envelope
    data: bytes


@redacted()
class _Payload(NamedTuple):
    """What is left of a known answer without what was wrapped around it."""

    data: bytes
    decoded: bool = False
    """Whether an encoding was taken off that envelopes take off themselves."""


def candidates(cipher: str, known: Known) -> Iterator[Candidate]:
    """The envelopes that a known answer of a cipher may be in, those with a mark first."""
    payloads = list(_payloads(_Payload(known.ciphertext.encode(errors="replace")), _DEPTH))
    if known.envelope is not None:
        fitting = (one for one in payloads if known.envelope.misfit(one.data) is None)
        yield from (Candidate(known.envelope, payload.data) for payload in fitting)
        return
    if not known.layout:
        for payload in payloads:
            for envelope in _with_form(cipher, known.encoding, payload):
                yield Candidate(envelope, payload.data)
    if cipher in Layout.ciphers:
        for payload in payloads:
            found = () if payload.decoded else _layouts(cipher, known, payload.data)
            yield from (Candidate(layout, payload.data) for layout in found)


def _payloads(payload: _Payload, depth: int) -> Iterator[_Payload]:
    yield payload
    if not depth or not payload.data.isascii():
        return
    text = payload.data.decode()
    for inner in _unwrapped(text, decoded=payload.decoded):
        yield from _payloads(inner, depth - 1)


def _unwrapped(text: str, *, decoded: bool) -> Iterator[_Payload]:
    """The bytes that PostgreSQL writes as a bytea, JSON as a Buffer of Node, or an encoding."""
    if text.startswith("\\x") and (raw := decode_hex(text[2:])):
        yield _Payload(raw, decoded)
    found = members(text.encode()) or {}
    raw = byte_list(found.get("data")) if found.get("type") == "Buffer" else None
    if raw is not None:
        yield _Payload(raw, decoded)
    for decode in (decode_hex, decode_base64, decode_base64url):
        if raw := decode(text):
            yield _Payload(raw, decoded=True)


def _with_form(cipher: str, encoding: str | None, payload: _Payload) -> Iterator[Envelope]:
    """The envelopes that have more of a form than parts that follow each other."""
    fitting = [made for made in ENVELOPES.values() if cipher in made.ciphers and not made.covered]
    for made in sorted(fitting, key=lambda made: not made.marked):
        for envelope in _ways(made, encoding, payload):
            if envelope.recognizes(payload.data):
                yield envelope


def _ways(made: type[Envelope], encoding: str | None, payload: _Payload) -> Iterator[Envelope]:
    """An envelope in each encoding, where it may have several."""
    if "encoding" not in made.__struct_fields__:
        if encoding is None or made.marked:
            yield made()
    elif payload.decoded or not payload.data.isascii():
        yield made()
    else:
        for name in encodings(payload.data):
            if encoding in (None, name) and name != "raw":
                yield made(encoding=name)  # type: ignore[call-arg]  # it has that field


def _layouts(cipher: str, known: Known, data: bytes) -> Iterator[Layout]:
    """Parts that follow each other: as declared, or as programs are known to write them.

    Text is hex or base64, and what PostgreSQL or JSON wrote as bytes is as it is.
    """
    if known.layout:
        found: Iterator[Layout] = (
            Layout(cipher=cipher, layout=tuple(known.layout), encoding=encoding)  # type: ignore[arg-type]  # it is one
            for encoding in encodings(data)
        )
    else:
        found = layouts(data, cipher)
    for layout in found:
        fits = layout.encoding == "raw" if not data.isascii() else layout.encoding != "raw"
        fits &= known.encoding in (None, layout.encoding) and not any(layout.problems())
        if fits and layout.misfit(data) is None:
            yield layout


class OpeningResult(Enum):
    """What came of opening a text."""

    RIGHT = "right"
    OTHER = "other"
    """It opened, as its authentication proves, but to another text."""
    CLOSED = "closed"


def understood(cipher: str, known: Known) -> bool:
    """Whether a ciphertext has any form that is known for the cipher."""
    if pairs.signs(cipher) and pairs.understood(known.ciphertext):
        return True
    return any(candidates(cipher, known))


def opened(recipe: Recipe, text: str, key: bytes, known: Known) -> OpeningResult:
    """What comes of opening a known answer with the key that was derived from `text`.

    It raises `Misfit` if an optional library is missing that might open it.
    """
    cipher, wanted = recipe.cipher, known.plaintext.encode()
    if pairs.signs(cipher) and pairs.answers(recipe, text, key, known.ciphertext, wanted):
        return OpeningResult.RIGHT
    answer, missing = OpeningResult.CLOSED, None
    for candidate in candidates(cipher, known):
        made = _material(candidate.envelope, recipe, text, key)
        try:
            plain = None if made is None else _opened(candidate, made, cipher, known.aad.encode())
        except Misfit as misfit:
            missing = misfit
            continue
        if plain == wanted:
            return OpeningResult.RIGHT
        if plain is not None and candidate.envelope.proves(cipher):
            answer = OpeningResult.OTHER
    if missing is not None and answer is OpeningResult.CLOSED:
        raise Misfit(missing.code, missing.reason)
    return answer


def _material(envelope: Envelope, recipe: Recipe, text: str, key: bytes) -> Material | None:
    if recipe.encoding in STRUCTURED:
        made = envelope.material_of(recipe, text)
        return None if isinstance(made, DerivingProblem) else made
    raw = decoded(recipe, text)
    return Material(key=key, text=b"" if isinstance(raw, DerivingProblem) else raw)


def _opened(candidate: Candidate, material: Material, cipher: str, aad: bytes) -> bytes | None:
    try:
        return candidate.envelope.opener(material, cipher)(candidate.data, aad)
    except Closed:
        return None
    except Misfit as misfit:
        if misfit.code == "missing-library":
            raise
        return None
