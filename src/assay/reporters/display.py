"""Text as a terminal shows it: harmless, measured, wrapped at words, coloured, in tables.

Whatever draws on a terminal does so with this module. It imports next to nothing: `rich` would cost
every command that draws a twentieth of a second, and break quoted commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assay.escapes import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_RESET = "\x1b[0m"
_STYLES = {
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "red": "\x1b[1;31m",
    "green": "\x1b[1;32m",
    "yellow": "\x1b[1;33m",
    "blue": "\x1b[1;34m",
    "magenta": "\x1b[1;35m",
    "cyan": "\x1b[1;36m",
    "added": "\x1b[32m",
    "removed": "\x1b[31m",
    "hunk": "\x1b[36m",
}

__all__ = ["Pen", "columns", "cut", "cut_apart", "quoted", "visible", "widest", "wrap"]


def columns(text: str) -> int:
    """How many terminal columns `text` takes: 2 for East Asian wide, 0 for combining marks.

    Widths are those of Unicode Standard Annex 11; ambiguous ones count 1.
    """
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    total = 0
    for char in text:
        if category(char) not in ("Mn", "Me"):
            total += 2 if east_asian_width(char) in "WF" else 1
    return total


def wrap(text: str, width: int, *, first: int = 0, indent: str = "") -> str:
    """Break `text` at spaces so that lines fit in `width` columns; 0 for no limit.

    `first` columns of the first line are taken already; later lines start with `indent`. A word
    or a `quoted command` stays whole even if it is longer than a line, so that it can be copied.
    """
    if width <= 0 or (first + len(text) <= width and text.isascii()):
        return text
    parts = quoted(text)
    parts[1::2] = [part.replace(" ", "\0") for part in parts[1::2]]  # no line breaks there
    lines: list[str] = []
    line: list[str] = []
    room = width - first
    for word in "`".join(parts).split(" "):
        size = columns(word)
        if line and size > room:
            lines.append(" ".join(line))
            line = []
            room = width - len(indent)
        line.append(word)
        room -= size + 1
    lines.append(" ".join(line))
    return f"\n{indent}".join(lines).replace("\0", " ")


def quoted(text: str) -> list[str]:
    """`text` cut at its `quotes`: what stands at odd places stood between two backticks."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # the last backtick never closed
        parts[-2:] = ["`".join(parts[-2:])]
    return parts


def cut(text: str, size: int) -> str:
    """`text` in at most `size` columns, with an ellipsis if some of it is left out."""
    if columns(text) <= size:
        return text
    while text and columns(text) > size - 1:
        text = text[:-1]
    return f"{text}…"


def cut_apart(texts: Sequence[str], sizes: Sequence[int]) -> list[str]:
    """Texts cut to their sizes, such that those that differ still do: cut before they part."""
    made = list(map(cut, texts, sizes))
    if len(set(made)) == len(set(texts)):
        return made
    start = min(
        _common(one, other)
        for at, one in enumerate(texts)
        for other_at, other in enumerate(texts)
        if one != other and made[at] == made[other_at]
    )
    start = max(start - min(sizes) // 3, 1)
    ends = [f"…{text[start:]}" if len(text) > start else text for text in texts]
    made = list(map(cut, ends, sizes))
    if len(set(made)) == len(set(texts)):
        return made
    order = list(dict.fromkeys(texts))
    return [
        f"{order.index(text) + 1}: {cut(end, size - 3)}"
        for text, end, size in zip(texts, ends, sizes, strict=True)
    ]


def _common(one: str, other: str) -> int:
    """How many characters two texts begin alike."""
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def widest(texts: Iterable[str]) -> int:
    """The columns that the widest of these texts takes."""
    return max(map(columns, texts), default=0)


class Pen(NamedTuple):
    """How a text is drawn: whether in colour, and in how many columns (0 for any number)."""

    colour: bool = False
    width: int = 0

    def paint(self, text: str, style: str) -> str:
        """`text` in a style, if there is one and colour is wanted."""
        return f"{_STYLES[style]}{text}{_RESET}" if self.colour and style and text else text

    def aside(self, word: str, text: str, gutter: str = "  ") -> str:
        """A note or help below what it is about, aligned with its gutter."""
        indent = " " * (len(gutter) + len(word) + 5)
        text = wrap(text, self.width, first=len(indent), indent=indent)
        style = "green" if word == "help" else "bold"
        return f"{gutter} {self.paint('=', 'blue')} {self.paint(word, style)}: {text}"

    def source(
        self, number: str, gutter: str, excerpt: tuple[str, str] | None, style: str
    ) -> list[str]:
        """A numbered source line with carets below it; only the bar if there is no line."""
        bar = f"{gutter} {self.paint('|', 'blue')}"
        if excerpt is None:
            return [bar]
        line, carets = excerpt
        marks = carets.lstrip()
        spaces = " " * (len(carets) - len(marks))
        numbered = self.paint(f"{number:>{len(gutter)}} |", "blue")
        return [bar, f"{numbered} {line}", f"{bar} {spaces}{self.paint(marks, style)}"]

    def table(
        self, rows: Sequence[Sequence[tuple[str, str]]], *, gap: int = 2, indent: str = ""
    ) -> list[str]:
        """A line for each row of cells (text and style); a column is as wide as its widest cell."""
        sizes = [widest(text for text, _ in column) for column in zip(*rows, strict=True)]
        lines = []
        for row in rows:
            cells = [
                self.paint(text, style) + " " * (size - columns(text))
                for (text, style), size in zip(row, sizes, strict=True)
            ]
            lines.append((indent + (" " * gap).join(cells)).rstrip())
        return lines
