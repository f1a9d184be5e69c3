"""SQLite files that strangers made: what their schema can have assay do."""

from __future__ import annotations

import sqlite3
import time
import tracemalloc
from contextlib import closing

import pytest
from tests.databases.sessions import reach, rows_of

from assay.databases.model import Selection
from assay.databases.sqlite.backend import open_file
from assay.databases.trouble import DatabaseTrouble
from assay.facts import Unobservable

SCHEMA = """
CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT);
INSERT INTO t VALUES (1, 'a');
CREATE VIEW long AS SELECT 1 AS id, zeroblob(900000000) AS v;
CREATE VIEW endless AS WITH RECURSIVE r (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM r)
    SELECT count(*) AS v FROM r;
CREATE VIEW fine AS SELECT upper(v) AS v, hex(randomblob(2)) AS r FROM t;
"""


LEAVING = """
CREATE VIEW loaded AS SELECT load_extension('/tmp/x.so') AS v;
CREATE VIEW token AS SELECT fts3_tokenizer('simple') AS v;
"""


@pytest.fixture
def session(tmp_path):
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as made:
        made.executescript(SCHEMA)
    with closing(open_file(str(path), shown="app.db", reach=reach(seconds=1.0))) as opened:
        yield opened


@pytest.mark.parametrize("view", ["long", "endless", "loaded", "token"])
def test_a_view_that_takes_all_memory_or_time_or_leaves_the_file_is_refused(
    session, tmp_path, view
):
    with closing(sqlite3.connect(tmp_path / "app.db")) as made:
        made.executescript(LEAVING)
    started = time.monotonic()
    with pytest.raises(DatabaseTrouble) as caught:
        rows_of(session, Selection(table=view, columns=("v",)))
    assert time.monotonic() - started < 10
    assert caught.value.refused.code in ("database-failed", "database-timed-out")
    assert len(rows_of(session, Selection(table="fine", columns=("v", "r")))) == 1


def test_tables_beside_such_views_are_read(session):
    assert set(session.structure().tables) >= {"t", "fine"}
    assert rows_of(session, Selection(table="t", columns=("v",), order=("id",))) == [("a",)]


def test_another_file_is_not_attached(session):
    raw = session._engine.raw_connection()
    with pytest.raises(sqlite3.OperationalError, match="too many attached"):
        raw.driver_connection.execute("ATTACH '/etc/passwd' AS other")
    raw.close()


def test_a_small_file_whose_schema_unfolds_is_refused(tmp_path):
    path = tmp_path / "wide.db"
    name = "x" * 100_000
    with closing(sqlite3.connect(path)) as made:
        made.execute(f'CREATE TABLE "{name}" ({", ".join(f"c{n}" for n in range(1500))})')
    with closing(open_file(str(path), shown="wide.db", reach=reach())) as opened:
        tracemalloc.start()
        with pytest.raises(DatabaseTrouble) as caught:
            opened.structure()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert caught.value.refused.values["state"] == "a schema of more than 64 MiB"
    assert peak < 150 * 2**20


def test_the_text_of_an_index_is_read_once(tmp_path):
    path = tmp_path / "index.db"
    parts = ", ".join(f"v + {n}" for n in range(1500))
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE t (v INTEGER)")
        made.execute(f"CREATE INDEX long ON t ({parts}) /* {'x' * 500_000} */")
    with closing(open_file(str(path), shown="index.db", reach=reach())) as opened:
        indexes = opened.structure().tables["t"].indexes
    assert not isinstance(indexes, Unobservable)
    (index,) = indexes
    assert index.columns[-1] == "v + 1499"
