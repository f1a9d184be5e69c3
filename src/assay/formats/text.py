"""Free text, with an optional pattern and length, and regular expressions."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta

from assay.formats.base import Format
from assay.formats.patterns import one_class, pattern_matches, pattern_problem
from assay.formats.ranges import crossed
from assay.model import Rule, Violation

PATTERN = Rule(
    code="text-pattern",
    message="{name} does not match the pattern {pattern}",
    remedy="Set {name} to a value that matches {pattern} completely.",
    why="The application, or a service that it calls, rejects a value of a different shape.",
)
LENGTH = Rule(
    code="text-length",
    message="{name} has the wrong length: expected {expected}",
    remedy="Set {name} to a value of {expected}; the current one may have been cut off or pasted "
    "twice.",
    why="A value of the wrong length was cut off, pasted twice, or meant for something else, and "
    "is rejected when it is used.",
)


REGEX_MALFORMED = Rule(
    code="regex-malformed",
    message="{name} is not a valid {syntax} regular expression",
    remedy="Correct the expression in {name}; usually a bracket is not closed, or a backslash was "
    "lost.",
    why="The program raises an error when it first uses the expression.",
    bad="ALLOWED_ORIGINS=^https://(app|api",
    good="ALLOWED_ORIGINS=^https://(app|api)",
)

_NAMES = {"re2": "RE2", "python": "Python"}
_PORTABLE = re.compile(
    r"(?:[A-Za-z0-9 _@%&,;:=/!~#<>'\"-]|\\[dws.\\/?+*()|\[\]{}^$-]"
    r"|\[[A-Za-z0-9_. @%&,;:=/!~#+*?()-]+\]|[.+*?|)]|\((?!\?)|\(\?:|\{\d+(?:,\d*)?\})+"
)
"""Patterns that mean the same to RE2 and in ECMAScript, as far as a glance shows."""


class Text(Format, frozen=True, kw_only=True, tag="text"):
    """Any text."""

    title = "text"
    chosen_by_people = True
    free = True
    arbitrary = True
    rules: ClassVar[tuple[Rule, ...]] = (PATTERN, LENGTH)

    pattern: Annotated[
        str | None,
        Meta(
            description="A regular expression (RE2 syntax) that the full value must match.",
            examples=["[A-Za-z0-9]{32,64}"],
        ),
    ] = None
    min_length: Annotated[
        int | None, Meta(description="The smallest number of characters allowed.")
    ] = None
    max_length: Annotated[
        int | None, Meta(description="The largest number of characters allowed.")
    ] = None

    def violations(self, value: str) -> Iterator[Violation]:
        low, high = self.min_length or 0, self.max_length
        if len(value) < low or (high is not None and len(value) > high):
            yield LENGTH.violated(expected=_expected(low, high))
        elif self.pattern is not None and not pattern_matches(self.pattern, value):
            yield PATTERN.violated(pattern=self.pattern)

    def value_schema(self) -> dict[str, Any]:
        """The lengths, and the pattern if ECMAScript understands it as RE2 does."""
        shape: dict[str, Any] = {}
        if self.pattern is not None and _PORTABLE.fullmatch(self.pattern):
            shape["pattern"] = f"^(?:{self.pattern})$"
        if self.min_length:
            shape["minLength"] = self.min_length
        if self.max_length is not None:
            shape["maxLength"] = self.max_length
        return shape

    def command(self) -> str:
        """Hex digits, if the lengths allow enough of them and there is no pattern."""
        if self.pattern is not None:
            return ""
        most, least = self.max_length, self.min_length or 0
        if most is None or most >= max(64, least):
            return f"openssl rand -hex {max(32, -(-least // 2))}"
        return f"openssl rand -hex {most // 2}" if most >= 32 and most // 2 * 2 >= least else ""

    def example(self) -> str:
        """A word of the right length; a spec with a pattern should mostly bring its own example."""
        simple = None if self.pattern is None else one_class(self.pattern)
        allowed, least, most = simple or ("some-text-", 0, None)
        limits = [limit for limit in (most, self.max_length) if limit is not None]
        size = min(max(9, least, self.min_length or 0), *limits, 10**6)
        return (allowed * (size // len(allowed) + 1))[:size]

    def problems(self) -> Iterator[tuple[str, str]]:
        problem = None if self.pattern is None else pattern_problem(self.pattern)
        if problem is not None:
            yield "pattern", f"the pattern is not a valid RE2 regular expression: {problem}"
        fields = ("min-length", "max-length")
        yield from crossed(self.min_length or 0, self.max_length, fields, "text")

    def generate(self) -> str | None:
        """32 random bytes in base64url, if the lengths allow that and there is no pattern."""
        if self.pattern is not None:
            return None
        size = max(43, self.min_length or 0)
        if self.max_length is not None:
            size = min(size, self.max_length)
        if size < 22:  # fewer than 128 bits: a person must decide
            return None
        import secrets

        return secrets.token_urlsafe(size)[:size]

    def screen(self) -> tuple[object, ...] | None:
        """Lengths as they are; a pattern of one class by its characters, any other by RE2."""
        low, high = self.min_length or 0, self.max_length
        if self.pattern is None:
            return ("any",) if low == 0 and high is None else ("length", low, high)
        simple = one_class(self.pattern)
        if simple is None:
            return ("match", self.pattern) if low == 0 and high is None else None
        allowed, least, most = simple
        limits = [limit for limit in (most, high) if limit is not None]
        return ("chars", allowed, max(low, least), min(limits) if limits else None)


def _expected(low: int, high: int | None) -> str:
    if high is None:
        return f"at least {low} characters"
    return f"{low} characters" if low == high else f"{low} to {high} characters"


class Regex(Format, frozen=True, kw_only=True, tag="regex"):
    """A regular expression."""

    title = "a regular expression"
    screened: ClassVar[tuple[object, ...] | None] = ("match", "[A-Za-z0-9_/ :=-]{1,200}")
    rules: ClassVar[tuple[Rule, ...]] = (REGEX_MALFORMED,)

    syntax: Annotated[
        Literal["re2", "python"],
        Meta(description="The syntax: RE2, as in Go and many other languages, or Python's."),
    ] = "re2"

    def violations(self, value: str) -> Iterator[Violation]:
        compiles = _compiles(value) if self.syntax == "python" else not pattern_problem(value)
        if not compiles:
            yield REGEX_MALFORMED.violated(syntax=_NAMES[self.syntax])

    def example(self) -> str:
        return r"^https://([a-z0-9-]+\.)*example\.com$"


def _compiles(pattern: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # doubtful patterns compile all the same
            re.compile(pattern)
    except (re.error, RecursionError, OverflowError, ValueError):
        return False
    return True
