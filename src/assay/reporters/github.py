"""The report as GitHub workflow commands, which annotate files of a pull request.

Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions and, for the
escapes, `command.ts` of https://github.com/actions/toolkit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.judging import counted_as
from assay.model import Finding, Outcome, Report
from assay.reporters.base import Context, ordered
from assay.reporters.display import visible
from assay.reporters.folding import folded
from assay.reporters.identity import repository_path
from assay.words import plural

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT = 10
"""Annotations of one type that GitHub keeps from one step; it silently drops the rest."""

_COMMANDS = {"failed": "error", "warned": "warning", "noted": "notice", "unknown": "warning"}


def render(report: Report, context: Context) -> str:
    """A line for each annotation; where GitHub would drop some, a last one that says how many."""
    kept: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
    wanted = dict.fromkeys(kept, 0)
    several = len(report.environments) > 1
    # What failed goes before what could not be observed, in case not all can be shown.
    for finding in sorted(folded(ordered(report)), key=lambda f: f.outcome is Outcome.UNKNOWN):
        if command := _COMMANDS.get(counted_as(finding)):
            wanted[command] += 1
            if len(kept[command]) < LIMIT:
                kept[command].append(_annotation(command, finding, context, several=several))
    if any(count > LIMIT for count in wanted.values()):
        del kept["notice"][LIMIT - 1 :]
        kept["notice"].append(_rest(wanted, kept))
    return "".join(line for lines in kept.values() for line in lines)


def _annotation(command: str, finding: Finding, context: Context, *, several: bool) -> str:
    title = finding.rule or finding.outcome.value
    if several and finding.environment:
        title = f"{title} in {finding.environment}"
    properties: dict[str, str | int | None] = {}
    location = finding.location
    if location is not None and location.file:
        properties["file"] = visible(repository_path(context.root, location.file))
        if location.line is not None:
            properties |= {"line": location.line, "endLine": location.end_line}
            properties |= {"col": location.column, "endColumn": location.end_column}
    properties["title"] = visible(title)
    said = map(visible, (finding.message or finding.subject, *finding.notes, finding.remedy))
    return _line(command, properties, "\n".join(part for part in said if part))


def _rest(wanted: Mapping[str, int], kept: Mapping[str, list[str]]) -> str:
    more = {name: count - len(kept[name]) for name, count in wanted.items()}
    parts = ", ".join(plural(count, name) for name, count in more.items() if count)
    total = sum(more.values())
    verb = "is" if total == 1 else "are"
    message = f"{total} more {verb} not shown here ({parts}): GitHub keeps {LIMIT} of each type"
    return _line("notice", {"title": "assay"}, message)


def _line(command: str, properties: Mapping[str, str | int | None], message: str) -> str:
    said = ",".join(
        f"{name}={_data(str(value)).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in properties.items()
        if value is not None
    )
    return f"::{command} {said}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
