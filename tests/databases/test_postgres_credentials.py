"""Stored credentials in a real PostgreSQL: what a database may do to those who read them."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from assay.databases.postgres import session as postgres_session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.databases.postgres import Database
    from tests.project import Project

TEXT = "cf3d2a9e17b8405691e6d80b5f27ac34"
KEY = bytes.fromhex(TEXT)
PLAIN = b"KCTKmjws5lR8OYlD6ex0YhMS8zNBqvgj"
SPEC = """
environments:
  production: {{values: [{{dotenv: .env}}]}}
variables:
  DATABASE_URL: {{secret: true}}
  KEY: {{secret: true}}
keys:
  secrets: {{variable: KEY, cipher: aes-128-gcm, encoding: hex}}
databases:
  main: {{sql: {{url: DATABASE_URL}}, within: 5s}}
tables:
  {table}: {{}}
credentials:
  secrets:
    table: {table}
    key: secrets
    columns:
      secret: {{envelope: {{cipher: aes-128-gcm, layout: ['iv:12', 'tag:16', ciphertext]}}}}
{more}
"""


def sealed(row: int, plain: bytes = PLAIN, aad: bytes = b"") -> bytes:
    nonce = row.to_bytes(12)
    made = AESGCM(KEY).encrypt(nonce, plain, aad)
    return nonce + made[-16:] + made[:-16]


def hexed(data: bytes) -> str:
    return f"'\\x{data.hex()}'"


def filled(count: int) -> str:
    rows = ", ".join(f"({row}, {hexed(sealed(row))})" for row in range(1, count + 1))
    return f"INSERT INTO secrets (id, secret) VALUES {rows}"


def written(project: Project, url: str, table: str = "secrets", more: str = "") -> None:
    project.spec(SPEC.format(table=table, more=more))
    project.env(f"DATABASE_URL={url}\nKEY={TEXT}\n")


def about(project: Project, *words: str) -> Iterator[dict[str, Any]]:
    """The findings on the credential."""
    ran = project.run(*(words or ("check",)), "--format", "json")
    assert ran.err == ""
    for finding in json.loads(ran.out)["findings"]:
        if finding["kind"] == "credential":
            yield finding


def only(project: Project) -> dict[str, Any]:
    [finding] = about(project)
    return finding


@pytest.fixture
def secrets(database: Database) -> Database:
    """A table of stored credentials that all open."""
    database.execute(
        "CREATE TABLE secrets (id integer PRIMARY KEY, secret bytea)",
        filled(9),
        "CREATE ROLE reader LOGIN" if not _has(database, "reader") else "SELECT 1",
    )
    return database


def _has(database: Database, role: str) -> bool:
    return bool(database.rows("SELECT 1 FROM pg_roles WHERE rolname = %s", role))


def test_rows_that_open_pass(project: Project, secrets: Database):
    written(project, secrets.url())
    assert only(project)["outcome"] == "pass"


def test_nothing_is_said_of_rows_but_their_identity(project: Project, secrets: Database):
    secrets.execute(f"UPDATE secrets SET secret = {hexed(sealed(3).hex().encode())} WHERE id = 3")
    written(project, secrets.url())
    finding = only(project)
    assert finding["message"] == "secret, row 3: stored as hex; the ciphertext is intact"
    assert finding["notes"][0].startswith("proven: ")


def test_a_table_without_a_primary_key_has_rows_without_names(project: Project, secrets: Database):
    secrets.execute(
        "ALTER TABLE secrets DROP CONSTRAINT secrets_pkey",
        f"UPDATE secrets SET secret = {hexed(sealed(3).hex().encode())} WHERE id in (3, 4)",
    )
    written(project, secrets.url())
    assert (
        only(project)["message"] == "secret, 2 of 9 rows: stored as hex; the ciphertext is intact"
    )


def test_a_view_is_read_as_a_table_is(project: Project, secrets: Database):
    secrets.execute(
        "CREATE VIEW shown AS SELECT * FROM secrets WHERE id < 4",
        f"UPDATE secrets SET secret = {hexed(sealed(3).hex().encode())} WHERE id = 3",
    )
    written(project, secrets.url(), "shown", "    identity: [id]")
    assert only(project)["message"] == "secret, row 3: stored as hex; the ciphertext is intact"


def test_nulls_and_mixed_encodings_are_told_apart(project: Project, secrets: Database):
    buffer = json.dumps({"type": "Buffer", "data": list(sealed(5))}).encode()
    secrets.execute(
        "UPDATE secrets SET secret = NULL WHERE id = 1",
        f"UPDATE secrets SET secret = {hexed(sealed(3).hex().encode())} WHERE id = 3",
        f"UPDATE secrets SET secret = {hexed(buffer)} WHERE id = 5",
        "UPDATE secrets SET secret = '' WHERE id = 6",
    )
    written(project, secrets.url())
    assert {finding["message"] for finding in about(project)} == {
        "secret, row 3: stored as hex; the ciphertext is intact",
        "secret, row 5: stored as a JSON Buffer; the ciphertext is intact",
        "secret, row 6: empty",
    }
    said = project.run("credentials", "check").out
    assert "  secret         5         3         1\n" in said


def test_values_of_50_mb_are_not_read(project: Project, secrets: Database):
    secrets.execute(
        "UPDATE secrets SET secret = decode(repeat('00', 50 * 1024 * 1024), 'hex') WHERE id = 2"
    )
    written(project, secrets.url())
    assert only(project)["message"] == ("secret, row 2: too large to be a credential, so not read")


def test_rows_that_row_level_security_hides_are_unknown_and_never_none(
    project: Project, secrets: Database
):
    secrets.execute(
        "ALTER TABLE secrets ENABLE ROW LEVEL SECURITY",
        "GRANT USAGE ON SCHEMA public TO reader",
        "GRANT SELECT ON secrets TO reader",
    )
    written(project, secrets.url("reader"))
    finding = only(project)
    assert finding["outcome"] == "unknown"
    assert "no rows are visible to this role" in finding["message"]
    assert "BYPASSRLS" in finding["remedy"]


def test_no_rows_are_a_pass_where_none_can_be_hidden(project: Project, secrets: Database):
    secrets.execute("TRUNCATE secrets")
    written(project, secrets.url())
    assert only(project)["outcome"] == "pass"


def test_a_role_that_may_not_select_is_told_so(project: Project, secrets: Database):
    secrets.execute("GRANT USAGE ON SCHEMA public TO reader")
    written(project, secrets.url("reader"))
    finding = only(project)
    assert finding["outcome"] == "unknown"
    assert finding["message"].endswith(
        "the rows of secrets can't be read: the role may not select them"
    )
    assert finding["remedy"] == "Let reader read them: `GRANT SELECT ON secrets TO reader`."


def test_a_database_that_does_not_answer_is_one_failure(project: Project, secrets: Database):
    written(project, secrets.url().replace(str(secrets.port), "1"))
    finding = only(project)
    assert finding["outcome"] == "skip"
    assert finding["cause"] == "main: 127.0.0.1:1 refuses connections"


def test_what_was_read_before_the_database_went_away_is_told(
    project: Project, secrets: Database, monkeypatch: pytest.MonkeyPatch
):
    secrets.execute("TRUNCATE secrets", filled(3000))
    secrets.execute(f"UPDATE secrets SET secret = {hexed(sealed(3).hex().encode())} WHERE id = 3")
    written(project, secrets.url())
    pages = postgres_session.PostgresSession.pages

    def interrupted(self: Any, selection: Any) -> Iterator[Any]:
        for page in pages(self, selection):
            yield page
            secrets.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    monkeypatch.setattr(postgres_session.PostgresSession, "pages", interrupted)
    failed, unknown = sorted(about(project), key=lambda finding: finding["outcome"])
    assert failed["message"] == "secret, row 3: stored as hex; the ciphertext is intact"
    assert unknown["outcome"] == "unknown"
    assert "the connection broke in mid-read" in unknown["message"]


def test_additional_data_comes_from_the_row(project: Project, secrets: Database):
    bound = ", ".join(f"({row}, {hexed(sealed(row, aad=str(row).encode()))})" for row in (1, 2, 3))
    moved = hexed(sealed(9, aad=b"9"))
    secrets.execute(
        "TRUNCATE secrets",
        f"INSERT INTO secrets (id, secret) VALUES {bound}, (4, {moved})",
    )
    written(project, secrets.url())
    text = (project.folder / "specs" / "app.yaml").read_text()
    project.spec(text.replace("ciphertext]}", "ciphertext], aad: '{id}'}"))
    messages = [finding["message"] for finding in about(project)]
    assert len(messages) == 1
    assert messages[0].startswith("secret, row 4: ")


def test_several_databases_are_read_side_by_side(project: Project, secrets: Database):
    written(project, secrets.url())
    text = (project.folder / "specs" / "app.yaml").read_text()
    text = text.replace(
        "production: {values: [{dotenv: .env}]}",
        "production: {values: [{dotenv: .env}]}\n  staging: {values: [{dotenv: .env}]}",
    )
    project.spec(text)
    before = threading.active_count()
    assert [finding["outcome"] for finding in about(project)] == ["pass", "pass"]
    assert threading.active_count() <= before + 1
