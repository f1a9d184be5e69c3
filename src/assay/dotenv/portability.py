"""The portability lint: which names another dialect reads differently, where, and why."""

from __future__ import annotations

from typing import NamedTuple

from assay.dotenv.scanning import WORD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.dotenv.document import Document, DotenvEntry


class Difference(NamedTuple):
    """A name whose value two dialects read differently.

    Attributes:
        name: the name; "" where the other dialect refuses the file outside of any entry.
        dialect, other: the two dialects.
        line, column: the place of the entry, or of the refusal.
        cause: why, as a phrase without any value.
        value, other_value: both values, None if there is none. They may be secret, and so are
            left out of the representation.

    """

    name: str
    dialect: str
    other: str
    line: int
    column: int
    cause: str
    value: str | None
    other_value: str | None

    def __repr__(self) -> str:
        """Show everything but the values."""
        place = f"line {self.line}, column {self.column}, {self.dialect} and {self.other}"
        return f"<Difference {self.name!r} at {place}: {self.cause}>"


def between(one: Document, two: Document) -> Iterator[Difference]:
    """The names whose value the dialect of the second document reads differently."""
    if two.errors:
        yield _refused(one, two)
        return
    mine = {entry.key: entry for entry in one.entries}
    theirs = {entry.key: entry for entry in two.entries}
    values, other_values = one.values, two.values
    for name in {**values, **other_values}:
        both = name in values and name in other_values
        entry, other_entry = mine.get(name), theirs.get(name)
        if name and not entry and other_entry and _inside(other_entry, one, other_values):
            continue
        runs = bool(other_entry and other_entry.executes and not (entry and entry.executes))
        if both and values[name] == other_values[name] and not runs:
            continue
        if both and entry and other_entry:
            cause = _value_cause(entry, other_entry, one.dialect, two.dialect)
        elif name in values and entry:
            cause = _missing_cause(entry, one, two)
        else:
            cause = _extra_cause(name, one, two)
        at = entry or other_entry
        place = at.key_position if at else (1, 1)
        pair = values.get(name), other_values.get(name)
        yield Difference(name, one.dialect, two.dialect, *place, cause, *pair)


def _inside(entry: DotenvEntry, one: Document, other_values: Mapping[str, str | None]) -> bool:
    """Whether a name is part of a value to one dialect, which is reported for that value's name.

    A part of a secret may look like a name: `PASSWORD=plum;otter=1`.
    """
    return any(
        around.value_start <= entry.key_start < around.value_end
        and around.value != other_values.get(around.key)
        for around in one.entries
    )


def _refused(one: Document, two: Document) -> Difference:
    error = two.errors[0]
    line, column = error.line, error.column
    entry = next((e for e in one.entries if e.line <= line <= e.value_end_position[0]), None)
    name, value = (entry.key, entry.value) if entry else ("", None)
    cause = f"{two.dialect} rejects the file here: {error.reason}"
    return Difference(name, one.dialect, two.dialect, line, column, cause, value, None)


def _missing_cause(entry: DotenvEntry, one: Document, two: Document) -> str:
    other = two.dialect
    start, text = entry.key_start, entry.source.text
    first = one.entries[0].key_start == start
    if one.has_bom and first and other in {"node20", "shell"}:
        return f"the byte order mark before the name becomes part of it in {other}"
    for around in two.entries:
        if around.key_start < start < around.value_end:
            what = "name" if start < around.key_end else "value"
            return f"in {other} the line is part of the {what} of a variable on a different line"
    if entry.value is None or entry.key_end == entry.value_end == entry.value_start:
        return f"a name without = is not read by {other}"
    if not entry.key:
        return f"a line without a name is not read by {other}"
    separator = text[entry.key_end : entry.value_start]
    if ":" in separator:
        return f"the colon after the name is not a separator in {other}"
    if entry.key.strip(WORD) or entry.key[0].isdecimal():
        return f"the name has a character that {other} does not accept there"
    if other == "shell" and separator != "=":
        return "whitespace around = makes the line a command in shell"
    if other == "shell":
        return "whitespace in an unquoted value makes the line a command in shell"
    return _dropped_cause(entry, other)


