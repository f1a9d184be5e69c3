"""SQL expressions in pieces, in time that grows with their length alone: servers send them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LETTERS = frozenset("eExXbBnN")
"""What may stand before a literal."""


@cache
def pattern(text: str) -> Any:
    """A pattern of RE2, whose time grows with the text alone; compiled when it is first needed."""
    import re2

    return re2.compile(text)


def pieces(text: str, *, bracketed: bool = False) -> Iterator[tuple[str, int, int]]:
    """The kind of each piece, where it begins and where it ends. Nothing is left out.

    The sorts are `text` (a literal), `name` (a quoted one), `word`, `number`, `comment`, `space`,
    `cast` (`::`) and `sign`, which is one character. If names are `bracketed`, whatever stands in
    square brackets is one.
    """
    at = 0
    while at < len(text):
        sort, end = _piece(text, at, bracketed=bracketed)
        yield sort, at, end
        at = end


def _piece(text: str, at: int, *, bracketed: bool) -> tuple[str, int]:
    character, pair = text[at], text[at : at + 2]
    if (opening := _opening(text, at)) >= 0:
        return "text", quoted(text, opening)
    if character == "$" and (end := _dollar(text, at)):
        return "text", end
    if character == "[" and bracketed:
        return "name", _after(text, "]", at + 1)
    if character in '"`':
        return "name", quoted(text, at, doubled=character == '"')
    if character == "[" and (end := _bracket(text, at)):
        return "name", end
    if pair in ("--", "/*"):
        return "comment", _after(text, "\n" if pair == "--" else "*/", at + 2, pair == "--")
    if "0" <= character <= "9":
        return "number", _run(text, at, lambda each: _is_word(each) or each == ".")
    if _begins(character):
        return "word", _run(text, at, lambda each: _is_word(each) or each == "$")
    if character.isspace():
        return "space", _run(text, at, str.isspace)
    return ("cast", at + 2) if pair == "::" else ("sign", at + 1)


def _opening(text: str, at: int) -> int:
    """Where the quote of a literal is; -1 if none begins here."""
    if text[at] == "'":
        return at
    if text[at] in _LETTERS and text[at + 1 : at + 2] == "'":
        return at + 1
    return at + 2 if text[at : at + 3] in ("u&'", "U&'") else -1


def quoted(text: str, at: int, *, doubled: bool = True) -> int:
    """Where what is quoted at `at` ends; quotes within it may be doubled."""
    quote = text[at]
    end = at + 1
    while (found := text.find(quote, end)) >= 0:
        end = found + 1
        if not doubled or text[end : end + 1] != quote:
            return end
        end += 1
    return len(text)


def _dollar(text: str, at: int) -> int:
    """Where a literal between `$tag$` ends; 0 if none begins here."""
    end = at + 1
    if _begins(text[end : end + 1]):
        end = _run(text, end, _is_word)
    if text[end : end + 1] != "$":
        return 0
    return _after(text, text[at : end + 1], end + 1)


def _bracket(text: str, at: int) -> int:
    """Where a name in brackets ends; 0 if none begins here."""
    if not (text[at + 1 : at + 2].isascii() and _begins(text[at + 1 : at + 2])):
        return 0
    end = _run(text, at + 1, lambda each: _is_word(each) or each.isspace())
    return end + 1 if text[end : end + 1] == "]" else 0


def _after(text: str, mark: str, start: int, before: bool = False) -> int:
    """Where a mark ends, or begins; the end of the text if there is none."""
    found = text.find(mark, start)
    return len(text) if found < 0 else found if before else found + len(mark)


def _run(text: str, at: int, goes_on: Callable[[str], bool]) -> int:
    while at < len(text) and goes_on(text[at]):
        at += 1
    return at


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _begins(character: str) -> bool:
    """Whether a word begins so; the empty text doesn't."""
    return character == "_" or (character.isalnum() and not character.isdecimal())
