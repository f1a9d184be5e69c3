"""An open database of a different maker, as far as SQLAlchemy's reflection shows of it."""

from __future__ import annotations

import json
import ssl
from typing import TYPE_CHECKING, Any

from assay.databases.model import Connected, TooLarge
from assay.databases.session import GRACE, EngineSession
from assay.databases.statements import Shape
from assay.databases.trouble import DatabaseTrouble, refused
from assay.databases.trouble import plain as plain_text
from assay.net.tls import REASONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from assay.databases.model import Row, Selection, Structure
    from assay.databases.urls import DatabaseUrl

_READ_ONLY = frozenset({"mysql", "mariadb", "oracle"})
"""Dialects whose transactions can be kept from writing, by a statement before they begin."""
_ROW_VALUES = frozenset({"mysql", "mariadb", "sqlite"})
_CODES = {
    1044: "database-denied",
    1045: "database-wrong-password",
    1698: "database-wrong-password",
    1049: "database-not-found",
    1040: "database-overloaded",
    1203: "database-overloaded",
    1226: "database-overloaded",
    1142: "database-denied",
    1143: "database-denied",
    1205: "database-timed-out",
    1969: "database-timed-out",
    3024: "database-timed-out",
    2003: "database-connection-refused",
    2006: "database-connection-lost",
    2013: "database-connection-lost",
    2026: "database-tls-failed",
    3159: "database-tls-failed",
}
"""MySQL's and MariaDB's error numbers: https://mariadb.com/kb/en/mariadb-error-code-reference/."""


class OtherSession(EngineSession):
    """A database whose rights and policies assay can't tell."""

    _role = _name = ""

    def greet(self, url: DatabaseUrl) -> None:
        """Connect, and ask for the version."""
        self._role, self._name = url.user, url.database
        limit = self.seconds + GRACE
        self.timed(self._connect, self.trouble, limit)
        dialect = self._engine.dialect
        version = ".".join(str(part) for part in dialect.server_version_info or ())
        self.connected: Connected = Connected(
            dialect=dialect.name, version=plain_text(version), role=self._role
        )

    def _connect(self) -> None:
        with self.reading():
            pass

    def _descriptor(self, connection: Any) -> int | None:
        own = getattr(connection, "_sock", None)  # of PyMySQL
        return None if own is None else int(own.fileno())

    def begin(self, connection: Connection) -> None:
        """Begin a transaction that can't write, if there are such."""
        if self._engine.dialect.name in _READ_ONLY:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")

    def pages(self, selection: Selection) -> Iterator[Sequence[Row]]:
        """See `Session`."""
        for page in super().pages(selection):
            yield [tuple(plain(cell) for cell in row) for row in page]

    def _said(self, error: Exception, what: str) -> DatabaseTrouble:
        """By the number of a driver's error."""
        cause: Any = getattr(error, "orig", None) or error
        number = getattr(cause, "args", ("",))[:1]
        code = _CODES.get(number[0]) if number and isinstance(number[0], int) else None
        reason = "the server requires it, or aborts it"
        # PyMySQL says of a certificate that nothing is there
        inner = getattr(cause, "original_exception", None)
        if isinstance(inner, ssl.SSLError):
            code = "database-tls-failed"
            reason = REASONS.get(getattr(inner, "verify_code", 0), reason)
        if code is None:
            return super()._said(error, what)
        return refused(
            code,
            host=self.host,
            seconds=self.seconds,
            role=self._role,
            name=self._name,
            what=what or "anything",
            reason=reason,
        )

    def _structure(self, connection: Connection, schema: str) -> Structure:
        from assay.databases.other.reflection import reflected

        return reflected(connection, schema, host=self.host)

    def _shape(self, connection: Connection, selection: Selection) -> Shape:
        from sqlalchemy import exc, inspect

        inspector = inspect(connection)
        name, schema = selection.table, selection.schema or None
        columns: Sequence[Any] = ()
        key: Sequence[str] = ()
        try:
            columns = inspector.get_columns(name, schema=schema)
            key = inspector.get_pk_constraint(name, schema=schema)["constrained_columns"]
        except exc.NoSuchTableError:
            columns = ()
        if not columns:
            raise DatabaseTrouble("database-table-not-found", host=self.host, table=name)
        dialect = connection.dialect.name
        filled = {column["name"] for column in columns if not column["nullable"]}
        order = set(selection.order)
        return Shape(
            schema=schema,
            columns=frozenset(column["name"] for column in columns),
            length=_octets if dialect in ("mysql", "mariadb") else _unmeasured,
            keyed=bool(key) and set(key) <= order <= filled | set(key),
            row_values=dialect in _ROW_VALUES,
        )


def _octets(_name: str, column: Any) -> Any:
    from sqlalchemy import func

    return func.octet_length(column)


def _unmeasured(_name: str, _column: Any) -> None:
    return None


def plain(cell: Any) -> Any:
    """A driver's value as `Cell` says."""
    if cell is None or isinstance(cell, bytes | str | int | float | TooLarge):
        return cell
    if isinstance(cell, memoryview | bytearray):
        return bytes(cell)
    if isinstance(cell, dict | list):
        return json.dumps(cell, default=str)
    return str(cell)
