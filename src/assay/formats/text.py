"""Free text, with an optional pattern and length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar

from msgspec import Meta

from assay.formats.base import Format
from assay.formats.patterns import pattern_matches
from assay.model import Category, Rule, Violation

if TYPE_CHECKING:
    from collections.abc import Iterator

PATTERN = Rule(
    code="text-pattern",
    category=Category.FORMAT,
    message="{name} does not match the pattern {pattern}",
    remedy="Set {name} to a value that matches {pattern} from its first to its last character.",
    why="The application, or the service behind it, rejects a value of another shape.",
)
LENGTH = Rule(
    code="text-length",
    category=Category.FORMAT,
    message="{name} has the wrong length: expected {expected}",
    remedy="Set {name} to a text of {expected}; the present one may have been cut or pasted twice.",
    why="A value of another length was cut on the way, or belongs to something else.",
)


class Text(Format, tag="text"):
    """Any text."""

    title: ClassVar[str] = "text"
    rules: ClassVar[tuple[Rule, ...]] = (PATTERN, LENGTH)

    pattern: Annotated[
        str | None,
        Meta(
            description="A regular expression (RE2 syntax) that the whole value must match.",
            examples=["[A-Za-z0-9]{32,64}"],
        ),
    ] = None
    min_length: Annotated[
        int | None, Meta(description="The least number of characters.", ge=0)
    ] = None
    max_length: Annotated[
        int | None, Meta(description="The greatest number of characters.", ge=0)
    ] = None

    def violations(self, value: str) -> Iterator[Violation]:
        """Check the length, then the pattern."""
        low, high = self.min_length or 0, self.max_length
        if len(value) < low or (high is not None and len(value) > high):
            yield LENGTH.violated(expected=_expected(low, high))
        elif self.pattern is not None and not pattern_matches(self.pattern, value):
            yield PATTERN.violated(pattern=self.pattern)

    def example(self) -> str:
        """A word; a spec with a pattern should bring its own example."""
        return "some-text"

    def screen(self) -> tuple[object, ...] | None:
        """Text without constraints is always good; a pattern is matched by the screen as well."""
        if self.min_length is not None or self.max_length is not None:
            return None if self.pattern else ("length", self.min_length or 0, self.max_length)
        return ("any",) if self.pattern is None else ("match", self.pattern)


def _expected(low: int, high: int | None) -> str:
    if high is None:
        return f"{low} characters or more"
    return f"{low} characters" if low == high else f"{low} to {high} characters"
