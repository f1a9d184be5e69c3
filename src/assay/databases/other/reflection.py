"""What a database holds, by SQLAlchemy's reflection of all tables at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

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
    """The tables and views of a schema; rights are not told.

    Raises:
        DatabaseTrouble: there is no such schema.

    """
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
        return {name: told for (_, name), told in found.items()}

    def of(aspect: dict[str, Any] | Unobservable, name: str, made: Callable[[Any], Any]) -> Any:
        return aspect if isinstance(aspect, Unobservable) else made(aspect.get(name))

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
            columns=of(columns, name, lambda told: _columns(told, dialect)),
            primary_key=of(
                keys, name, lambda told: tuple((told or {}).get("constrained_columns") or ())
            ),
            foreign_keys=of(foreign, name, lambda told: _foreign_keys(told, where)),
            unique=_unique(of(unique, name, lambda told: told), of(indexes, name, _indexes)),
            indexes=of(indexes, name, partial(_standing_alone, unique, name)),
            checks=of(
                checks,
                name,
                lambda told: tuple(
                    CheckConstraint(name=check["name"] or "", expression=check["sqltext"])
                    for check in told or ()
                ),
            ),
            grants=untold,
            may=dict.fromkeys(PRIVILEGES, untold),
        )
    return Structure(
        dialect=dialect.name, schema=schema, tables=tables, roles=untold, extensions=()
    )


def _columns(told: Any, dialect: Any) -> dict[str, FoundColumn]:
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
        for column in told or ()
    }


def _type(made: Any, dialect: Any) -> str | Unobservable:
    try:
        return str(made.compile(dialect=dialect)).lower()
    except Exception:  # noqa: BLE001 - of a type that SQLAlchemy does not know
        return Unobservable(reason="SQLAlchemy does not support its type")


def _foreign_keys(told: Any, schema: str | None) -> tuple[FoundForeignKey, ...]:
    return tuple(
        FoundForeignKey(
            columns=tuple(key["constrained_columns"]),
            table=key["referred_table"]
            if key["referred_schema"] in (None, schema)
            else f"{key['referred_schema']}.{key['referred_table']}",
            targets=tuple(key["referred_columns"]),
            on_delete=(key.get("options") or {}).get("ondelete", "").lower(),
        )
        for key in told or ()
    )


def _indexes(told: Any) -> tuple[FoundIndex, ...]:
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
        for index in told or ()
    )


def _standing_alone(unique: Any, name: str, told: Any) -> tuple[FoundIndex, ...]:
    """Indexes but for those of unique constraints, which MySQL shows twice."""
    constraints = unique.get(name) if isinstance(unique, dict) else ()
    doubled = {constraint["name"] for constraint in constraints or ()}
    return tuple(index for index in _indexes(told) if index.name not in doubled)


def _unique(constraints: Any, indexes: Any) -> tuple[tuple[str, ...], ...] | Unobservable:
    if isinstance(constraints, Unobservable):
        return constraints
    found = [tuple(constraint["column_names"]) for constraint in constraints or ()]
    if not isinstance(indexes, Unobservable):
        found += [index.columns for index in indexes if index.unique]
    return tuple(dict.fromkeys(found))
