"""Connection URLs as people write them: where they lead, and that none of their parts gets out."""

from __future__ import annotations

import os
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg import pq
from tests.databases.sessions import reach, refused, unchained

from assay.databases.postgres.connection import target_of
from assay.databases.trouble import DatabaseTrouble
from assay.databases.urls import DatabaseUrl, sqlite_path

KNOWN = frozenset(option.keyword.decode() for option in pq.Conninfo.get_defaults())
SECRET = "c4nary"


def target(url, *, schema=""):
    return target_of(DatabaseUrl(url), reach(root="/project", schema=schema), KNOWN)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://a:b@db.example.com/app", {"user": "a", "password": "b", "dbname": "app"}),
        ("postgresql://db.example.com", {"host": "db.example.com", "port": "5432"}),
        ("postgresql+asyncpg://a@h:6543/x", {"user": "a", "port": "6543"}),
        ("POSTGRES://a:p%40ss%2F@h/x%20y", {"password": "p@ss/", "dbname": "x y"}),
        ("postgres://a:p:q@h/x", {"user": "a", "password": "p:q"}),
        ("postgres://a:@h/x", {"user": "a"}),
        ("postgres:///x", {"host": "localhost", "dbname": "x"}),
        ("postgres://[::1]:5433/x", {"host": "::1", "port": "5433"}),
        ("postgres://h1:1,h2:2/x", {"host": "h1,h2", "port": "1,2"}),
        ("postgres:///x?host=/run/pg&port=7&user=u&password=p", {"host": "/run/pg", "port": "7"}),
        ("postgres://h/x?host=a,b", {"host": "a,b", "port": "5432,5432"}),
        ("postgres://%2Frun%2Fpg/x", {"host": "/run/pg"}),
        ("postgres://h/x?sslrootcert=ca.pem", {"sslrootcert": "/project/ca.pem"}),
        ("postgres://h/x?sslrootcert=system", {"sslrootcert": "system"}),
        ("postgres://h/x", {"sslmode": "prefer"}),
        ("postgres://h/x?ssl=true", {"sslmode": "require"}),
        ("postgres://h/x?sslmode=no-verify", {"sslmode": "require"}),
        ("postgres://h/x?options=endpoint%3Dx", {"options": "endpoint=x"}),
        (" postgres://h/x\n", {"host": "h"}),
    ],
)  # fmt: skip
def test_a_url_leads_where_it_says(url, expected):
    found = target(url).parameters
    assert {name: found.get(name) for name in expected} == expected


def test_what_frameworks_add_is_left_out():
    found = target(
        "postgres://u:p@h/x?schema=billing&pgbouncer=true&connection_limit=1&sslaccept=strict"
        "&service=other&replication=database&sslkeylogfile=/tmp/x&application_name=&statement_cache_size=0"
    )
    assert set(found.parameters) == {"host", "port", "user", "password", "dbname", "sslmode"}
    assert found.schema == "billing"


