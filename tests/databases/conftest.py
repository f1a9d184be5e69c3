"""The server that these tests share."""

from tests.databases.postgres import database, postgres

__all__ = ["database", "postgres"]
