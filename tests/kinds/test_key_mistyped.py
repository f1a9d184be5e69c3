"""The kind `key`: a typing error is named if a check value or a known answer proves it."""

from __future__ import annotations

import base64
import os

import pytest
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tests.kinds.test_key import broken

from assay.crypto.recipes import Recipe
from assay.crypto.strength import check_value

KEY = bytes.fromhex("7a3e153ebf5a4bd8d7f710699d515426b332b0861a6eea4624e283c4b8d4bf37")
TEXT = KEY.hex()
WRONG = TEXT[:9] + "0" + TEXT[10:]
HEX = {"cipher": "aes-256-gcm", "encoding": "hex"}
VALUE = check_value(Recipe(cipher="aes-256-gcm", encoding="hex"), TEXT)


def gcm(plain=b"ok"):
    nonce = os.urandom(12)
    made = AESGCM(KEY).encrypt(nonce, plain, b"")
    return f"{nonce.hex()}:{made[-16:].hex()}:{made[:-16].hex()}"


def cbc(plain=b"ok"):
    nonce = os.urandom(16)
    padder = padding.PKCS7(128).padder()
    made = Cipher(algorithms.AES(KEY), modes.CBC(nonce)).encryptor()
    padded = padder.update(plain) + padder.finalize()
    return f"{nonce.hex()}:{(made.update(padded) + made.finalize()).hex()}"


MISTYPED = {
    "wrong": WRONG,
    "lost": TEXT[:9] + TEXT[10:],
    "added": TEXT[:9] + "0" + TEXT[9:],
    "a letter": TEXT.replace("0", "O", 1),
}


@pytest.mark.parametrize("text", MISTYPED.values(), ids=MISTYPED)
def test_a_check_value_proves_a_typing_error(text):
    assert broken({**HEX, "check-value": VALUE}, text) == ["key-mistyped"]


@pytest.mark.parametrize("text", MISTYPED.values(), ids=MISTYPED)
def test_a_known_answer_proves_a_typing_error(text):
    sealed = [{"ciphertext": gcm(), "plaintext": "ok"}]
    assert broken({**HEX, "sealed": sealed}, text) == ["key-mistyped"]


@pytest.mark.parametrize("text", [WRONG, MISTYPED["lost"]])
def test_a_known_answer_of_a_block_cipher_must_give_its_plaintext(text):
    key = {"cipher": "aes-256-cbc", "encoding": "hex"}
    right = {"ciphertext": cbc(b"a text of some length"), "plaintext": "a text of some length"}
    assert broken({**key, "sealed": [right]}, text) == ["key-mistyped"]
    other = {**right, "plaintext": "a text of other length"}
    assert "key-mistyped" not in broken({**key, "sealed": [other]}, text)


def test_the_known_answer_of_another_environment_proves_nothing():
    sealed = [{"ciphertext": gcm(), "plaintext": "ok", "only-in": ["prod"]}]
    assert broken({**HEX, "sealed": sealed}, MISTYPED["lost"]) == ["key-truncated"]


def test_a_key_in_base64_with_a_typing_error():
    text = base64.b64encode(KEY).decode()
    key = {"cipher": "aes-256-gcm", "encoding": "base64", "check-value": VALUE}
    assert broken(key, text[:5] + "Q" + text[6:]) == ["key-mistyped"]


def test_what_is_further_away_stays_what_it_was():
    assert broken({**HEX, "check-value": VALUE}, WRONG[:-2] + "00") == ["key-mismatch"]
    sealed = [{"ciphertext": gcm(), "plaintext": "ok"}]
    assert broken({**HEX, "sealed": sealed}, WRONG[:-2] + "00") == ["key-cannot-decrypt"]
    assert broken({**HEX, "check-value": VALUE}, TEXT[:41]) == ["key-truncated"]


@pytest.mark.parametrize("text", ["correct horse battery staplf", "short"])
def test_a_passphrase_is_not_searched_for_typing_errors(text):
    """A known answer made up by someone else would tell them how near their guess is."""
    key = {"cipher": "aes-256-gcm", "encoding": "utf8", "derive": "sha256"}
    sealed = [{"ciphertext": gcm(), "plaintext": "ok"}]
    assert "key-mistyped" not in broken({**key, "sealed": sealed}, text)
    exact = {"cipher": "aes-256-gcm", "encoding": "utf8", "check-value": VALUE}
    assert "key-mistyped" not in broken(exact, text)
