"""What happens to the text of a variable on its way: into a file, a form, a shell, and out again.

`cleaned` undoes what may have been done to a text since something was encrypted with it; `spoils`
does what may have been done to it then. Each comes with words that follow the variable's name.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import unquote

from assay.crypto.decodings import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DEPTH = 3
"""How many changes are undone, one after the other."""
_MOST = 32
"""Texts that are followed."""
_QUOTES = {'"': '"', "'": "'", "`": "`", "\u201c": "\u201d", "\u2018": "\u2019", "\u201e": "\u201c"}
_EITHER = "".join({*_QUOTES, *_QUOTES.values()})
_NAME = re.compile(r"(export\s+|set\s+|\$env:)?[A-Za-z_]\w*\s?[=:]\s?(?=\S)")
_COMMENT = re.compile(r"\s+(#|//).*", re.DOTALL)
_INVISIBLE = re.compile("[\u00ad\u200b\u200c\u200d\u2060\ufeff]")
_TYPED = str.maketrans(
    "\u2010\u2011\u2012\u2013\u2014\u2212\u2018\u2019\u201c\u201d", "------''\"\""
)
_EXPANDED = re.compile(r"\$(\{\w+\}|\w+)")
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{16,}")
_MARK = "\ufeff"
_WITHOUT = "without the"


def cleaned(text: str) -> Iterator[tuple[str, str]]:
    """Texts that this one may have been before it was damaged, and what undoes that."""
    waiting = [("", text, 0)]
    seen = {text}
    while waiting:
        words, now, depth = waiting.pop(0)
        for undo in _UNDOING:
            for more, found in undo(now):
                if not found or found in seen or len(seen) > _MOST:
                    continue
                seen.add(found)
                same = words.startswith(_WITHOUT) and more.startswith(_WITHOUT)
                told = f"{words} and {more.partition(' ')[2] if same else more}" if words else more
                yield told, found
                if depth + 1 < _DEPTH:
                    waiting.append((told, found, depth + 1))


def _around(text: str) -> Iterator[tuple[str, str]]:
    found = text.strip()
    if found != text:
        end = text[len(text.rstrip()) :]
        newline = not text[:1].isspace() and end.strip("\r\n") == ""
        yield f"without the {'newline after' if newline else 'white space around'} it", found


def _unpadded(text: str) -> Iterator[tuple[str, str]]:
    if len(text) % 4 in (2, 3) and _BASE64.fullmatch(text):
        yield "with the = that it lacks at its end", text + "=" * (-len(text) % 4)


def _quoted(text: str) -> Iterator[tuple[str, str]]:
    if len(text) < 3:
        return
    if _QUOTES.get(text[0]) == text[-1]:
        yield "without the quotes around it", text[1:-1]
    elif (text[0] in _EITHER) is not (text[-1] in _EITHER):
        where = "before" if text[0] in _EITHER else "after"
        yield f"without the quote {where} it", text.strip(_EITHER)


def _assigned(text: str) -> Iterator[tuple[str, str]]:
    found = _NAME.match(text)
    if found is not None:
        name = found[0].rstrip()
        called = f"prefix {name}" if name in PREFIXES else name
        yield f"without the {called} before it", text[found.end() :]


def _ended(text: str) -> Iterator[tuple[str, str]]:
    for mark, words in ((";", "semicolon"), (",", "comma"), (".", "full stop")):
        if text.endswith(mark):
            yield f"without the {words} after it", text[:-1]
    found = _COMMENT.sub("", text)
    if found != text:
        yield "without the comment after it", found


def _repeated(text: str) -> Iterator[tuple[str, str]]:
    half, rest = divmod(len(text), 2)
    if not rest and text[:half] == text[half:]:
        yield "without its second copy", text[:half]
    lines = text.split()
    if len(lines) == 2 and lines[0] == lines[1]:
        yield "without its second copy", lines[0]
    elif "\n" in text.strip():
        yield "cut after its first line", text.strip().splitlines()[0].rstrip("\r")


def _unseen(text: str) -> Iterator[tuple[str, str]]:
    if text.startswith(_MARK):
        yield "without the byte order mark before it", text[1:]
    found = _INVISIBLE.sub("", text)
    if found != text:
        yield "without the zero-width characters in it", found


def _spaced(text: str) -> Iterator[tuple[str, str]]:
    inner = text.strip()
    found = "".join(inner.split())
    if found != inner:
        yield "without the white space inside it", found
        if " " in inner:
            yield "with + instead of each space", inner.replace(" ", "+")


def _encoded(text: str) -> Iterator[tuple[str, str]]:
    found = unquote(text) if "%" in text else text
    if found != text:
        yield "with its percent-encoding undone", found
    if len(text) < 16 or len(text) % 4:
        return
    try:
        inner = base64.b64decode(text, validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return
    if inner.strip().isprintable():
        yield "decoded from base64", inner


def _typed(text: str) -> Iterator[tuple[str, str]]:
    if text.isascii():
        return
    found = text.translate(_TYPED)
    if found != text:
        yield "with hyphens and straight quotes instead of typographic ones", found
    composed, apart = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    if composed != text:
        yield "with its accents composed (NFC of Unicode)", composed
    if apart != text:
        yield "with its accents decomposed (NFD of Unicode)", apart


_UNDOING: tuple[Callable[[str], Iterator[tuple[str, str]]], ...] = (
    *(_unseen, _around, _quoted, _assigned, _ended, _repeated, _spaced, _encoded, _typed),
    _unpadded,
)


def spoils(text: str) -> Iterator[tuple[str, str]]:
    """Texts that this one may have been made into when something was encrypted with it."""
    yield from (
        ("with a newline after it", text + "\n"),
        ("with a carriage return and a newline after it", text + "\r\n"),
        ("with a carriage return after it", text + "\r"),
        ("with a space after it", text + " "),
        ("with a space before it", " " + text),
        ("in double quotes", f'"{text}"'),
        ("in single quotes", f"'{text}'"),
        ("in double quotes and with a newline after it", f'"{text}"\n'),
        ("with a byte order mark before it", _MARK + text),
        ("in capitals", text.upper()),
        ("in small letters", text.lower()),
        ("with the newlines that it spells as \\n", text.replace("\\n", "\n")),
        ("with each newline spelled as \\n", text.replace("\n", "\\n")),
        ("cut after its first line", text.split("\n", maxsplit=1)[0].rstrip("\r")),
        ("cut at its #, which began a comment", text.split("#", maxsplit=1)[0].rstrip()),
        ("cut at its space", text.split(" ", maxsplit=1)[0]),
    )
    if "$" in text:
        yield "with what follows its $ expanded to nothing", _EXPANDED.sub("", text)
        yield "with $$ expanded to $", text.replace("$$", "$")
        yield "with a backslash before each $", text.replace("$", "\\$")
        yield "without the backslash before each $", text.replace("\\$", "$")
    if "\\" in text:
        yield "without its backslashes", text.replace("\\", "")
