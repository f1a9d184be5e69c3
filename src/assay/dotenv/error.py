"""The one error of the .env reader."""

from __future__ import annotations


class DotenvError(ValueError):
    """A .env text that its dialect refuses, or a value that a dialect cannot spell.

    The message never holds a value, because values may be secret.

    Attributes:
        reason: what is wrong, lower case, without a value.
        expected: what was expected or what to do about it.
        line: 1-based line, 0 if there is no place in a text.
        column: 1-based column in characters, 0 if there is no place in a text.

    """

    def __init__(self, reason: str, expected: str, line: int = 0, column: int = 0) -> None:
        """Keep the parts; the message is made of all of them."""
        place = f"line {line}, column {column}: " if line else ""
        super().__init__(f"{place}{reason}: {expected}")
        self.reason = reason
        self.expected = expected
        self.line = line
        self.column = column
