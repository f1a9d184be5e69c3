"""What types share whose values can be too small or too great."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from assay.formats.base import Format
from assay.model import Rule, Violation


def out_of_range(family: str, noun: str) -> Rule:
    """The rule that a value breaks which is good but for its size."""
    return Rule(
        code=f"{family}-out-of-range",
        message=f"{{name}} is out of range: expected a {noun} {{expected}}",
        remedy=f"Set {{name}} to a {noun} {{expected}}.",
        why=f"The application works only with {noun}s in the declared range.",
    )


def crossed(low: Any, high: Any, fields: tuple[str, str], noun: str) -> Iterator[tuple[str, str]]:
    """That the first of two limits is above the second, so that no value is valid."""
    if None not in (low, high) and low > high:
        least, most = fields
        yield least, f"{least} ({low}) is greater than {most} ({high}), so no {noun} is valid"


class Ranged(Format, frozen=True, kw_only=True):
    """A type with a minimum and a maximum. Its first rule is about the form, its last the range."""

    limit: ClassVar[str] = ""
    """What a limit must be, unless a type makes it of its parameters."""
    beyond: ClassVar[str] = "greater than"
    spans: ClassVar[tuple[str, str, str]]
    """What is good by the minimum alone, by the maximum alone, and by both."""

    if TYPE_CHECKING:  # each type has its own, with a description
        minimum: Any = None
        maximum: Any = None

    def measure(self, text: str) -> Any | None:
        """What values are ordered by; None if the text isn't one."""
        raise NotImplementedError  # pragma: no cover

    def problems(self) -> Iterator[tuple[str, str]]:
        """Limits that are not valid values, or that no value can satisfy."""
        low, high = self._limits()
        for field, text, limit in (("minimum", self.minimum, low), ("maximum", self.maximum, high)):
            if text is not None and limit is None:
                yield field, f"{field} is not {self.a_limit()}"
        if None not in (low, high) and low > high:
            limits = f"minimum ({self.minimum}) is {self.beyond} maximum ({self.maximum})"
            yield "minimum", f"{limits}, so no value is valid"

    def violations(self, value: str) -> Iterator[Violation]:
        """The form, then the range."""
        measured = self.measure(value)
        if measured is None:
            yield self.malformed(value)
            return
        yield from self.own_violations(value)
        low, high = self._limits()
        if (low is not None and measured < low) or (high is not None and measured > high):
            least, most, both = self.spans
            span = most if low is None else least if high is None else both
            yield self.rules[-1].violated(expected=span.format(self.minimum, self.maximum))

    def a_limit(self) -> str:
        """What a limit must be."""
        return self.limit

    def malformed(self, value: str) -> Violation:
        """What is wrong with a value of the wrong form."""
        del value
        return self.rules[0].violated()

    def own_violations(self, value: str) -> Iterator[Violation]:
        """What else is wrong with a value of the right form."""
        del value
        yield from ()

    def _limits(self) -> tuple[Any, Any]:
        given = (self.minimum, self.maximum)
        low, high = (None if text is None else self.measure(str(text)) for text in given)
        return low, high

    def example(self) -> str:
        """The least value allowed, else the greatest."""
        given = (self.minimum, self.maximum, self.sample)
        return str(next(text for text in given if text is not None))

    def screen(self) -> tuple[object, ...] | None:
        """The usual form, if there are no limits."""
        return self.screened if (self.minimum, self.maximum) == (None, None) else None
