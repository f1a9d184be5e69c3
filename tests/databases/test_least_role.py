"""The role that the documentation creates is enough for a check, and for nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY = "cf3d2a9e17b8405691e6d80b5f27ac34"
DOCUMENT = Path(__file__).parents[2] / "docs/databases.md"
SPEC = """
environments:
  production: {{live: {live}, values: [{{dotenv: .env}}]}}
variables:
  DATABASE_URL: {{secret: true}}
  KEY: {{secret: true}}
keys:
  secrets: {{variable: KEY, cipher: aes-128-gcm, encoding: hex}}
databases:
  main: {{sql: {{url: DATABASE_URL}}}}
tables:
  mpesa_credentials:
    columns:
      tenant_id: {{type: uuid, primary-key: true}}
      environment: {{type: mood, primary-key: true, default: "'live'"}}
      consumer_key_enc: bytea
credentials:
  secrets:
    table: mpesa_credentials
    key: secrets
    identity: [tenant_id, environment]
    where: environment == "live"
    columns:
      consumer_key_enc:
        envelope: {{cipher: aes-128-gcm, layout: ['iv:12', 'tag:16', ciphertext]}}
"""


@pytest.fixture
def filled(database):
    nonce = b"n" * 12
    made = AESGCM(bytes.fromhex(KEY)).encrypt(nonce, b"KCTKmjws5lR8OYlD6ex0", b"")
    sealed = (nonce + made[-16:] + made[:-16]).hex()
    database.execute(
        "CREATE TYPE mood AS ENUM ('test', 'live')",
        """CREATE TABLE mpesa_credentials (tenant_id uuid, environment mood DEFAULT 'live',
            consumer_key_enc bytea, password text, PRIMARY KEY (tenant_id, environment))""",
        f"""INSERT INTO mpesa_credentials VALUES (gen_random_uuid(), 'live', '\\x{sealed}', 'x'),
            (gen_random_uuid(), 'test', 'other', 'x')""",
    )
    yield database
    database.execute("DROP OWNED BY assay_reader", "DROP ROLE assay_reader")


def findings(project, url, *, live="true"):
    project.spec(SPEC.format(live=live))
    project.env(f"DATABASE_URL={url}\nKEY={KEY}\n")
    ran = project.run("check", "--format", "json")
    return [f for f in json.loads(ran.out)["findings"] if f["outcome"] != "pass"], ran


def created(database):
    section = DOCUMENT.read_text(encoding="utf-8").partition("## The least role")[2]
    blocks = re.findall(r"```sql\n(.*?)```", section.partition("\n## ")[0], re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        database.execute(block.replace("DATABASE app", f"DATABASE {database.name}"))


def test_the_documented_role_passes_a_check_and_can_do_nothing_else(filled, project):
    created(filled)
    found, ran = findings(project, filled.url("assay_reader"))
    assert (found, ran.code) == ([], 0), ran.said
    for refused in (
        "SELECT password FROM public.mpesa_credentials",
        "CREATE TEMPORARY TABLE t (a int)",
        "CREATE TABLE public.t (a int)",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "UPDATE public.mpesa_credentials SET consumer_key_enc = NULL",
    ):
        with pytest.raises(psycopg.Error):
            filled.execute(refused, user="assay_reader")


@pytest.mark.parametrize(
    ("grant", "powers"),
    [
        ("ALTER ROLE assay_reader SUPERUSER", "a superuser"),
        (
            "GRANT pg_execute_server_program TO assay_reader",
            "a member of pg_execute_server_program",
        ),
        ("GRANT pg_write_server_files TO assay_reader", "a member of pg_write_server_files"),
    ],
)
def test_a_role_that_can_leave_a_live_database_is_warned_of(filled, project, grant, powers):
    created(filled)
    filled.execute(grant)
    found, ran = findings(project, filled.url("assay_reader"))
    [warned] = found
    assert (warned["rule"], warned["severity"]) == ("database-superuser", "warning")
    assert f"as assay_reader, which is {powers}, in a live environment" in warned["message"]
    assert ran.code == 0
    assert findings(project, filled.url("assay_reader"), live="false")[0] == []


def test_a_superuser_in_the_guise_of_another_role_is_warned_of(filled, project):
    created(filled)
    found, _ = findings(project, filled.url(options="-crole%3Dassay_reader"))
    assert [each["rule"] for each in found] == ["database-superuser"]
