"""A catalogue whose texts are a megabyte each does not keep assay busy."""

from __future__ import annotations

import time

import pytest
from tests.databases.sessions import opened

from assay.databases.guard import reads_only
from assay.databases.model import Selection
from assay.databases.postgres import session as postgres_session
from assay.databases.postgres.structure import postgres_structure
from assay.databases.trouble import DatabaseTrouble
from assay.discretion import discreet, looks_secret

SIZE = 10**6
SPEC = """
environments:
  production: {values: [{dotenv: .env}]}
  other: {values: [{dotenv: .env}]}
variables:
  DATABASE_URL: {secret: true}
databases:
  main: {sql: {url: DATABASE_URL}}
tables:
  t:
    columns: {a: {type: text, default: "'x'"}, b: text}
    checks: ["a <> 'x'"]
"""
COMMANDS = (
    ("check",),
    ("diff", "production", "other"),
    ("snapshot", "--output", "snapshot.json"),
    ("init", "--database", "DATABASE_URL", "--stdout"),
)


def test_texts_of_a_megabyte_are_read_at_once(database, project):
    nested = "(" * 2000 + "a" + " || '')" * 2000
    long = "''" * (SIZE // 2)
    database.execute(
        f"CREATE TABLE t (a text DEFAULT '{long}', b text, CHECK (a <> '{long}'))",
        f"ALTER TABLE t ADD CHECK ({nested} <> '')",
        f"COMMENT ON COLUMN t.a IS '{long}'",
        f"CREATE VIEW v AS SELECT '{long}' || a AS a FROM t",
        f"CREATE TYPE m AS ENUM ('{'x' * 60}')",
        'CREATE TYPE "' + '""' * 31 + '" AS (a int)',
        'ALTER TABLE t ADD c "' + '""' * 31 + '"',
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY p ON t USING (a <> '{long}')",
    )
    project.spec(SPEC)
    project.env(f"DATABASE_URL={database.url()}\n")
    with opened(database.url()) as session:
        assert len(session.structure().tables) == 2
    for command in COMMANDS:
        started = time.process_time()
        ran = project.run(*command)
        assert time.process_time() - started < 10, command
        assert "Traceback" not in ran.said
        assert "[spec" not in ran.said, ran.said
        assert len(ran.said) < SIZE


MIXED = "aB3dE5gH7jK9mN1pQ3"
"""What looks random, so that it's looked at closely."""


@pytest.mark.parametrize(
    "text", [MIXED + "/" * SIZE, MIXED + "/.a9" * (SIZE // 4), "/*'" * SIZE, "a-" * SIZE]
)
def test_no_text_of_a_server_takes_longer_than_it_is_long(text):
    started = time.process_time()
    assert looks_secret(text) == text.startswith(MIXED)
    reads_only(f"SELECT {text}")
    assert time.process_time() - started < 5


def test_what_looks_random_keeps_its_folders_if_it_is_a_file():
    assert discreet(f"docs/{MIXED}/guide.md") == "docs/••••••/guide.md"
    assert discreet(f"{MIXED}.md") == "••••••"
    assert discreet(f"{MIXED}/{MIXED}.longer") == "••••••"


def test_a_type_with_an_endless_name_is_not_made_part_of_a_statement(database, monkeypatch):
    database.execute("CREATE TYPE m AS ENUM ('a')", "CREATE TABLE t (a m PRIMARY KEY)")
    with opened(database.url()) as session:
        monkeypatch.setattr(postgres_session, "_LONGEST", 5)
        with pytest.raises(DatabaseTrouble) as caught:
            list(session.pages(Selection(table="t", columns=("a",))))
    assert caught.value.refused.values["state"] == "a type with a name that is too long"


def test_of_many_or_endless_names_the_first_are_listed():
    def ask(_statement):
        return [(f"{number:03}" + "x" * SIZE, True, False, False) for number in range(25)]

    with pytest.raises(DatabaseTrouble) as caught:
        postgres_structure(ask, "public", host="h")
    exposed = caught.value.refused.values["exposed"]
    assert exposed.startswith("000xxx")
    assert exposed.endswith("x, 5 more")
    assert len(exposed) < 6000
