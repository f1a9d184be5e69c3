"""Rows come whole, once each, in pages, whatever a server makes of them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.databases.emulated import Table
from tests.databases.emulator import PUBLISHABLE, SECRET, emulated
from tests.databases.projects import opened, refused_rows, rows_of

from assay.databases.model import AnyOf, Comparison, Selection, TooLarge
from assay.databases.postgrest.paging import MOST

MIB = 2**20
TEXTS = st.one_of(
    st.sampled_from(['"', "\\", ",", ")", "(a.b)", "null", "é", "", " ", "a%b&c=d+e#f"]),
    st.text(max_size=3).filter(lambda text: "\0" not in text),
)


@contextmanager
def reading(*tables, key=SECRET, most=1000):
    with emulated(*tables) as emulator, opened(emulator.url, key) as session:
        emulator.max_rows = most
        emulator.requests.clear()
        yield emulator, session


def numbered(count, *, primary=("id",), **more):
    rows = [{"id": number, **more} for number in range(count)]
    columns = {"id": "integer", **dict.fromkeys(more, "text")}
    return Table("things", columns, rows, primary=primary)


@pytest.fixture(scope="module")
def project():
    with emulated(Table("things", {})) as emulator:
        yield emulator


@settings(max_examples=25)
@given(
    st.lists(st.tuples(TEXTS, st.integers(-5, 5)), max_size=9, unique=True),
    st.integers(1, 4),
    st.sampled_from([(), ("t", "n"), ("n", "t")]),
)
def test_every_row_comes_once_by_its_primary_key(project, keys, most, order):
    table = Table(
        "things",
        {"t": "text", "n": "integer", "enc": "bytea"},
        [{"t": text, "n": number, "enc": text.encode()} for text, number in keys],
        primary=("n", "t"),
    )
    project.tables, project.max_rows = {"things": table}, most
    with opened(project.url) as session:
        selection = Selection(table="things", columns=("enc", "n"), order=order)
        found = rows_of(session, selection)
    assert sorted(found) == sorted((text.encode(), number) for text, number in keys)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.none() | TEXTS, st.none() | st.integers(0, 2)), max_size=9),
    st.integers(1, 4),
    st.sampled_from([(), ("t",), ("t", "n"), ("n",)]),
    st.sampled_from([SECRET, PUBLISHABLE]),
)
def test_every_row_comes_once_where_nothing_names_a_row(project, keys, most, order, key):
    rows = [{"t": text, "n": number} for text, number in keys]
    project.tables = {"things": Table("things", {"t": "text", "n": "integer"}, rows)}
    project.max_rows = most
    with opened(project.url, key) as session:
        found = rows_of(session, Selection(table="things", columns=("t", "n"), order=order))
    as_found = [(t, n if key == SECRET or n is None else str(n)) for t, n in keys]
    assert sorted(map(repr, found)) == sorted(map(repr, as_found))


def test_a_page_that_the_server_cuts_short_is_not_the_end():
    with reading(numbered(2500)) as (emulator, session):
        pages = list(session.pages(Selection(table="things", columns=("id",))))
    assert [row[0] for page in pages for row in page] == list(range(2500))
    limits = [int(request.query["limit"]) for request in emulator.requests]
    assert limits[:3] == [100, 400, 1000]
    assert max(limits) == MOST


def test_only_the_columns_that_are_needed_are_asked_for():
    with reading(numbered(3, a="1", b="2")) as (emulator, session):
        assert rows_of(session, Selection(table="things", columns=("b",))) == [("2",)] * 3
    assert emulator.requests[0].query["select"] == "assay_0:b::text,assay_1:id::text"


def test_a_condition_is_sent_with_every_page():
    with reading(numbered(9), most=2) as (emulator, session):
        where = Comparison("id", ">=", 4)
        selection = Selection(table="things", columns=("id",), where=where)
        assert [row[0] for row in rows_of(session, selection)] == [4, 5, 6, 7, 8]
    assert {request.query["id"] for request in emulator.requests} == {"gte.4"}


def test_a_condition_that_never_holds_asks_nothing():
    with reading(numbered(9)) as (emulator, session):
        selection = Selection(table="things", columns=("id",), where=AnyOf(()))
        assert rows_of(session, selection) == []
    assert emulator.requests == []


def test_cells_are_exact():
    row = {
        "id": 9007199254740993,
        "enc": b"\x00\xff",
        "doc": '{"a":1.0,"a":2}',
        "amount": "12345678901234567890.10",
        "ratio": 0.5,
        "ok": True,
        "at": "2026-11-27 06:56:08.200142+00",
        "nothing": None,
    }
    types = {
        "id": "bigint",
        "enc": "bytea",
        "doc": "json",
        "amount": "numeric",
        "ratio": "double precision",
        "ok": "boolean",
        "at": "timestamp with time zone",
        "nothing": "bytea",
    }
    selection = Selection(table="things", columns=tuple(row))
    with reading(Table("things", types, [row], primary=("id",))) as (_, session):
        assert rows_of(session, selection) == [tuple(row.values())]
    with reading(Table("things", types, [row]), key=PUBLISHABLE) as (_, session):
        told = Selection(table="things", columns=tuple(row), binary=frozenset({"enc"}))
        assert rows_of(session, told)[0][:3] == ("9007199254740993", b"\x00\xff", row["doc"])
        assert rows_of(session, selection)[0][1] == "\\x00ff"


def test_what_is_malformed_stays_text():
    rows = [{"id": 1, "enc": "\\xzz", "n": "many"}, {"id": 2, "enc": "plain", "n": "NaN"}]
    types = {"id": "integer", "enc": "bytea", "n": "bigint"}
    with reading(Table("things", types, rows, primary=("id",))) as (_, session):
        selection = Selection(table="things", columns=("enc", "n"))
        assert rows_of(session, selection) == [("\\xzz", "many"), ("plain", "NaN")]


def test_json_can_not_be_ordered_by_and_is_read_all_the_same():
    rows = [{"doc": json.dumps(number)} for number in (3, 1, 2)]
    for key in (SECRET, PUBLISHABLE):
        with reading(Table("things", {"doc": "json"}, rows), key=key, most=2) as (_, session):
            found = rows_of(session, Selection(table="things", columns=("doc",)))
            assert found == [("3",), ("1",), ("2",)]


@pytest.mark.parametrize("value", ["x", "é", "\n", b"\0"])
def test_a_value_that_is_too_long_is_not_given(value):
    type_ = "bytea" if isinstance(value, bytes) else "text"
    rows = [{"id": number, "v": value * number} for number in (1, 100, 101, 500, 2)]
    with reading(Table("things", {"id": "integer", "v": type_}, rows, primary=("id",))) as (_, s):
        found: dict[Any, Any] = dict(
            rows_of(s, Selection(table="things", columns=("id", "v"), largest=100))
        )
    size = len(value if isinstance(value, bytes) else value.encode())
    for number, cell in found.items():
        assert cell == (TooLarge() if number * size > 100 else value * number)


@pytest.mark.parametrize("primary", [("id",), ()])
@pytest.mark.parametrize("order", [("id",), ()])
def test_a_huge_value_costs_its_cell_alone(primary, order):
    rows = [
        {"id": number, "enc": b"x" * (9 * MIB if number == 3 else number), "t": f"t{number}"}
        for number in range(6)
    ]
    table = Table("things", {"id": "integer", "enc": "bytea", "t": "text"}, rows, primary=primary)
    selection = Selection(table="things", columns=("id", "enc", "t"), order=order)
    with reading(table) as (emulator, session):
        found = rows_of(session, selection)
        requests = len(emulator.requests)
    expected = [(r["id"], TooLarge() if r["id"] == 3 else r["enc"], r["t"]) for r in rows]
    assert found == expected
    assert requests <= 15


def test_a_row_that_changes_while_its_parts_are_read_is_a_fault():
    table = Table(
        "things",
        {"id": "integer", "a": "bytea", "b": "text"},
        [{"id": 1, "a": b"x" * (9 * MIB), "b": "b"}],
        primary=("id",),
    )
    with reading(table) as (emulator, session):
        emulator.scripts = [None, None, None, None, None, lambda handler: handler.send(200, "[]")]
        selection = Selection(table="things", columns=("id", "a", "b"))
        found = refused_rows(session, selection)
    assert (found.code, found.values["state"]) == (
        "database-failed",
        "rows that change while they are read",
    )


def test_pages_grow_smaller_with_their_rows():
    table = numbered(300, v="x" * 50_000)
    with reading(table) as (emulator, session):
        assert len(rows_of(session, Selection(table="things", columns=("v",)))) == 300
    assert [int(request.query["limit"]) for request in emulator.requests][1:4] == [20, 20, 20]


REPEATED = json.dumps([{"assay_0": str(number)} for number in range(3)])


@pytest.mark.parametrize("order", [("id",), ()])
@pytest.mark.parametrize("primary", [("id",), ()])
@pytest.mark.parametrize("content_range", ["0-2/*", "odd"])
def test_a_page_that_repeats_is_told(order, primary, content_range):
    with reading(numbered(9, primary=primary)) as (emulator, session):
        emulator.always = lambda handler: handler.send(200, REPEATED, Content_Range=content_range)
        found = refused_rows(session, Selection(table="things", columns=("id",), order=order))
    assert (found.code, found.values["table"]) == ("database-page-repeated", "things")
    assert len(emulator.requests) < 4


def test_pages_that_take_turns_are_told():
    pages = [json.dumps([{"assay_0": str(number)}]) for number in (1, 2, 1)]
    with reading(numbered(9)) as (emulator, session):
        emulator.scripts = [lambda handler, page=page: handler.send(200, page) for page in pages]
        found = refused_rows(session, Selection(table="things", columns=("id",)))
    assert found.code == "database-page-repeated"


def test_rows_that_are_all_alike_are_not_taken_for_a_page_that_repeats():
    table = Table("things", {"t": "text"}, [{"t": "same"}] * 9)
    for order in ((), ("t",)):
        with reading(table, most=2) as (_, session):
            found = rows_of(session, Selection(table="things", columns=("t",), order=order))
            assert found == [("same",)] * 9


def test_row_level_security_gives_no_rows_and_no_fault():
    table = numbered(3)
    table.hidden = frozenset({"anon"})
    with reading(table, key=PUBLISHABLE) as (_, session):
        assert rows_of(session, Selection(table="things", columns=("id",))) == []


def test_what_was_read_before_a_fault_stays():
    with reading(numbered(9), most=4) as (emulator, session):
        pages = session.pages(Selection(table="things", columns=("id",)))
        assert len(next(pages)) == 4
        emulator.always = lambda handler: handler.send(502, "<html>", "text/html")
        with pytest.raises(Exception, match="database-gateway"):
            next(pages)


def test_a_view_that_shows_a_key_in_several_rows_loses_none():
    rows = [{"id": number // 3, "t": str(number)} for number in range(12)]
    view = Table("things", {"id": "integer", "t": "text"}, rows, primary=("id",), view=True)
    for order in ((), ("id",)):
        with reading(view, most=2) as (_, session):
            found = rows_of(session, Selection(table="things", columns=("t",), order=order))
            assert sorted(found) == sorted((row["t"],) for row in rows)


def test_an_offset_behind_the_last_row_is_the_end():
    body = json.dumps({"code": "PGRST103", "message": "Requested range not satisfiable"})
    with reading(numbered(3, primary=())) as (emulator, session):
        emulator.scripts = [None, lambda handler: handler.send(416, body)]
        assert len(rows_of(session, Selection(table="things", columns=("id",)))) == 3
        emulator.scripts = [lambda handler: handler.send(416, body)]
        refused_rows(session, Selection(table="things", columns=("id",)))


@pytest.mark.parametrize("name", ["a b", "é?x=1", "100%", "a#b", "a&b", "Ünïcode", "..a"])
def test_tables_may_have_any_name(name):
    table = Table(name, {"id": "integer"}, [{"id": 1}], primary=("id",))
    with reading(table) as (_, session):
        assert rows_of(session, Selection(table=name, columns=("id",))) == [(1,)]


def test_an_empty_table_has_no_pages():
    with reading(numbered(0)) as (_, session):
        assert list(session.pages(Selection(table="things", columns=("id",)))) == []
