"""SQL expressions of defaults and checks: in one spelling, and shown without their literals.

A default may be a password that somebody put there. So nothing of an expression is shown but what
is certain to be none: the words of SQL, names of columns and functions, signs and short numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assay.redacted import redacted
from assay.schema_diff.lexing import pattern, pieces

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

DIGITS = 6
"""Of numbers that are shown."""
HIDDEN = "…"
_NAME = r"""(?:"(?:[^"]|"")*"|[A-Za-z_][\w$]*)"""
_ZONE = r"(?:\s+with(?:out)?\s+time\s+zone)?"
_TYPE = (
    rf"(?i)\s*{_NAME}(?:\.{_NAME})?(?:\s+(?:varying|precision))?{_ZONE}(?:\([0-9, ]*\))?{_ZONE}"
    r"(?:\[\])*"
)
_LONGEST = 2**16
"""Characters of an expression that is looked into."""
_LONGEST_TYPE = 400
"""Characters that the name of a type may take, with its schema and its length."""
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


@redacted("shown")
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
    other databases, so that only their being one is reported. `names` are those of columns.
    """
    if len(text) > _LONGEST:  # nobody reads it, and each column may have one
        return Expression(text, HIDDEN)
    known = {name.lower() for name in names}
    words = list(_words(text))
    begin, end = _bare(words)
    full = "".join(word for _, word, _ in words[begin:end]).strip()
    if full.startswith("nextval(") and full.endswith(")"):
        return Expression("nextval(…)", "nextval(…)")
    shown = (_shown(sort, word, known, called=called) for sort, word, called in words[begin:end])
    return Expression(full, "".join(shown).strip())


def _words(text: str) -> Iterator[tuple[str, str, bool]]:
    """The sort and text of each piece, and whether it is called as a function."""
    past = 0
    literal = False
    for sort, at, end in pieces(text):
        if at < past:  # of a type that is left out
            continue
        if sort == "cast" and literal and (length := _type_length(text[end : end + _LONGEST_TYPE])):
            past = end + length
            continue
        literal = sort == "text"
        word = text[at:end]
        if sort in ("space", "comment"):
            sort, word = "space", " "  # noqa: PLW2901
        yield sort, word.lower() if sort == "word" else word, text[end : end + 1] == "("


def _type_length(text: str) -> int:
    """How many characters of a text are the name of a type that it begins with."""
    found = pattern(_TYPE).match(text)
    return found.end() if found else 0


def _shown(sort: str, word: str, known: Collection[str], *, called: bool) -> str:
    match sort:
        case "text":
            return f"'{HIDDEN}'"
        case "name":
            return word if word[1:-1].lower() in known else f'"{HIDDEN}"'
        case "number":
            return word if len(word) <= DIGITS else HIDDEN
        case "word":
            return word if called or word in known or word in _SQL else HIDDEN
        case _:
            return word


def _bare(words: Sequence[tuple[str, str, bool]]) -> tuple[int, int]:
    """Where an expression begins and ends without the brackets around the whole of it."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for index, (_, word, _) in enumerate(words):
        if word == "(":
            opened.append(index)
        elif word == ")" and opened:
            closing[opened.pop()] = index
    begin, end = 0, len(words)
    while begin < end:
        if words[begin][0] == "space":
            begin += 1
        elif words[end - 1][0] == "space":
            end -= 1
        elif closing.get(begin) == end - 1:
            begin, end = begin + 1, end - 1
        else:
            break
    return begin, end
