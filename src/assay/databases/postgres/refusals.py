"""What a PostgreSQL connection that failed means, by what libpq says of it.

libpq's text may quote the URL and the server, so nothing of it is passed on: it's searched for an
SQLSTATE, and for phrases that are known.
"""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from assay.databases.trouble import (
    DatabaseTrouble,
    code_of_state,
    failed,
    is_state,
    refused,
    timed_out,
)
from assay.databases.urls import HostPort, invalid
from assay.net.faults import REASONS, UNREACHABLE
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 65536
"""Characters of libpq's text that are looked at; it keeps 30,000 bytes of a server's."""
_PAUSED = ("tenant or user not found", "tenant/user", "endpoint is disabled", "endpoint has been")
"""What Supabase's and Neon's poolers say of projects that are paused, gone or elsewhere.

They send the SQLSTATE XX000 with it, which says nothing.
"""
_PARAMETER = "unsupported startup parameter"
"""What PgBouncer says of a parameter that `ignore_startup_parameters` doesn't list."""
_FULL = ("max client connections reached", "too many clients")
_PLAIN = (
    *("no encryption", "ssl off", "ssl required", "ssl connection is required"),
    *("connection is insecure", "ssl connection required", "sslmode=require"),
)
"""What servers and poolers say of a connection without TLS that they don't allow."""
_REJECTED = "clientauthentication,"
"""The function of PostgreSQL that says so, in whichever language: no entry in pg_hba.conf."""
_ENGLISH = (
    *(("password authentication failed", "28P01"), ("sasl authentication failed", "28P01")),
    *(("auth failed", "28P01"), ("no such user", "28P01"), ("no such database", "3D000")),
    ("no pg_hba.conf entry", "28000"),
    ("permission denied for database", "42501"),
    ("too many connections for", "53300"),
    ("the database system is", "57P03"),
)
"""States by words: for PgBouncer, which has one for all, and for a libpq that can't be asked."""
_OF_POOLERS = "08P01"
"""What PgBouncer sends with everything that it refuses."""
_WENT_AWAY = (
    *("server closed the connection", "could not receive data", "could not send"),
    *("ssl syscall error", "ssl connection has been closed", "no connection to the server"),
)
_NOT_POSTGRES = (
    *("received invalid", "expected authentication request", "received unencrypted data"),
    *("scram", "sasl", "lost synchronization", "invalid authentication request"),
    *("server sent an error response during", "nonce", "protocol"),
)
_FILES = (
    *("root certificate", "certificate file", "private key", "private ssl key", "ssl context"),
    *("ssl engine", "certificate revocation", "client certificate"),
)
_ATTRIBUTES = ("session is read-only", "session is not read-only", "hot standby mode")
_UNENCRYPTED = (
    (
        "channel binding",
        ("the URL requires channel binding, but the server does not offer it", "unbound"),
    ),
    (
        "does not support ssl",
        ("the server does not offer TLS, but the URL requires it", "none-offered"),
    ),
    ("does not match host name", (REASONS[62], "")),
    ("host name must be specified", (REASONS[62], "")),
)
_OTHER_WAYS = (
    ("gssapi", "GSSAPI"),
    ("sspi", "SSPI"),
    ("kerberos", "Kerberos"),
    ("crypt authentication", "crypt"),
    ("authentication method", "an unknown"),
)
"""Ways to authenticate that a URL has nothing for."""


@redacted()
class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a connection that failed."""

    text: str
    """What libpq says, which may quote anything."""
    address: HostPort
    parameters: Mapping[str, str]
    seconds: float
    heard: bytes = b""
    """How the server's first answer begins."""
    needs_password: bool = False
    """Whether it asked for one that the URL doesn't hold."""
    verify_code: int = 0
    """Why OpenSSL didn't trust the certificate: an X509_V_ERR code, or 0."""


class _Said(NamedTuple):
    """One refusal of a server."""

    state: str
    words: str
    """In lower case."""


def refusal(failure: Failure) -> DatabaseTrouble:
    """Why the connection failed, in the codes of the rules."""
    # with `sslmode=prefer` or `allow`, libpq tries twice, and reports both
    attempts = _attempts(failure.text[:_LONGEST])
    said = [found for each in attempts if (found := _said(each)) is not None]
    if not said and failure.heard.startswith(b"E"):
        said = [_early(failure.heard)]
    for each in said:
        if not _demands_tls(each):
            return _refused(each, failure)
    if said:
        if failure.parameters["sslmode"] == "disable" and failure.address.is_remote:
            return no_tls(failure, "the server demands it, and the URL forbids it", "forbidden")
        return _refused(said[-1], failure)
    text = "\n".join(attempts)
    return _unreached(text, failure) or _insecure(text, failure) or _broken(text, failure)


def no_tls(failure: Failure, reason: str, cause: str = "") -> DatabaseTrouble:
    """There is no secure connection, and why."""
    host = failure.address.shown
    return DatabaseTrouble("database-tls-failed", host=host, reason=reason, cause=cause)


def _attempts(text: str) -> list[str]:
    """What libpq says of each attempt, without the host that it begins with."""
    parts = text.split("connection to server ")
    return [part.partition(" failed: ")[2] or part for part in parts if part.strip()]


def _said(text: str) -> _Said | None:
    """What the server said; nothing if the text is libpq's own.

    libpq puts two spaces after the severity, whatever the language, and one in texts of its own.
    """
    severity, found, rest = text.partition(":  ")
    if not found or "\n" in severity:
        return None
    words = rest.lower()
    given = rest[:5] if is_state(rest[:5]) and rest[5:7] == ": " else ""
    words = words[7:] if given else words
    if given and given != _OF_POOLERS:
        return _Said(given, words)
    state = next((state for phrase, state in _ENGLISH if phrase in words), given)
    if words.startswith('database "') and "does not exist" in words:
        state = "3D000"
    return _Said(state, words)


