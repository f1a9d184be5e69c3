"""Which rows are meant: conditions over the columns of a table, in a small part of CEL.

`==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `&&`, `||`, `!` and parentheses, between columns and plain
values (https://github.com/google/cel-spec, langdef.md). Every database understands that much, so a
row that is not meant is never read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.databases.model import AllOf, AnyOf, Comparison, Filter, Not
from assay.suggest import hint

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

DEPTH = 50
"""Parentheses and negations within each other."""
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<number>-?(?:0[xX][0-9a-fA-F]+|[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?|[0-9]+(?:[eE][-+]?[0-9]+)?))
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<column>`[^`\n]+`|[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign>==|!=|<=|>=|&&|\|\||[<>!()\[\],])
    )""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
_WORDS = {"true": True, "false": False, "null": None}
_EXAMPLE = "Write a condition such as `environment == 'production' && active`."

Value = str | int | float | bool | None


class Slip(NamedTuple):
    """What is wrong with a condition, and where in its text; line and column count from 1."""

    line: int
    column: int
    length: int
    reason: str
    step: str


class _Token(NamedTuple):
    sort: str
    text: str
    start: int


class _Slipped(Exception):  # noqa: N818 - carries a slip out of the parser
    def __init__(self, token: _Token, reason: str, step: str = _EXAMPLE) -> None:
        super().__init__(reason)
        self.token = token
        self.reason = reason
        self.step = step


def parse_filter(text: str, columns: Collection[str] | None = None) -> Filter | Slip:
    """The filter that a condition means, or what is wrong with it.

    `columns` are those that the table has; None if they are not known.
    """
    try:
        return _Parser(text, columns).whole()
    except _Slipped as slip:
        before = text[: slip.token.start]
        line = before.count("\n") + 1
        column = slip.token.start - (before.rfind("\n") + 1) + 1
        return Slip(line, column, max(len(slip.token.text), 1), slip.reason, slip.step)


def columns_of(filter_: Filter | None) -> tuple[str, ...]:
    """The columns that a filter reads, each once."""
    match filter_:
        case None:
            return ()
        case Comparison(column=name):
            return (name,)
        case Not(part=part):
            return columns_of(part)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return tuple(dict.fromkeys(name for part in parts for name in columns_of(part)))


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            token = _Token("bad", text[start : start + 1], start)
            if token.text in ("'", '"'):
                raise _Slipped(token, "this text is not closed", "Close the quote.")
            step = ("Write `==` instead of `=`.",) if token.text == "=" else ()
            raise _Slipped(token, f"{token.text} means nothing here", *step)
        found.append(_Token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        at = match.end()
    return [*found, _Token("end", "", len(text.rstrip()))]


_SQL = {
    "is": "Write `== null` for IS NULL, `!= null` for IS NOT NULL.",
    "and": "Write `&&` instead of AND.",
    "or": "Write `||` instead of OR.",
    "not": "Write `!` before the condition instead of NOT.",
    "like": "Compare the whole value: a condition has no LIKE.",
    "ilike": "Compare the whole value: a condition has no ILIKE.",
    "between": "Write two comparisons, such as `amount >= 1 && amount <= 9`.",
}
"""Words of SQL, and what a condition has instead."""


class _Parser:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, text: str, columns: Collection[str] | None) -> None:
        self._columns = columns
        self._at = 0
        self._depth = 0
        self._tokens = _tokens(text)

    def whole(self) -> Filter:
        """The filter of the whole text."""
        made = self._any()
        if self._next.sort != "end":
            word = self._next.text
            step = _SQL.get(word.lower(), "")
            reason = f"{word} is SQL" if step else "it can't go on like this here"
            raise _Slipped(self._next, reason, *([step] if step else []))
        return made

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        if token.sort != "end":
            self._at += 1
        return token

    def _taken(self, sign: str) -> bool:
        if self._next.sort == "sign" and self._next.text == sign:
            self._at += 1
            return True
        return False

    def _any(self) -> Filter:
        return self._joined("||", AnyOf, lambda: self._joined("&&", AllOf, self._one))

    def _joined(self, sign: str, made: type[AnyOf | AllOf], part: Callable[[], Filter]) -> Filter:
        parts = [part()]
        while self._taken(sign):
            parts.append(part())
        return parts[0] if len(parts) == 1 else made(tuple(parts))

    def _one(self) -> Filter:
        self._depth += 1
        if self._depth > DEPTH:
            raise _Slipped(self._next, f"it is nested more than {DEPTH} deep", "Simplify it.")
        if self._taken("!"):
            made: Filter = Not(self._one())
        elif self._taken("("):
            made = self._any()
            if not self._taken(")"):
                raise _Slipped(self._next, "a parenthesis is not closed", "Close it.")
        else:
            made = self._comparison()
        self._depth -= 1
        return made

    def _comparison(self) -> Filter:
        left = self._take()
        if left.sort == "column" and left.text not in _WORDS:
            return self._of_column(left)
        value = self._value(left)
        sign = self._take()
        if sign.sort != "sign" or sign.text not in _MIRRORED:
            raise _Slipped(left, "a value alone is not a condition", "Compare a column with it.")
        right = self._take()
        if right.sort != "column" or right.text in _WORDS:
            step = "Compare a column with a value."
            raise _Slipped(left, "neither side is a column", step)
        return self._compared(self._column(right), _MIRRORED[sign.text], value, sign)

    def _of_column(self, left: _Token) -> Filter:
        name = self._column(left)
        if self._next.sort == "column" and self._next.text == "in":
            self._take()
            return Comparison(name, "in", self._list())
        if self._next.sort != "sign" or self._next.text not in _MIRRORED:
            if self._next.text in {"(", "["}:
                raise _Slipped(left, f"{left.text} can't be called here")
            return Comparison(name, "==", value=True)
        sign = self._take()
        right = self._take()
        if right.sort == "column" and right.text not in _WORDS:
            step = "Compare a column with a value; texts stand in quotes."
            raise _Slipped(right, f"{right.text} is not a value", step)
        return self._compared(name, sign.text, self._value(right), sign)

    def _compared(self, name: str, sign: Any, value: Value, token: _Token) -> Filter:
        if value is None and sign not in ("==", "!="):
            raise _Slipped(token, "nothing is less or more than null", "Use == or != with null.")
        return Comparison(name, sign, value)

    def _column(self, token: _Token) -> str:
        name = token.text.strip("`")
        if self._columns is not None and name not in self._columns:
            reason = f"{name} is not a column of the table{hint(name, self._columns)}"
            raise _Slipped(token, reason, "Name a column that the table has.")
        return name

    def _list(self) -> tuple[str | int | float | bool, ...]:
        start = self._next
        if not self._taken("["):
            raise _Slipped(start, "`in` needs a list", "Write one, as in `status in ['a', 'b']`.")
        found: list[str | int | float | bool] = []
        while not self._taken("]"):
            token = self._take()
            value = self._value(token)
            if value is None:
                raise _Slipped(token, "null is in no list", "Compare it: `column == null`.")
            found.append(value)
            if not self._taken(",") and self._next.text != "]":
                raise _Slipped(self._next, "a list is not closed", "Close it with `]`.")
        if not found:
            raise _Slipped(start, "nothing is in an empty list", "Name at least one value.")
        return tuple(found)

    def _value(self, token: _Token) -> Value:
        match token.sort:
            case "number":
                return _number(token)
            case "text":
                made = _ESCAPE.sub(_unescaped, token.text[1:-1])
                if not made.isprintable() and any(
                    c == "\0" or "\ud800" <= c <= "\udfff" for c in made
                ):
                    raise _Slipped(token, "no database holds this text", "Correct its escapes.")
                return made
            case "column" if token.text in _WORDS:
                return _WORDS[token.text]
            case "end":
                raise _Slipped(token, "it ends too early")
            case "column":
                step = "Write texts in quotes."
                raise _Slipped(token, f"{token.text} is not a value", step)
            case _:
                raise _Slipped(token, "it can't go on like this here")


def _number(token: _Token) -> int | float:
    text = token.text
    if "x" in text.lower():
        number: int | float = int(text, 16)
    elif any(char in text for char in ".eE"):
        number = float(text)
    else:
        number = int(text) if len(text) < 25 else 2**64
    if abs(number) == float("inf") or (isinstance(number, int) and abs(number) >= 2**63):
        raise _Slipped(token, "the number is too large", "Write one of at most 64 bits.")
    return number


def _unescaped(found: re.Match[str]) -> str:
    if found[1] or found[2]:
        return chr(int(found[1] or found[2], 16))
    return _ESCAPED.get(found[3], found[3])
