"""Spellings: what to write after `NAME=` so that a dialect reads back a given value.

Each dialect has a few forms; a form counts only if the dialect's own reader reads it back, alone
and with a line after it, without looking up any variable.
"""

from __future__ import annotations

from assay.dotenv import parse
from assay.dotenv.error import DotenvError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_SAFE_IN_SHELL = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+,=-")
_NAME, _NEXT = "A", "\nZ=1\n"


def spelled(value: str, dialect: str) -> str:
    """Return the first spelling that reads back; raise DotenvError where none does."""
    for form in _forms(value, dialect):
        if _reads_back(value, form, dialect):
            return form
    reason = f"the value can't be written in the dialect {dialect}"
    raise DotenvError(
        reason, "expected a value without the newlines or quotes that it can't contain"
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
        for mark in ('"', "'", "`"):
            yield f"{mark}{body}{mark}"
        yield from _escaped(value, body, dialect)


def _escaped(value: str, body: str, dialect: str) -> Iterator[str]:
    if dialect == "compose":
        yield "'" + value.replace("'", "\\'") + "'"
        yield _double(value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$"))
    elif dialect == "ruby":
        slashed = value.replace("\\", "\\\\").replace('"', '\\"')
        yield _double(slashed.replace("$", "\\$"))
        yield _double(slashed)
    elif dialect == "python":
        slashed = value.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r")
        # a dollar sign before a brace cannot be escaped, but it can be the default of no name
        yield _double(slashed.replace("${", "${:-$}{"))
    else:
        yield _double(body.replace("\r", "\\r"))
        yield _double(body.replace("\r", "\\r").replace("\n", "\\n"))


def _double(body: str) -> str:
    return f'"{body}"'
