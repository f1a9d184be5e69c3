"""Where each field of a spec stands, by its path."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assay.model import Location

if TYPE_CHECKING:
    from collections.abc import Mapping

Path = tuple[str | int, ...]


class Place(NamedTuple):
    """Where a field's name and its value stand; lines and columns count from 1.

    A list item has no name: its `key_line` is 0. `inner` is how many characters of the value come
    before its text: 0 plain, 1 quoted, -1 where the text is spread over lines.
    """

    file: str
    key_line: int
    key_column: int
    key_end: int
    line: int
    column: int
    end_line: int
    end_column: int
    inner: int

    @property
    def of_key(self) -> Location:
        """The field's name; the value, if there is no name."""
        if not self.key_line:
            return self.of_value
        return self._at(self.key_line, self.key_column, self.key_end)

    @property
    def of_value(self) -> Location:
        """The field's value, cut to its first line."""
        end = self.end_column if self.end_line == self.line else None
        return self._at(self.line, self.column, end)

    def within(self, line: int, column: int, length: int = 1) -> Location:
        """A place inside the value's own text; the value's start if that isn't known."""
        if self.inner < 0 or line != 1:
            return self.of_value
        start = self.column + self.inner + column - 1
        return self._at(self.line, start, start + length)

    def _at(self, line: int, column: int, end: int | None) -> Location:
        return Location(file=self.file, line=line, column=column, end_line=line, end_column=end)


def place_of(places: Mapping[Path, tuple[object, ...]], path: Path, file: str) -> Place:
    """The place of `path`, or of the nearest ancestor that has one."""
    for end in range(len(path), -1, -1):
        found = places.get(path[:end])
        if found is not None:
            return Place._make(found)
    return Place(file, 0, 0, 0, 1, 1, 1, 1, 0)
