"""The lossless result of reading a .env text: entries, positions, comments, problems."""

from __future__ import annotations

from bisect import bisect_right

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from assay.dotenv.reading import TextReading

BOM = "\ufeff"


class SourceText:
    """A text and the place of each of its lines.

    Lines end at LF, CR LF or a lone CR. Columns count characters from 1; a byte order mark at the
    start is not a column, because no editor shows it. `bad` has the offsets of bytes that are not
    UTF-8.
    """

    __slots__ = ("_starts", "bad", "text")

    def __init__(self, text: str, bad: Sequence[int] = ()) -> None:
        self.text: str = text
        self.bad: Sequence[int] = bad
        self._starts: list[int] | None = None

    @property
    def line_starts(self) -> list[int]:
        """The offset of each line's first character."""
        if self._starts is None:
            self._starts = _line_starts(self.text)
        return self._starts

    def position(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column of an offset."""
        starts = self.line_starts
        line = bisect_right(starts, offset)
        column = offset - starts[line - 1] + 1
        if line == 1 and column > 1 and self.text.startswith(BOM):
            column -= 1
        return line, column

    def line_end(self, offset: int) -> int:
        """Return the offset where the line of an offset ends, its line break excluded."""
        starts = self.line_starts
        line = bisect_right(starts, offset)
        end = starts[line] if line < len(starts) else len(self.text)
        while end > offset and self.text[end - 1] in "\r\n":
            end -= 1
        return end


def _line_starts(text: str) -> list[int]:
    starts = [0]
    for newline in "\n\r":
        at = text.find(newline)
        while at != -1:
            if newline == "\n" or not text.startswith("\n", at + 1):
                starts.append(at + 1)
            at = text.find(newline, at + 1)
    starts.sort()
    return starts


class DotenvEntry:
    """One assignment, as one dialect reads it.

    Attributes:
        key: the name.
        value: what the application sees; None for a bare name of python-dotenv.
        quote: the quote character that the dialect removed, or "".
        exported: whether the line says `export`.
        expands: each construct, as written, that the dialect replaced. It may hold a default, so
            treat it like a value.
        references: the names that those constructs look up.
        executes: whether the real loader would run a command (`$(...)` or backticks) here. It is
            never run by this package, its text or nothing stands in the value.
        key_start, key_end, value_start, value_end: offsets; `raw` is the text between the last
            two, quotes included.

    """

    __slots__ = (
        "executes", "expands", "exported", "key", "key_end", "key_start", "quote", "references",
        "source", "value", "value_end", "value_start",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913, PLR0917 -- one per reading step, positional for speed
        self,
        source: SourceText,
        key: str,
        value: str | None,
        key_start: int,
        key_end: int,
        value_start: int,
        value_end: int,
        quote: str = "",
        exported: bool = False,
        found: Sequence[tuple[str, str]] = (),
        executes: bool = False,
    ) -> None:
        """Take what a dialect's reader found; `found` pairs a construct and the name it reads."""
        self.source: SourceText = source
        self.key: str = key
        self.value: str | None = value
        self.key_start: int = key_start
        self.key_end: int = key_end
        self.value_start: int = value_start
        self.value_end: int = value_end
        self.quote: str = quote
        self.exported: bool = exported
        self.executes: bool = executes
        if found:
            self.expands: tuple[str, ...] = tuple([construct for construct, _ in found])
            self.references: tuple[str, ...] = tuple([name for _, name in found if name])
        else:
            self.expands = self.references = ()

    def __repr__(self) -> str:
        """Name the entry and its place, never its value."""
        line, column = self.source.position(self.key_start)
        return f"<Entry {self.key!r} at line {line}, column {column}>"

    @property
    def raw(self) -> str:
        """The value as it stands in the text, quotes included."""
        return self.source.text[self.value_start : self.value_end]

    @property
    def offset(self) -> int:
        """The offset of the key."""
        return self.key_start

    @property
    def line(self) -> int:
        """The 1-based line of the key."""
        return self.source.position(self.key_start)[0]

    @property
    def column(self) -> int:
        """The 1-based column of the key."""
        return self.source.position(self.key_start)[1]

    @property
    def key_position(self) -> tuple[int, int]:
        """Line and column where the key starts."""
        return self.source.position(self.key_start)

    @property
    def value_position(self) -> tuple[int, int]:
        """Line and column where the value (its quote) starts."""
        return self.source.position(self.value_start)

    @property
    def value_end_position(self) -> tuple[int, int]:
        """Line and column just after the value."""
        return self.source.position(self.value_end)

    def refusal(self, reason: str, expected: str) -> DotenvError:
        """Return the error that the dialect refuses this entry's value."""
        error = DotenvError(reason, expected, *self.value_position)
        error.source = self.source
        return error

    @property
    def comment(self) -> str | None:
        """The comment after the value on its last line, without the `#`, or None."""
        source = self.source
        rest = source.text[self.value_end : source.line_end(self.value_end)].strip()
        return rest[1:].strip() if rest.startswith("#") else None


class DotenvError(ValueError):
    """A .env text that its dialect refuses, or a value that a dialect cannot spell.

    The message never holds a value, because values may be secret.

    Attributes:
        reason: what is wrong, lower case, without a value.
        expected: what was expected or what to do about it.
        line: 1-based line, 0 if there is no place in a text.
        column: 1-based column in characters, 0 if there is no place in a text.
        source: the text of that place, if there is one.

    """

    source: SourceText | None = None

    def __init__(self, reason: str, expected: str, line: int = 0, column: int = 0) -> None:
        place = f"line {line}, column {column}: " if line else ""
        super().__init__(f"{place}{reason}: {expected}")
        self.reason = reason
        self.expected = expected
        self.line = line
        self.column = column


class Problem:
    """Something that is wrong with a text although its dialect may accept it."""

    __slots__ = ("column", "kind", "line", "reason")

    def __init__(self, kind: str, reason: str, line: int, column: int) -> None:
        self.kind: str = kind
        self.reason: str = reason
        self.line: int = line
        self.column: int = column

    def __repr__(self) -> str:
        """Show everything; nothing here is a value."""
        return f"<Problem {self.kind} at line {self.line}, column {self.column}: {self.reason}>"


class Document:
    """A .env text as one dialect reads it, with nothing of the text lost.

    Attributes:
        dialect: the dialect's name.
        entries: every assignment that the dialect reads, in the order of the text.
        errors: why the dialect refuses the text; empty if it accepts it.
        problems: what is wrong otherwise, such as bytes that are not UTF-8.
        visible: the names that a reference in the text gets a value of.

    """

    __slots__ = ("_values", "dialect", "entries", "errors", "problems", "source", "visible")

    def __init__(self, dialect: str, reading: TextReading) -> None:
        self.dialect: str = dialect
        self.source: SourceText = reading.source
        self.entries: tuple[DotenvEntry, ...] = tuple(reading.entries)
        self.errors: tuple[DotenvError, ...] = tuple(reading.errors)
        self.problems: tuple[Problem, ...] = tuple(reading.problems)
        self._values: Mapping[str, str | None] = reading.values
        self.visible: frozenset[str] = frozenset((*reading.values, *reading.environ))

    def __repr__(self) -> str:
        """Count, never show."""
        return f"<Document {self.dialect}: {len(self.entries)} entries, {len(self.errors)} errors>"

    @property
    def text(self) -> str:
        """The text as given; bytes that are not UTF-8 stand as surrogate escapes."""
        return self.source.text

    @property
    def has_bom(self) -> bool:
        """Whether the text starts with a byte order mark."""
        return self.source.text.startswith(BOM)

    @property
    def values(self) -> dict[str, str | None]:
        """A new dict of what the application sees; if it is refused, what could be read."""
        return dict(self._values)

    @property
    def duplicates(self) -> tuple[DotenvEntry, ...]:
        """The entries that a later entry of the same name overrides."""
        winners = {entry.key: entry for entry in self.entries}
        return tuple(entry for entry in self.entries if winners[entry.key] is not entry)

    @property
    def comments(self) -> tuple[tuple[int, str], ...]:
        """Every comment on a line of its own: its line and its text without the `#`."""
        return tuple(_own_line_comments(self.source, self.entries))

    def winner(self, name: str) -> DotenvEntry | None:
        """Return the entry that decides the value of a name, or None."""
        for entry in reversed(self.entries):
            if entry.key == name:
                return entry
        return None


def _own_line_comments(
    source: SourceText, entries: Sequence[DotenvEntry]
) -> Iterator[tuple[int, str]]:
    text, starts = source.text, source.line_starts
    inside: set[int] = set()
    for entry in entries:
        first, last = source.position(entry.key_start)[0], source.position(entry.value_end)[0]
        inside.update(range(first, last + 1))
    for number, start in enumerate(starts, 1):
        if number in inside:
            continue
        end = starts[number] if number < len(starts) else len(text)
        line = text[start:end].lstrip(" \t\ufeff")
        if line.startswith("#"):
            yield number, line[1:].strip()


class Values(dict[str, "str | None"]):
    """What an application sees, with the lossless document beside it."""

    __slots__ = ("document",)

    document: Document
