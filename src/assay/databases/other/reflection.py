"""What a database holds, by SQLAlchemy's reflection of all tables at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from assay.databases.catalogues import joined, told
from assay.databases.model import (
    PRIVILEGES,
    CheckConstraint,
    FoundColumn,
    FoundForeignKey,
    FoundIndex,
    FoundTable,
    Structure,
)
from assay.databases.trouble import DatabaseTrouble
from assay.facts import Unobservable

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection


def reflected(connection: Connection, schema: str, *, host: str) -> Structure:
    """The tables and views of a schema; rights are not told."""
    from sqlalchemy import inspect
    from sqlalchemy.engine.reflection import ObjectKind

    inspector = inspect(connection)
    dialect = connection.dialect
    if schema and schema not in inspector.get_schema_names():
        exposed = ", ".join(inspector.get_schema_names())
        raise DatabaseTrouble(
            "database-schema-not-exposed", host=host, schema=schema, exposed=exposed
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
            columns=tuple(
                column or expression
                for column, expression in zip(
                    index["column_names"],
                    index.get("expressions") or index["column_names"],
                    strict=True,
                )
            ),
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
