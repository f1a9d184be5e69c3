"""The report as a GitLab code quality artifact, which merge requests show beside the changes.

The format: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. GitLab
stops reading at the first entry that it finds invalid, and keeps one entry for each fingerprint.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from assay.judging import counted_as
from assay.reporters.base import Context, counted_in, ordered, sentence
from assay.reporters.display import visible
from assay.reporters.identity import NOWHERE, fingerprints, repository_path

if TYPE_CHECKING:
    from assay.model import Finding, Report

_SEVERITIES = {"failed": "critical", "warned": "minor", "noted": "info", "unknown": "major"}


def render(report: Report, context: Context) -> str:
    """A list of what failed and what could not be observed; waived failures are left out."""
    several = len(report.environments) > 1
    names = fingerprints(report, context)
    shown = counted_in(ordered(report), *_SEVERITIES)
    entries = [_entry(finding, names[id(finding)], context, several=several) for finding in shown]
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"


def _entry(finding: Finding, name: str, context: Context, *, several: bool) -> dict[str, Any]:
    texts = (finding.message, *finding.notes, finding.remedy)
    said = [sentence(visible(text)) for text in texts if text]
    description = " ".join(said) or visible(finding.subject) or "Unnamed."
    if several and finding.environment:
        description = f"{visible(finding.environment)}: {description}"
    place = finding.location if finding.location and finding.location.file else NOWHERE
    standing = counted_as(finding)
    accepted = standing == "unknown" and context.allow_unknown
    lines = {"begin": place.line or 1}
    if place.end_line is not None and place.end_line > lines["begin"]:
        lines["end"] = place.end_line
    return {
        "description": description,
        "check_name": visible(finding.rule)
        or ("not-observed" if standing == "unknown" else "failure"),
        "fingerprint": name,
        "severity": "info" if accepted else _SEVERITIES[standing],
        "location": {"path": visible(repository_path(context.root, place.file)), "lines": lines},
    }
