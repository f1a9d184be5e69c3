"""Users' regular expressions, matched by RE2: linear in the value whatever the pattern."""

from __future__ import annotations

import string
from functools import lru_cache

import re2

_ESCAPES = {"d": string.digits, "w": string.ascii_letters + string.digits + "_"}
_LITERAL_ESCAPES = frozenset("-_.]/+=[^\\")
_REPEATS = {"": (1, 1), "+": (1, None), "*": (0, None), "?": (0, 1)}


def pattern_problem(pattern: str) -> str | None:
    """Why RE2 refuses a pattern, or None where it is good."""
    try:
        _compiled(pattern)
    except re2.error as error:
        reason = error.args[0] if error.args else "not a regular expression"
        return reason.decode() if isinstance(reason, bytes) else str(reason)
    except UnicodeEncodeError:
        return "it contains a lone surrogate"
    return None


def pattern_matches(pattern: str, value: str) -> bool:
    """Whether the pattern matches the whole of the value."""
    try:
        return _compiled(pattern).fullmatch(value) is not None
    except UnicodeEncodeError:  # a lone surrogate: bytes that were not UTF-8
        return False


def pattern_found(pattern: str, value: str) -> bool:
    """Whether the pattern matches somewhere in the value."""
    try:
        return _compiled(pattern).search(value) is not None
    except UnicodeEncodeError:
        return False


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re2._Regexp[str]:
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def one_class(pattern: str) -> tuple[str, int, int | None] | None:
    """A pattern that is one ASCII character class with a repeat: its characters, least and most.

    None where it is anything else, as in `a|b`, `[^a]` or `[a-z]+x`.
    """
    if pattern[:2] in ("\\d", "\\w"):
        allowed: str | None = _ESCAPES[pattern[1]]
        repeat = pattern[2:]
    elif pattern.startswith("["):
        end = _class_end(pattern)
        allowed, repeat = _members(pattern[1:end]), pattern[end + 1 :]
    else:
        return None
    bounds = _bounds(repeat)
    return None if not allowed or bounds is None else (allowed, *bounds)


def _class_end(pattern: str) -> int:
    at = 1
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at


def _members(inside: str) -> str | None:
    if inside.startswith("^") or not inside.isascii() or not inside.isprintable():
        return None
    singles: list[str] = []
    found: set[str] = set()
    at = 0
    while at < len(inside):
        char = inside[at]
        if char == "\\":
            following = inside[at + 1 : at + 2]
            if following in _ESCAPES:
                found.update(_ESCAPES[following])
            elif following in _LITERAL_ESCAPES and following:
                singles.append(following)
            else:
                return None
            at += 2
        elif char == "[":
            return None
        elif inside[at + 1 : at + 2] == "-" and at + 2 < len(inside):
            last = inside[at + 2]
            if last in "\\[" or last < char:
                return None
            found.update(map(chr, range(ord(char), ord(last) + 1)))
            at += 3
        else:
            singles.append(char)
            at += 1
    return "".join(sorted(found.union(singles)))


def _bounds(repeat: str) -> tuple[int, int | None] | None:
    if repeat in _REPEATS:
        return _REPEATS[repeat]
    if not (repeat.startswith("{") and repeat.endswith("}")):
        return None
    low, comma, high = repeat[1:-1].partition(",")
    if not (low.isascii() and low.isdigit()) or (high and not (high.isascii() and high.isdigit())):
        return None
    if not comma:
        return int(low), int(low)
    return int(low), int(high) if high else None
