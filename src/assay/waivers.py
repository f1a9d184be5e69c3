"""Waivers: findings that a team has agreed to live with until a date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from assay.model import Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Waiver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """An agreed exception: one rule, one subject, a reason, and an end."""

    rule: Annotated[
        str,
        Meta(description="The code of the rule to waive.", examples=["variable-weak"]),
    ]
    subject: Annotated[
        str,
        Meta(
            description="The variable, key, table or other name that the finding is about.",
            examples=["LEGACY_TOKEN"],
        ),
    ]
    reason: Annotated[
        str, Meta(description="Why the team accepts it; shown with the finding.", min_length=1)
    ]
    environment: Annotated[
        str | None, Meta(description="The only environment that it covers; all by default.")
    ] = None
    owner: Annotated[str, Meta(description="Who is responsible for it.")] = ""
    expires: Annotated[
        date | None,
        Meta(
            description="The last day on which it is valid, YYYY-MM-DD; after this date the "
            "finding returns.",
            examples=["2027-01-31"],
        ),
    ] = None

    def covers(self, finding: Finding, renamed: Mapping[str, str]) -> bool:
        """Whether this is the finding that it waives, whatever the date.

        `renamed` maps former codes of rules to the present ones.
        """
        code = renamed.get(self.rule, self.rule)
        return (
            finding.outcome is Outcome.FAIL
            and (code, self.subject) == (finding.rule, finding.subject)
            and self.environment in (None, finding.environment, *finding.environments)
        )


def apply_waivers(
    findings: Iterable[Finding],
    waivers: Sequence[Waiver],
    today: date,
    renamed: Mapping[str, str] | None = None,
) -> Iterable[Finding]:
    """Mark waived failures, and those whose waiver has expired.

    `renamed` maps former codes of rules, which waivers may still use, to the present ones.
    """
    codes = renamed or {}
    for finding in findings:
        covering = [waiver for waiver in waivers if waiver.covers(finding, codes)]
        standing = next((w for w in covering if w.expires is None or today <= w.expires), None)
        if standing is not None:
            owner = f" ({standing.owner})" if standing.owner else ""
            until = f", until {standing.expires}" if standing.expires else ""
            old = standing.rule if standing.rule in codes else ""
            now = f"; {old} is now called {finding.rule}" if old else ""
            yield msgspec.structs.replace(finding, waiver=f"{standing.reason}{owner}{until}{now}")
        elif covering:
            ended = max(w.expires for w in covering if w.expires is not None)
            message = f"{finding.message} (its waiver expired on {ended})"
            yield msgspec.structs.replace(finding, message=message)
        else:
            yield finding
