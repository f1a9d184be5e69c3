"""Text as a terminal shows it: harmless, measured in columns, wrapped at words."""

from __future__ import annotations

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    r"""`text` with whatever can't be seen written as an escape: `\x1b`, `\u202e`.

    That covers control and bidirectional characters, lone surrogates and characters that XML
    forbids: `str.isprintable` is false for all of them. The result is always valid UTF-8.
    """
    if text.isprintable():
        return text
    return "".join([char if char.isprintable() else _escape(char) for char in text])


def _escape(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


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
