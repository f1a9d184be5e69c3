"""Whatever is done to a ciphertext: the autopsy names it, or can't tell; it never proves a wrong
cause."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.crypto.autopsy.sealed import KEY, LAYOUTS, PLAIN, case, sealed

from assay.crypto.autopsy import CauseCode, Confidence, autopsy
from assay.crypto.autopsy.widths import width

pytestmark = pytest.mark.usefixtures("quick_keys")
NONCES = st.binary(min_size=12, max_size=12)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=40).map(
    lambda text: text.encode()[:200].decode(errors="ignore").encode()
)
BINARY = st.binary(min_size=1, max_size=60)
PLAINS = st.one_of(st.just(PLAIN), TEXTS, BINARY)
JOINED = [name for name, layout in LAYOUTS.items() if layout.order]

LOST, ADDED = "bytes-lost", "bytes-added"
CHANGED, TRUNCATED = "bytes-changed", "truncated"
TAG, UTF8 = "tag-damaged", "utf8-damaged"
WRAPPED, BUFFER = "wrapped", "json-buffer"
UNKNOWN, MALFORMED = "key-unknown", "malformed"


def judged(layout, stored, plain, allowed, *, aad=b"", named=True, changes=None):
    """The damage is named where the text reads; nothing else is ever proved."""
    found = autopsy(case(LAYOUTS[layout], **(changes or {})), stored, aad, ("9", "3"))
    assert found, "it should not open"
    first = found[0]
    told = (first.code, first.confidence, first.evidence)
    if first.confidence is Confidence.PROVEN:
        assert first.code in allowed, told
    if named and len(plain) >= 48:
        unsure = first.confidence is Confidence.UNCERTAIN
        unsure |= first.case == "column"  # exactly as long as columns are, which may cut texts off
        assert first.code in allowed or unsure, told
    return first


def encoded(layout, parts):
    return LAYOUTS[layout].write(parts)


def hexed(data):
    return b"\\x" + data.hex().encode()


def buffered(data):
    return json.dumps({"type": "Buffer", "data": list(data)}).encode()


WRAPPINGS = {
    "postgres": (hexed, WRAPPED),
    "buffer": (buffered, BUFFER),
    "buffer in postgres": (lambda data: hexed(buffered(data)), BUFFER),
    "buffer twice": (lambda data: buffered(buffered(data)), BUFFER),
    "list": (lambda data: json.dumps(list(data)).encode(), BUFFER),
    "typed array": (
        lambda data: json.dumps({str(at): byte for at, byte in enumerate(data)}).encode(),
        BUFFER,
    ),
    "base64": (base64.b64encode, WRAPPED),
    "base64 twice": (lambda data: base64.b64encode(base64.b64encode(data)), WRAPPED),
    "base64url": (lambda data: base64.urlsafe_b64encode(data).rstrip(b"="), WRAPPED),
    "base64 in lines": (base64.encodebytes, WRAPPED),
    "hex": (lambda data: data.hex().encode(), WRAPPED),
    "capital hex": (lambda data: data.hex().upper().encode(), WRAPPED),
    "hex with a prefix": (lambda data: b"0x" + data.hex().encode(), WRAPPED),
    "hex in base64": (lambda data: base64.b64encode(data.hex().encode()), WRAPPED),
    "json text": (lambda data: json.dumps(base64.b64encode(data).decode()).encode(), WRAPPED),
    "python": (lambda data: repr(data).encode(), WRAPPED),
    "console": (lambda data: f"<Buffer {data.hex(' ')}>".encode(), WRAPPED),
    "mojibake": (lambda data: data.decode("latin-1").encode(), WRAPPED),
    "utf16": (lambda data: base64.b64encode(data).decode().encode("utf-16"), WRAPPED),
    "bom": (lambda data: b"\xef\xbb\xbf" + data.hex().encode(), WRAPPED),
    "quotes": (lambda data: b"'" + data.hex().encode() + b"'", WRAPPED),
    "white space": (lambda data: b" " + data.hex().encode() + b"\r\n", WRAPPED),
    "blanks for +": (lambda data: base64.b64encode(data).replace(b"+", b" "), WRAPPED),
    "octal": (
        lambda data: b"".join(
            b"\\\\" if byte == 92 else bytes((byte,)) if 31 < byte < 127 else b"\\%03o" % byte
            for byte in data
        ),
        WRAPPED,
    ),
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@settings(max_examples=6)
@given(nonce=NONCES, plain=PLAINS, layout=st.sampled_from(sorted(LAYOUTS)))
def test_what_is_wrapped_around_it_is_taken_off_and_named(wrapping, nonce, plain, layout):
    wrap, code = WRAPPINGS[wrapping]
    parts = sealed(plain, cipher=LAYOUTS[layout].cipher, nonce=nonce)
    stored = wrap(encoded(layout, parts))
    found = autopsy(case(LAYOUTS[layout]), stored)
    if not found:  # the envelope itself takes it, or nothing was there to be wrapped
        return
    assert [one.code for one in found] == [code]
    assert found[0].confidence is Confidence.PROVEN


@settings(max_examples=40)
@given(nonce=NONCES, plain=PLAINS, layout=st.sampled_from(JOINED))
def test_bytes_that_utf8_replaced_are_lost(nonce, plain, layout):
    parts = sealed(plain, cipher=LAYOUTS[layout].cipher, nonce=nonce)
    stored = encoded(layout, parts)
    text = stored.decode(errors="replace")
    if text.encode() != stored:
        assert judged(layout, text, plain, {UTF8}).code == UTF8


@settings(max_examples=40)
@given(
    nonce=NONCES, plain=PLAINS, layout=st.sampled_from(sorted(LAYOUTS)),
    at=st.integers(0, 15), mask=st.integers(1, 255),
)  # fmt: skip
def test_a_damaged_tag_is_told_from_a_wrong_key(nonce, plain, layout, at, mask):
    parts = sealed(plain, cipher=LAYOUTS[layout].cipher, nonce=nonce)
    tag = bytes(byte ^ mask if place == at else byte for place, byte in enumerate(parts.tag))
    first = judged(layout, encoded(layout, replace(parts, tag=tag)), plain, {TAG})
    assert first.code == TAG
    assert first.confidence is Confidence.PROVEN


@settings(max_examples=40)
@given(
    nonce=NONCES, plain=PLAINS, layout=st.sampled_from(sorted(LAYOUTS)),
    at=st.integers(0, 59), mask=st.integers(1, 255),
)  # fmt: skip
def test_a_changed_byte_is_found(nonce, plain, layout, at, mask):
    parts = sealed(plain, cipher=LAYOUTS[layout].cipher, nonce=nonce)
    body = bytes(byte ^ mask if place == at else byte for place, byte in enumerate(parts.body))
    if body != parts.body:
        judged(layout, encoded(layout, replace(parts, body=body)), plain, {CHANGED})


@settings(max_examples=30)
@given(
    nonce=NONCES, plain=PLAINS, layout=st.sampled_from(sorted(LAYOUTS)),
    at=st.integers(0, 11), mask=st.integers(1, 255),
)  # fmt: skip
def test_a_changed_byte_of_the_nonce_is_found(nonce, plain, layout, at, mask):
    parts = sealed(plain, cipher=LAYOUTS[layout].cipher, nonce=nonce)
    changed = bytes(byte ^ mask if place == at else byte for place, byte in enumerate(parts.nonce))
    judged(layout, encoded(layout, replace(parts, nonce=changed)), plain, {CHANGED})


@settings(max_examples=40)
@given(
    nonce=NONCES, plain=PLAINS, layout=st.sampled_from(sorted(LAYOUTS)),
    part=st.sampled_from(["nonce", "body", "body", "tag"]), at=st.integers(0, 199),
)  # fmt: skip
def test_a_lost_byte_is_found(nonce, plain, layout, part, at):
    parts = sealed(plain, cipher=LAYOUTS[layout].cipher, nonce=nonce)
    held = getattr(parts, part)
    if held:
        at %= len(held)
        less = held[:at] + held[at + 1 :]
        judged(layout, encoded(layout, replace(parts, **{part: less})), plain, {LOST, TRUNCATED})


@settings(max_examples=40)
@given(
    nonce=NONCES, plain=PLAINS, layout=st.sampled_from(sorted(LAYOUTS)),
    part=st.sampled_from(["nonce", "body", "body", "tag"]),
    added=st.tuples(st.integers(0, 199), st.integers(0, 255)),
)  # fmt: skip
def test_an_added_byte_is_found(nonce, plain, layout, part, added):
    parts = sealed(plain, cipher=LAYOUTS[layout].cipher, nonce=nonce)
    held = getattr(parts, part)
    at, byte = added[0] % (len(held) + 1), added[1]
    more = held[:at] + bytes((byte,)) + held[at:]
    judged(
        layout, encoded(layout, replace(parts, **{part: more})), plain, {ADDED, WRAPPED}
    )  # white space


@settings(max_examples=40)
@given(
    nonce=NONCES, plain=PLAINS, layout=st.sampled_from(sorted(LAYOUTS)), count=st.integers(1, 60)
)
def test_what_was_cut_short_is_said_to_be(nonce, plain, layout, count):
    parts = sealed(plain, cipher=LAYOUTS[layout].cipher, nonce=nonce)
    stored = encoded(layout, parts)
    cut = stored[:-count]
    if cut.strip() and autopsy(case(LAYOUTS[layout]), cut):  # padding may be left out
        judged(layout, cut, plain, {TRUNCATED, LOST})


@settings(max_examples=20)
@given(
    nonce=NONCES, plain=PLAINS, layout=st.sampled_from(["hex", "base64", "base64url", "any"]),
    at=st.integers(0, 400), edit=st.sampled_from(["lost", "added"]),
)  # fmt: skip
def test_a_lost_or_added_character_is_found(nonce, plain, layout, at, edit):
    stored = encoded(layout, sealed(plain, nonce=nonce))
    at %= len(stored)
    text = stored[:at] + (stored[at + 1 :] if edit == "lost" else b"a" + stored[at:])
    if not autopsy(case(LAYOUTS[layout]), text):  # padding, of which no decoder needs all
        return
    judged(layout, text, plain, {LOST, ADDED, TRUNCATED, CHANGED, TAG}, named=False)


@settings(max_examples=30)
@given(
    nonce=NONCES, plain=PLAINS, layout=st.sampled_from(sorted(LAYOUTS)),
    key=st.binary(min_size=32, max_size=32),
)  # fmt: skip
@example(nonce=bytes(12), plain=PLAIN, layout="joined", key=bytes(range(32)))
def test_another_key_is_never_called_damage(nonce, plain, layout, key):
    if key in (KEY, bytes(32)):
        return
    parts = sealed(plain, key, cipher=LAYOUTS[layout].cipher, nonce=nonce)
    first = judged(layout, encoded(layout, parts), plain, {UNKNOWN})
    assert first.code == UNKNOWN


@settings(max_examples=30)
@given(
    nonce=NONCES, plain=PLAINS, layout=st.sampled_from(sorted(LAYOUTS)),
    tag=st.binary(min_size=16, max_size=16).filter(lambda tag: len(set(tag)) > 8),
)  # fmt: skip
def test_another_tag_altogether_leaves_the_cause_open(nonce, plain, layout, tag):
    parts = sealed(plain, cipher=LAYOUTS[layout].cipher, nonce=nonce)
    stored = encoded(layout, replace(parts, tag=tag))
    if tag != parts.tag and not width(stored):  # of such a length a column may have cut it off
        judged(layout, stored, plain, {TAG})


@settings(max_examples=60)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200)), st.sampled_from(sorted(LAYOUTS)))
def test_no_bytes_raise(data, layout):
    for one in autopsy(case(LAYOUTS[layout]), data):
        assert one.code in CauseCode
