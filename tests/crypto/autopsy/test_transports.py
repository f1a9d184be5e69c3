"""What is wrapped around bytes is taken off them, in time that grows with their size alone."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.crypto.autopsy.streams import convinces, legible, readable_to
from assay.crypto.autopsy.transports import DEPTH, LONGEST, replaced, unwrapped, without

RAW = bytes(range(256))


def found(data):
    return {payload.data: payload.words for payload in unwrapped(data)}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"X'" + RAW.hex().encode() + b"'", "hex"),
        (b"\\\\x" + RAW.hex().encode(), "PostgreSQL's hex"),
        (RAW.hex().encode("utf-16-be"), "hex inside UTF-16"),
        (RAW.hex().encode("utf-16-le"), "hex inside UTF-16"),
        (f"bytearray({RAW!r})".encode(), "a Python bytes literal"),
        (b"b'" + b"".join(map(b"\\%03o".__mod__, RAW)) + b"'", "a Python bytes literal"),
        (b'{"type":"Buffer","data":"base64:AAECAwQFBgc="}', "a JSON Buffer"),
        (
            b"".join(bytes((b,)).decode("cp1252", "replace").encode() if b not in
                     (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(b).encode() for b in RAW),
            "UTF-8 of bytes that were misread as Windows-1252",
        ),
        (b"%00%01%02" + b"".join(b"%%%02x" % byte for byte in RAW[3:]), "URL encoding"),
    ],
)  # fmt: skip
def test_each_layer_is_known_by_its_name(data, words):
    payloads = found(data)
    assert words in payloads.values()
    whole = RAW if b"base64:" not in data else RAW[:8]
    assert payloads[whole] == words


@pytest.mark.parametrize(
    "data",
    [
        b"\\y00", b"\\xzz", b"X'zz'", b"[1,2,300]", b'{"0":1,"2":2}', b'{"type":"Buffer","data":7}',
        b'{"type":"Buffer"', b'"half', b"<Buffer 0>", b"b'half", b"\xff\xfe\x00\xd8", b"[" * 2000,
    ],
)  # fmt: skip
def test_what_only_looks_like_a_layer_is_left_alone(data):
    assert all(payload.data != b"" for payload in unwrapped(data))
    assert next(unwrapped(data)).data == data


@settings(max_examples=40)
@given(st.binary(min_size=1, max_size=60))
def test_a_path_leads_to_the_same_bytes_again(raw):
    data = json.dumps({"type": "Buffer", "data": list(raw.hex().encode())}).encode().hex().encode()
    for payload in unwrapped(data):
        assert len(payload.path) <= DEPTH
        assert without(payload.path, data) == payload.data
    assert without(tuple(unwrapped(data))[-1].path, b"!") in (None, b"!")


def test_nothing_too_long_is_looked_into():
    data = b"00" * LONGEST
    assert [payload.data for payload in unwrapped(data)] == [data]


@pytest.mark.parametrize("data", [b"'" * 200_000, b"%41" * 70_000, b"[" + b"1," * 99_999 + b"1]",
                                  b"\\" * 200_000, b"b'" + b"\\x41" * 50_000 + b"'",
                                  ("\u00c3" * 100_000).encode(), b"A " * 100_000])  # fmt: skip
def test_hostile_texts_take_no_longer_than_their_size(data):
    began = time.process_time()
    list(unwrapped(data))
    assert time.process_time() - began < 3


def test_only_texts_are_called_replaced():
    assert replaced("a\ufffdb".encode())
    assert not replaced(b"\xff\xef\xbf\xbd")
    assert not replaced(b"plain")


def test_how_far_bytes_read():
    assert readable_to("gr\u00fc\u00df dich".encode()) == 11
    assert readable_to("gr\u00fc".encode()[:-1]) == 3
    assert readable_to(b"abc\x00def") == 3
    assert readable_to(b"abc\xffdef") == 3
    assert legible(b"") == 0
    assert legible(b"abcd") == 1
    assert not convinces(b"\x00" * 20)
    assert convinces(b"")
