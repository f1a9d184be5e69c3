"""Another cipher, mode or layout than the spec declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.crypto.corpus.cases.building import TEXTS, case, group
from tests.crypto.corpus.producing import APPS, CBC, HEX, IN_BASE64, KEY, App

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.crypto.corpus.producing import Producers

CLASS = "another cipher"
_MODES = "wrong-cipher wrong-layout wrong-envelope"
_CBC64 = {"cipher": "aes-256-cbc", "layout": ["iv:16", "ciphertext"], "encoding": "base64"}
_PAIR = {"cipher": "aes-256-cbc", "layout": ["iv:16", "ciphertext"], "encoding": "hex"}
_LONG = tuple(f"{text}; the account of this tenant is number {at}" for at, text in enumerate(TEXTS))


def cases(producers: Producers) -> Iterator[dict[str, Any]]:
    """Rows of one application, and the spec of another."""
    for name, app, envelope, recipe, says in (
        ("CTR for CBC", APPS["node cbc"]._replace(name="ctr-hex"), "node-cbc-hex", CBC, "(?i)ctr"),
        ("CTR for any CBC", APPS["node cbc"]._replace(name="ctr-hex"), "node-cbc", CBC, "(?i)ctr"),
        ("PHP's ciphertext::iv", _php("cbc-colons"), _CBC64, CBC, "::|PHP|base64"),
        ("PHP's iv and base64", _php("cbc-nested"), _CBC64, CBC, "base64"),
        ("3DES for CBC", _node("des3-hex"), "node-cbc-hex", CBC, "(?i)3DES|des"),
        ("ECB for CBC", _node("ecb-hex"), _PAIR, CBC, "(?i)ecb"),
        ("zero iv", _node("cbc-zero-iv"), _PAIR, CBC, "(?i)iv|zero"),
        ("iv of the key", _node("cbc-iv-of-key"), _CBC64, CBC, "(?i)iv|key"),
        ("parsed key of crypto-js", _node("cryptojs-parsed"), _CBC64, CBC, "(?i)iv|zero"),
    ):
        rows = producers.sealed(app, _LONG)
        expected = group(_MODES, says, sure="likely")
        yield case(CLASS, name, app, rows, expected, envelope=envelope, recipe=recipe)
        yield case(
            *(CLASS, f"{name}, type declared", app, rows, expected),
            envelope=envelope,
            recipe=recipe,
            plaintext={"type": "text", "pattern": "CANARY.*|\\{.*"},
        )
    for name, of, other, keyed in (
        ("GCM rows, CBC declared", "node gcm, hex key", "node-cbc-hex", CBC),
        (
            "GCM rows, another order",
            "go gcm",
            {**IN_BASE64, "layout": ["iv:12", "tag:16", "ciphertext"]},
            HEX,
        ),
        (
            "GCM rows, nonce of 16",
            "php gcm",
            {**IN_BASE64, "layout": ["iv:16", "tag:16", "ciphertext"]},
            HEX,
        ),
        (
            "Fernet rows, GCM declared",
            "fernet",
            IN_BASE64,
            {"cipher": "aes-256-gcm", "encoding": "base64url"},
        ),
        (
            "Laravel rows, GCM declared",
            "laravel",
            IN_BASE64,
            {"cipher": "aes-256-gcm", "encoding": "base64", "prefix": "base64:"},
        ),
        (
            "secretbox rows, XChaCha declared",
            "secretbox",
            {"format": "xchacha20-poly1305", "encoding": "base64"},
            {"cipher": "xchacha20-poly1305", "encoding": "hex"},
        ),
        ("rails rows, node declared", "rails", "node-gcm-hex", HEX),
        ("JSON rows, hex declared", "node gcm, json", "node-gcm-hex", HEX),
        ("hex rows, JSON declared", "node gcm, hex key", "node-gcm-json", HEX),
        ("cloak rows, hex declared", "cloak", "node-gcm-hex", dict(APPS["cloak"].recipe)),
        ("JWE rows, hex declared", "jose", "node-gcm-hex", HEX),
    ):
        app = APPS[of]
        rows = producers.sealed(app, _LONG)
        expected = group(_MODES)
        yield case(CLASS, name, app, rows, expected, envelope=other, recipe=keyed)


def _node(name: str) -> App:
    return App("node", name, None, CBC, KEY)


def _php(name: str) -> App:
    return App("php", name, None, CBC, KEY)
