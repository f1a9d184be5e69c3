"""Every row of the tables: good values are good, bad ones break exactly the rules named."""

from __future__ import annotations

import pytest
from tests.formats.tables import CASES
from tests.formats.tables.case import load

GOOD = [(c.given, value) for c in CASES for value in c.good]
BAD = [(c.given, value, codes) for c in CASES for value, codes in c.bad]


def name(given, value):
    parameters = " ".join(f"{k}={v}" for k, v in given.items() if k != "type")
    return ascii(f"{given['type']} {parameters[:40]} {value[:30]}").strip("'")


@pytest.mark.parametrize("given", [c.given for c in CASES], ids=lambda g: name(g, ""))
def test_parameters_are_sound_and_the_example_and_a_generated_value_are_good(given):
    declared = load(given)
    problems = list(declared.problems())
    assert not problems
    if given.get("schema") is None:
        assert [v.rule.code for v in declared.violations(declared.example())] == []
        assert declared.example() == declared.example()
    generated = declared.generate()
    if generated is not None:
        assert [v.rule.code for v in declared.violations(generated)] == []
        assert generated != declared.generate()


@pytest.mark.parametrize(("given", "value"), GOOD, ids=[name(g, v) for g, v in GOOD])
def test_good_values_break_no_rule(given, value):
    declared = load(given)
    assert [v.rule.code for v in declared.violations(value)] == []
    declared.interpret(value)


@pytest.mark.parametrize(("given", "value", "codes"), BAD, ids=[name(g, v) for g, v, _ in BAD])
def test_bad_values_break_exactly_these_rules(given, value, codes):
    declared = load(given)
    found = [v.with_values(name="THE_NAME") for v in declared.violations(value)]
    assert [v.rule.code for v in found] == codes.split()
    for violation in found:
        assert violation.rule in declared.rules
        assert "THE_NAME" in violation.message
        assert violation.remedy.endswith((".", "`"))
        if len(value) > 12 and value not in violation.rule.message + declared.example():
            assert value not in violation.message + violation.remedy
