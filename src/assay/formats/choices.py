"""A value out of a short list, and booleans."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from assay.formats.base import Format, any_case
from assay.model import Rule, Violation

ENUM_UNKNOWN = Rule(
    code="enum-unknown",
    message="{name} is not one of the options: expected {options}",
    remedy="Set {name} to one of {options}.",
    why="The application knows only these options and silently takes its default branch for "
    "anything else.",
    bad="MPESA_ENVIRONMENT=prod",
    good="MPESA_ENVIRONMENT=production",
)
ENUM_CASE = Rule(
    code="enum-case",
    message="{name} is in the wrong case: expected exactly one of {options}",
    remedy="Set {name} to exactly one of {options}.",
    why="Programs compare options letter by letter, so a different case is a different value.",
    bad="NODE_ENV=Production",
    good="NODE_ENV=production",
)
BOOLEAN_UNKNOWN = Rule(
    code="boolean-unknown",
    message="{name} is not a boolean: expected one of {options}",
    remedy="Set {name} to one of {options}.",
    why="Many programs treat any text except the empty one as true, even 'disabled'.",
    bad="DEBUG=disabled",
    good="DEBUG=false",
)

BOOLEAN_ALWAYS_TRUE = Rule(
    code="boolean-always-true",
    message="{name} is set to a word for false, but any text turns it on",
    remedy="Remove {name} where it is meant to be off.",
    why="The application only looks whether the variable is set, and in JavaScript and Python any "
    "text but the empty one is true, even 'false' and '0'.",
    bad="DISABLE_TELEMETRY=false",
    good="DISABLE_TELEMETRY=1, or no such variable",
)

TRUTHY = ("true", "1", "yes", "on")
FALSY = ("false", "0", "no", "off")


class Enum(Format, frozen=True, kw_only=True, tag="enum"):
    """One of the listed texts."""

    title = "one of the listed options"
    closed = True
    never_secret = True
    rules: ClassVar[tuple[Rule, ...]] = (ENUM_UNKNOWN, ENUM_CASE)

    options: Annotated[
        tuple[str, ...],
        Meta(description="The values allowed.", examples=[["sandbox", "production"]], min_length=1),
    ]
    ignore_case: Annotated[bool, Meta(description="Whether the application ignores case.")] = False

    def problems(self) -> Iterator[tuple[str, str]]:
        if "" in self.options:
            yield "options", "an option is empty: expected text"
        known = [self._key(option) for option in self.options]
        if len(set(known)) < len(known):
            yield "options", "an option appears twice"

    def violations(self, value: str) -> Iterator[Violation]:
        if self._key(value) in map(self._key, self.options):
            return
        options = ", ".join(self.options)
        if value.casefold() in (option.casefold() for option in self.options):
            yield ENUM_CASE.violated(options=options)
        else:
            yield ENUM_UNKNOWN.violated(options=options)

    def every(self) -> tuple[str, ...]:
        return self.spellings()

    def spellings(self) -> tuple[str, ...]:
        return () if self.ignore_case else self.options

    def value_schema(self) -> dict[str, Any]:
        """The options; none in any case beyond ASCII, which no pattern can say."""
        return _any_case(self.options) if self.ignore_case else {"enum": list(self.options)}

    def example(self) -> str:
        return self.options[0]

    def screen(self) -> tuple[object, ...]:
        return ("one-of", self.options)

    def _key(self, text: str) -> str:
        return text.casefold() if self.ignore_case else text


class Boolean(Format, frozen=True, kw_only=True, tag="boolean"):
    """A boolean: true, 1, yes, on, or false, 0, no, off, in any case, unless declared otherwise."""

    title = "a boolean"
    closed = True
    never_secret = True
    read_as = "boolean"
    rules: ClassVar[tuple[Rule, ...]] = (BOOLEAN_UNKNOWN, BOOLEAN_ALWAYS_TRUE)
    cel = "bool"

    truthy: Annotated[
        tuple[str, ...] | None,
        Meta(
            description="The exact texts that mean true; by default true, 1, yes and on in any "
            "case.",
            examples=[["true"]],
        ),
    ] = None
    falsy: Annotated[
        tuple[str, ...] | None,
        Meta(
            description="The exact texts that mean false; by default false, 0, no and off in any "
            "case. With `[]` any text means true, as where an application only looks whether the "
            "variable is set: then those words are wrong.",
            examples=[["false"], []],
        ),
    ] = None

    def problems(self) -> Iterator[tuple[str, str]]:
        for field, texts in (("truthy", self.truthy), ("falsy", self.falsy)):
            every = texts == () and field == "falsy" and self.truthy is None
            if texts is not None and not every and not all((*texts, *(() if texts else ("",)))):
                yield field, "expected a list of one or more non-empty texts"
        both = {text.lower() for text in self.falsy or FALSY}
        if any(text.lower() in both for text in self.truthy or TRUTHY):
            yield "truthy", "a text means both true and false"

    def violations(self, value: str) -> Iterator[Violation]:
        if self._any_is_true:
            if value.lower() in FALSY:
                yield BOOLEAN_ALWAYS_TRUE.violated()
        elif self._meaning(value) is None:
            options = (*(self.truthy or TRUTHY), *(self.falsy or FALSY))
            yield BOOLEAN_UNKNOWN.violated(options=", ".join(options))

    @property
    def _any_is_true(self) -> bool:
        """Whether any text means true, so that only what is unset is false."""
        return self.falsy == () and self.truthy is None

    def interpret(self, value: str) -> bool:
        return self._any_is_true or self._meaning(value) is True

    def every(self) -> tuple[bool, ...]:
        return (True, False)

    def spellings(self) -> tuple[str, ...]:
        """The texts that the spec lists; the usual ones are good in any case."""
        return (*self.truthy, *self.falsy) if self.truthy and self.falsy else ()

    def value_schema(self) -> dict[str, Any]:
        if self._any_is_true:
            return {}
        if exact := self.spellings():
            return {"enum": list(exact)}
        return _any_case((*(self.truthy or TRUTHY), *(self.falsy or FALSY)))

    def example(self) -> str:
        return (self.truthy or TRUTHY)[0]

    def screen(self) -> tuple[object, ...]:
        """The exact texts, or the usual ones in their three usual cases."""
        known: list[str] = []
        for exact, usual in ((self.truthy, TRUTHY), (self.falsy, FALSY)):
            if exact is not None:
                known += exact
            else:
                known += [case for t in usual for case in (t, t.upper(), t.title())]
        return ("one-of", tuple(dict.fromkeys(known)))

    def _meaning(self, value: str) -> bool | None:
        for meaning, exact, usual in ((True, self.truthy, TRUTHY), (False, self.falsy, FALSY)):
            if value in exact if exact is not None else value.lower() in usual:
                return meaning
        return None


def _any_case(texts: tuple[str, ...]) -> dict[str, Any]:
    return {"pattern": f"^{any_case(texts)}$"} if all(map(str.isascii, texts)) else {}
