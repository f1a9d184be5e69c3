"""What servers that libpq refuses ever get to see: never a password, nor a proof of it."""

from __future__ import annotations

import ctypes
import hashlib
import re
import sys
from types import SimpleNamespace

import pytest
from psycopg import pq
from tests.databases.hostile import (
    CANARY,
    CLEARTEXT,
    MD5,
    SASL,
    answering,
    certified,
    hostile,
    message,
    refusal,
)
from tests.databases.postgres import free_port
from tests.databases.sessions import refused

from assay.databases.postgres import libpq
from assay.databases.trouble import plain

METHODS = {"cleartext": CLEARTEXT, "md5": MD5, "scram": SASL}


def nothing_of_it(server):
    """No password and no proof arrived, in whichever way this server asked for it."""
    heard = server.heard
    inner = hashlib.md5(f"{CANARY}me".encode()).hexdigest()
    proof = hashlib.md5(inner.encode() + b"salt").hexdigest()
    assert CANARY.encode() not in heard
    assert proof.encode() not in heard
    assert not re.search(rb"p=[A-Za-z0-9+/]{20}", heard)


def url(port, host="127.0.0.1", name="x", **query):
    more = "&".join(f"{key}={value}" for key, value in query.items())
    return f"postgresql://me:{CANARY}@{host}:{port}/{name}?{more}"


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    return certified(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def expired(tmp_path_factory):
    return certified(tmp_path_factory.mktemp("expired"), days=-1)


@pytest.fixture(autouse=True)
def at_home(tmp_path, monkeypatch):
    """A home without certificates of its own."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("encrypted", [True, False])
def test_channel_binding_that_is_required_is_not_given_up(tls, method, encrypted):
    with hostile(tls=tls if encrypted else None, method=method) as server:
        mode = "require" if encrypted else "disable"
        why = refused(url(server.port, channel_binding="require", sslmode=mode))
    nothing_of_it(server)
    assert server.connections == 1
    assert why.code == "database-tls-failed"
    assert why.values["cause"] == "unbound"


@pytest.mark.parametrize(
    ("wanted", "method"),
    [("scram-sha-256", CLEARTEXT), ("scram-sha-256", MD5), ("md5", CLEARTEXT), ("none", SASL)],
)
def test_an_authentication_that_the_url_forbids_is_not_given(wanted, method):
    with hostile(method=method) as server:
        why = refused(url(server.port, require_auth=wanted))
    nothing_of_it(server)
    assert server.connections == 1
    assert why.code == "database-failed"
    assert "require_auth" in why.values["state"]


def test_a_certificate_of_no_known_authority_ends_it(tls):
    with hostile(tls=tls) as server:
        for query in ({}, {"sslmode": "verify-full"}):
            why = refused(url(server.port, sslrootcert="system", **query))
            assert why.code == "database-tls-failed"
        why = refused(url(server.port, sslrootcert="system", sslmode="require"))
        assert why.code == "database-url-invalid"
    nothing_of_it(server)
    assert b"me" not in server.heard


@pytest.mark.parametrize(
    "variables",
    [{"PGSSLMODE": "verify-full"}, {"PGSSLROOTCERT": "system"}, {"PGREQUIREAUTH": "none"}],
)
def test_what_the_process_demands_of_connections_holds_too(tls, monkeypatch, variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with hostile(tls=tls) as server:
        refused(url(server.port))
    nothing_of_it(server)


def test_a_root_certificate_at_home_holds_for_the_default_mode(tls, at_home, tmp_path_factory):
    other = certified(tmp_path_factory.mktemp("other"))
    (at_home / ".postgresql").mkdir()
    (at_home / ".postgresql" / "root.crt").write_bytes(other.root.read_bytes())
    with hostile(tls=tls) as server:
        why = refused(url(server.port, sslmode="require"))
    nothing_of_it(server)
    assert server.connections == 1
    assert why.code == "database-tls-failed"
    assert "not trusted" in why.values["reason"]


def test_a_revoked_certificate_is_not_trusted(tls):
    with hostile(tls=tls) as server:
        query = {"sslmode": "verify-full", "sslrootcert": tls.root}
        assert refused(url(server.port, **query)).code == "database-wrong-password"
        assert CANARY.encode() in server.heard
        server.heard, server.connections = b"", 0
        why = refused(url(server.port, sslcrl=tls.revoked, **query))
        assert server.connections == 1
    nothing_of_it(server)
    assert why.code == "database-tls-failed"
    assert "revoked" in why.values["reason"]


def test_an_expired_certificate_is_called_expired(expired):
    with hostile(tls=expired) as server:
        query = {"sslmode": "verify-full", "sslrootcert": expired.root}
        why = refused(url(server.port, **query))
    nothing_of_it(server)
    assert why.code == "database-tls-failed"
    assert why.values["reason"] == "its certificate has expired"


def test_a_certificate_of_another_host_is_told_apart(tls):
    with hostile(tls=tls) as server:
        query = {"sslmode": "verify-full", "sslrootcert": tls.root, "hostaddr": "127.0.0.1"}
        why = refused(url(server.port, host="db.example.com", **query))
    nothing_of_it(server)
    assert why.code == "database-tls-failed"
    assert "another host" in why.values["reason"]


def test_the_host_is_not_asked_if_an_address_is_given():
    port = free_port()
    with hostile(at=("127.0.0.1", port)) as server:
        why = refused(url(port, hostaddr="127.0.0.2"))
    assert server.connections == 0
    assert server.heard == b""
    assert why.code == "database-connection-refused"


@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
def test_a_server_without_tls_gets_the_request_for_it_alone(tls, mode):
    with hostile() as server:
        why = refused(url(server.port, sslmode=mode, sslrootcert=tls.root))
    assert server.connections == 1
    assert server.heard == bytes.fromhex("0000000804d2162f")
    assert why.values["cause"] == "none-offered"


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_refused_password_is_given_once(method):
    with hostile(method=method) as server:
        why = refused(url(server.port, sslmode="disable"))
        assert server.connections == 1
    assert server.heard.count(b"user\0me") == 1
    assert why.code == "database-wrong-password"


def test_another_host_is_not_asked_after_a_refused_password():
    with hostile() as first, hostile() as second:
        hosts = f"127.0.0.1:{first.port},127.0.0.1:{second.port}"
        why = refused(f"postgresql://me:{CANARY}@{hosts}/x?sslmode=disable")
        assert why.code == "database-wrong-password"
        assert (first.connections, second.connections) == (1, 0)


def test_a_nul_character_does_not_cut_the_rules_of_a_url():
    with hostile() as server:
        why = refused(url(server.port, application_name="%00") + "&sslmode=require")
    assert why.code == "database-url-invalid"
    assert server.heard == b""


WORDS = [
    ('password authentication failed for user "me"', "wrong-password"),
    ('no pg_hba.conf entry for host "1.2.3.4", user "me", SSL encryption', "wrong-password"),
    ('database "x" does not exist', "not-found"),
    ('permission denied for database "x"', "denied"),
    ('too many connections for role "me"', "overloaded"),
    ("the database system is starting up", "overloaded"),
    ("ein Fehler", "failed"),
]
"""What servers say, and what it is taken for if their states can't be asked for."""


@pytest.mark.parametrize(
    ("state", "words", "code"),
    [
        ("28P01", "Passwort-Authentifizierung für Benutzer fehlgeschlagen", "wrong-password"),
        ("28000", "Rolle existiert nicht", "wrong-password"),
        ("3D000", "Datenbank existiert nicht", "not-found"),
        ("42501", "keine Berechtigung", "denied"),
        ("53300", "zu viele Verbindungen", "overloaded"),
        ("57P03", "das Datenbanksystem startet", "overloaded"),
        ("58000", "ein Fehler", "failed"),
    ],
)
def test_a_refusal_is_known_in_every_language(state, words, code):
    with hostile(last=refusal(state, words, severity="FATALER FEHLER")) as server:
        why = refused(url(server.port, sslmode="disable"))
    assert why.code == f"database-{code}"
    if code == "failed":
        assert why.values["state"] == "58000"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("password authentication failed", "wrong-password"),
        ("SASL authentication failed", "wrong-password"),
        ("no such user: me", "wrong-password"),
        ("no such database: app", "not-found"),
        ('database "app" does not exist', "not-found"),
        ("unsupported startup parameter: options", "failed"),
        ("server login has been failing, try again later", "connection-lost"),
    ],
)
def test_a_pooler_that_has_one_state_for_all_is_known_by_its_words(words, code):
    with hostile(last=refusal("08P01", words)) as server:
        why = refused(url(server.port, sslmode="disable"))
    assert why.code == f"database-{code}"


