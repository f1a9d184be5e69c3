"""Reaching PostgreSQL: what works, and each way in which it does not."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import subprocess
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import psycopg
import pytest
from tests.databases.hostile import CANARY, answering
from tests.databases.postgres import free_port, running
from tests.databases.sessions import opened, refused

from assay.databases.postgres.connecting import _asked, _finish, _held_back, _peeked
from assay.databases.postgres.refusals import Failure, refusal
from assay.databases.trouble import DatabaseTrouble
from assay.databases.urls import DatabaseUrl, HostPort
from assay.facts import Unobservable
from assay.net.faults import NetworkFault
from assay.net.patience import Deadline
from assay.net.reaching import reachable


@pytest.fixture(scope="module")
def strict():
    """A server that asks for passwords, and speaks TLS with a certificate of its own making."""
    with running("lc_messages=C") as server:
        folder = server.folder
        assert folder
        make = (
            "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=db.example.com"
            " -keyout server.key -out server.crt && chmod 600 server.key"
        )
        subprocess.run(["sh", "-c", make], cwd=folder, check=True, capture_output=True)
        for name in ("server.key", "server.crt"):
            shutil.copy(folder / name, folder / "data" / name)
            (folder / "data" / name).chmod(0o600)
            if shutil.os.geteuid() == 0:  # type: ignore[attr-defined]
                shutil.chown(folder / "data" / name, "postgres", "postgres")
        main = server.database("postgres")
        main.execute(
            f"CREATE ROLE scram LOGIN PASSWORD '{CANARY}'",
            f"SET password_encryption = 'md5'; CREATE ROLE md5 LOGIN PASSWORD '{CANARY}'",
            f"CREATE ROLE plain LOGIN PASSWORD '{CANARY}'",
            "CREATE ROLE secure LOGIN; CREATE ROLE locked NOLOGIN; CREATE ROLE nowhere LOGIN",
            "CREATE DATABASE closed",
            "REVOKE CONNECT ON DATABASE closed FROM PUBLIC",
            "CREATE ROLE one LOGIN CONNECTION LIMIT 0",
            "ALTER SYSTEM SET ssl = on",
        )
        rules = """
            host all postgres,one,locked 127.0.0.1/32 trust
            host all scram 127.0.0.1/32 scram-sha-256
            host all md5 127.0.0.1/32 md5
            host all plain 127.0.0.1/32 password
            hostssl all secure 127.0.0.1/32 trust
            """
        (folder / "data" / "pg_hba.conf").write_text(rules)
        main.execute("SELECT pg_reload_conf()")
        wait_for(lambda: main.rows("SHOW ssl") == [("on",)])
        wait_for(lambda: refused(main.url("nowhere")).code == "database-wrong-password")
        yield server


def wait_for(condition):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            if condition():
                return
        except BaseException:  # noqa: BLE001 - not yet
            pass
        time.sleep(0.02)
    pytest.fail("the server did not get ready")


def judged(text, *, mode="prefer", host="127.0.0.1", **more):
    """What a text of libpq's is taken for."""
    parameters = {"sslmode": mode, "user": "me", "password": CANARY}
    address = HostPort(host, 1)
    return refusal(Failure(text=text, address=address, parameters=parameters, seconds=5.0, **more))


def told(reason):
    assert CANARY not in repr(reason)
    return reason.code


def test_a_session_says_who_it_is_there(database):
    with opened(database.url("anon")) as session:
        assert session.connected.dialect == "postgresql"
        assert session.connected.role == "anon"
        assert session.connected.bypasses is False
        assert session.connected.version


def test_whether_a_role_sees_all_rows_is_unknown_where_roles_are_hidden(database):
    database.execute("REVOKE SELECT ON pg_catalog.pg_roles FROM PUBLIC")
    with opened(database.url("anon")) as session:
        assert session.connected.role == "anon"
        assert isinstance(session.connected.bypasses, Unobservable)


