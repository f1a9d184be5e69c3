"""The right text, and a derivation that the spec does not declare: the tag names which."""

from __future__ import annotations

import hashlib

import pytest
from tests.crypto.autopsy.sealed import KEY, LAYOUTS, TEXT, case, sealed
from tests.crypto.autopsy.test_causes import CBC, cbc, cbc_hex, message

from assay.crypto import derived, variations
from assay.crypto.autopsy import CauseCode, Confidence, autopsy
from assay.crypto.recipes import Derivation, Fit, Hkdf, Pbkdf2, Recipe, Scrypt
from assay.crypto.rederived import rederived

RAW = LAYOUTS["joined"]
PHRASE = "short-phrase"
TEXTUAL = Recipe(cipher="aes-256-gcm", encoding="utf8", derive="sha256")


def through(**chosen):
    return Recipe(cipher="aes-256-gcm", encoding="utf8", derive=Derivation(**chosen))


def salted(name, rounds):
    return through(pbkdf2=Pbkdf2(salt="pepper", iterations=rounds, hash=name))


def hkdf(**given):
    return through(hkdf=Hkdf(**given))


@pytest.mark.parametrize(
    ("declared", "used", "words"),
    [
        (salted("sha256", 7), salted("sha256", 1000), "PBKDF2 with sha256 and 1000 rounds"),
        (salted("sha256", 7), salted("sha512", 7), "PBKDF2 with sha512 and 7 rounds"),
        (salted("sha384", 7), salted("sha384", 10_000), "PBKDF2 with sha384 and 10000 rounds"),
        (
            through(scrypt=Scrypt(salt="pepper", cost=2)),
            through(scrypt=Scrypt(salt="pepper", cost=1024)),
            "scrypt with a cost of 1024",
        ),
        (hkdf(salt="a", info="b"), hkdf(info="b"), "HKDF with an empty salt"),
        (hkdf(salt="a", info="b"), hkdf(salt="a"), "HKDF with an empty info"),
        (
            hkdf(salt="0a", salt_encoding="hex", info="b"),
            hkdf(),
            "HKDF with an empty salt and info",
        ),
        (hkdf(salt="a"), hkdf(salt="a", hash="sha512"), "HKDF with sha512"),
    ],
)
def test_other_parameters_of_the_declared_function_are_told(declared, used, words, monkeypatch):
    monkeypatch.setattr("assay.crypto.rederived._COSTS", (2, 1024))
    key = derived(used, PHRASE)
    assert isinstance(key, bytes)
    found = autopsy(case(RAW, recipe=declared, text=PHRASE), RAW.write(sealed(key=key)))
    assert [one.code for one in found] == [CauseCode.KEY_MISREAD]
    assert found[0].confidence is Confidence.PROVEN
    assert found[0].filled["found"] == f"through {words}"


def test_the_rounds_that_programs_use_are_among_them():
    made = dict(rederived(salted("sha256", 65_536)))
    for rounds in (1000, 10_000, 100_000, 210_000, 310_000, 390_000, 480_000, 600_000):
        assert f"through PBKDF2 with sha256 and {rounds} rounds" in made
    assert len(made) < 20


def test_no_parameters_are_tried_of_what_has_none():
    cut = Recipe(cipher="aes-256-gcm", encoding="utf8", derive=Derivation(fit=Fit()))
    assert [*rederived(TEXTUAL), *rederived(cut)] == []


ONCE = hashlib.sha256(PHRASE.encode())
LONGER = hashlib.sha512(PHRASE.encode())
HASHED = {
    "hashed with SHA-256 twice": hashlib.sha256(ONCE.digest()).digest(),
    "hashed with SHA-256 twice, the second time its hex digits": hashlib.sha256(
        ONCE.hexdigest().encode()
    ).digest(),
    "hashed with SHA-512 and cut": LONGER.digest()[:32],
    "hashed with SHA-512, of which the first hex digits are used as text": (
        LONGER.hexdigest()[:32].encode()
    ),
    "read as plain text and repeated to 32 bytes": (PHRASE * 3)[:32].encode(),
    "read as plain text and padded with x to 32 bytes": PHRASE.ljust(32, "x").encode(),
}


@pytest.mark.parametrize(("words", "key"), HASHED.items())
def test_what_else_programs_hash_and_pad_is_told(words, key):
    found = autopsy(case(RAW, recipe=TEXTUAL, text=PHRASE), RAW.write(sealed(key=key)))
    assert [one.code for one in found] == [CauseCode.KEY_MISREAD]
    assert found[0].filled["found"] == words


def test_a_key_in_hex_that_is_too_short_may_have_been_padded_or_hashed():
    short = KEY[:16]
    for key, words in (
        (short * 2, "read as hex and repeated to 32 bytes"),
        (short.ljust(32, b"\0"), "read as hex and padded with zero bytes to 32 bytes"),
        (
            hashlib.sha256(hashlib.sha256(short).digest()).digest(),
            "read as hex, hashed with SHA-256 twice",
        ),
    ):
        found = autopsy(case(RAW, text=short.hex()), RAW.write(sealed(key=key)))
        assert found[0].filled["found"] == words


@pytest.mark.parametrize("size", [16, 24])
def test_aes_with_the_first_bytes_of_the_key_is_told(size):
    for written in (RAW, LAYOUTS["hex"]):
        found = autopsy(case(written), written.write(sealed(key=KEY[:size])))
        assert [one.code for one in found] == [CauseCode.KEY_MISREAD, CauseCode.WRONG_CIPHER]
        assert f"cut to its first {size} bytes" in message(found[0])[0]
        assert f"aes-{8 * size}-gcm" in message(found[1])[1]
        assert {one.confidence for one in found} == {Confidence.PROVEN}


def test_a_hash_that_was_cut_for_a_smaller_key_is_another_cipher_only():
    key = hashlib.sha256(PHRASE.encode()).digest()[:16]
    found = autopsy(case(RAW, recipe=TEXTUAL, text=PHRASE), RAW.write(sealed(key=key)))
    assert [one.code for one in found] == [CauseCode.WRONG_CIPHER]


def test_a_key_that_is_too_long_may_be_one_for_a_larger_cipher():
    recipe = Recipe(cipher="aes-128-gcm", encoding="hex")
    found = autopsy(case(LAYOUTS["hex"], recipe=recipe), LAYOUTS["hex"].write(sealed()))
    assert [one.code for one in found] == [CauseCode.WRONG_CIPHER]
    assert "aes-256-gcm" in message(found[0])[1]


def test_of_a_block_cipher_the_first_bytes_are_only_likely():
    found = autopsy(case(CBC), cbc_hex(*cbc(key=KEY[:16])))
    assert [one.code for one in found] == [CauseCode.KEY_MISREAD, CauseCode.WRONG_CIPHER]
    assert {one.confidence for one in found} == {Confidence.LIKELY}


def test_an_envelope_of_one_cipher_is_not_opened_with_keys_of_other_sizes():
    from tests.crypto.autopsy.sealed import Written

    from assay.crypto.autopsy.searching import Search

    search = Search(case(Written("cloak", RAW.write)))
    assert search.keys.resized
    assert search._resized == ()


def test_variations_hold_the_parameters_before_what_is_damaged():
    names = [one.words for one in variations.variations(hkdf(salt="a"), TEXT)]
    assert names.index("through HKDF with an empty salt") < names.index("in capitals")
