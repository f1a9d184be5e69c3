"""What the form of a stored text shows without any key: empty, a stand-in, plain, or damaged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.crypto.autopsy.causes import Cause, CauseCode, Confidence
from assay.crypto.autopsy.declaring import unopened_key_fields
from assay.crypto.autopsy.opened import stored_as, written
from assay.crypto.autopsy.recognizing import recognized
from assay.crypto.autopsy.streams import readable_to
from assay.crypto.autopsy.transports import cut as cut_buffer
from assay.crypto.autopsy.transports import json_value, replaced
from assay.crypto.envelopes.layout import Layout
from assay.crypto.node import byte_list
from assay.hygiene.lists import UNSET_LITERALS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.crypto.autopsy.causes import Case
    from assay.crypto.autopsy.transports import Payload
    from assay.crypto.envelopes.base import Envelope

PROVEN, LIKELY, UNCERTAIN = Confidence
_STAND_INS = frozenset(
    (
        *UNSET_LITERALS,
        *("[object Uint8Array]", "[object ArrayBuffer]", "[object Promise]", "[object Buffer]"),
        *("true", "false", "{}", "[]", "Promise { <pending> }", "[redacted]", "[object Error]"),
    )
)
_PRINTED_OBJECTS = (
    (re.compile(rb"<(memory at|[\w.]+ object [\w. ]*at) 0x[0-9a-fA-F]+>"), "Python"),
    (re.compile(rb"(\[[BCIJ]|[a-z]\w*(\.\w+)*\.[A-Z][\w$]*)@[0-9a-f]{1,8}"), "Java"),
    (re.compile(rb"#<[A-Z][\w:]*(:0x[0-9a-f]+)?[^<>]*>"), "Ruby"),
    (re.compile(rb"System(\.\w+)+(\[\])?"), ".NET"),
    (re.compile(rb"%![a-z]\(.*\)|&?\{[ \d]*\}|0xc[0-9a-f]{9}"), "Go"),
    (re.compile(rb"Array|Object|Resource id #\d+"), "PHP"),
)
_LONGEST_STAND_IN = 64
_PRINTED = bytes(range(0x20, 0x7F))
_OF_TEXTS = b" ,;@!?&'(){}[]\"<>"
"""What texts have, and no encoding of bytes."""
_PIECE = re.compile(rb"[A-Za-z0-9+/=_-]{24}")


def nothing(data: bytes) -> Cause | None:
    """Whether there is no ciphertext at all."""
    if not data.strip(b" \t\r\n"):
        return Cause.of(CauseCode.EMPTY, PROVEN)
    if len(data) > _LONGEST_STAND_IN:
        return None
    text = data.strip().strip(b"\"'")
    literal = ""
    if text.decode(errors="replace") in _STAND_INS:
        literal = f'the text "{text.decode()}"'
    else:
        printed = (language for one, language in _PRINTED_OBJECTS if one.fullmatch(text))
        language = next(printed, "")
        literal = f"the text that {language} prints for an object" if language else ""
    return Cause.of(CauseCode.PLACEHOLDER, PROVEN, literal=literal) if literal else None


def lost(payloads: Sequence[Payload]) -> Cause | None:
    """Whether bytes were replaced that nothing brings back."""
    for payload in payloads:
        if replaced(payload.data):
            why = "all of it is valid UTF-8, which no cipher produces, and it contains U+FFFD"
            return Cause.of(CauseCode.UTF8_DAMAGED, PROVEN, stored_as(payload), why)
    return None


def cut(payloads: Sequence[Payload]) -> Cause | None:
    """Whether it is a Buffer in JSON that was cut off."""
    for payload in payloads:
        if cut_buffer(payload.data) is not None:
            why = "it is the beginning of a Buffer as JSON writes it"
            return Cause.of(CauseCode.TRUNCATED, PROVEN, why)
    return None


def foreign(case: Case, payloads: Sequence[Payload]) -> Cause | None:
    """Whether it bears the mark of a different envelope."""
    found = recognized(case.envelope, payloads)
    if found is None:
        return None
    envelope, payload = found
    how, stored = written(envelope), stored_as(payload)
    if envelope.remote:
        return Cause.of(CauseCode.REMOTE, LIKELY, stored, found=how, needs=envelope.remote)
    seen = (stored, f"it has the marker of {how}", "no available key decrypts it in that form")
    values = {"found": how, "declared": written(case.envelope), "name": envelope.tag()}
    values["fields"] = unopened_key_fields(case.recipe, envelope)
    how_sure = "unopened-keyed" if values["fields"] else "unopened"
    return Cause.of(CauseCode.WRONG_ENVELOPE, LIKELY, *seen, case=how_sure, **values)


def plain(case: Case, payloads: Sequence[Payload]) -> Cause | None:
    """Whether the plaintext itself is stored."""
    data = payloads[0].data
    envelope = case.envelope
    if has_form(envelope, data) or (envelope.marked and envelope.recognizes(data)):
        return None
    why = ""
    if case.vouches(data):
        why = f"the stored text itself is {case.expected}"
    elif case.fits is None and not _decoded(envelope, payloads) and _worded(data):
        why = "it reads as text, and is not an encoding of bytes"
    elif not any(one.path and one.path[0].buffer for one in payloads):
        document = _document(data)
        why = f"it is {document}, which no cipher writes" if document else ""
    return Cause.of(CauseCode.NOT_ENCRYPTED, LIKELY, why) if why else None


def _decoded(envelope: Envelope, payloads: Sequence[Payload]) -> bool:
    """Whether something that may be a ciphertext is left when what is around it is taken off."""
    rest = (one.data for one in payloads[1:] if len(one.data) >= 28)
    return any(not data.isascii() or has_form(envelope, data) for data in rest)


_TOKEN = re.compile(rb"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*")
_PEM = re.compile(
    rb"\s*-----BEGIN [A-Z0-9 ]*(PRIVATE|PUBLIC) KEY-----|\s*-----BEGIN CERTIFICATE-----"
)
_ADDRESS = re.compile(rb"[a-z][a-z0-9+.-]{1,20}://[\x21-\x7e]+")
_ENCRYPTED = re.compile(rb"\"(iv|nonce|tag|authTag|auth_tag|ciphertext|encrypted|ct|p|h)\"\s*:")


def _document(data: bytes) -> str:
    """What kind of document a text is, if it is one that is stored as it is; else nothing."""
    if _TOKEN.fullmatch(data):
        return "a signed token"
    if _PEM.match(data):
        return "a key or a certificate in PEM"
    if _ADDRESS.fullmatch(data):
        return "a URL"
    if data[:1] in (b"{", b"[") and not _ENCRYPTED.search(data):
        found = json_value(data)
        if found and isinstance(found, dict | list) and byte_list(found) is None:
            return "a JSON document"
    return ""


def _worded(data: bytes) -> bool:
    """Whether it has what hex and base64 don't have, and no long piece of theirs."""
    if len(data) < 4 or data.translate(None, _PRINTED) or data[:1] == b"{":
        return False
    if len(data.translate(None, _OF_TEXTS)) == len(data):
        return False
    return _PIECE.search(data) is None


