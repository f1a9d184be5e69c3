"""An open PostgreSQL database."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager, suppress
from functools import partial
from threading import Timer
from typing import TYPE_CHECKING, Any, ClassVar

from assay import quantities
from assay.databases.base import Trouble
from assay.databases.faults import translated
from assay.databases.guard import guarded
from assay.databases.postgres import connect, has_no_encoding
from assay.databases.session import EngineSession
from assay.databases.statements import Shape
from assay.facts import Unobservable
from assay.relations import Connected

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from assay.databases.network import Deadline
    from assay.databases.postgres import Target
    from assay.relations import Asked, Selection, Structure

_LIMITS = """
SELECT set_config('statement_timeout', %(limit)s, true),
    set_config('lock_timeout', %(limit)s, true),
    set_config('idle_in_transaction_session_timeout', %(idle)s, true),
    set_config('datestyle', 'ISO', true), set_config('timezone', 'UTC', true),
    set_config('intervalstyle', 'postgres', true), set_config('extra_float_digits', '1', true)
"""
_GRACE = 1.0
"""Seconds that a server has beyond its own limits, before its silence ends the connection."""
_IDLE = 300.0
"""Seconds that a stream of rows may wait for us, before the server takes us for dead."""
_WHO = "SELECT current_setting('server_version'), current_user"
_BYPASSES = """
SELECT r.rolsuper OR r.rolbypassrls FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
"""
_SHAPE = """
SELECT a.attname, a.attnotnull, t.typname, t.typtype, b.typname
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
WHERE n.nspname = %(schema)s AND c.relname = %(table)s AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""
_KEYS = """
SELECT to_json(ARRAY(
    SELECT a.attname FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1])))
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = %(schema)s AND c.relname = %(table)s
    -- an index does not cover the tables that inherit from its own
    AND (c.relkind = 'p' OR c.relkind = 'r' AND NOT c.relhassubclass)
    AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
"""
_SHORT = frozenset(
    {"bool", "int2", "int4", "int8", "float4", "float8", "numeric", "date", "time", "timetz"}
    | {"timestamp", "timestamptz", "interval", "uuid", "oid", "money", "inet", "cidr", "macaddr"}
)
_MEASURED = frozenset({"bytea", "text", "varchar", "bpchar", "bit", "varbit"})
"""Types whose length the server knows without reading them."""


class PostgresSession(EngineSession):
    """A PostgreSQL database, every transaction of which is read-only."""

    streaming: ClassVar[dict[str, Any]] = {"stream_results": True, "max_row_buffer": 100}

    def __init__(self, target: Target, answering: str, deadline: Deadline) -> None:
        seconds = deadline.seconds
        self._target = target
        self._deadline = deadline
        self._cut = False

        engine = guarded(
            # the URL stays out of the engine, which shows it in many places
            "postgresql+psycopg://",
            creator=lambda: connect(target, answering, seconds),
            seconds=seconds,
            pool_size=1,
            use_native_hstore=False,
        )
        super().__init__(engine, host=target.shown, seconds=seconds, schema=target.schema)

    def greet(self) -> None:
        """Connect, and ask who we are."""
        translated(lambda: self._engine.connect().close(), self._refusal)
        version, role = self.ask(lambda connection: connection.exec_driver_sql(_WHO).one())
        self.connected = Connected(
            dialect="postgresql", version=version, role=role, bypasses=self._bypasses()
        )

    def _bypasses(self) -> bool | Unobservable:
        try:
            found = self.ask(lambda connection: connection.exec_driver_sql(_BYPASSES).scalar())
        except Trouble as trouble:
            if trouble.refused.code != "database-denied":
                raise
            return Unobservable(reason="the role may not read the catalogue of roles")
        return bool(found)

    @contextmanager
    def watched(self, connection: Connection, answers: int = 1) -> Iterator[None]:
        """Cut the connection off where the server is silent, and its own limits do nothing."""

        def cut() -> None:
            self._cut = True
            # libpq is waiting for it in another thread, and sees its end
            with suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as made:
                made.shutdown(socket.SHUT_RDWR)

        descriptor = connection.connection.driver_connection.fileno()  # type: ignore[union-attr]  # psycopg's
        timer = Timer(self.seconds * answers + _GRACE, cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def trouble(self, error: Exception, *, what: str = "") -> Trouble:
        """A driver's error in our words; one that we caused is a matter of time."""
        if self._cut:
            seconds = quantities.seconds(self.seconds)
            return Trouble("database-timed-out", host=self.host, seconds=seconds)
        return super().trouble(error, what=what)

    def begin(self, connection: Connection) -> None:
        """Set the limits of a transaction, which psycopg begins as READ ONLY."""
        limit = f"{int(self.seconds * 1000)}ms"
        idle = f"{int(max(_IDLE, self.seconds) * 1000)}ms"
        connection.exec_driver_sql(_LIMITS, {"limit": limit, "idle": idle})
        if has_no_encoding(connection.connection.driver_connection):
            # the server would refuse to send a text that is no UTF-8
            connection.exec_driver_sql("SELECT set_config('client_encoding', 'SQL_ASCII', true)")

    def _refusal(self, error: Exception) -> Trouble:
        from assay.databases.greeting import refusal

        return refusal(error, self._target, self.host, self._deadline)

    def structure(
        self,
        schema: str = "",
        asked: Sequence[Asked] = (),
    ) -> Structure:
        """See `Session`. What may not be seen of the catalogue is unobservable, no more."""
        try:
            return super().structure(schema, asked)
        except Trouble as trouble:
            if trouble.refused.code != "database-denied":
                raise
        return self.ask(
            lambda connection: self._structure(connection, schema or self.schema, carefully=True),
            what="the catalogue of tables",
        )

    def _structure(
        self, connection: Connection, schema: str, *, carefully: bool = False
    ) -> Structure:
        from assay.databases.postgres_structure import postgres_structure

        def ask(statement: str) -> Sequence[Any] | Unobservable:
            if not carefully:
                return connection.exec_driver_sql(statement, {"schema": schema}).all()
            # After an error nothing else is answered, unless there is a point to go back to.
            point = connection.begin_nested()
            try:
                return connection.exec_driver_sql(statement, {"schema": schema}).all()
            except Exception as error:
                if self.trouble(error).refused.code != "database-denied":
                    raise
                return Unobservable(reason="the role may not read that part of the catalogue")
            finally:
                point.rollback()

        return postgres_structure(ask, schema, host=self.host)

    def _shape(self, connection: Connection, selection: Selection) -> Shape:
        import json

        schema = selection.schema or self.schema
        values = {"schema": schema, "table": selection.table}
        found = connection.exec_driver_sql(_SHAPE, values).all()
        if not found:
            raise Trouble("database-table-not-found", host=self.host, table=selection.table)
        filled = {name for name, required, *_ in found if required}
        order = set(selection.order)
        keys = [set(json.loads(key)) for (key,) in connection.exec_driver_sql(_KEYS, values)]
        kinds = {
            name: "enum" if kind == "e" else base or type_ for name, _, type_, kind, base in found
        }
        return Shape(
            schema=schema,
            columns=frozenset(kinds),
            length=partial(_length, kinds),
            keyed=order <= filled and any(key <= order for key in keys),
            windows=True,
            exact_floats=False,
        )


def _length(kinds: dict[str, str], name: str, column: Any) -> Any:
    from sqlalchemy import Text, cast, func

    kind = kinds[name]
    if kind in _SHORT or kind == "enum":
        return None
    return func.octet_length(column if kind in _MEASURED else cast(column, Text))
