"""SQLite files: what they hold, their rows, and what is wrong with files that are none."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import tracemalloc
from contextlib import closing
from hashlib import sha256

import msgspec
import pytest
import sqlalchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.databases.sessions import reach, rows_of, unchained

from assay.databases import rows as rows_module
from assay.databases.model import (
    AnyOf,
    Comparison,
    FoundForeignKey,
    FoundIndex,
    Not,
    Selection,
    TooLarge,
)
from assay.databases.sqlite.backend import Sqlite
from assay.databases.sqlite.structure import checks_in
from assay.databases.trouble import DatabaseTrouble
from assay.databases.url_backend import Sql

TABLES = """
CREATE TABLE tenants (
    id INTEGER PRIMARY KEY,
    name VARCHAR(40) NOT NULL UNIQUE,
    "odd ""name" TEXT DEFAULT 'a,b)',
    shout TEXT GENERATED ALWAYS AS (upper(name)) STORED,
    CONSTRAINT "short ""one" CHECK (length(name) < 40 AND name <> ')'), -- CHECK (no)
    CHECK(id > 0)
);
CREATE TABLE credentials (
    environment TEXT NOT NULL,
    tenant_id INTEGER NOT NULL REFERENCES tenants ON DELETE CASCADE,
    secret BLOB,
    PRIMARY KEY (tenant_id, environment)
) WITHOUT ROWID;
CREATE TABLE others (a TEXT, b TEXT, c TEXT,
    FOREIGN KEY (b, a) REFERENCES credentials (environment, tenant_id));