def has_form(envelope: Envelope, data: bytes) -> bool:
    """Whether a text has the form of an envelope. Readable bytes are never those of a cipher.

    Of random bytes four in ten are; a nonce and a tag alone have 24 of them.
    """
    if envelope.misfit(data) is not None:
        return False
    raw = isinstance(envelope, Layout) and envelope.encoding == "raw"
    return not raw or readable_to(data) < len(data)


_UNEVEN = "a multiple of"
_UNEVEN_WHY = "it is not a multiple of the block size long, as its format requires"


def misshapen(case: Case, payloads: Sequence[Payload]) -> Cause:
    """What is left to say of a text by its form."""
    misfits = [(case.envelope.misfit(payload.data), payload) for payload in payloads]
    for misfit, payload in misfits:
        if misfit is not None and misfit.code == "truncated":
            uneven = _UNEVEN in misfit.reason
            if uneven and not case.envelope.marked:  # a stream cipher gives such lengths, too
                continue
            why = _UNEVEN_WHY if uneven else "it is shorter than its format requires"
            case_of = "or-lost" if uneven else ""
            return Cause.of(CauseCode.TRUNCATED, LIKELY, stored_as(payload), why, case=case_of)
    misfit, _ = misfits[0]
    reason = "is text, not the output of a cipher" if misfit is None else misfit.reason
    return Cause.of(CauseCode.MALFORMED, UNCERTAIN, reason=reason, declared=written(case.envelope))
