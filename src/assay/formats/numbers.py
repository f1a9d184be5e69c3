"""Numbers and ports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from msgspec import Meta

from assay.formats.base import Format
from assay.model import Category, Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT_AN_INTEGER = Rule(
    code="integer-malformed",
    category=Category.FORMAT,
    message="{name} is not a whole number",
    remedy="Set {name} to digits only, with a leading minus where it is negative.",
    why="Most languages read such a text as zero, as NaN, or stop at the first odd character.",
    bad="MAX_CONNECTIONS=10k",
    good="MAX_CONNECTIONS=10000",
)
OUT_OF_RANGE = Rule(
    code="number-out-of-range",
    category=Category.FORMAT,
    message="{name} is out of range: expected {expected}",
    remedy="Set {name} to a number {expected}.",
    why="The application works only with numbers in the declared range.",
)
PORT = Rule(
    code="port-out-of-range",
    category=Category.FORMAT,
    message="{name} is not a port number: expected 1 to 65535",
    remedy="Set {name} to the port that the service listens on, a number from 1 to 65535.",
    why="TCP and UDP ports have 16 bits (RFC 9293, RFC 768); the program can't listen or connect.",
)


class Integer(Format, tag="integer"):
    """A whole number in decimal digits."""

    title: ClassVar[str] = "a whole number"
    rules: ClassVar[tuple[Rule, ...]] = (NOT_AN_INTEGER, OUT_OF_RANGE)
    cel: ClassVar[str] = "int"

    minimum: Annotated[int | None, Meta(description="The smallest number allowed.")] = None
    maximum: Annotated[int | None, Meta(description="The greatest number allowed.")] = None

    def violations(self, value: str) -> Iterator[Violation]:
        """Digits first, then the range."""
        number = _integer(value)
        if number is None:
            yield NOT_AN_INTEGER.violated()
        elif not _within(number, self.minimum, self.maximum):
            yield OUT_OF_RANGE.violated(expected=_range(self.minimum, self.maximum))

    def interpret(self, value: str) -> int:
        """The number."""
        return int(value)

    def example(self) -> str:
        """The smallest number allowed, else the greatest, else 10."""
        low, high = self.minimum, self.maximum
        return str(low if low is not None else high if high is not None else 10)

    def screen(self) -> tuple[object, ...]:
        """Digits within the range."""
        return ("integer", self.minimum, self.maximum)


class Port(Format, tag="port"):
    """A TCP or UDP port number."""

    title: ClassVar[str] = "a port number"
    rules: ClassVar[tuple[Rule, ...]] = (PORT,)
    cel: ClassVar[str] = "int"

    def violations(self, value: str) -> Iterator[Violation]:
        """1 to 65535."""
        number = _integer(value)
        if number is None or not 1 <= number <= 65535:
            yield PORT.violated()

    def interpret(self, value: str) -> int:
        """The number."""
        return int(value)

    def example(self) -> str:
        """The customary port of development servers."""
        return "8080"

    def screen(self) -> tuple[object, ...]:
        """Digits from 1 to 65535."""
        return ("integer", 1, 65535)


def _integer(value: str) -> int | None:
    digits = value[1:] if value[:1] in ("-", "+") else value
    # int() refuses more than 4300 digits; nothing that an application counts has 20.
    return int(value) if digits.isascii() and digits.isdigit() and len(digits) < 20 else None


def _within(number: int, low: int | None, high: int | None) -> bool:
    return (low is None or number >= low) and (high is None or number <= high)


def _range(low: int | None, high: int | None) -> str:
    if low is None:
        return f"of {high} or less"
    return f"of {low} or more" if high is None else f"from {low} to {high}"