CREATE INDEX by_lower ON others (lower(a), b);
CREATE UNIQUE INDEX one ON others (a, b);
CREATE UNIQUE INDEX some ON others (c) WHERE c <> 'x';
CREATE VIEW names AS SELECT name FROM tenants;
CREATE VIRTUAL TABLE words USING fts5(word);
"""


def write(path, *scripts):
    with closing(sqlite3.connect(path)) as made:
        for script in scripts:
            made.executescript(script)


@pytest.fixture
def path(tmp_path):
    write(tmp_path / "app.db", TABLES)
    return tmp_path / "app.db"


def session_of(path, *, seconds=5.0):
    backend = Sqlite(path=path.name)
    return closing(backend.open({}, reach(root=str(path.parent), seconds=seconds)))


def refusal_of(path, *, seconds=5.0):
    with pytest.raises(DatabaseTrouble) as caught, session_of(path, seconds=seconds):
        pass
    unchained(caught.value)
    assert caught.value.refused.values["host"] == path.name
    return caught.value.refused


def test_columns_keys_and_checks_are_told(path):
    with session_of(path) as session:
        tables = session.structure().tables
        assert session.connected.dialect == "sqlite"
    tenants = tables["tenants"]
    assert {
        c.name: (c.type, c.nullable, c.default, c.generated) for c in tenants.columns.values()
    } == {
        "id": ("integer", False, None, True),
        "name": ("varchar(40)", False, None, False),
        'odd "name': ("text", True, "'a,b)'", False),
        "shout": ("text", True, None, True),
    }
    assert tenants.primary_key == ("id",)
    assert tenants.unique == (("name",),)
    assert tables["credentials"].primary_key == ("tenant_id", "environment")
    assert tables["credentials"].foreign_keys == (
        FoundForeignKey(
            columns=("tenant_id",), table="tenants", targets=("id",), on_delete="cascade"
        ),
    )
    assert tables["others"].foreign_keys[0].targets == ("environment", "tenant_id")
    assert [(c.name, c.expression) for c in tenants.checks] == [
        ('short "one', "length(name) < 40 AND name <> ')'"),
        ("", "id > 0"),
    ]


def test_indexes_are_told(path):
    with session_of(path) as session:
        tables = session.structure("main").tables
    assert tables["others"].indexes == (
        FoundIndex(name="by_lower", columns=("lower(a)", "b")),
        FoundIndex(name="one", columns=("a", "b"), unique=True),
        FoundIndex(name="some", columns=("c",), unique=True, partial=True),
    )
    assert tables["others"].unique == (("a", "b"),)
    assert tables["tenants"].indexes == ()
    assert tables["names"].sort == "view"
    assert list(tables["names"].columns) == ["name"]
    assert list(tables["words"].columns) == ["word"]
    nothing = dict.fromkeys(tables["tenants"].may, False)
    changes = dict.fromkeys(("insert", "update", "delete"), True)
    assert tables["tenants"].may == {**nothing, **changes, "select": True}
    assert tables["names"].may == {**nothing, "select": True}


def test_who_may_not_write_the_file_may_only_read_its_tables(path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda place, _mode: not str(place).endswith(".db"))
    with session_of(path) as session:
        may = session.structure().tables["tenants"].may
    assert [privilege for privilege, allowed in may.items() if allowed] == ["select"]


def test_another_schema_than_that_of_the_file_is_refused(path):
    with session_of(path) as session, pytest.raises(DatabaseTrouble) as caught:
        session.structure("public")
    assert caught.value.refused.code == "database-schema-not-exposed"


def test_the_number_of_queries_does_not_grow_with_the_tables(path):
    counts, tables = [], {}
    for count in (0, 200):
        write(
            path,
            "BEGIN;"
            + "".join(f"CREATE TABLE t{i} (id REFERENCES t0);" for i in range(count))
            + "COMMIT",
        )
        sent: list[str] = []
        with session_of(path) as session:
            sqlalchemy.event.listen(
                session._engine,
                "before_cursor_execute",
                lambda *all_of_it, sent=sent: sent.append(all_of_it[2]),
            )
            tables = dict(session.structure().tables)
            counts.append(len(sent))
    assert "t199" in tables
    assert counts[0] == counts[1] <= 5


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("CREATE TABLE t (a CHECK (a > 0))", [("", "a > 0")]),
        ("CREATE TABLE t (a, CONSTRAINT [x y] CHECK ((a) > (1)))", [("x y", "(a) > (1)")]),
        ("CREATE TABLE t (a /* CHECK (1) */ DEFAULT 'CHECK (2)')", []),
        ('CREATE TABLE "check" (a)', []),
        ("CREATE TABLE t (a CHECK (a", [("", "a")]),
        ("", []),
    ],
)  # fmt: skip
def test_checks_are_read_from_what_created_the_table(sql, expected):
    assert [(check.name, check.expression) for check in checks_in(sql)] == expected


@given(st.text("CHECKcheck ()'\"`[]-/*\nax,", max_size=60))
def test_any_text_may_have_created_the_table(text):
    list(checks_in(text))


def test_cells_come_as_they_are_stored(path):
    write(path, "CREATE TABLE c (id INTEGER PRIMARY KEY, t TEXT, b BLOB, n NUMERIC)")
    with closing(sqlite3.connect(path)) as made:
        made.execute("INSERT INTO c VALUES (1, 'ä', ?, 1.5)", (b"\0\xff",))
        made.execute("INSERT INTO c VALUES (2, CAST(x'e4ff' AS TEXT), 'text', 7)")
        made.execute("INSERT INTO c VALUES (3, ?, NULL, 'x')", (b"\1",))
        made.commit()
    with session_of(path) as session:
        rows = rows_of(session, Selection(table="c", columns=("t", "b", "n"), order=("id",)))
    assert rows == [("ä", b"\0\xff", 1.5), (b"\xe4\xff", "text", 7), (b"\1", None, "x")]


def test_keys_that_are_no_text_lose_no_rows(path, monkeypatch):
    monkeypatch.setattr(rows_module, "ROWS", 2)
    write(path, "CREATE TABLE k (a TEXT NOT NULL, b INT NOT NULL, PRIMARY KEY (a, b))")
    with closing(sqlite3.connect(path)) as made:
        for text in ("61", "e4ff", "e5", "ff", "7a", "c3a4"):
            made.execute(f"INSERT INTO k VALUES (CAST(x'{text}' AS TEXT), 1), (x'{text}', 2)")
        made.commit()
    with session_of(path) as session:
        rows = rows_of(session, Selection(table="k", columns=("b",), order=("a", "b")))
    assert sorted(rows) == [(1,)] * 6 + [(2,)] * 6


@pytest.mark.parametrize(
    ("table", "order"),
    [
        ("CREATE TABLE k (a INTEGER PRIMARY KEY, b)", ("a",)),
        ("CREATE TABLE k (a, b)", ()),
        ("CREATE TABLE k (a, b)", ("b",)),
        ("CREATE TABLE k (a TEXT PRIMARY KEY, b)", ("a",)),  # which may be NULL
        ("CREATE TABLE k (a NOT NULL UNIQUE, b)", ("a",)),
        ("CREATE TABLE k (a, b UNIQUE)", ("b",)),
        ("CREATE TABLE x (a, b); CREATE VIEW k AS SELECT * FROM x", ("a",)),
        (
            "CREATE TABLE k (a INT NOT NULL, b NOT NULL, PRIMARY KEY (b, a)) WITHOUT ROWID",
            ("a", "b"),
        ),
    ],
)
def test_all_rows_come_once_whatever_the_key(path, table, order, monkeypatch):
    monkeypatch.setattr(rows_module, "ROWS", 7)
    monkeypatch.setattr(rows_module, "STREAMED", 7)
    write(path, table)
    target = "x" if "VIEW" in table else "k"
    with closing(sqlite3.connect(path)) as made:
        made.executemany(f"INSERT INTO {target} VALUES (?, ?)", [(i, -i) for i in range(50)])
        if "NOT NULL" not in table and "INTEGER" not in table:
            made.execute(f"INSERT INTO {target} VALUES (NULL, NULL), (NULL, NULL)")
        made.commit()
    with session_of(path) as session:
        pages = list(session.pages(Selection(table="k", columns=("a",), order=order)))
    found = [row[0] for page in pages for row in page if row[0] is not None]
    assert sorted(int(each) for each in found) == list(range(50))
    assert len(pages) > 5


def test_long_values_stay_where_they_are(path):
    write(
        path,
        "CREATE TABLE f (id INTEGER PRIMARY KEY, v)",
        "INSERT INTO f VALUES (1, zeroblob(50000000)), (2, x'00'), (3, printf('%.300s', ''))",
    )
    with session_of(path) as session:
        tracemalloc.start()
        try:
            rows = rows_of(session, Selection(table="f", columns=("v",), order=("id",)))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert isinstance(rows[0][0], TooLarge)
        assert rows[1] == (b"\0",)
        assert peak < 4_000_000
        many = Selection(table="f", columns=("v",), order=("id",), largest=10**8)
        assert [len(page) for page in session.pages(many)] == [1, 2]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (Comparison("name", "==", "a"), {1}),
        (Comparison("name", "in", ("a", "b")), {1, 2}),
        (Not(Comparison("name", "==", "a")), {2}),
        (AnyOf((Comparison("id", ">", 1), Comparison("name", "==", "'; DROP TABLE x"))), {2}),
        (Comparison("id", "==", True), {1}),
        (Comparison("name", "==", 5), set()),
        (Comparison('odd "name', "!=", None), {1, 2}),
    ],
)
def test_conditions_choose_rows(path, where, expected):
    write(path, "INSERT INTO tenants (id, name) VALUES (1, 'a'), (2, 'b')")
    selection = Selection(table="tenants", columns=("id",), order=("id",), where=where)
    with session_of(path) as session:
        assert {row[0] for row in rows_of(session, selection)} == expected


@pytest.mark.parametrize(
    ("selection", "code"),
    [
        (Selection(table="nowhere", columns=("a",)), "database-table-not-found"),
        (Selection(table="tenants", schema="x", columns=("id",)), "database-table-not-found"),
        (Selection(table="tenants", columns=("nowhere",)), "database-failed"),
        (
            Selection(table="tenants", columns=("id",), where=Comparison("id", "==", 2**70)),
            "database-failed",
        ),
    ],
)
def test_what_can_not_be_asked_is_a_trouble(path, selection, code):
    with session_of(path) as session, pytest.raises(DatabaseTrouble) as caught:
        rows_of(session, selection)
    assert caught.value.refused.code == code
    unchained(caught.value)


def test_an_endless_answer_is_cut_off(path):
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    write(path, f"CREATE VIEW endless AS SELECT max(i) AS i FROM ({endless})")
    with session_of(path, seconds=0.2) as session, pytest.raises(DatabaseTrouble) as caught:
        rows_of(session, Selection(table="endless", columns=("i",)))
    assert caught.value.refused.code == "database-timed-out"


def test_a_file_that_is_not_there_is_missing(tmp_path):
    assert refusal_of(tmp_path / "no.db").code == "database-file-missing"
    (tmp_path / "file").write_text("")
    backend = Sqlite(path="file/no.db")
    with pytest.raises(DatabaseTrouble) as caught:
        backend.open({}, reach(root=str(tmp_path)))
    assert caught.value.refused.code == "database-file-missing"
    assert not (tmp_path / "no.db").exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"id,name\n1,x\n", "it is not a SQLite database"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        (bytes(sha256(bytes([i])).digest()[0] for i in range(256)) * 16, "encrypted"),
        (b"SQLite format 3\0" + b"\xff" * 4080, "not a SQLite database"),
    ],
)
def test_what_is_no_database_is_said(tmp_path, content, reason):
    (tmp_path / "x.db").write_bytes(content)
    why = refusal_of(tmp_path / "x.db")
    assert why.code == "database-file-unreadable"
    assert reason in why.values["reason"]


def test_a_damaged_database_is_said_to_be(path):
    write(path, 'INSERT INTO tenants (name) SELECT value FROM json_each(\'["a","b"]\')')
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xee" * (len(data) - 4096)
    path.write_bytes(data)
    with session_of(path) as session, pytest.raises(DatabaseTrouble) as caught:
        rows_of(session, Selection(table="tenants", columns=("id",), order=("id",)))
    assert caught.value.refused.values["reason"] == "it is damaged"


def test_a_folder_and_a_pipe_are_no_files(tmp_path):
    (tmp_path / "folder.db").mkdir()
    assert refusal_of(tmp_path / "folder.db").values["reason"] == "it is a folder"
    os.mkfifo(tmp_path / "pipe.db")
    assert "pipe" in refusal_of(tmp_path / "pipe.db").values["reason"]


def test_a_name_with_a_nul_is_no_name(tmp_path):
    with pytest.raises(DatabaseTrouble) as caught:
        Sqlite(path="a\0b").open({}, reach(root=str(tmp_path)))
    assert "NUL" in caught.value.refused.values["reason"]


def test_an_empty_file_is_a_database_without_tables(tmp_path):
    (tmp_path / "x.db").write_bytes(b"")
    with session_of(tmp_path / "x.db") as session:
        assert session.structure().tables == {}


def test_a_locked_file_is_waited_for_no_longer_than_allowed(path):
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        why = refusal_of(path, seconds=0.2)
    assert why.values["reason"] == "another process keeps it locked"


UNPRIVILEGED = """
import os, sqlite3, sys, tempfile
from assay.databases.base import Reach
from assay.databases.trouble import DatabaseTrouble
from assay.databases.sqlite.backend import Sqlite

