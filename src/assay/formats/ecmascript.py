"""Patterns for JSON Schemas, which are ECMAScript's and have no flags."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PORTABLE = re.compile(
    r"(?:[A-Za-z0-9 _@%&,;:=/!~#<>'\"-]|\\[dws.\\/?+*()|\[\]{}^$-]"
    r"|\[[A-Za-z0-9_. @%&,;:=/!~#+*?()-]+\]|[.+*?|)]|\((?!\?)|\(\?:|\{\d+(?:,\d*)?\})+"
)


def portable(pattern: str) -> bool:
    """Whether an RE2 pattern means the same in ECMAScript, as far as a glance shows."""
    return _PORTABLE.fullmatch(pattern) is not None


def any_case(texts: Iterable[str]) -> str:
    """What matches each of some ASCII texts in upper or lower case."""
    return f"(?:{'|'.join(''.join(map(_either, text)) for text in texts)})"


def _either(char: str) -> str:
    if char.isalpha():
        return f"[{char.lower()}{char.upper()}]"
    return f"\\{char}" if char in "\\^$.*+?()[]{}|/" else char  # others may not be escaped there
