"""What may decrypt a ciphertext beside its key, and the causes that follow from what did."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from assay.crypto.autopsy.causes import Cause, CauseCode, Confidence
from assay.crypto.autopsy.declaring import in_yaml, key_fields
from assay.crypto.autopsy.keyring import read_in_words
from assay.crypto.envelopes.layout import Layout
from assay.crypto.envelopes.opening import DECODERS
from assay.crypto.envelopes.parting import piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.crypto.autopsy.causes import Case
    from assay.crypto.autopsy.transports import Payload
    from assay.crypto.autopsy.ways import Hit
    from assay.crypto.envelopes.base import Envelope

NOTHING = "nothing"
_JOINS = (":", "|", "/", "-", "")
_PARTS = {"iv": "nonce", "nonce": "nonce", "tag": "tag", "ciphertext": "ciphertext"}
_USUAL = {"nonce": (0, 12), "tag": (0, 16), "ciphertext": (0,), "skip": ()}


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
    different = envelope is not case.envelope or way.opening.cipher != case.recipe.cipher
    if different:
        found.append(_written_differently(case, hit, evidence))
    if way.path and not (different and _stored_in(hit)):
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
    stored = _stored_in(hit)
    found = {"found": written(envelope), "declared": written(declared)}
    found["fields"] = key_fields(case.recipe, opening.candidate.recipe, envelope, opening.cipher)
    laid_out = isinstance(envelope, Layout) or envelope.tag() == declared.tag()
    if not isinstance(envelope, Layout) and laid_out:
        for name, one in (("found", envelope), ("declared", declared)):
            found[name] = _in_detail(one)
    if isinstance(envelope, Layout) or envelope != declared:
        found["spec"] = in_yaml(envelope, stored)
    keyed = "keyed" if found["fields"] else ""
    if opening.cipher != case.recipe.cipher and laid_out:
        code = CauseCode.WRONG_CIPHER
        found |= {"found": opening.cipher, "declared": case.recipe.cipher}
        found["case"] = "-".join(filter(None, ("layout" if "spec" in found else "", keyed)))
    elif laid_out and (declared.ciphers & Layout.ciphers or envelope.tag() == declared.tag()):
        code = CauseCode.WRONG_LAYOUT
        headless = "headless" if _headless(case, envelope) else ""
        found["case"] = "-".join(filter(None, (headless, keyed)))
    else:
        code = CauseCode.WRONG_ENVELOPE
        different = opening.cipher != case.recipe.cipher
        found["case"] = keyed or ("cipher" if different else "")
        found |= {"name": found.pop("spec"), "cipher": opening.cipher if different else ""}
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


def _in_detail(envelope: Envelope) -> str:
    """An envelope with the parameters that tell it from others of its kind."""
    label = getattr(envelope, "label", "")
    if label:
        return f"{envelope.title} with the label {label}"
    return f"{envelope.title} in {_encoding(envelope)}".replace("in raw", "as bytes")


def _stored_in(hit: Hit) -> str:
    """The encoding around an envelope that takes it as a parameter; empty for any other."""
    envelope = hit.way.opening.envelope
    if len(hit.way.path) != 1 or "encoding" not in envelope.__struct_fields__:
        return ""
    words = hit.way.path[0].words
    return words if _encoding(envelope) == "raw" and words in DECODERS else ""


def _headless(case: Case, envelope: Envelope) -> bool:
    """Whether what the declared envelope reads as the iv is the first block of the text."""
    if not isinstance(envelope, Layout) or envelope.iv is None:
        return False
    own = case.envelope
    return hasattr(own, "forms") or (isinstance(own, Layout) and own.iv is None)


def written(envelope: Envelope) -> str:
    """How an envelope is written: `nonce, ciphertext, tag in base64`."""
    if not isinstance(envelope, Layout):
        return envelope.title
    between = f" with {envelope.separator} between them" if envelope.separator else ""
    encoded = "" if envelope.encoding == "raw" else f" in {envelope.encoding}"
    if any(piece(part).encoding for part in envelope.layout):
        between, encoded = f"{between}{', all' * bool(encoded)}{encoded}", ""
    parts = ", ".join(_part(part) for part in envelope.layout)
    before = f"{envelope.prefix} and " if envelope.prefix else ""
    return f"{before}{parts}{encoded}{between}{_with_iv(envelope)}"


_IVS = {
    "zero": "zeros as its iv",
    "key": "the first bytes of the key as its iv",
    "key-hex": "the first characters of the key in hex as its iv",
    "text": "the beginning of its variable as its iv",
    "md5": "the MD5 of its variable as its iv",
    "evp-md5": "the iv that EVP_BytesToKey makes of its variable",
}


def _with_iv(envelope: Layout) -> str:
    if envelope.iv is None:
        return ""
    return f", with {_IVS[envelope.iv] if isinstance(envelope.iv, str) else 'a fixed iv'}"


def _encoding(envelope: Envelope) -> str:
    return str(getattr(envelope, "encoding", "raw"))


def _part(part: str) -> str:
    name, size, encoding = piece(part)
    word = _PARTS.get(name, name)
    sized = "" if size in _USUAL.get(word, ()) else f" of {size} bytes"
    return f"{word}{sized}{f' in {encoding}' if encoding else ''}"


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
