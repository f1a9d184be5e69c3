r"""The line pattern that npm dotenv and Ruby dotenv share, matched in linear time.

Both match, at the start of a line, with small differences in the character classes:

    \s* (export\s+)? KEY (\s*= | :\s) ( \s*'..' | \s*".." | [^#\n]+ )? \s* (#.*)? $

In Ruby the separator and the value may both be missing.

Sources: npm dotenv 18 `LINE` in its `parse`, Ruby dotenv 3.2 `LINE` in `lib/dotenv/parser.rb`. The
expressions backtrack: a quoted value ends at the first quote that no backslash precedes, or failing
that at the last escaped one after which the rest of the line fits; if no quote fits, the value is
the rest of the line. `\s` runs over line breaks in all places.

Time is linear because a quoted value that does not fit was searched no further than the next quote
of its kind that no backslash precedes, and the quote that opens a later value is one.
"""

from __future__ import annotations

from assay.dotenv.scanning import find_or_end, skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

Places = tuple[int, int, int, int, int]
"""Start and end of the name, of the value, and the end of it all."""


def trimmed(text: str, start: int, end: int, characters: str) -> tuple[int, str]:
    """Return a part of a text without such characters around it, and where it starts."""
    part = text[start:end]
    bare = part.strip(characters)
    return (start + len(part) - len(part.lstrip(characters)) if bare else start), bare


class LinePattern:
    """The line pattern over one text, for one pair of character classes."""

    __slots__ = (
        "_bare", "_breaks", "_hash", "_key", "_newline", "_quotes", "_spaces", "_text", "dropped",
    )  # fmt: skip

    def __init__(  # noqa: PLR0913 -- the differences between the two expressions, by name
        self, text: str, *, spaces: str, breaks: str, key: str, quotes: str, bare: bool
    ) -> None:
        """Take a text without CR, and what counts as white space, line break, key and quote.

        `bare` says that a name without separator and value matches too.
        """
        self._text = text
        self._spaces = spaces
        self._breaks = "".join([c for c in breaks if c in text])
        self._key = key
        self._quotes = quotes
        self._bare = bare
        self._newline = -1
        self._hash = -1
        self.dropped: list[int] = []
        """The starts of lines that are neither assignments nor comments, after all matches."""

    def matches(self) -> Iterator[tuple[bool, Places]]:
        """Yield whether each line says `export`, and its parts; no value is an empty one."""
        text, spaces, breaks = self._text, self._spaces, self._breaks
        last = len(text)
        line = 0
        while True:
            at = skip(text, line, spaces)
            if at >= last:
                return
            key = skip(text, at + 6, spaces) if text.startswith("export", at) else at
            found = self._binding(key) if key > at + 6 else None
            exported = found is not None
            found = found or self._binding(at)
            if found is None:
                if text[at] != "#":
                    self.dropped.append(at)
                line = self._next_break(at) + 1
                continue
            yield exported, found
            line = found[-1]
            if text[line - 1] not in breaks:
                line = self._next_break(line) + 1

    def _next_break(self, at: int) -> int:
        text, breaks = self._text, self._breaks
        if breaks in {"", "\n"}:
            return find_or_end(text, "\n", at)
        last = len(text)
        while at < last and text[at] not in breaks:
            at += 1
        return at

    def _binding(self, at: int) -> Places | None:
        text = self._text
        key_end = skip(text, at, self._key)
        if key_end == at:
            return None
        value = self._separator(key_end)
        if value < 0:
            end = self._tail(key_end) if self._bare else -1
            return (at, key_end, key_end, key_end, end) if end >= 0 else None
        opening = skip(text, value, self._spaces)
        if opening < len(text) and text[opening] in self._quotes:
            for close in self._closings(opening):
                end = self._tail(close + 1)
                if end >= 0:
                    return at, key_end, value, close + 1, end
        stop = self._unquoted_end(value)
        return at, key_end, value, stop, self._tail(stop)

    def _separator(self, at: int) -> int:
        text = self._text
        following = text[at : at + 1]
        if following == "=":
            return at + 1
        equals = skip(text, at, self._spaces)
        if text.startswith("=", equals):
            return equals + 1
        if following == ":" and at + 1 < len(text) and text[at + 1] in self._spaces:
            return at + 2
        return -1

    def _closings(self, opening: int) -> list[int]:
        # The quotes where a quoted value may end, in the order in which the expression tries.
        text = self._text
        quote = text[opening]
        found = []
        at = text.find(quote, opening + 1)
        while at != -1:
            found.append(at)
            if text[at - 1] != "\\":
                break
            at = text.find(quote, at + 1)
        found.reverse()
        return found

    def _unquoted_end(self, at: int) -> int:
        # Both searches are remembered, because line breaks other than LF do not end the value,
        # and many statements may then search for the same far LF.
        text = self._text
        if self._newline < at:
            self._newline = find_or_end(text, "\n", at)
        if self._hash < at:
            self._hash = find_or_end(text, "#", at, self._newline)
        return min(self._hash, self._newline)

    def _tail(self, at: int) -> int:
        # `\s*(#.*)?$`: the offset where it ends, or -1.
        text = self._text
        following = skip(text, at, self._spaces)
        if following == len(text):
            return following
        if text[following] == "#":
            return self._next_break(following)
        return max([text.rfind(c, at, following) for c in self._breaks], default=-1)
