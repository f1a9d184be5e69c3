"""Explanations in words, of what opened a ciphertext."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from assay.crypto.autopsy.contexts import DECLARED, NOTHING
from assay.crypto.autopsy.explanations import Confidence, Explanation
from assay.crypto.autopsy.keyring import read_in_words
from assay.crypto.autopsy.rules import form as rules
from assay.crypto.autopsy.rules import key as key_rules
from assay.crypto.envelopes.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.crypto.autopsy.case import Case
    from assay.crypto.autopsy.keyring import Candidate
    from assay.crypto.autopsy.searching import Hit
    from assay.crypto.autopsy.transports import Payload
    from assay.crypto.envelopes.base import Envelope
    from assay.model import Rule

_PARTS = {"iv": "nonce", "nonce": "nonce", "tag": "tag", "ciphertext": "ciphertext"}
_USUAL = {"nonce": ("", "12"), "tag": ("", "16"), "ciphertext": ("",), "skip": ()}


def told(case: Case, hit: Hit) -> tuple[Explanation, ...]:
    """What a way that opened a ciphertext explains; the cause that matters most first."""
    if not case.well_formed(hit.plain):
        return tuple(_misshapen(case, hit))
    return tuple(_causes(case, hit))


def explained(rule: Rule, confidence: Confidence, *evidence: str, **values: str) -> Explanation:
    """An explanation, with its values in order."""
    return Explanation(
        rule=rule,
        confidence=confidence,
        values=tuple(sorted(values.items())),
        evidence=tuple(sentence for sentence in evidence if sentence),
    )


def _causes(case: Case, hit: Hit) -> Iterator[Explanation]:
    way, evidence = hit.way, _evidence(case, hit)
    candidate, envelope = way.opening.candidate, way.opening.envelope
    if candidate.rule is not None:
        refused = f"{case.variable} {read_in_words(case.recipe)} does not open it"
        values = dict(candidate.values)
        yield explained(candidate.rule, hit.confidence, refused, *evidence, **values)
    if way.context is not DECLARED:
        bare = not case.envelope.aad and way.context.words != NOTHING
        declared = "nothing" if bare else "other data"
        yield explained(
            rules.OTHER_CONTEXT,
            hit.confidence,
            *evidence,
            found=way.context.words,
            declared=declared,
        )
    if envelope is not case.envelope or way.opening.cipher != case.recipe.cipher:
        yield _otherwise_written(case, hit, evidence)
    elif way.path:
        yield _wrapped(hit, evidence)


def _misshapen(case: Case, hit: Hit) -> Iterator[Explanation]:
    evidence = (*_evidence(case, hit), f"what comes out is not {case.expected}")
    yield explained(rules.WRONG_SHAPE, hit.confidence, *evidence, expected=case.expected)
    yield from _causes(case, hit)


def sealed_twice(case: Case, hit: Hit) -> Explanation:
    """What is told where the text that came out opens once more."""
    evidence = (*_evidence(case, hit), "what comes out opens once more with the same key")
    return explained(rules.SEALED_TWICE, hit.confidence, *evidence)


def _otherwise_written(case: Case, hit: Hit, evidence: tuple[str, ...]) -> Explanation:
    opening = hit.way.opening
    envelope, declared = opening.envelope, case.envelope
    how = written(envelope)
    same = isinstance(envelope, Layout) or envelope == declared
    if opening.cipher != case.recipe.cipher and same:
        return explained(
            rules.OTHER_CIPHER,
            hit.confidence,
            *evidence,
            found=opening.cipher,
            declared=case.recipe.cipher,
            also=f", and the envelope to `{in_yaml(envelope)}`"
            if isinstance(envelope, Layout)
            else "",
        )
    aead = bool(declared.ciphers & Layout.ciphers)
    if isinstance(envelope, Layout) and aead:
        return explained(
            rules.OTHER_LAYOUT,
            hit.confidence,
            *evidence,
            found=how,
            declared=written(declared),
            spec=in_yaml(envelope),
        )
    return explained(
        rules.OTHER_ENVELOPE,
        hit.confidence,
        *evidence,
        found=how,
        declared=written(declared),
        name=envelope.tag(),
        opens="; they open so",
    )


def _wrapped(hit: Hit, evidence: tuple[str, ...]) -> Explanation:
    path = hit.payload.path
    at = next((at for at, layer in enumerate(path) if layer.buffer), None)
    undo = ", then ".join(_the(layer.words) for layer in path)
    if at is None:
        return explained(
            rules.WRAPPED, hit.confidence, *evidence, form=hit.payload.words, undo=undo
        )
    around = ", in it ".join(layer.words for layer in path[:at])
    within = ", in it ".join(layer.words for layer in path[at + 1 :])
    layers = f" within {around}" if around else ""
    layers += f", in it {within}" if within else ""
    return explained(
        rules.JSON_BUFFER,
        hit.confidence,
        *evidence,
        form=path[at].words,
        layers=layers,
        undo=undo,
        intact="; the ciphertext is intact",
    )


def as_buffer(payloads: Sequence[Payload]) -> tuple[Explanation, ...]:
    """What is told of a Buffer in JSON in which nothing was opened; no cipher makes such a text."""
    for payload in payloads:
        if len(payload.path) == 1 and payload.path[0].buffer:
            form = payload.path[0].words
            values = {"form": form, "layers": "", "undo": _the(form), "intact": ""}
            return (explained(rules.JSON_BUFFER, Confidence.PROVED, **values),)
    return ()


def right(by: Candidate) -> str:
    """What is told of a key under which a damaged text reads."""
    return "; the key is right" if by.rule is None else f"; its key is that in {by.words}"


def _the(words: str) -> str:
    return f"the {words[2:]}" if words.startswith("a ") else words


def _evidence(case: Case, hit: Hit) -> tuple[str, ...]:
    opening, path = hit.way.opening, hit.payload
    proved = hit.confidence is Confidence.PROVED
    accepted = (
        "is accepted by the authentication of the cipher"
        if proved
        else ("opens it to something that reads as it should, which nothing authenticates")
    )
    words = opening.candidate.words
    sentences = []
    if path.path:
        sentences.append(f"it is stored as {path.words}, which was taken off first")
    if opening.envelope is not case.envelope:
        sentences.append(f"it was read as {written(opening.envelope)}")
    if hit.way.context is not DECLARED:
        sentences.append(f"it was opened with {hit.way.context.words} as additional data")
    return (*sentences, f"{words} {accepted}")


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


def _part(part: str) -> str:
    name, _, size = part.partition(":")
    word = _PARTS.get(name, name)
    return word if size in _USUAL.get(word, ()) else f"{word} of {size} bytes"


def key_unusable(case: Case, reason: str) -> Explanation:
    """What is told where the declared key is none."""
    return explained(
        key_rules.KEY_UNUSABLE,
        Confidence.PROVED,
        f"{case.variable} {reason}",
        reason=reason,
    )


def merged(one: Explanation, other: Explanation) -> Explanation:
    """One explanation for two rows with the same cause; what they don't share is left out."""
    if one == other:
        return one
    shared = tuple(
        (name, value if dict(other.values).get(name) == value else "") for name, value in one.values
    )
    evidence = tuple(sentence for sentence in one.evidence if sentence in other.evidence)
    return msgspec.structs.replace(one, values=shared, evidence=evidence)


def stored_as(payload: Payload) -> str:
    """A sentence of evidence on what was taken off; empty where nothing was."""
    return f"it is stored as {payload.words}, which was taken off first" if payload.path else ""
