"""What a condition compares its variables with, seen from its text: options that don't exist.

CEL knows that a variable is a text, not which texts it may be, so it accepts a comparison with an
option that is misspelt, which is then never true.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"(?P<text>'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\")"
    r"|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>==|!=|&&|\|\||[^\s])"
)
_BEFORE = frozenset(("", "(", "!", "&&", "||", "?", ":", ","))
"""What may stand before a comparison that is a condition by itself."""
_AFTER = frozenset(("", ")", "&&", "||", "?", ":", ","))
"""What may follow one."""


class LiteralComparison(NamedTuple):
    """A text in quotes that a variable is compared with, or that it has to match."""

    name: str
    operator: str
    """`==`, `!=`, `in`, or `matches` for a pattern."""
    text: str
    offset: int
    """Where the text begins, after its quote."""


class _Token(NamedTuple):
    sort: str
    text: str
    offset: int


_END = _Token("", "", 0)


def literals(condition: str) -> Iterator[LiteralComparison]:
    """The texts that variables are compared with, in the order of the condition.

    Only plain comparisons count: `NAME == 'x'`, `'x' != NAME`, `NAME in ['x', 'y']` and
    `NAME.matches('x')`.
    """
    tokens = [_END, *_tokens(condition), _END, _END, _END]
    for at, token in enumerate(tokens):
        if token.sort == "word" and tokens[at - 1].text in _BEFORE:
            yield from _behind(tokens, at)
        elif token.sort == "text" and tokens[at - 1].text in _BEFORE:
            sign, name, after = tokens[at + 1 : at + 4]
            if sign.text in ("==", "!=") and name.sort == "word" and after.text in _AFTER:
                yield _literal(name, sign.text, token)


def _behind(tokens: list[_Token], at: int) -> Iterator[LiteralComparison]:
    """What the variable at `at` is compared with on its right."""
    name, sign, text, after = tokens[at : at + 4]
    if sign.text in ("==", "!=") and text.sort == "text" and after.text in _AFTER:
        yield _literal(name, sign.text, text)
    elif [sign.text, text.text, after.text] == [".", "matches", "("]:
        pattern = tokens[at + 4]
        if pattern.sort == "text" and tokens[at + 5].text == ")":
            yield _literal(name, "matches", pattern)
    elif sign.text == "in" and text.text == "[":
        for item in tokens[at + 3 :]:
            if item.sort == "text":
                yield _literal(name, "in", item)
            elif item.text != ",":
                break


def _literal(name: _Token, operator: str, text: _Token) -> LiteralComparison:
    return LiteralComparison(name.text, operator, text.text[1:-1], text.offset + 1)


def _tokens(condition: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(condition):
        sort = match.lastgroup or ""
        text = match.group()
        if sort == "text" and "\\" in text:
            sort = "escaped"  # what it stands for is CEL's to say
        yield _Token(sort, text, match.start())


def place(condition: str, offset: int) -> tuple[int, int]:
    """The line and column of an offset, counted from 1."""
    before = condition[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
