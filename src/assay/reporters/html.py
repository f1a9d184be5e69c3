"""The report as one page for people: it asks for nothing else, and works without scripts.

What it looks like is in the templates `report.html.j2` and `report.css.j2`, which a project may
replace by its own. The page's policy allows the one style sheet in it, by its hash, and nothing
more: https://www.w3.org/TR/CSP3/.

Texts are made visible here, and what the template must not escape again is `Markup`.
"""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup, escape

from assay import templating
from assay.judging import Counts, counted_as
from assay.model import Finding, Outcome, Report, Rule
from assay.reporters import folding
from assay.reporters.base import (
    by_environment,
    counted_in,
    ordered,
    sentence,
    tally_of,
    verdict,
)
from assay.reporters.display import columns, quoted, visible
from assay.reporters.excerpt import excerpt
from assay.reporters.identity import fingerprints

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assay.reporters.base import Context

MANY = 300
"""Findings that are reported one by one; beyond it the browser lays out only those in sight."""
_PARTS = re.compile(r"[^_./-]+[_./-]*|[_./-]+")
_COLUMNS = 120
"""The longest source line that is shown in full."""


class Tone(msgspec.Struct, frozen=True):
    """How an outcome is reported: by a word and a sign, and by a colour on top of both."""

    name: str
    word: str
    sign: str


TONES = {
    "failed": Tone("error", "error", "\u2715"),
    "warned": Tone("warning", "warning", "!"),
    "noted": Tone("info", "info", "i"),
    "unknown": Tone("unknown", "unknown", "?"),
    "waived": Tone("waived", "waived", "~"),
    "skipped": Tone("skipped", "skipped", "\u2013"),
    "passed": Tone("passed", "passed", "\u2713"),
    "absent": Tone("absent", "not checked", "\u00b7"),
}
"""From the worst to the least, by the field in `Counts` if there is one."""
_RANK = {shown.name: rank for rank, shown in enumerate(TONES.values())}


def render(report: Report, context: Context) -> str:
    """The verdict and counts, what failed, what could not be observed, then every check."""
    style = templating.render("report.css.j2", {}, overrides=context.templates).strip()
    digest = b64encode(sha256(style.encode()).digest()).decode()
    values = {"style": Markup(style), "style_hash": f"sha256-{digest}"}  # noqa: S704 - a template
    values.update(_values(report, context))
    page = templating.render("report.html.j2", values, overrides=context.templates)
    return page.rstrip("\n") + "\n"


def _values(report: Report, context: Context) -> dict[str, Any]:
    """What the template may use; `docs/reports.md` lists it for those who write their own."""
    prints = fingerprints(report, context).items()
    names = {key: f"f-{name[:16]}" for key, name in prints}  # of each finding's place in the page
    code = context.exit_code(report)
    return {
        "project": visible(report.project),
        "environments": [visible(name) for name in report.environments],
        "version": visible(context.version),
        "exit_code": code,
        "fail_on": context.fail_on.value,
        "allow_unknown": context.allow_unknown,
        "verdict": verdict(report, context),
        "tone": overall(code),
        "tones": list(TONES.values()),
        "said": ", ".join(tally_of(report.findings).values()) or "nothing to check",
        "many": len(report.findings) - report.counts.passed > MANY,
        "counts": counted(report.counts),
        "bar": bar(report.counts),
        "cards": cards(report, context),
        "failed": groups(report, context, names, "failed", "warned", "noted"),
        "unknown": groups(report, context, names, "unknown"),
        "waived": groups(report, context, names, "waived"),
        "skipped": causes(report, context, names),
        "matrix": matrix(report, names),
        "comparisons": comparisons(report, names),
    }


def tone(finding: Finding) -> Tone:
    """How a finding is reported."""
    return TONES[counted_as(finding)]


def overall(exit_code: int) -> Tone:
    """The tone of a whole run, or of one environment."""
    named = {Report.EXIT_PASS: "passed", Report.EXIT_UNKNOWN: "unknown"}
    return TONES[named.get(exit_code, "failed")]


