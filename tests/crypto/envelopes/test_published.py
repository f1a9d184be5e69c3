"""Vectors that projects publish open, or don't, as they say; each file names its source."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from pathlib import Path
from typing import Any

import pytest
from tests.crypto.envelopes.produced import FOLDER, opened, vector

from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.base import Closed, Material, Misfit
from assay.crypto.envelopes.opening import cbc

PUBLISHED = Path(FOLDER) / "published"


def read(name: str) -> Any:
    return json.loads((PUBLISHED / f"{name}.json").read_text(encoding="utf-8"))


FERNET, WYCHEPROOF = read("fernet"), read("wycheproof")
LAYOUTS = [("iv", "tag", "ciphertext"), ("iv", "ciphertext", "tag"), ("ciphertext", "iv", "tag")]


def answer(envelope: Any, key: bytes, cipher: str, stored: bytes, aad: bytes = b"") -> Any:
    material = Material(key=key, text=key)
    try:
        return ENVELOPES.parse(envelope).opener(material, cipher)(stored, aad)
    except Misfit as told:
        return told.code
    except Closed:
        return "closed"


@pytest.mark.parametrize(
    "case", [*FERNET["valid"], *FERNET["invalid"]], ids=lambda c: c.get("desc")
)
def test_the_fernet_spec(case: Any) -> None:
    found = answer("fernet", urlsafe_b64decode(FERNET["secret"]), "fernet", case["token"].encode())
    assert found == (case["src"].encode() if "src" in case else case["answer"])


@pytest.mark.parametrize("one", [vector(made) for made in read("rails")], ids=lambda one: one.name)
def test_rails_own_tests(one: Any) -> None:
    assert opened(one, one.material) == one.plaintext
    assert opened(one, one.wrong) is None


def test_the_mac_of_laravel_counts_where_the_padding_is_right_by_chance() -> None:
    made = read("laravel")
    stored, wrong = made["stored"].encode(), made["wrong"].encode()
    found = answer("laravel", made["key"].encode(), made["cipher"], stored)
    assert found == made["plaintext"].encode()
    parts = ENVELOPES.parse("laravel").parts(stored)
    assert parts is not None
    assert cbc(made["cipher"], wrong)(parts.nonce, parts.body)  # opens, to noise
    assert answer("laravel", wrong, made["cipher"], stored) == "closed"


@pytest.mark.parametrize("order", LAYOUTS, ids="-".join)
@pytest.mark.parametrize("encoding", ["raw", "hex", "base64", "base64url"])
@pytest.mark.parametrize("separator", ["", ":"])
def test_wycheproof(order: tuple[str, ...], encoding: str, separator: str) -> None:
    from base64 import b64encode, urlsafe_b64encode

    if separator and encoding == "raw":
        return
    encode = {
        "raw": bytes,
        "hex": lambda data: data.hex().encode(),
        "base64": b64encode,
        "base64url": lambda data: urlsafe_b64encode(data).rstrip(b"="),
    }[encoding]
    for family in ("aes-gcm", "chacha20-poly1305"):
        for case in WYCHEPROOF[family]:
            raw = {
                name: bytes.fromhex(case[name]) for name in ("key", "iv", "aad", "msg", "ct", "tag")
            }
            parts = {"iv": raw["iv"], "tag": raw["tag"], "ciphertext": raw["ct"]}
            cipher = f"aes-{8 * len(raw['key'])}-gcm" if family == "aes-gcm" else family
            sized = [p if p == "ciphertext" else f"{p}:{len(parts[p])}" for p in order]
            envelope = {
                "cipher": cipher,
                "layout": sized,
                "encoding": encoding,
                "separator": separator,
            }
            if separator:
                stored = separator.encode().join(encode(parts[part]) for part in order)
            else:
                stored = encode(b"".join(parts[part] for part in order))
            assert list(ENVELOPES.parse(envelope).problems()) == []
            found = answer(envelope, raw["key"], cipher, stored, raw["aad"])
            assert found == (raw["msg"] if case["result"] == "valid" else "closed"), case
