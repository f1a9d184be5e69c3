"""SQL expressions in pieces, in time that grows with their length alone: servers send them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE = r"""(?xs)
    (?P<text>
        (?: [eExXbBnN] | u& | U& )? '[^']*(?:''[^']*)* (?:'|\Z)
        | \$ (?P<tag> (?:[^\W\d]\w*)? ) \$ .*? (?: \$(?P=tag)\$ | \Z )
    )
    | (?P<name> "[^"]*(?:""[^"]*)* (?:"|\Z) | `[^`]* (?:`|\Z) | {bracketed} )
    | (?P<comment> --[^\n]* | /\* .*? (?: \*/ | \Z ) )
    | (?P<number> [0-9][\w.]* )
    | (?P<word> [^\W\d][\w$]* )
    | (?P<space> \s+ )
    | (?P<cast> :: )
    | (?P<sign> . )
"""
"""No two ways lead through a text, so that nothing is looked at again and again."""
_PIECES = re.compile(_PIECE.replace("{bracketed}", r"\[[A-Za-z_][\w\s]*\]"))
_BRACKETED = re.compile(_PIECE.replace("{bracketed}", r"\[[^\]]* (?:\]|\Z)"))


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
    for found in (_BRACKETED if bracketed else _PIECES).finditer(text):
        yield found.lastgroup or "sign", found.start(), found.end()
