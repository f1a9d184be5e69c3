"""A database at a URL: PostgreSQL, SQLite, or what else SQLAlchemy has a driver for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from assay.databases.base import Backend, Reach, Session
from assay.databases.destinations import Destination
from assay.databases.urls import POSTGRES, SQLITE, DatabaseUrl, sqlite_path
from assay.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping


_ANY_PORT = 1
"""For URLs without a port, where only the host is of interest."""
_LARGEST = 1 << 20


class Sql(Backend, frozen=True, kw_only=True):
    """A database whose connection URL is in a variable."""

    url: Annotated[
        str,
        Meta(
            min_length=1,
            description="The variable that holds the URL, such as `postgres://user:password@host/name`;"
            " its name, never the URL.",
            examples=["DATABASE_URL"],
        ),
    ]

    @property
    def variables(self) -> tuple[str, ...]:
        """The one with the URL."""
        return (self.url,)

    @property
    def label(self) -> str:
        """Where the URL is."""
        return f"the URL in {self.url}"

    def destination(self, settings: Mapping[str, str]) -> Destination | None:
        """Every host that the driver may try."""
        url = DatabaseUrl(settings[self.url])
        if url.scheme in SQLITE:
            return None
        if url.scheme in POSTGRES:
            from assay.databases.postgres.connection import target_of

            target = target_of(url, Reach(root=""), frozenset({"hostaddr"}))
            named = (address.host for address in target.addresses)
            hosts = (*named, *filter(None, target.numeric))
            own = url.password or url.query.get("password")
            ambient = "" if own else _ambient_password(redirected=any(target.numeric))
            return Destination(hosts, ambient=ambient)
        hosts = tuple(address.host for address in url.addresses(_ANY_PORT)) if url.hosts else ()
        return Destination(hosts or ("localhost",))

    def open(self, settings: Mapping[str, str], reach: Reach) -> Session:
        """See `Backend`."""
        url = DatabaseUrl(settings[self.url])
        if url.scheme in SQLITE:
            from assay.databases.sqlite.backend import open_file

            path = os.path.join(reach.root, sqlite_path(url))
            return open_file(path, shown=f"the file in {self.url}", reach=reach)
        if url.scheme in POSTGRES:
            from assay.databases.postgres.session import open_postgres

            return open_postgres(url, reach)
        from assay.databases.other.connection import open_other

        return open_other(url, reach)


def _ambient_password(*, redirected: bool) -> str:
    """Where libpq finds a password for any host, in words; empty if it finds none.

    If the URL gives an address, libpq is `redirected`: it connects there, and takes the password of
    whatever host the URL names beside it.
    """
    if os.environ.get("PGPASSWORD"):
        return "PGPASSWORD"
    if os.environ.get("PGSERVICE"):  # it may hold a password, or name a file of them
        return "the service that PGSERVICE names"
    file = os.environ.get("PGPASSFILE") or os.path.join(os.path.expanduser("~"), ".pgpass")
    content = read_bytes(file, limit=_LARGEST, inside=None)
    if isinstance(content, bytes):
        # a line is `host:port:database:user:password`, and `*` stands for all
        lines = [line for line in content.splitlines() if line and not line.startswith(b"#")]
        fitting = any(redirected or line.startswith(b"*:") for line in lines)
    else:
        fitting = os.path.isfile(file)  # libpq may read what is too long for us
    return "the password file of libpq" if fitting else ""
