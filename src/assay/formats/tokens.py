"""What tokens of vendors share: a shape, told apart by a prefix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import ClassVar

from assay.formats.base import Format
from assay.model import Rule, Severity, Violation


def malformed(  # noqa: PLR0913 - each is independent of the others
    family: str,
    what: str,
    form: str,
    *,
    obtain: str,
    why: str,
    once: bool = False,
    severity: Severity = Severity.ERROR,
) -> Rule:
    """The rule that a token of a family breaks if its shape is wrong.

    `obtain` is where it comes from; `once` whether it is shown there only once, when created.
    """
    remedy = f"Copy the full value of {{name}} again from {obtain}."
    if once:
        remedy = f"Create a new one in {obtain}, and copy its full value into {{name}}."
    return Rule(
        code=f"{family}-malformed",
        message=f"{{name}} is not {what}: expected {form}",
        remedy=remedy,
        why=why,
        severity=severity,
    )


class Token(Format, frozen=True, kw_only=True):
    """A credential whose vendor gives it a shape of its own."""

    shape: ClassVar[str]
    """A regular expression of plain classes and repeats, the same to Python and to RE2."""
    secret_by_type = True

    def violations(self, value: str) -> Iterator[Violation]:
        """The shape alone."""
        if not has_shape(self.shape, value):
            yield self.rules[0].violated()

    def screen(self) -> tuple[object, ...] | None:
        """The shape, unless the type knows a cheaper test."""
        return self.screened or ("match", self.shape)


def has_shape(shape: str, value: str) -> bool:
    """Whether the whole of a value has a shape."""
    return _compiled(shape).fullmatch(value) is not None


@lru_cache(maxsize=64)
def _compiled(shape: str) -> re.Pattern[str]:
    return re.compile(shape)
