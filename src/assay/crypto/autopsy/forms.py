"""What the form of a stored text tells without any key: empty, a stand-in, plain, or damaged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.crypto.autopsy import numbers
from assay.crypto.autopsy.explanations import Confidence, Explanation
from assay.crypto.autopsy.reading import readable_to
from assay.crypto.autopsy.rules import damage as damage_rules
from assay.crypto.autopsy.rules import form as rules
from assay.crypto.autopsy.searching import recognized
from assay.crypto.autopsy.telling import explained, stored_as, written
from assay.crypto.autopsy.transports import replaced
from assay.crypto.envelopes.layout import Layout
from assay.hygiene.lists import UNSET_LITERALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.crypto.autopsy.case import Case
    from assay.crypto.autopsy.transports import Payload
    from assay.crypto.envelopes.base import Envelope

PROVED, LIKELY = Confidence.PROVED, Confidence.LIKELY
CANNOT_TELL = Confidence.CANNOT_TELL
_STAND_INS = frozenset(
    (
        *UNSET_LITERALS,
        *("[object Uint8Array]", "[object ArrayBuffer]", "[object Promise]", "[object Buffer]"),
        *("true", "false", "{}", "[]", "Promise { <pending> }", "[redacted]"),
    )
)
_MEMORY = re.compile(rb"<(memory at|[\w.]+ object at) 0x[0-9a-fA-F]+>")
_LONGEST_STAND_IN = 64
_PRINTED = bytes(range(0x20, 0x7F))
_OF_TEXTS = b" ,;@!?&'(){}[]\"<>"
"""What texts have, and no encoding of bytes."""
_PIECE = re.compile(rb"[A-Za-z0-9+/=_-]{24}")


def nothing(data: bytes) -> Explanation | None:
    """Whether there is no ciphertext at all."""
    if not data.strip(b" \t\r\n"):
        return explained(rules.EMPTY, PROVED)
    if len(data) > _LONGEST_STAND_IN:
        return None
    text = data.strip().strip(b"\"'")
    if text.decode(errors="replace") in _STAND_INS:
        return explained(rules.STAND_IN, PROVED, literal=f'the text "{text.decode()}"')
    if _MEMORY.fullmatch(text):
        return explained(rules.STAND_IN, PROVED, literal="what Python shows of an object")
    return None


def lost(payloads: Sequence[Payload]) -> Explanation | None:
    """Whether bytes were replaced that nothing brings back."""
    for payload in payloads:
        if replaced(payload.data):
            why = "it is UTF-8 throughout, which no cipher writes, and holds U+FFFD"
            return explained(damage_rules.UTF8_DAMAGED, PROVED, stored_as(payload), why)
    return None


def cut(payloads: Sequence[Payload]) -> Explanation | None:
    """Whether it is a Buffer in JSON that ends in its midst."""
    for payload in payloads:
        if numbers.cut(payload.data) is not None:
            why = "it is the beginning of a Buffer as JSON writes it"
            return explained(damage_rules.TRUNCATED, PROVED, why, where="", key_right="")
    return None


def foreign(case: Case, payloads: Sequence[Payload]) -> Explanation | None:
    """Whether it bears the mark of another envelope."""
    found = recognized(case.envelope, payloads)
    if found is None:
        return None
    envelope, payload = found
    how = written(envelope)
    if envelope.remote:
        return explained(rules.REMOTE, LIKELY, stored_as(payload), found=how, needs=envelope.remote)
    return explained(
        rules.OTHER_ENVELOPE,
        LIKELY,
        stored_as(payload),
        f"it bears the mark of {how}",
        "no key at hand opens it",
        found=how,
        declared=written(case.envelope),
        name=envelope.tag(),
        opens=", though no key at hand opens them so",
    )


def plain(case: Case, payloads: Sequence[Payload]) -> Explanation | None:
    """Whether the plaintext itself is stored."""
    data = payloads[0].data
    envelope = case.envelope
    if has_form(envelope, data) or (envelope.marked and envelope.recognizes(data)):
        return None
    if case.vouches(data):
        return explained(rules.NOT_SEALED, LIKELY, f"what is stored is itself {case.expected}")
    alone = len(payloads) == 1 or all(len(p.data) < 28 for p in payloads[1:])
    if case.fits is None and alone and _worded(data):
        return explained(
            rules.NOT_SEALED, LIKELY, "it reads as text, and is in no encoding of bytes"
        )
    return None


def _worded(data: bytes) -> bool:
    """Whether it has what hex and base64 don't have, and no long piece of theirs."""
    if len(data) < 4 or data.translate(None, _PRINTED) or data[:1] == b"{":
        return False
    if len(data.translate(None, _OF_TEXTS)) == len(data):
        return False
    return _PIECE.search(data) is None


def has_form(envelope: Envelope, data: bytes) -> bool:
    """Whether a text has the form of an envelope. Bytes that are all readable are none of a cipher.

    Of random bytes four in ten are; a nonce and a tag alone have 24 of them.
    """
    if envelope.misfit(data) is not None:
        return False
    raw = isinstance(envelope, Layout) and envelope.encoding == "raw"
    return not raw or readable_to(data) < len(data)


def misshapen(case: Case, payloads: Sequence[Payload]) -> Explanation:
    """What is left to say of a text by its form."""
    misfits = [(case.envelope.misfit(payload.data), payload) for payload in payloads]
    short = next((p for m, p in misfits if m is not None and m.code == "truncated"), None)
    if short is not None:
        why = "it is shorter than its form demands"
        return explained(
            damage_rules.TRUNCATED, LIKELY, stored_as(short), why, where="", key_right=""
        )
    misfit, _ = misfits[0]
    reason = "is text, and not bytes of a cipher" if misfit is None else misfit.reason
    return explained(
        damage_rules.MALFORMED, CANNOT_TELL, reason=reason, declared=written(case.envelope)
    )
