"""What mails, forms and JSON make of a ciphertext is undone, and nothing else is taken for it."""

from __future__ import annotations

import base64
import gzip
import json
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.crypto.autopsy import texts

SEALED = "9f1c64b0:e83d27a5510b7be94ac2d8f6:037d5e21b94f8a6cc0d2137be45a98f3"
IN_BASE64 = base64.b64encode(bytes(range(250, 40, -3))).decode()


@pytest.mark.parametrize(
    ("undo", "stored", "left"),
    [
        (texts.one_text, json.dumps([SEALED]), SEALED),
        (texts.one_text, json.dumps({"data": {"value": SEALED, "v": 1}}), SEALED),
        (texts.escaped, '{\\"iv\\": \\"a\\"}', '{"iv": "a"}'),
        (texts.escaped, "a\\/b", "a/b"),
        (texts.entities, "a&#43;b&quot;", 'a+b"'),
        (texts.quoted_printable, "abc=3D=\ndef", "abc=def"),
        (texts.data_url, f"data:text/plain;base64,{IN_BASE64}", IN_BASE64),
        (
            texts.armour,
            f"-----BEGIN MESSAGE-----\n{IN_BASE64}\n-----END MESSAGE-----\n",
            IN_BASE64,
        ),
        (texts.named, f"SECRET={SEALED}", SEALED),
        (texts.invisible, f"{SEALED[:9]}\u200b{SEALED[9:]}", SEALED),
        (texts.typographic, "{\u201civ\u201d: 1\u20132}", '{"iv": 1-2}'),
        (texts.single_quoted, "{'iv': 'a'}", '{"iv": "a"}'),
        (texts.spread, " ".join(SEALED), SEALED),
        (texts.spread, f"{IN_BASE64[:20]}\r\n{IN_BASE64[20:]}", IN_BASE64),
        (texts.numbers, ",".join(map(str, range(20))), bytes(range(20)).decode()),
    ],
)
def test_each_change_is_undone(undo, stored, left):
    assert undo(stored.encode()) == left.encode()


@pytest.mark.parametrize("packed", [gzip.compress, zlib.compress])
def test_what_was_compressed_is_unpacked(packed):
    assert texts.compressed(packed(SEALED.encode())) == SEALED.encode()
    assert texts.compressed(packed(SEALED.encode())[:-6]) is None
    assert texts.compressed(b"\x1f\x8b" + bytes(30)) is None


def test_base32_and_bytes_with_other_line_ends_are_read():
    raw = bytes(range(41))
    assert texts.base32(base64.b32encode(raw)) == raw
    assert texts.base32(b"A" * 17) is None
    assert texts.line_ends(b"a\r\nb") == b"a\nb"
    assert texts.numbers(",".join(["-128", *["7"] * 20]).encode()) == b"\x80" + b"\x07" * 20
    assert texts.numbers(",".join(["999", *["7"] * 20]).encode()) is None


@pytest.mark.parametrize(
    "undo",
    [
        *(texts.one_text, texts.escaped, texts.entities, texts.quoted_printable, texts.data_url),
        *(texts.armour, texts.named, texts.invisible, texts.typographic, texts.single_quoted),
        *(texts.compressed, texts.base32, texts.numbers, texts.line_ends),
    ],
)
@pytest.mark.parametrize("stored", [SEALED, IN_BASE64, "", "{", "[1, 2]", '{"a": "b"}', "\u00fc"])
def test_what_has_no_such_change_stays(undo, stored):
    assert undo(stored.encode()) is None


def test_of_several_texts_none_is_the_one():
    assert texts.one_text(json.dumps({"iv": SEALED, "tag": SEALED[1:]}).encode()) is None
    assert texts.spread(b"a sentence of some words") is None
    assert texts.single_quoted(b"{'a': \"b\"}") is None


@given(st.binary(max_size=80))
def test_nothing_is_raised_for_any_bytes(data):
    for undo in (texts.one_text, texts.escaped, texts.entities, texts.quoted_printable):
        undo(data)
    for undo in (texts.data_url, texts.armour, texts.named, texts.invisible, texts.typographic):
        undo(data)
    for undo in (texts.compressed, texts.base32, texts.spread, texts.numbers, texts.line_ends):
        undo(data)


@pytest.mark.parametrize(
    ("undo", "data"),
    [
        (texts.numbers, b"1," * 100_000 + b"x"),
        (texts.armour, b"-----BEGIN A-----\n" + b"A " * 100_000),
        (texts.base32, b"A" * 200_001),
        (texts.compressed, gzip.compress(bytes(10**8))),
        (texts.one_text, b"[" * 5000),
    ],
)
def test_hostile_texts_take_little_time(undo, data):
    began = time.process_time()
    undo(data)
    assert time.process_time() - began < 3
