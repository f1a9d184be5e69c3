"""Supabase Lite, the official small implementation of Supabase, over a real PostgreSQL.

    from tests.databases.lite import lite
    from tests.databases.postgres import postgres

in a conftest.py gives the fixture `lite`. It reads the schema once, when it starts, and grants
everything on every table at the first request; so the tables are there before, and what is granted
is set after.
It takes on the roles of keys only where some table has row level security.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.request import Request, urlopen

import pytest
from tests.databases.postgres import Database, Server, free_port, mortal
from tests.packaging.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["lite"]

INSTALL = "npm install @supabase/lite@0.10.0 postgres@3.4.9 (and set ASSAY_PEERS to its folder)"
SECRET = "sb_secret_" + "lite" * 8
PUBLISHABLE = "sb_publishable_" + "lite" * 8
SCHEMA = """
CREATE TYPE environment AS ENUM ('sandbox', 'production');
CREATE TABLE tenants (id bigint PRIMARY KEY, name text NOT NULL);
CREATE TABLE credentials (
    tenant_id bigint REFERENCES tenants,
    environment environment NOT NULL DEFAULT 'sandbox',
    secret bytea,
    meta jsonb,
    amount numeric(30, 5),
    active boolean,
    at timestamptz,
    note text,
    PRIMARY KEY (tenant_id, environment)
);
CREATE TABLE keyless (t text, doc json);
CREATE TABLE guarded (id integer PRIMARY KEY);
CREATE TABLE ungranted (id integer PRIMARY KEY);
ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
INSERT INTO tenants SELECT number, 'tenant ' || number FROM generate_series(1, 2500) AS number;
INSERT INTO credentials
    SELECT id, 'sandbox', decode(lpad(to_hex(id), 8, '0'), 'hex'), '{"a": 1.0, "b": [1]}',
           12345678901234567890.12345, true, '2026-11-27T06:56:08.200142Z', 'a "b", c'
    FROM tenants WHERE id <= 20;
INSERT INTO credentials (tenant_id, environment) VALUES (1, 'production');
INSERT INTO keyless VALUES ('a', '{"x":1.0,"x":2}'), ('a', '{"x":1.0,"x":2}'), (NULL, NULL);
INSERT INTO guarded VALUES (1), (2);
"""
GRANTS = """
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM anon, authenticated, service_role;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO service_role;
GRANT SELECT ON tenants, guarded TO anon;
REVOKE ALL ON ungranted FROM service_role;
"""
CONFIG = """
[api]
port = {port}
schemas = ["public"]

[db]
driver = "postgres"
url = "{url}"

[auth]
enabled = true
jwt_secret = "a-secret-of-a-test-that-is-long-enough-4711"
publishable_key = "{publishable}"
secret_key = "{secret}"
"""
PATIENCE = 60.0
"""Seconds."""


class Lite(NamedTuple):
    """A project that runs."""

    url: str
    database: Database
    secret: str = SECRET
    publishable: str = PUBLISHABLE


def missing() -> None:
    """Skip for want of it, or fail where it must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"a peer is missing: {INSTALL}")
    pytest.skip(INSTALL)


def _wait(process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until it says that it is ready."""
    end = time.monotonic() + PATIENCE
    while b"Ready in" not in (said := log.read_bytes()):
        if process.poll() is not None or time.monotonic() > end:
            pytest.fail(said.decode(errors="replace")[-2000:])
        time.sleep(0.02)


def _ask(url: str) -> None:
    """Ask for rows, which is when it makes its grants."""
    request = Request(f"{url}/rest/v1/tenants?limit=1", headers={"apikey": SECRET})
    with urlopen(request, timeout=PATIENCE) as answer:
        assert answer.status == 200


@pytest.fixture(scope="session")
def lite(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lite]:
    """A project with tables and rows; roles may do what `GRANTS` says."""
    peers = Path(os.environ.get("ASSAY_PEERS") or ROOT / ".peers").resolve()
    program = peers / "node_modules" / "@supabase" / "lite"
    node = shutil.which("node")
    if node is None or not program.is_dir() or not (peers / "node_modules" / "postgres").is_dir():
        missing()
    database = postgres.create()
    database.execute(SCHEMA)
    folder = tmp_path_factory.mktemp("lite")
    port = free_port()
    (folder / "supabase").mkdir()
    config = CONFIG.format(
        port=port,
        url=database.url().replace("postgresql:", "postgres:"),
        publishable=PUBLISHABLE,
        secret=SECRET,
    )
    (folder / "supabase" / "config.toml").write_text(config, encoding="utf-8")
    quiet = {"DO_NOT_TRACK": "1", "LITE_TELEMETRY": "0", "HOME": str(folder)}
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            mortal(str(node), str(peers / "node_modules/.bin/lite"), "start", "--no-admin"),
            cwd=folder,
            env={**os.environ, **quiet},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            _wait(process, folder / "log")
            _ask(f"http://127.0.0.1:{port}")
            database.execute(GRANTS)
            yield Lite(f"http://127.0.0.1:{port}", database)
        finally:
            process.kill()
    postgres.drop(database.name)
