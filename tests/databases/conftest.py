"""The servers that these tests share."""

from tests.databases.lite import lite
from tests.databases.postgres import database, postgres

__all__ = ["database", "lite", "postgres"]
