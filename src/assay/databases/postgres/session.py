"""An open PostgreSQL database."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from assay.databases.conditions import Foreign
from assay.databases.guard import guarded
from assay.databases.model import Asked, Connected, Selection, Structure
from assay.databases.postgres import catalog
from assay.databases.postgres.connection import Target, connect, has_no_encoding, target_of
from assay.databases.rows import Shape
from assay.databases.session import GRACE, EngineSession, entered
from assay.databases.trouble import DatabaseTrouble, failed, plain, require_sqlalchemy
from assay.facts import Unobservable
from assay.net.patience import Deadline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from assay.databases.base import Reach, Session
    from assay.databases.urls import DatabaseUrl

_LONGEST = 4096
"""Characters of what statements are made of: types, and the operators of one."""
_IDLE = 300.0
"""Seconds that a stream of rows may wait for us, before the server takes us for dead."""
_SHORT = frozenset(
    {"bool", "int2", "int4", "int8", "float4", "float8", "numeric", "date", "time", "timetz"}
    | {"timestamp", "timestamptz", "interval", "uuid", "oid", "money", "inet", "cidr", "macaddr"}
)
_MEASURED = frozenset({"bytea", "text", "varchar", "bpchar", "bit", "varbit"})
"""Types whose length the server knows without reading them."""


class PostgresSession(EngineSession):
    """A PostgreSQL database, every transaction of which is read-only."""

    def __init__(self, target: Target, seconds: float) -> None:
        self._made: list[Any] = []

        def make() -> Any:
            made = connect(target, Deadline(seconds))
            # SQLAlchemy would log notices, in which the functions of views may quote rows
            made.add_notice_handler = _nothing
            self._made.append(made)
            return made

        engine = guarded(
            # the URL stays out of the engine, which shows it in many places
            "postgresql+psycopg://",
            creator=make,
            seconds=seconds,
            pool_size=1,
            use_native_hstore=False,
        )
        dialect: Any = engine.dialect
        # What SQLAlchemy asks of a new connection, it asks by names that anyone may have defined.
        dialect.initialize = _nothing
        super().__init__(engine, host=target.shown, seconds=seconds, schema=target.schema)

    def greet(self) -> None:
        """Connect, and ask who we are, all within the limit of one answer."""
        self.connected: Connected = self.timed(self._greeted, seconds=self.seconds + GRACE)

    def _greeted(self) -> Connected:
        self.reach()
        version, role = self.ask(lambda connection: connection.exec_driver_sql(catalog.WHO).one())
        bypasses, powers = self._powers()
        return Connected(
            dialect="postgresql",
            version=plain(version),
            role=plain(role),
            bypasses=bypasses,
            powers=powers,
        )

    def _powers(self) -> tuple[bool | Unobservable, str]:
        """Whether row level security is nothing to us, and what lets us leave the database."""
        try:
            bypasses, superuser, roles = self.ask(
                lambda connection: connection.exec_driver_sql(catalog.POWERS).one()
            )
        except DatabaseTrouble as trouble:
            if trouble.refused.code != "database-denied":
                raise
            return Unobservable(reason="the role may not read the catalog of roles"), ""
        return bool(bypasses), (
            "a superuser" if superuser else f"a member of {plain(roles)}" if roles else ""
        )

    def abandon(self) -> None:
        """See `EngineSession`."""
        self._watched.late = True
        for made in self._made:
            # libpq waits in another thread, and sees its end; psycopg raises if it's closed
            with suppress(Exception), socket.socket(fileno=os.dup(made.fileno())) as descriptor:
                descriptor.shutdown(socket.SHUT_RDWR)

    def _descriptor(self, connection: Any) -> int:
        return int(connection.fileno())

    def begin(self, connection: Connection) -> None:
        """Set the search path and limits of a transaction, which psycopg begins as READ ONLY."""
        limit = f"{int(self.seconds * 1000)}ms"
        idle = f"{int(max(_IDLE, self.seconds) * 1000)}ms"
        connection.exec_driver_sql(catalog.LIMITS, {"limit": limit, "idle": idle})
        if has_no_encoding(connection.connection.driver_connection):
            # the server would refuse to send a text that isn't UTF-8
            connection.exec_driver_sql(catalog.ANY_BYTES)

    def structure(self, schema: str = "", asked: Sequence[Asked] = ()) -> Structure:
        """See `Session`. What may not be seen of the catalogue is unobservable, no more."""
        try:
            return super().structure(schema, asked)
        except DatabaseTrouble as trouble:
            if trouble.refused.code != "database-denied":
                raise
        return self.ask(
            lambda connection: self._structure(connection, schema or self.schema, carefully=True),
            what="the catalog of tables",
        )

    def _structure(
        self, connection: Connection, schema: str, *, carefully: bool = False
    ) -> Structure:
        from assay.databases.postgres.structure import postgres_structure

        def ask(statement: str) -> Sequence[Any] | Unobservable:
            if not carefully:
                return self.bounded(connection.exec_driver_sql(statement, {"schema": schema}))
            # After an error nothing else is answered, unless there is a point to go back to.
            point = connection.begin_nested()
            try:
                rows = self.bounded(connection.exec_driver_sql(statement, {"schema": schema}))
            except Exception as error:
                point.rollback()
                if self.trouble(error).refused.code != "database-denied":
                    raise
                return Unobservable(reason="the role may not read that part of the catalog")
            point.commit()
            return rows

        return postgres_structure(ask, schema, host=self.host)

    def _shape(self, connection: Connection, selection: Selection) -> Shape:
        import json

        schema = selection.schema or self.schema
        values = {"schema": schema, "table": selection.table}
        found = self.bounded(connection.exec_driver_sql(catalog.SHAPE, values))
        if not found:
            raise DatabaseTrouble("database-table-not-found", host=self.host, table=selection.table)
        if any(len(text or "") > _LONGEST for row in found for text in row[2:]):
            raise failed("a type with a name that is too long", host=self.host)
        filled = {name for name, required, *_ in found if required}
        order = set(selection.order)
        keys = [
            set(json.loads(key))
            for (key,) in self.bounded(connection.exec_driver_sql(catalog.KEYS, values))
        ]
        foreign = {
            name: Foreign(type=type_, operators=_operators(kind, json.loads(operators or "{}")))
            for name, _, _, kind, type_, operators in found
            if type_ is not None
        }
        kinds = {
            name: "enum" if kind == "e" else "" if type_ is not None else base
            for name, _, base, kind, type_, _ in found
        }
        # rows are compared by one operator, which has to be found for all of their columns
        apart = {name for name, _, _, kind, _, _ in found if kind != "e" and name in foreign}
        return Shape(
            schema=schema,
            columns=frozenset(kinds),
            length=partial(_length, kinds),
            keyed=order <= filled - apart and any(key <= order for key in keys),
            windows=True,
            exact_floats=False,
            foreign=foreign,
        )


_STRATEGIES = {"<": "1", "<=": "2", "==": "3", ">=": "4", ">": "5"}
"""The operators of a B-tree. https://www.postgresql.org/docs/current/xindex.html"""
_MADE = frozenset("crm")
"""Composites, ranges and multiranges: https://www.postgresql.org/docs/current/catalog-pg-type.html."""


