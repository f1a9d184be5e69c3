"""The report as a GitLab code quality artifact, which merge requests show beside the changes.

The format: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. GitLab
stops reading at the first entry that it finds invalid, and keeps one entry for each fingerprint.
"""

from __future__ import annotations

import json
from typing import Any

from assay.model import Finding, Outcome, Report, Severity
from assay.reporters.base import Context, by_environment, sentence
from assay.reporters.display import visible
from assay.reporters.identity import NOWHERE, fingerprints, repository_path

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report, context: Context) -> str:
    """A list of what failed and what could not be observed; waived failures are left out."""
    shown = [
        finding
        for group in by_environment(report).values()
        for finding in group
        if finding.outcome is Outcome.UNKNOWN
        or (finding.outcome is Outcome.FAIL and not finding.waiver)
    ]
    several = len(report.environments) > 1
    names = fingerprints(report, context)
    entries = [_entry(finding, names[id(finding)], context, several=several) for finding in shown]
    return json.dumps(entries, indent=2, ensure_ascii=False) + "\n"


def _entry(finding: Finding, name: str, context: Context, *, several: bool) -> dict[str, Any]:
    texts = (finding.message, *finding.notes, finding.remedy)
    said = [sentence(visible(text)) for text in texts if text]
    description = " ".join(said) or visible(finding.subject) or "Unnamed."
    if several and finding.environment:
        description = f"{visible(finding.environment)}: {description}"
    place = finding.location if finding.location and finding.location.file else NOWHERE
    lines = {"begin": place.line or 1}
    if place.end_line is not None and place.end_line > lines["begin"]:
        lines["end"] = place.end_line
    return {
        "description": description,
        "check_name": visible(finding.rule) or _unnamed(finding),
        "fingerprint": name,
        "severity": _severity(finding, context),
        "location": {"path": visible(repository_path(context.root, place.file)), "lines": lines},
    }


def _unnamed(finding: Finding) -> str:
    return "not-observed" if finding.outcome is Outcome.UNKNOWN else "failure"


def _severity(finding: Finding, context: Context) -> str:
    if finding.outcome is Outcome.UNKNOWN:
        return "info" if context.allow_unknown else "major"
    return _SEVERITIES[finding.severity]
