"""A database behind a URL: PostgreSQL, SQLite, or what else SQLAlchemy has a driver for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from assay.databases.base import Backend, Reach
from assay.databases.urls import POSTGRES, SQLITE, Url, sqlite_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.databases.base import Session


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

    def open(self, settings: Mapping[str, str], reach: Reach) -> Session:
        """See `Backend`."""
        url = Url(settings[self.url])
        if url.scheme in SQLITE:
            from assay.databases.sqlite import open_file

            path = os.path.join(reach.root, sqlite_path(url))
            return open_file(path, shown=f"the file of {self.url}", reach=reach)
        if url.scheme in POSTGRES:
            from assay.databases.postgres import open_postgres

            return open_postgres(url, reach)
        from assay.databases.others import open_other

        return open_other(url, reach)
