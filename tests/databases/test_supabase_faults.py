"""Whatever a project, its gateway or the network answers, it comes as a fault of its own."""

from __future__ import annotations

import contextlib
import datetime as dt
import errno
import gzip
import json
import socket
import ssl
import time
from contextlib import closing
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.databases.emulated import Table
from tests.databases.emulator import HTML, PUBLISHABLE, SECRET, Emulator, emulated
from tests.databases.projects import opened, refused, refused_rows

from assay.databases.model import Asked, Selection
from assay.databases.trouble import DatabaseTrouble
from assay.facts import Unobservable
from assay.formats.jose import write_jwt

if TYPE_CHECKING:
    from assay.databases.postgrest.session import OpenProject

TENANTS = Table(
    "tenants",
    {"id": "integer", "name": "text"},
    [{"id": number, "name": f"tenant {number}"} for number in range(5)],
    primary=("id",),
)
SELECTION = Selection(table="tenants", columns=("id", "name"), order=("id",))


@pytest.fixture
def emulator():
    with emulated(TENANTS) as made:
        yield made


def says(status, body, content_type="application/json", **headers):
    content = json.dumps(body) if isinstance(body, dict | list) else body
    return lambda handler: handler.send(status, content, content_type, **headers)


def raw(content):
    """Bytes in place of an answer."""

    def send(handler):
        handler.wfile.write(content)
        handler.drop()

    return send


def problem(status, code, message="", hint=None):
    return says(status, {"code": code, "message": message, "hint": hint, "details": None})


ANSWERS = [
    (says(540, "{}"), "database-paused", ""),
    (says(402, {"message": "exceed_egress_quota"}), "database-failed", "restricted"),
    (says(429, {"message": "slow down"}), "database-rate-limited", ""),
    (says(429, "Too many requests", "text/plain"), "database-rate-limited", ""),
    (says(429, HTML, "text/html"), "database-rate-limited", ""),
    (says(502, HTML, "text/html"), "database-gateway", "502"),
    (says(503, HTML, "text/html"), "database-gateway", "503"),
    (says(504, "{}"), "database-gateway", "504"),
    (says(521, "error code: 521", "text/plain"), "database-gateway", "521"),
    (says(200, HTML, "text/html"), "database-gateway", "200 and an HTML page"),
    (says(404, HTML, "text/html"), "database-gateway", "404 and an HTML page"),
    (says(200, "", "application/json"), "database-gateway", "200 and no JSON"),
    (says(204, ""), "database-gateway", "no JSON"),
    (says(200, "[]", "text/plain"), "database-gateway", "no JSON"),
    (says(500, "[", "application/json"), "database-gateway", "500 and no JSON"),
    (says(301, "", Location="https://elsewhere.example/"), "database-url-invalid", "redirects"),
    (says(307, "{}", Location="https://elsewhere.example/"), "database-url-invalid", "(307)"),
    (says(401, {"message": "Invalid API key"}), "database-key-rejected", "not a key of"),
    (says(401, {"message": "Legacy API keys are disabled"}), "database-key-rejected", "sb_ keys"),
    (says(401, {"message": "No API key found in request"}), "database-key-rejected", "removes"),
    (says(401, []), "database-key-rejected", "not a key of"),
    (problem(401, "PGRST301", "JWSError"), "database-key-rejected", "not signed for"),
    (problem(401, "PGRST303", "JWT expired"), "database-key-rejected", "expired"),
    (problem(401, "PGRST303", "JWT not yet valid"), "database-key-rejected", "not valid yet"),
    (problem(401, "PGRST302", "Anonymous"), "database-key-rejected", "contains no role"),
    (problem(403, "42501", "permission denied"), "database-denied", "public"),
    (problem(406, "PGRST106", "Invalid schema: x", "the following schemas are exposed: api, b"),
     "database-schema-not-exposed", "api, b"),
    (problem(406, "PGRST106", "The schema must be one of the following: api"),
     "database-schema-not-exposed", "api"),
    (problem(406, "PGRST106", "what"), "database-schema-not-exposed", "public"),
    (problem(503, "PGRST000", "no connection"), "database-overloaded", ""),
    (problem(504, "PGRST003", "pool"), "database-overloaded", ""),
    (problem(500, "53300", "too many"), "database-overloaded", ""),
    (problem(500, "57014", "canceling statement"), "database-timed-out", "5"),
    (says(544, "{}"), "database-timed-out", "5"),
    (says(404, {"message": "no Route matched"}), "database-url-invalid", "/rest/"),
    (says(418, {"message": "canary"}), "database-failed", "status 418"),
    (problem(500, "XX000", "canary"), "database-failed", "XX000"),
    (problem(500, "odd <code>", "canary"), "database-failed", "status 500"),
    (problem(500, "PGRST999", "canary"), "database-failed", "PGRST999"),
    (problem(500, "CANARY12", "canary"), "database-failed", "status 500"),
    (problem(500, "X" * 6, "canary"), "database-failed", "status 500"),
    (problem(500, "12345\n", "canary"), "database-failed", "status 500"),
    (problem(406, "PGRST106", "what", "only these are exposed: a, \u202ecanary"),
     "database-schema-not-exposed", "public"),
    (problem(406, "PGRST106", "what", f"only these are exposed: {'a' * 64}"),
     "database-schema-not-exposed", "public"),
    (says(400, {"message": 5, "code": None, "hint": []}), "database-failed", "status 400"),
    (says(200, '[{"id":', "application/json"), "database-failed", "JSON that is malformed"),
    (says(200, "[" * 100_000, "application/json"), "database-failed", "JSON that is malformed"),
    (says(200, "x" * 50, Content_Encoding="gzip"), "database-failed", "decompressed"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "code", "words"), ANSWERS)
