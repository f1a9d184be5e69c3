"""Connection URLs, as hosts, frameworks and people write them, and what they mean.

No part of a URL but host and port is ever shown, and those only if they can be nothing else: in
`postgres://app:12/34@db/x`, where the slash should have been encoded, a careless reader would take
a part of the password for the port.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from assay.databases.trouble import DatabaseTrouble, not_opened
from assay.gate import Refused, inside_of, resolved
from assay.net.reaching import shown
from assay.redacted import redacted

if TYPE_CHECKING:
    from assay.databases.base import Reach

POSTGRES = frozenset({"postgres", "postgresql", "cockroachdb", "postgis"})
SQLITE = frozenset({"sqlite", "sqlite3", "file"})
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,253})|\[[0-9A-Fa-f:.%a-z]+\]")
PUBLIC = ("/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/usr/share", "/usr/local/share")
"""Where systems keep the certificates of authorities, which aren't secret."""
_OF_AUTHORITIES = ("sslcrl", "sslrootcert", "ssl_ca")
_ENCODE = "its user name or password holds a character that must be percent-encoded"


class HostPort(msgspec.Struct, frozen=True):
    """A host, without brackets, and a port; a host that begins with `/` is a folder of sockets."""

    host: str
    port: int

    @property
    def is_remote(self) -> bool:
        """Whether it is a host, and not a folder of sockets."""
        return not self.host.startswith("/")

    @property
    def shown(self) -> str:
        """As messages tell it."""
        if not self.is_remote:
            return f"{self.host}/.s.PGSQL.{self.port}"
        return shown(self.host, self.port)


@redacted()
class DatabaseUrl:
    """The parts of a URL. A plain class, because a struct's repr would show the password."""

    def __init__(self, text: str) -> None:
        """Take a URL apart."""
        text = text.strip()
        if any(ord(character) < 33 or ord(character) == 127 for character in text):
            raise invalid("it holds a space or a newline")
        scheme, found, rest = text.partition(":")
        self.scheme: str
        self.driver: str
        self.scheme, _, self.driver = scheme.lower().partition("+")
        if not found or not re.fullmatch(r"[a-z][a-z0-9_]*", self.scheme):
            keywords = re.match(r"[a-z_]+\s*=", text)
            raise invalid(
                "it is a list of keywords, not a URL"
                if keywords
                else "it does not begin with a scheme"
            )
        if self.scheme == "jdbc":
            raise invalid(
                "it is a JDBC URL; drop the `jdbc:` and put user and password before the host"
            )
        if self.scheme in ("prisma", "prisma+postgres") or scheme.lower() == "prisma+postgres":
            raise invalid("it leads to Prisma's own service, which only Prisma can use")
        self.text = text
        if self.scheme in SQLITE:
            return
        if not rest.startswith("//"):
            raise invalid("two slashes are missing after its scheme")
        self._authority(rest)

    def _authority(self, rest: str) -> None:
        try:
            parts = urlsplit(f"x:{rest}")
        except ValueError:
            raise invalid("its host is malformed") from None
        login, at, hosts = parts.netloc.rpartition("@")
        if "@" in login or "@" in parts.path + parts.query + parts.fragment or parts.fragment:
            raise invalid(_ENCODE)
        user, colon, password = login.partition(":")
        self.user: str = unquote(user) if at else ""
        self.password: str | None = unquote(password) if colon else None
        self.hosts = hosts
        self.database: str = unquote(parts.path.removeprefix("/"))
        self.query: dict[str, str] = dict(parse_qsl(parts.query, keep_blank_values=True))
        if "\0" in self.user + (self.password or "") + self.database:
            raise invalid("it holds a NUL character")

    def addresses(self, port: int) -> tuple[HostPort, ...]:
        """Its hosts; `port` where it names none."""
        return tuple(_address(each, port) for each in self.hosts.split(",") if each)


def _address(text: str, default: int) -> HostPort:
    host, colon, port = text.rpartition(":")
    if not colon or text.endswith("]"):
        host, port = text, str(default)
    if not (port or str(default)).isascii() or not (port or str(default)).isdigit():
        raise invalid("its port is not a number; a `/`, `#` or `?` in the password must be encoded")
    number = int(port or default) if len(port) < 6 else 0
    if not 0 < number < 65536:
        raise invalid("its port is not between 1 and 65535")
    host = unquote(host)
    if host.startswith("/"):
        return HostPort(host, number)
    if not _HOST.fullmatch(host):
        raise invalid("its host is malformed")
    return HostPort(host.strip("[]"), number)


def invalid(reason: str) -> DatabaseTrouble:
    """The URL can't be understood, and why, without quoting it."""
    return DatabaseTrouble("database-url-invalid", reason=reason)


def sqlite_path(url: DatabaseUrl) -> str:
    """The path of a SQLite URL: `sqlite:///relative`, `sqlite:////absolute`, `file:./dev.db`.

    Prisma writes the third form. Raises `DatabaseTrouble` if there is none, as in memory.
    """
    rest = url.text.partition(":")[2]
    path = unquote(rest.partition("?")[0])
    if rest.startswith("///"):
        path = path[3:]
    elif rest.startswith("//"):
        # `sqlite://var/app.db`: SQLAlchemy takes `var` for a host, others for a folder
        path = path[2:]
    if not path or path == ":memory:" or "mode=memory" in rest:
        raise invalid("it names a database in memory, which only its own process can see")
    return path


def certificate_path(name: str, path: str, reach: Reach) -> str:
    """The real path of a file that a parameter of a URL names."""
    inside = inside_of(reach.root, reach.allowed)
    if name in _OF_AUTHORITIES:
        inside = (*inside, *map(os.path.realpath, PUBLIC))
    whole = os.path.abspath(os.path.join(reach.root, path))
    try:
        return resolved(whole, inside)
    except Refused as refused:
        why = not_opened(refused)
        raise invalid(f"the file that its `{name}` names can't be used: {why}") from None
    except OSError:
        return whole
