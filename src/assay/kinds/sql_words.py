"""SQL in messages and remedies: names, values and conditions, written and compared as texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*\Z")
RESERVED = frozenset(
    """
    all alter analyse analyze and any array as asc asymmetric authorization binary both case
    cast check collate collation column concurrently constraint create cross current_catalog
    current_date current_role current_schema current_time current_timestamp current_user
    default deferrable delete desc distinct do drop else end except exists false fetch for
    foreign freeze from full grant group having ilike in index initially inner insert intersect
    into is isnull join key lateral leading left like limit localtime localtimestamp natural
    not notnull null offset on only or order outer overlaps placing primary references
    returning right row select session_user set similar some symmetric table tablesample then
    to trailing true union unique update user using values variadic verbose view when where
    window with
    """.split()  # noqa: SIM905 - one word a line would hide the rest of the module
)
"""Words that SQLite or PostgreSQL takes for a part of the language where a name stands bare; the
latter's as `pg_get_keywords()` calls them reserved."""


def quoted(name: str) -> str:
    """A name as SQL reads it, in quotes where it needs them."""
    if _PLAIN.match(name) and name not in RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def in_parentheses(names: Iterable[str]) -> str:
    """Names in parentheses, as in `(tenant_id, environment)`."""
    return f"({', '.join(map(quoted, names))})"


def literal(value: str | float | None) -> str:
    """A declared default as SQL: what looks like an expression stays as it is."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if _EXPRESSION.search(value.strip()) else literal_text(value)
    return str(value)


def literal_text(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


_EXPRESSION = re.compile(
    r"""\(|::|^'.*'$|^[+-]?\d+(\.\d+)?$
    |^(null|true|false|current_(timestamp|date|time|user|role|schema)|localtimestamp|session_user)$
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


_TOKEN = re.compile(
    r"""(?P<text>[eE]?'(?:[^']|'')*')
    |(?P<name>"(?:[^"]|"")+")
    |(?P<cast>::\s*(?:"[^"]+"|[A-Za-z_][\w.]*)
        (?:\s+(?:varying|precision|with(?:out)?\s+time\s+zone))?(?:\([\d,\s]*\))?(?:\[\d*\])*)
    |(?P<word>[A-Za-z_][\w$]*)
    |(?P<number>\d+(?:\.\d*)?|\.\d+)
    |(?P<space>\s+)
    |(?P<operator><>|!=|<=|>=|\|\||~~\*?|!~~\*?|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_NOW = frozenset(
    ("current_timestamp", "localtimestamp", "statement_timestamp", "transaction_timestamp")
)
"""What is the same as `now`."""
LONGEST = 2**16
"""Characters of an expression that is taken apart."""
_HOMES = frozenset(("pg_catalog", "public", "extensions"))
"""Schemas that are left out before a function or a type."""


def tokens(expression: str) -> tuple[str, ...]:
    """An expression without what does not change its meaning: case, casts, spaces, parentheses.

    It is a comparison of texts, and knows no precedence: `a and (b or c)` and `a and b or c` are
    the same to it.
    """
    if len(expression) > LONGEST:  # nobody writes it into a spec, and each column may have one
        return (expression,)
    found: list[str] = []
    for match in _TOKEN.finditer(expression):
        kind, text = match.lastgroup, match[0]
        if kind in ("space", "cast") or text in "()":
            continue
        if kind == "word":
            found.append("now" if text.lower() in _NOW else text.lower())
        elif kind == "name":
            inner = text[1:-1].replace('""', '"')
            found.append(inner if not _PLAIN.match(inner) else inner.lower())
        elif kind == "text":
            found.append("'" + text.partition("'")[2])
        else:
            found.append({"!=": "<>", "~~": "like", "~~*": "ilike"}.get(text, text))
    return tuple(_simpler(found[1:] if found[:1] == ["check"] else found))


def _simpler(found: list[str]) -> list[str]:
    """With `in` for `= any (array[...])`, and without the schemas that everybody has."""
    made: list[str] = []
    index = 0
    while index < len(found):
        if found[index] in _HOMES and found[index + 1 : index + 2] == ["."]:
            index += 2
        elif found[index : index + 4] == ["=", "any", "array", "["]:
            made.append("in")
            index += 4
        elif found[index] == "]":
            index += 1
        else:
            made.append(found[index])
            index += 1
    return made


def same_expression(left: str, right: str) -> bool:
    """Whether two conditions are written alike, but for what does not change them."""
    return tokens(left) == tokens(right)


def allowed_values(expression: str, column: str) -> tuple[str, ...] | None:
    """The texts of a check such as `status in ('a', 'b')`; None if it is of a different form."""
    found = tokens(expression)
    one_of = found[1:2] == ("in",) or (found[1:2] == ("=",) and len(found) == 3)
    if not one_of or found[0].lower() != column.lower():
        return None
    values, commas = found[2::2], found[3::2]
    if not all(value.startswith("'") for value in values) or set(commas) - {","}:
        return None
    return tuple(value[1:-1].replace("''", "'") for value in values)


def same_default(declared: str | float | None, found: str | None) -> bool:
    """Whether a declared default is the one that was found."""
    there = () if found is None else tokens(found)
    there = () if there == ("null",) else there
    if declared is None or not there:
        return declared is None and not there
    if isinstance(declared, bool):
        words = ("true", "1", "'t'", "'true'") if declared else ("false", "0", "'f'", "'false'")
        return "".join(there) in (*words, "b'1'" if declared else "b'0'")
    if isinstance(declared, str) and there in (tokens(declared), (literal_text(declared),)):
        return True
    if there[0] == "nextval":  # sequences have other names in other databases
        return tokens(str(declared))[:1] == ("nextval",)
    number = _number(str(declared))
    return number is not None and number == _number("".join(there))


def _number(text: str) -> float | None:
    try:
        return float(text.strip("'"))
    except ValueError:
        return None
