"""A secret of the process follows no address that a file gives, unless the spec pins the host."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest
from tests.databases.sessions import reach

from assay.databases import BACKENDS
from assay.databases.destinations import Destination
from assay.databases.postgrest.supabase import Supabase
from assay.databases.trouble import DatabaseTrouble
from assay.net.hosts import is_listed, is_this_machine, pin_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "sb_secret_vR7mQ2xK9pL4tW8zN3cJ6y_aB1cD2eF"
PASSWORD = "vR7mQ2xK9pL4tW8zN3cJ6yB1"


class Listening:
    """A server that closes every connection; it stands for whoever waits for secrets."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("0.0.0.0", 0))
        self.port = self.socket.getsockname()[1]
        self.calls = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self.socket.accept()
                self.calls += 1
                connection.close()


@pytest.fixture
def evil() -> Iterator[Listening]:
    """A server at 0.0.0.0, which is no loopback address, but leads to this machine."""
    server = Listening()
    yield server
    server.socket.close()


SPEC = """\
environments:
  dev:
    values: [process, {{dotenv: {{path: .env, dialect: {dialect}}}}}]
variables:
  SUPABASE_URL: {{type: url, required: false}}
  SUPABASE_KEY: {{secret: true, required: false}}
  DATABASE_URL: {{type: postgres, required: false}}
  MYSQL_URL: {{type: mysql, required: false}}
databases:
  hosted: {{supabase: {{url: SUPABASE_URL, key: SUPABASE_KEY}}, within: 1s{hosts}}}
  main: {{sql: {{url: DATABASE_URL}}, within: 1s{hosts}}}
  other: {{sql: {{url: MYSQL_URL}}, within: 1s{hosts}}}
"""


def checked(
    project,
    env: str,
    process: dict[str, str],
    *,
    hosts: str = "",
    dialect: str = "next",
    database: str,
) -> dict[str, Any]:
    """What becomes of a database, whose message and remedy hold no secret."""
    pins = f", hosts: [{hosts}]" if hosts else ""
    project.spec(SPEC.format(dialect=dialect, hosts=pins))
    project.env(env)
    ran = project.run("check", "--only", database, "--format", "json", environ=process)
    assert PASSWORD not in ran.said
    assert KEY not in ran.said
    found = json.loads(ran.out)["findings"]
    return next(f for f in found if f["kind"] == "database" and f["subject"] == database)


MIXED = [
    ("hosted", "SUPABASE_URL=https://0.0.0.0:{port}\n", {"SUPABASE_KEY": KEY}),
    ("hosted", "SUPABASE_URL=https://0.0.0.0:{port}\nSUPABASE_KEY=$KEY\n", {"KEY": KEY}),
    ("main", "DATABASE_URL=postgres://app:$PW@0.0.0.0:{port}/app\n", {"PW": PASSWORD}),
    ("main", "DATABASE_URL=postgres://$PW@0.0.0.0:{port}/app\n", {"PW": PASSWORD}),
    ("main", "A=$PW\nDATABASE_URL=postgres://app:${{A}}@0.0.0.0:{port}/app\n", {"PW": PASSWORD}),
    ("main", "DATABASE_URL=postgres://app@0.0.0.0:{port}/app\n", {"PGPASSWORD": PASSWORD}),
    ("main", "DATABASE_URL=postgres:///app?host=0.0.0.0&port={port}&user=$PW\n", {"PW": PASSWORD}),
    (
        "main",
        "DATABASE_URL=postgres://a:$PW@localhost:{port}/b?hostaddr=0.0.0.0\n",
        {"PW": PASSWORD},
    ),
    (
        "main",
        "DATABASE_URL=postgres://a:$PW@localhost:1,0.0.0.0:{port}/b\n",
        {"PW": PASSWORD},
    ),
    ("other", "MYSQL_URL=mysql://app:$PW@0.0.0.0:{port}/app\n", {"PW": PASSWORD}),
]


@pytest.mark.parametrize(("database", "env", "process"), MIXED)
def test_a_secret_of_the_process_is_not_sent_where_a_file_says(
    project, evil, database, env, process
):
    found = checked(project, env.format(port=evil.port), process, database=database)
    assert found["outcome"] == "unknown", found
    assert "whoever can change that file could have the secret sent anywhere" in found["message"]
    assert "add `hosts: [" in found["remedy"].lower()
    assert f"]` to {database} under `databases` in the spec" in found["remedy"]
    assert evil.calls == 0


@pytest.mark.parametrize(("database", "env", "process"), MIXED)
def test_it_is_sent_where_the_spec_pins_the_host(project, evil, database, env, process):
    text = env.format(port=evil.port)
    found = checked(project, text, process, hosts="db.example.com, 0.0.0.0", database=database)
    assert found["outcome"] == "fail", found
    assert evil.calls > 0


