"""AES-CBC: its padding shows that the key is right, and its blocks whether they are damaged."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from tests.crypto.autopsy.sealed import KEY, PLAIN, case
from tests.crypto.autopsy.test_causes import CBC, OTHER, cbc, cbc_hex
from tests.crypto.autopsy.test_examiner import causes, census

from assay.crypto.autopsy import Confidence, autopsy

pytestmark = pytest.mark.usefixtures("quick_keys")
LATIN = "Zahlung für Müller, Größe und Straße, Käufer".encode("latin-1")


def stored(plain, key=KEY):
    return cbc_hex(*cbc(key, plain))


def hexed(plain):
    """The declared type: hex."""
    return bool(plain) and not plain.lower().translate(None, b"0123456789abcdef")


def noise(size):
    """Bytes that are not text in any block."""
    return bytes(200 + at % 7 if at % 2 else at % 8 for at in range(size))


def test_bytes_behind_much_padding_were_decrypted_with_the_right_key():
    assert autopsy(case(CBC), stored(noise(20))) == ()


def test_bytes_of_another_type_are_a_wrong_plaintext_and_not_damage():
    (found,) = autopsy(case(CBC, fits=hexed), stored(noise(20)))
    assert (found.code, found.confidence) == ("wrong-plaintext", Confidence.LIKELY)


def test_little_padding_says_it_of_many_rows():
    cells = [stored(os.urandom(31)) for _ in range(12)]
    found = census(cells, asked=case(CBC, fits=hexed))
    assert causes(found) == [("wrong-plaintext", 12)]
    assert found.clusters[0].cause.confidence is Confidence.LIKELY
    assert any("padding" in one for one in found.clusters[0].cause.evidence)
    assert census(cells, asked=case(CBC)).opened == 12


def test_rows_of_a_different_key_are_no_wrong_plaintext():
    cells = [stored(os.urandom(31), OTHER) for _ in range(12)]
    found = causes(census(cells, asked=case(CBC, fits=hexed)))
    assert "wrong-plaintext" not in dict(found)


@pytest.mark.parametrize("at", [3, 20])
def test_a_damaged_block_among_text_is_damage_whatever_its_padding(at):
    nonce, body = cbc(plain=PLAIN[:41])
    body = body[:at] + bytes((body[at] ^ 0x10,)) + body[at + 1 :]
    (found,) = autopsy(case(CBC), cbc_hex(nonce, body))
    assert (found.code, found.confidence) == ("bytes-changed", Confidence.LIKELY)


def test_text_in_another_charset_is_not_called_damaged():
    nonce = os.urandom(16)
    padded = LATIN + bytes((16 - len(LATIN) % 16,)) * (16 - len(LATIN) % 16)
    sealing = Cipher(algorithms.AES(KEY), modes.CBC(nonce)).encryptor()
    text = cbc_hex(nonce, sealing.update(padded) + sealing.finalize())
    codes = [one.code for one in autopsy(case(CBC, fits=hexed), text)]
    assert "bytes-changed" not in codes
    assert "truncated" not in codes
