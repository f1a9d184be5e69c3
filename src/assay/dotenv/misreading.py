"""Spots values that a loader takes, but not as whoever wrote them meant: cut, or with too much."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from assay.dotenv.document import DotenvEntry

CUT = "cut"
"""A `#` right after text, or right after `=`, began a comment."""
COMMENT = "comment"
"""A comment became part of the value."""
PERHAPS_COMMENT = "perhaps-comment"
"""As before, but it may be meant: `to #general`."""
QUOTE = "quote"
"""A quote that is never closed became part of the value."""
REST = "rest"
"""Quotes became part of the value because text follows them."""

_QUOTES = ("'", '"', "`")
_COMMENT = re.compile(r"(?:^|\s)#(?=\s|$)")
_PERHAPS = re.compile(r"\s#")


def misreading(entry: DotenvEntry) -> str:
    """Which of the above happened to an entry's value; empty if nothing did."""
    if entry.quote or entry.executes:
        return ""
    raw, source, end = entry.raw, entry.source, entry.value_end
    mark = raw[:1]
    if "#" not in raw and mark not in _QUOTES and not source.text.startswith("#", end):
        return ""
    rest = source.text[end : source.line_end(end)]
    if mark in _QUOTES and raw.count(mark) == 1 and mark not in rest:
        return QUOTE
    if rest.startswith("#"):
        # with a blank before it, or after it and no value, it is a comment
        glued = not source.text[end - 1].isspace() and (raw or rest[1:2].strip())
        return CUT if glued else ""
    if mark in _QUOTES and raw.endswith(mark):
        return ""  # the quotes stay, which is worse
    if _COMMENT.search(raw):
        return COMMENT
    if mark in _QUOTES and raw.count(mark) == 2 and "<" not in raw:  # "Shop" <shop@example.com>
        return REST
    return PERHAPS_COMMENT if _PERHAPS.search(raw) else ""