def _early(heard: bytes) -> _Said:
    """What a server said that was asked for TLS first; libpq believes no word of it.

    https://www.postgresql.org/docs/current/protocol-message-formats.html
    """
    fields = {part[:1]: part[1:].decode(errors="replace") for part in heard[5:].split(b"\0")}
    state = fields.get(b"C", "")
    return _Said(state if is_state(state) else "", fields.get(b"M", "").lower())


def _demands_tls(said: _Said) -> bool:
    """Whether a server says that it takes no such connection, unless it has TLS."""
    return any(phrase in said.words for phrase in _PLAIN) or (
        said.state == "28000" and _REJECTED in said.words
    )


def _refused(said: _Said, failure: Failure) -> DatabaseTrouble:
    host, parameters = failure.address.shown, failure.parameters
    if any(phrase in said.words for phrase in _PAUSED):
        return DatabaseTrouble("database-paused", host=host)
    if any(phrase in said.words for phrase in _FULL):
        return DatabaseTrouble("database-overloaded", host=host)
    if _PARAMETER in said.words:
        return failed(
            "the pooler does not accept a parameter of the URL, such as `options`", host=host
        )
    return refused(
        code_of_state(said.state),
        host=host,
        seconds=failure.seconds,
        state=said.state or "none",
        role=parameters.get("user", ""),
        name=parameters.get("dbname") or parameters.get("user", ""),
        what="anything",
    )


def _unreached(text: str, failure: Failure) -> DatabaseTrouble | None:
    """Why no connection was made, by the system's own words for it."""
    host = failure.address.shown
    # libpq takes them from the same function, in the same language
    words = {number: os.strerror(number) for number in errno.errorcode}
    absent = not failure.address.is_remote and words[errno.ENOENT] in text
    if absent or words[errno.ECONNREFUSED] in text:
        return DatabaseTrouble("database-connection-refused", host=host)
    if any(words[number] in text for number in UNREACHABLE):
        return DatabaseTrouble("database-network-unreachable", host=host)
    if words[errno.ETIMEDOUT] in text:
        return timed_out(host, failure.seconds)
    if text.startswith((words[errno.EACCES], words[errno.EPERM])):
        return failed("connecting is not permitted", host=host)
    return None


def _insecure(text: str, failure: Failure) -> DatabaseTrouble | None:
    """Why libpq took the connection for less secure than the URL demands."""
    words = text.lower()
    if "weak sslmode" in words:
        return invalid("its `sslrootcert=system` needs `sslmode=verify-full`")
    if "authentication method requirement" in words:
        state = (
            "the server asks for an authentication method that `require_auth` in the URL forbids"
        )
        host = failure.address.shown
        return DatabaseTrouble(
            "database-failed", host=host, state=state, cause="forbidden-authentication"
        )
    for phrase, why in _UNENCRYPTED:
        if phrase in words:
            return no_tls(failure, *why)
    if "certificate verify failed" in words or (failure.verify_code == 7 and "ssl error" in words):
        reason = REASONS.get(failure.verify_code, "its certificate is not trusted")
        return no_tls(failure, reason)
    if any(phrase in words for phrase in _FILES):
        unusable = "the files that its `sslrootcert`, `sslcert` and `sslkey` name can't be used"
        return no_tls(failure, _missing_certificate(failure.parameters) or unusable)
    if "ssl error" in words or "could not establish ssl" in words or "ssl certificate" in words:
        return no_tls(failure, "the server broke off, or speaks a different version of TLS")
    return None


def _broken(text: str, failure: Failure) -> DatabaseTrouble:
    """What else ended the connection."""
    words, host = text.lower(), failure.address.shown
    if failure.needs_password or "no password supplied" in words:
        role = failure.parameters.get("user", "")
        return DatabaseTrouble("database-wrong-password", host=host, role=role)
    if any(phrase in words for phrase in _WENT_AWAY):
        return DatabaseTrouble("database-connection-lost", host=host)
    if any(phrase in words for phrase in _ATTRIBUTES):
        return failed("it does not match the `target_session_attrs` of the URL", host=host)
    if "network address" in words or ("invalid" in words and "value" in words):
        return invalid("it has a parameter, or a value of one, that libpq does not support")
    if way := next((name for phrase, name in _OTHER_WAYS if phrase in words), ""):
        state = f"the server asks for {way} authentication: expected a password"
        return failed(state, host=host)
    foreign = any(phrase in words for phrase in _NOT_POSTGRES)
    return failed("not PostgreSQL" if foreign else "none", host=host)


def _missing_certificate(parameters: Mapping[str, str]) -> str:
    """Which file with a certificate is needed and not there; empty if none is."""
    named, files = parameters.get("sslrootcert", ""), ["sslcert", "sslkey"]
    if parameters["sslmode"] in ("verify-ca", "verify-full"):
        if not named and not os.path.exists(os.path.expanduser("~/.postgresql/root.crt")):
            return (
                "the URL demands a trusted certificate, and its `sslrootcert` does not say"
                " whose: expected a file, or `system`"
            )
        files[:0] = ["sslrootcert"] if named != "system" else []
    missing = (n for n in files if parameters.get(n) and not os.path.exists(parameters[n]))
    return next((f"the file that its `{name}` names does not exist" for name in missing), "")
