"""Additional authenticated data that is made of a row: `{tenant_id}` stands for its column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PLACE = re.compile(r"\{([^{}]+)\}")


def placeholders(template: str) -> tuple[str, ...]:
    """The columns that a template names, each once."""
    return tuple(dict.fromkeys(_PLACE.findall(template)))


def filled(template: str, row: Mapping[str, object]) -> bytes:
    """The bytes that a template stands for beside a row.

    Values are written as programs write them into a text: numbers in decimal, booleans as
    `true` and `false`, NULL as nothing.

    Raises:
        KeyError: the row lacks a column; its argument is the column's name.

    """
    if "{" not in template:
        return template.encode("utf-8", "surrogateescape")
    text = _PLACE.sub(lambda found: in_words(row[found[1]]), template)
    return text.encode("utf-8", "surrogateescape")


def in_words(value: object) -> str:
    """A cell as the text that programs and people write for it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return str(value)
