"""`assay check` of a Supabase project, from its spec to what it says."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.databases.emulated import Table
from tests.databases.emulator import HTML, PUBLISHABLE, SECRET, Emulator, emulated

if TYPE_CHECKING:
    from tests.project import Project, Ran

SPEC = """
project: billing
environments:
  production:
    values: [{dotenv: {path: .env}}]
variables:
  SUPABASE_URL: {type: url, schemes: [http, https]}
  SUPABASE_KEY: {type: text, secret: true}
databases:
  main: {supabase: {url: SUPABASE_URL, key: SUPABASE_KEY}, within: 2s}
tables:
  credentials:
    database: main
    columns:
      id: {type: uuid, primary-key: true}
      tenant_id: {type: int8, references: tenants.id, nullable: false}
      environment: {type: text, default: "'sandbox'"}
      secret: {type: bytea}
    may: [select]
  tenants:
    database: main
    columns: {id: {type: bigint}, name: {type: text}}
"""
CREDENTIALS = Table(
    "credentials",
    {"id": "uuid", "tenant_id": "bigint", "environment": "text", "secret": "bytea"},
    primary=("id",),
    required=("tenant_id",),
    foreign={"tenant_id": ("tenants", "id")},
    defaults={"environment": "sandbox"},
)
TENANTS = Table("tenants", {"id": "bigint", "name": "text"}, primary=("id",))


@pytest.fixture
def emulator():
    with emulated(CREDENTIALS, TENANTS) as made:
        yield made


def check(project: Project, url: str, key: str, spec: str = SPEC) -> Ran:
    project.spec(spec)
    project.env(f"SUPABASE_URL={url}\nSUPABASE_KEY={key}\n")
    ran = project.run("check")
    assert key not in ran.said
    return ran


def test_a_project_that_is_as_the_spec_says_passes(project: Project, emulator: Emulator) -> None:
    ran = check(project, emulator.url, SECRET)
    assert ran.code == 0, ran.said
    assert len(emulator.requests) == 2  # the root document, and the right to read


def test_what_differs_fails_and_what_is_not_told_is_unknown(
    project: Project, emulator: Emulator
) -> None:
    spec = SPEC.replace("name: {type: text}", "name: {type: integer}, email: {type: text}")
    ran = check(
        project, emulator.url, SECRET, spec.replace("may: [", "unique: [[tenant_id]]\n    may: [")
    )
    assert ran.code == 1
    assert "tenants.name has the type text: expected integer" in ran.said
    assert "tenants has no column email" in ran.said
    assert "credentials could not be observed" in ran.said
    assert "Use `sql:` with the connection string" in ran.said


def test_with_a_publishable_key_tables_are_seen_and_their_types_are_unknown(
    project: Project, emulator: Emulator
) -> None:
    ran = check(project, emulator.url, PUBLISHABLE)
    assert ran.code == 3, ran.said
    assert "error" not in ran.said
    emulator.tables.pop("tenants")
    ran = check(project, emulator.url, PUBLISHABLE)
    assert ran.code == 1
    assert "tenants does not exist in main" in ran.said


def test_a_role_that_the_spec_demands(project: Project, emulator: Emulator) -> None:
    spec = SPEC.replace("within: 2s", "role: service_role")
    ran = check(project, emulator.url, PUBLISHABLE, spec)
    assert "connected to main as anon: expected service_role" in ran.said
    assert ran.said.count("error[") == 1  # the rest is skipped, and names it


@pytest.mark.parametrize(
    ("url", "key", "words"),
    [
        ("", "sb_secret_" + "wrong" * 6, "database-key-rejected"),
        ("", "eyJhbGciOiJIUzI1NiJ9.cut", "database-key-rejected"),
        ("http://127.0.0.1:1", SECRET, "database-connection-refused"),
        ("https://supabase.com/dashboard/project/abcdefghijklmnopqrst", SECRET, "database-url"),
        ("https://abcdefghijklmnopqrst.supabase.co/rest/v1", SECRET, "database-url-invalid"),
    ],
)
def test_one_broken_thing_gives_one_failure(
    project: Project, emulator: Emulator, url: str, key: str, words: str
) -> None:
    ran = check(project, url or emulator.url, key)
    assert ran.code == 1
    assert words in ran.said
    assert ran.said.count("error[") == 1
    assert "skipped: " in ran.said


def test_a_gateway_that_answers_for_the_project_is_told(
    project: Project, emulator: Emulator
) -> None:
    emulator.always = lambda handler: handler.send(502, HTML, "text/html")
    ran = check(project, emulator.url, SECRET)
    assert "a gateway answers at" in ran.said
    assert "Bad Gateway" not in ran.said


def test_specs_are_read_without_the_library() -> None:
    code = (
        "import sys, assay.databases.postgrest.supabase\n"
        "print([n for n in ('httpx', 'supabase', 'postgrest', 'pydantic') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
