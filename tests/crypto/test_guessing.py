"""Keys that are made of common passwords are found, however usual functions made them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from random import Random

import pytest

from assay.crypto import Recipe, check_value
from assay.crypto.common_words import STRETCHED, STRETCHED_WORDS
from assay.crypto.deriving import evp_bytes_to_key
from assay.crypto.guessing import PREFIX, common, from_password
from assay.crypto.strength import FROM_PASSWORD, arbitrary, compared_value, weakness

HEX = Recipe(cipher="aes-256-gcm", encoding="hex")
TEXT = Recipe(cipher="aes-256-gcm", encoding="utf8")
MADE = {
    "sha256": hashlib.sha256(b"password").digest(),
    "with a capital and a number": hashlib.sha256(b"Password123").digest(),
    "in capitals": hashlib.sha256(b"SECRET").digest(),
    "with a year": hashlib.sha256(b"summer2025!".rstrip(b"!")).digest(),
    "sha512, cut": hashlib.sha512(b"changeme").digest()[:32],
    "sha384, cut": hashlib.sha384(b"changeme").digest()[:32],
    "sha3": hashlib.sha3_256(b"secret").digest(),
    "blake2b": hashlib.blake2b(b"secret").digest()[:32],
    "blake2b of 32 bytes": hashlib.blake2b(b"secret", digest_size=32).digest(),
    "with the newline of echo": hashlib.sha256(b"password\n").digest(),
    "hmac without a key": hmac.new(b"", b"changeme", "sha256").digest(),
    "md5 twice": hashlib.md5(b"hunter2").digest() * 2,
    "md5, filled up": hashlib.md5(b"hunter2").digest().ljust(32, b"\0"),
    "sha1, filled up": hashlib.sha1(b"admin").digest().ljust(32, b"\0"),
    "sha256 of sha256": hashlib.sha256(hashlib.sha256(b"password").digest()).digest(),
    "sha256 of its hex": hashlib.sha256(hashlib.sha256(b"password").hexdigest().encode()).digest(),
    "EVP_BytesToKey": evp_bytes_to_key(b"letmein", size=32),
    "EVP_BytesToKey, sha256": evp_bytes_to_key(b"letmein", size=32, name="sha256"),
    "md5's hex as text": hashlib.md5(b"password").hexdigest().encode(),
    "filled up with zeros": b"password".ljust(32, b"\0"),
    "filled up with the digit": b"password".ljust(32, b"0"),
    "repeated and cut": (b"secret" * 6)[:32],
    "leet": b"p4ssw0rd".ljust(32, b"\0"),
    "a phrase": hashlib.sha256(b"correct horse battery staple").digest(),
    "base64 of a word": base64.b64encode(b"password".ljust(24, b"\0")),
    "hex of a word": b"supersecret12345".hex().encode(),
    "scrypt of Node": hashlib.scrypt(b"password", salt=b"salt", n=16384, r=8, p=1, dklen=32),
    "pbkdf2": hashlib.pbkdf2_hmac("sha512", b"secret", b"salt", 100_000, 32),
    "pbkdf2 without a salt": hashlib.pbkdf2_hmac("sha1", b"password", b"", 1000, 32),
}


@pytest.mark.parametrize("how", MADE)
def test_a_key_that_is_made_of_a_common_password_is_found(how):
    raw = MADE[how]
    assert from_password(raw)
    assert weakness(HEX, raw) == FROM_PASSWORD
    assert check_value(HEX, raw.hex()) is None
    assert compared_value(HEX, raw.hex()) is None


@pytest.mark.parametrize(
    "text",
    [
        hashlib.sha256(b"password").hexdigest(),
        hashlib.md5(b"Secret123").hexdigest(),
        base64.b64encode(hashlib.sha256(b"admin").digest()).decode(),
        base64.urlsafe_b64encode(hashlib.sha256(b"admin1").digest()).decode().rstrip("="),
        base64.b64encode(b"password".ljust(24, b"\0")).decode(),
    ],
)
def test_a_text_that_spells_such_a_key_is_found(text):
    assert from_password(text.encode(), text=True)
    assert check_value(TEXT, text) is None


def test_no_random_key_is():
    rng = Random(3)
    for size in (16, 24, 32, 64) * 200:
        raw = rng.randbytes(size)
        assert not from_password(raw)
        assert not from_password(raw.hex().encode(), text=True)
        assert not from_password(base64.b64encode(raw), text=True)
        assert arbitrary(raw.hex())
        assert size < 24 or arbitrary(base64.urlsafe_b64encode(raw).decode().rstrip("="))


@pytest.mark.parametrize(
    "text", ["Password1!", "correct horse battery staple", "S3cr3t", "LETMEIN"]
)
def test_a_common_password(text):
    assert common(text)
    assert not from_password(text.encode(), text=True), "others judge texts"


@pytest.mark.parametrize(
    "text",
    [
        "correct horse battery staple yes",
        "correcthorsebatterystapleyes2024",
        "MyCompanyProductionKeyForever1",
        "hunter2",
        "a" * 40,
        "0123456789abcdef",
        "Kx7vQ2mZ9pL4tW8",
        "",
    ],
)
def test_a_passphrase_has_no_check_value(text):
    assert not arbitrary(text)
    assert check_value(TEXT, text) is None


def test_the_check_value_that_a_spec_has_of_a_passphrase_is_still_compared():
    recipe = Recipe(cipher="aes-256-gcm", encoding="utf8", derive="sha256")
    assert compared_value(recipe, "correct horse battery staple yes") == "e004e319fde7"


def test_what_slow_functions_make_is_kept_as_it_comes_out():
    for word in STRETCHED_WORDS[:3]:
        for salt in (b"salt", b""):
            made = hashlib.scrypt(word.encode(), salt=salt, n=16384, r=8, p=1, dklen=32)
            assert made[:PREFIX] in STRETCHED
            for name in ("sha1", "sha256", "sha512"):
                for rounds in (1, 1000, 2048, 4096, 10000):
                    made = hashlib.pbkdf2_hmac(name, word.encode(), salt, rounds, 32)
                    assert made[:PREFIX] in STRETCHED
    assert len(STRETCHED) == len(STRETCHED_WORDS) * 2 * (1 + 3 * 6)
