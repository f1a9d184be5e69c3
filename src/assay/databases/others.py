"""Databases of other makers, as far as SQLAlchemy and an installed driver know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.databases.base import Reach, Trouble

if TYPE_CHECKING:
    from assay.databases.base import Session
    from assay.databases.urls import Url


def open_other(url: Url, reach: Reach) -> Session:  # noqa: ARG001
    """A session of the database that a URL leads to."""
    raise Trouble("database-url-invalid", reason="its scheme is not known")
