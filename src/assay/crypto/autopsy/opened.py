"""What may decrypt a ciphertext beside its key, and the causes that follow from what did."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from assay.crypto.autopsy.causes import Cause, CauseCode, Confidence
from assay.crypto.autopsy.keyring import read_in_words
from assay.crypto.envelopes.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.crypto.autopsy.causes import Case
    from assay.crypto.autopsy.searching import Hit
    from assay.crypto.autopsy.transports import Payload
    from assay.crypto.envelopes.base import Envelope

NOTHING = "nothing"
_JOINS = (":", "|", "/", "-", "")
_PARTS = {"iv": "nonce", "nonce": "nonce", "tag": "tag", "ciphertext": "ciphertext"}
_USUAL = {"nonce": ("", "12"), "tag": ("", "16"), "ciphertext": ("",), "skip": ()}


class SealingContext(NamedTuple):
    """Additional authenticated data that a row may have been sealed with."""

    words: str
    """To follow "sealed with"; empty for what the spec declares."""
    columns: slice | None = None
    """Those of the row's identity that make it."""
    join: str = ""

    def make(self, declared: bytes, identity: Sequence[str]) -> bytes | None:
        """It, from what is declared for the row and from the row's identity."""
        if self.columns is None:
            return declared
        if self.words == NOTHING:
            return b"" if declared else None
        held = identity[self.columns]
        return self.join.join(held).encode(errors="surrogatepass") if held else None


DECLARED = SealingContext("")


def contexts(case: Case, identity: Sequence[str]) -> Iterator[SealingContext]:
    """Other data than the declared, the likeliest first."""
    names = case.identity
    yield SealingContext(NOTHING, slice(0))
    for at in range(len(identity)):
        name = names[at] if at < len(names) else "a value that names the row"
        yield SealingContext(name, slice(at, at + 1))
    if len(identity) > 1:
        for join in _JOINS:
            words = f"what names the row, joined with {join}" if join else "what names the row"
            yield SealingContext(words, slice(None), join)


def causes_of(case: Case, hit: Hit) -> tuple[Cause, ...]:
    """What a way that decrypted a ciphertext shows; the cause that matters most first."""
    way, sure, evidence = hit.way, hit.confidence, _evidence(case, hit)
    candidate, envelope = way.opening.candidate, way.opening.envelope
    found = []
    if not case.well_formed(hit.plain):
        why, code = f"the plaintext is not {case.expected}", CauseCode.WRONG_PLAINTEXT
        found.append(Cause.of(code, sure, *evidence, why, expected=case.expected))
    if candidate.cause is not None:
        refused = f"{case.variable} {read_in_words(case.recipe)} does not decrypt it"
        values = {"case": candidate.case, **dict(candidate.values)}
        found.append(Cause.of(candidate.cause, sure, refused, *evidence, **values))
    if way.context is not DECLARED:
        words = way.context.words
        which = "without" if words == NOTHING else "" if case.envelope.aad else "undeclared"
        found.append(Cause.of(CauseCode.WRONG_AAD, sure, *evidence, case=which, found=words))
    if envelope is not case.envelope or way.opening.cipher != case.recipe.cipher:
        found.append(_written_differently(case, hit, evidence))
    elif way.path:
        buffer = any(layer.buffer for layer in way.path)
        code, payload = CauseCode.JSON_BUFFER if buffer else CauseCode.WRAPPED, hit.payload
        found.append(Cause.of(code, sure, *evidence, form=payload.words, undo=payload.undone))
    return tuple(found)


def encrypted_twice(case: Case, hit: Hit) -> Cause:
    """What is shown by a plaintext that can be decrypted once more."""
    evidence = (*_evidence(case, hit), "the same key decrypts the plaintext once more")
    return Cause.of(CauseCode.ENCRYPTED_TWICE, hit.confidence, *evidence)


