"""The report as Markdown for the summary page of a GitHub Actions step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.model import Counts, Finding, Outcome, Report, Severity
from assay.reporters.base import Context, by_environment, plural, sentence
from assay.reporters.display import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

LIMIT = 200
"""Rows of one table."""
SIZE = 1_000_000
"""Bytes of a summary; GitHub refuses one of more than 1 MiB as a whole."""

_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\`*_[]|~#"})
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("@", "&#64;"))
_LONGEST = 500
_MARKS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "info"}


def render(report: Report, context: Context) -> str:
    """A verdict, then for each environment its counts, its failures, and the rest folded away."""
    exit_code = report.exit_code(fail_on=context.fail_on, allow_unknown=context.allow_unknown)
    verdict = {
        Report.EXIT_PASS: "passed",
        Report.EXIT_FAIL: "failed",
        Report.EXIT_INVALID: "could not begin: the spec is invalid",
        Report.EXIT_UNKNOWN: "could not observe everything",
    }[exit_code]
    project = f" of {_cell(report.project)}" if report.project else ""
    parts = [f"# assay{project}: {verdict}"]
    size = 0
    for name, findings in by_environment(report).items():
        for part in _environment(name or "spec", findings, context):
            size += len(part.encode()) + 2
            if size > SIZE:
                return "\n\n".join([*parts, "There is more, but no room for it here."]) + "\n"
            parts.append(part)
    return "\n\n".join(parts) + "\n"


def _environment(name: str, findings: Sequence[Finding], context: Context) -> Iterable[str]:
    yield f"## {_cell(name)}"
    yield _counts(Report(findings=tuple(findings)).counts)
    failed = [f for f in findings if f.outcome is Outcome.FAIL and not f.waiver]
    if failed:
        yield _table(
            ("", "Rule", "Subject", "Place", "What is wrong", "Remedy"),
            [
                (
                    _MARKS[f.severity],
                    _cell(f.rule),
                    _cell(f.subject),
                    _cell(str(f.location or "")),
                    _cell(f.message),
                    _cell(f.remedy),
                )
                for f in failed[:LIMIT]
            ],
            len(failed) - LIMIT,
        )
    unknown = [f for f in findings if f.outcome is Outcome.UNKNOWN]
    yield from _folded("unknown", unknown, lambda f: f"{sentence(f.message)} {f.remedy}")
    waived = [f for f in findings if f.outcome is Outcome.FAIL and f.waiver]
    yield from _folded("waived", waived, lambda f: f"{f.subject} ({f.rule}): {f.waiver}")
    skipped = [f for f in findings if f.outcome is Outcome.SKIP]
    yield from _folded("skipped", skipped, lambda f: f.message)
    if context.verbose:
        passed = [f for f in findings if f.outcome is Outcome.PASS]
        yield from _folded("passed", passed, lambda f: f"{f.subject} ({f.kind})")


def _counts(counts: Counts) -> str:
    heads = ("Errors", "Warnings", "Infos", "Passed", "Skipped", "Unknown", "Waived")
    numbers = (
        counts.failed,
        counts.warned,
        counts.noted,
        counts.passed,
        counts.skipped,
        counts.unknown,
        counts.waived,
    )
    return _table(heads, [tuple(map(str, numbers))], align="---:")


def _folded(
    title: str, findings: Sequence[Finding], say: Callable[[Finding], str]
) -> Iterable[str]:
    """A collapsed list of the findings that ask for no action at once."""
    if not findings:
        return
    lines = [f"- {_cell(say(finding) or finding.subject).strip()}" for finding in findings[:LIMIT]]
    if len(findings) > LIMIT:
        lines.append(f"- and {len(findings) - LIMIT} more")
    items = "\n".join(lines)
    yield f"<details><summary>{len(findings)} {title}</summary>\n\n{items}\n\n</details>"


def _table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], more: int = 0, align: str = "---"
) -> str:
    lines = [heads, [align] * len(heads), *rows]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return f"{table}\n\n{plural(more, 'failure')} more, not shown here" if more > 0 else table


def _cell(text: str) -> str:
    """`text` as it is, in Markdown: on one line, without markup, links or mentions."""
    text = visible(text)
    if len(text) > _LONGEST:
        text = text[:_LONGEST] + "\u2026"
    text = text.translate(_SPECIAL)
    for char, entity in _ENTITIES:
        text = text.replace(char, entity)
    return text
