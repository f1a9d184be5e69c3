"""What a row says of its ciphertext: the additional data, and whether the plaintext is of its type.

In a template of additional data `{tenant_id}` stands for the column.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assay.formats.base import Format

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


def well_formed(form: Format, text: str) -> bool:
    """Whether a text is of a type; an empty one never is."""
    return bool(text) and next(form.violations(text), None) is None


def fitting(form: Format) -> Callable[[bytes], bool]:
    """The same for bytes, which must be UTF-8."""

    def fits(plain: bytes) -> bool:
        try:
            return well_formed(form, plain.decode())
        except UnicodeDecodeError:
            return False

    return fits
