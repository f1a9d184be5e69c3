"""Text as a terminal shows it: harmless, measured in columns, wrapped at words."""

from __future__ import annotations

from assay.escapes import visible

__all__ = ["columns", "quoted", "visible", "wrap"]


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
    or a `quoted command` stays whole even where it is longer than a line, so that it can be copied.
    """
    if width <= 0 or (first + len(text) <= width and text.isascii()):
        return text
    text = _quoted_whole(text)
    lines = _wrap_ascii if text.isascii() else _wrap_wide
    return f"\n{indent}".join(lines(text, width - first, width - len(indent))).replace("\0", " ")


def quoted(text: str) -> list[str]:
    """`text` cut at its `quotes`: what stands at odd places stood between two backticks."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # the last backtick never closed
        parts[-2:] = ["`".join(parts[-2:])]
    return parts


def _quoted_whole(text: str) -> str:
    """`text` with NUL for the spaces between backticks, so that they are no place to break."""
    if "`" not in text:
        return text
    parts = quoted(text)
    for odd in range(1, len(parts), 2):
        parts[odd] = parts[odd].replace(" ", "\0")
    return "`".join(parts)


def _wrap_ascii(text: str, room: int, later: int) -> list[str]:
    lines: list[str] = []
    start = 0
    while len(text) - start > room:
        cut = text.rfind(" ", start, start + max(room, 0) + 1)
        if cut < 0:
            cut = text.find(" ", start)
            if cut < 0:
                break
        lines.append(text[start:cut])
        start = cut + 1
        room = later
    lines.append(text[start:])
    return lines


def _wrap_wide(text: str, room: int, later: int) -> list[str]:
    lines: list[str] = []
    line: list[str] = []
    for word in text.split(" "):
        size = columns(word)
        if line and size > room:
            lines.append(" ".join(line))
            line = []
            room = later
        line.append(word)
        room -= size + 1
    lines.append(" ".join(line))
    return lines
