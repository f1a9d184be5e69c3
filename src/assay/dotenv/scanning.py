"""What the dialects' readers share: character classes, and steps through a text."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
WORD_IN_ANY_CASE = WORD + "\u017f\u212a"
"""`/[A-Z0-9_]/i` folds case beyond ASCII: the long s and the Kelvin sign are letters of a name."""


def skip(text: str, at: int, characters: str) -> int:
    """Return the offset of the first character from `at` on that is not one of `characters`."""
    last = len(text)
    while at < last and text[at] in characters:
        at += 1
    return at


def find_or_end(text: str, wanted: str, at: int, last: int | None = None) -> int:
    """Return the offset of the first `wanted` from `at` on, or that of the end."""
    found = text.find(wanted, at, last)
    if found != -1:
        return found
    return len(text) if last is None else last


def closing_quote(text: str, opening: int) -> int:
    """Return where the quote closes, or -1; a backslash takes any next character with it."""
    quote = text[opening]
    done = opening + 1
    close = text.find(quote, done)
    while close != -1:
        run = close
        while run > done and text[run - 1] == "\\":
            run -= 1
        if (close - run) % 2 == 0:
            return close
        done = close + 1
        close = text.find(quote, done)
    return -1


def replaced(
    text: str,
    mark: str,
    replacement: Callable[[int, int], tuple[int, int, str] | None],
    start: int = 0,
    stop: int | None = None,
) -> str:
    """Return a text in which the constructs that begin with `mark` are replaced.

    `replacement` gets the offset of a mark and that up to which all is done; it returns the start
    and the end of the construct with its replacement, or None if the mark begins none.
    """
    parts, done = [], start
    at = text.find(mark, start, stop)
    while at != -1:
        found = replacement(at, done)
        if found is None:
            at = text.find(mark, at + 1, stop)
        else:
            begin, end, made = found
            parts += [text[done:begin], made]
            done = end
            at = text.find(mark, done, stop)
    return "".join([*parts, text[done:stop]])


def unescaped(text: str, mark: str, meanings: Mapping[str, str]) -> str:
    """Return a text in which a mark and the character after it stand for what that means."""

    def meant(at: int, _: int) -> tuple[int, int, str] | None:
        made = meanings.get(text[at + 1 : at + 2])
        return None if made is None else (at, at + 2, made)

    return replaced(text, mark, meant)
