"""Spellings: what to write after `NAME=` so that a dialect reads back a given value.

Each dialect has a few forms; a form counts only if the dialect's own reader reads it back, alone
and with a line after it, without looking up any variable.
"""

from __future__ import annotations

from assay.dotenv.error import DotenvError
from assay.dotenv.parsing import parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_SAFE_IN_SHELL = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+,=-")
_NAME, _NEXT = "A", "\nZ=1\n"


def spelled(value: str, dialect: str) -> str:
    """Return the first spelling that reads back; raise DotenvError if none does."""
    for form in _forms(value, dialect):
        if _reads_back(value, form, dialect):
            return form
    raise DotenvError(
        f"the value can't be written in the dialect {dialect}",
        "expected a value without the newlines or quotes that it can't contain",
    )


def _reads_back(value: str, form: str, dialect: str) -> bool:
    for rest in ("", _NEXT):
        document = parse(f"{_NAME}={form}{rest}", dialect)
        expected = {_NAME: value, "Z": "1"} if rest else {_NAME: value}
        if document.errors or document.values != expected:
            return False
        entry = document.winner(_NAME)
        if entry is None or entry.references or entry.executes:
            return False
    return True


def _forms(value: str, dialect: str) -> Iterator[str]:
    if dialect == "docker":
        yield value
    elif dialect == "shell":
        if set(value) <= _SAFE_IN_SHELL:
            yield value
        yield "'" + value.replace("'", "'\\''") + "'"
    else:
        body = value.replace("$", "\\$") if dialect == "next" else value
        yield body
        yield from (f"{mark}{body}{mark}" for mark in "\"'`")
        if dialect == "compose":
            yield "'" + value.replace("'", "\\'") + "'"
        yield from (f'"{form}"' for form in _escaped(value, body, dialect))


def _escaped(value: str, body: str, dialect: str) -> Iterator[str]:
    """What may stand between double quotes."""
    slashed = value.replace("\\", "\\\\").replace('"', '\\"')
    if dialect == "compose":
        yield slashed.replace("$", "$$")
    elif dialect == "ruby":
        yield slashed.replace("$", "\\$")
        yield slashed
    elif dialect == "python":
        # a dollar sign before a brace cannot be escaped, but it can be the default of no name
        yield slashed.replace("\r", "\\r").replace("${", "${:-$}{")
    else:
        yield body.replace("\r", "\\r")
        yield body.replace("\r", "\\r").replace("\n", "\\n")
