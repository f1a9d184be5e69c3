"""Conditions on rows as SQLAlchemy expressions: names quoted, values bound."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from assay.relations import AllOf, AnyOf, Comparison, Not

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import ColumnElement

    from assay.relations import Filter

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


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


def clause_of(condition: Filter, column: Callable[[str], Any]) -> ColumnElement[bool]:
    """A condition as SQL. NULL compares as in CEL: it equals nothing but itself."""
    from sqlalchemy import and_, false, not_, or_, true

    match condition:
        case Comparison():
            return _comparison(condition, column(condition.column))
        case AllOf():
            return and_(true(), *(clause_of(part, column) for part in condition.parts))
        case AnyOf():
            return or_(false(), *(clause_of(part, column) for part in condition.parts))
        case Not():
            return not_(clause_of(condition.part, column))


def _comparison(condition: Comparison, column: Any) -> ColumnElement[bool]:
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
        return and_(column.is_not(None), or_(*(column == bound(each) for each in values)))
    clause = _OPERATORS[condition.operator](column, bound(value))
    if condition.operator == "!=":
        return or_(column.is_(None), clause)
    # Never NULL, so that its negation is true where the column is NULL.
    return and_(column.is_not(None), clause)


def bound(value: Any) -> Any:
    """A value that is sent beside the statement, without a type: the column's decides."""
    from sqlalchemy import bindparam
    from sqlalchemy.types import NullType

    return bindparam(None, value, type_=NullType(), unique=True)
