"""The report as Markdown for comments, wikis and, as `github-summary`, for the page of a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.model import Finding, Outcome, Report
from assay.reporters.base import (
    Context,
    by_environment,
    counted_in,
    counts_of,
    ordered,
    sentence,
    tally_of,
    verdict,
)
from assay.reporters.folding import folded as folded_by_rule
from assay.reporters.markup import HEADS, LIMIT, cell, code, folded, numbers, prose, table, within

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SIZE = 60_000
"""Bytes of a page; GitHub takes comments of at most 65,536 characters."""
SUMMARY_SIZE = 1_000_000
"""Bytes of a summary; GitHub refuses one of more than 1 MiB as a whole."""

_FAILED = ("failed", "warned", "noted")
_RIGHT = ["---:"] * len(HEADS)


def render(report: Report, context: Context) -> str:
    """Verdict and counts, then what failed with its remedy, and the rest folded away."""
    return within(SIZE, _parts(report, context))


def render_summary(report: Report, context: Context) -> str:
    """A verdict, then for each environment its counts, its failures, and the rest folded away."""
    return within(SUMMARY_SIZE, _parts_of_summary(report, context))


def _title(report: Report, context: Context) -> str:
    project = f" of {cell(report.project)}" if report.project else ""
    return f"# assay{project}: {verdict(report, context)}"


def _parts(report: Report, context: Context) -> Iterable[str]:
    yield f"#{_title(report, context)}"
    names = ", ".join(cell(name) for name in report.environments)
    counted = ", ".join(tally_of(report.findings).values()) or "nothing to check"
    yield f"**{counted}**" + (f" in {names}" if names else "")
    groups = [(name or "spec", found) for name, found in by_environment(report).items()]
    if len(groups) > 1:
        rows = [(cell(name), *numbers(counts_of(found))) for name, found in groups]
        yield table(("Environment", *HEADS), rows, align=["---", *_RIGHT])
    # Each item is a part of its own, so that a long list is cut between them.
    for heading, wanted in (("failed", _FAILED), ("could not be checked", ("unknown",))):
        for name, findings in groups:
            if items := counted_in(findings, *wanted):
                yield f"### What {heading} in {cell(name)}"
                yield from map(_item, folded_by_rule(items))
    several = len(report.environments) > 1

    def named(finding: Finding, text: str) -> str:
        return f"{finding.environment}: {text}" if several and finding.environment else text

    def waived(finding: Finding) -> str:
        return named(finding, f"{finding.message or finding.subject} (waived: {finding.waiver})")

    rest = ordered(report)
    yield from folded("waived", counted_in(rest, "waived"), waived)
    yield from folded(
        "skipped", counted_in(rest, "skipped"), lambda f: named(f, f.message or f.subject)
    )
    yield from folded(
        "passed", counted_in(rest, "passed"), lambda f: named(f, f"{f.subject} ({f.kind})")
    )


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


def _parts_of_summary(report: Report, context: Context) -> Iterable[str]:
    yield _title(report, context)
    for name, findings in by_environment(report).items():
        yield f"## {cell(name or 'spec')}"
        yield table(HEADS, [numbers(counts_of(findings))], align=_RIGHT)
        if failed := folded_by_rule(counted_in(findings, *_FAILED)):
            heads = ("", "Rule", "Subject", "Place", "What is wrong", "Remedy")
            yield table(heads, map(_row, failed[:LIMIT]), more=len(failed) - LIMIT)
        unknown = counted_in(findings, "unknown")
        yield from folded("unknown", unknown, lambda f: f"{sentence(f.message)} {f.remedy}")
        waived = counted_in(findings, "waived")
        yield from folded("waived", waived, lambda f: f"{f.subject} ({f.rule}): {f.waiver}")
        yield from folded("skipped", counted_in(findings, "skipped"), lambda f: f.message)
        if context.verbose:
            passed = counted_in(findings, "passed")
            yield from folded("passed", passed, lambda f: f"{f.subject} ({f.kind})")


def _row(finding: Finding) -> Sequence[str]:
    texts = (finding.message, *finding.notes)
    said = " ".join(map(sentence, texts)) if finding.notes else finding.message
    place = str(finding.location or "")
    return (
        finding.severity.value,
        *map(cell, (finding.rule, finding.subject, place, said, finding.remedy)),
    )
