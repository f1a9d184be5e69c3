"""What the HTML page shows, in the order that it shows it: plain values, ready for its template.

Texts are made visible here, and what the template must not escape again is `Markup`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from markupsafe import Markup, escape

from assay.model import Finding, Outcome, Report, Severity
from assay.reporters.base import by_environment, sentence, tally
from assay.reporters.display import quoted, visible
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

_SEVERITIES = {Severity.ERROR: ERROR, Severity.WARNING: WARNING, Severity.INFO: INFO}


class PageSource(msgspec.Struct, frozen=True):
    """A source line: its number, and what stands before, in and after the part that matters."""

    number: str
    before: str
    marked: str
    after: str


class PageEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One finding."""

    id: str
    tone: Tone
    subject: str
    kind: str
    environment: str
    rule: str
    message: Markup
    place: str
    source: PageSource | None
    related: tuple[tuple[str, str], ...]
    notes: tuple[Markup, ...]
    remedy: Markup
    why: Markup
    waiver: str


class PageGroup(msgspec.Struct, frozen=True, kw_only=True):
    """The entries of one environment, or of one root cause."""

    name: str
    entries: tuple[PageEntry, ...]
    count: str = ""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """An environment at a glance."""

    name: str
    tone: Tone
    verdict: str
    said: str
    bar: tuple[tuple[str, float, float], ...]
    """Tone, start and length of each stretch of a bar that is 100 long."""


def ids(report: Report, context: Context) -> dict[int, str]:
    """What names each finding's place in the page, by the finding's identity."""
    return {key: f"f-{name[:16]}" for key, name in fingerprints(report, context).items()}


def tone(finding: Finding) -> Tone:
    """How a finding is reported."""
    match finding.outcome:
        case Outcome.PASS:
            return PASSED
        case Outcome.SKIP:
            return SKIPPED
        case Outcome.UNKNOWN:
            return UNKNOWN
        case Outcome.FAIL:
            return WAIVED if finding.waiver else _SEVERITIES[finding.severity]


def overall(exit_code: int) -> Tone:
    """The tone of a whole run, or of one environment."""
    return {Report.EXIT_PASS: PASSED, Report.EXIT_UNKNOWN: UNKNOWN}.get(exit_code, ERROR)


def cards(report: Report, context: Context) -> list[Card]:
    """A card for each environment, and for the spec if there is something to say of it."""
    made = []
    for name, findings in by_environment(report).items():
        part = Report(findings=tuple(findings))
        code = part.exit_code(fail_on=context.fail_on, allow_unknown=context.allow_unknown)
        words = {Report.EXIT_PASS: "passed", Report.EXIT_UNKNOWN: "not all checked"}
        made.append(
            Card(
                name=title(name, report),
                tone=overall(code),
                verdict=words.get(code, "failed"),
                said=", ".join(tally(part.counts).values()) or "nothing to check",
                bar=bar(part.counts),
            )
        )
    return made


_COUNTED = {
    "failed": ERROR,
    "warned": WARNING,
    "noted": INFO,
    "unknown": UNKNOWN,
    "waived": WAIVED,
    "skipped": SKIPPED,
    "passed": PASSED,
}


def counted(counts: Counts) -> list[tuple[Tone, int]]:
    """The numbers of a run by tone, the worst first."""
    return [(shown, getattr(counts, name)) for name, shown in _COUNTED.items()]


def bar(counts: Counts) -> tuple[tuple[str, float, float], ...]:
    """The counts as stretches of a bar."""
    numbers = [(shown.name, number) for shown, number in counted(counts) if number]
    total = sum(number for _, number in numbers)
    stretches = []
    start = 0.0
    for name, number in numbers:
        length = 100 * number / total
        stretches.append((name, round(start, 3), round(length, 3)))
        start += length
    return tuple(stretches)


def groups(
    report: Report, context: Context, wanted: Sequence[Tone], names: Mapping[int, str]
) -> list[PageGroup]:
    """The findings of the wanted tones by environment; environments without one are left out."""
    rules = context.rules() if any(f.rule for f in report.findings) else {}
    found = []
    for name, findings in by_environment(report).items():
        chosen = [f for f in findings if tone(f) in wanted]
        if chosen:
            made = tuple(entry(f, names[id(f)], rules, context) for f in chosen)
            counts = Report(findings=tuple(chosen)).counts
            said = ", ".join(tally(counts).values())
            found.append(PageGroup(name=title(name, report), entries=made, count=said))
    return found


def causes(report: Report, context: Context, names: Mapping[int, str]) -> list[PageGroup]:
    """What was skipped by its root cause; what does not apply comes last."""
    by_cause: dict[str, list[PageEntry]] = {}
    for findings in by_environment(report).values():
        for finding in (f for f in findings if f.outcome is Outcome.SKIP):
            made = entry(finding, names[id(finding)], {}, context)
            by_cause.setdefault(visible(finding.cause), []).append(made)
    last = by_cause.pop("", [])
    found = [PageGroup(name=cause, entries=tuple(made)) for cause, made in by_cause.items()]
    return [*found, PageGroup(name="", entries=tuple(last))] if last else found


def entry(finding: Finding, name: str, rules: Mapping[str, Rule], context: Context) -> PageEntry:
    """A finding as the page shows it."""
    rule = rules.get(finding.rule)
    return PageEntry(
        id=name,
        tone=tone(finding),
        subject=visible(finding.subject),
        kind=visible(finding.kind),
        environment=visible(finding.environment),
        rule=visible(finding.rule),
        message=prose(finding.message or finding.subject or "unnamed"),
        place=visible(str(finding.location or "")),
        source=source(finding, context),
        related=tuple((visible(r.label), visible(str(r.location))) for r in finding.related),
        notes=tuple(map(prose, finding.notes)),
        remedy=prose(finding.remedy),
        why=prose(_capital(sentence(rule.why))) if rule else Markup(),
        waiver=visible(finding.waiver),
    )


def source(finding: Finding, context: Context) -> PageSource | None:
    """The line that a finding is about, where it may be shown."""
    if finding.outcome not in (Outcome.FAIL, Outcome.UNKNOWN) or finding.waiver:
        return None
    found = excerpt(finding, context.excerpt, _COLUMNS)
    if found is None or finding.location is None:
        return None
    line, carets = found
    number = str(finding.location.line)
    start = _after(line, len(carets) - len(carets.lstrip()))
    end = _after(line, len(carets))
    return PageSource(number, line[:start], line[start:end], line[end:])


def _after(line: str, width: int) -> int:
    """How many characters of `line` take `width` columns."""
    from assay.reporters.display import columns

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


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
