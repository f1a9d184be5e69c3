"""Conditions, order and columns in the query language of PostgREST.

https://docs.postgrest.org/en/stable/references/api/tables_views.html, "Horizontal filtering" and
"Reserved characters".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeGuard

from assay.databases.model import AllOf, AnyOf, Comparison, Filter, Not

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORD = re.compile(r"-?[A-Za-z0-9_]+")
_RESERVED = frozenset({"and", "columns", "limit", "not", "offset", "on_conflict", "or", "order"})
_RESERVED |= {"select", "apikey"}
"""Parameters of PostgREST and of its gateway, which columns of the same name would be taken for."""
_OPERATORS = {"==": "eq", "!=": "neq", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
_OPPOSITES = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def quoted(text: str) -> str:
    """A text that is read as it stands, whatever it holds."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def column(name: str) -> str:
    """A column's name, quoted where its characters mean something else."""
    return name if _PLAIN.fullmatch(name) else quoted(name)


def literal(value: Any) -> str:
    """A value as PostgreSQL reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


def selected(columns: Sequence[str]) -> str:
    """`select` for the exact texts of columns, under names of ours: `alias(0)` for the first.

    JSON would lose digits of large and of decimal numbers, and the spelling of JSON itself. Where a
    text had the name of its column, `order` would mean the text to some servers.
    """
    return ",".join(f"{alias(number)}:{column(name)}::text" for number, name in enumerate(columns))


def alias(number: int) -> str:
    """What the answer calls a column that was asked for."""
    return f"assay_{number}"


def never(condition: Filter | None) -> bool:
    """Whether a condition can't hold, whatever the row."""
    return condition is not None and _tree(condition, holds=True) is False


def parameters(condition: Filter | None, also: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Query parameters that ask for rows that meet a condition, and logic trees beside it."""
    parts = condition.parts if isinstance(condition, AllOf) else (condition,) if condition else ()
    trees = list(also)
    for part in parts:
        if _simple(part):
            yield part.column, _comparison(part, part.operator, raw=True)
            continue
        tree = _tree(part, holds=True)
        if isinstance(tree, str):
            trees.append(tree)
    if trees:
        yield "or", f"(and({','.join(trees)}))"


def _simple(part: Filter) -> TypeGuard[Comparison]:
    return (
        isinstance(part, Comparison)
        and part.value is not None
        and part.operator not in ("in", "!=")
        and part.column not in _RESERVED
        and _PLAIN.fullmatch(part.column) is not None
    )


def _tree(condition: Filter, *, holds: bool) -> str | bool:
    """A condition, or its opposite, as a logic tree; true or false if it is so for every row.

    NULL compares as in CEL: it equals nothing but itself, and so the opposite takes it in. The
    opposite is made of opposites, because PostgreSQL's NOT of NULL is NULL.
    """
    match condition:
        case Not():
            return _tree(condition.part, holds=not holds)
        case AllOf() | AnyOf():
            every = isinstance(condition, AllOf) is holds
            parts = [_tree(part, holds=holds) for part in condition.parts]
            if any(part is not every and isinstance(part, bool) for part in parts):
                return not every
            texts = [part for part in parts if isinstance(part, str)]
            if not texts:
                return every
            return f"{'and' if every else 'or'}({','.join(texts)})"
        case Comparison():
            return _leaf(condition, holds=holds)


def _leaf(condition: Comparison, *, holds: bool) -> str | bool:
    name, value = column(condition.column), condition.value
    operator: str = condition.operator
    if operator == "in":
        if not value:
            return not holds
        test = _comparison(condition, "in", raw=False)
        return f"{name}.{test}" if holds else f"or({name}.is.null,{name}.not.{test})"
    operator = operator if holds else _OPPOSITES[operator]
    test = f"{name}.{_comparison(condition, operator, raw=False)}"
    takes_null = value is not None and (operator == "!=" or (not holds and operator != "=="))
    return f"or({name}.is.null,{test})" if takes_null else test


def _comparison(condition: Comparison, operator: str, *, raw: bool) -> str:
    value = condition.value
    if value is None:
        return "is.null" if operator == "==" else "not.is.null"
    if operator == "in":
        values = value if isinstance(value, tuple) else (value,)
        return f"in.({','.join(quoted(literal(each)) for each in values)})"
    text = literal(value)
    # What needs no quotes gets none: Supabase Lite takes "true" for a text.
    return f"{_OPERATORS[operator]}.{text if raw or _WORD.fullmatch(text) else quoted(text)}"


def behind(order: Sequence[str], place: Sequence[str | None], *, ties: bool, nulls: bool) -> str:
    """The rows that follow a place in ascending order, as a logic tree.

    With `ties`, those too that stand at the same place; with `nulls`, any column but the first may
    be NULL, which comes last. The first column alone bounds the range that an index is read in.
    """
    first = f"{column(order[0])}.gte.{quoted(place[0])}" if place[0] is not None else ""
    ways, same = [], []
    for number, (name, text) in enumerate(zip(order, place, strict=True)):
        subject = column(name)
        if text is None:
            same.append(f"{subject}.is.null")
            continue
        ways.append(_all([*same, f"{subject}.gt.{quoted(text)}"]))
        if nulls and number:
            ways.append(_all([*same, f"{subject}.is.null"]))
        same.append(f"{subject}.eq.{quoted(text)}")
    if ties:
        ways.append(_all(same))
    rest = ways[0] if len(ways) == 1 else f"or({','.join(ways)})"
    return _all([first, rest]) if first else rest


def _all(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"and({','.join(parts)})"
