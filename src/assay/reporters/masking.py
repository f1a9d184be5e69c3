"""Masks the texts of a report before they are rendered, never what a format puts around them.

Whoever fills in a value may choose one that is a piece of JSON, of XML or of a runner's command.
If known values were taken out of the rendered text, such a value would break the report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.model import Finding, Location, Related, Report

_TEXTS = (
    *("message", "remedy", "cause", "waiver", "subject", "environment", "written", "holder"),
    *("group", "folder", "own_environment"),
)


def masked(report: Report, mask: Callable[[str], str]) -> Report:
    """The report without any secret that `mask` knows."""
    known: dict[str, str] = {}

    def clean(text: str) -> str:
        if text not in known:
            known[text] = mask(text)
        return known[text]

    def place(at: Location) -> Location:
        return msgspec.structs.replace(at, file=clean(at.file))

    def other(related: Related) -> Related:
        label, location = clean(related.label), place(related.location)
        return msgspec.structs.replace(related, label=label, location=location)

    def shown(finding: Finding) -> Finding:
        return msgspec.structs.replace(
            finding,
            **{field: clean(getattr(finding, field)) for field in _TEXTS},
            across=tuple(map(clean, finding.across)),
            notes=tuple(map(clean, finding.notes)),
            related=tuple(map(other, finding.related)),
            location=finding.location and place(finding.location),
        )

    return msgspec.structs.replace(
        report,
        project=clean(report.project),
        environments=tuple(dict.fromkeys(map(clean, report.environments))),
        findings=tuple(map(shown, report.findings)),
    )