@pytest.mark.parametrize("role", ["scram", "md5", "plain"])
def test_a_wrong_password_is_named_with_its_role(strict, role):
    database = strict.database("postgres")
    with opened(database.url(role, CANARY)) as session:
        assert session.connected.role == role
    why = refused(database.url(role, CANARY + "x"))
    assert told(why) == "database-wrong-password"
    assert why.values == {"host": f"127.0.0.1:{strict.port}", "role": role}
    assert told(refused(database.url(role))) == "database-wrong-password"


def test_a_wrong_password_is_named_where_channel_binding_is_required(strict):
    database = strict.database("postgres")
    with opened(database.url("scram", CANARY, channel_binding="require")) as session:
        assert session.connected.role == "scram"
    why = refused(database.url("scram", CANARY + "x", channel_binding="require"))
    assert why.code == "database-wrong-password"
    why = refused(database.url("md5", CANARY, channel_binding="require"))
    assert why.values["cause"] == "unbound"


@pytest.mark.parametrize(
    ("user", "name", "code"),
    [
        ("postgres", "missing", "database-not-found"),
        ("scram", "missing", "database-not-found"),
        ("scram", "closed", "database-denied"),
        ("locked", "postgres", "database-wrong-password"),
        ("nowhere", "postgres", "database-wrong-password"),
        ("one", "postgres", "database-overloaded"),
    ],
)
def test_a_refusal_is_known_by_its_state(strict, user, name, code):
    why = refused(strict.database(name).url(user, CANARY))
    assert told(why) == code
    assert why.values.get("name", name) == name


def test_tls_that_the_server_demands_and_the_url_forbids_is_named(strict):
    database = strict.database("postgres")
    with opened(database.url("secure")):
        pass
    why = refused(database.url("secure", sslmode="disable"))
    assert why.code == "database-tls-failed"
    assert "demands" in why.values["reason"]
    assert why.values["cause"] == "forbidden"


def test_tls_that_the_url_demands_and_the_server_lacks_is_named(database):
    why = refused(database.url(sslmode="require"))
    assert why.code == "database-tls-failed"
    assert why.values["reason"] == "the server does not offer TLS, but the URL requires it"
    assert why.values["cause"] == "none-offered"


@pytest.mark.parametrize(
    ("mode", "root", "reason"),
    [
        ("verify-full", "system", "self-signed"),
        ("verify-full", "own", "for another"),
        ("verify-ca", "other", "not trusted"),
        ("verify-ca", "nothing.pem", "does not exist"),
        ("verify-full", "", "does not say whose"),
        ("verify-full", "server.key", "can't be used"),
    ],
)
def test_a_certificate_that_is_not_trusted_is_explained(strict, mode, root, reason, tmp_path):
    other = tmp_path / "other.crt"
    make = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=other -keyout o.key -out"
        " other.crt"
    )
    if root == "other":
        subprocess.run(["sh", "-c", make], cwd=tmp_path, check=True, capture_output=True)
    files = {"own": strict.folder / "server.crt", "other": other}
    path = str(files.get(root, root))
    query = {"sslmode": mode, **({"sslrootcert": path} if root else {})}
    if root == "server.key":
        query["sslrootcert"] = str(strict.folder / "server.key")
    why = refused(strict.database("postgres").url("secure", **query))
    assert why.code == "database-tls-failed"
    assert reason in why.values["reason"]


def test_a_trusted_certificate_is_good_enough(strict):
    root = str(strict.folder / "server.crt")
    with opened(strict.database("postgres").url("secure", sslmode="verify-ca", sslrootcert=root)):
        pass


def test_a_closed_port_is_a_refused_connection():
    port = free_port()
    why = refused(f"postgres://me:{CANARY}@127.0.0.1:{port}/x")
    assert told(why) == "database-connection-refused"
    assert why.values == {"host": f"127.0.0.1:{port}"}


def test_a_name_that_nobody_knows_is_not_resolved():
    why = refused("postgres://me@database.invalid/x")
    assert why.code == "database-name-not-resolved"
    assert why.values == {"host": "database.invalid:5432"}


