"""The password of a MySQL database leaves under the TLS that its URL asks for, or not at all."""

from __future__ import annotations

import ssl
import sys
from contextlib import closing
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import create_engine
from tests.databases.sessions import reach

from assay.databases.base import Reach
from assay.databases.other.mysql_tls import Tls, demanding
from assay.databases.other.session import OtherSession
from assay.databases.trouble import DatabaseTrouble

REQUIRED = (ssl.CERT_NONE, False)
VERIFIED = (ssl.CERT_REQUIRED, True)


def tls(**query: str) -> Tls:
    return Tls({name.replace("__", "-"): value for name, value in query.items()}, reach())


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"ssl__mode": "REQUIRED"}, REQUIRED),
        ({"sslmode": "require"}, REQUIRED),
        ({"ssl": "true"}, REQUIRED),
        ({"useSSL": "true", "requireSSL": "true"}, REQUIRED),
        ({"sslaccept": "accept_invalid_certs"}, VERIFIED),
        ({"tls": "skip-verify"}, REQUIRED),
        ({"ssl": '{"rejectUnauthorized": false}'}, REQUIRED),
        ({"ssl": '{"rejectUnauthorized":true}'}, VERIFIED),
        ({"ssl": "Amazon RDS"}, VERIFIED),
        ({"ssl__mode": "VERIFY_IDENTITY"}, VERIFIED),
        ({"sslMode": "VERIFY_IDENTITY"}, VERIFIED),
        ({"ssl_mode": "verify_identity"}, VERIFIED),
        ({"sslmode": "verify-full"}, VERIFIED),
        ({"sslmode": "require", "sslrootcert": "system"}, VERIFIED),
        ({"sslaccept": "strict"}, VERIFIED),
        ({"tls": "true"}, VERIFIED),
        ({"ssl_verify_identity": "true"}, VERIFIED),
        ({"ssl_verify_cert": "true"}, (ssl.CERT_REQUIRED, False)),
        ({"sslmode": "verify-ca"}, (ssl.CERT_REQUIRED, False)),
    ],
)
def test_every_word_for_tls_is_kept(query, expected):
    made = tls(**query)
    context = made.given_to("pymysql", remote=True)["ssl"]
    assert (context.verify_mode, context.check_hostname) == expected
    assert made.given_to("mysqldb", remote=True)["ssl_mode"]
    with pytest.raises(DatabaseTrouble, match="database-url-invalid"):
        made.given_to("mysqlconnector", remote=False)


@pytest.mark.parametrize("mode", ["disable", "PREFERRED", "allow"])
def test_a_url_may_ask_for_none(mode):
    made = tls(ssl__mode=mode, charset="utf8mb4", ssl="false")
    assert made.given_to("pymysql", remote=True) == {}
    assert made.given_to("mysqlconnector", remote=False) == {}


def test_a_mode_that_nobody_knows_is_no_mode():
    with pytest.raises(DatabaseTrouble, match="database-url-invalid"):
        tls(sslmode="verify-fully")


def test_mysql_connector_gets_no_chance_to_send_a_password_in_clear():
    with pytest.raises(DatabaseTrouble, match="database-url-invalid") as caught:
        tls().given_to("mysqlconnector", remote=True)
    assert "in clear" in caught.value.refused.values["reason"]
    named = tls(ssl_ca="/etc/ssl/certs/none.pem").given_to("mysqlconnector", remote=True)
    assert named["ssl_verify_cert"]
    assert named["ssl_verify_identity"]


def test_no_file_outside_of_the_repository_is_read(tmp_path):
    for name in ("ssl_ca", "sslrootcert", "ssl_cert", "ssl_key"):
        with pytest.raises(DatabaseTrouble, match="database-url-invalid"):
            Tls({name: "/etc/passwd"}, Reach(root=str(tmp_path)))


def test_certificates_that_are_none_are_named():
    made = tls(ssl_ca="/usr/share/there-is-none.pem")
    with pytest.raises(DatabaseTrouble, match="database-url-invalid"):
        made.given_to("pymysql", remote=True)


@pytest.mark.parametrize("offered", [0x800, 0])
def test_nothing_is_sent_to_a_server_that_offers_no_tls(monkeypatch, offered):
    class Connection:
        sent = False

        def __init__(self, **_options: object) -> None:
            self._get_server_information()
            self.sent = True

        def _get_server_information(self) -> None:
            self.server_capabilities = offered

    err = SimpleNamespace(OperationalError=RuntimeError)
    stub: Any = ModuleType("pymysql")
    stub.err = err
    inner: Any = ModuleType("pymysql.connections")
    inner.Connection = Connection
    monkeypatch.setitem(sys.modules, "pymysql", stub)
    monkeypatch.setitem(sys.modules, "pymysql.connections", inner)
    if offered:
        assert demanding(None, None, [], {}).sent
    else:
        with pytest.raises(RuntimeError) as caught:
            demanding(None, None, [], {})
        assert caught.value.args[0] == 2026


def test_a_certificate_that_is_not_trusted_is_told_apart_from_a_server_that_is_not_there():
    inner = ssl.SSLCertVerificationError("c4nary")
    inner.verify_code = 62
    error: Any = RuntimeError(2003, "c4nary")
    error.original_exception = inner
    with closing(OtherSession(create_engine("sqlite://"), host="h:1", seconds=1.0)) as session:
        told = session.trouble(error).refused
    assert told.code == "database-tls-failed"
    assert told.values["reason"] == "its certificate is for another host"
