"""What is known of one place where code reads a name."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Need(StrEnum):
    """What becomes of the code where the name is unset."""

    DEMANDED = "demanded"
    """It stops, by the very way that it asks."""
    OPTIONAL = "optional"
    """It has a default, or asks whether it is set."""
    UNKNOWN = "unknown"


class Reference(NamedTuple):
    """One place where a name is read."""

    name: str
    line: int
    need: Need = Need.UNKNOWN
    default: str | None = None
    """The default, where the code writes it out."""
    hint: str = ""
    """The value type that the code makes of it: integer, number, boolean."""


class Use(NamedTuple):
    """A reference and the file that it stands in."""

    file: str
    """Relative to the project's root, with `/`."""
    language: str
    reference: Reference
