"""What the HTML page shows, in the order that it shows it: plain values, ready for its template.

Texts are made visible here, and what the template must not escape again is `Markup`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup, escape

from assay.judging import counted_as
from assay.model import Finding, Outcome, Report
from assay.reporters.base import by_environment, counts_of, of, ordered, sentence, tally
from assay.reporters.display import columns, quoted, visible
from assay.reporters.excerpt import excerpt
from assay.reporters.identity import fingerprints

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assay.judging import Counts
    from assay.model import Rule
    from assay.reporters.base import Context

_PARTS = re.compile(r"[^_./-]+[_./-]*|[_./-]+")
_COLUMNS = 120
"""The longest source line that is shown in full."""


class Tone(msgspec.Struct, frozen=True):
    """How an outcome is reported: by a word and a sign, and by a colour on top of both."""

    name: str
    word: str
    sign: str


ERROR = Tone("error", "error", "\u2715")
WARNING = Tone("warning", "warning", "!")
INFO = Tone("info", "info", "i")
UNKNOWN = Tone("unknown", "unknown", "?")
WAIVED = Tone("waived", "waived", "~")
SKIPPED = Tone("skipped", "skipped", "\u2013")
PASSED = Tone("passed", "passed", "\u2713")
ABSENT = Tone("absent", "not checked", "\u00b7")
TONES = (ERROR, WARNING, INFO, UNKNOWN, WAIVED, SKIPPED, PASSED, ABSENT)
"""From the worst to the least."""

_COUNTED = dict(
    zip(
        ("failed", "warned", "noted", "unknown", "waived", "skipped", "passed"), TONES, strict=False
    )
)
"""The tone of what is counted in a field of `Counts`."""


def ids(report: Report, context: Context) -> dict[int, str]:
    """What names each finding's place in the page, by the finding's identity."""
    return {key: f"f-{name[:16]}" for key, name in fingerprints(report, context).items()}


def tone(finding: Finding) -> Tone:
    """How a finding is reported."""
    return _COUNTED[counted_as(finding)]


def overall(exit_code: int) -> Tone:
    """The tone of a whole run, or of one environment."""
    return {Report.EXIT_PASS: PASSED, Report.EXIT_UNKNOWN: UNKNOWN}.get(exit_code, ERROR)


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
                "said": ", ".join(tally(part.counts).values()) or "nothing to check",
                "bar": bar(part.counts),
            }
        )
    return made


def counted(counts: Counts) -> list[tuple[Tone, int]]:
    """The numbers of a run by tone, the worst first."""
    return [(shown, getattr(counts, name)) for name, shown in _COUNTED.items()]


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
    report: Report, context: Context, wanted: Sequence[Tone], names: Mapping[int, str]
) -> list[dict[str, Any]]:
    """The findings of the wanted tones by environment; environments without one are left out."""
    rules = context.rules() if any(f.rule for f in report.findings) else {}
    found = []
    for name, findings in by_environment(report).items():
        if chosen := [f for f in findings if tone(f) in wanted]:
            entries = [entry(f, names[id(f)], rules, context) for f in chosen]
            said = ", ".join(tally(counts_of(chosen)).values())
            found.append({"name": title(name, report), "entries": entries, "count": said})
    return found


def causes(report: Report, context: Context, names: Mapping[int, str]) -> list[dict[str, Any]]:
    """What was skipped by its root cause; what does not apply comes last."""
    by_cause: dict[str, list[dict[str, Any]]] = {}
    for finding in of(ordered(report), "skipped"):
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
