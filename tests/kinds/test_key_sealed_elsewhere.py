"""Texts that other producers sealed prove a key; where a library is missing that is unknown."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from tests.crypto.envelopes.produced import OTHER, Vector, vectors

if TYPE_CHECKING:
    from tests.project import Project

SHOWN = {
    "age": "with a passphrase, armoured",
    "cloak": "a short text",
    "cryptr": "as it is",
    "iron-session": "without an expiration",
    "jwe": "PBES2-HS256+A128KW",
    "pgcrypto": "as it is",
    "secretbox": "secretbox, base64",
}
CLOAK = "k1.aesgcm256.wekLX22IR6ObAvjUXjxxqltk5_0ZCMKzdk-h1eCTfCg="
KNOWN = [v for v in vectors() if SHOWN.get(v.envelope.tag()) == v.name and v.producer]


def spec(project: Project, one: Vector, secret: str) -> None:
    text = one.stored.decode() if one.stored.isascii() else "\\x" + one.stored.hex()
    recipe: dict[str, Any] = {"cipher": one.recipe.cipher, "encoding": one.recipe.encoding}
    recipe |= {"prefix": one.recipe.prefix} if one.recipe.prefix else {}
    sealed = [{"ciphertext": text, "plaintext": one.plaintext.decode()}]
    data = {
        "environments": {"dev": {"values": [{"dotenv": ".env"}]}},
        "variables": {"KEY": {"secret": True}},
        "keys": {"k": {"variable": "KEY", **recipe, "sealed": sealed}},
    }
    project.spec("\n".join(f"{name}: {json.dumps(value)}" for name, value in data.items()))
    project.env(f"KEY='{secret}'\n")


@pytest.mark.parametrize("one", KNOWN, ids=lambda one: one.envelope.tag())
def test_a_text_that_another_producer_sealed_proves_the_key(one: Vector, project: Project) -> None:
    spec(project, one, one.secret)
    ran = project.run("check")
    assert ran.code == 0, ran.said
    assert one.secret not in ran.said


@pytest.mark.parametrize("one", KNOWN, ids=lambda one: one.envelope.tag())
def test_another_key_is_named_so(one: Vector, project: Project) -> None:
    others = {"cloak": CLOAK, "secretbox": OTHER[32]}
    other = others.get(one.envelope.tag(), "another passphrase that nobody has, 2041")
    spec(project, one, other)
    ran = project.run("check")
    assert "key-cannot-decrypt" in ran.said


@pytest.mark.parametrize("library", ["joserfc.jwe", "pyrage", "nacl.bindings", "pysequoia"])
def test_what_a_missing_library_would_open_is_unknown(
    library: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    tag = {"joserfc.jwe": "jwe", "pyrage": "age", "pysequoia": "pgcrypto"}.get(library, "secretbox")
    one = next(v for v in KNOWN if v.envelope.tag() == tag)
    spec(project, one, one.secret)
    ran = project.run("check")
    assert ran.code == 3
    assert "its sealed text can't be decrypted without" in " ".join(ran.said.split())
    assert "Run `pip install 'assay[envelopes]'`." in ran.said
