"""What SQLAlchemy's reflection tells, tried on SQLite, which has most of what others have."""

from __future__ import annotations

import datetime as dt
import decimal
import sqlite3
import uuid
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import create_engine
from tests.databases.postgres import free_port
from tests.databases.sessions import refused, rows_of, unchained

from assay.databases.base import Reach
from assay.databases.model import Comparison, FoundForeignKey, FoundIndex, Selection, TooLarge
from assay.databases.other.session import OtherSession, plain
from assay.databases.trouble import DatabaseTrouble
from assay.databases.urls import DatabaseUrl
from assay.facts import Unobservable

TABLES = """
CREATE TABLE tenants (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL,
    n NUMERIC(10, 2) DEFAULT 1.5, CHECK (n > 0), UNIQUE (name));
CREATE TABLE rights (tenant INTEGER NOT NULL, what TEXT NOT NULL,
    PRIMARY KEY (tenant, what), FOREIGN KEY (tenant) REFERENCES tenants (id) ON DELETE CASCADE);
CREATE INDEX by_what ON rights (what);
CREATE UNIQUE INDEX only ON rights (what, tenant);
CREATE VIEW names AS SELECT name FROM tenants;
INSERT INTO tenants (name) VALUES ('a'), ('b'), ('c');
"""


@pytest.fixture
def session(tmp_path):
    path = tmp_path / "app.db"
    with closing(sqlite3.connect(path)) as made:
        made.executescript(TABLES)
    made_of = create_engine(f"sqlite:///{path}")
    with closing(OtherSession(made_of, host="h:1", seconds=5.0)) as session:
        session.greet(DatabaseUrl("mysql://me:c4nary@h/app"))
        yield session


def test_tables_are_reflected(session):
    structure = session.structure()
    tables = structure.tables
    assert session.connected.role == "me"
    assert {
        c.name: (c.type, c.nullable, c.default) for c in tables["tenants"].columns.values()
    } == {
        "id": ("integer", True, None),
        "name": ("varchar(40)", False, None),
        "n": ("numeric(10, 2)", True, "1.5"),
    }
    assert tables["tenants"].unique == (("name",),)
    assert tables["tenants"].checks[0].expression == "n > 0"
    assert tables["rights"].primary_key == ("tenant", "what")
    assert tables["rights"].foreign_keys == (
        FoundForeignKey(columns=("tenant",), table="tenants", targets=("id",), on_delete="cascade"),
    )
    assert tables["rights"].indexes == (
        FoundIndex(name="by_what", columns=("what",)),
        FoundIndex(name="only", columns=("what", "tenant"), unique=True),
    )
    assert tables["rights"].unique == (("what", "tenant"),)
    assert tables["names"].sort == "view"


def test_rights_are_not_guessed(session):
    table = session.structure("main").tables["tenants"]
    assert isinstance(table.grants, Unobservable)
    assert all(isinstance(told, Unobservable) for told in table.may.values())


def test_a_schema_that_does_not_exist_is_refused(session):
    with pytest.raises(DatabaseTrouble) as caught:
        session.structure("nowhere")
    assert caught.value.refused.values["exposed"] == "main"


@pytest.mark.parametrize("order", [("name",), ()])
def test_rows_come_in_pages(session, order):
    where = Comparison("name", "in", ("a", "c"))
    selection = Selection(table="tenants", columns=("name", "n"), order=order, where=where)
    assert rows_of(session, selection) == [("a", 1.5), ("c", 1.5)]


def test_keys_of_several_columns_are_compared_one_by_one_where_rows_can_not_be(
    session, monkeypatch
):
    from assay.databases import rows
    from assay.databases.other import session as other_session

    monkeypatch.setattr(other_session, "_ROW_VALUES", frozenset())
    monkeypatch.setattr(rows, "ROWS", 2)
    with session._engine.begin() as connection, closing(connection.connection.cursor()) as cursor:
        cursor.execute("INSERT INTO rights SELECT t.id, n.name FROM tenants t, tenants n")
    selection = Selection(table="rights", columns=("tenant", "what"), order=("tenant", "what"))
    assert rows_of(session, selection) == [(i, name) for i in (1, 2, 3) for name in "abc"]


