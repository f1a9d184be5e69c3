"""What was copied along with a secret: its name, quotes of a word processor, a comma."""

from __future__ import annotations

from collections.abc import Iterator

from assay.model import Rule, Violation

CLUTTERED = Rule(
    code="variable-extra-characters",
    message="{name} has {what}",
    remedy="Save {name} again without {it}.",
    why="A secret that is copied from a file, a chat or a document often brings along what "
    "surrounds it there. Programs don't remove that, so keys get the wrong length and tokens are "
    "rejected.",
    bad="KEY='KEY=9e107d9d372bb6826bd81d3542a419d6'",
    good="KEY=9e107d9d372bb6826bd81d3542a419d6",
    formerly=("variable-cluttered",),
)

RULES = (CLUTTERED,)

LEAST = 16
"""Characters of an encoded secret; shorter texts may be made of anything."""


def clutter(name: str, value: str, *, encoded: bool) -> Iterator[Violation]:
    """What is around or within a secret that has no form of its own; `encoded` as its type says."""
    what, it = _found(name, value, encoded=encoded)
    if what:
        yield CLUTTERED.violated(what=what, it=it)


def _found(name: str, value: str, *, encoded: bool) -> tuple[str, str]:
    if value.startswith((f"{name}=", f"export {name}=")):
        return "its own name in front of the value", "the name and the `=`"
    if any(mark in value for mark in _INVISIBLE):
        return "an invisible character, such as a byte order mark", "invisible characters"
    if value[0] in _OPENING or value[-1] in _CLOSING:
        return "curly quotes from a word processor", "the quotes"
    if value[0] in "\"'`" and _of_one_piece(value[1:]):
        return "an unclosed quote at the start", "the quote"
    if value.endswith(("\\n", "\\r")):
        return f"a backslash and the letter {value[-1]} at the end", "those two characters"
    if value[-1] in _MARKS and _of_one_piece(value[:-1]):
        return f"a {_MARKS[value[-1]]} at the end", f"the {_MARKS[value[-1]]}"
    pieces = value.split()
    if len(pieces) > 1 and max(map(len, pieces)) >= LEAST:
        joined = "".join(pieces)
        if _HEX.issuperset(joined) or (encoded and _of_one_piece(joined)):
            return "whitespace inside the value", "whitespace"
    return "", ""


def _of_one_piece(text: str) -> bool:
    """Whether a text is like hex or base64: long, with digits, and nothing between."""
    letters = _TOKEN.issuperset(text.rstrip("="))
    return len(text) >= LEAST and letters and any(c.isdigit() for c in text)


_INVISIBLE = "\ufeff\u200b\u200e\u200f\u2060"
_OPENING = "\u201c\u201d\u201e\u2018\u2019\u201a\u00ab"
_CLOSING = "\u201c\u201d\u2018\u2019\u00bb"
_MARKS = {",": "comma", ";": "semicolon"}
_HEX = frozenset("0123456789abcdefABCDEF")
_TOKEN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")