def test_an_answer_without_data_is_a_fault_of_its_own(emulator, script, code, words):
    emulator.always = script
    found = refused(emulator.url)
    assert found.code == code
    assert words in " ".join(found.values.values())
    assert found.values["host"] == emulator.host
    assert "canary" not in repr(found)
    assert len(emulator.requests) == 1  # nothing is tried again, no redirect followed


@pytest.mark.parametrize(("script", "code", "words"), ANSWERS)
def test_so_it_is_between_pages(emulator, script, code, words):
    emulator.max_rows = 2
    with opened(emulator.url) as session:
        emulator.scripts = [None, script]
        found = refused_rows(session, SELECTION)
    if words == "/rest/":
        assert found.code == "database-url-invalid"
    elif words == "public" and code == "database-denied":
        assert (found.code, found.values["what"]) == (code, "tenants")
    else:
        assert found.code == code
        assert words in " ".join(found.values.values())


@pytest.mark.parametrize("status", [401, 403])
def test_a_root_document_that_is_kept_back_is_no_fault(emulator, status):
    emulator.scripts = [says(status, {"message": "Access to schema is forbidden"})]
    with opened(emulator.url) as session:
        assert session.structure().unlisted is not None


def test_a_schema_that_is_not_exposed_is_told_with_those_that_are(emulator):
    found = refused(emulator.url, schema="private")
    assert found.code == "database-schema-not-exposed"
    assert found.values["schema"] == "private"
    assert found.values["exposed"] == "public, graphql_public"
    assert refused(emulator.url, schema="schéma").code == "database-schema-not-exposed"
    assert refused(emulator.url, schema="a\r\nX-Injected: 1").code.startswith("database-")
    assert not any("x-injected" in request.headers for request in emulator.requests)


def test_a_table_that_is_not_there_is_told(emulator):
    with opened(emulator.url) as session:
        for name in ("nowhere", "", ".", "..", "rpc/delete_everything"):
            selection = Selection(table=name, columns=("id",))
            found = refused_rows(session, selection)
            assert (found.code, found.values["table"]) == ("database-table-not-found", name)
        near = refused_rows(session, Selection(table="tenant", columns=("id",))).values["near"]
        assert near == "tenants"
    assert not any("delete" in request.path for request in emulator.requests)


@pytest.mark.parametrize(
    ("hint", "near"),
    [
        ("Perhaps you meant the table 'public.tenants'", "tenants"),
        ("Perhaps you meant the table 'tenants'", "tenants"),
        ("Perhaps you meant the table 'public.\x1b[31m'", None),
        (f"Perhaps you meant the table 'public.{'x' * 64}'", None),
        ("Perhaps you meant the table 'public.<b>'", None),
        ("nothing", None),
    ],
)
def test_a_table_that_a_server_proposes_is_a_name_or_nothing(emulator, hint, near):
    with opened(emulator.url) as session:
        emulator.always = problem(404, "PGRST205", "no table", hint)
        found = refused_rows(session, SELECTION)
    assert found.code == "database-table-not-found"
    assert (found.values["near"] or None) == near


