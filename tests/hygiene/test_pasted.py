"""A real secret in a spec is told, and not shown; what documents are written with is no secret."""

from __future__ import annotations

import base64
import json
import string
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assay.formats import FORMATS
from assay.hygiene.lists import PLACEHOLDERS, PUBLISHED, SECRET_STARTS, SEQUENCES
from assay.hygiene.pasted import _WORDS, looks_real
from assay.reporters import REPORTERS

SEEDS = st.integers(0, 2**32 - 1)
LETTERS = string.ascii_letters + string.digits


def token(seed: int, size: int = 40) -> str:
    text = "".join(Random(seed).choices(LETTERS, k=size))
    assume(not any(word in text.lower() for word in (*_WORDS, *SEQUENCES)))
    assume(any(c.isdigit() for c in text) and len(set(text)) > 10)
    return text


@given(SEEDS)
def test_what_a_random_source_made_looks_real(seed):
    rng = Random(seed)
    raw = rng.randbytes(32)
    spelled = base64.b64encode(raw).decode()
    assume(any(c.isdigit() for c in spelled))  # one in a thousand has none
    assume(not any(word in spelled.lower() for word in (*_WORDS, *SEQUENCES)))
    for text in (raw.hex(), base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()):
        assert looks_real(text, secret=True)
        assert not looks_real(text, secret=False), "it may be a digest, or any other name"


@given(SEEDS, st.sampled_from([s for s in SECRET_STARTS if not s.startswith("-")]))
def test_a_key_with_its_issuers_mark_looks_real_anywhere(seed, start):
    assert looks_real(start + token(seed), secret=False)


@given(SEEDS)
def test_a_password_in_an_address_looks_real(seed):
    assert looks_real(f"postgres://app:{token(seed, 20)}@db.shop.io:5432/app", secret=True)
    assert looks_real(f"https://app:{token(seed, 20)}@shop.io", secret=False)
    assert looks_real(f"https://shop.io/?access_token={token(seed, 20)}", secret=False)
    assert looks_real(f"jdbc:postgresql://shop.io/d?password={token(seed, 20)}", secret=False)
    assert looks_real(f"https://hooks.slack.com/services/T0/B0/{token(seed, 24)}", secret=False)
    assert not looks_real(f"https://shop.io/?commit={'a1' * 10}", secret=False)
    for host in ("localhost", "127.0.0.1:5432", "db", "db.example.com", "example.org", "x.test"):
        assert not looks_real(f"postgres://app:{token(seed, 20)}@{host}/app", secret=True)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_examples_of_types_are_nobodys(project, name):
    try:
        example = FORMATS[name]().example()
    except TypeError:  # it can't be made without parameters
        return
    variable = {"type": name, "secret": True, "example": example}
    project.write("specs/app.yaml", json.dumps({"assay": 1, "variables": {"X": variable}}))
    assert "spec-secret" not in project.run("lint").out


@pytest.mark.parametrize(
    "text",
    [
        *PUBLISHED,
        *sorted(PLACEHOLDERS),
        "",
        "undefined",
        "${API_KEY}",
        "sk_live_your_key_here",
        "0123456789abcdef0123456789abcdef",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "correct horse battery staple 2",
        "correcthorsebatterystaple",
        "20270131120000",
        "postgres://app:password@db.shop.io/app",
        "postgres://db.shop.io/app",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        "-----BEGIN CERTIFICATE-----\n" + "A1b2C3d4" * 200,
        "8f0c4dd6-4b7b-4a2a",
        "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    ],
)
def test_what_documents_are_written_with_looks_like_nobodys(text):
    assert not looks_real(text, secret=True)


@pytest.mark.parametrize("field", ["default", "example"])
def test_a_secret_in_a_spec_is_told_and_not_shown(project, field):
    secret = "9fK2mQ7xT4vL8wR3pZ6ynB5cD1eH0jS"
    project.spec(f"variables:\n  API_KEY:\n    secret: true\n    {field}: {secret}\n")
    for name in REPORTERS:
        ran = project.run("lint", "--format", name)
        assert ran.code == 2
        assert secret[:8] not in ran.said
    found = json.loads(project.run("lint", "--format", "json").out)["findings"]
    assert [(f["rule"], f["subject"]) for f in found] == [("spec-secret", "API_KEY")]
    assert secret[:8] not in project.run("check").said
