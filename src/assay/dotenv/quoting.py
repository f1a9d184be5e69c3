"""Spellings: what to write after `NAME=` so that a dialect may read back a given value."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_SAFE_IN_SHELL = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+,=-")

_EXPAND_ALL = ("bun", "dotenv-expand", "next", "nuxt", "react-scripts", "vite")
"""The dialects that expand a `$` in quotes of any sort."""


def forms(value: str, dialect: str) -> Iterator[str]:
    """The forms in which a dialect may have a value written, the simplest first."""
    if dialect == "docker":
        yield value
    elif dialect == "shell":
        if set(value) <= _SAFE_IN_SHELL:
            yield value
        yield "'" + value.replace("'", "'\\''") + "'"
    else:
        body = value.replace("$", "\\$") if dialect in _EXPAND_ALL else value
        kept = dialect == "php" and "${" in value  # it stays as it is only while that is unset
        if not kept:
            yield body
        yield from (f"{mark}{body}{mark}" for mark in ("'" if kept else "\"'`"))
        if dialect == "dotenvx":
            yield "'" + value.replace("'", "\\'") + "'"
            yield body.replace("$", "\\$")
            yield from (f"{mark}{body}{mark}".replace("$", "\\$") for mark in '"`')
        if dialect == "compose":
            yield "'" + value.replace("'", "\\'") + "'"
        yield from (f'"{form}"' for form in _escaped(value, body, dialect))


def _escaped(value: str, body: str, dialect: str) -> Iterator[str]:
    """What may stand between double quotes."""
    slashed = value.replace("\\", "\\\\").replace('"', '\\"')
    if dialect == "compose":
        yield slashed.replace("$", "$$")
    elif dialect in ("php", "ruby", "symfony"):
        yield slashed.replace("$", "\\$")
        yield slashed
    elif dialect == "python":
        # a dollar sign before a brace cannot be escaped, but it can be the default of no name
        yield slashed.replace("\r", "\\r").replace("${", "${:-$}{")
    else:
        yield body.replace("\r", "\\r")
        yield body.replace("\r", "\\r").replace("\n", "\\n")