def test_rows_that_the_role_may_not_read_are_denied(emulator):
    emulator.tables["tenants"] = Table("tenants", {"id": "integer"}, readable=frozenset())
    with opened(emulator.url) as session:
        found = refused_rows(session, Selection(table="tenants", columns=("id",)))
    assert (found.code, found.values["what"]) == ("database-denied", "tenants")


def test_rows_that_the_gateway_keeps_back_are_denied(emulator):
    with opened(emulator.url) as session:
        emulator.always = says(403, {"message": "You cannot consume this service"})
        assert refused_rows(session, SELECTION).code == "database-denied"


def test_what_the_library_refuses_is_a_fault(emulator, monkeypatch):
    def refuse(*_):
        raise ValueError(f"{SECRET} is not good")

    monkeypatch.setattr("assay.databases.postgrest.session.create_client", refuse)
    found = refused(emulator.url)
    assert (found.code, found.values["state"]) == ("database-failed", "ValueError")


def test_a_column_that_is_not_there_is_a_fault_with_its_code(emulator):
    with opened(emulator.url) as session:
        found = refused_rows(session, Selection(table="tenants", columns=("canary",)))
    assert (found.code, found.values["state"]) == ("database-failed", "42703")


@pytest.mark.parametrize(
    "rows", [[{"id": "1"}], [["1", "a"]], [None], {"id": "1", "name": "a"}, 5, "text"]
)
def test_rows_of_another_shape_are_a_fault(emulator, rows):
    with opened(emulator.url) as session:
        emulator.scripts = [says(200, json.dumps(rows))]
        assert refused_rows(session, SELECTION).code == "database-failed"


def test_the_key_is_sent_as_hosted_gateways_want_it(emulator):
    token = write_jwt({"alg": "HS256"}, {"role": "service_role"})
    emulator.keys[token] = "service_role"
    for key in (SECRET, PUBLISHABLE, token):
        with opened(emulator.url, key):
            sent = emulator.requests[-1].headers
            assert sent["apikey"] == key
            assert sent.get("authorization") == (f"Bearer {token}" if key == token else None)
            assert sent["user-agent"].startswith("assay/")


def test_whether_a_role_of_ones_own_bypasses_policies_is_not_told(emulator):
    token = write_jwt({"alg": "HS256"}, {"role": "billing_reader"})
    emulator.keys[token] = "billing_reader"
    with opened(emulator.url, token) as session:
        assert session.connected.role == "billing_reader"
        assert isinstance(session.connected.bypasses, Unobservable)


@pytest.mark.parametrize(
    ("key", "role", "bypasses"), [(SECRET, "service_role", True), (PUBLISHABLE, "anon", False)]
)
def test_it_tells_the_role_of_the_key(emulator, key, role, bypasses):
    with opened(emulator.url, key) as session:
        assert (session.connected.role, session.connected.bypasses) == (role, bypasses)
        assert session.connected.dialect == "postgrest"
        assert session.connected.version == ("14.1" if bypasses else "")


def test_nobody_listens():
    with closing(socket.socket()) as made:
        made.bind(("127.0.0.1", 0))
        port = made.getsockname()[1]
        assert refused(f"http://127.0.0.1:{port}").code == "database-connection-refused"


@pytest.mark.parametrize("number", [errno.ENETUNREACH, errno.EHOSTUNREACH])
def test_a_network_without_a_route_is_named(monkeypatch, number):
    def connect(*_):
        raise OSError(number, "sb_secret_canary")

    monkeypatch.setattr(socket.socket, "connect", connect)
    assert refused("http://127.0.0.1:9").code == "database-network-unreachable"


def test_no_answer_in_time(emulator):
    emulator.always = lambda _: emulator.released.wait()
    found = refused(emulator.url, seconds=0.2)
    assert (found.code, found.values["seconds"]) == ("database-timed-out", "0.2")


def _begin(handler, length=10**9):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(length))
    handler.end_headers()


