"""What Python's own libraries seal is opened again, whatever the text, and by no other key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.crypto import identities
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.envelopes.base import Closed, Material, Misfit
from assay.crypto.envelopes.jwe import ENCRYPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

TEXTS = st.binary(max_size=200)
KEYS = st.binary(min_size=32, max_size=32)
MODEST = settings(max_examples=25, deadline=None)


def trip(
    envelope: Any, material: Material, wrong: Material, stored: bytes, aad: bytes = b""
) -> Any:
    made = ENVELOPES.parse(envelope)
    assert made.misfit(stored) is None
    with pytest.raises((Closed, Misfit)):
        made.opener(wrong, "aes-256-gcm")(stored, aad)
    return made.opener(material, "aes-256-gcm")(stored, aad)


def both(key: bytes) -> tuple[Material, Material]:
    other = bytes((key[0] ^ 1,)) + key[1:]
    return Material(key=key, text=key), Material(key=other, text=other)


@given(KEYS, TEXTS)
@MODEST
def test_pynacl(key: bytes, text: bytes) -> None:
    import nacl.secret

    box: Callable[[bytes], bytes] = nacl.secret.SecretBox(key).encrypt
    assert trip("secretbox", *both(key), bytes(box(text))) == text
    aead = nacl.secret.Aead(key).encrypt(text, b"tenant")
    assert trip("xchacha20-poly1305", *both(key), bytes(aead), b"tenant") == text


@given(
    KEYS, TEXTS, st.sampled_from(["dir", "A256KW", "A256GCMKW"]), st.sampled_from([*ENCRYPTIONS])
)
@MODEST
def test_joserfc(key: bytes, text: bytes, alg: str, enc: str) -> None:
    from joserfc.jwe import JWERegistry, encrypt_compact
    from joserfc.jwk import OctKey

    size = ENCRYPTIONS[enc][0]
    own = (key * 2)[:size] if alg == "dir" else key
    registry = JWERegistry(algorithms=[alg, enc])
    stored = encrypt_compact({"alg": alg, "enc": enc}, text, OctKey(own, own), registry=registry)
    assert trip("jwe", *both(own), stored.encode()) == text


@given(st.binary(min_size=32, max_size=32), TEXTS)
@MODEST
def test_pyrage(raw: bytes, text: bytes) -> None:
    import pyrage

    written = identities.written(raw)
    recipient = pyrage.x25519.Identity.from_str(written).to_public()
    other = identities.written(raw[:9] + bytes((raw[9] ^ 1,)) + raw[10:])
    right, wrong = (Material(key=b"", text=one.encode()) for one in (written, other))
    stored = pyrage.encrypt(text, [recipient])
    assert identities.damage(written.encode()) == ""
    assert trip("age", right, wrong, stored) == text
    armoured = pyrage.encrypt(text, [recipient], armored=True)
    assert trip("age", right, wrong, armoured) == text


@given(st.text(min_size=8, max_size=30), TEXTS)
@settings(max_examples=15, deadline=None)
def test_pysequoia(phrase: str, text: bytes) -> None:
    import pysequoia

    if not phrase.isprintable():
        return
    stored = pysequoia.encrypt(text, passwords=[phrase])
    right = Material(key=b"", text=phrase.encode())
    wrong = Material(key=b"", text=b"x" + phrase.encode())
    assert trip("pgcrypto", right, wrong, bytes(stored)) == text