def test_a_folder_without_a_socket_is_a_refused_connection(tmp_path):
    why = refused(f"postgresql:///x?host={tmp_path}")
    assert why.code == "database-connection-refused"


def test_a_socket_of_a_running_server_is_reached(postgres):
    if postgres.folder is None:
        pytest.skip("the server is elsewhere")
    url = f"postgresql://postgres@/postgres?host={postgres.folder}&port={postgres.port}"
    with opened(url) as session:
        assert session.connected.role == "postgres"
    assert refused(url.replace("/postgres?", "/missing?")).code == "database-not-found"


def test_a_server_that_never_answers_is_timed_out():
    def silent(made):
        while made.recv(100):
            pass

    with answering(silent) as url:
        started = time.monotonic()
        why = refused(url, seconds=0.5)
        assert time.monotonic() - started < 5
    assert told(why) == "database-timed-out"
    assert why.values["seconds"] == "0.5"


def test_a_server_that_closes_at_once_went_away():
    with answering(lambda _: None) as url:
        assert told(refused(url)) == "database-connection-lost"


def test_something_else_on_the_port_is_not_called_a_database():
    def banner(made):
        made.sendall(b"+OK ready\r\n")
        made.recv(100)

    with answering(banner) as url:
        why = refused(url)
    assert told(why) == "database-failed"
    assert why.values["state"] == "not PostgreSQL"


def test_a_web_server_that_refuses_at_once_is_a_gateway():
    def refusing(made):
        made.recv(100)
        made.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n<html>")

    with answering(refusing) as url:
        for mode in ("prefer", "disable"):
            why = refused(f"{url}?sslmode={mode}")
            assert told(why) == "database-gateway"
            assert why.values["status"] == "400"


def test_a_web_server_that_waits_for_more_is_a_gateway():
    class Quiet(BaseHTTPRequestHandler):
        timeout = 5

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        url = f"postgres://me:{CANARY}@127.0.0.1:{server.server_port}/x"
        why = refused(url, seconds=1)
        server.shutdown()
        server.block_on_close = False
        thread.join()
    assert told(why) == "database-gateway"
    assert why.values["status"] == "501"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (b"CXX000\0MTenant or user not found", "database-paused"),
        (b"CXX000\0M(ENOTFOUND) tenant/user postgres.abc not found", "database-paused"),
        (b"C57P03\0Mthe database system is starting up", "database-overloaded"),
        (b"CXX000\0MMax client connections reached", "database-overloaded"),
        (b"C58000\0Mno words", "database-failed"),
        (b"Mnothing", "database-failed"),
    ],
)
@pytest.mark.parametrize("early", [True, False])
def test_what_a_pooler_says_is_understood(fields, code, early):
    body = b"SFATAL\0" + fields + b"\0\0"
    message = b"E" + (len(body) + 4).to_bytes(4, "big") + body

    def pooler(made):
        made.settimeout(5)
        if not early:
            made.recv(8)
            made.sendall(b"N")
        made.recv(1000)
        made.sendall(message)

    with answering(pooler) as url:
        assert told(refused(url)) == code


def test_an_authentication_that_is_not_known_is_named():
    def kerberos(made):
        made.recv(8)
        made.sendall(b"N")
        made.recv(1000)
        made.sendall(b"R" + (8).to_bytes(4, "big") + (7).to_bytes(4, "big"))

    with answering(kerberos) as url:
        state = refused(url).values["state"]
    assert state == "the server asks for GSSAPI authentication: expected a password"


def test_a_server_that_wants_endless_hashing_is_left_alone():
    def greedy(made):
        made.settimeout(5)
        made.recv(8)
        made.sendall(b"N")
        made.recv(1000)
        offer = b"SCRAM-SHA-256\0\0"
        made.sendall(b"R" + (len(offer) + 8).to_bytes(4, "big") + (10).to_bytes(4, "big") + offer)
        nonce = made.recv(1000).rpartition(b"r=")[2]
        # some seconds of hashing, in which libpq asks no clock
        said = b"r=" + nonce + b"x,s=c2FsdA==,i=10000000"
        made.sendall(b"R" + (len(said) + 8).to_bytes(4, "big") + (11).to_bytes(4, "big") + said)
        made.recv(1000)

    with answering(greedy) as url:
        started = time.monotonic()
        why = refused(url, seconds=0.5)
        assert time.monotonic() - started < 4
    assert why.code == "database-timed-out"