def test_an_answer_that_trickles_ends_in_time(emulator):
    def trickle(handler):
        _begin(handler)
        while not emulator.released.wait(0.02):
            handler.wfile.write(b"[")

    with opened(emulator.url, seconds=0.5) as session:
        emulator.always = trickle
        began = time.monotonic()
        assert refused_rows(session, SELECTION).code == "database-timed-out"
        assert time.monotonic() - began < 3


def test_an_answer_that_trickles_from_its_first_byte_ends_in_time(emulator):
    def trickle(handler):
        for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 10**6:
            if emulator.released.wait(0.02):
                return
            handler.wfile.write(bytes([byte]))

    emulator.always = trickle
    began = time.monotonic()
    assert refused(emulator.url, seconds=0.3).code == "database-timed-out"
    assert time.monotonic() - began < 3


def test_an_answer_of_no_length_that_is_cut_off_is_late_and_not_whole(emulator):
    def trickle(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
        while not emulator.released.wait(0.02):
            handler.wfile.write(b" ")

    with opened(emulator.url, seconds=0.5) as session:
        emulator.always = trickle
        assert refused_rows(session, SELECTION).code == "database-timed-out"


def test_a_long_answer_that_comes_too_slowly_is_asked_for_in_parts(emulator):
    def slow(handler):
        _begin(handler)
        while not emulator.released.wait(0.01):
            handler.wfile.write(b" " * 30_000)

    with opened(emulator.url, seconds=0.5) as session:
        emulator.scripts = [slow, None, None]
        assert len(list(session.pages(SELECTION))) == 1
        emulator.always = slow
        assert refused_rows(session, SELECTION).code == "database-timed-out"


def test_an_answer_that_stops_in_the_middle_ends_in_time(emulator):
    def stop(handler):
        _begin(handler)
        handler.wfile.write(b"[")
        emulator.released.wait()

    with opened(emulator.url, seconds=0.1) as session:
        emulator.always = stop
        assert refused_rows(session, SELECTION).code == "database-timed-out"


def test_an_endless_answer_ends(emulator):
    def flood(handler):
        _begin(handler, 10**12)
        while not emulator.released.is_set():
            handler.wfile.write(b'[{"id":' + b" " * 2**20)

    emulator.always = flood
    with opened(emulator.url) as session:
        unlisted = session.structure().unlisted
        assert unlisted is not None
        assert "data API never ends" in unlisted.reason
        found = refused_rows(session, SELECTION)
    assert (found.code, found.values["state"]) == (
        "database-failed",
        "an answer of more than 6 MiB",
    )


def test_what_is_packed_small_is_still_too_long(emulator):
    bomb = gzip.compress(b"[" + b" " * (40 * 2**20))
    emulator.always = lambda handler: handler.send(200, bomb, Content_Encoding="gzip")
    with opened(emulator.url) as session:
        assert session.structure().unlisted is not None


def test_a_connection_that_breaks_in_mid_answer(emulator):
    def cut(handler):
        _begin(handler, 1000)
        handler.wfile.write(b'[{"id":')
        handler.drop()

    emulator.max_rows = 2
    with opened(emulator.url) as session:
        emulator.scripts = [None, cut]
        assert refused_rows(session, SELECTION).code == "database-connection-lost"
        emulator.scripts = [lambda handler: handler.drop()]
        assert refused_rows(session, SELECTION).code == "database-connection-lost"


def test_what_speaks_no_http(emulator):
    emulator.always = raw(b"SSH-2.0-x\r\n\r\n")
    found = refused(emulator.url)
    assert (found.code, found.values["state"]) == (
        "database-failed",
        "an answer that is not valid HTTP",
    )


def _certificate(folder, *, days=1, name="localhost"):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=9))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "tls.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_a_certificate_that_the_environment_trusts(emulator, tmp_path, monkeypatch):
    context = _certificate(tmp_path)
    emulator.wrap(lambda plain: context.wrap_socket(plain, server_side=True))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "tls.pem"))
    url = emulator.url.replace("http://127.0.0.1", "https://localhost")
    with opened(url, seconds=0.5) as session:
        assert session.connected.role == "service_role"
        emulator.always = lambda _: emulator.released.wait()
        assert refused_rows(session, SELECTION).code == "database-timed-out"
    other = refused(emulator.url.replace("http:", "https:"))
    assert other.values["reason"] == "its certificate is another host's"


