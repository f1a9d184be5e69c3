"""A typing error in a key is found, and its place told, whatever the key is written in."""

from __future__ import annotations

import base64
import hashlib
import secrets
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.crypto import derived
from assay.crypto.mistyped import slips
from assay.crypto.recipes import Derivation, Fit, Hkdf, Recipe, Scrypt

KEY = bytes.fromhex("7a3e153ebf5a4bd8d7f710699d515426b332b0861a6eea4624e283c4b8d4bf37")
HEX = Recipe(cipher="aes-256-gcm", encoding="hex")
BASE64 = Recipe(cipher="aes-256-gcm", encoding="base64", prefix="base64:")
URL_SAFE = Recipe(cipher="fernet", encoding="base64url")
PHRASE = Recipe(cipher="aes-256-gcm", encoding="utf8", derive="sha256")
IN_HEX, IN_BASE64 = KEY.hex(), base64.b64encode(KEY).decode()
WORDS = "correct horse battery"


def found(recipe, text, wanted=KEY, salts=None):
    """The first typing error that leads to the wanted key, and how many keys were tried."""
    tried = []

    def fits(key):
        tried.append(key)
        return key == wanted

    return next(slips(recipe, text, salts or {}, fits), None), len(tried)


MISTYPED = {
    "0" + IN_HEX[1:]: "with its 1st character different",
    IN_HEX[:31] + "e" + IN_HEX[32:]: "with its 32nd character different",
    IN_HEX[:10] + IN_HEX[11] + IN_HEX[10] + IN_HEX[12:]: (
        "with its 11th and 12th characters swapped"
    ),
    IN_HEX[:40] + IN_HEX[41:]: "with one more character before its 41st",
    IN_HEX[:-1]: "with one more character at its end",
    IN_HEX[1:]: "with one more character before its 1st",
    IN_HEX[:40] + "7" + IN_HEX[40:]: "without its 41st character",
    IN_HEX[:-2]: "with two more characters at its end",
    IN_HEX[2:]: "with two more characters at its beginning",
    IN_HEX[:8] + "q0" + IN_HEX[8:]: None,
    IN_HEX[:8] + "d0" + IN_HEX[8:]: "without its 9th and 10th characters",
    IN_HEX.replace("0", "O", 1): "with its 22nd character different",
    IN_HEX.replace("1", "l"): "with digits instead of the characters that look like them",
    IN_HEX[:12] + "?" + IN_HEX[12:]: "without its 13th character",
    IN_HEX[:12] + "?" + IN_HEX[13:]: "with its 13th character different",
    IN_HEX.upper()[:-1] + "0": "with its 64th character different",
}


@pytest.mark.parametrize(("text", "words"), MISTYPED.items())
def test_a_slip_in_hex_is_told_by_its_place(text, words):
    slip, tried = found(HEX, text)
    assert (slip and slip.words) == words
    assert slip is None or derived(HEX, slip.text) == KEY
    assert tried <= 1024


@pytest.mark.parametrize(
    ("text", "words"),
    {
        "base64:" + IN_BASE64[:20] + IN_BASE64[21:]: "with one more character before its 28th",
        "base64:" + IN_BASE64[:20] + "Q" + IN_BASE64[20:]: "without its 28th character",
        "base64:" + IN_BASE64[:42] + "=": "with one more character at its end",
        "base64:" + IN_BASE64[:42] + "A=": "with its 50th character different",
        IN_BASE64[:3] + "-" + IN_BASE64[4:]: "with its 4th character different",
    }.items(),
)
def test_a_place_in_base64_is_counted_from_the_beginning_of_the_variable(text, words):
    recipe = BASE64 if text.startswith("base64:") else Recipe(cipher="fernet", encoding="base64")
    slip, tried = found(recipe, text)
    assert slip
    assert slip.words == words
    assert derived(recipe, slip.text) == KEY
    assert tried <= 2800


@given(st.binary(min_size=32, max_size=32), st.integers(1, 42), st.data())
def test_any_slip_in_base64url_leads_back_to_the_key(key, at, data):
    right = base64.urlsafe_b64encode(key).decode().rstrip("=")
    char = data.draw(st.sampled_from(string.ascii_letters + string.digits + "-_"))
    for text in (
        right[:at] + char + right[at + 1 :],
        right[:at] + right[at + 1 :],
        right[:at] + char + right[at:],
        right[: at - 1] + right[at - 1 : at + 1][::-1] + right[at + 1 :],
    ):
        slip, _ = found(URL_SAFE, text, key)
        same = derived(URL_SAFE, text) == key or text == right
        assert same or (slip and derived(URL_SAFE, slip.text) == key)


@pytest.mark.parametrize(
    ("text", "words"),
    {
        "corect horse battery": "with one more character before its 3rd",
        "correct horse batttery": "without its 17th character",
        "Correct horse battery": "with its 1st character different",
        "correct hosre battery": "with its 11th and 12th characters swapped",
        "correct horse batter": "with one more character at its end",
        "correct horse": None,
    }.items(),
)
def test_a_slip_in_a_passphrase_is_found_where_deriving_is_quick(text, words):
    hkdf = Recipe(
        cipher="aes-256-gcm",
        encoding="utf8",
        derive=Derivation(hkdf=Hkdf(salt="a", info="b")),
    )
    for recipe in (PHRASE, hkdf):
        made = derived(recipe, WORDS)
        slip, tried = found(recipe, text, made)
        assert (slip and slip.words) == words
        assert tried < 6000
    assert derived(PHRASE, WORDS) == hashlib.sha256(WORDS.encode()).digest()


def test_a_key_that_is_used_as_text_has_as_many_characters_as_the_cipher_needs():
    recipe = Recipe(cipher="aes-256-gcm", encoding="utf8")
    text = secrets.token_hex(16)
    slip, tried = found(recipe, text[:7] + text[8:], text.encode())
    assert slip
    assert slip.text == text
    assert tried <= 32 * 95


@pytest.mark.parametrize(
    ("recipe", "text"),
    [
        (Recipe(cipher="passphrase", encoding="utf8"), WORDS),
        (Recipe(cipher="rsa", encoding="pem"), WORDS),
        (Recipe(cipher="aes-256-gcm", encoding="jwk"), "{}"),
        (
            Recipe(
                cipher="aes-256-gcm",
                encoding="utf8",
                derive=Derivation(scrypt=Scrypt(salt="salt")),
            ),
            WORDS,
        ),
        (HEX, ""),
        (HEX, "7a" * 65),
        (HEX, "\u0663" * 64),
        (PHRASE, "a" * 65),
        (HEX, "7a" * 30),
        (BASE64, "base64:"),
    ],
)
def test_what_is_too_dear_or_too_far_is_not_searched(recipe, text):
    assert found(recipe, text) == (None, 0)


def test_a_derivation_that_gives_no_key_gives_none():
    fit = Recipe(cipher="aes-256-gcm", encoding="hex", derive=Derivation(fit=Fit(fill="")))
    assert found(fit, IN_HEX[:30]) == (None, 0)
    salt = Recipe(
        cipher="aes-256-gcm",
        encoding="utf8",
        derive=Derivation(hkdf=Hkdf(salt="odd", salt_encoding="hex")),
    )
    assert found(salt, WORDS) == (None, 0)


def test_a_slip_shows_no_text():
    slip, _ = found(HEX, IN_HEX[:-1])
    assert repr(slip) == "Mistyping(with one more character at its end)"
