"""Users' regular expressions, matched by RE2: linear in the value whatever the pattern."""

from __future__ import annotations

import re
from functools import lru_cache

import re2

_ONE_CLASS = re.compile(
    r"(\\[dw]|\[(?!\^)(?:[ -Z^-~]|\\[dw_.\]/+=\[^\\-])+\])(|[+*?]|\{([0-9]+)(?:(,)([0-9]*))?\})"
)
"""A class of printable ASCII characters, and how often they come."""
_REPEATS = {"": (1, 1), "+": (1, None), "*": (0, None), "?": (0, 1)}


def pattern_problem(pattern: str) -> str | None:
    """Why RE2 refuses a pattern, or None if it is valid."""
    try:
        _compiled(pattern)
    except re2.error as error:
        reason = error.args[0] if error.args else "not a regular expression"
        return reason.decode() if isinstance(reason, bytes) else str(reason)
    except UnicodeEncodeError:
        return "it contains a lone surrogate"
    if _SLASHED.fullmatch(pattern):
        return "remove the slashes around it, which only JavaScript needs"
    return None


_SLASHED = re.compile(r"/\^.*/[a-z]*|/.*\$/[a-z]*", re.DOTALL)
"""A regular expression as JavaScript has it: within slashes, where an anchor matches nothing."""


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

    None if it is anything else, as in `a|b`, `[^a]` or `[a-z]+x`.
    """
    found = _ONE_CLASS.fullmatch(pattern)
    if found is None or pattern_problem(pattern) is not None:
        return None
    members, repeat, low, comma, high = found.groups()
    allowed = "".join(c for c in map(chr, range(32, 127)) if pattern_matches(members, c))
    if repeat in _REPEATS:
        return (allowed, *_REPEATS[repeat])
    return allowed, int(low), (int(high) if high else None) if comma else int(low)