@pytest.mark.parametrize(("database", "env", "process"), MIXED)
def test_it_is_not_sent_to_another_host_than_the_pinned_one(project, evil, database, env, process):
    text = env.format(port=evil.port)
    found = checked(project, text, process, hosts='localhost, "*.example.com"', database=database)
    assert found["rule"] == "database-host-not-listed"
    assert evil.calls == 0


def test_pins_hold_for_values_of_the_process_too(project, evil):
    process = {"SUPABASE_URL": f"https://0.0.0.0:{evil.port}", "SUPABASE_KEY": KEY}
    found = checked(project, "", process, hosts="db.example.com", database="hosted")
    assert found["rule"] == "database-host-not-listed"
    assert evil.calls == 0


@pytest.mark.parametrize(
    ("env", "process"),
    [
        ("SUPABASE_URL={url}\nSUPABASE_KEY={key}\n", {}),
        ("U={url}\nSUPABASE_URL=$U\nSUPABASE_KEY={key}\n", {"OTHER": "x"}),
        ("SUPABASE_KEY={key}\n", {"SUPABASE_URL": "{url}"}),
        ("", {"SUPABASE_URL": "{url}", "SUPABASE_KEY": KEY}),
    ],
)
def test_values_of_the_same_kind_need_no_pin(project, evil, env, process):
    url = f"https://0.0.0.0:{evil.port}"
    given = {name: value.format(url=url) for name, value in process.items()}
    found = checked(project, env.format(url=url, key=KEY), given, database="hosted")
    assert found["outcome"] == "fail"
    assert evil.calls > 0


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST", "127.0.0.2"])
def test_this_machine_needs_no_pin(project, evil, host):
    env = f"SUPABASE_URL=http://{host}:{evil.port}\n"
    found = checked(project, env, {"SUPABASE_KEY": KEY}, hosts="db.example.com", database="hosted")
    assert found["outcome"] == "fail"
    assert found["rule"] not in ("database-host-not-listed", "database-key-unencrypted")


@pytest.mark.parametrize("host", ["0.0.0.0", "db", "10.0.0.1", "localhost.example.com"])
def test_a_key_is_never_sent_without_tls(project, evil, host):
    env = f"SUPABASE_URL=http://{host}:{evil.port}\nSUPABASE_KEY={KEY}\n"
    found = checked(project, env, {}, hosts=host, database="hosted")
    assert found["rule"] == "database-key-unencrypted"
    assert evil.calls == 0


@pytest.mark.parametrize("hosts", ["", "example.com", '"*.example.com"'])
def test_a_secret_is_not_looked_up_as_a_name_nor_shown_as_one(project, monkeypatch, hosts):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("a name is looked up"))
    env = "SUPABASE_URL=https://$PW.example.net\nSUPABASE_KEY=" + KEY + "\n"
    found = checked(project, env, {"PW": "hunter2hunter2"}, hosts=hosts, database="hosted")
    assert found["outcome"] in ("unknown", "fail")
    assert found["rule"] in ("", "database-host-not-listed")
    assert "hunter2" not in json.dumps(found)


def test_the_password_file_counts_only_for_lines_that_fit_any_host(project, evil, tmp_path):
    env = f"DATABASE_URL=postgres://app@0.0.0.0:{evil.port}/app\n"
    file = tmp_path / "pgpass"
    for line, outcome in ((f"db:5432:*:*:{PASSWORD}", "fail"), (f"*:*:*:*:{PASSWORD}", "unknown")):
        file.write_text(f"# *:\n{line}\n")
        file.chmod(0o600)
        process = {"PGPASSFILE": str(file)}
        found = checked(project, env, process, database="main")
        assert found["outcome"] == outcome, found


@pytest.mark.parametrize("host", ["db.example.com", "localhost"])
def test_a_password_of_another_host_does_not_follow_an_address(project, evil, tmp_path, host):
    env = f"DATABASE_URL=postgres://app@{host}:{evil.port}/app?hostaddr=0.0.0.0\n"
    file = tmp_path / "pgpass"
    file.write_text(f"{host}:*:*:*:{PASSWORD}\n")
    file.chmod(0o600)
    found = checked(project, env, {"PGPASSFILE": str(file)}, database="main")
    assert "the password comes from the password file of libpq" in found["message"]
    assert evil.calls == 0


def test_nor_does_one_of_a_service_or_of_a_file_that_is_too_long(project, evil, tmp_path):
    env = f"DATABASE_URL=postgres://app@0.0.0.0:{evil.port}/app\n"
    file = tmp_path / "long"
    file.write_text(f"#{'x' * 2**20}\n*:*:*:*:{PASSWORD}\n")
    file.chmod(0o600)
    for process in ({"PGSERVICE": "production"}, {"PGPASSFILE": str(file)}):
        found = checked(project, env, process, database="main")
        assert found["outcome"] == "unknown", found
    assert evil.calls == 0


