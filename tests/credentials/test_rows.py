"""A row of any library gives its columns by name, and what has no names is refused."""

from __future__ import annotations

import sqlite3
from dataclasses import make_dataclass
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple

import msgspec
import pytest
import sqlalchemy
from sqlalchemy import orm
from tests.credentials.sealing import OLD, OTHER, PLAIN, loaded, opener, sealed

from assay.credentials.rows import picked, row_name
from assay.errors import CredentialError, DatabaseFault, KeyFault, UsageError


def of_sqlite3(statement: str = "SELECT 9 AS id, 'a' AS tenant") -> sqlite3.Row:
    database = sqlite3.connect(":memory:")
    database.row_factory = sqlite3.Row
    try:
        found: sqlite3.Row = database.execute(statement).fetchone()
        return found
    finally:
        database.close()


def of_sqlalchemy() -> sqlalchemy.Row[Any]:
    engine = sqlalchemy.create_engine("sqlite://")
    with engine.connect() as connection:
        found = connection.execute(sqlalchemy.text("SELECT 9 AS id, 'a' AS tenant")).one()
    engine.dispose()
    return found


class Record:
    """A record of asyncpg: `in` asks for keys, and it is no mapping."""

    def keys(self) -> list[str]:
        return ["id", "tenant"]

    def __getitem__(self, name: str) -> object:
        return {"id": 9, "tenant": "a"}[name]


class Base(orm.DeclarativeBase):
    pass


class Model(Base):
    __tablename__ = "secrets"
    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    tenant: orm.Mapped[str]


class Named(NamedTuple):
    id: int = 9
    tenant: str = "a"


class Struct(msgspec.Struct):
    id: int = 9
    tenant: str = "a"


ROWS = {
    "a dict": {"id": 9, "tenant": "a", "more": 1},
    "a mapping": MappingProxyType({"id": 9, "tenant": "a"}),
    "sqlite3.Row": of_sqlite3(),
    "a row of SQLAlchemy": of_sqlalchemy(),
    "a mapping of SQLAlchemy": of_sqlalchemy()._mapping,
    "a model of SQLAlchemy": Model(id=9, tenant="a"),
    "a record of asyncpg": Record(),
    "a named tuple": Named(),
    "a dataclass": make_dataclass("Made", ["id", "tenant"])(9, "a"),
    "a struct": Struct(),
    "an object": SimpleNamespace(id=9, tenant="a"),
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row_of_any_library_binds_and_names(project, row):
    spec = loaded(project)
    made = opener(spec, "bound")
    assert made.open(sealed(aad=b"row 9"), row) == PLAIN
    with pytest.raises(KeyFault) as caught:
        made.open(sealed(OLD, aad=b"row 9"), row)
    assert caught.value.message.startswith("mpesa.bound, row 9/a: encrypted with KEY_OLD")


@pytest.mark.parametrize(
    "row",
    [None, {}, {"tenant": "a"}, of_sqlite3("SELECT 9 AS value"), SimpleNamespace()],
    ids=["None", "a dict", "another column", "sqlite3.Row", "an object"],
)
def test_a_row_without_the_column_is_a_database_fault(project, row):
    with pytest.raises(DatabaseFault) as caught:
        opener(loaded(project), "bound").open(sealed(aad=b"row 9"), row)
    assert "the row lacks id, which the ciphertext is bound to" in caught.value.message


def test_no_row_is_needed_where_nothing_is_bound(project):
    made = opener(loaded(project))
    assert made.open(sealed(), None) == made.open(sealed()) == PLAIN


@pytest.mark.parametrize(
    "row", [(9, "a"), [9], "id=9", b"id", 9, 9.5, {"id"}], ids=lambda row: type(row).__name__
)
@pytest.mark.parametrize("column", ["secret", "bound"])
def test_a_row_without_names_is_a_usage_error(project, row, column):
    with pytest.raises(UsageError) as caught:
        opener(loaded(project), column).open(sealed(), row)
    kind = type(row).__name__
    assert caught.value.message == f"row must give columns by name, and {kind} doesn't"
    assert "dict(zip(names, row))" in caught.value.remedy


def test_only_the_columns_that_a_row_has_are_picked():
    assert picked(of_sqlite3(), ["id", "gone"]) == {"id": 9}
    assert picked(None, ["id"]) == {}


class Detached:
    """A model whose session is gone."""

    tenant = "a"

    @property
    def id(self) -> int:
        raise RuntimeError("the session is closed")


def test_a_row_that_can_not_be_named_hides_no_fault(project):
    assert row_name(Detached(), ["id", "tenant"]) == ""
    with pytest.raises(KeyFault) as caught:
        opener(loaded(project)).open(sealed(OLD), Detached())
    assert caught.value.message.startswith("mpesa.secret: encrypted with KEY_OLD")


@pytest.mark.parametrize(
    ("tenant", "shown"),
    [
        ("a\n::error::b", "9/a\\n::error::b"),
        ("\x1b[8m", "9/\\x1b[8m"),
        ("a\u202eb", "9/a\\u202eb"),
        ("\ud800", "9/\\ud800"),
        (b"\x00\xff", "9/00ff"),
        (memoryview(b"\x00\xff"), "9/00ff"),
        (None, "9/NULL"),
        ("tea " * 20, "9/" + "tea " * 15 + "\N{HORIZONTAL ELLIPSIS}"),
    ],
)
def test_a_row_is_named_without_control_characters(project, tenant, shown):
    for cell in (None, sealed(OTHER)):
        with pytest.raises(CredentialError) as caught:
            opener(loaded(project), explain="brief").open(cell, {"id": 9, "tenant": tenant})
        assert caught.value.message.startswith(f"mpesa.secret, row {shown}: ")
        assert caught.value.message.isprintable()


def test_the_rows_of_a_report_are_named_without_control_characters(project):
    loaded(project)
    script = "CREATE TABLE secrets (id integer primary key, tenant text, secret blob, bound blob);"
    rows = [(1, "a\x1b[8m\nb", sealed(OTHER)), (2, "c\rd", sealed(OTHER)), (3, "e", sealed())]
    for number, tenant, cell in rows:
        script += f"INSERT INTO secrets VALUES ({number}, CAST(x'{tenant.encode().hex()}' AS TEXT),"
        script += f" x'{cell.hex()}', NULL);"
    project.database("app.db", script)
    ran = project.run("check", "production", "--only", "credential", "--format", "json")
    assert "1/a\\\\x1b[8m\\\\nb and 2/c\\\\rd" in ran.out, ran.said
