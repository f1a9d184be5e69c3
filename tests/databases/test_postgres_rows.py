"""Rows of PostgreSQL in pages: every type, every size, and what goes wrong on the way."""

from __future__ import annotations

import itertools
import os
import signal
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.databases.sessions import opened, rows_of, unchained

from assay.databases import rows as rows_module
from assay.databases.model import AllOf, AnyOf, Comparison, Not, Selection, TooLarge
from assay.databases.trouble import DatabaseTrouble

MEGA = 2**20


@pytest.fixture(scope="module")
def shared(postgres):
    database = postgres.create()
    database.execute(
        "CREATE EXTENSION citext",
        """CREATE TABLE kinds (
            id int PRIMARY KEY, u uuid, n numeric, f double precision, b bytea, t text, j json,
            jb jsonb, a text[], d date, z timestamptz, i interval, o boolean, c citext, ip inet,
            h char(3), r int4range, p point)""",
        r"""INSERT INTO kinds VALUES
            (1, '00000000-0000-0000-0000-000000000001', 1.50, 0.1, '\x00ff', 'ä', '{"a": 1}',
             '{"b":[1, 2]}', '{x,"y z"}', 'infinity', '2020-01-01 00:00+02', '1 day', true, 'Ci',
             '10.0.0.1', 'ab', '[1,3)', '(1,2)')""",
        "INSERT INTO kinds (id) VALUES (2)",
        """CREATE TABLE pairs (a text, b int, "odd ""col" text, n int, PRIMARY KEY (a, b))""",
        """INSERT INTO pairs SELECT chr(97 + i % 26), i, 'v' || i, nullif(i % 3, 0)
            FROM generate_series(1, 2500) i""",
        "CREATE TABLE loose (a int, b text)",
        "INSERT INTO loose SELECT i % 7, 'x' || i FROM generate_series(1, 350) i",
        "CREATE VIEW pairs_view AS SELECT * FROM pairs",
        "CREATE TABLE fat (id int PRIMARY KEY, v bytea, t text)",
        """INSERT INTO fat SELECT i, convert_to(
            repeat('x', CASE i WHEN 3 THEN 50000000 ELSE 10 END), 'UTF8'),
            CASE i WHEN 4 THEN repeat('ä', 600000) ELSE 'short' END
            FROM generate_series(1, 5) i""",
    )
    yield database
    postgres.drop(database.name)


@pytest.fixture(scope="module")
def session(shared):
    with opened(shared.url()) as made:
        yield made


def test_every_type_comes_as_bytes_number_truth_or_text(session):
    names = ("u", "n", "f", "b", "t", "j", "jb", "a", "d", "z", "i", "o", "c", "ip", "h", "r", "p")
    full, empty = rows_of(session, Selection(table="kinds", columns=names, order=("id",)))
    assert dict(zip(names, full, strict=True)) == {
        "u": "00000000-0000-0000-0000-000000000001",
        "n": "1.50",
        "f": 0.1,
        "b": b"\0\xff",
        "t": "ä",
        "j": '{"a": 1}',
        "jb": '{"b": [1, 2]}',
        "a": '{x,"y z"}',
        "d": "infinity",
        "z": "2019-12-31 22:00:00+00",
        "i": "1 day",
        "o": True,
        "c": "Ci",
        "ip": "10.0.0.1",
        "h": "ab ",
        "r": "[1,3)",
        "p": "(1,2)",
    }
    assert set(empty) == {None}


@pytest.mark.parametrize("table", ["pairs", "pairs_view"])
def test_all_rows_come_once_and_in_order(session, table, monkeypatch):
    monkeypatch.setattr(rows_module, "STREAMED", 64)
    selection = Selection(table=table, columns=("b", 'odd "col'), order=("a", "b"))
    pages = list(session.pages(selection))
    found = [row[0] for page in pages for row in page]
    assert len(pages) > 2
    assert sorted(found) == list(range(1, 2501))
    letters = [(chr(97 + number % 26), number) for number in found]
    assert letters == sorted(letters)


@pytest.mark.parametrize("order", [(), ("a",)])
def test_a_table_without_a_key_is_read_in_one_stream(session, order):
    pages = list(session.pages(Selection(table="loose", columns=("b", "a"), order=order)))
    assert len(pages) > 2
    found = [row for page in pages for row in page]
    assert {text for text, _ in found} == {f"x{i}" for i in range(1, 351)}
    assert len(found) == 350


