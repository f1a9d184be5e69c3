"""What is explained of a file whose shape is wrong, and the problems that are made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from assay.redacted import BULLETS
from assay.spec import rules
from assay.spec.places import place_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.model import Finding, Rule
    from assay.spec.places import Path, Place


class Explained(NamedTuple):
    """What is explained: a file, where its fields stand, and what the whole of it is called."""

    places: Mapping[Path, Place]
    file: str
    whole: str = "the spec"
    schema: Mapping[str, Any] = {}
    """What the data was judged by."""
    data: Any = None
    """The whole of it."""

    def at(self, path: Path) -> Any:
        """The value of a field."""
        value = self.data
        for part in path:
            value = value[part]
        return value

    def place(self, path: Path) -> Place:
        """Where a field stands."""
        return place_of(self.places, path, self.file)

    def field(self, path: Path) -> str:
        """A path in words: `variables.PORT.type`, `imports[0]`, `the spec`."""
        parts = (f"[{p}]" if isinstance(p, int) else f".{_without_value(p)}" for p in path)
        text = "".join(parts)
        return text.removeprefix(".") or self.whole

    def problem(self, rule: Rule, path: Path, step: str, **values: Any) -> Finding:
        """A field's value that is wrong, and what to do first."""
        field = self.field(path)
        at = self.place(path).of_value
        return rules.problem(rule, at, subject=field, step=step, field=field, **values)

    def foreign(self, name: str, path: Path, step: str, **values: Any) -> Finding:
        """A field that a mapping doesn't have."""
        own = (*path, name)
        at, subject = self.place(own).of_key, self.field(own)
        return rules.problem(
            rules.UNKNOWN_FIELD,
            at,
            subject=subject,
            step=step,
            field=_without_value(name),
            **values,
        )


def _without_value(name: str) -> str:
    """A field's name; if it is a line of a .env file that was pasted there, without the value."""
    before, equals, value = name.partition("=")
    return f"{before}={BULLETS}" if equals and value else name
