"""How a field of a declaration may change over an imported one, as annotations of the field.

A field without one of them demands more when it is set for the first time, and may not be changed
after that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta

NOTE = "narrows"
"""The name of the annotation in a field's `extra`."""
Narrows: TypeAlias = Callable[[Any, Any, Mapping[str, Any]], bool]
"""Whether a field demands as much as before: what it was, what it is, and all that was imported.
Only asked if the two differ. A field that isn't set is None."""
NarrowsAny: TypeAlias = Callable[[str, Any, Any, Mapping[str, Any]], bool]
"""The same for any field, whose name comes first."""


def fixed(before: Any, _after: Any, _imported: Mapping[str, Any]) -> bool:
    """The rule of a field without an annotation."""
    return before is None


class Merging(msgspec.Struct, frozen=True, kw_only=True):
    """What the merging of specs knows of a field."""

    rule: Narrows = fixed
    named: bool = False
    """Whether it holds declarations by name, each of which stays; `rule` is for its other forms."""
    of: type[msgspec.Struct] | None = None
    """The type of those declarations, if they have fields."""
    inner: NarrowsAny | None = None
    """The rule for fields that the type doesn't have."""
    choices: Collection[str] = ()
    """The names of which one stands for this field in YAML; setting one replaces the others."""
    allows: tuple[str, ...] = ()
    """The fields that it allows something; it lapses when one of them is set."""


def merging(rule: Narrows = fixed, **known: Any) -> Meta:
    """The annotation of a field."""
    return Meta(extra={NOTE: Merging(rule=rule, **known)})


def ordered(*values: Any, default: Any = None) -> Narrows:
    """For words, each of which demands more than the one before it."""

    def rule(before: Any, after: Any, _imported: Mapping[str, Any]) -> bool:
        before = default if before is None else before
        if before in values and after in values:
            return values.index(after) >= values.index(before)
        return before is None

    return rule


def becoming(value: bool) -> Narrows:
    """For a switch that may be set one way only."""

    def rule(_before: Any, after: Any, _imported: Mapping[str, Any]) -> bool:
        return after is value

    return rule


def growing(before: Any, after: Any, _imported: Mapping[str, Any]) -> bool:
    """For a list or mapping that demands more with each item."""
    if isinstance(before, list) and isinstance(after, list):
        return all(item in after for item in before)
    if isinstance(before, dict) and isinstance(after, dict):
        return before.items() <= after.items()
    return before is None


def _shrinking(before: Any, after: Any, _imported: Mapping[str, Any]) -> bool:
    if isinstance(before, list) and isinstance(after, list):
        return bool(after) and all(item in before for item in after)
    return before is None


FREE = merging(lambda *_: True)
"""For a field that demands nothing of an environment."""
EXEMPTING = merging(lambda *_: False)
"""For a field that exempts something as soon as it is set."""
GROWING = merging(growing)
SHRINKING = merging(_shrinking)
"""For a list of what is allowed."""
SWITCHED_ON = merging(lambda before, _after, _imported: before is None or before is False)
"""For a demand that nothing makes until it is true."""
RELATED = merging(lambda before, _after, _imported: before is None or before == "any")
"""For a relation between environments, where `any` asks nothing."""
SEVERITY = merging(ordered("info", "warning", "error", default="error"))
Loosens = Annotated[
    tuple[str, ...],
    Meta(
        description="Fields of the imported declaration that this one deliberately makes weaker; "
        "`columns.email.type` names a field inside a field.",
        examples=[["required"]],
    ),
    FREE,
]
"""The field that admits it."""


def parameter(field: str, before: Any, after: Any, _imported: Mapping[str, Any]) -> bool:
    """Whether a parameter of a value type allows no more than before."""
    if isinstance(before, (int, float)) and isinstance(after, (int, float)):
        if field.startswith("min"):
            return after > before
        if field.startswith("max"):
            return after < before
    return _shrinking(before, after, {})
