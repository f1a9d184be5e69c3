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
    lines: list[str] = []
    line: list[str] = []
    used = first
    for word in _unquoted_words(text):
        size = columns(word)
        if line and used + size > width:
            lines.append(" ".join(line))
            line = []
            used = len(indent)
        line.append(word)
        used += size + 1
    lines.append(" ".join(line))
    return f"\n{indent}".join(lines)


def _unquoted_words(text: str) -> list[str]:
    """The words of `text`; what stands between backticks counts as one."""
    if "`" not in text:
        return text.split(" ")
    parts = text.split("`")
    # An odd part stands between two backticks, save for the last one, whose backtick never closed.
    for odd in range(1, len(parts) - 1, 2):
        parts[odd] = parts[odd].replace(" ", "\0")
    return [word.replace("\0", " ") for word in "`".join(parts).split(" ")]
