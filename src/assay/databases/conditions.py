"""Conditions on rows as SQLAlchemy expressions: names quoted, values bound."""

from __future__ import annotations

import operator
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import msgspec

from assay.databases.model import AllOf, AnyOf, Comparison, Filter, Not

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy import ColumnElement


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Foreign(msgspec.Struct, frozen=True, kw_only=True):
    """A type whose operators have to be named with their schema."""

    type: str
    """As SQL, with its schema."""
    operators: Mapping[str, str]
    """How `==`, `<` and the like are written; empty for a type that has no order."""


def columns_of(condition: Filter | None) -> Iterator[str]:
    """The columns that a condition looks at."""
    match condition:
        case None:
            return
        case Comparison():
            yield condition.column
        case Not():
            yield from columns_of(condition.part)
        case AllOf() | AnyOf():
            for part in condition.parts:
                yield from columns_of(part)


def clause_of(
    condition: Filter,
    column: Callable[[str], Any],
    foreign: Mapping[str, Foreign] = MappingProxyType({}),
) -> ColumnElement[bool]:
    """A condition as SQL. NULL compares as in CEL: it equals nothing but itself.

    `foreign` are the types of columns that `=` alone would not compare.
    """
    from sqlalchemy import and_, false, not_, or_, true

    match condition:
        case Comparison():
            return _comparison(condition, column(condition.column), foreign.get(condition.column))
        case AllOf():
            return and_(true(), *(clause_of(part, column, foreign) for part in condition.parts))
        case AnyOf():
            return or_(false(), *(clause_of(part, column, foreign) for part in condition.parts))
        case Not():
            return not_(clause_of(condition.part, column, foreign))


def _comparison(condition: Comparison, column: Any, foreign: Foreign | None) -> ColumnElement[bool]:
    from sqlalchemy import and_, false, or_

    value = condition.value
    clause: ColumnElement[bool]
    if value is None:
        clause = column.is_not(None) if condition.operator == "!=" else column.is_(None)
        return clause
    if condition.operator == "in":
        values = value if isinstance(value, tuple) else (value,)
        if not values:
            return false()
        return and_(
            column.is_not(None), or_(*(_compared("==", column, each, foreign) for each in values))
        )
    clause = _compared(condition.operator, column, value, foreign)
    if condition.operator == "!=":
        return or_(column.is_(None), clause)
    # Never NULL, so that its negation is true if the column is NULL.
    return and_(column.is_not(None), clause)


def _compared(sign: str, column: Any, value: Any, foreign: Foreign | None) -> Any:
    """A column beside a value. NULL where the column is NULL."""
    from sqlalchemy import cast, func, not_

    if foreign is None:
        return _OPERATORS[sign](column, bound(value))
    if sign == "!=":
        return not_(_compared("==", column, value, foreign))
    if sign not in foreign.operators:  # it has a text, at least
        return _OPERATORS[sign](func.pg_catalog.concat(column), bound(_text(value)))
    # A column of a domain is not of its type, and others may have made operators and casts that fit
    # better than the type's own.
    plain = cast(column, spelt(foreign.type))
    named = plain.op(f"OPERATOR({foreign.operators[sign]})", is_comparison=True)
    return named(cast(bound(_text(value)), spelt(foreign.type)))


def _text(value: Any) -> str:
    """A value as PostgreSQL reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


@cache
def spelt(name: str) -> Any:
    """A type of SQLAlchemy that is written as it stands."""
    from sqlalchemy.types import UserDefinedType

    class Spelt(UserDefinedType[Any]):
        cache_ok = False

        def get_col_spec(self, **_options: Any) -> str:
            # psycopg takes a single one for a parameter
            return name.replace("%", "%%")

    return Spelt()


def bound(value: Any) -> Any:
    """A value that is sent beside the statement, without a type: the column's decides."""
    from sqlalchemy import bindparam
    from sqlalchemy.types import NullType

    return bindparam(None, value, type_=NullType(), unique=True)
