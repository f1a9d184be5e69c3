"""Every envelope is registered, told apart by its name, and described."""

from __future__ import annotations

from typing import Any

import jsonschema
import msgspec
import pytest

from assay import credentials
from assay.crypto.ciphers import NEEDS, PAIRS
from assay.crypto.envelopes import ENVELOPES
from assay.crypto.recipes import Recipe
from assay.errors import UsageError
from assay.kinds.envelopes import envelope_shape

LAYOUT = {"cipher": "aes-256-gcm", "layout": ["iv:12", "tag:16", "ciphertext"]}


def test_the_registry_is_in_alphabetical_order() -> None:
    assert list(ENVELOPES) == sorted(ENVELOPES)


@pytest.mark.parametrize("name", ENVELOPES)
def test_every_envelope_says_what_it_is(name: str) -> None:
    made = ENVELOPES[name]
    assert made.tag() == name
    assert made.title
    assert made.shape
    assert (made.__doc__ or "").strip()
    assert made.ciphers <= set(NEEDS) | PAIRS
    assert bool(made.ciphers) != bool(made.remote)


@pytest.mark.parametrize(
    "data",
    [
        "node-gcm-hex",
        {"format": "node-gcm-hex"},
        {"format": "node-gcm-hex", "aad": "{tenant_id}", "order": ["iv", "ciphertext", "tag"]},
        LAYOUT,
        {"format": "layout", **LAYOUT},
        {**LAYOUT, "encoding": "hex", "separator": ":"},
    ],
)
def test_the_forms_of_a_spec_are_parsed_and_fit_the_schema(data: Any) -> None:
    made = ENVELOPES.parse(data)
    assert list(made.problems()) == []
    jsonschema.validate(data, envelope_shape())
    name = data if isinstance(data, str) else data.get("format", "layout")
    assert type(made) is ENVELOPES[name]


@pytest.mark.parametrize(
    "data",
    [
        None,
        3,
        [],
        {},
        "layout",
        "node-gcm-hexx",
        {"format": "nothing"},
        {"format": 3},
        {"format": "node-gcm-hex", "layout": ["iv:12"]},
        {"layout": ["iv:12", "ciphertext"]},
        {**LAYOUT, "cipher": "rot13"},
        {**LAYOUT, "layout": ["iv:0"]},
    ],
)
def test_what_has_no_form_is_refused_by_both(data: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        ENVELOPES.parse(data)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, envelope_shape())


def test_applications_are_told_of_an_envelope_that_contradicts_itself() -> None:
    recipe = Recipe(cipher="aes-256-gcm", encoding="hex")
    wrong = {"cipher": "aes-256-gcm", "layout": ["iv:12"]}
    with pytest.raises(UsageError, match="ciphertext is missing"):
        credentials.opener(key=recipe, text="00" * 32, envelope=wrong)
    with pytest.raises(UsageError, match="no such envelope"):
        credentials.opener(key=recipe, text="00" * 32, envelope="nothing")
