"""What people write in their first spec by habit is answered with the YAML to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from assay.errors import SpecError
from assay.formats import FORMATS
from assay.spec import foreign
from assay.spec.loader import load_text

MISTAKES = yaml.safe_load((Path(__file__).parent / "mistakes.yaml").read_text(encoding="utf-8"))


def problems(spec: str):
    """What is wrong with a spec."""
    with pytest.raises(SpecError) as caught:
        load_text(spec.encode(), "/nowhere")
    return caught.value.problems


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["help"])
def test_a_mistake_is_located_and_its_remedy_works(mistake):
    [problem] = problems(mistake["spec"])
    assert problem.location.line == mistake["line"]
    assert problem.remedy == mistake["help"]
    if "fixed" in mistake:
        load_text(mistake["fixed"].encode(), "/nowhere")


@pytest.mark.parametrize(("word", "own"), foreign.TYPES.items())
def test_a_type_of_other_tools_has_one_of_ours(word, own):
    assert own in FORMATS
    [problem] = problems(f"assay: 1\nvariables:\n  A: {{type: '{word}'}}\n")
    assert f"type: {own}" in problem.remedy


@pytest.mark.parametrize("condition", ["A == 'x'", "isSet('A')", "!isSet('A')"])
def test_whether_a_variable_is_demanded_does_not_depend_on_itself(condition):
    [problem] = problems(f'assay: 1\nvariables:\n  A: {{required: "{condition}"}}\n')
    assert "whether A must be set can't depend on A itself" in problem.message


def test_two_mistakes_in_one_entry_are_both_told():
    text = "assay: 1\nvariables:\n  A: {required: NOWHERE == 'a', typ: port}\n"
    found = {problem.rule: problem.message for problem in problems(text)}
    assert "NOWHERE is not declared" in found["spec-condition"]
    assert "did you mean type?" in found["spec-unknown-field"]


@pytest.mark.parametrize(
    "entry",
    [
        "{type: text, value: hunter2-is-mine}",
        "hunter2-is-mine",
        "{example: [hunter2-is-mine]}",
        "{fallback: hunter2-is-mine}",
    ],
)
def test_a_remedy_repeats_no_text_that_may_be_a_secret(entry):
    for problem in problems(f"assay: 1\nvariables:\n  PASSWORD: {entry}\n"):
        assert "hunter2" not in problem.remedy + problem.message


def test_a_connection_string_in_place_of_a_name_is_not_repeated():
    url = "postgres://app:Kx92pqLm@db.example.com/shop"
    for entry in (f'"{url}"', f'{{sql: "{url}"}}', f'{{postgres: {{url: "{url}"}}}}'):
        for problem in problems(f"assay: 1\ndatabases: {{main: {entry}}}\n"):
            assert "Kx92pqLm" not in problem.remedy + problem.message


@pytest.mark.parametrize(
    ("entry", "lacking", "unknown"),
    [
        ("keys: {k: {variable: KEYS, cipher: aes-256-gcm}}", "encoding", "KEYS"),
        ("keys: {k: {variable: KEYS}}", "cipher", "KEYS"),
        ("rules: {r: {assert: isSet('KEYS')}}", "message", "KEYS"),
        ("rules: {r: {assert: isSet('KEYS'), mesage: m}}", "message", "KEYS"),
    ],
)
def test_what_an_entry_lacks_hides_no_unknown_name(entry, lacking, unknown):
    found = [problem.message for problem in problems(f"assay: 1\nvariables: {{A: }}\n{entry}\n")]
    assert any(f"lacks the field {lacking}" in message for message in found)
    assert any(f"{unknown} is not" in message for message in found)
