"""An open database of a different maker, as far as SQLAlchemy's reflection shows of it."""

from __future__ import annotations

import json
import ssl
from functools import partial
from typing import TYPE_CHECKING, Any

from assay.databases.catalogues import joined, told
from assay.databases.model import (
    PRIVILEGES,
    CheckConstraint,
    Connected,
    FoundColumn,
    FoundForeignKey,
    FoundIndex,
    FoundTable,
    Row,
    Selection,
    Structure,
    TooLarge,
)
from assay.databases.rows import Shape
from assay.databases.session import GRACE, EngineSession
from assay.databases.trouble import DatabaseTrouble, refused
from assay.databases.trouble import plain as plain_text
from assay.facts import Unobservable
from assay.net.faults import REASONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection

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
        self.timed(self.reach, seconds=self.seconds + GRACE)
        dialect = self._engine.dialect
        version = ".".join(str(part) for part in dialect.server_version_info or ())
        self.connected: Connected = Connected(
            dialect=dialect.name, version=plain_text(version), role=self._role
        )

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
        from sqlalchemy import inspect
        from sqlalchemy.engine.reflection import ObjectKind

        inspector = inspect(connection)
        dialect = connection.dialect
        if schema and schema not in inspector.get_schema_names():
            exposed = ", ".join(inspector.get_schema_names())
            raise DatabaseTrouble(
                "database-schema-not-exposed", host=self.host, schema=schema, exposed=exposed
            )
        untold = Unobservable(reason=f"assay does not read the rights of {dialect.name} databases")
        where = schema or None

        def every(method: Callable[..., Any]) -> dict[str, Any] | Unobservable:
            try:
                found = method(schema=where, kind=ObjectKind.ANY)
            except NotImplementedError:
                return Unobservable(reason=f"the driver of {dialect.name} does not tell")
            return {name: said for (_, name), said in found.items()}

        columns = every(inspector.get_multi_columns)
        keys = every(inspector.get_multi_pk_constraint)
        foreign = every(inspector.get_multi_foreign_keys)
        unique = every(inspector.get_multi_unique_constraints)
        indexes = every(inspector.get_multi_indexes)
        checks = every(inspector.get_multi_check_constraints)
        views = {*inspector.get_view_names(where)}
        tables = {}
        for name in sorted(columns if isinstance(columns, dict) else ()):
            tables[name] = FoundTable(
                name=name,
                schema=schema,
                sort="view" if name in views else "table",
                columns=told(columns, name, partial(_columns, dialect)),
                primary_key=told(keys, name, _primary_key),
                foreign_keys=told(foreign, name, partial(_foreign_keys, where)),
                unique=joined(told(unique, name, _unique), told(indexes, name, _unique_indexes)),
                indexes=told(indexes, name, partial(_standing_alone, unique, name)),
                checks=told(checks, name, _checks),
                grants=untold,
                may=dict.fromkeys(PRIVILEGES, untold),
            )
        return Structure(
            dialect=dialect.name, schema=schema, tables=tables, roles=untold, extensions=()
        )

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
            length=_octets if dialect in ("mysql", "mariadb") else lambda _name, _column: None,
            keyed=bool(key) and set(key) <= order <= filled | set(key),
            row_values=dialect in _ROW_VALUES,
        )


def _octets(_name: str, column: Any) -> Any:
    from sqlalchemy import func

    return func.octet_length(column)


def plain(cell: Any) -> Any:
    """A driver's value as `Cell` says."""
    if cell is None or isinstance(cell, bytes | str | int | float | TooLarge):
        return cell
    if isinstance(cell, memoryview | bytearray):
        return bytes(cell)
    if isinstance(cell, dict | list):
        return json.dumps(cell, default=str)
    return str(cell)


def _primary_key(found: Any) -> tuple[str, ...]:
    return tuple(dict(found).get("constrained_columns") or ())


def _checks(found: Any) -> tuple[CheckConstraint, ...]:
    return tuple(
        CheckConstraint(name=check["name"] or "", expression=check["sqltext"]) for check in found
    )


def _columns(dialect: Any, found: Any) -> dict[str, FoundColumn]:
    return {
        column["name"]: FoundColumn(
            name=column["name"],
            type=_type(column["type"], dialect),
            nullable=bool(column["nullable"]),
            default=column.get("default"),
            generated="computed" in column
            or "identity" in column
            or column.get("autoincrement") is True,
            options=tuple(getattr(column["type"], "enums", ())) or None,
        )
        for column in found
    }


def _type(made: Any, dialect: Any) -> str | Unobservable:
    try:
        return str(made.compile(dialect=dialect)).lower()
    except Exception:  # noqa: BLE001 - of a type that SQLAlchemy does not know
        return Unobservable(reason="SQLAlchemy does not support its type")


def _foreign_keys(schema: str | None, found: Any) -> tuple[FoundForeignKey, ...]:
    return tuple(
        FoundForeignKey(
            columns=tuple(key["constrained_columns"]),
            table=key["referred_table"]
            if key["referred_schema"] in (None, schema)
            else f"{key['referred_schema']}.{key['referred_table']}",
            targets=tuple(key["referred_columns"]),
            on_delete=(key.get("options") or {}).get("ondelete", "").lower(),
        )
        for key in found
    )


def _indexes(found: Any) -> tuple[FoundIndex, ...]:
    return tuple(
        FoundIndex(
            name=index["name"] or "",
            columns=tuple(index.get("expressions") or index["column_names"]),
            unique=bool(index["unique"]),
        )
        for index in found
    )


def _standing_alone(unique: Any, name: str, found: Any) -> tuple[FoundIndex, ...]:
    """Indexes but for those of unique constraints, which MySQL shows twice."""
    constraints = unique.get(name) if isinstance(unique, dict) else ()
    doubled = {constraint["name"] for constraint in constraints or ()}
    return tuple(index for index in _indexes(found) if index.name not in doubled)


def _unique(found: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(constraint["column_names"]) for constraint in found)


def _unique_indexes(found: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(index.columns for index in _indexes(found) if index.unique)
