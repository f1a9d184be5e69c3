"""Several values in one text: lists, and lines of CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import msgspec
from msgspec import Meta

from assay.formats.base import Format
from assay.formats.json_faults import json_array
from assay.formats.ranges import crossed
from assay.model import Rule, Violation

if TYPE_CHECKING:
    from assay.hygiene.sounds import Sound

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
LIST_NOTATION = Rule(
    code="list-notation",
    message="{name} is a list joined by a {found}: expected a {separator} between items",
    messages={"json": "{name} is a JSON array: expected items joined by a {separator}"},
    remedy="Join the items of {name} with a {separator}; or, if the application splits at a "
    "{found}, declare `separator: '{sign}'`.",
    remedies={
        "json": "Write the items of {name} without brackets and quotes, joined by a {separator}; "
        "or, if the application reads JSON, declare `type: json`."
    },
    why="The application doesn't find the items: it takes brackets and quotes, or several items "
    "at once, for one.",
    bad='ALLOWED_ORIGINS=["https://a.example.com","https://b.example.com"]',
    good="ALLOWED_ORIGINS=https://a.example.com,https://b.example.com",
)
CSV_QUOTES = Rule(
    code="csv-quotes",
    message="{name} has an unclosed quote, or one inside an item",
    remedy="Close the quote in {name}; double a quote inside a quoted item (RFC 4180).",
    why="The CSV reader takes the rest of the text for a single item.",
)

MAX_ITEMS = 10_000
_SEPARATORS = {" ": "space", "\t": "tab", "\n": "newline"}
_OTHERS = {",": "comma", ";": "semicolon", "|": "vertical bar", " ": "space", "\n": "newline"}
"""What else people join items with."""


class List(Format, frozen=True, kw_only=True, tag="list"):
    """Items of one type, joined by a separator."""

    title = "a list"
    read_as = "list"
    rules: ClassVar[tuple[Rule, ...]] = (
        *(LIST_LENGTH, LIST_EMPTY_ITEM, LIST_SPACES, LIST_DUPLICATE, LIST_ITEM, LIST_NOTATION),
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
        """The other notation first, of which the rest would only be consequences."""
        found = list(self._judged(value))
        if self.of == "text" or found:
            yield from list(self._notation(value)) or found

    def _notation(self, value: str) -> Iterator[Violation]:
        """That a list is written in a different way, in which all its items are good."""
        separator = {**_OTHERS, **_SEPARATORS}.get(self.separator, self.separator)
        if json_array(value):
            yield LIST_NOTATION.violated(case="json", separator=separator)
            return
        item = self._item()
        for sign, words in _OTHERS.items():
            items = [part.strip() for part in value.split(sign)]
            both = sign.isspace() and self.separator in value
            known = self.of != "text" and len(items) > 1 and sign != self.separator and not both
            if known and all(part and not any(item.violations(part)) for part in items):
                yield LIST_NOTATION.violated(found=words, sign=sign, separator=separator)
                return

    def _judged(self, value: str) -> Iterator[Violation]:
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
                made = LIST_ITEM.violated(title=item_type.title, number=number, rule=code)
                said = found.with_values(name=f"item {number}").message
                yield msgspec.structs.replace(made, notes=(said,))
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

    def hosts_in(self, value: str) -> tuple[str, ...]:
        item_type = self._item()
        return tuple(
            host for part in self._trimmed(self._split(value)) for host in item_type.hosts_in(part)
        )

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

    def _judged(self, value: str) -> Iterator[Violation]:
        try:
            self._split(value)
        except csv.Error:
            yield CSV_QUOTES.violated()
        else:
            yield from super()._judged(value)

    def _split(self, value: str) -> list[str]:
        reader = csv.reader(
            [value], delimiter=self.separator, strict=True, skipinitialspace=self.trim
        )
        return next(reader, []) or [""]
