"""PostgreSQL through psycopg: how a URL is understood, and how a connection is made.

Limits are set in each transaction and not in the session: behind a pooler the session belongs to
the next client as well, and poolers refuse or ignore options at the start.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import msgspec

from assay.databases.trouble import failed
from assay.databases.urls import DatabaseUrl, HostPort, certificate_path, invalid
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.databases.base import Reach
    from assay.net.patience import Deadline

PORT = 5432
_REFUSED = frozenset(
    {"service", "gssdelegation", "replication", "sslkeylogfile", "passfile", "client_encoding"}
)
"""What would lead elsewhere, give away the user's Kerberos ticket, or make libpq write files."""
_FILES = ("sslcert", "sslkey", "sslrootcert", "sslcrl", "sslcrldir")
_TLS = {"true": "require", "1": "require", "require": "require", "no-verify": "require"}
"""What Node's drivers write for `sslmode`."""
_VALUES = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "channel_binding": ("disable", "prefer", "require"),
    "gssencmode": ("disable", "prefer", "require"),
    "load_balance_hosts": ("disable", "random"),
    "sslnegotiation": ("postgres", "direct"),
    "target_session_attrs": (
        *("any", "read-write", "read-only", "primary", "standby", "prefer-standby"),
    ),
}
"""What parameters may be, which libpq refuses without saying so in a way that can be told apart."""


@redacted()
class Target(msgspec.Struct, frozen=True):
    """Where a URL leads."""

    addresses: tuple[HostPort, ...]
    numeric: tuple[str, ...]
    """The `hostaddr` of each, to which libpq connects whatever the host is called; mostly empty."""
    parameters: Mapping[str, str]
    """What libpq is given, the password among it."""
    schema: str

    @property
    def shown(self) -> str:
        """The hosts, as messages tell them."""
        return ", ".join(address.shown for address in self.addresses)


def target_of(url: DatabaseUrl, reach: Reach, known: frozenset[str]) -> Target:
    """Where a URL leads; `known` are the parameters that libpq takes."""
    query = dict(url.query)
    hosts = url.addresses(PORT)
    if given := query.pop("host", ""):
        hosts = _listed(given, query.pop("port", str(PORT)))
    hosts = hosts or (HostPort("localhost", PORT),)
    options = {
        name: value
        for name, value in query.items()
        if name in known and name not in _REFUSED and value
    }
    if (wish := query.get("ssl", "").lower()) in _TLS:
        options.setdefault("sslmode", _TLS[wish])
    mode = options.get("sslmode", "")
    options["sslmode"] = _TLS.get(mode, mode) or _usual_mode(options)
    for name, allowed in _VALUES.items():
        if options.get(name, allowed[0]) not in allowed:
            raise invalid(f"its `{name}` isn't one of {', '.join(allowed)}")
    for name in _FILES:
        if options.get(name, "system") != "system":
            options[name] = certificate_path(name, options[name], reach)
    options["host"] = ",".join(address.host for address in hosts)
    options["port"] = ",".join(str(address.port) for address in hosts)
    user = url.user or query.get("user", "")
    password = query.get("password") if url.password is None else url.password
    name = url.database or query.get("dbname", "")
    given_ones = {"user": user, "password": password or "", "dbname": name}
    options |= {key: value for key, value in given_ones.items() if value}
    numeric = tuple(options["hostaddr"].split(",")) if "hostaddr" in options else ("",) * len(hosts)
    if len(numeric) != len(hosts):
        raise invalid("its `hostaddr` does not have one address for each host")
    if any("\0" in value for value in options.values()):
        # libpq would not see what follows it, such as `sslmode`
        raise invalid("it holds a NUL character")
    # Prisma's and JDBC's names for it
    schema = query.get("schema") or query.get("currentSchema", "").partition(",")[0]
    return Target(hosts, numeric, options, reach.schema or schema or "public")


def _usual_mode(options: Mapping[str, str]) -> str:
    """The `sslmode` of a URL that sets none, as libpq has it.

    https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNECT-SSLROOTCERT
    """
    if given := os.environ.get("PGSSLMODE", ""):
        return given
    root = options.get("sslrootcert") or os.environ.get("PGSSLROOTCERT", "")
    return "verify-full" if root == "system" else "prefer"


def _listed(hosts: str, ports: str) -> tuple[HostPort, ...]:
    """The hosts of parameters, which may be folders; one port may stand for all."""
    named, numbers = hosts.split(","), ports.split(",")
    numbers = numbers * len(named) if len(numbers) == 1 else numbers
    found: list[HostPort] = []
    for host, port in zip(named, numbers, strict=False):
        checked = DatabaseUrl(f"postgres://{'folder' if host.startswith('/') else host}:{port}")
        (address,) = checked.addresses(PORT)
        found.append(HostPort(host, address.port) if host.startswith("/") else address)
    return tuple(found)


def connect(target: Target, deadline: Deadline) -> Any:
    """A psycopg connection whose transactions are all read-only."""
    import psycopg

    from assay.databases.postgres.connecting import connected

    pgconn = connected(target, deadline)
    if pgconn.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        # it would be rolled back before anything watches what the server sends
        pgconn.finish()
        raise failed("not PostgreSQL", host=target.shown)
    # as psycopg's own `connect` leaves it
    pgconn.nonblocking = 1
    made = psycopg.Connection(pgconn)
    _take_texts(made)
    # a pooler hands each transaction to another server, which does not know what was prepared
    made.prepare_threshold = None
    made.read_only = True
    return made


_KEPT = frozenset({"bool", "int2", "int4", "int8", "float4", "float8", "bytea"})


def has_no_encoding(connection: Any) -> bool:
    """Whether a psycopg connection leads to a database whose texts may be any bytes."""
    return bool(connection.info.parameter_status("server_encoding") == "SQL_ASCII")


def _take_texts(connection: Any) -> None:
    """Give all but numbers and bytes as the server writes them, and as bytes if that isn't UTF-8.

    So no value is refused for want of a Python type, such as the date `infinity`.
    """
    import psycopg
    from psycopg.adapt import Loader
    from psycopg.types.string import TextLoader

    class Lenient(Loader):
        def load(self, data: Any) -> str | bytes:
            raw = bytes(data)
            try:
                return raw.decode()
            except UnicodeDecodeError:
                return raw

    any_bytes = has_no_encoding(connection)
    for info in psycopg.postgres.types:
        if info.name not in _KEPT:
            connection.adapters.register_loader(info.oid, Lenient if any_bytes else TextLoader)
        if info.array_oid:
            connection.adapters.register_loader(info.array_oid, TextLoader)
    if any_bytes:
        connection.adapters.register_loader(0, Lenient)
