"""Conditions over columns mean what CEL means by them, and a mistake is shown where it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.databases.model import AllOf, AnyOf, Comparison, Filter, Not
from assay.kinds.credential.filters import DEPTH, Slip, columns_of, parse_filter

EQ = Comparison("a", "==", 1)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("a == 1", EQ),
        ("1 == a", EQ),
        ("1 < a", Comparison("a", ">", 1)),
        ("2.5 >= a", Comparison("a", "<=", 2.5)),
        ("a != 'x'", Comparison("a", "!=", "x")),
        (r"a == 'it\'s \x41\u00e9\n'", Comparison("a", "==", "it's Aé\n")),
        ('a == "b"', Comparison("a", "==", "b")),
        ("a == null", Comparison("a", "==", None)),
        ("null != a", Comparison("a", "!=", None)),
        ("a == -3", Comparison("a", "==", -3)),
        ("a == 0x1F", Comparison("a", "==", 31)),
        ("a == 1e3", Comparison("a", "==", 1000.0)),
        ("a", Comparison("a", "==", value=True)),
        ("!a", Not(Comparison("a", "==", value=True))),
        ("a == false", Comparison("a", "==", value=False)),
        ("a in ['x', 2]", Comparison("a", "in", ("x", 2))),
        ("a in [1,]", Comparison("a", "in", (1,))),
        ("`my-column` == 1", Comparison("my-column", "==", 1)),
        ("a == 1 && b", AllOf((EQ, Comparison("b", "==", value=True)))),
        (
            "a == 1 || b && !(a == 1)",
            AnyOf((EQ, AllOf((Comparison("b", "==", value=True), Not(EQ))))),
        ),
        ("(a == 1)", EQ),
        ("  a\n==\n1 ", EQ),
    ],
)
def test_a_condition_means(text: str, meant: Filter) -> None:
    assert parse_filter(text) == meant


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("", (1, 1, 1), "it ends too early"),
        ("a ==", (1, 5, 1), "it ends too early"),
        ("a == 1 b", (1, 8, 1), "it can't go on like this here"),
        ("a == b", (1, 6, 1), "b is not a value"),
        ("a in [b]", (1, 7, 1), "b is not a value"),
        ("a ==\n  b", (2, 3, 1), "b is not a value"),
        ("1 == 2", (1, 1, 1), "neither side is a column"),
        ("1", (1, 1, 1), "a value alone is not a condition"),
        ("a < null", (1, 3, 1), "nothing is less or more than null"),
        ("a == 'x", (1, 6, 1), "this text is not closed"),
        ("a = 1", (1, 3, 1), "= means nothing here"),
        ("(a", (1, 3, 1), "a parenthesis is not closed"),
        ("a in 'x'", (1, 6, 3), "`in` needs a list"),
        ("a in [", (1, 7, 1), "it ends too early"),
        ("a in [1 2]", (1, 9, 1), "a list is not closed"),
        ("a in []", (1, 6, 1), "nothing is in an empty list"),
        ("a in [null]", (1, 7, 4), "null is in no list"),
        ("size(a) > 1", (1, 1, 4), "size can't be called here"),
        ("a == 99999999999999999999999999", (1, 6, 26), "the number is too large"),
        (r"a == '\ud800'", (1, 6, 8), "no database holds this text"),
        ("a == '\0'", (1, 6, 3), "no database holds this text"),
        ("a == 1e999", (1, 6, 5), "the number is too large"),
        ("a == 1 && )", (1, 11, 1), "it can't go on like this here"),
        ("!" * (DEPTH + 1) + "a", (1, DEPTH + 1, 1), f"it is nested more than {DEPTH} deep"),
    ],
)
def test_a_mistake_is_shown_where_it_is(
    text: str, place: tuple[int, int, int], reason: str
) -> None:
    slip = parse_filter(text)
    assert isinstance(slip, Slip)
    assert (slip[:3], slip.reason) == (place, reason)
    assert slip.step


def test_a_column_that_the_table_lacks_is_named_with_the_one_that_was_meant() -> None:
    slip = parse_filter("id == 1 && enviroment == 'x'", ("id", "environment"))
    assert isinstance(slip, Slip)
    assert slip[:3] == (1, 12, 10)
    assert "enviroment is not a column of the table" in slip.reason
    assert "environment" in slip.reason.partition("table")[2]


def test_the_columns_that_are_read_are_told_once_each() -> None:
    made = parse_filter("a == 1 || (b in [1] && !c) || a == 2")
    assert not isinstance(made, Slip)
    assert columns_of(made) == ("a", "b", "c")
    assert columns_of(None) == ()


@given(st.text() | st.text(st.sampled_from("ab1'\"`()[]!<>=&|,. \n\\innullx-")))
def test_any_text_is_a_filter_or_a_slip_within_it(text: str) -> None:
    made = parse_filter(text)
    if isinstance(made, Slip):
        assert 1 <= made.line <= text.count("\n") + 1
        assert 1 <= made.column <= len(text.split("\n")[made.line - 1]) + 1