def _written_differently(case: Case, hit: Hit, evidence: tuple[str, ...]) -> Cause:
    opening = hit.way.opening
    envelope, declared = opening.envelope, case.envelope
    found = {"found": written(envelope), "declared": written(declared)}
    if isinstance(envelope, Layout):
        found["spec"] = in_yaml(envelope)
    elif envelope.tag() == declared.tag():
        found["spec"] = f"{{format: {envelope.tag()}, encoding: {_encoding(envelope)}}}"
        for name, one in (("found", envelope), ("declared", declared)):
            found[name] = f"{one.title} in {_encoding(one)}".replace("in raw", "as bytes")
    laid_out = "spec" in found
    if opening.cipher != case.recipe.cipher and (laid_out or envelope == declared):
        code = CauseCode.WRONG_CIPHER
        found |= {"found": opening.cipher, "declared": case.recipe.cipher}
        found["case"] = "layout" if laid_out else ""
    elif laid_out and (declared.ciphers & Layout.ciphers or envelope.tag() == declared.tag()):
        code = CauseCode.WRONG_LAYOUT
    else:
        code = CauseCode.WRONG_ENVELOPE
        found |= {"spec": "", "name": envelope.tag()}
    return Cause.of(code, hit.confidence, *evidence, **found)


def as_buffer(payloads: Sequence[Payload]) -> tuple[Cause, ...]:
    """What a Buffer in JSON shows in which nothing was decrypted: no cipher writes such a text."""
    buffers = (one for one in payloads if len(one.path) == 1 and one.path[0].buffer)
    return tuple(
        Cause.of(
            CauseCode.JSON_BUFFER,
            Confidence.PROVEN,
            case="unopened",
            form=payload.words,
            undo=payload.undone,
        )
        for payload in islice(buffers, 1)
    )


def _evidence(case: Case, hit: Hit) -> tuple[str, ...]:
    opening = hit.way.opening
    if hit.confidence is Confidence.PROVEN:
        accepted = f"{opening.candidate.words} decrypts it: the authentication tag matches"
    else:
        accepted = (
            f"{opening.candidate.words} decrypts it to something that looks right, but nothing "
            "authenticates it"
        )
    sentences = [stored_as(hit.payload)]
    if opening.envelope is not case.envelope:
        sentences.append(f"it was read as {written(opening.envelope)}")
    if hit.way.context is not DECLARED:
        sentences.append(f"{hit.way.context.words} served as additional data")
    return (*filter(None, sentences), accepted)


def written(envelope: Envelope) -> str:
    """How an envelope is written: `nonce, ciphertext, tag in base64`."""
    if not isinstance(envelope, Layout):
        return envelope.title
    between = f" with {envelope.separator} between them" if envelope.separator else ""
    encoded = "" if envelope.encoding == "raw" else f" in {envelope.encoding}"
    return f"{', '.join(_part(part) for part in envelope.layout)}{encoded}{between}"


def in_yaml(layout: Layout) -> str:
    """A layout as a spec declares it."""
    fields = {"cipher": layout.cipher, "layout": f"[{', '.join(layout.layout)}]"}
    if layout.encoding != "raw":
        fields["encoding"] = layout.encoding
    if layout.separator:
        fields["separator"] = f"'{layout.separator}'"
    return f"{{{', '.join(f'{name}: {value}' for name, value in fields.items())}}}"


def _encoding(envelope: Envelope) -> str:
    return str(getattr(envelope, "encoding", "raw"))


def _part(part: str) -> str:
    name, _, size = part.partition(":")
    word = _PARTS.get(name, name)
    return word if size in _USUAL.get(word, ()) else f"{word} of {size} bytes"


def merged(one: Cause, other: Cause) -> Cause:
    """One cause of two rows; what they don't share is left out."""
    if one == other:
        return one
    theirs = dict(other.values)
    shared = tuple((name, value) for name, value in one.values if theirs.get(name) == value)
    evidence = tuple(sentence for sentence in one.evidence if sentence in other.evidence)
    return msgspec.structs.replace(one, values=shared, evidence=evidence)


def stored_as(payload: Payload) -> str:
    """A sentence of evidence on the encoding that was undone; empty if there was none."""
    return f"it is stored as {payload.words}, which was undone first" if payload.path else ""
