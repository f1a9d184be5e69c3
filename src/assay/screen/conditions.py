"""Turns the commonest conditions into trees that the screen can evaluate without CEL.

Understood are `NAME == 'text'`, `!=`, `NAME.contains('text')`, `startsWith`, `endsWith`,
`isSet('NAME')`, two of them compared, `live`, `!`, `&&`, `||` and parentheses, over variables whose
value is the text itself. Everything else stays CEL's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

Tree = tuple[Any, ...]
_METHODS = frozenset(("contains", "endsWith", "startsWith"))


class _NotPlain(Exception):  # noqa: N818 - control flow of this module
    """The condition needs CEL."""


def compile_condition(
    text: str,
    variables: frozenset[str],
    around: Mapping[str, str | bool | None],
    declared: Container[str],
) -> Tree | None:
    """The condition as a tree, or None if only CEL can evaluate it.

    `variables` are those that may be compared, `declared` those that may be set. `around` is what
    other words stand for; `bound` in `assay.spec.surroundings` makes it.
    """
    try:
        tokens = [*_tokens(text), ""]
        parser = _Parser(tokens, variables, around, declared)
        tree = parser.either()
        return tree if parser.at == len(tokens) - 1 else None
    except (_NotPlain, RecursionError):
        return None


def _tokens(text: str) -> Iterator[str]:
    """Names, texts (with a leading quote to tell them), and operators."""
    at = 0
    while at < len(text):
        char = text[at]
        if char in " \t\r\n":
            at += 1
            continue
        end = _token_end(text, at)
        yield "'" + text[at + 1 : end - 1] if char in "'\"" else text[at:end]
        at = end


def _token_end(text: str, at: int) -> int:
    """Where the token that begins at `at` ends.

    Raises:
        _NotPlain: it isn't one of ours.

    """
    char = text[at]
    if char in "'\"":
        end = text.find(char, at + 1)
        if end < 0 or "\\" in text[at:end] or "\n" in text[at:end] or text[at : at + 3] == char * 3:
            raise _NotPlain
        return end + 1
    if text[at : at + 2] in ("==", "!=", "&&", "||"):
        return at + 2
    if char in "()!.":
        return at + 1
    end = at
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    # a quote right after a name makes it a prefix, as in r'...', which is CEL's own
    if end == at or char.isdigit() or not char.isascii() or text[end : end + 1] in ("'", '"'):
        raise _NotPlain
    return end


_COMPARED = ("==", "!=")


class _Parser:
    def __init__(
        self,
        tokens: list[str],
        variables: frozenset[str],
        around: Mapping[str, str | bool | None],
        declared: Container[str],
    ) -> None:
        self.tokens = tokens
        self.at = 0
        self._variables = variables
        self._around = around
        self._declared = declared

    def either(self) -> Tree:
        tree = self._both()
        while self._take("||"):
            tree = ("or", tree, self._both())
        return tree

    def _both(self) -> Tree:
        tree = self._one()
        while self._take("&&"):
            tree = ("and", tree, self._one())
        return tree

    def _one(self) -> Tree:
        if self._take("!"):
            return ("not", self._one())
        if self._take("("):
            tree = self.either()
            self._expect(")")
            return tree
        word = self._next()
        if word == "isSet":
            return self._asked()
        if self._take("."):
            return self._call(word)
        fixed = self._around.get(word)
        if isinstance(fixed, bool) and self.tokens[self.at] not in _COMPARED:
            return ("constant", fixed)
        return self._comparison(word)

    def _asked(self) -> Tree:
        left = self._set()
        for operator in _COMPARED:
            if self._take(operator):
                self._expect("isSet")
                right = self._set()
                neither = ("and", ("not", left), ("not", right))
                tree = ("or", ("and", left, right), neither)
                return tree if operator == "==" else ("not", tree)
        return left

    def _set(self) -> Tree:
        self._expect("(")
        name = self._text(self._next())
        self._expect(")")
        # `isSet` asks for variables alone, whatever else a file may set
        return ("set", name) if name in self._declared else ("constant", False)

    def _call(self, name: str) -> Tree:
        method = self._next()
        if method not in _METHODS or name not in self._variables:
            raise _NotPlain
        self._expect("(")
        text = self._text(self._next())
        self._expect(")")
        return (method, name, text)

    def _comparison(self, left: str) -> Tree:
        operator, right = self._next(), self._next()
        if operator not in _COMPARED:
            raise _NotPlain
        if left.startswith("'"):
            left, right = right, left
        text = self._text(right)
        tree: Tree
        if isinstance(fixed := self._around.get(left), str):
            tree = ("constant", fixed == text)
        elif left in self._variables:
            tree = ("is", left, text)
        else:
            raise _NotPlain
        return tree if operator == "==" else ("not", tree)

    def _text(self, token: str) -> str:
        if not token.startswith("'"):
            raise _NotPlain
        return token[1:]

    def _next(self) -> str:
        token = self.tokens[self.at]
        if not token:
            raise _NotPlain
        self.at += 1
        return token

    def _take(self, token: str) -> bool:
        if self.tokens[self.at] != token:
            return False
        self.at += 1
        return True

    def _expect(self, token: str) -> None:
        if not self._take(token):
            raise _NotPlain