@pytest.mark.parametrize("host", ["127.0.0.2", "[::ffff:127.0.0.1]", "[0:0:0:0:0:0:0:1]"])
def test_a_key_for_this_machine_does_not_pass_a_proxy(monkeypatch, evil, host):
    monkeypatch.setenv("HTTP_PROXY", f"http://0.0.0.0:{evil.port}")
    backend = Supabase(url="URL", key="KEY")
    with pytest.raises(DatabaseTrouble):
        backend.open({"URL": f"http://{host}:1", "KEY": KEY}, reach(seconds=1.0))
    assert evil.calls == 0


@pytest.mark.parametrize(
    ("host", "pins", "listed"),
    [
        ("DB.Example.COM.", ("db.example.com",), True),
        ("db.example.com", ("DB.EXAMPLE.COM.",), True),
        ("db.example.com.evil.example", ("db.example.com",), False),
        ("evil-db.example.com", ("db.example.com",), False),
        ("a.example.com", ("*.example.com",), True),
        ("a.b.example.com", ("*.example.com",), True),
        ("example.com", ("*.example.com",), False),
        ("evilexample.com", ("*.example.com",), False),
        ("x/.example.com", ("*.example.com",), False),
        ("good.example.com@evil.example", ("*.example.com", "good.example.com"), False),
        ("evil.example\\.example.com", ("*.example.com",), False),
        ("db_1", ("db_1",), True),
        ("::1", ("[0:0::1]",), True),
        ("::ffff:10.0.0.1", ("10.0.0.1",), True),
        ("010.0.0.1", ("10.0.0.1",), False),
        ("0x0a000001", ("10.0.0.1",), False),
        ("167772161", ("10.0.0.1",), False),
        ("xn--mnchen-3ya.example", ("münchen.example",), False),
    ],
)
def test_hosts_are_compared_in_one_spelling(host, pins, listed):
    assert is_listed(host, pins) is listed


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("LocalHost.", True),
        ("127.0.0.1", True),
        ("127.255.255.254", True),
        ("::1", True),
        ("[::1]", True),
        ("::ffff:127.0.0.1", True),
        ("/var/run/postgresql", True),
        ("@abstract", True),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("127.1", False),
        ("0.0.0.0", False),
        ("2130706433", False),
        ("192.168.0.1", False),
        ("", False),
    ],
)
def test_this_machine_is_known_by_its_usual_names_only(host, here):
    assert is_this_machine(host) is here


@pytest.mark.parametrize(
    ("pin", "said"),
    [
        ("db.example.com", ""),
        ("*.supabase.co", ""),
        ("db_1", ""),
        ("10.0.0.1", ""),
        ("[::1]", ""),
        ("fe80::1", ""),
        ("*", "expected the name"),
        ("*.com", "anyone"),
        ("a.*.com", "expected the name"),
        ("*.0.0.1", "expected the name"),
        ("https://db.example.com", "expected the name"),
        ("db.example.com:5432", "expected the name"),
        ("good@evil.example", "expected the name"),
        ("", "expected the name"),
        ("münchen.example", "xn--"),
        ("*.münchen.example", "xn--"),
    ],
)
def test_a_pin_is_the_name_of_a_host(project, pin, said):
    assert said in pin_problem(pin)
    assert bool(said) == bool(pin_problem(pin))
    entry = {"main": {"sql": {"url": "U"}, "hosts": [pin]}}
    project.spec(f"variables: {{U: {{type: postgres}}}}\ndatabases: {json.dumps(entry)}\n")
    assert project.run("lint").code == (2 if said else 0)


def test_a_file_is_on_no_host(project):
    project.spec("databases: {main: {sqlite: {path: a.db}, hosts: [example.com]}}\n")
    assert "a SQLite file has no host" in project.run("lint").said


def test_an_import_may_pin_fewer_hosts_and_not_others(project):
    shared = {"main": {"sql": {"url": "U"}, "hosts": ["a.example.com", "b.example.com"]}}
    project.write(
        "shared.yaml",
        f"assay: 1\nvariables: {{U: {{type: postgres}}}}\ndatabases: {json.dumps(shared)}\n",
    )
    for hosts, code in (("[a.example.com]", 0), ("[c.example.com]", 2), ("[]", 2)):
        project.spec(f"imports: [../shared.yaml]\ndatabases: {{main: {{hosts: {hosts}}}}}\n")
        assert project.run("lint").code == code


def test_what_leads_nowhere_has_no_destination():
    sql = BACKENDS["sql"](url="U")
    assert sql.destination({"U": "sqlite:///a.db"}) is None
    assert BACKENDS["sqlite"](path="a.db").destination({}) is None
    assert sql.destination({"U": "mysql:///app"}) == Destination(("localhost",))
    with pytest.raises(DatabaseTrouble):
        sql.destination({"U": "postgres://a b"})