def _dropped_cause(entry: DotenvEntry, other: str) -> str:
    text = entry.source.text
    if entry.raw[:1] in {'"', "'"} and entry.raw.count(entry.raw[0]) == 1:
        return f"the quote is not closed on the same line, which {other} does not support"
    rest = text[entry.value_end : entry.source.line_end(entry.value_end)].strip()
    if not entry.quote or (rest and not rest.startswith("#")):
        return f"text after the closing quote makes {other} drop the line"
    return f"{other} does not read the line as an assignment"


def _extra_cause(name: str, one: Document, two: Document) -> str:
    if "\n" in name:
        return f"a line without = becomes part of the next name in {two.dialect}"
    if one.has_bom and name.startswith("\ufeff"):
        return f"the byte order mark becomes part of the name in {two.dialect}"
    if not name:
        return f"text without a name is read as the value of an empty name in {two.dialect}"
    if name[:1].isspace():
        return f"the whitespace before the name becomes part of it in {two.dialect}"
    return f"only {two.dialect} sees an assignment here"


def _value_cause(mine: DotenvEntry, theirs: DotenvEntry, one: str, two: str) -> str:
    checks = (_place_cause, _expansion_cause, _extent_cause, _quote_cause, _text_cause)
    for check in checks:
        for a, b, x, y in ((mine, theirs, one, two), (theirs, mine, two, one)):
            cause = check(a, b, x, y)
            if cause:
                return cause
    if mine.expands:
        return f"references are resolved differently in {one} and {two}"
    return f"the value is cut or unquoted differently in {one} and {two}"


def _place_cause(a: DotenvEntry, b: DotenvEntry, one: str, two: str) -> str:
    if a.key_start > b.key_start:
        return f"the last assignment in {one} is on line {a.line}, in {two} on line {b.line}"
    if a.value is None:
        return f"a name without = is null in {one} and empty in {two}"
    return ""


def _expansion_cause(a: DotenvEntry, b: DotenvEntry, one: str, two: str) -> str:
    if a.executes and not b.executes:
        return f"a command in the value is run by {one} but is text in {two}"
    if a.expands and not b.expands:
        return f"a $ reference in the value is expanded in {one} but kept in {two}"
    return ""


def _extent_cause(a: DotenvEntry, b: DotenvEntry, one: str, two: str) -> str:
    more = a.source.text[a.value_end : b.value_end]
    if more == "\r":
        return f"the carriage return of a CRLF newline is kept in {two} but not in {one}"
    if more.lstrip().startswith("#"):
        return f"the text after # is a comment in {one} but part of the value in {two}"
    if "\n" in more:
        return f"the value ends on the same line in {one} but continues over several lines in {two}"
    if more and a.quote:
        return f"text after the closing quote is dropped in {one} but read in {two}"
    if more.isspace():
        return f"whitespace after the value is dropped in {one} but kept in {two}"
    return ""


def _quote_cause(a: DotenvEntry, b: DotenvEntry, one: str, two: str) -> str:
    if a.quote and a.quote != b.quote:
        name = {"'": "single quotes", '"': "double quotes", "`": "backticks"}[a.quote]
        return f"the {name} are removed in {one} but kept in {two}"
    return ""


def _text_cause(a: DotenvEntry, b: DotenvEntry, one: str, two: str) -> str:
    value, other = a.value or "", b.value or ""
    if "\r" in value and value.replace("\r\n", "\n").replace("\r", "") == other.replace("\r", ""):
        return f"the carriage return of a CRLF newline is kept in {one} but not in {two}"
    if "$$" in a.raw and value.count("$") < other.count("$"):
        return f"$$ means one dollar sign in {one} but two in {two}"
    if "\\" in a.raw and value.count("\\") < other.count("\\"):
        return f"a backslash escape is resolved in {one} but kept in {two}"
    if "\\" in a.raw and value.count("\n") > other.count("\n"):
        return f"\\n means a newline in {one} but not in {two}"
    if value != other and value.strip() == other:
        return f"whitespace around the value is kept in {one} but not in {two}"
    return ""
