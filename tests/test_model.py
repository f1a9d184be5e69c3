"""Secrets that never show themselves, and the small values that everything is made of."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.errors import AssayError, Interrupted, OutputError, SpecError, UsageError
from assay.facts import Facts, Secret, Setting, State, Unobservable, Unobserved, Value
from assay.model import Category, Location, Rule, Severity
from assay.redacted import REDACTED
from assay.suggest import closest, distance, hint, pairs

SECRET = Secret("vR7mQ2xK9pL4")


def test_a_secret_shows_itself_to_evaluation_only():
    assert SECRET.reveal() == "vR7mQ2xK9pL4"
    shown = [str(SECRET), repr(SECRET), f"{SECRET}", f"{SECRET:>40}", f"{SECRET!s} {SECRET!r}"]
    shown += [str([SECRET]), str({"a": SECRET}), repr(Setting(state=State.READABLE, value=SECRET))]
    assert all("vR7m" not in text and REDACTED in text for text in shown)


@pytest.mark.parametrize("copied", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_secret_is_not_copied_out(copied):
    with pytest.raises(TypeError, match="never pickled"):
        copied(SECRET)


@pytest.mark.parametrize("encode", [json.dumps, msgspec.json.encode, msgspec.msgpack.encode])
def test_a_secret_is_not_encoded(encode):
    with pytest.raises(TypeError) as caught:
        encode({"value": SECRET})
    assert "vR7m" not in str(caught.value)


def test_secrets_are_compared_by_value():
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert Secret("\udcff") == Secret("\udcff")
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
    assert not hasattr(SECRET, "__dict__")


@pytest.mark.parametrize(
    ("state", "value", "text"),
    [
        (State.READABLE, Secret("x"), "x"),
        (State.EMPTY, Secret(""), None),
        (State.MISSING, None, None),
        (State.UNREADABLE, None, None),
    ],
)
def test_only_a_readable_setting_has_a_text(state, value, text):
    assert Setting(state=state, value=value).text == text


def test_reading_what_could_not_be_observed_raises():
    query = Value("dev", "A")
    gap = Unobservable(reason="no route")
    with pytest.raises(Unobserved) as caught:
        Facts(cast("Any", {query: gap}))[query]
    assert caught.value.fact == gap


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (Location(file="a"), "a"),
        (Location(file="a", line=3), "a:3"),
        (Location(file="a", line=3, column=7), "a:3:7"),
        (Location(file="a", column=7), "a"),
    ],
)
def test_places_are_written_as_editors_know_them(location, text):
    assert str(location) == text


def test_a_violations_own_values_win():
    rule = Rule(code="x", category=Category.RULE, message="{a} {b}", remedy="Do {a}.", why="")
    violation = rule.violated(a="one").with_values(a="two", b="three")
    assert (violation.message, violation.remedy) == ("one three", "Do one.")


def test_severities_are_ordered():
    assert sorted(Severity, key=lambda s: s.rank) == ["info", "warning", "error"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (AssayError("x"), 2),
        (UsageError("x"), 2),
        (OutputError("x"), 2),
        (SpecError([]), 2),
        (Interrupted("x"), 130),
    ],
)
def test_each_error_has_its_exit_code(error, code):
    assert error.exit_code == code
    assert isinstance(error, AssayError)


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("prot", ["port", "path"], "port"),
        ("PORT", ["port"], "port"),
        ("a_b_c", ["a-b-c"], "a-b-c"),
        ("zzzz", ["port"], None),
        ("x", [], None),
        ("enviroment", ["environment", "environments"], "environment"),
    ],
)
def test_the_word_that_was_meant_is_found(word, known, meant):
    assert closest(word, known) == meant
    assert hint(word, known) == (f": did you mean {meant}?" if meant else "")


@pytest.mark.parametrize(
    ("left", "right", "steps"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abcd", 1), ("abc", "xbc", 1)],
)
def test_edits_are_counted(left, right, steps):
    assert distance(left, right, 5) == distance(right, left, 5) == steps


@given(st.text("abc", max_size=8), st.text("abc", max_size=8), st.integers(0, 4))
def test_counting_edits_stops_at_the_limit_and_never_lies_below_it(left, right, limit):
    exact = distance(left, right, 20)
    assert distance(left, right, limit) == min(exact, limit + 1)


def test_each_stray_name_stands_for_one_missing_name():
    assert pairs(["CONSUMER_KEY"], ["CONSUMER_KEYY", "OTHER"]) == {"CONSUMER_KEY": "CONSUMER_KEYY"}
    assert pairs(["CONSUMER_AA", "CONSUMER_AB"], ["CONSUMER_AX"]) == {"CONSUMER_AA": "CONSUMER_AX"}
    assert pairs(["CONSUMER_1"], ["CONSUMER_2"]) == {}, "numbers differ on purpose"
    assert pairs(["PORT"], ["HOST"]) == {}
