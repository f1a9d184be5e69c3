"""A value out of a short list, booleans, and several values in one text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from assay.formats.base import Format, any_case
from assay.formats.ranges import crossed
from assay.model import Rule, Violation

if TYPE_CHECKING:
    from assay.hygiene.sounds import Sound

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
    rules: ClassVar[tuple[Rule, ...]] = (BOOLEAN_UNKNOWN,)
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
            "case.",
            examples=[["false"]],
        ),
    ] = None

    def problems(self) -> Iterator[tuple[str, str]]:
        for field, texts in (("truthy", self.truthy), ("falsy", self.falsy)):
            if texts is not None and not all((*texts, *(() if texts else ("",)))):
                yield field, "expected a list of one or more non-empty texts"
        both = {text.lower() for text in self.falsy or FALSY}
        if any(text.lower() in both for text in self.truthy or TRUTHY):
            yield "truthy", "a text means both true and false"

    def violations(self, value: str) -> Iterator[Violation]:
        if self._meaning(value) is None:
            options = (*(self.truthy or TRUTHY), *(self.falsy or FALSY))
            yield BOOLEAN_UNKNOWN.violated(options=", ".join(options))

    def interpret(self, value: str) -> bool:
        return self._meaning(value) is True

    def every(self) -> tuple[bool, ...]:
        return (True, False)

    def spellings(self) -> tuple[str, ...]:
        """The texts that the spec lists; the usual ones are good in any case."""
        return (*self.truthy, *self.falsy) if self.truthy and self.falsy else ()

    def value_schema(self) -> dict[str, Any]:
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


LIST_LENGTH = Rule(
    code="list-length",
    message="{name} has the wrong number of items: expected {expected}",
    remedy="Set {name} to {expected}, separated by {separator}.",
    why="The application needs that many items, no more and no fewer.",
)
LIST_EMPTY_ITEM = Rule(
    code="list-empty-item",
    message="{name} has an empty item: a separator at the start or end, or two in a row",
    remedy="Remove the extra separator ({separator}) from {name}.",
    why="An empty item often means everything: an allow list with one can let everyone in.",
    bad="ALLOWED_HOSTS=a.example.com,,b.example.com",
    good="ALLOWED_HOSTS=a.example.com,b.example.com",
)
LIST_SPACES = Rule(
    code="list-item-spaces",
    message="{name} has spaces around an item: expected only the separator",
    remedy="Remove the spaces around the separators ({separator}) in {name}.",
    why="Most programs keep the spaces as part of the item, so it matches nothing.",
    bad="ALLOWED_HOSTS=a.example.com, b.example.com",
    good="ALLOWED_HOSTS=a.example.com,b.example.com",
)
LIST_DUPLICATE = Rule(
    code="list-duplicate-item",
    message="{name} has the same item twice: expected each only once",
    remedy="Remove the repeated item from {name}.",
    why="The application processes the item twice, or counts wrong.",
)
LIST_ITEM = Rule(
    code="list-item",
    message="{name} has an item that is not {title}: item {number} violates {rule}",
    remedy="Correct item {number} of {name}; run `assay explain {rule}` to see how.",
    why="The application reads each item as the declared type and fails on this one.",
)
CSV_QUOTES = Rule(
    code="csv-quotes",
    message="{name} has an unclosed quote, or one inside an item",
    remedy="Close the quote in {name}; double a quote inside a quoted item (RFC 4180).",
    why="The CSV reader takes the rest of the text for a single item.",
)

MAX_ITEMS = 10_000
_SEPARATORS = {" ": "space", "\t": "tab", "\n": "newline"}


class List(Format, frozen=True, kw_only=True, tag="list"):
    """Items of one type, joined by a separator."""

    title = "a list"
    read_as = "list"
    rules: ClassVar[tuple[Rule, ...]] = (
        *(LIST_LENGTH, LIST_EMPTY_ITEM, LIST_SPACES, LIST_DUPLICATE, LIST_ITEM),
    )
    cel = "list"

    of: Annotated[
        str | dict[str, Any],
        Meta(
            description="A value type: its name, or a mapping with `type` and that type's "
            "parameters.",
            examples=["email", {"type": "url", "schemes": ["https"]}],
            extra_json_schema={"refers": "item"},
        ),
    ] = "text"
    separator: Annotated[
        str, Meta(description="What separates the items.", examples=[",", ";", " "], min_length=1)
    ] = ","
    min_items: Annotated[
        Annotated[int, Meta(ge=0)] | None, Meta(description="The smallest number of items allowed.")
    ] = None
    max_items: Annotated[
        Annotated[int, Meta(ge=1)] | None, Meta(description="The largest number of items allowed.")
    ] = None
    unique: Annotated[bool, Meta(description="Whether each item may appear only once.")] = False
    trim: Annotated[
        bool, Meta(description="Whether the application removes spaces around the items.")
    ] = False

    @property
    def sensitive(self) -> bool:
        return self._item().sensitive

    @property
    def left_to_names(self) -> frozenset[Sound]:
        """As those of its items."""
        return self._item().left_to_names

    def problems(self) -> Iterator[tuple[str, str]]:
        from assay.formats import FORMATS

        name = str(self.of if isinstance(self.of, str) else self.of.get("type"))
        try:
            item = self._item()
        except msgspec.ValidationError as error:
            wrong = f"the item's parameters are invalid: {error}"
            yield "of", wrong if name in FORMATS else f"{name!r} is not a value type"
        else:
            for field, problem in item.problems():
                yield "of", f"the item's {field} is invalid: {problem}"
        yield from crossed(self.min_items, self.max_items, ("min-items", "max-items"), "list")

    def violations(self, value: str) -> Iterator[Violation]:
        separator = _SEPARATORS.get(self.separator, self.separator)
        items = self._split(value)
        low, high = self.min_items or 0, min(self.max_items or MAX_ITEMS, MAX_ITEMS)
        if not low <= len(items) <= high:
            expected = f"{low} to {high} items"
            yield LIST_LENGTH.violated(expected=expected, separator=separator)
            return
        if not all(map(str.strip, items)):
            yield LIST_EMPTY_ITEM.violated(separator=separator)
        elif any(item != item.strip() for item in items) and not self.trim:
            yield LIST_SPACES.violated(separator=separator)
        else:
            yield from self._items(self._trimmed(items))

    def _items(self, items: list[str]) -> Iterator[Violation]:
        if self.unique and len(set(items)) < len(items):
            yield LIST_DUPLICATE.violated()
        item_type = self._item()
        for number, item in enumerate(items, start=1):
            for found in item_type.violations(item):
                code = found.rule.code
                yield LIST_ITEM.violated(title=item_type.title, number=number, rule=code)
                return

    def interpret(self, value: str) -> list[object]:
        item_type = self._item()
        return [item_type.interpret(item) for item in self._trimmed(self._split(value))]

    def _split(self, value: str) -> list[str]:
        return value.split(self.separator)

    def _trimmed(self, items: list[str]) -> list[str]:
        return [item.strip() for item in items] if self.trim else items

    def _item(self) -> Format:
        from assay.formats import FORMATS

        return FORMATS.parse(self.of)

    def example(self) -> str:
        count = max(1, self.min_items or 0)
        items = [self._item().example()] * count
        if self.of == "text":
            items = [f"item{number}" for number in range(1, count + 1)]
        return self.separator.join(items)

    def screen(self) -> tuple[object, ...] | None:
        # of a separator of letters, an item could hold one
        simple = self.of == "text" and len(self.separator) == 1 and not self.separator.isalnum()
        if not simple or self.unique or (self.min_items, self.max_items) != (None, None):
            return None
        joined = f"\\x{ord(self.separator):02x}" if ord(self.separator) < 128 else self.separator
        return ("match", f"[A-Za-z0-9]{{1,60}}(?:{joined}[A-Za-z0-9]{{1,60}}){{0,15}}")


class Csv(List, frozen=True, kw_only=True, tag="csv"):
    """One line of items in which quotes protect the separator (RFC 4180)."""

    title = "a line of comma-separated values"
    read_as = "text"
    rules: ClassVar[tuple[Rule, ...]] = (CSV_QUOTES, *List.rules)

    def problems(self) -> Iterator[tuple[str, str]]:
        if len(self.separator) != 1 or self.separator in '"\r\n ':
            yield "separator", "expected one character other than a quote, a space or a newline"
        yield from super().problems()

    def violations(self, value: str) -> Iterator[Violation]:
        try:
            self._split(value)
        except csv.Error:
            yield CSV_QUOTES.violated()
        else:
            yield from super().violations(value)

    def _split(self, value: str) -> list[str]:
        reader = csv.reader(
            [value], delimiter=self.separator, strict=True, skipinitialspace=self.trim
        )
        return next(reader, []) or [""]