def test_children_of_a_table_may_have_its_keys_again(database, monkeypatch):
    monkeypatch.setattr(rows_module, "ROWS", 3)
    database.execute(
        "CREATE TABLE parent (id int PRIMARY KEY)",
        "CREATE TABLE child () INHERITS (parent)",
        "INSERT INTO parent SELECT generate_series(1, 10)",
        "INSERT INTO child SELECT generate_series(1, 10)",
    )
    with opened(database.url()) as session:
        rows = rows_of(session, Selection(table="parent", columns=("id",), order=("id",)))
    assert rows == [(i,) for i in range(1, 11) for _ in (1, 2)]


@pytest.mark.parametrize("kind", ["real", "double precision", "numeric", "timestamptz", "bytea"])
def test_any_type_can_be_a_key(database, kind, monkeypatch):
    monkeypatch.setattr(rows_module, "ROWS", 3)
    value = {
        "timestamptz": "'2020-01-01 00:00:00.123456'::timestamptz + i * interval '0.1 s'",
        "bytea": "sha256(i::text::bytea)",
    }.get(kind, f"(i / 10.0)::{kind}")
    database.execute(
        f"CREATE TABLE k (v {kind} PRIMARY KEY, i int)",
        f"INSERT INTO k SELECT {value}, i FROM generate_series(1, 20) i",
    )
    with opened(database.url()) as session:
        rows = rows_of(session, Selection(table="k", columns=("i",), order=("v",)))
    assert sorted(rows) == [(i,) for i in range(1, 21)]


def test_a_page_is_found_by_its_index_and_not_by_sorting(session):
    selection = Selection(table="pairs", columns=("n",), order=("a", "b"))
    shape = session.ask(lambda connection: session._shape(connection, selection))
    statement, values = rows_module.Statements(shape, selection).page(("c", 5))

    def explained(connection):
        for way in ("seqscan", "bitmapscan", "sort"):
            connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        compiled = statement.compile(session._engine)
        parameters = {**compiled.params, **values}
        query = f"EXPLAIN {compiled}"
        return "\n".join(row[0] for row in connection.exec_driver_sql(query, parameters))

    plan = session.ask(explained)
    assert "Index Scan using pairs_pkey" in plan
    assert "Sort" not in plan


def test_an_empty_table_has_no_pages(session):
    none = Comparison("id", "<", 0)
    selection = Selection(table="kinds", columns=("id",), order=("id",), where=none)
    assert list(session.pages(selection)) == []


def test_a_stream_that_is_left_gives_its_connection_back(session):
    for _ in range(10):
        assert next(iter(session.pages(Selection(table="loose", columns=("a",)))))


def test_a_value_that_is_too_long_is_not_fetched(session):
    selection = Selection(table="fat", columns=("id", "v", "t"), order=("id",), largest=MEGA)
    tracemalloc.start()
    try:
        rows = rows_of(session, selection)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [row[0] for row in rows] == [1, 2, 3, 4, 5]
    assert isinstance(rows[2][1], TooLarge)
    assert isinstance(rows[3][2], TooLarge)
    assert rows[0] == (1, b"x" * 10, "short")
    assert peak < 5 * MEGA


def test_a_value_of_fifty_million_bytes_comes_where_it_is_wanted(session):
    selection = Selection(table="fat", columns=("v",), order=("id",), largest=10**8)
    pages = list(session.pages(selection))
    assert sorted(len(value) for page in pages for (value,) in page) == [10, 10, 10, 10, 50_000_000]
    assert len(pages) == 2  # a page ends behind what is long


