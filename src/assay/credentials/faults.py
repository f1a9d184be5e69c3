"""Why a stored credential did not open, as errors that an application may show and act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.errors import AlgorithmFault, CredentialError, DatabaseFault, FormatFault, KeyFault
from assay.model import Category

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.crypto.autopsy import Explanation

PREFIX = "{column}, {rows}: "
"""What messages about rows begin with; about a single text it would say nothing."""
_FAULTS: dict[Category, type[CredentialError]] = {
    Category.ALGORITHM: AlgorithmFault,
    Category.DATABASE: DatabaseFault,
    Category.KEY: KeyFault,
}


def fault(
    causes: Sequence[Explanation], about: Mapping[str, str], place: str = ""
) -> CredentialError:
    """The error that explanations make, of the first one's category; all of them hold.

    `about` has the values `column`, `key`, `variable` and `environment` of its templates; `place`
    is what the message begins with, such as the column and the row.
    """
    first = causes[0]
    messages, remedies = zip(*(told(cause, about) for cause in causes), strict=True)
    message, remedy = "; also: ".join(messages), " ".join(remedies)
    kind = _FAULTS.get(first.rule.category, FormatFault)
    return kind(
        f"{place}: {message}" if place else message,
        remedy,
        rule=first.rule.code,
        confidence=first.confidence.value,
        evidence=tuple(dict.fromkeys(seen for cause in causes for seen in cause.evidence)),
    )


def told(explanation: Explanation, about: Mapping[str, str]) -> tuple[str, str]:
    """What an explanation says of a single text, and what to do about it."""
    values = {"rows": "this one", **explanation.filled, **about}
    rule = explanation.rule
    message = rule.message.removeprefix(PREFIX).format_map(values)
    return message, rule.remedy.format_map(values)
