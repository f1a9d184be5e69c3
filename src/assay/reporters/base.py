"""What every reporter is given beside the report, and how findings group."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from assay.model import Location, Report, Severity
from assay.reporters.display import Pen
from assay.words import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Protocol

    from assay.judging import Counts
    from assay.model import Finding, Rule
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


def _no_rules() -> Mapping[str, Rule]:
    return {}


def _no_excerpt(location: Location) -> Quoted | None:  # noqa: ARG001 - the shape of `excerpt`
    return None


class Context(msgspec.Struct, frozen=True, kw_only=True):
    """How a report is to be rendered."""

    version: str
    """assay's own version."""
    rules: Callable[[], Mapping[str, Rule]] = _no_rules
    """Every rule by code; a function, because collecting them imports every kind."""
    excerpt: Callable[[Location], Quoted | None] = _no_excerpt
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


def by_environment(report: Report) -> dict[str, list[Finding]]:
    """The findings of each environment: declared order first, the spec's own ("") before all.

    Environments without a finding are kept, so that a reader sees that they were looked at.
    """
    groups: dict[str, list[Finding]] = {"": []}
    for name in report.environments:
        groups[name] = []
    for finding in report.findings:
        group = groups.get(finding.environment)
        if group is None:
            group = groups[finding.environment] = []
        group.append(finding)
    if not groups[""]:
        del groups[""]
    return groups


def verdict(report: Report, context: Context) -> str:
    """What became of a run, in the words that follow its name."""
    return {
        Report.EXIT_PASS: "passed",
        Report.EXIT_FAIL: "failed",
        Report.EXIT_INVALID: "could not start: the spec is invalid",
        Report.EXIT_UNKNOWN: "could not check everything",
    }[report.exit_code(fail_on=context.fail_on, allow_unknown=context.allow_unknown)]


def tally(counts: Counts) -> dict[str, str]:
    """`2 errors`, `1 warning`, `97 passed`: what is not nil, by its field in `counts`."""
    said = {
        "failed": plural(counts.failed, "error"),
        "warned": plural(counts.warned, "warning"),
        "noted": plural(counts.noted, "notice"),
        "passed": f"{counts.passed} passed",
        "skipped": f"{counts.skipped} skipped",
        "unknown": f"{counts.unknown} unknown",
        "waived": f"{counts.waived} waived",
    }
    return {name: text for name, text in said.items() if getattr(counts, name)}


def sentence(text: str) -> str:
    """`text` with a full stop, unless it ends in one or the like."""
    text = text.strip()
    return text if text.endswith((".", "!", "?")) or not text else f"{text}."
