"""What every reporter is given beside the report, and how findings group."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec

from assay.judging import Counts, counted_as
from assay.model import Finding, Location, Related, Report, Rule, Severity
from assay.reporters.display import Pen
from assay.words import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from assay.templating import Overrides

    class Render(Protocol):
        """A reporter."""

        def __call__(self, report: Report, context: Context) -> str:
            """The text of `report`, which ends with a newline unless it is empty."""
            ...


class Quoted(NamedTuple):
    """A line of a file as it may be shown, and where in it a place stands."""

    text: str
    at: Location


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """How a report is to be rendered."""

    version: str
    """assay's own version."""
    rules: Callable[[], Mapping[str, Rule]] = dict
    """Every rule by code; a function, because collecting them imports every kind."""
    excerpt: Callable[[Location], Quoted | None] = lambda _: None
    """One line of a file as it may be shown, None if it may not or can't.

    Never called for a sensitive finding.
    """
    mask: Callable[[str], str] = str
    """The text with bullets for what is secret."""
    templates: Overrides | None = None
    """The project whose templates `html` takes before the shipped ones."""
    root: str = "."
    """The folder that locations are relative to, seen from the top of the repository (POSIX)."""
    fail_on: Severity = Severity.ERROR
    """The severity from which a failure fails the run."""
    allow_unknown: bool = False
    """Whether what could not be observed leaves the run's result alone."""
    colour: bool = False
    """Whether `text` may use ANSI colours."""
    width: int = 100
    """The columns that `text` wraps at; 0 for no wrapping."""
    quiet: bool = False
    """Whether `text` shows only what decides the exit code."""
    verbose: bool = False
    """Whether passes and inapplicable checks are shown one by one."""

    @property
    def pen(self) -> Pen:
        """What draws in these colours and this width."""
        return Pen(self.colour, self.width)

    def exit_code(self, report: Report) -> int:
        """What the run's exit code is."""
        return report.exit_code(fail_on=self.fail_on, allow_unknown=self.allow_unknown)


def by_environment(report: Report) -> dict[str, list[Finding]]:
    """The findings of each environment: declared order first, the spec's own ("") before all.

    Environments without a finding are kept, so that a reader sees that they were looked at.
    """
    groups: dict[str, list[Finding]] = {name: [] for name in ("", *report.environments)}
    for finding in report.findings:
        groups.setdefault(finding.environment, []).append(finding)
    if not groups[""]:
        del groups[""]
    return groups


def ordered(report: Report) -> list[Finding]:
    """The findings in the order of their environments."""
    return [finding for group in by_environment(report).values() for finding in group]


def counted_in(findings: Iterable[Finding], *standings: str) -> list[Finding]:
    """The findings that are counted in one of these fields of `Counts`."""
    return [finding for finding in findings if counted_as(finding) in standings]


def counts_of(findings: Iterable[Finding]) -> Counts:
    """How many of some findings came to what."""
    return Report(findings=tuple(findings)).counts


def verdict(report: Report, context: Context) -> str:
    """What became of a run, in the words that follow its name."""
    return {
        Report.EXIT_PASS: "passed",
        Report.EXIT_FAIL: "failed",
        Report.EXIT_INVALID: "could not start: the spec is invalid",
        Report.EXIT_UNKNOWN: "could not check everything",
    }[context.exit_code(report)]


def tally_of(findings: Iterable[Finding]) -> dict[str, str]:
    """The tally of what the spec itself declares; what its imports declare is counted apart.

    That a source could be read is no more than the condition of all else.
    """
    some = list(findings)
    passed = [finding for finding in counted_in(some, "passed") if finding.kind != "source"]
    imported = sum(map(_imported, passed))
    counts = msgspec.structs.replace(counts_of(some), passed=len(passed) - imported)
    said = tally(counts)
    if imported:
        own = said.get("passed")
        said["passed"] = f"{own} and {imported} imported" if own else f"{imported} imported passed"
        said = {name: said[name] for name in FIELDS if name in said}
    return said


def _imported(finding: Finding) -> bool:
    return finding.location is not None and finding.location.file.startswith("builtin:")


_NOUNS = {"failed": "error", "warned": "warning", "noted": "notice"}
FIELDS = ("failed", "warned", "noted", "passed", "skipped", "unknown", "waived")
"""Those of `Counts`, in the order that people read them."""


def tally(counts: Counts) -> dict[str, str]:
    """`2 errors`, `1 warning`, `97 passed`: what is not nil, by its field in `counts`."""
    numbers = {name: getattr(counts, name) for name in FIELDS}
    return {
        name: plural(number, _NOUNS[name]) if name in _NOUNS else f"{number} {name}"
        for name, number in numbers.items()
        if number
    }


def sentence(text: str) -> str:
    """`text` with a full stop, unless it ends in one or the like."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) or not text else f"{text}."


_TEXTS = (
    *("message", "remedy", "cause", "waiver", "subject", "environment", "written", "holder"),
    *("group", "folder", "own_environment"),
)


def masked(report: Report, mask: Callable[[str], str]) -> Report:
    """The report without any secret that `mask` knows.

    Whoever fills in a value may choose one that is a piece of JSON, of XML or of a runner's
    command. If it were taken out of the rendered text, it would break the report.
    """
    known: dict[str, str] = {}

    def clean(text: str) -> str:
        if text not in known:
            known[text] = mask(text)
        return known[text]

    def place(at: Location) -> Location:
        return msgspec.structs.replace(at, file=clean(at.file))

    def other(related: Related) -> Related:
        label, location = clean(related.label), place(related.location)
        return msgspec.structs.replace(related, label=label, location=location)

    def shown(finding: Finding) -> Finding:
        return msgspec.structs.replace(
            finding,
            **{field: clean(getattr(finding, field)) for field in _TEXTS},
            across=tuple(map(clean, finding.across)),
            notes=tuple(map(clean, finding.notes)),
            related=tuple(map(other, finding.related)),
            location=finding.location and place(finding.location),
        )

    return msgspec.structs.replace(
        report,
        project=clean(report.project),
        environments=tuple(dict.fromkeys(map(clean, report.environments))),
        findings=tuple(map(shown, report.findings)),
    )
