"""A catalogue whose texts are a megabyte each does not keep assay busy."""

from __future__ import annotations

import time

from tests.databases.sessions import opened

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
        started = time.monotonic()
        ran = project.run(*command)
        assert time.monotonic() - started < 10, command
        assert "Traceback" not in ran.said
        assert "[spec" not in ran.said, ran.said
        assert len(ran.said) < SIZE
