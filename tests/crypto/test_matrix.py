"""The decode matrix finds what a text is, and shows nothing of it."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.crypto import DerivingProblem, Recipe, derived
from assay.crypto import decodings as matrix
from assay.crypto.recipes import Derivation, Pbkdf2, Scrypt
from assay.crypto.strength import weakness
from assay.crypto.variations import keys_of, variations

RAW = bytes.fromhex("7a3e153ebf5a4bd8d7f710699d515426b332b0861a6eea4624e283c4b8d4bffb")
HEX = RAW.hex()
B64 = base64.b64encode(RAW).decode()
URL = base64.urlsafe_b64encode(RAW).decode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEX, "hex"),
        (HEX.upper(), "hex"),
        (B64, "base64"),
        (URL, "base64url"),
        (B64.rstrip("="), "base64 without its = signs"),
        (URL.rstrip("="), "base64url"),
        ("0x" + HEX, "hex digits after 0x"),
        ("\\x" + HEX, "hex digits after \\x"),
        ("base64:" + B64, "base64 after the prefix base64:"),
        ("hex:" + HEX, "hex after the prefix hex:"),
        (
            ":".join(HEX[at : at + 2] for at in range(0, 64, 2)),
            "hex digits with colons between them",
        ),
        (
            " ".join(HEX[at : at + 2] for at in range(0, 64, 2)),
            "hex digits with spaces between them",
        ),
        ("".join(f"\\x{byte:02x}" for byte in RAW), "hex digits with \\x between them"),
        (base64.b64encode(HEX.encode()).decode(), "hex encoded again in base64"),
        (base64.b64encode(B64.encode()).decode(), "base64 encoded again in base64"),
        (B64.encode().hex(), "base64 encoded again in hex"),
        (HEX.encode().hex(), "hex encoded again in hex"),
        (json.dumps(list(RAW)), "a list of numbers"),
        (json.dumps({"type": "Buffer", "data": list(RAW)}), "a Buffer of Node written as JSON"),
    ],
)
def test_each_way_to_write_a_key_is_found(text, words):
    found = next(iter(matrix.fitting(text, "aes-256-gcm")))
    assert (found.words, found.raw) == (words, RAW)


@pytest.mark.parametrize("text", ["[1, 2", "[1, 256]", "[true]", '{"type": "Buffer"}', "[" * 9999])
def test_what_only_looks_like_numbers_is_none(text):
    assert [
        r.words for r in matrix.readings(text) if "number" in r.words or "Node" in r.words
    ] == []


def test_no_matrix_is_made_of_a_huge_text():
    assert list(matrix.readings("0" * 70_000)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("correct horse battery staple", True),
        ("hunter2", True),
        ("CorrectHorseBatteryStaple", True),
        (HEX, False),
        (HEX[:-1], False),
        (B64, False),
        (B64[:20] + " " + B64[20:], False),
        ("vOVH6sdmpNWjRRIqCc7rdxs01lwHzfr3", False),
        ("p@ss w0rd! Is Long 1234", True),
    ],
)
def test_passphrases_are_told_from_damaged_keys(text, expected):
    assert matrix.passphrase_like(text) is expected


@given(st.text(min_size=8))
def test_nothing_shows_what_was_read(text):
    for reading in matrix.readings(text):
        assert reading.raw.hex() not in repr(reading)
        assert repr(reading) == f"KeyReading({reading.words})"


@pytest.mark.parametrize(
    "derive",
    [
        "sha256",
        Derivation(scrypt=Scrypt(salt="salt", cost=2)),
        Derivation(pbkdf2=Pbkdf2(salt="salt", iterations=1)),
    ],
)
def test_the_empty_text_is_a_passphrase_that_applications_fall_back_to(derive):
    recipe = Recipe(cipher="aes-256-gcm", encoding="utf8", derive=derive)
    assert isinstance(derived(recipe, ""), DerivingProblem)
    found = [one.words for one, _ in keys_of(variations(recipe, "a passphrase"), {})]
    assert "an empty text" in found


def test_variations_are_keys_of_their_own_and_show_nothing():
    recipe = Recipe(cipher="aes-256-gcm", encoding="hex")
    found = list(keys_of(variations(recipe, HEX), {}))
    keys = [key for _, key in found]
    assert len(keys) == len(set(keys)) > 10
    assert all(len(key) == 32 for key in keys)
    assert not any(HEX[:8] in repr(one) or HEX[:8] in one.of("KEY") for one, _ in found)
    assert list(variations(Recipe(cipher="rsa", encoding="pem"), HEX)) == []


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (RAW, ""),
        (bytes(32), "repeats itself"),
        (RAW[:16] * 2, "repeats itself"),
        (bytes(range(7, 39)), "is a simple sequence"),
        (bytes(range(0, 64, 2)), "is a simple sequence"),
        (RAW[:24] + bytes(8), "is padded with one character at its end"),
        (b"this is a text, no random bytes!", "is text that was encoded, not random bytes"),
        (bytes([1, 2, 3, 250] * 3 + [4, 1, 2, 3, 9, 1] * 3 + [1, 9]), "has few distinct bytes"),
    ],
)
def test_weak_keys_are_told(raw, reason):
    assert weakness(Recipe(cipher="aes-256-gcm", encoding="hex"), raw) == reason


@given(st.binary(min_size=32, max_size=32))
def test_whatever_is_called_random_has_many_different_bytes(raw):
    if not weakness(Recipe(cipher="aes-256-gcm", encoding="hex"), raw):
        assert len(set(raw)) >= 16
