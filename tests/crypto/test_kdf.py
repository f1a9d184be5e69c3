"""Derivations against published vectors."""

from __future__ import annotations

import subprocess

import pytest
from tests.peers import program

from assay.crypto import deriving as kdf

SCRYPT = [  # RFC 7914, section 12
    (
        b"", b"", 16, 1, 1,
        ("77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
        "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"),
    ),
    (
        b"password", b"NaCl", 1024, 8, 16,
        ("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
        "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"),
    ),
    (
        b"pleaseletmein", b"SodiumChloride", 16384, 8, 1,
        ("7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
        "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"),
    ),
]  # fmt: skip
HKDF = [  # RFC 5869, appendix A: cases 1, 3 and 4
    (
        bytes([11] * 22), bytes(range(13)), bytes(range(0xF0, 0xFA)), "sha256",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        bytes([11] * 22), b"", b"", "sha256",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
    (
        bytes([11] * 11), bytes(range(13)), bytes(range(0xF0, 0xFA)), "sha1",
        "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3f896",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("secret", "salt", "n", "r", "p", "expected"), SCRYPT)
def test_scrypt(  # noqa: PLR0917 - the columns of the table
    secret: bytes, salt: bytes, n: int, r: int, p: int, expected: str
) -> None:
    assert kdf.scrypt(secret, salt, n=n, r=r, p=p, size=64).hex() == expected


@pytest.mark.parametrize(("secret", "salt", "info", "name", "expected"), HKDF)
def test_hkdf(secret: bytes, salt: bytes, info: bytes, name: str, expected: str) -> None:
    made = kdf.hkdf(secret, salt, info=info, name=name, size=len(expected) // 2)
    assert made.hex() == expected


@pytest.mark.parametrize("name", ["md5", "sha256"])
@pytest.mark.parametrize("salt", ["", "0102030405060708"])
def test_evp_bytes_to_key_is_what_openssl_makes(name: str, salt: str) -> None:
    """`openssl enc -P` prints the key and the nonce that EVP_BytesToKey makes."""
    how = ["-S", salt] if salt else ["-nosalt"]
    done = subprocess.run(
        [program("openssl"), "enc", "-aes-256-cbc", "-md", name, "-k", "correct horse", *how, "-P"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    printed = dict(line.strip().split("=", 1) for line in done.stdout.split("\n") if "=" in line)
    printed = {key.strip(): value for key, value in printed.items()}
    made = kdf.evp_bytes_to_key(b"correct horse", bytes.fromhex(salt), size=48, name=name)
    assert made[:32].hex().upper() == printed["key"]
    assert made[32:].hex().upper() == printed["iv"]


def test_evp_bytes_to_key_with_md5_chains_digests() -> None:
    """MD5 of `password` (RFC 1321 gives MD5, EVP_BytesToKey(3) the chain)."""
    made = kdf.evp_bytes_to_key(b"password", size=32)
    assert made[:16].hex() == "5f4dcc3b5aa765d61d8327deb882cf99"
    assert made[16:].hex() == "2b95990a9151374abd8ff8c5a7a0fe08"
