"""SQL expressions of defaults and checks: in one spelling, and shown without their literals.

A default may be a password that somebody put there. So nothing of an expression is shown but what
is certain to be none: the words of SQL, names of columns and functions, signs and short numbers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from assay.unseen import unseen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

DIGITS = 6
"""Of numbers that are shown."""
HIDDEN = "…"
_TOKEN = re.compile(
    r"""
    (?P<text>(?:[uU]&|[eExXbBnN])?'(?:[^']|'')*(?:'|\Z))
    |\$(?P<tag>[A-Za-z_]\w*|)\$.*?(?:\$(?P=tag)\$|\Z)
    |(?P<name>"(?:[^"]|"")*(?:"|\Z)|`[^`]*(?:`|\Z)|\[[A-Za-z_][\w ]*\])
    |(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))
    |(?P<number>[0-9][\w.]*)
    |(?P<word>[^\W\d][\w$]*)
    |(?P<space>\s+)
    |(?P<cast>::)
    |(?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_NAME = r"""(?:"(?:[^"]|"")*"|[A-Za-z_][\w$]*)"""
_ZONE = r"(?:\s+with(?:out)?\s+time\s+zone)?"
_TYPE = re.compile(
    rf"\s*{_NAME}(?:\.{_NAME})?(?:\s+(?:varying|precision))?{_ZONE}(?:\([0-9, ]*\))?{_ZONE}"
    r"(?:\[\])*",
    re.IGNORECASE,
)
_SEQUENCE = re.compile(r"nextval\(.*\)", re.DOTALL)
_SQL = frozenset(
    """
    all and any array as asc between bigint bit bool boolean bpchar bytea case cast char character
    collate current_catalog current_date current_role current_schema current_time current_timestamp
    current_user date day decimal default desc distinct double else end escape exists false for from
    glob hour ilike in integer interval is isnull json jsonb like localtime localtimestamp match
    minute mod month not notnull null numeric on or oid over precision real regclass regexp row
    second session_user similar smallint some symmetric system_user text then time timestamp
    timestamptz to true unknown user using uuid varchar varying when where with without year zone
    """.split()  # noqa: SIM905 - one word a line would hide the rest of the module
)


@unseen("shown")
class Expression(NamedTuple):
    """An expression in two guises."""

    full: str
    """In one spelling; it may hold a secret."""
    shown: str
    """The same with `…` for what may be a secret."""

    @property
    def hides(self) -> bool:
        """Whether something of it is not shown."""
        return self.full != self.shown


def expression(text: str, names: Collection[str] = ()) -> Expression:
    """An expression in one spelling, in which spaces, case and brackets around it say nothing.

    Casts of literals are left out, which PostgreSQL adds by itself. Sequences have other names in
    other databases, so that only their being one is told. `names` are those of columns.
    """
    known = {name.lower() for name in names}
    full: list[str] = []
    shown: list[str] = []
    for sort, word, called in _words(text):
        full.append(word)
        shown.append(_shown(sort, word, known, called=called))
    one = _bare("".join(full).strip())
    if _SEQUENCE.fullmatch(one):
        return Expression("nextval(…)", "nextval(…)")
    return Expression(one, _bare("".join(shown).strip()))


def _words(text: str) -> Iterator[tuple[str, str, bool]]:
    """The sort and text of each token, and whether it is called as a function."""
    at = 0
    literal = False
    while (found := _TOKEN.match(text, at)) is not None:
        at = found.end()
        sort, word = found.lastgroup or "", found[0]
        if sort == "cast" and literal and (type_ := _TYPE.match(text, at)):
            at = type_.end()
            continue
        literal = sort in ("text", "tag")
        if sort in ("space", "comment"):
            sort, word = "space", " "
        yield sort, word.lower() if sort == "word" else word, text[at : at + 1] == "("


def _shown(sort: str, word: str, known: Collection[str], *, called: bool) -> str:
    match sort:
        case "text" | "tag":
            return f"'{HIDDEN}'"
        case "name":
            return word if word[1:-1].lower() in known else f'"{HIDDEN}"'
        case "number":
            return word if len(word) <= DIGITS else HIDDEN
        case "word":
            return word if called or word in known or word in _SQL else HIDDEN
        case _:
            return word


def _bare(text: str) -> str:
    """Without brackets around the whole."""
    while text.startswith("(") and _closes(text) == len(text) - 1:
        text = text[1:-1].strip()
    return text


def _closes(text: str) -> int:
    """Where the bracket closes that a text begins with; -1 where it does not."""
    depth = 0
    for found in _TOKEN.finditer(text):
        if found.lastgroup == "sign":
            depth += {"(": 1, ")": -1}.get(found[0], 0)
            if not depth:
                return found.start()
    return -1
