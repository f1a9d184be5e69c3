"""Distinguishes a generated .env file from a copy that was filled in, whose values would be lost.

People copy `.env.example` and fill it in, with the header that says that it was generated. So a
document with assignments ends with a checksum of those that assay wrote. They aren't secret: the
spec gives them.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

from assay.hygiene.naming import HIDDEN, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ASSIGNMENT = re.compile(
    r"^[ \t]*(?:#[ \t]*)?(?:export[ \t]+)?"
    r"(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*(?P<value>.*?)\s*$"
)
_SUM = re.compile(r"^# assay:values (?P<sum>[0-9a-f]{16})\r?$", re.MULTILINE)
_LIKE_ENV = re.compile(r"(?:^|[._-])env(?:rc)?(?:[._-]|$)", re.IGNORECASE)


class Assignment(NamedTuple):
    """A line that gives a variable a value."""

    name: str
    value: str


def holds_values(path: str, kinds: Iterable[str]) -> bool:
    """Whether a document is one that people fill in: by its kind, or by the name of its file."""
    return "env-example" in kinds or bool(_LIKE_ENV.search(path.rpartition("/")[2]))


def is_like_env(path: str, text: str) -> bool:
    """Whether a file consists of assignments, whatever it is called."""
    code = [line for line in text.split("\n") if line.strip() and line.lstrip()[:1] != "#"]
    given = [line for line in code if assignment(line) is not None]
    return not path.endswith(".py") and 2 * len(given) > len(code)


def assignment(line: str) -> Assignment | None:
    """The assignment in a line, even one that was commented out; None if there is none."""
    found = _ASSIGNMENT.match(line)
    return None if found is None else Assignment(found["name"], found["value"])


def with_sum(text: str) -> str:
    """A text that says at its end which values it was generated with, if it has any."""
    given = list(_given(text))
    return f"{text.rstrip()}\n\n# assay:values {_sum(given)}\n" if given else text


def lost(before: str, after: str) -> list[str]:
    """The variables whose values in `before` nobody has elsewhere once it is replaced."""
    had = list(_given(before))
    sums = [found["sum"] for found in _SUM.finditer(before)]
    if sums[-1:] == [_sum(had)]:
        return []  # just as it was generated
    kept = set(_given(after))
    named = {one.name for one in map(assignment, after.split("\n")) if one is not None}
    gone = dict.fromkeys(one.name for one in had if one not in kept)
    return [name if name in named or shown(name) == name else HIDDEN for name in gone]


def _given(text: str) -> Iterator[Assignment]:
    for line in text.split("\n"):
        one = assignment(line)
        if one is not None and one.value not in ("", "''", '""'):
            yield one


def _sum(given: Iterable[Assignment]) -> str:
    text = "".join(f"{one.name}={one.value}\n" for one in given)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
