"""Turns the commonest conditions into trees that the screen can evaluate without CEL.

Understood are `NAME == 'text'`, `!=`, `isSet('NAME')`, `!`, `&&`, `||` and parentheses, over
variables whose value is the text itself. Everything else stays CEL's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Tree = tuple[Any, ...]


class _NotPlain(Exception):  # noqa: N818 - control flow of this module
    """The condition needs CEL."""


def compile_condition(text: str, variables: frozenset[str], environment: str) -> Tree | None:
    """The condition as a tree, or None where only CEL can evaluate it.

    `variables` are those that may be compared; `environment` is what that word stands for.
    """
    try:
        tokens = [*_tokens(text), ""]
        parser = _Parser(tokens, variables, environment)
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
        elif char in "'\"":
            end = text.find(char, at + 1)
            if end < 0 or "\\" in text[at:end] or "\n" in text[at:end]:
                raise _NotPlain
            if text[at + 1 : at + 3] == char * 2:  # a triple quote
                raise _NotPlain
            yield "'" + text[at + 1 : end]
            at = end + 1
        elif text[at : at + 2] in ("==", "!=", "&&", "||"):
            yield text[at : at + 2]
            at += 2
        elif char in "()!":
            yield char
            at += 1
        elif char.isascii() and (char.isalpha() or char == "_"):
            end = at
            while end < len(text) and (text[end].isalnum() or text[end] == "_"):
                end += 1
            yield text[at:end]
            at = end
            if at < len(text) and text[at] in "'\"":  # r'...' and b'...' are CEL's own
                raise _NotPlain
        else:
            raise _NotPlain


class _Parser:
    def __init__(self, tokens: list[str], variables: frozenset[str], environment: str) -> None:
        self.tokens = tokens
        self.at = 0
        self._variables = variables
        self._environment = environment

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
        if word == "isSet" and self._take("("):
            name = self._text(self._next())
            self._expect(")")
            return ("set", name)
        return self._comparison(word)

    def _comparison(self, left: str) -> Tree:
        operator, right = self._next(), self._next()
        if operator not in ("==", "!="):
            raise _NotPlain
        if left.startswith("'"):
            left, right = right, left
        text = self._text(right)
        tree: Tree
        if left == "environment":
            tree = ("constant", self._environment == text)
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