def test_a_server_that_proves_nothing_is_not_called_postgresql():
    def forgetful(made):
        made.settimeout(5)
        made.recv(8)
        made.sendall(b"N")
        made.recv(1000)
        offer = b"SCRAM-SHA-256\0\0"
        made.sendall(b"R" + (len(offer) + 8).to_bytes(4, "big") + (10).to_bytes(4, "big") + offer)
        made.recv(1000)
        said = b"r=wrong,s=c2FsdA==,i=1"
        made.sendall(b"R" + (len(said) + 8).to_bytes(4, "big") + (11).to_bytes(4, "big") + said)
        made.recv(1000)

    with answering(forgetful) as url:
        assert refused(url).values["state"] == "not PostgreSQL"


def test_a_url_shows_nothing_of_itself():
    assert CANARY not in repr(DatabaseUrl(f"postgres://me:{CANARY}@host/x"))


def test_a_server_that_forgets_its_part_is_not_waited_for():
    def hangs_up(made):
        made.recv(8)
        made.sendall(b"N")
        made.recv(1000)
        made.sendall(b"R\0\0\0")

    with answering(hangs_up) as url:
        assert refused(url).code == "database-connection-lost"


def test_a_message_of_impossible_length_is_no_message():
    def boasts(made):
        made.recv(8)
        made.sendall(b"N")
        made.recv(1000)
        made.sendall(b"R\x7f\xff\xff\xff")

    with answering(boasts) as url:
        assert refused(url).values["state"] == "not PostgreSQL"


def test_a_server_that_breaks_off_the_handshake_is_told_apart():
    def no_tls(made):
        made.recv(8)
        made.sendall(b"S")
        made.recv(1000)
        made.sendall(b"no\n" * 10)

    with answering(no_tls) as url:
        why = refused(url)
    assert why.code == "database-tls-failed"
    assert "breaks" in why.values["reason"] or "broke off" in why.values["reason"]


def test_a_name_that_is_not_looked_up_in_time_is_timed_out(monkeypatch):
    from threading import Event

    done = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: done.wait(5) and [])
    why = refused("postgres://me@slow.example.com/x", seconds=0.1)
    done.set()
    assert why.code == "database-timed-out"
    assert why.values["host"] == "slow.example.com:5432"


@pytest.mark.parametrize(
    ("number", "code", "state"),
    [
        (errno.ECONNREFUSED, "database-connection-refused", None),
        (errno.ENETUNREACH, "database-network-unreachable", None),
        (errno.EHOSTUNREACH, "database-network-unreachable", None),
        (errno.EACCES, "database-failed", "connecting is not permitted"),
        (errno.ETIMEDOUT, "database-timed-out", None),
    ],
)
def test_a_network_that_can_not_be_reached_is_told_apart(number, code, state):
    text = f'connection to server at "127.0.0.1", port 1 failed: {os.strerror(number)}\n\tIs it?'
    why = judged(text).refused
    assert told(why) == code
    assert why.values.get("state") == state


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("FATAL:  28000: pg_hba.conf rejects\nLOCATION:  ClientAuthentication, auth.c:1", "", "me"),
        ("FATAL:  57014: cancelled", "database-timed-out", "5"),
        ("channel binding required, but SSL not in use", "database-tls-failed", "binding"),
        ("host name must be specified for a verified SSL connection", "database-tls-failed", "hos"),
        ("SSL error: certificate verify failed", "database-tls-failed", "is not trusted"),
        ("SSL error: unsupported protocol", "database-tls-failed", "a different version"),
        ('private key file "k" has group or world access', "database-tls-failed", "can't be used"),
        ("session is read-only", "database-failed", "target_session_attrs"),
        ("fe_sendauth: no password supplied", "database-wrong-password", "me"),
        ("could not receive data from server: x", "database-connection-lost", ""),
        ('could not parse network address "x": y', "database-url-invalid", "libpq"),
        ('invalid sslmode value: "x"', "database-url-invalid", "libpq"),
        ("authentication method 99 not supported", "database-failed", "an unknown"),
        ("FATAL:\n  28P01: folded", "database-failed", "none"),
        ("", "database-failed", "none"),
    ],
)
def test_what_libpq_says_is_understood(text, code, said):
    quoted = f'connection to server at "127.0.0.1", port 1 failed: {text} {CANARY}'
    for whole in (quoted, f"{text} {CANARY}"):
        why = judged(whole).refused
        assert told(why) == code or not code
        assert said in repr(why)