def cards(report: Report, context: Context) -> list[dict[str, Any]]:
    """A card for each environment, and for the spec if there is something to say of it."""
    made = []
    words = {Report.EXIT_PASS: "passed", Report.EXIT_UNKNOWN: "not all checked"}
    for name, findings in by_environment(report).items():
        part = Report(findings=tuple(findings))
        code = context.exit_code(part)
        made.append(
            {
                "name": title(name, report),
                "tone": overall(code),
                "verdict": words.get(code, "failed"),
                "said": ", ".join(tally_of(findings).values()) or "nothing to check",
                "bar": bar(part.counts),
            }
        )
    return made


def counted(counts: Counts) -> list[tuple[Tone, int]]:
    """The numbers of a run by tone, the worst first."""
    return [(shown, getattr(counts, n)) for n, shown in TONES.items() if n != "absent"]


def bar(counts: Counts) -> list[tuple[str, float, float]]:
    """Tone, start and length of each stretch of a bar that is 100 long."""
    numbers = [(shown.name, number) for shown, number in counted(counts) if number]
    total = sum(number for _, number in numbers)
    stretches = []
    start = 0.0
    for name, number in numbers:
        length = 100 * number / total
        stretches.append((name, round(start, 3), round(length, 3)))
        start += length
    return stretches


def groups(
    report: Report, context: Context, names: Mapping[int, str], *standings: str
) -> list[dict[str, Any]]:
    """The findings that are counted so, by environment; those without one are left out."""
    rules = context.rules() if any(f.rule for f in report.findings) else {}
    found = []
    for name, findings in by_environment(report).items():
        if chosen := counted_in(findings, *standings):
            entries = [
                entry(first, names[id(first)], rules, context) | {"others": _others(rest, names)}
                for first, *rest in folding.groups(chosen)
            ]
            said = ", ".join(tally_of(chosen).values())
            found.append({"name": title(name, report), "entries": entries, "count": said})
    return found


def _others(findings: Iterable[Finding], names: Mapping[int, str]) -> list[dict[str, str]]:
    """Those that say the same as the one before them."""
    return [
        {
            "id": names[id(finding)],
            "subject": visible(finding.subject),
            "place": visible(str(finding.location or "")),
        }
        for finding in findings
    ]


