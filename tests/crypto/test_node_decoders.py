"""The lenient decoders read what Node's `Buffer.from` reads, byte for byte."""

from __future__ import annotations

import base64
import json
import subprocess
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.peers import program

from assay.crypto import node

DECODERS = {
    "hex": node.from_hex,
    "base64": node.from_base64,
    "base64url": node.from_base64,
    "utf8": node.utf8,
    "latin1": node.latin1,
}
SCRIPT = """
const inputs = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const read = ([encoding, text]) => Buffer.from(text, encoding).toString('hex');
console.log(JSON.stringify(inputs.map(read)));
"""
PIECES = [
    *"0123456789abcdefABCDEFghXYZ+/-_==",
    *" \n\r\t\"'!:.$\0é\u0130\u0141Ā\ud800\udc00\ufeff😀",
]


def inputs() -> list[tuple[str, str]]:
    """Good texts, damaged ones, and noise."""
    rng = Random(20)
    made: list[tuple[str, str]] = []
    for number in range(4000):
        raw = rng.randbytes(number % 49)
        text = rng.choice(
            [raw.hex(), base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()]
        )
        for _ in range(rng.randrange(4)):
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice([*PIECES, ""]) + text[at + rng.randrange(2) :]
        if number % 3 == 0:
            text = "".join(rng.choices(PIECES, k=rng.randrange(24)))
        made += [(encoding, text) for encoding in DECODERS]
    return made


def test_they_agree_with_node_byte_for_byte() -> None:
    given_ = inputs()
    done = subprocess.run(
        [program("node"), "-e", SCRIPT],
        input=json.dumps(given_),
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = json.loads(done.stdout)
    ours = [DECODERS[encoding](text).hex() for encoding, text in given_]
    differing = [case for case in zip(given_, theirs, ours, strict=True) if case[1] != case[2]]
    assert differing == []
    assert len(given_) == 20_000


@pytest.mark.parametrize(
    ("text", "bytes_"),
    [
        ('"ab"', b""),
        ("abc", b"\xab"),
        ("ab cd", b"\xab"),
        ("0xab", b""),
    ],
)
def test_hex_stops_at_the_first_bad_character_without_a_word(text: str, bytes_: bytes) -> None:
    assert node.from_hex(text) == bytes_


@given(st.binary(max_size=100))
def test_good_texts_are_read_as_they_were_written(raw: bytes) -> None:
    assert node.from_hex(raw.hex()) == raw
    assert node.from_base64(base64.b64encode(raw).decode()) == raw
    assert node.from_base64(base64.urlsafe_b64encode(raw).decode().rstrip("=")) == raw
