"""What holds for every type, whatever the value."""

from __future__ import annotations

import string
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.formats.forms import accepts
from tests.formats.tables import CASES
from tests.formats.tables.case import load

from assay.formats import FORMATS

TYPES = sorted(FORMATS)
BY_TYPE = {name: [c for c in CASES if c.given["type"] == name] for name in TYPES}
ODD = ["\0", "\ud800", "\n", "-", ".", ":", "/", "@", "%", "=", "[", "٣", " ", "é", "\x7f", "9"]
LONG = ["9" * 100_000, "a" * 100_000, "[" * 100_000, "{'" * 50_000, "\0" * 100_000, "-" * 100_000]
LONG += ["a." * 50_000, "=" * 100_000, "٣" * 100_000, "- " * 50_000, "&a " * 30_000, "1h" * 50_000]
LONG += ["-----BEGIN A-----\n" * 6000, "%" * 100_000, "a," * 50_000, "*," * 50_000, "(" * 100_000]
CALM = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=40)
every_type = pytest.mark.parametrize("name", TYPES)


@cache
def seeds(name):
    cases = BY_TYPE[name]
    found = [load(c.given).example() for c in cases if "rsa" not in repr(c.given).lower()]
    found += [v for c in cases for v in c.good]
    found += [v for c in cases for v, _ in c.bad]
    return tuple(v for v in found if len(v) < 6000)


@st.composite
def mutants(draw, name):
    """A value of the type with a few characters changed, added, removed, or a part repeated."""
    value = draw(st.sampled_from(seeds(name)))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(value)))
        middle = draw(st.sampled_from([*ODD, *string.printable, value[: at // 2]]))
        value = value[:at] + middle + value[at + draw(st.integers(0, 2)) :]
    return value


def values(name):
    return st.one_of(mutants(name), st.text(), st.text(st.characters(exclude_categories=())))


@every_type
def test_what_the_screen_accepts_breaks_no_rule(name):
    declared = [load(c.given) for c in BY_TYPE[name]]
    screens = [(d, form) for d in declared if (form := d.screen()) is not None]
    for one, form in screens:
        if accepts(form, one.example()):
            assert not list(one.violations(one.example()))

    @CALM
    @given(values(name))
    def check(value):
        for one, form in screens:
            if value and accepts(form, value):
                found = [v.rule.code for v in one.violations(value)]
                assert not found, (one, value)

    check()


@every_type
def test_what_re2_can_match_is_sound_for_matching_screens(name):
    """Values drawn from the screen's own pattern, which mutation would seldom meet."""
    patterns = [
        (one, str(form[1]))
        for one in (load(c.given) for c in BY_TYPE[name])
        if (form := one.screen()) is not None and form[0] == "match"
    ]

    @CALM
    @given(st.data())
    def check(data):
        for one, pattern in patterns:
            value = data.draw(st.from_regex(pattern, fullmatch=True, alphabet=st.characters()))
            if value and accepts(("match", pattern), value):
                assert not list(one.violations(value)), (one, value)

    check()


@every_type
def test_judging_never_raises_and_never_tells_the_value(name):
    declared = [load(c.given) for c in BY_TYPE[name]]
    told_anyway = {id(one): " ".join(parameters(one)) for one in declared}

    @CALM
    @given(values(name), values(name))
    def check(value, other):
        for one in declared:
            found = list(one.violations(value))
            found += one.violations_with(value, dict.fromkeys(one.references(), other))
            for violation in found:
                assert violation.rule in one.rules
                told = violation.with_values(name="N")
                text = told.message + told.remedy
                if len(value) > 8 and value not in told_anyway[id(one)]:
                    assert value not in text

    check()


def parameters(one):
    fixed = [r.message + r.remedy for r in one.rules]
    return [repr(one), one.example(), one.title, *fixed]


@every_type
@pytest.mark.parametrize("value", LONG, ids=lambda v: f"{v[:6]!a}x{len(v)}")
def test_long_values_are_judged_in_time(name, value):
    for one in [load(c.given) for c in BY_TYPE[name]][:3]:
        list(one.violations(value))
