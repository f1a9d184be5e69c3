"""The report as Markdown for the summary page of a GitHub Actions step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.model import Finding, Outcome, Report, Severity
from assay.reporters.base import Context, by_environment, sentence, verdict
from assay.reporters.markup import HEADS, LIMIT, cell, folded, numbers, table, within

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SIZE = 1_000_000
"""Bytes of a summary; GitHub refuses one of more than 1 MiB as a whole."""

_MARKS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}


def render(report: Report, context: Context) -> str:
    """A verdict, then for each environment its counts, its failures, and the rest folded away."""
    return within(SIZE, _parts(report, context))


def _parts(report: Report, context: Context) -> Iterable[str]:
    project = f" of {cell(report.project)}" if report.project else ""
    yield f"# assay{project}: {verdict(report, context)}"
    for name, findings in by_environment(report).items():
        yield from _environment(name or "spec", findings, context)


def _environment(name: str, findings: Sequence[Finding], context: Context) -> Iterable[str]:
    yield f"## {cell(name)}"
    counts = Report(findings=tuple(findings)).counts
    yield table(HEADS, [numbers(counts)], align=["---:"] * len(HEADS))
    failed = [f for f in findings if f.outcome is Outcome.FAIL and not f.waiver]
    if failed:
        yield table(
            ("", "Rule", "Subject", "Place", "What is wrong", "Remedy"),
            [
                (
                    _MARKS[f.severity],
                    cell(f.rule),
                    cell(f.subject),
                    cell(str(f.location or "")),
                    cell(" ".join(map(sentence, (f.message, *f.notes))) if f.notes else f.message),
                    cell(f.remedy),
                )
                for f in failed[:LIMIT]
            ],
            more=len(failed) - LIMIT,
        )
    unknown = [f for f in findings if f.outcome is Outcome.UNKNOWN]
    yield from folded("unknown", unknown, lambda f: f"{sentence(f.message)} {f.remedy}")
    waived = [f for f in findings if f.outcome is Outcome.FAIL and f.waiver]
    yield from folded("waived", waived, lambda f: f"{f.subject} ({f.rule}): {f.waiver}")
    skipped = [f for f in findings if f.outcome is Outcome.SKIP]
    yield from folded("skipped", skipped, lambda f: f.message)
    if context.verbose:
        passed = [f for f in findings if f.outcome is Outcome.PASS]
        yield from folded("passed", passed, lambda f: f"{f.subject} ({f.kind})")