def test_a_refusal_in_another_language_for_want_of_tls_is_known_by_its_place():
    text = "FATAL:  28000: pg_hba.conf lehnt ab\nLOCATION:  ClientAuthentication, auth.c:1"
    assert judged(text, mode="disable").refused.values["cause"] == "forbidden"
    assert judged(text, mode="disable", host="/run").refused.code == "database-wrong-password"


def test_of_two_attempts_the_one_that_says_more_is_told():
    plain = (
        "FATAL:  28000: no pg_hba.conf entry for x, no encryption\nLOCATION:  ClientAuthentication,"
    )
    other = "FATAL:  3D000: no such database"
    for texts in ((plain, other), (other, plain)):
        parts = (f'connection to server at "127.0.0.1", port 1 failed: {text}\n' for text in texts)
        assert judged("".join(parts)).refused.code == "database-not-found"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ECONNREFUSED, "database-connection-refused"),
        (errno.EHOSTUNREACH, "database-network-unreachable"),
        (errno.EACCES, "database-failed"),
        (errno.ETIMEDOUT, "database-timed-out"),
    ],
)
def test_an_address_of_another_makers_server_is_tried_first(monkeypatch, number, code):
    def connect(*_):
        raise OSError(number, CANARY)

    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(NetworkFault) as caught:
        reachable("127.0.0.1", 1, Deadline(5.0))
    assert told(DatabaseTrouble.of(caught.value).refused) == code


def test_an_address_that_answers_is_reached():
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        reachable("127.0.0.1", listening.getsockname()[1], Deadline(5.0))


def test_an_address_for_each_host_is_needed():
    why = refused("postgres://me@127.0.0.1,127.0.0.2/x?hostaddr=127.0.0.1")
    assert why.code == "database-url-invalid"
    assert "hostaddr" in why.values["reason"]


def test_hosts_are_tried_in_any_order_where_the_url_says_so(postgres):
    url = f"postgres://{postgres.user}@127.0.0.1:{free_port()},127.0.0.1:{postgres.port}/postgres"
    if postgres.folder is None:
        pytest.skip("the server is elsewhere")
    for query in ("", "load_balance_hosts=random", "target_session_attrs=prefer-standby"):
        with opened(f"{url}?{query}") as session:
            assert session.connected.role == postgres.user
    why = refused(f"{url}?target_session_attrs=standby")
    assert "target_session_attrs" in why.values["state"]


def test_what_psycopg_does_not_take_is_an_invalid_url(monkeypatch):
    def refuse(*_, **__):
        raise psycopg.ProgrammingError(CANARY)

    monkeypatch.setattr("psycopg.conninfo.make_conninfo", refuse)
    assert told(refused("postgres://me@127.0.0.1/x")) == "database-url-invalid"


def test_a_connection_that_comes_too_late_is_closed():
    closed = []
    _finish(DatabaseTrouble("database-failed"))
    _finish(type("Late", (), {"finish": lambda _: closed.append(1)})())
    assert closed == [1]


def test_a_socket_that_is_gone_says_nothing():
    with _held_back(-1):
        pass
    assert _peeked(-1) == b""
    assert _asked(-1) == ""
