"""The report as Markdown for comments on pull and merge requests, and for wikis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.model import Finding, Outcome, Report
from assay.reporters.base import Context, by_environment, tally, verdict
from assay.reporters.markup import HEADS, cell, code, folded, numbers, prose, table, within

if TYPE_CHECKING:
    from collections.abc import Iterable

SIZE = 60_000
"""Bytes of a page; GitHub takes comments of at most 65,536 characters."""


def render(report: Report, context: Context) -> str:
    """Verdict and counts, then what failed with its remedy, and the rest folded away."""
    return within(SIZE, _parts(report, context))


def _parts(report: Report, context: Context) -> Iterable[str]:
    project = f" of {cell(report.project)}" if report.project else ""
    yield f"## assay{project}: {verdict(report, context)}"
    names = ", ".join(cell(name) for name in report.environments)
    counted = ", ".join(tally(report.counts).values()) or "nothing to check"
    yield f"**{counted}**" + (f" in {names}" if names else "")
    groups = [(name or "spec", found) for name, found in by_environment(report).items()]
    if len(groups) > 1:
        yield table(
            ("Environment", *HEADS),
            [
                (cell(name), *numbers(Report(findings=tuple(found)).counts))
                for name, found in groups
            ],
            align=["---", *["---:"] * len(HEADS)],
        )
    yield from _open(groups)
    yield from _rest(report)


def _open(groups: list[tuple[str, list[Finding]]]) -> Iterable[str]:
    """What asks for action: what failed in each environment, then what could not be observed.

    Each item is a part of its own, so that a long list is cut between them.
    """
    for name, findings in groups:
        failed = [f for f in findings if f.outcome is Outcome.FAIL and not f.waiver]
        if failed:
            yield f"### What failed in {cell(name)}"
            yield from map(_item, failed)
    for name, findings in groups:
        unknown = [f for f in findings if f.outcome is Outcome.UNKNOWN]
        if unknown:
            yield f"### What could not be checked in {cell(name)}"
            yield from map(_item, unknown)


def _item(finding: Finding) -> str:
    failed = finding.outcome is Outcome.FAIL
    word = finding.severity.value if failed else finding.outcome.value
    message = prose(finding.message or finding.subject or "unnamed")
    lines = [f"- **{word}**: {message}"]
    where = [code(finding.rule)] if finding.rule else []
    where += [f"in {code(str(finding.location))}"] if finding.location else []
    if where:
        lines.append(" ".join(where))
    lines += [prose(note) for note in finding.notes]
    if finding.remedy:
        lines.append(f"**Remedy**: {prose(finding.remedy)}")
    # Two spaces at the end of a line keep the next one from joining it.
    return "  \n  ".join(lines)


def _rest(report: Report) -> Iterable[str]:
    def named(finding: Finding, text: str) -> str:
        several = len(report.environments) > 1 and finding.environment
        return f"{finding.environment}: {text}" if several else text

    found: dict[str, list[Finding]] = {"waived": [], "skipped": [], "passed": []}
    for finding in (f for group in by_environment(report).values() for f in group):
        if word := _folded_under(finding):
            found[word].append(finding)
    yield from folded(
        "waived",
        found["waived"],
        lambda f: named(f, f"{f.message or f.subject} (waived: {f.waiver})"),
    )
    yield from folded("skipped", found["skipped"], lambda f: named(f, f.message or f.subject))
    yield from folded("passed", found["passed"], lambda f: named(f, f"{f.subject} ({f.kind})"))


def _folded_under(finding: Finding) -> str:
    match finding.outcome:
        case Outcome.FAIL:
            return "waived" if finding.waiver else ""
        case Outcome.UNKNOWN:
            return ""
        case Outcome.SKIP:
            return "skipped"
        case Outcome.PASS:
            return "passed"
