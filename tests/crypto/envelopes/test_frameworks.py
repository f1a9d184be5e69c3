"""What frameworks write beyond the usual: ids of keys, keys inside, compression, metadata."""

from __future__ import annotations

import hashlib
import json
import zlib
from base64 import b64encode
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.padding import PKCS7
from tests.crypto.envelopes.produced import vectors

from assay.crypto import deriving as kdf
from assay.crypto.autopsy import Case, Confidence, autopsy
from assay.crypto.envelopes import ENVELOPES, active_record
from assay.crypto.envelopes.base import Closed, Material, Misfit
from assay.crypto.envelopes.opening import cbc

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
NONCE = bytes(12)


def b64(data: bytes) -> str:
    return b64encode(data).decode()


def message(text: bytes, key: bytes = KEY, **headers: Any) -> dict[str, Any]:
    made = AESGCM(key).encrypt(NONCE, text, b"")
    return {"p": b64(made[:-16]), "h": {"iv": b64(NONCE), "at": b64(made[-16:]), **headers}}


def opened(name: str, stored: bytes, key: bytes = KEY, cipher: str = "aes-256-gcm") -> Any:
    return ENVELOPES.parse(name).opener(Material(key=key, text=key), cipher)(stored, b"")


def told(stored: dict[str, Any], key: bytes = KEY) -> Any:
    with pytest.raises((Closed, Misfit)) as raised:
        opened("active-record", json.dumps(stored).encode(), key)
    return raised.value


def test_active_record_names_another_key() -> None:
    own = b64(hashlib.sha1(KEY, usedforsecurity=False).hexdigest()[:4].encode())
    stored = message(b"hello", i=own)
    assert opened("active-record", json.dumps(stored).encode()) == b"hello"
    assert told(stored, OTHER).reason == "names a different key"
    stored["p"] = b64(b"hallo")
    assert not told(stored).reason  # the id is no proof


def test_active_record_tells_damage_behind_a_key_that_opens() -> None:
    stored = message(b"hello", OTHER, k=message(OTHER))
    assert opened("active-record", json.dumps(stored).encode()) == b"hello"
    stored["p"] = b64(b"hallo")
    answer = told(stored)
    assert (type(answer), answer.code) == (Misfit, "damaged")
    assert isinstance(told(message(b"hello", OTHER, k=message(OTHER)), OTHER), Closed)
    assert told(message(b"hello", OTHER, k="x")).code == "malformed"
    assert ENVELOPES.parse("active-record").parts(json.dumps(stored).encode()) is None


def test_active_record_inflates_with_measure(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(message(b"hello", c=True)).code == "malformed"
    stored = message(zlib.compress(b"a" * 2000), c=True)
    assert opened("active-record", json.dumps(stored).encode()) == b"a" * 2000
    monkeypatch.setattr(active_record, "LARGEST", 1000)
    assert told(stored).code == "unsupported"


@pytest.mark.parametrize(
    ("wrapped", "expected"),
    [
        (b'{"_rails":{"message":"aGVsbG8=","exp":null,"pur":"login"}}', b"hello"),
        (b'{"_rails":{"data":"hello","pur":"login"}}', b'"hello"'),
        (b'{"_rails":{"data":{"a":1},"exp":"2030-01-01T00:00:00Z"}}', b'{"a":1}'),
        (b'{"_rails":{"message":"?"}}', b'{"_rails":{"message":"?"}}'),
        (b'{"_rails":1}', b'{"_rails":1}'),
        (b'{"_rails":', b'{"_rails":'),
    ],
)
def test_what_rails_wraps_around_a_message_is_taken_off(wrapped: bytes, expected: bytes) -> None:
    made = AESGCM(KEY).encrypt(NONCE, wrapped, b"")
    stored = "--".join(map(b64, (made[:-16], NONCE, made[-16:]))).encode()
    assert opened("rails", stored) == expected


def test_rows_of_several_programs_open_with_one_opener() -> None:
    made = AESGCM(KEY).encrypt(NONCE, b"hello", b"")
    body, tag = made[:-16], made[-16:]
    rows = [
        b":".join(part.hex().encode() for part in (NONCE, tag, body)),
        b":".join(part.hex().encode() for part in (NONCE, tag, body)),
        b64(NONCE + body + tag).encode(),
        json.dumps({"iv": b64(NONCE), "tag": b64(tag), "ct": b64(body)}).encode(),
        NONCE + body + tag,
    ]
    opening = ENVELOPES.parse("node-gcm").opener(Material(key=KEY, text=b""), "aes-256-gcm")
    assert [opening(row, b"") for row in rows] == [b"hello"] * 5
    with pytest.raises(Closed):
        opening(rows[0][:-2] + b"00", b"")
    with pytest.raises(Misfit, match="does not have a form"):
        opening(b"?", b"")
    assert opening(rows[1], b"") == b"hello"


def test_a_block_cipher_refuses_what_is_no_block() -> None:
    with pytest.raises(Closed):
        cbc("aes-256-cbc", KEY)(bytes(16), b"x")
    with pytest.raises(Closed):
        cbc("aes-256-cbc", KEY)(bytes(16), b"")


def test_parts_are_never_shown() -> None:
    parts = ENVELOPES.parse("node-gcm-hex").parts(b"ab" * 12 + b":" + b"cd" * 16 + b":ef")
    assert parts is not None
    assert repr(parts) == "Parts([redacted])"


def salted(secret: bytes, text: bytes, name: str) -> bytes:
    """What `openssl enc -md NAME` writes, with a salt that stays the same."""
    salt = b"saltsalt"
    made = kdf.evp_bytes_to_key(secret, salt, size=48, name=name)
    adding = PKCS7(128).padder()
    making = Cipher(algorithms.AES(made[:32]), modes.CBC(made[32:])).encryptor()
    padded = adding.update(text) + adding.finalize()
    return b"Salted__" + salt + making.update(padded) + making.finalize()


@pytest.mark.parametrize("name", ["md5", "sha256"])
@pytest.mark.parametrize("text", [b"two\nlines", b"\xff\x00 bytes", b""])
def test_openssl_opens_whatever_the_derivation_and_the_text(name: str, text: bytes) -> None:
    stored = salted(b"correct horse", text, name)
    assert opened("openssl", stored, b"correct horse", "passphrase") == text
    with pytest.raises(Closed):
        opened("openssl", stored, b"correct mule", "passphrase")
    if name == "md5":
        assert opened("cryptojs", stored, b"correct horse", "passphrase") == text


@pytest.mark.parametrize("framework", ["laravel", "rails"])
@pytest.mark.parametrize("sealed", ["aes-256-gcm", "aes-256-cbc"])
def test_the_autopsy_names_the_cipher_that_a_framework_sealed_with(
    framework: str, sealed: Any
) -> None:
    of_cipher = (v for v in vectors() if v.recipe.cipher == sealed)
    one = next(v for v in of_cipher if v.envelope.tag() == framework)
    other: Any = "aes-256-cbc" if sealed.endswith("gcm") else "aes-256-gcm"
    recipe = msgspec.structs.replace(one.recipe, cipher=other)
    case = Case(envelope=one.envelope, recipe=recipe, variable="KEY", text=one.secret)
    found = autopsy(case, one.stored)
    assert [(told.code, told.confidence) for told in found] == [("wrong-cipher", Confidence.PROVEN)]
    assert found[0].filled == {"found": sealed, "declared": other}
