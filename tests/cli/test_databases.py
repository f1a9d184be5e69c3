"""Commands and databases: who contacts one, who does not, and that it is let go of."""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from typing import Any

import pytest
from tests.project import TIMEOUT

import assay
from assay import api
from assay.errors import SpecError
from assay.probes import databases

SPEC = """\
environments:
  development: {values: [{dotenv: .env}]}
variables:
  PORT: {type: port}
  DATABASE_URL: {type: postgres, required: false}
databases:
  main: {sql: {url: DATABASE_URL}}
  local: {sqlite: {path: app.db}}
tables:
  tenants: {database: main, columns: {id: uuid}}
  users: {database: local, columns: {id: uuid}}
"""
URL = "postgres://app:s3same-opens-1t%40@127.0.0.1:1/app"


@pytest.fixture
def contacted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What becomes of the probe of databases."""
    told: list[str] = []

    class Probe(databases.DatabaseProbe):
        def __init__(self, *arguments: Any) -> None:
            told.append("made")
            super().__init__(*arguments)

        def close(self) -> None:
            told.append("closed")
            super().close()

    monkeypatch.setattr(databases, "DatabaseProbe", Probe)
    return told


def test_a_check_contacts_databases_and_lets_go_of_them(project, contacted):
    project.spec(SPEC)
    project.env(f"PORT=80\nDATABASE_URL={URL}\n")
    ran = project.run("check")
    assert "error[database-connection-refused]" in ran.said
    assert (
        "error[database-file-missing]: database local: the file app.db does not exist" in ran.said
    )
    assert contacted == ["made", "closed"]
    assert "s3same" not in ran.said


def test_a_check_of_other_things_contacts_none(project, contacted):
    project.spec(SPEC)
    project.env(f"PORT=80\nDATABASE_URL={URL}\n")
    assert project.run("check", "--only", "variable").code == 0
    assert contacted == []


@pytest.mark.parametrize(
    "command", [["hook", ".env"], ["hook", "--env", "development", ".env"], ["lint"]]
)
def test_a_hook_and_a_lint_contact_none(project, contacted, command):
    project.spec(SPEC)
    project.env(f"PORT=80\nDATABASE_URL={URL}\n")
    ran = project.run(*command)
    assert ran.code == 0, ran.said
    project.env(f"PORT=eighty\nDATABASE_URL={URL}\n")
    said = project.run(*command).said
    assert "database-" not in said
    assert command == ["lint"] or "port-not-a-number" in said or "PORT" in said
    assert contacted == []


def test_fixture_tests_leave_databases_out(project, contacted):
    project.spec(SPEC)
    project.write(
        "specs/tests/a.yaml",
        "assay: 1\ntests:\n"
        f"  - {{name: good, environment: development, findings: [],"
        f" values: {{PORT: 80, DATABASE_URL: '{URL}'}}}}\n",
    )
    ran = project.run("test")
    assert ran.code == 0, ran.said
    assert contacted == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
def test_databases_are_let_go_of_whatever_happens(project, contacted, monkeypatch, error):
    project.spec(SPEC)
    project.env(f"PORT=80\nDATABASE_URL={URL}\n")

    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(databases.DatabaseProbe, "__call__", broken)
    spec = assay.load(str(project.folder / "specs"))
    with pytest.raises(error):
        api.run(spec)
    assert contacted == ["made", "closed"]


def test_a_change_of_a_database_is_watched_for(project):
    from assay.cli.check import _watched

    project.spec(SPEC)
    spec = assay.load(str(project.folder / "specs"))
    assert str(project.folder / "app.db") in _watched(spec)


@pytest.mark.parametrize("written", ["s3same-opens-1t@", "s3same-opens-1t%40"])
def test_the_password_of_a_url_is_masked_by_itself(project, written):
    rule = f"rules: {{r: {{assert: PORT > 100, message: 'it is {written}!'}}}}\n"
    project.spec(SPEC + rule)
    project.env(f"PORT=80\nDATABASE_URL={URL}\n")
    said = project.run("check", "--only", "rule").said
    assert "r is violated: it is [redacted]!" in said


def test_ctrl_c_ends_a_check_that_waits_for_a_database(project):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        project.spec(SPEC.replace("DATABASE_URL}}", "DATABASE_URL}, within: 60s}"))
        project.env(f"PORT=80\nDATABASE_URL={URL.replace(':1/', f':{port}/')}\n")
        with project.start("check") as process:
            silent.settimeout(TIMEOUT)
            connection, _ = silent.accept()
            with connection:
                started = time.monotonic()
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 130
    assert time.monotonic() - started < 10
    assert b"Traceback" not in out + err


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("databases: {main: {sqlite: {path: a.db}, wihtin: 3s}}", "wihtin"),
        ("tables: {t: {columns: 3}}", "columns"),
    ],
)
def test_what_refers_to_an_entry_that_is_not_understood_is_not_called_undeclared(
    project, entry, told
):
    tables = "tables: {users: {database: main, columns: {id: uuid}}}\n"
    project.spec(f"{entry}\n" + (tables if entry.startswith("databases") else ""))
    with contextlib.suppress(SpecError):
        assay.load(str(project.folder / "specs"))
    said = project.run("lint").said
    assert told in said
    assert "is not a database" not in said
