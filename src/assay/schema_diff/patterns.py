"""Patterns for what databases call things: RE2's, whose time grows with the text alone."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def pattern(text: str) -> Any:
    """A pattern that is compiled when it is first needed."""
    import re2

    return re2.compile(text)
