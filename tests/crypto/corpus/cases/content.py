"""What the rows hold is not what the spec says: no ciphertext, another plaintext, sealed twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.crypto.corpus.cases.building import TEXTS, case, changed, group
from tests.crypto.corpus.producing import APPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crypto.corpus.producing import Producers

CLASS = "content"
_HEX64 = {"type": "hex", "bytes": 32}
_STAND_INS = (
    *("undefined", "null", "[object Object]", "[object Promise]", "None", "NaN", "nil"),
    *("[B@1b6d3586", "#<Encrypted:0x00007f8b1c0a>", "<coroutine object seal at 0x7f1c>"),
    *("javax.crypto.Cipher@5e2de80c", "Array", "System.Byte[]", "[object Uint8Array]"),
    *("<memory at 0x7f1c2d3e>", "%!s(<nil>)"),
)
_NUMBERS = ",".join(str(at * 37 % 256) for at in range(60))
_JWT = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJDQU5BUlkiLCJpYXQiOjE3MDAwMDAwMDB9."
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
)


def cases(producers: Producers) -> Iterator[dict[str, Any]]:
    """Each content, in some applications."""
    yield from _no_ciphertext(producers)
    yield from _typed(producers)
    yield from _twice(producers)


def _no_ciphertext(producers: Producers) -> Iterator[dict[str, Any]]:
    for of in ("node gcm, hex key", "fernet", "php cbc"):
        app = APPS[of]
        rows = producers.sealed(app, TEXTS)
        for text in _STAND_INS:
            mixed = [*rows[:3], {"text": text}]
            expected = group("placeholder", "", rows=[3])
            yield case(CLASS, f"{text}, {of}", app, mixed, expected, healthy=3)
        for name, text, codes in (
            ("bytes as numbers", _NUMBERS, "placeholder wrapped malformed"),
            ("nothing", "", "empty"),
            ("blanks", "   ", "empty"),
            ("a JWT", _JWT, "not-encrypted"),
            ("JSON", json.dumps({"consumerKey": "CANARY", "passkey": "0a1b"}), "not-encrypted"),
            ("a URL", "https://user:CANARY@db.example.com/shop", "not-encrypted"),
            (
                "a PEM key",
                "-----BEGIN PRIVATE KEY-----\nQ0FOQVJZ\n-----END PRIVATE KEY-----\n",
                "not-encrypted",
            ),
            ("a sentence", "the passkey of tenant three, CANARY", "not-encrypted"),
        ):
            mixed = [*rows[:3], {"text": text}]
            yield case(CLASS, f"{name}, {of}", app, mixed, group(codes, rows=[3]), healthy=3)


def _typed(producers: Producers) -> Iterator[dict[str, Any]]:
    """The key is right and the text is not of the declared type."""
    contents = {
        "JSON for hex": json.dumps({"consumerKey": "CANARYtZq81", "secret": "0a1b2c3d4e"}),
        "shorter hex": "0a1b2c3d4e5f" * 4,
        "text for hex": "CANARY, the passkey of tenant three",
        "base64 for hex": "Q0FOQVJZIHRoZSBwYXNza2V5IG9mIHRlbmFudCB0aHJlZQ==",
    }
    good = "9f1c64b0e83d27a5510b7be94ac2d8f6037d5e21b94f8a6cc0d2137be45a98f3"
    for of in ("node gcm, hex key", "node cbc", "php cbc", "java cbc", "fernet"):
        app = APPS[of]
        sure = "likely" if "cbc" in of else "proven"
        for name, text in contents.items():
            rows = producers.sealed(app, [good, good[::-1], text, text])
            expected = group("wrong-plaintext", "", rows=[2, 3], sure=sure)
            yield case(CLASS, f"{name}, {of}", app, rows, expected, plaintext=_HEX64, healthy=2)
            rows = producers.sealed(app, [text] * 4)
            expected = group("wrong-plaintext", "", sure=sure)
            yield case(CLASS, f"{name}, all rows, {of}", app, rows, expected, plaintext=_HEX64)


def _twice(producers: Producers) -> Iterator[dict[str, Any]]:
    for of in (
        "node gcm, hex key",
        "go gcm",
        "fernet",
        "laravel",
        "node cbc",
        "php cbc",
        "cryptr",
        "rails",
    ):
        app = APPS[of]
        rows = producers.sealed(app, TEXTS)
        again = producers.sealed(app, [rows[1]["text"]])
        sure = "likely" if "cbc" in of else "proven"
        mixed = [rows[0], *again, *rows[2:]]
        expected = group("encrypted-twice", "", rows=[1], sure=sure)
        yield case(CLASS, f"sealed twice, {of}", app, mixed, expected, healthy=3)
        again = producers.sealed(app, [row["text"] for row in rows])
        expected = group("encrypted-twice", "", sure=sure)
        yield case(CLASS, f"all sealed twice, {of}", app, again, expected)
        typed = {"type": "text", "pattern": "CANARY.*|\\{.*"}
        yield case(
            CLASS, f"all sealed twice, type declared, {of}", app, again, expected, plaintext=typed
        )
    app = APPS["node gcm, hex key"]
    rows = changed(producers.sealed(app, TEXTS), lambda t: t)
    yield case(CLASS, "healthy, nothing to say", app, rows, group("", rows=[]), healthy=4)
