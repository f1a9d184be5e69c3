"""Why a stored credential did not open, as errors that an application may show and act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from assay.errors import AlgorithmFault, CredentialError, DatabaseFault, FormatFault, KeyFault
from assay.kinds.credential.rules import BY_CAUSE
from assay.kinds.credential.words import violation_of
from assay.model import Category
from assay.redacted import redacted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.crypto.autopsy import Cause

_ONE = "this one"
"""What messages about rows call them; about a single text it would say nothing."""
_FAULTS: dict[Category, type[CredentialError]] = {
    Category.ALGORITHM: AlgorithmFault,
    Category.DATABASE: DatabaseFault,
    Category.KEY: KeyFault,
}


HURRIED = "only a brief examination was made, because the time for full ones is used up"
"""Evidence that a longer look may find more."""


def fault(
    causes: Sequence[Cause],
    about: Mapping[str, str],
    place: str = "",
    *,
    hurried: bool = False,
) -> CredentialError:
    """The error that causes make, of the first one's category; all of them hold.

    `about` has the values `column`, `key`, `variable` and `environment` of its templates; `place`
    is what the message begins with, such as the column and the row. `hurried` adds that there was
    no time to look further.
    """
    if not causes:
        return unexplained(place)
    first = causes[0]
    messages, remedies = zip(*(told(cause, about) for cause in causes), strict=True)
    message, remedy = "; also: ".join(messages), " ".join(remedies)
    rule = BY_CAUSE[first.code]
    kind = _FAULTS.get(rule.category, FormatFault)
    return kind(
        f"{place}: {message}" if place else message,
        remedy,
        rule=rule.code,
        confidence=first.confidence.value,
        evidence=(
            *dict.fromkeys(seen for cause in causes for seen in cause.evidence),
            *((HURRIED,) if hurried else ()),
        ),
    )


def unexplained(place: str = "") -> CredentialError:
    """The error for a ciphertext of which nothing is known but that it can't be decrypted."""
    message = "can't be decrypted, and the cause was not examined"
    return CredentialError(
        f"{place}: {message}" if place else message,
        "Run `assay credentials check`, which explains every row that can't be decrypted.",
    )


def told(cause: Cause, about: Mapping[str, str]) -> tuple[str, str]:
    """What a cause means for a single text, and what to do about it."""
    violation = violation_of(cause, **{"rows": _ONE, **about})
    return violation.message.removeprefix(f"{about['column']}, {_ONE}: "), violation.remedy


@redacted("previous")
class Opened(NamedTuple):
    """What became of a ciphertext that the key didn't open at first."""

    found: bytes | CredentialError
    previous: bool = False
    """Whether an earlier key opened it."""
