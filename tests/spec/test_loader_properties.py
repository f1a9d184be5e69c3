"""The loader takes any bytes, and agrees with the JSON Schema that is derived from its types."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import jsonschema
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.properties import worlds

from assay.errors import SpecError
from assay.spec.loader import _refusal, load_text
from assay.spec.shapes import language_schema
from assay.spec.yaml_text import read_yaml

SEEDS = st.integers(0, 2**32 - 1)
CASES = Path(__file__).parent.parent / "cases"
GOOD = """\
assay: 1
project: billing
imports: [builtin:supabase]
undeclared: {default: warn, prefixes: {A_: fail}}
environments:
  dev: {values: [process, {dotenv: .env}, {dotenv: {path: x, dialect: ruby, optional: true}}]}
  prod: {live: true, values: [{process: }], undeclared: ignore, description: The real one.}
variables:
  PORT: {type: port, required: "isSet('HOST')", default: 80}
  HOST: {type: hostname, when: environment == 'dev', only-in: [dev]}
  MODE: &mode {type: enum, options: [on, off], example: on, severity: warning, parity: same}
  TEXT:
    pattern: '[a-z]+'
    secret: true
    rotate-every: 180d
    deprecated: MODE
  NOTHING:
waivers:
  - {rule: variable-weak, subject: TEXT, reason: soon, expires: 2027-01-31, owner: me}
"""
JUNK: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2,
    1.5,
    "",
    "x",
    "yes",
    "2027-02-30",
    [],
    [1],
    [[]],
    {},
    {"x": 1},
    {"type": "port"},
    {"dotenv": 3},
    "*" * 200,
)


@cache
def validator() -> Any:
    return jsonschema.Draft202012Validator(
        language_schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def problems(content: bytes) -> list[Any]:
    try:
        load_text(content, "/nowhere")
    except SpecError as error:
        return list(error.problems)
    return []


def check_problems(content: bytes) -> None:
    """Whatever comes in, each problem is complete and has a place inside the text."""
    breaks = (b"\n", b"\r", b"\x85", b"\xe2\x80\xa8", b"\xe2\x80\xa9")  # as YAML counts lines
    lines = sum(content.count(mark) for mark in breaks) + 2
    for found in problems(content):
        assert found.message
        assert found.remedy
        assert found.subject
        assert found.location is not None
        if found.location.file == "<stdin>" and found.location.line is not None:
            assert 1 <= found.location.line <= lines
            assert found.location.column is None or found.location.column >= 1


@given(st.binary(max_size=200))
def test_no_bytes_make_the_loader_raise_anything_else(content):
    check_problems(content)


@given(
    st.text(alphabet="abA01:-[]{}&*!|>'\"#%@`,?<~. \n\t\r\x00\x7f\x85\u2028\ufeffé", max_size=60)
)
def test_no_text_of_yaml_marks_makes_the_loader_raise_anything_else(text):
    check_problems(text.encode())
    check_problems(b"assay: 1\nvariables:\n  " + text.encode())


@settings(phases=[Phase.reuse, Phase.generate])
@given(SEEDS)
def test_a_good_spec_mauled_anywhere_never_raises_anything_else(seed):
    rng = Random(seed)
    content = bytearray(GOOD.encode())
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(content) + 1)
        piece = rng.choice(
            [b"", b"\n", b"  ", b"\t", b": ", b"- ", b"*mode", b"'", b"[", b"}", b"\xff"]
        )
        content[at : at + rng.randrange(4)] = piece
    check_problems(bytes(content))


def containers(data: Any, found: list[Any]) -> list[Any]:
    if isinstance(data, (dict, list)) and data:
        found.append(data)
        for inner in data.values() if isinstance(data, dict) else data:
            containers(inner, found)
    return found


def junk(rng: Random) -> Any:
    return deepcopy(rng.choice(JUNK))


def mutated(rng: Random, data: Any) -> Any:
    """The data with one to three fields changed, added or removed."""
    for _ in range(rng.randint(1, 3)):
        place = rng.choice(containers(data, []))
        if isinstance(place, list):
            place[rng.randrange(len(place))] = junk(rng)
            continue
        key = rng.choice(list(place))
        change = rng.randrange(4)
        if change == 0:
            del place[key]
        elif change == 1:
            place[rng.choice(["extra", "type", "required", "path", key + "s"])] = junk(rng)
        else:
            place[key] = junk(rng)
        if not data:
            break
    return data


def good(rng: Random) -> Any:
    if rng.random() < 0.5:
        return worlds.spec(rng)
    return json.loads(json.dumps(read_yaml(GOOD, "good.yaml").data))


def assert_agreed(data: Any) -> None:
    """Types and schema give one verdict on the data of a file.

    But for a variable without a type: it may lie over an imported one, whose type the schema can't
    know. Then the types of the merged whole decide. And the type of a list's items is judged when
    the list's own parameters are.
    """
    refusal = _refusal(data)
    errors = [(list(e.absolute_path), e.message[:90]) for e in validator().iter_errors(data)]
    errors = [error for error in errors if "of" not in error[0]]
    if refusal and not errors:
        variables = data["variables"].values()
        assert any(isinstance(v, dict) and "type" not in v for v in variables), refusal
    else:
        assert bool(refusal) == bool(errors), (refusal, errors)


@settings(phases=[Phase.reuse, Phase.generate], max_examples=settings().max_examples * 3)
@given(SEEDS)
def test_the_schema_and_the_types_agree_on_what_a_spec_is(seed):
    rng = Random(seed)
    assert_agreed(mutated(rng, good(rng)))


@settings(phases=[Phase.reuse, Phase.generate])
@given(SEEDS)
def test_what_the_types_refuse_is_explained(seed):
    rng = Random(seed)
    data = mutated(rng, good(rng))
    if _refusal(data):
        found = problems(json.dumps(data).encode())
        assert found
        assert not [f.message for f in found if "as the schema describes" in f.message]


def test_the_good_spec_is_good():
    assert problems(GOOD.replace("imports: [builtin:supabase]\n", "").encode()) == []


@pytest.mark.parametrize(
    "file", sorted(file for file in CASES.glob("*/*/**/*.yaml") if file.is_file()), ids=str
)
def test_the_schema_and_the_types_agree_on_every_case(file):
    tree = read_yaml(file.read_bytes().decode("utf-8-sig", "replace"), "spec.yaml")
    if isinstance(tree.data, dict) and not tree.problems:
        assert_agreed(tree.data)