def test_memory_does_not_grow_with_the_rows(database):
    database.execute(
        "CREATE TABLE long (id int PRIMARY KEY, v text)",
        "INSERT INTO long SELECT i, repeat('x', 20000) FROM generate_series(1, 3000) i",
    )
    with opened(database.url()) as session:
        tracemalloc.start()
        try:
            for order in (("id",), ()):
                count = 0
                for page in session.pages(Selection(table="long", columns=("v",), order=order)):
                    count += len(page)
                    assert sum(len(row[0]) for row in page) <= 9 * MEGA
                assert count == 3000
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 40 * MEGA  # of 60 million bytes


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Comparison("b", "==", 7), {7}),
        (Comparison("b", "<=", 2), {1, 2}),
        (Comparison("b", "in", (3, 9000)), {3}),
        (Comparison("b", "in", ()), set()),
        (Comparison("a", "==", "a'; DROP TABLE pairs; --"), set()),
        (Comparison('odd "col', "==", "v5"), {5}),
        (AllOf((Comparison("b", "<", 4), Not(Comparison("b", "==", 2)))), {1, 3}),
        (AnyOf((Comparison("b", "<", 2), Comparison("b", ">", 2499))), {1, 2500}),
        (AllOf((Comparison("n", "==", None), Comparison("b", "<", 7))), {3, 6}),
        (AllOf((Comparison("n", "!=", 1), Comparison("b", "<", 6))), {2, 3, 5}),
        (AllOf((Not(Comparison("n", "==", 1)), Comparison("b", "<", 6))), {2, 3, 5}),
        (AllOf((Comparison("n", "!=", None), Comparison("b", "<", 4))), {1, 2}),
        (AllOf((Not(Comparison("n", "in", (1,))), Comparison("b", "<", 4))), {2, 3}),
        (AllOf((Comparison("b", ">", 2499.5), AnyOf(()))), set()),
        (AllOf((Comparison("b", ">=", 2499.5), AllOf(()))), {2500}),
    ],
)
def test_conditions_mean_the_same_as_in_the_spec(session, where, expected):
    selection = Selection(table="pairs", columns=("b",), order=("a", "b"), where=where)
    assert {row[0] for row in rows_of(session, selection)} == expected


@pytest.mark.parametrize("value", [True, "x", 2**70, 1.5, float("nan"), "a\0b"])
@pytest.mark.parametrize("column", ["u", "n", "b", "j", "o", "p", "z"])
def test_a_condition_on_another_type_gives_no_rows_or_a_trouble(session, column, value):
    selection = Selection(
        table="kinds", columns=("id",), order=("id",), where=Comparison(column, "==", value)
    )
    fits = (column, value) in {("o", True), ("n", 1.5)}
    try:
        found = rows_of(session, selection)
    except DatabaseTrouble as caught:
        trouble = caught
    else:
        assert found == ([(1,)] if fits else [])
        return
    assert trouble.refused.code == "database-failed"
    unchained(trouble)


@pytest.mark.parametrize(
    ("selection", "code", "more"),
    [
        (Selection(table="nowhere", columns=("a",)), "database-table-not-found", "nowhere"),
        (Selection(table="Pairs", columns=("a",)), "database-table-not-found", "Pairs"),
        (Selection(table="pairs", schema="x", columns=("a",)), "database-table-not-found", "pairs"),
        (Selection(table="pairs", columns=("A",)), "database-failed", "42703"),
        (Selection(table="pairs", columns=("a",), order=("x",)), "database-failed", "42703"),
        (
            Selection(table="pairs", columns=("a",), where=Not(Comparison("x", "==", 1))),
            "database-failed",
            "42703",
        ),
    ],
)
def test_what_is_not_there_is_named(session, selection, code, more):
    with pytest.raises(DatabaseTrouble) as caught:
        rows_of(session, selection)
    assert caught.value.refused.code == code
    assert more in "".join(caught.value.refused.values.values())
    unchained(caught.value)


def test_a_role_without_select_is_denied(database):
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, secret text, open text)",
        "INSERT INTO t VALUES (1, 'c4nary', 'b')",
        "GRANT SELECT (id, open) ON t TO anon",
    )
    with opened(database.url("anon")) as session:
        allowed = Selection(table="t", columns=("open",), order=("id",))
        assert rows_of(session, allowed) == [("b",)]
        with pytest.raises(DatabaseTrouble) as caught:
            rows_of(session, Selection(table="t", columns=("secret",), order=("id",)))
        assert caught.value.refused.code == "database-denied"
        assert caught.value.refused.values["what"] == "rows of t"
        unchained(caught.value)
        assert rows_of(session, allowed) == [("b",)]  # it goes on


def test_rows_that_row_security_hides_are_no_error(database):
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY)",
        "INSERT INTO t VALUES (1)",
        "GRANT SELECT ON t TO anon",
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
    )
    selection = Selection(table="t", columns=("id",), order=("id",))
    with opened(database.url("anon")) as session:
        assert rows_of(session, selection) == []
    with opened(database.url()) as session:
        assert rows_of(session, selection) == [(1,)]