@pytest.mark.parametrize(
    ("url", "declared", "schema"),
    [
        ("postgres://h/x", "", "public"),
        ("postgres://h/x?currentSchema=a,b", "", "a"),
        ("postgres://h/x?schema=a", "b", "b"),
    ],
)
def test_the_schema_is_that_of_the_spec_or_of_the_url(url, declared, schema):
    assert target(url, schema=declared).schema == schema


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "does not begin with a scheme"),
        (f"host=h user=u password={SECRET}", "holds a space"),
        (f"password={SECRET}", "is a list of keywords"),
        (f"{SECRET}", "does not begin with a scheme"),
        (f"jdbc:postgresql://h/x?password={SECRET}", "JDBC"),
        (f"prisma+postgres://x/?api_key={SECRET}", "Prisma"),
        (f"prisma://x/?api_key={SECRET}", "Prisma"),
        (f"postgres:u:{SECRET}@h/x", "two slashes"),
        (f"postgres://u:{SECRET}@@h/x", "percent-encoded"),
        (f"postgres://u:12/{SECRET}@h/x", "percent-encoded"),
        (f"postgres://u:12?{SECRET}@h/x", "percent-encoded"),
        (f"postgres://u:12#{SECRET}@h/x", "percent-encoded"),
        (f"postgres://u:12#{SECRET}", "percent-encoded"),
        (f"postgres://u:{SECRET}/x", "its port is not a number"),
        ("postgres://h:99999/x", "its port is not between"),
        ("postgres://h:0/x", "its port is not between"),
        (f"postgres://u:{SECRET}@[h/x", "its host is malformed"),
        (f"postgres://u:{SECRET}@h{SECRET}!/x", "its host is malformed"),
        (f"postgres://u:%00{SECRET}@h/x", "NUL"),
        (f"postgres://u:{SECRET} @h/x", "holds a space"),
        (f"postgres://u:{SECRET}@h/x?sslmode=always", "sslmode"),
        (f"redis://:{SECRET}@h/0", "its scheme is of no database"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("file:x?mode=memory", "in memory"),
        (f"postgres://u:{SECRET}@127.0.0.1/x?channel_binding=perhaps", "`channel_binding`"),
    ],
)
def test_a_url_that_makes_no_sense_is_explained_without_a_word_of_it(url, reason):
    why = refused(url)
    assert why.code == "database-url-invalid"
    assert reason in why.values["reason"]
    assert SECRET not in repr(why)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///var/app.db", "var/app.db"),
        ("sqlite:////var/app.db", "/var/app.db"),
        ("sqlite+pysqlite:///a%20b.db", "a b.db"),
        ("sqlite3:db/dev.sqlite3", "db/dev.sqlite3"),
        ("file:./dev.db?connection_limit=1", "./dev.db"),
        ("sqlite://var/app.db", "var/app.db"),
    ],
)
def test_a_url_of_sqlite_is_a_path(url, path):
    assert sqlite_path(DatabaseUrl(url)) == path


@pytest.mark.parametrize(
    ("url", "library"),
    [
        ("mysql://u:p@h/x", "pymysql"),
        ("mysql2://u:p@h/x", "pymysql"),
        ("mariadb+mysqldb://u:p@h/x", "mysqlclient"),
        ("sqlserver://h:1433;database=x", "pymssql"),
        ("mssql+pyodbc://u:p@h/x", "pyodbc"),
        ("oracle://u:p@h/x", "oracledb"),
    ],
)
def test_a_driver_that_is_not_installed_is_named_with_its_command(url, library, monkeypatch):
    from assay.databases.other import connection as others

    monkeypatch.setattr(others, "find_spec", lambda _: None)
    why = refused(url)
    assert why.code == "database-driver-missing"
    assert why.values == {"library": library, "command": f"pip install {library}"}


def test_psycopg_that_is_not_installed_is_named_with_its_command(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "psycopg", None)
    why = refused("postgres://u:p@h/x")
    assert why.code == "database-driver-missing"
    assert why.values["command"] == "pip install 'assay[postgres]'"


@given(st.text(max_size=40), st.booleans())
def test_any_text_may_be_a_url(text, prefixed):
    try:
        url = DatabaseUrl(f"postgres://{text}" if prefixed else text)
        if url.scheme in ("postgres", "postgresql"):
            target_of(url, reach(), KNOWN)
    except DatabaseTrouble as trouble:
        caught = trouble
    else:
        return
    assert caught.refused.code == "database-url-invalid"
    unchained(caught)


@given(
    password=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
    careless=st.booleans(),
)
def test_a_password_comes_through_whole_or_the_url_is_refused(password, careless):
    """A password that is not encoded never ends up as a host or a port."""
    written = password if careless else quote(password, safe="")
    try:
        found = target(f"postgres://user:{written}@db.example.com:5432/app")
    except DatabaseTrouble:
        assert careless
        return
    assert found.shown == "db.example.com:5432"
    if not careless:
        assert found.parameters["password"] == password
    assert password not in repr(found) or password in "Target([redacted])"


def test_paths_of_certificates_are_relative_to_the_project():
    found = target("postgres://h/x?sslcert=a.pem&sslkey=/b.pem")
    assert found.parameters["sslcert"] == os.path.join("/project", "a.pem")
    assert found.parameters["sslkey"] == "/b.pem"
