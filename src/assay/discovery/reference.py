"""What is known of one place where code reads a name."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


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


_PRODUCTION = re.compile(r"(?:^|/)prod(?:uction)?\.\w+$")


def spared(uses: Sequence[Use]) -> bool:
    """Whether code reads a name, and always does without it."""
    return {use.reference.need for use in uses} == {Need.OPTIONAL}


def demanding(uses: Sequence[Use], *, live: bool = False) -> Use | None:
    """The first place that stops where a name is unset; not in a file that also does without it.

    Files of settings that only production loads count if `live` is asked for, and no others then.
    """
    spared = {use.file for use in uses if use.reference.need is Need.OPTIONAL}
    asking = (use for use in uses if use.reference.need is Need.DEMANDED)
    own = (use for use in asking if bool(_PRODUCTION.search(use.file)) is live)
    return next((use for use in own if use.file not in spared), None)