@pytest.mark.parametrize(("words", "code"), WORDS)
def test_without_its_library_less_is_told_and_nothing_more_is_sent(monkeypatch, words, code):
    monkeypatch.setattr(libpq, "_linked", lambda: None)
    libpq._functions.cache_clear()
    try:
        with hostile(last=refusal("58000", words)) as server:
            why = refused(url(server.port, sslmode="disable"))
            assert server.connections == 1
    finally:
        libpq._functions.cache_clear()
    assert why.code == f"database-{code}"


def test_the_library_that_psycopg_is_linked_with_is_found():
    assert libpq._functions().keys() == {"verbosity", "poll", "tls", "keep", "result", "free"}
    assert all(libpq._functions().values())


def test_another_library_than_psycopgs_is_not_used(monkeypatch):
    monkeypatch.setattr(pq, "version", lambda: 1)
    libpq._linked.cache_clear()
    assert libpq._linked() is None
    monkeypatch.undo()
    libpq._linked.cache_clear()
    assert libpq._linked() is not None


def test_a_library_that_can_not_be_opened_is_none(monkeypatch):
    def missing(*_, **__):
        raise OSError(CANARY)

    monkeypatch.setattr(ctypes, "CDLL", missing)
    libpq._linked.cache_clear()
    assert libpq._linked() is None
    monkeypatch.undo()
    libpq._linked.cache_clear()


