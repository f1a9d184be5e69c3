"""What the fields of a spec's entries have in common: how they are described, and their words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta

from assay.spec.narrows import EXEMPTING, FREE
from assay.spec.narrows import Loosens as Loosens  # noqa: PLC0414 - kinds take all of these from here

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


S = TypeVar("S", bound=msgspec.Struct)


class Said(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """What a spec may say: fields in kebab case, and no others."""


def filled(type_: type[S], source: object, **own: Any) -> S:
    """A struct filled by the attributes of `source` with the same names; empty for None."""
    names = (name for name in type_.__struct_fields__ if name not in own)
    values = ((name, getattr(source, name)) for name in names)
    return type_(**{name: "" if value is None else value for name, value in values}, **own)


def about(
    text: str, examples: Sequence[Any] = (), *, meanings: Mapping[str, str] = {}, **bounds: Any
) -> Meta:
    """The description of a field, with examples of it, and what each of its words means."""
    extra = {"meanings": meanings} if meanings else None
    return Meta(description=text, examples=[*examples] or None, extra_json_schema=extra, **bounds)


def described(text: str) -> Meta:
    """The description of a field whose text documents show."""
    return Meta(description=f"{text}, in a sentence; shown in documents.", extra=FREE.extra)


def condition(effect: str) -> Meta:
    """The description of `when`; `effect` says what its being false does."""
    text = f"A CEL condition; if it is false, {effect}"
    return Meta(description=text, examples=["environment != 'ci'"], extra=EXEMPTING.extra)


def meaning(words: Mapping[str, str]) -> Meta:
    """What each word of an enumeration means."""
    return Meta(extra_json_schema={"meanings": words})


RELATIONS = {
    "same": "The value must be the same in every environment.",
    "different": "The value must differ in every environment.",
    "shape": "Either every environment sets it or none does; values may differ.",
    "any": "Nothing is compared.",
}
Relation = Annotated[Literal["same", "different", "shape", "any"], meaning(RELATIONS)]
SeverityName = Annotated[
    Literal["info", "warning", "error"],
    meaning(
        {
            "info": "Reported; fails the run only with `--fail-on info`.",
            "warning": "Reported; fails the run only with `--fail-on warning`.",
            "error": "A failure.",
        }
    ),
]
Interval = Annotated[str, Meta(pattern="^[1-9][0-9]*(d|w|mo|y)$")]
