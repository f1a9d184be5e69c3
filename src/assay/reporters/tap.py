"""The report as TAP, the Test Anything Protocol, as all its readers understand it.

The format: https://testanything.org/tap-version-13-specification.html. Perl's harness refuses a
version 14, and older readers pass over subtests, so neither is used. A test point is `not ok`
without a directive exactly where it fails the run. No name holds a `#`: some readers take even an
escaped one for a directive.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from assay.model import Finding, Outcome, Report
from assay.reporters.base import Context, ordered, sentence
from assay.reporters.display import visible
from assay.reporters.identity import fingerprints

if TYPE_CHECKING:
    from collections.abc import Iterator


def render(report: Report, context: Context) -> str:
    """A plan and a test point for each finding, with its details as a YAML block."""
    names = fingerprints(report, context)
    points = ordered(report)
    lines = ["TAP version 13", f"1..{len(points)}" if points else "1..0 # SKIP nothing to check"]
    for number, finding in enumerate(points, 1):
        ok, directive = _verdict(finding, context)
        rule = f" [{finding.rule}]" if finding.rule else ""
        name = f"{finding.environment or 'spec'}: {finding.subject}{rule} ({finding.kind})"
        lines.append(f"{'ok' if ok else 'not ok'} {number} - {_name(name)}{directive}")
        if finding.outcome in (Outcome.FAIL, Outcome.UNKNOWN):
            details = _details(finding, names[id(finding)])
            lines += ["  ---", *(f"  {key}: {value}" for key, value in details), "  ..."]
    return "\n".join(lines) + "\n"


def _verdict(finding: Finding, context: Context) -> tuple[bool, str]:
    """Whether a test point is ok, and its directive; TODO is what fails without failing the run."""
    match finding.outcome:
        case Outcome.PASS:
            return True, ""
        case Outcome.SKIP:
            return True, _directive("SKIP", finding.cause or finding.message)
        case Outcome.UNKNOWN if context.allow_unknown:
            return True, _directive("SKIP", f"unknown: {finding.message}")
        case Outcome.FAIL if finding.waiver:
            return False, _directive("TODO", f"waived: {finding.waiver}")
        case Outcome.FAIL if finding.severity.rank < context.fail_on.rank:
            return False, _directive("TODO", f"only {finding.severity.value}")
        case Outcome.FAIL | Outcome.UNKNOWN:
            return False, ""


def _directive(word: str, reason: str) -> str:
    # The full stop keeps a last brace from opening a subtest.
    return f" # {word} {sentence(_name(reason))}".rstrip()


def _name(text: str) -> str:
    return visible(text).replace("\\", "\\\\").replace("#", "\\\\x23")


def _details(finding: Finding, fingerprint: str) -> Iterator[tuple[str, str]]:
    """The keys of a YAML block; JSON's texts are YAML's."""
    failed = finding.outcome is Outcome.FAIL
    texts = {
        "message": finding.message or finding.subject or "unnamed",
        "severity": finding.severity.value if failed else finding.outcome.value,
        "remedy": finding.remedy,
        "at": "" if finding.location is None else str(finding.location),
        "waiver": finding.waiver,
        "fingerprint": fingerprint,
    }
    for key, text in texts.items():
        if text:
            yield key, json.dumps(visible(text), ensure_ascii=False)
    if finding.related:
        places = [visible(f"{r.label}: {r.location}".removeprefix(": ")) for r in finding.related]
        yield "related", json.dumps(places, ensure_ascii=False)
    if finding.notes:
        yield "notes", json.dumps(list(map(visible, finding.notes)), ensure_ascii=False)