def _operators(kind: str, own: Mapping[str, str]) -> dict[str, str]:
    """The operators of a type that isn't PostgreSQL's own; enums have PostgreSQL's.

    Composites and ranges get none, and are compared as texts: to read a value of one would run the
    checks of the domains that it's made of.
    """
    if kind in _MADE:
        return {}
    if kind == "e":
        return {sign: f"pg_catalog.{sign.replace('==', '=')}" for sign in _STRATEGIES}
    return {sign: own[number] for sign, number in _STRATEGIES.items() if number in own}


def _length(kinds: dict[str, str], name: str, column: Any) -> Any:
    from sqlalchemy import func

    kind = kinds[name]
    if kind in _SHORT or kind == "enum":
        return None
    # A cast to text may be a function of the type's owner; `concat` writes values as they are sent.
    text = column if kind in _MEASURED else func.pg_catalog.concat(column)
    return func.pg_catalog.octet_length(text)


def _nothing(_: object) -> None:
    """Stand for what SQLAlchemy does by itself, and nothing here needs."""


_INSTALL = "pip install 'assay[postgres]'"


def open_postgres(url: DatabaseUrl, reach: Reach) -> Session:
    """A session of the database that a URL leads to."""
    try:
        from psycopg import pq
    except ImportError:
        raise DatabaseTrouble(
            "database-driver-missing", library="psycopg", command=_INSTALL
        ) from None
    require_sqlalchemy("postgres")
    known = frozenset(option.keyword.decode() for option in pq.Conninfo.get_defaults())
    target = target_of(url, reach, known)
    return entered(PostgresSession(target, reach.seconds), PostgresSession.greet)
