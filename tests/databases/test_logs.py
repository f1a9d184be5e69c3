"""Whatever an application logs, neither rows nor keys nor passwords are among it."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.databases import projects
from tests.databases.emulated import Table
from tests.databases.emulator import SECRET, emulated

from assay.databases.base import Reach, Session
from assay.databases.model import Selection
from assay.databases.sqlite.backend import Sqlite
from assay.databases.trouble import DatabaseTrouble
from assay.databases.url_backend import Sql

if TYPE_CHECKING:
    from pathlib import Path

    from tests.databases.postgres import Database

CANARY = "9fK2mQ7xT4vL8wR3pZ6y"
PASSWORD = "Lh2sV9cX4mB7nQ5t"
ROWS = Selection(table="rows", columns=("id", "secret"), order=("id",))


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """An application that logs all there is, SQLAlchemy's rows among it."""
    for name in ("", "sqlalchemy", "httpx", "httpcore", "psycopg"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


def read(session: Session) -> None:
    """Read all that a session gives, as far as it goes."""
    with closing(session):
        session.structure()
        assert any(CANARY in row for page in session.pages(ROWS) for row in page)


def keeps_silent(logs: pytest.LogCaptureFixture, *secrets: str) -> None:
    """Nothing of SQLAlchemy is logged, whose statements have values beside them, and no secret."""
    assert [each for each in logs.records if each.name.startswith("sqlalchemy")] == []
    assert [secret for secret in (CANARY, *secrets) if secret in logs.text] == []


def test_nothing_of_sqlite_is_logged(tmp_path: Path, logs):
    with closing(sqlite3.connect(tmp_path / "app.db")) as database:
        database.execute("CREATE TABLE rows (id INTEGER PRIMARY KEY, secret TEXT)")
        database.execute("INSERT INTO rows VALUES (1, ?)", (CANARY,))
        database.commit()
    read(Sqlite(path="app.db").open({}, Reach(root=str(tmp_path))))
    keeps_silent(logs, PASSWORD)


def test_notices_of_the_functions_of_views_are_not_logged(database: Database, logs):
    database.execute(
        """CREATE FUNCTION told(v text) RETURNS text LANGUAGE plpgsql AS
            $$BEGIN RAISE INFO '%', v; RAISE WARNING '%', v; RETURN v; END$$""",
        f"CREATE VIEW rows AS SELECT 1 AS id, told('{CANARY}') AS secret",
    )
    read(Sql(url="URL").open({"URL": database.url()}, Reach(root=".", seconds=5.0)))
    keeps_silent(logs)


def test_nothing_of_postgresql_is_logged_though_a_connection_breaks(database: Database, logs):
    database.execute(
        "CREATE TABLE rows (id integer PRIMARY KEY, secret text)",
        f"INSERT INTO rows SELECT i, '{CANARY}' FROM generate_series(1, 2000) i",
    )
    settings = {"URL": database.url(password=PASSWORD)}
    reach = Reach(root=".", seconds=5.0)
    read(Sql(url="URL").open(settings, reach))
    session = Sql(url="URL").open(settings, reach)
    with closing(session):
        pages = session.pages(ROWS)
        next(pages)
        database.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
        with pytest.raises(DatabaseTrouble):
            list(pages)
    keeps_silent(logs, PASSWORD)


def test_neither_rows_nor_the_key_of_a_project_are_logged(logs):
    row = {"id": 1, "secret": CANARY}
    columns = {"id": "bigint", "secret": "text"}
    with (
        emulated(Table("rows", columns, rows=[row], primary=("id",))) as emulator,
        projects.opened(emulator.url) as session,
    ):
        read(session)
    keeps_silent(logs, SECRET)
