"""Nothing that assay does can change a database: the server's own statistics say so."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.databases.sessions import opened, rows_of, unchained

from assay.databases.guard import reads_only
from assay.databases.model import Comparison, Selection
from assay.databases.trouble import DatabaseTrouble

ACTIVITY = """
SELECT tup_inserted, tup_updated, tup_deleted, temp_files FROM pg_stat_database
WHERE datname = current_database()
"""
TABLES = """
SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables ORDER BY relname
"""
OTHERS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
NEXT_TRANSACTION = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
"""The number of the next transaction that writes: it grows with every one that does."""


@pytest.fixture
def filled(database):
    database.execute(
        "CREATE SEQUENCE numbers",
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "CREATE TABLE loose (v text)",
        "INSERT INTO t SELECT i, 'v' FROM generate_series(1, 1500) i",
        "INSERT INTO loose SELECT 'v' FROM generate_series(1, 150)",
        """CREATE FUNCTION sly() RETURNS int LANGUAGE plpgsql AS
            'BEGIN INSERT INTO public.loose VALUES (''sly''); RETURN 1; END'""",
        "CREATE VIEW writing AS SELECT sly() AS v",
        "CREATE VIEW counting AS SELECT nextval('numbers') AS v",
        "GRANT ALL ON ALL TABLES IN SCHEMA public TO anon",
        "SELECT pg_stat_force_next_flush()",  # else it is counted when the connection has gone
    )
    return database


def statistics(database):
    """The counts once every session is over: each adds its own when it ends, a moment after."""
    until = time.monotonic() + 30
    while database.rows(OTHERS) != [(0,)]:
        assert time.monotonic() < until
    rows = database.rows(TABLES)
    return (database.rows(ACTIVITY), rows, database.rows(NEXT_TRANSACTION))


def test_looking_changes_nothing_by_the_servers_own_count(filled):
    before = statistics(filled)
    with opened(filled.url()) as session:
        session.structure()
        session.structure("private")
        where = Comparison("v", "==", "v")
        for order in (("id",), ()):
            selection = Selection(table="t", columns=("v",), order=order, where=where)
            assert len(rows_of(session, selection)) == 1500
        assert len(rows_of(session, Selection(table="loose", columns=("v",)))) == 150
        assert all(session.structure().tables["t"].may.values())
    assert statistics(filled) == before


@pytest.mark.parametrize("view", ["writing", "counting"])
def test_a_view_that_writes_is_refused_by_the_server(filled, view):
    before = statistics(filled)
    with opened(filled.url()) as session, pytest.raises(DatabaseTrouble) as caught:
        rows_of(session, Selection(table=view, columns=("v",)))
    # read_only_sql_transaction
    assert caught.value.refused.values["state"].startswith("25006, ")
    unchained(caught.value)
    assert statistics(filled) == before


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO loose VALUES ('x')",
        "UPDATE t SET v = 'x'",
        "DELETE FROM t",
        "DROP TABLE t",
        "WITH gone AS (DELETE FROM t RETURNING 1) SELECT * FROM gone",
        "SELECT 1; DELETE FROM t",
        "SELECT * INTO other FROM t",
        "SELECT nextval('numbers')",
        "SET default_transaction_read_only = off",
        "COMMIT",
        "CALL x()",
        "DO $$ BEGIN END $$",
    ],
)
def test_what_writes_is_not_even_sent(filled, statement):
    before = statistics(filled)
    with opened(filled.url()) as session, pytest.raises(DatabaseTrouble) as caught:
        session.ask(lambda connection: connection.exec_driver_sql(statement))  # type: ignore[attr-defined]
    assert caught.value.refused.values["state"] == "WriteRefusedError"
    assert statistics(filled) == before


def test_the_transaction_itself_can_not_write(filled):
    import psycopg

    with opened(filled.url()) as session:
        raw = session._engine.raw_connection()  # type: ignore[attr-defined]
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            raw.driver_connection.execute("INSERT INTO loose VALUES ('x')")
        raw.close()


def test_nothing_is_left_in_the_session_for_the_next_client_of_a_pooler(filled):
    with opened(filled.url()) as session:
        raw = session._engine.raw_connection()  # type: ignore[attr-defined]
        query = "SELECT name, setting FROM pg_settings WHERE source = 'session'"
        before = raw.driver_connection.execute(query).fetchall()
        raw.driver_connection.rollback()
        raw.close()
        session.structure()
        rows_of(session, Selection(table="t", columns=("v",), order=("id",)))
        raw = session._engine.raw_connection()  # type: ignore[attr-defined]
        assert raw.driver_connection.execute(query).fetchall() == before
        prepared = raw.driver_connection.execute("SELECT count(*) FROM pg_prepared_statements")
        assert prepared.fetchone() == (0,)
        raw.close()
    assert "default_transaction_read_only" not in dict(before)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1",
        "  (select 1) union (select 2);",
        "WITH a AS (SELECT 'delete; drop') SELECT \"update\" FROM a -- insert",
        "SHOW server_version",
        "SHOW CREATE TABLE `t`",
        "SET LOCAL statement_timeout = 1",
        "SET TRANSACTION READ ONLY",
        "SET SESSION TRANSACTION READ ONLY",
        "PRAGMA table_info('x')",
        'PRAGMA main.table_xinfo("t")',
        "PRAGMA foreign_keys",
        "SAVEPOINT sa_savepoint_1",
        "ROLLBACK TO SAVEPOINT sa_savepoint_1",
        "EXPLAIN SELECT 1",
    ],
)
def test_what_reads_is_let_through(statement):
    assert reads_only(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "",
        "PRAGMA journal_mode = delete",
        "PRAGMA query_only(0); SELECT 1",
        "SET GLOBAL x = 1",
        "EXPLAIN ANALYZE DELETE FROM t",
        "SELECT 1 /* ; */ ; UPDATE t SET a = 1",
        "SELECT * FROM t FOR UPDATE",
        "COPY t TO PROGRAM 'x'",
        "VACUUM",
        "ATTACH 'x' AS y",
    ],
)
def test_what_does_not_only_read_is_stopped(statement):
    assert not reads_only(statement)


@given(st.text(max_size=50))
def test_any_text_may_be_a_statement(text):
    assert isinstance(reads_only(text), bool)
    assert not reads_only(f"DELETE {text}")