@pytest.mark.parametrize("order", [("id",), ()])
def test_a_connection_that_breaks_in_mid_read_is_named_after_what_came(database, order):
    database.execute(
        "CREATE TABLE t AS SELECT generate_series(1, 2500) AS id",
        "ALTER TABLE t ADD PRIMARY KEY (id)",
    )
    with opened(database.url()) as session:
        pages = session.pages(Selection(table="t", columns=("id",), order=order))
        first = next(pages)
        database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'assay'"
        )
        with pytest.raises(DatabaseTrouble) as caught:
            list(pages)
    assert first
    assert caught.value.refused.code == "database-connection-lost"
    unchained(caught.value)


def test_an_answer_that_takes_too_long_is_cut_off(database):
    database.execute(
        "CREATE VIEW slow AS SELECT 1 AS id, pg_sleep(5)::text AS v",
        "GRANT SELECT ON slow TO anon",
    )
    with opened(database.url("anon"), seconds=1) as session:
        with pytest.raises(DatabaseTrouble) as caught:
            rows_of(session, Selection(table="slow", columns=("v",)))
        assert caught.value.refused.code == "database-timed-out"
        assert caught.value.refused.values["seconds"] == "1"


@pytest.mark.parametrize("order", [("id",), ()])
def test_a_server_that_falls_silent_in_mid_read_is_left(postgres, database, order):
    if postgres.folder is None:
        pytest.skip("the server is elsewhere")
    database.execute(
        "CREATE TABLE t AS SELECT generate_series(1, 2500) AS id",
        "ALTER TABLE t ADD PRIMARY KEY (id)",
    )
    with opened(database.url(), seconds=1) as session:
        pages = session.pages(Selection(table="t", columns=("id",), order=order))
        assert next(pages)
        ((process,),) = database.rows(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'assay'"
        )
        os.kill(process, signal.SIGSTOP)
        try:
            with pytest.raises(DatabaseTrouble) as caught:
                list(pages)
        finally:
            os.kill(process, signal.SIGCONT)
    assert caught.value.refused.code == "database-timed-out"
    unchained(caught.value)


def test_a_lock_is_not_waited_for_longer_than_that(database):
    import psycopg

    database.execute("CREATE TABLE t (id int PRIMARY KEY)")
    with (
        psycopg.connect(database.url()) as holder,
        opened(database.url(), seconds=1) as session,
    ):
        holder.execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(DatabaseTrouble) as caught:
            rows_of(session, Selection(table="t", columns=("id",), order=("id",)))
    assert caught.value.refused.code == "database-timed-out"


def test_a_page_that_repeats_ends_the_reading(session, monkeypatch):
    page = [(1, "a", 1, 0, 0)] * rows_module.ROWS
    monkeypatch.setattr(rows_module, "_page", lambda *_: (page, 10**9))
    pages = session.pages(Selection(table="pairs", columns=("b",), order=("a", "b")))
    assert next(pages)
    with pytest.raises(DatabaseTrouble) as caught:
        next(pages)
    assert caught.value.refused.code == "database-page-repeated"
    assert caught.value.refused.values["table"] == "pairs"


def test_a_database_without_an_encoding_gives_bytes_where_there_is_no_text(postgres):
    name = "assay_ascii"
    postgres.database("postgres").execute(
        f"CREATE DATABASE {name} ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0"
    )
    database = postgres.database(name)
    try:
        database.execute(
            "CREATE TABLE t (id int PRIMARY KEY, v text)",
            r"INSERT INTO t VALUES (1, 'plain'), (2, E'\xe4\xff')",
        )
        with opened(database.url()) as session:
            selection = Selection(table="t", columns=("v",), order=("id",))
            assert rows_of(session, selection) == [("plain",), (b"\xe4\xff",)]
    finally:
        postgres.drop(name)


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4),
            st.integers(-9, 9),
        ),
        unique=True,
        max_size=30,
    )
)
def test_pages_of_any_size_give_what_was_put_in(shared, keys):
    shared.execute(
        'DROP TABLE IF EXISTS "any"', 'CREATE TABLE "any" (a text, b int, PRIMARY KEY (b, a))'
    )
    import psycopg

    with psycopg.connect(shared.url()) as connection:
        connection.cursor().executemany('INSERT INTO "any" VALUES (%s, %s)', keys)
        connection.commit()
    sizes = itertools.cycle([1, 2, 5])
    with opened(shared.url()) as session, pytest.MonkeyPatch.context() as patch:
        size = next(sizes)
        patch.setattr(rows_module, "ROWS", size)
        found = rows_of(session, Selection(table="any", columns=("a", "b"), order=("b", "a")))
    assert sorted(found) == sorted(keys)
