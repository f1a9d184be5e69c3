"""Users' regular expressions, matched by RE2: linear in the value whatever the pattern."""

from __future__ import annotations

import re2


def pattern_problem(pattern: str) -> str | None:
    """Why RE2 refuses a pattern, or None where it is good."""
    try:
        _compiled(pattern)
    except re2.error as error:
        reason = error.args[0] if error.args else "not a regular expression"
        return reason.decode() if isinstance(reason, bytes) else str(reason)
    return None


def pattern_matches(pattern: str, value: str) -> bool:
    """Whether the pattern matches the whole of the value."""
    return _compiled(pattern).fullmatch(value) is not None


def _compiled(pattern: str) -> re2._Regexp[str]:
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)
