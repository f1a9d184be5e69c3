"""A real PostgreSQL server for tests, and a database of its own for each of them.

    from tests.databases.postgres import *  # in a conftest.py

gives the fixtures `postgres` (the server) and `database` (an empty database with the roles of
Supabase). `ASSAY_TEST_POSTGRES_URL` names a server that already exists; its role must be allowed
to create databases and roles.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["database", "postgres"]

INSTALL = "apt-get install postgresql"
ROLES = ("anon", "authenticated", "service_role")
TEMPLATE = "assay_template"
SEED = """
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
CREATE SCHEMA private;
"""
"""What every test's database holds. Nothing is granted on tables: each test says what it grants."""


class Database(NamedTuple):
    """A database of a test."""

    host: str
    port: int
    name: str
    user: str

    def url(self, user: str = "", password: str = "", **query: str) -> str:
        """Its URL for a role; the superuser's by default."""
        login = f"{user or self.user}:{password}" if password else user or self.user
        more = "&".join(f"{key}={value}" for key, value in query.items())
        return f"postgresql://{login}@{self.host}:{self.port}/{self.name}" + (more and f"?{more}")

    def execute(self, *statements: str, user: str = "") -> None:
        """Run statements, each in its own transaction."""
        with closing(psycopg.connect(self.url(user), autocommit=True)) as connection:
            for statement in statements:
                connection.execute(statement)

    def rows(self, statement: str, *values: Any, user: str = "") -> list[tuple[Any, ...]]:
        """What a query gives."""
        with closing(psycopg.connect(self.url(user), autocommit=True)) as connection:
            return connection.execute(statement, values).fetchall()


class Server:
    """A running server, and the folder that it lives in."""

    def __init__(self, folder: Path | None, host: str, port: int, user: str) -> None:
        self.folder = folder
        self.host = host
        self.port = port
        self.user = user
        self._numbers = count(1)

    def database(self, name: str) -> Database:
        """One of its databases."""
        return Database(self.host, self.port, name, self.user)

    def create(self, template: str = TEMPLATE) -> Database:
        """A new one, made of a template."""
        name = f"assay_{os.getpid()}_{next(self._numbers)}"
        self.database("postgres").execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.database(name)

    def drop(self, name: str) -> None:
        """Drop one, whoever is connected to it."""
        self.database("postgres").execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def missing() -> None:
    """Skip for want of a server, or fail where it must be there."""
    if os.environ.get("CI"):
        pytest.fail(f"a peer is missing: {INSTALL}")
    pytest.skip(INSTALL)


def programs() -> Path | None:
    """The folder of initdb and postgres, the newest there is."""
    for found in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True):
        return found.parent
    found_one = shutil.which("initdb")
    return Path(found_one).parent if found_one else None


def free_port() -> int:
    with closing(socket.socket()) as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def mortal(*command: str) -> list[str]:
    """A command that ends when this process does, however that ends."""
    return ["setpriv", "--pdeathsig", "INT", *command] if shutil.which("setpriv") else [*command]


def as_postgres(*command: str) -> list[str]:
    """The same as PostgreSQL wants it, never as root."""
    who = ("--reuid=postgres", "--regid=postgres", "--clear-groups")
    return mortal(*(who if not os.geteuid() else ()), *command)


def wait_until_ready(process: subprocess.Popen[bytes], database: Database) -> None:
    """Return once the server lets us in; fail where it ends, or takes half a minute."""
    until = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < until:
        with contextlib.suppress(psycopg.OperationalError):
            database.rows("SELECT 1")
            return
        time.sleep(0.02)
    pytest.fail("PostgreSQL does not start")


@contextlib.contextmanager
def running(*settings: str) -> Iterator[Server]:
    """A server of its own, with further settings as `name=value`, that is gone afterwards."""
    found = programs()
    if found is None:
        missing()
    folder = Path(tempfile.mkdtemp(prefix="assay-postgres-"))
    try:
        if not os.geteuid():
            shutil.chown(folder, "postgres", "postgres")
        quick = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
        started = (
            "listen_addresses=127.0.0.1",
            "max_connections=60",
            "autovacuum=off",
            *quick,
            *settings,
        )
        port = free_port()
        data = str(folder / "data")
        init = ("-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        quiet: Any = {"stdout": subprocess.DEVNULL, "cwd": "/"}
        make = as_postgres(f"{found}/initdb", "-D", data, *init)
        subprocess.run(make, check=True, stderr=subprocess.DEVNULL, **quiet)
        options = [part for each in started for part in ("-c", each)]
        command = (f"{found}/postgres", "-D", data, "-p", str(port), "-k", str(folder), *options)
        server = Server(folder, "127.0.0.1", port, "postgres")
        with (
            open(folder / "log", "wb") as log,
            subprocess.Popen(as_postgres(*command), stderr=log, **quiet) as process,
        ):
            try:
                wait_until_ready(process, server.database("postgres"))
                yield server
            finally:
                process.send_signal(signal.SIGQUIT)  # at once
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def prepare(server: Server) -> Server:
    """Make the roles and the template."""
    roles = "".join(
        f"""DO $$ BEGIN CREATE ROLE {role} LOGIN {"BYPASSRLS" if role == "service_role" else ""};
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;"""
        for role in ROLES
    )
    main = server.database("postgres")
    main.execute(roles)
    if not main.rows("SELECT 1 FROM pg_database WHERE datname = %s", TEMPLATE):
        with contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            main.execute(f"CREATE DATABASE {TEMPLATE}")
            server.database(TEMPLATE).execute(SEED)
    return server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A server with the roles of Supabase; each worker of a parallel run has its own."""
    if given := os.environ.get("ASSAY_TEST_POSTGRES_URL"):
        with closing(psycopg.connect(given)) as connection:
            info = connection.info
            yield prepare(Server(None, info.host, info.port, info.user))
        return
    with running() as server:
        yield prepare(server)


@pytest.fixture
def database(postgres: Server) -> Iterator[Database]:
    """An empty database, dropped afterwards; roles see its schemas, and nothing else."""
    made = postgres.create()
    yield made
    postgres.drop(made.name)