def test_a_certificate_that_is_over(emulator, tmp_path, monkeypatch):
    context = _certificate(tmp_path, days=-1)
    emulator.wrap(lambda plain: context.wrap_socket(plain, server_side=True))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "tls.pem"))
    found = refused(emulator.url.replace("http://127.0.0.1", "https://localhost"))
    assert found.values["reason"] == "its certificate has expired"


def test_a_certificate_that_is_not_trusted(emulator, tmp_path):
    context = _certificate(tmp_path)
    emulator.wrap(lambda plain: context.wrap_socket(plain, server_side=True))
    found = refused(emulator.url.replace("http:", "https:"))
    assert (found.code, found.values["reason"]) == (
        "database-tls-failed",
        "its certificate is self-signed",
    )


def test_plain_http_where_tls_is_expected(emulator):
    found = refused(emulator.url.replace("http:", "https:"))
    assert found.code == "database-tls-failed"
    assert "plain HTTP" in found.values["reason"]


HOSTED = "https://abcdefghijklmnopqrst.supabase.co"


@pytest.mark.parametrize(
    ("known", "code"),
    [({"supabase.co"}, "database-paused"), (set(), "database-name-not-resolved")],
)
def test_a_hosted_project_without_a_name_is_paused_where_other_names_are_known(
    monkeypatch, known, code
):
    def look_up(host, port, **_):
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert refused(HOSTED).code == code
    assert refused("https://api.example.invalid").code == "database-name-not-resolved"


def test_nothing_is_sent_but_get_and_head(emulator):
    with opened(emulator.url) as session:
        session.structure(asked=[Asked(table="tenants", columns=("id",), select=True)])
        list(session.pages(SELECTION))
        client = cast("OpenProject", session)._client
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            with pytest.raises(Exception, match="database-failed"):
                client.postgrest.session.request(method, f"{emulator.url}/rest/v1/tenants")
        with pytest.raises(Exception, match="database-failed"):
            client.table("tenants").delete().eq("id", 1).execute()
        with pytest.raises(Exception, match="database-failed"):
            client.auth.sign_in_with_password({"email": "a@b.c", "password": "x"})
    assert {request.method for request in emulator.requests} == {"GET"}


def test_proxies_of_the_environment_do_not_hold_for_this_machine(emulator, monkeypatch):
    with closing(socket.socket()) as dead:
        dead.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{dead.getsockname()[1]}"
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        with opened(emulator.url) as session:
            assert session.connected.role == "service_role"
        assert refused("http://api.example.com").code == "database-connection-refused"


def test_a_name_that_only_the_connection_finds_unknown(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "*")
    assert refused("http://nowhere.invalid").code == "database-name-not-resolved"


STATUSES = st.sampled_from([200, 201, 206, 400, 401, 403, 404, 406, 416, 429, 500, 503, 540, 599])
TYPES = st.sampled_from(["application/json", "text/html", "application/openapi+json", "", "é;;"])
BODIES = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"[{}]", b"[1]", b"null", b'{"code":1}', b'{"definitions":{"t":1}}', b"\xff"]),
)


@settings(max_examples=40)
@given(STATUSES, TYPES, BODIES, st.text(max_size=9))
def test_whatever_is_answered_nothing_but_a_fault_comes_of_it(status, content_type, body, extra):
    extra = "".join(letter for letter in extra if letter.isprintable() and letter.isascii())
    with (
        emulated(TENANTS) as emulator,
        contextlib.suppress(DatabaseTrouble),
        opened(emulator.url) as session,
    ):
        emulator.always = lambda handler: handler.send(
            status, body, content_type, Content_Range=extra, Location=extra
        )
        for work in (
            lambda: session.structure("graphql_public"),
            lambda: list(session.pages(SELECTION)),
            lambda: session.structure(asked=[Asked(table="tenants", select=True)]),
        ):
            with contextlib.suppress(DatabaseTrouble):
                work()
        emulator.always = raw(body)
        list(session.pages(SELECTION))


def test_closing_twice_is_no_fault(emulator: Emulator):
    with opened(emulator.url) as session:
        session.close()
