"""What every value type is: parameters, rules, a judgement, an example."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.model import Rule, Violation


class Format(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    rename="kebab",
    tag_field="type",
):
    """A value type. A subclass's tag is its name in specs, its fields are its parameters.

    Subclasses are pure: they look at text, never at the world. No violation that they yield may
    hold the value, a part of it or its length: whether a value may be shown is not theirs to know.
    """

    title: ClassVar[str]
    """What a value is, with its article, as in "a port number"."""
    rules: ClassVar[tuple[Rule, ...]] = ()
    """The rules that `violations` can yield; their messages may use `{name}`."""
    sensitive: ClassVar[bool] = False
    """Whether values of this type are secret even where the spec does not say `secret: true`."""
    cel: ClassVar[str] = "string"
    """The CEL type that conditions see: string, int, double, bool or list."""

    def violations(self, value: str) -> Iterator[Violation]:
        """What is wrong with a non-empty value; nothing where it is good."""
        raise NotImplementedError  # pragma: no cover

    def interpret(self, value: str) -> object:
        """The value as conditions see it, of the type that `cel` names; for good values only."""
        return value

    def example(self) -> str:
        """A good value for documents; the same each time, never a usable secret."""
        raise NotImplementedError  # pragma: no cover

    def generate(self) -> str | None:
        """A fresh good value from the system's random source; None where none can be made."""
        return None

    def screen(self) -> tuple[object, ...] | None:
        """A cheap test for the screen that accepts good values only, or None where there is none.

        See `assay.screen` for the forms. It may refuse good values, which costs time only; it must
        never accept a value that `violations` would complain of.
        """
        return None