def causes(report: Report, context: Context, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """What was skipped by its root cause; what does not apply comes last."""
    by_cause: dict[str, list[dict[str, Any]]] = {}
    for finding in counted_in(ordered(report), "skipped"):
        made = entry(finding, names[id(finding)], {}, context)
        by_cause.setdefault(visible(finding.cause), []).append(made)
    groups = [{"name": cause, "entries": entries} for cause, entries in by_cause.items()]
    return sorted(groups, key=lambda group: not group["name"])


def entry(
    finding: Finding, name: str, rules: Mapping[str, Rule], context: Context
) -> dict[str, Any]:
    """A finding as the page shows it."""
    rule = rules.get(finding.rule)
    why = sentence(rule.why) if rule else ""
    return {
        "id": name,
        "tone": tone(finding),
        "subject": visible(finding.subject),
        "kind": visible(finding.kind),
        "environment": visible(finding.environment),
        "rule": visible(finding.rule),
        "message": prose(finding.message or finding.subject or "unnamed"),
        "place": visible(str(finding.location or "")),
        "source": source(finding, context),
        "related": [(visible(r.label), visible(str(r.location))) for r in finding.related],
        "notes": list(map(prose, finding.notes)),
        "remedy": prose(finding.remedy),
        "why": prose(why[:1].upper() + why[1:]),
        "waiver": visible(finding.waiver),
    }


def source(finding: Finding, context: Context) -> dict[str, str] | None:
    """A source line where it may be shown, with what matters in it `marked`."""
    if finding.outcome not in (Outcome.FAIL, Outcome.UNKNOWN) or finding.waiver:
        return None
    found = excerpt(finding, context.excerpt, _COLUMNS)
    if found is None or finding.location is None:
        return None
    line, carets = found
    start = _after(line, len(carets) - len(carets.lstrip()))
    end = _after(line, len(carets))
    parts = {"before": line[:start], "marked": line[start:end], "after": line[end:]}
    return {"number": str(finding.location.line), **parts}


def _after(line: str, width: int) -> int:
    """How many characters of `line` take `width` columns."""
    if line.isascii():
        return min(width, len(line))
    at = 0
    while at < len(line) and width > 0:
        width -= columns(line[at])
        at += 1
    while at < len(line) and columns(line[at]) == 0:
        at += 1
    return at


def compares(environment: str, report: Report) -> bool:
    """Whether a finding's environment names several of the report's, as in `laptop, production`."""
    parts = environment.split(", ")
    return (
        len(parts) > 1
        and environment not in report.environments
        and set(parts) <= set(report.environments)
    )


def title(environment: str, report: Report) -> str:
    """An environment as a heading; the spec's own findings have no environment."""
    if compares(environment, report):
        first, _, last = environment.rpartition(", ")
        return visible(f"between {first} and {last}")
    return visible(environment) or "spec"


def prose(text: str) -> Markup:
    """A text whose `quotes` are code."""
    text = visible(text)
    if "`" not in text:
        return escape(text)
    parts: Iterable[Markup] = (
        Markup("<code>{}</code>").format(part) if odd % 2 and part else escape(part)
        for odd, part in enumerate(quoted(text))
    )
    return Markup().join(parts)


def breakable(name: str) -> Markup:
    """A name that may be broken where its parts meet."""
    return Markup("<wbr>").join(_PARTS.findall(visible(name)))


def matrix(report: Report, names: Mapping[int, str]) -> dict[str, Any]:
    """A column for each environment, a row for each subject; blocks and rows in their order.

    A row is `well` if nothing in it asks for attention; the table is `mixed` if some rows are.
    """
    found: dict[tuple[str, str, str], dict[str, list[Finding]]] = {}
    columns = dict.fromkeys(report.environments)
    for finding in report.findings:
        if finding.environment and not compares(finding.environment, report):
            columns[finding.environment] = None
            key = (_heading(finding), finding.subject, finding.kind)
            cells = found.setdefault(key, {})
            cells.setdefault(finding.environment, []).append(finding)
    blocks: dict[str, list[dict[str, Any]]] = {}
    for (heading, subject, _), by_name in sorted(found.items(), key=_order):
        row = [_cell(by_name.get(name, ()), names) for name in columns]
        calm = ("passed", "absent", "skipped", "waived")
        well = all(cell["tone"].name in calm for cell in row)
        blocks.setdefault(heading, []).append(
            {"name": breakable(subject), "cells": row, "well": well}
        )
    return {
        "columns": list(map(visible, columns)),
        "blocks": [{"name": visible(name), "rows": rows} for name, rows in blocks.items()],
        "mixed": len({row["well"] for rows in blocks.values() for row in rows}) > 1,
    }


def comparisons(report: Report, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """What compares environments, worst first."""
    found: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in report.findings:
        if compares(finding.environment, report):
            key = (finding.environment, finding.subject, finding.kind)
            found.setdefault(key, []).append(finding)
    made = [
        {
            "name": breakable(subject),
            "environments": visible(environment),
            "cell": _cell(findings, names),
        }
        for (environment, subject, _), findings in found.items()
    ]
    return sorted(made, key=lambda one: (_RANK[one["cell"]["tone"].name], one["name"]))


def _heading(finding: Finding) -> str:
    """The group that the spec gives, else the kind in the plural."""
    if finding.group:
        return finding.group
    kind = finding.kind.capitalize()
    irregular = kind.endswith("y") and not kind.endswith(("ay", "ey", "oy", "uy"))
    return f"{kind[:-1]}ies" if irregular else f"{kind}s"


def _order(row: tuple[tuple[str, str, str], object]) -> tuple[str, ...]:
    heading, subject, kind = row[0]
    return heading.casefold(), heading, subject.casefold(), subject, kind


def _cell(findings: Iterable[Finding], names: Mapping[int, str]) -> dict[str, Any]:
    """The worst finding of one check in one environment, its id in the page, and how many more."""
    worst = sorted(findings, key=lambda finding: _RANK[tone(finding).name])
    shown = tone(worst[0]) if worst else TONES["absent"]
    if shown.name in ("absent", "passed"):
        return {"tone": shown, "target": "", "more": 0}
    return {"tone": shown, "target": names[id(worst[0])], "more": len(worst) - 1}
