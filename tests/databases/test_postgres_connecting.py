"""Reaching PostgreSQL: what works, and each way in which it does not."""

from __future__ import annotations

from assay.databases.base import Reach
from assay.databases.sql import Sql

REACH = Reach(root=".", seconds=5)


def test_a_session_says_who_it_is_there(database):
    session = Sql(url="DATABASE_URL").open({"DATABASE_URL": database.url("anon")}, REACH)
    assert session.connected.dialect == "postgresql"
    assert session.connected.role == "anon"
    assert session.connected.bypasses is False
    session.close()
