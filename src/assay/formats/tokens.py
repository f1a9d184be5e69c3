"""What tokens of vendors share: a shape, told apart by a prefix."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import ClassVar, TypeVar

from assay.formats.base import Format
from assay.model import Rule, Severity, Violation


class Token(Format, frozen=True, kw_only=True):
    """A credential whose vendor gives it a shape of its own."""

    shape: ClassVar[str]
    """A regular expression of plain classes and repeats, the same to Python and to RE2."""
    secret_by_type = True

    def violations(self, value: str) -> Iterator[Violation]:
        """The shape, then what its parts say."""
        if self.has_form(value):
            yield from self.own_violations(value)
        else:
            yield self.rules[0].violated()

    def has_form(self, value: str) -> bool:
        """Whether a value can be one at all."""
        return has_shape(self.shape, value)

    def own_violations(self, value: str) -> Iterator[Violation]:
        """What else is wrong with a value of the right form."""
        del value
        yield from ()

    def screen(self) -> tuple[object, ...] | None:
        """The shape, unless the type knows a cheaper test."""
        return self.screened or ("match", self.shape)


T = TypeVar("T", bound=Token)


def issued(  # noqa: PLR0913 - each is independent of the others
    *,
    by: str,
    form: str,
    why: str,
    what: str = "",
    once: bool = False,
    severity: Severity = Severity.ERROR,
) -> Callable[[type[T]], type[T]]:
    """Give a type of token the rule that values of the wrong form break, as its first.

    `by` is where it comes from; `once` whether it is shown there only once, when created. `what`
    it is says its title unless told otherwise.
    """
    remedy = f"Copy the full value of {{name}} again from {by}."
    if once:
        remedy = f"Create a new one in {by}, and copy its full value into {{name}}."

    def given(token: type[T]) -> type[T]:
        malformed = Rule(
            code=f"{token.tag()}-malformed",
            message=f"{{name}} is not {what or token.title}: expected {form}",
            remedy=remedy,
            why=why,
            severity=severity,
        )
        token.rules = (malformed, *token.rules)
        return token

    return given


def has_shape(shape: str, value: str) -> bool:
    """Whether the whole of a value has a shape."""
    return _compiled(shape).fullmatch(value) is not None


@lru_cache(maxsize=64)
def _compiled(shape: str) -> re.Pattern[str]:
    return re.compile(shape)
