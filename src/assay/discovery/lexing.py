"""Separates code from comments and strings, for any language that a small table describes.

Offsets and newlines stay where they are: comments become blanks, and `quoted` says which
characters stand in a string. Code within a string, as in `${...}` of JavaScript, is code.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple


class Quote(NamedTuple):
    """A kind of string."""

    start: str
    """A regular expression for what opens it."""
    end: str = ""
    """A regular expression for what closes it; the same by default."""
    escapes: bool = True
    """Whether a backslash takes the next character's meaning."""
    lines: bool = False
    """Whether it may go on over newlines; one that may not and does isn't a string."""
    code: str = ""
    """What opens code within it, such as `${`; its brace closes that."""
    live: bool = False
    """Whether all of it is looked at as code is, as shells do between double quotes."""


class Lexis(NamedTuple):
    """How a language writes strings and comments; the latter as C does by default."""

    quotes: tuple[Quote, ...] = ()
    line: tuple[str, ...] = (r"//",)
    """Regular expressions for what begins a comment to the end of the line."""
    block: tuple[tuple[str, str], ...] = (("/*", "*/"),)
    regexes: bool = False
    """Whether `/.../` may be a regular expression, as in JavaScript."""


class Lexed(NamedTuple):
    """A text without its comments, and which of its characters stand in strings."""

    text: str
    quoted: bytearray


_REGEX = r"(?<=[(,=:\[!&|?{};\n])[ \t]*/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/"


def lexed(text: str, lexis: Lexis) -> Lexed:
    """The text with comments blanked; never fails, whatever the text."""
    quoted = bytearray(len(text))
    blanks: list[tuple[int, int]] = []
    opening, closings = _patterns(lexis)
    # If a string is open that code stands in: the string, and the braces of that code.
    above: list[tuple[int, int]] = []
    braces = at = 0
    while found := opening.search(text, at):
        start, at = found.span()
        kind = found.lastgroup or ""
        index = int(kind[1:]) if kind[1:].isdecimal() else -1
        if kind == "open":
            braces += 1
        elif kind == "close" and (braces or not above):
            braces = max(0, braces - 1)
        elif kind == "skip":
            _mark(quoted, start, at)
        elif kind[0] == "c" and index >= 0:
            at = _comment_end(text, at, lexis, index)
            blanks.append((start, at))
        else:
            if kind == "close":
                index, braces = above.pop()
            quote = lexis.quotes[index]
            at, inside = _string(text, start, at, quote, closings[index], quoted)
            if inside:
                above.append((index, braces))
                braces = 0
    return Lexed(_blanked(text, blanks), quoted)


def _string(  # noqa: PLR0913, PLR0917 - the state of one step
    text: str, start: int, at: int, quote: Quote, closing: re.Pattern[str], quoted: bytearray
) -> tuple[int, bool]:
    """Where a string that opened at `start` ends, and whether code within it comes first."""
    began = at
    while found := closing.search(text, at):
        at = found.end()
        kind = found.lastgroup
        if kind in ("end", "code"):
            if not quote.live:
                _mark(quoted, start, found.start() if kind == "code" else at)
            return at, kind == "code"
        if kind == "line":
            return began, False  # it wasn't a string: an apostrophe, say
    return (len(text) if quote.lines and not quote.live else began), False


def _comment_end(text: str, at: int, lexis: Lexis, index: int) -> int:
    end = "\n" if index < len(lexis.line) else lexis.block[index - len(lexis.line)][1]
    found = text.find(end, at)
    if found == -1:
        return len(text)
    return found if end == "\n" else found + len(end)


def _mark(quoted: bytearray, start: int, end: int) -> None:
    quoted[start:end] = b"\1" * (end - start)


def _blanked(text: str, blanks: list[tuple[int, int]]) -> str:
    pieces, done = [], 0
    for start, end in blanks:
        comment = text[start:end]
        blank = re.sub(r"[^\n]", " ", comment) if "\n" in comment else " " * len(comment)
        pieces += [text[done:start], blank]
        done = end
    return "".join([*pieces, text[done:]])


@cache
def _patterns(lexis: Lexis) -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
    """What to look for in code, and in each kind of string."""
    comments = [*lexis.line, *(re.escape(start) for start, _ in lexis.block)]
    words = [f"(?P<c{index}>{pattern})" for index, pattern in enumerate(comments)]
    if lexis.regexes:
        words.append(f"(?P<skip>{_REGEX})")
    words += [f"(?P<q{index}>{quote.start})" for index, quote in enumerate(lexis.quotes)]
    words += [r"(?P<open>\{)", r"(?P<close>\})"]
    closings = []
    for quote in lexis.quotes:
        ends = [r"(?P<escape>\\.)"] if quote.escapes else []
        ends.append(f"(?P<end>{quote.end or quote.start})")
        if quote.code:
            ends.append(f"(?P<code>{quote.code})")
        if not quote.lines:
            ends.append(r"(?P<line>\n)")
        closings.append(re.compile("|".join(ends), re.DOTALL))
    return re.compile("|".join(words)), tuple(closings)