def look(path):
    try:
        session = Sqlite(path=path).open({}, Reach(root="/"))
        found = session.structure().tables
        session.close()
        return " ".join(found)
    except DatabaseTrouble as trouble:
        return trouble.refused.values["reason"]

with tempfile.NamedTemporaryFile() as empty:
    look(empty.name)  # imports what nobody may not read
os.seteuid(65534)
print(look(sys.argv[1]))
"""


def as_nobody(path):
    if os.geteuid():
        pytest.skip("only root can become nobody")
    done = subprocess.run(
        [sys.executable, "-c", UNPRIVILEGED, str(path)], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.fixture
def elsewhere():
    folder = tempfile.mkdtemp(prefix="assay-")
    os.chmod(folder, 0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_file_that_may_not_be_read_says_so(elsewhere):
    path = os.path.join(elsewhere, "app.db")
    write(path, TABLES)
    os.chmod(path, 0o600)
    assert as_nobody(path) == "reading it is not permitted"


def test_a_file_in_wal_mode_is_read_where_nothing_can_be_written(elsewhere):
    path = os.path.join(elsewhere, "app.db")
    write(path, "PRAGMA journal_mode = wal; CREATE TABLE t (id)")
    os.chmod(path, 0o644)
    assert as_nobody(path) == "t"
    with closing(sqlite3.connect(path)) as holder:
        holder.execute("INSERT INTO t VALUES (1)")
        holder.commit()
        os.chmod(f"{path}-shm", 0o600)
        assert "WAL" in as_nobody(path)


def test_reading_leaves_the_file_and_its_folder_alone(tmp_path):
    path = tmp_path / "app.db"
    write(path, "PRAGMA journal_mode = wal", TABLES, "INSERT INTO tenants (name) VALUES ('a')")
    before = (sha256(path.read_bytes()).digest(), path.stat().st_mtime_ns, os.listdir(tmp_path))
    with session_of(path) as session:
        session.structure()
        assert rows_of(session, Selection(table="tenants", columns=("name",), order=("id",)))
        with pytest.raises(DatabaseTrouble):
            session.ask(lambda c: c.exec_driver_sql("INSERT INTO tenants (name) VALUES ('b')"))
        with session._engine.raw_connection() as raw, pytest.raises(sqlite3.OperationalError):
            raw.execute("INSERT INTO tenants (name) VALUES ('b')")
    after = (sha256(path.read_bytes()).digest(), path.stat().st_mtime_ns, os.listdir(tmp_path))
    assert before == after


def test_a_session_may_be_used_by_another_thread(path):
    found = []
    with session_of(path) as session:
        thread = threading.Thread(target=lambda: found.append(session.structure()))
        thread.start()
        thread.join()
    assert found[0].tables


@pytest.mark.parametrize(
    "url", ["sqlite:///app.db", "sqlite:///{0}/app.db", "file:./app.db?mode=ro", "sqlite:app.db"]
)
def test_a_url_may_lead_to_a_file(path, url):
    backend = Sql(url="DATABASE_URL")
    settings = {"DATABASE_URL": url.format(path.parent)}
    with closing(backend.open(settings, reach(root=str(path.parent)))) as session:
        assert "tenants" in session.structure().tables


def test_a_file_of_a_url_is_called_by_the_variable(tmp_path):
    with pytest.raises(DatabaseTrouble) as caught:
        Sql(url="DATABASE_URL").open(
            {"DATABASE_URL": "sqlite:///secret/place.db"}, reach(root=str(tmp_path))
        )
    assert caught.value.refused.code == "database-file-missing"
    assert caught.value.refused.values == {"host": "the file in DATABASE_URL"}


def test_a_file_is_named_in_the_spec():
    assert Sqlite(path="var/app.db").label == "var/app.db"
    assert Sqlite(path="var/app.db").variables == ()
    assert Sql(url="DATABASE_URL").label == "the URL in DATABASE_URL"
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"path": "x", "mode": "rw"}, Sqlite)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    st.lists(
        st.tuples(
            st.one_of(
                st.text(max_size=3),
                st.binary(max_size=3),
                st.integers(-5, 5),
                st.floats(allow_nan=False),
            ),
            st.integers(0, 3),
        ),
        max_size=20,
    )
)
def test_pages_give_what_was_put_in(tmp_path, rows):
    path = tmp_path / "any.db"
    path.unlink(missing_ok=True)
    write(path, "CREATE TABLE t (a NOT NULL, b NOT NULL, PRIMARY KEY (a, b))")
    with closing(sqlite3.connect(path)) as made:
        made.executemany("INSERT OR IGNORE INTO t VALUES (?, ?)", rows)
        made.commit()
        expected = made.execute("SELECT a, b FROM t ORDER BY a, b").fetchall()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows_module, "ROWS", 3)
        with session_of(path) as session:
            found = rows_of(session, Selection(table="t", columns=("a", "b"), order=("a", "b")))
    assert found == expected