def test_what_is_not_there_is_named(session):
    with pytest.raises(DatabaseTrouble) as caught:
        rows_of(session, Selection(table="nowhere", columns=("a",)))
    assert caught.value.refused.code == "database-table-not-found"
    unchained(caught.value)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (1045, "database-wrong-password"),
        (1049, "database-not-found"),
        (1040, "database-overloaded"),
        (1142, "database-denied"),
        (2013, "database-connection-lost"),
        (3159, "database-tls-failed"),
        (3024, "database-timed-out"),
        (9999, "database-failed"),
    ],
)
def test_errors_are_known_by_their_numbers(session, number, code):
    told = session.trouble(RuntimeError(number, "c4nary"))
    assert told.refused.code == code
    assert "c4nary" not in repr(told.refused)


def test_values_come_as_bytes_numbers_or_texts():
    cells = (b"x", memoryview(b"x"), bytearray(b"x"), decimal.Decimal("1.50"), {"a": 1}, None, True)
    assert [plain(cell) for cell in cells] == [b"x", b"x", b"x", "1.50", '{"a": 1}', None, True]
    assert plain(uuid.UUID(int=1)) == "00000000-0000-0000-0000-000000000001"
    assert plain(dt.date(2020, 1, 2)) == "2020-01-02"
    assert isinstance(plain(TooLarge()), TooLarge)


def test_a_server_that_is_not_there_is_told_apart_before_its_driver_is_asked(monkeypatch):
    from assay.databases.other import connection as others

    monkeypatch.setattr(others, "find_spec", lambda _: True)
    port = free_port()
    assert refused(f"mysql://u:p@127.0.0.1:{port}/x").code == "database-connection-refused"
    assert refused("mssql://u:p@db.invalid/x").code == "database-name-not-resolved"


@pytest.mark.parametrize("maker", ["mysql", "mssql", "oracle"])
def test_every_driver_is_given_a_limit(maker):
    from assay.databases.other.connection import MAKERS

    assert all("timeout" in name for driver in MAKERS[maker].drivers for name in driver.limits)
    assert all(driver.limits for driver in MAKERS[maker].drivers)


def test_no_driver_sends_files_or_the_password_in_clear(monkeypatch):
    from assay.databases.other import connection as others

    for driver in others.MAKERS["mysql"].drivers:
        assert [bool(value) for key, value in driver.guards.items() if "infile" in key] == [False]
        given: dict[str, Any] = {}
        monkeypatch.setattr(others, "guarded", lambda _url, given=given, **more: given.update(more))
        url = DatabaseUrl("mysql://me@127.0.0.1/app")
        others._engine("mysql", driver, others.MAKERS["mysql"], url, Reach(root="."))
        clear = given["connect_args"].get("auth_plugin_map", {})
        assert ("dialog" in clear) == (driver.name == "pymysql")
        for refuse in clear.values():
            with pytest.raises(DatabaseTrouble) as caught:
                refuse(object())
            assert "in the clear" in caught.value.refused.values["state"]


def test_a_driver_that_fails_is_not_quoted(monkeypatch, tmp_path):
    from assay.databases.other import connection as others

    sqlite = others.Maker(1, (others.Driver("pysqlite", "sqlite3", "sqlite3", ("tcp_timeout",)),))
    monkeypatch.setattr(others, "MAKERS", {"sqlite": sqlite})
    monkeypatch.setattr(others, "_ALIASES", {"mysql": "sqlite"})
    why = refused("mysql:///c4nary?charset=c4nary")
    assert why.code == "database-failed"
    assert why.values["state"] == "TypeError"  # SQLite knows no limits of a network
    assert "c4nary" not in repr(why)