def test_the_library_of_psycopgs_python_is_its_own(monkeypatch):
    own = SimpleNamespace(PQlibVersion=pq.version)
    monkeypatch.setattr(pq, "__impl__", "python")
    monkeypatch.setitem(sys.modules, "psycopg.pq._pq_ctypes", SimpleNamespace(pq=own))
    libpq._linked.cache_clear()
    assert libpq._linked() is own
    monkeypatch.undo()
    libpq._linked.cache_clear()


def test_a_library_that_lacks_a_function_is_used_for_the_others():
    assert libpq._function("PQnothing", None) is None


STATES = [
    f"{CANARY}",
    "\x1b[31m0",
    "::error::",
    "28p01",
    "A" * 5000,
    "2800",
    "28P011",
    "２８０００",
    "",
]


@pytest.mark.parametrize("state", STATES)
def test_a_state_that_the_server_invents_is_not_passed_on(state):
    with hostile(last=refusal(state, f"{CANARY}\x07")) as server:
        why = refused(url(server.port, sslmode="disable"))
    shown = repr(why)
    assert why.code == "database-failed"
    assert CANARY not in shown
    assert "\\x" not in shown
    assert len(shown) < 300
    assert not state or state not in shown


@pytest.mark.parametrize("state", STATES)
def test_nor_is_one_of_a_session_that_is_open(state):
    def lets_in(made):
        made.recv(1000)
        ready = message(b"Z", b"I")
        made.sendall(message(b"R", bytes(4)) + ready)
        while made.recv(1000):
            made.sendall(refusal(state, f"{CANARY}\x07", severity="ERROR") + ready)

    with answering(lets_in) as there:
        why = refused(f"{there}?sslmode=disable")
    shown = repr(why)
    assert why.code in ("database-failed", "database-wrong-password")
    assert CANARY not in shown
    assert "\\x" not in shown
    assert len(shown) < 300
    assert not state or state not in shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("15.1 (Debian)", "15.1 (Debian)"),
        ("a\x1b[31m\n::error::b", "a [31m ::error::b"),
        ("\u202eevil", " evil"),
        ("x" * 10**6, "x" * 200),
        (None, ""),
        (17, ""),
    ],
)
def test_what_a_server_says_of_itself_is_one_short_line(said, shown):
    assert plain(said) == shown
