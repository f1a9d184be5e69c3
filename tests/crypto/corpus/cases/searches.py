"""A key that is one step away: a digit, a round, another derivation."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from tests.crypto.corpus.cases.building import TEXTS, case, group
from tests.crypto.corpus.producing import APPS, HEX, KEY, KEY64, PHRASE, App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crypto.corpus.producing import Producers

CLASS = "one step away"
_TYPO = "key-misread key-mistyped key-damaged key-unusable"


def cases(producers: Producers) -> Iterator[dict[str, Any]]:
    """Typing errors of keys, and derivations that the spec does not name."""
    yield from _typed(producers)
    yield from _derived(producers)


def _typed(producers: Producers) -> Iterator[dict[str, Any]]:
    wrong = {
        "digit wrong at the start": "0" + KEY[1:] if KEY[0] != "0" else "1" + KEY[1:],
        "digit wrong in the middle": KEY[:31] + ("e" if KEY[31] != "e" else "d") + KEY[32:],
        "digit wrong at the end": KEY[:-1] + ("a" if KEY[-1] != "a" else "b"),
        "two digits swapped": KEY[:10] + KEY[11] + KEY[10] + KEY[12:],
        "digit lost": KEY[:40] + KEY[41:],
        "first digit lost": KEY[1:],
        "last digit lost": KEY[:-1],
        "digit added": KEY[:40] + "7" + KEY[40:],
        "last byte lost": KEY[:-2],
        "O for 0": KEY.replace("0", "O", 1),
        "l for 1": KEY.replace("1", "l", 1),
    }
    says = "digit|character|byte|typ"
    for of in ("node gcm, hex key", "go gcm", "node gcm, bytes", "secretbox", "node cbc"):
        app = APPS[of]
        rows = producers.sealed(app, TEXTS)
        for name, text in wrong.items():
            sure = "likely" if of == "node cbc" else "proven"
            yield case(CLASS, f"{name}, {of}", app, rows, group(_TYPO, says, sure=sure), env=text)
    in_base64 = APPS["node gcm, base64 key"]
    rows = producers.sealed(in_base64, TEXTS)
    for name, text in {
        "character lost": KEY64[:20] + KEY64[21:],
        "character added": KEY64[:20] + "Q" + KEY64[20:],
        "character wrong": KEY64[:20] + ("Q" if KEY64[20] != "Q" else "R") + KEY64[21:],
        "last character before the padding lost": KEY64[:42] + "=",
    }.items():
        yield case(CLASS, f"base64, {name}", in_base64, rows, group(_TYPO, says), env=text)


def _derived(producers: Producers) -> Iterator[dict[str, Any]]:
    text, raw = PHRASE.encode(), bytes.fromhex(KEY)
    app = App(
        "node",
        "gcm-of-key",
        "node-gcm-hex",
        {**HEX, "encoding": "utf8", "derive": "sha256"},
        PHRASE,
    )

    def of(name: str, key: bytes, says: str, **changes: Any) -> dict[str, Any]:
        rows = producers.sealed(app, TEXTS, key.hex())
        return case(CLASS, name, app, rows, group("key-misread", says), **changes)

    for rounds in (1000, 10_000, 100_000, 210_000, 310_000, 390_000, 480_000, 600_000):
        for digest in ("sha256", "sha512"):
            if digest == "sha512" and rounds in (310_000, 390_000, 480_000, 600_000):
                continue
            key = hashlib.pbkdf2_hmac(digest, text, b"pepper-of-the-app", rounds, 32)
            derive = {"pbkdf2": {"salt": "pepper-of-the-app", "iterations": 65_536, "hash": digest}}
            recipe = {"cipher": "aes-256-gcm", "encoding": "utf8", "derive": derive}
            yield of(f"{rounds} rounds of {digest}", key, f"{rounds}|{rounds:,}", recipe=recipe)
    key = hashlib.pbkdf2_hmac("sha512", text, b"pepper-of-the-app", 100_000, 32)
    derive = {"pbkdf2": {"salt": "pepper-of-the-app", "iterations": 100_000, "hash": "sha256"}}
    recipe = {"cipher": "aes-256-gcm", "encoding": "utf8", "derive": derive}
    yield of("the other hash", key, "(?i)sha-?512", recipe=recipe)
    for name, salt, info in (("nothing", b"", b""), ("info", b"", b"encryption")):
        secret = hmac.new(salt or bytes(32), raw, "sha256").digest()
        key = hmac.new(secret, info + b"\x01", "sha256").digest()
        hkdf = {"hkdf": {"salt": "a-salt", "info": "encryption"}}
        recipe = {"cipher": "aes-256-gcm", "encoding": "hex", "derive": hkdf}
        yield of(f"HKDF with {name}", key, "HKDF|empty", env=KEY, recipe=recipe)
    double = hashlib.sha256(hashlib.sha256(text).digest()).digest()
    yield of("SHA-256 twice", double, "twice|SHA-256 of")
    yield of(
        "hex of SHA-256, hashed",
        hashlib.sha256(hashlib.sha256(text).hexdigest().encode()).digest(),
        "twice|SHA-256",
    )
    yield of("SHA-512 hex cut to 32", hashlib.sha512(text).hexdigest()[:32].encode(), "SHA-512")
    yield of("SHA-256 hex cut to 32", hashlib.sha256(text).hexdigest()[:32].encode(), "SHA-256")
    yield of(
        "SHA-256 base64 cut to 32", base64.b64encode(hashlib.sha256(text).digest())[:32], "SHA-256"
    )
    yield of("SHA-512 cut", hashlib.sha512(text).digest()[:32], "SHA-512")
    yield of("MD5 hex", hashlib.md5(text).hexdigest().encode(), "MD5")
    short = "short-phrase"
    utf8 = {"cipher": "aes-256-gcm", "encoding": "utf8", "derive": "sha256"}
    for name, key in {
        "repeated": (short * 3)[:32].encode(),
        "padded with x": short.ljust(32, "x").encode(),
        "padded with 0": short.ljust(32, "0").encode(),
        "padded with zero bytes": short.encode().ljust(32, b"\0"),
        "padded with blanks": short.ljust(32).encode(),
    }.items():
        yield of(name, key, "pad|repeat", env=short, recipe=utf8)
    yield of("cut to 32", text[:32], "cut|first", recipe=utf8)
    hexed = APPS["node gcm, hex key"]
    half = App("node", "aes-128-first-half", *hexed[2:])
    says = "aes-128|128|half|16 bytes"
    codes = "key-misread wrong-cipher"
    yield case(
        CLASS, "AES-128, first half", half, producers.sealed(half, TEXTS), group(codes, says)
    )
