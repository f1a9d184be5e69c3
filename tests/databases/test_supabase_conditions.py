"""Conditions in PostgREST's language mean what they mean in specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st
from tests.databases.emulated import Table, answer

from assay.databases.model import AllOf, AnyOf, Comparison, Not
from assay.databases.postgrest.conditions import alias, behind, column, never, parameters, selected

if TYPE_CHECKING:
    from collections.abc import Callable

AWKWARD = [
    'a"b',
    "a\\b",
    "a,b",
    "a.b",
    "(a)",
    "and",
    "order",
    "select",
    "or",
    "null",
    "a b",
    "é",
    "",
]
TEXTS = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=4).filter(lambda t: "\0" not in t))
NUMBERS = st.integers(-3, 3)
COLUMNS = {"n": NUMBERS, "order": NUMBERS, "t": TEXTS, 'x y"z': TEXTS, "a,b.c": TEXTS}
TYPES = {name: "integer" if values is NUMBERS else "text" for name, values in COLUMNS.items()}
ROWS = st.lists(
    st.fixed_dictionaries({name: st.none() | values for name, values in COLUMNS.items()}),
    max_size=6,
)


@st.composite
def comparisons(draw):
    name = draw(st.sampled_from(sorted(COLUMNS)))
    operator = draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in"]))
    if operator == "in":
        return Comparison(name, operator, tuple(draw(st.lists(COLUMNS[name], max_size=3))))
    values = st.none() | COLUMNS[name] if operator in ("==", "!=") else COLUMNS[name]
    return Comparison(name, operator, draw(values))


FILTERS = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, max_size=3).map(tuple).map(AllOf),
        st.lists(inner, max_size=3).map(tuple).map(AnyOf),
    ),
    max_leaves=6,
)


COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


def meets(row, condition):
    """What a condition means: NULL equals nothing but itself, and is neither less nor more."""
    if isinstance(condition, Not):
        return not meets(row, condition.part)
    if isinstance(condition, AllOf):
        return all(meets(row, part) for part in condition.parts)
    if isinstance(condition, AnyOf):
        return any(meets(row, part) for part in condition.parts)
    found, value = row[condition.column], condition.value
    if condition.operator in ("==", "!="):
        return (found == value) is (condition.operator == "==")
    if found is None:
        return False
    return (
        found in value if condition.operator == "in" else COMPARED[condition.operator](found, value)
    )


def texts(row):
    """A row as answers give it."""
    values = ((alias(number), row[name]) for number, name in enumerate(COLUMNS))
    return {name: None if value is None else str(value) for name, value in values}


def asked(rows, query):
    from httpx import QueryParams

    table = Table("things", TYPES, rows)
    sent = parse_qsl(str(QueryParams(tuple(query))), keep_blank_values=True)
    return answer({"things": table}, "things", sent, "service_role", 1000)[0]


@given(ROWS, FILTERS)
def test_a_condition_chooses_the_rows_that_meet_it(rows, condition):
    expected = [texts(row) for row in rows if meets(row, condition)]
    if never(condition):
        assert expected == []
        return
    query = [("select", selected(list(COLUMNS))), *parameters(condition, [])]
    assert asked(rows, query) == expected


@given(ROWS, st.permutations(sorted(COLUMNS)), st.integers(1, 3), st.data(), st.booleans())
def test_what_lies_behind_a_place_is_what_follows_it_in_order(rows, names, count, data, ties):
    order = names[:count]
    rows = [row for row in rows if row[order[0]] is not None]
    if not rows:
        return
    place = data.draw(st.sampled_from(rows))

    def rank(row):
        return [(row[name] is None, "" if row[name] is None else row[name]) for name in order]

    expected = [
        row for row in rows if rank(row) > rank(place) or (ties and rank(row) == rank(place))
    ]
    tree = behind(
        order,
        [None if place[name] is None else str(place[name]) for name in order],
        ties=ties,
        nulls=True,
    )
    query = [("select", selected(list(COLUMNS))), *parameters(None, [tree])]
    assert asked(rows, query) == [texts(row) for row in expected]


def test_names_are_quoted_where_they_must_be():
    assert [column(name) for name in ("id", "tenant_id", "A9", "a b", 'a"b', "a\\b", "9a")] == [
        *("id", "tenant_id", "A9", '"a b"', '"a\\"b"', '"a\\\\b"', '"9a"')
    ]


def test_simple_conditions_are_sent_plainly():
    condition = AllOf(
        (
            Comparison("environment", "==", 'production, "or"'),
            Comparison("ok", "==", True),
            Comparison("at", ">=", "2026-01-01T00:00:00+00:00"),
            Comparison("order", "==", 1),
            Comparison("apikey", "==", "x"),
            Comparison("weight", "<", 0.5),
        )
    )
    assert list(parameters(condition, [])) == [
        ("environment", 'eq.production, "or"'),
        ("ok", "eq.true"),
        ("at", "gte.2026-01-01T00:00:00+00:00"),
        ("weight", "lt.0.5"),
        ("or", "(and(order.eq.1,apikey.eq.x))"),
    ]


def test_what_holds_for_every_row_is_not_sent():
    assert list(parameters(AllOf(()), [])) == []
    assert list(parameters(Not(AnyOf(())), [])) == []
    assert never(AnyOf(()))
    assert never(Comparison("n", "in", ()))
    assert not never(None)
