"""What assay says: rules, violations, findings and reports.

Everything here is a frozen value. A `Report` is a sorted tuple of findings, and its exit code is a
pure function of it, so reporters, gates and monitors all agree on what a run meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar

import msgspec

from assay.categories import Category as Category  # noqa: PLC0414 - re-exported
from assay.categories import Outcome as Outcome  # noqa: PLC0414 - re-exported
from assay.categories import Severity as Severity  # noqa: PLC0414 - re-exported
from assay.discretion import LEAST, discreet
from assay.judging import Judging
from assay.registry import Plugin


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """A place in a file. Lines and columns count from 1, columns in characters.

    `end_column` is that of the character after the last one.
    """

    file: str
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None

    @property
    def start(self) -> Location:
        """Where it begins; its end would reveal the length of a secret."""
        return Location(file=self.file, line=self.line, column=self.column)

    def __str__(self) -> str:
        """`file:line:column`, as editors and terminals understand it."""
        parts = [self.file]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts)


class Blurred(Location, frozen=True, kw_only=True):
    """A line, because the column would reveal the length of the secret before it."""

    exact: Location
    """The place, to choose what an excerpt shows; it must not be shown."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What can be wrong, named after the offence.

    Messages and remedies are `str.format` templates over a violation's values, each a complete
    sentence: a placeholder stands for data, never for a part of the sentence. `why` says what
    happens to the application when the rule is broken; `bad` and `good` are short examples.
    """

    code: str
    category: Category = Category.FORMAT
    message: str
    remedy: str
    why: str
    severity: Severity = Severity.ERROR
    bad: str = ""
    good: str = ""
    messages: Mapping[str, str] = {}
    """Messages of particular cases, by the name of the case; `message` is for all others."""
    remedies: Mapping[str, str] = {}
    """Remedies of particular cases, by the name of the case; `remedy` is for all others."""
    formerly: tuple[str, ...] = ()
    """Codes that it had before; still understood."""

    def __hash__(self) -> int:
        """By its code, which no other rule has."""
        return hash(self.code)

    def violated(
        self, *, at: Location | None = None, case: str = "", advice: str = "", **values: object
    ) -> Violation:
        """A violation of this rule; `values` fill the templates and must be free of secrets.

        `case` names a message, a remedy or both; `advice` a remedy, if it is another than that of
        the case.
        """
        if case and case not in self.messages and case not in self.remedies:
            raise KeyError(f"{self.code} has no case {case}")
        if advice and advice not in self.remedies:
            raise KeyError(f"{self.code} has no remedy {advice}")
        filling = {name: str(value) for name, value in values.items()}
        return Violation(rule=self, values=filling, at=at, case=case, advice=advice)


class Related(msgspec.Struct, frozen=True, kw_only=True):
    """A second place that helps to understand a finding."""

    label: str
    location: Location

    def __post_init__(self) -> None:
        """Keep what looks like a credential out of the label."""
        _discreetly(self, ("label",))


class Violation(msgspec.Struct, frozen=True, kw_only=True):
    """A broken rule with its secret-free values, as pure evaluation yields it."""

    rule: Rule
    values: Mapping[str, str] = {}
    case: str = ""
    """Which of the rule's named messages and remedies it takes; empty for the usual ones."""
    advice: str = ""
    """Which of the rule's named remedies it takes, if it is not that of the case."""
    own_remedy: str = ""
    """A remedy that the spec's authors wrote, which comes before the rule's."""
    at: Location | None = None
    subject: str = ""
    """What it is about, if not the check's own subject."""
    severity: Severity | None = None
    sensitive: bool = True
    """Whether the text at `at` must not be shown."""
    written: str = ""
    """The name at `at`, if it isn't the subject's."""
    holder: str = ""
    """The variable whose value is at `at`, if that isn't the subject."""
    related: tuple[Related, ...] = ()
    """Further places that help to understand it."""
    declared: Location | None = None
    """The part of the spec that it violates, if that isn't the check's complete entry."""
    notes: tuple[str, ...] = ()
    """How sure it is, and what shows it: sentences without a secret."""

    def with_values(self, **values: str) -> Violation:
        """The same violation with more values; those it already has win."""
        return msgspec.structs.replace(self, values={**values, **self.values})

    def advised(self, advice: str) -> Violation:
        """The same violation with a named remedy, if its rule has that and none was chosen."""
        chosen = self.advice or self.case
        if chosen in self.rule.remedies or advice not in self.rule.remedies:
            return self
        return msgspec.structs.replace(self, advice=advice)

    @property
    def message(self) -> str:
        """The rule's message, filled in."""
        return self.rule.messages.get(self.case, self.rule.message).format_map(self.values)

    @property
    def remedy(self) -> str:
        """The rule's remedy, filled in."""
        if self.own_remedy:
            return self.own_remedy
        named = self.rule.remedies.get(self.advice or self.case, self.rule.remedy)
        return named.format_map(self.values)


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One outcome of one check, ready to be shown: it never holds a secret."""

    outcome: Outcome
    kind: str
    subject: str
    environment: str = ""
    """Where it was found; several names, joined, if it compares environments."""
    across: tuple[str, ...] = ()
    """The environments that it compares."""
    rule: str = ""
    severity: Severity = Severity.ERROR
    category: Category = Category.SPEC
    message: str = ""
    remedy: str = ""
    location: Location | None = None
    related: tuple[Related, ...] = ()
    sensitive: bool = True
    """Whether the text at `location` must not be shown."""
    written: str = ""
    """The name at `location`, if it isn't the subject's."""
    holder: str = ""
    """The variable whose value is at `location`, if that isn't the subject."""
    notes: tuple[str, ...] = ()
    """How sure it is, and what shows it: sentences without a secret."""
    cause: str = ""
    waiver: str = ""
    group: str = ""
    """The heading that documents list its subject under."""
    folder: str = ""
    """The folder of its project, in a report on several; relative to that of the report."""
    own_environment: str = ""
    """The environment as its project calls it, if `environment` names the project too."""

    def __post_init__(self) -> None:
        """Keep what looks like a credential out of every text, and lengths out of the place."""
        _discreetly(self, _TEXTS)
        if self.notes:
            msgspec.structs.force_setattr(self, "notes", tuple(map(discreet, self.notes)))
        at = self.location
        if self.sensitive and at is not None and at.end_column is not None:
            msgspec.structs.force_setattr(self, "location", at.start)

    @property
    def environments(self) -> tuple[str, ...]:
        """The environments that it is about; none if it is about the spec itself."""
        return self.across or ((self.environment,) if self.environment else ())

    @property
    def fingerprint(self) -> str:
        """32 hex digits that name this finding across runs and edits: no position, no message.

        Reporters tell apart what this does not: see `reporters.identity`.
        """
        return self.fingerprint_in("")

    def fingerprint_in(self, folder: str, *, subject: str | None = None) -> str:
        """The same for a project in a folder of its repository; empty for the repository's top.

        `subject` stands for the finding's own where that may be secret.
        """
        import hashlib

        environment = self.own_environment or self.environment
        parts = [self.kind, self.rule, environment, self.subject if subject is None else subject]
        parts += [folder] if folder else []
        return hashlib.sha256("\0".join(parts).encode(errors="backslashreplace")).hexdigest()[:32]

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Environment first, then failures before the rest, worst first, then place and name."""
        where = self.location
        return (
            self.environment,
            _ORDER[self.outcome],
            bool(self.waiver),
            -self.severity.rank,
            where.file if where else "",
            (where.line or 0) if where else 0,
            (where.column or 0) if where else 0,
            self.subject,
            self.rule,
        )


_TEXTS = ("message", "remedy", "cause", "waiver")
"""The fields of a finding that quote what people wrote."""
_NAMES = ("subject", "environment", "written", "holder", "group")
"""The fields that distinguish a finding from others; they are kept until a report is rendered."""


def _discreetly(struct: msgspec.Struct, fields: Iterable[str]) -> None:
    for field in fields:
        text = getattr(struct, field)
        if len(text) >= LEAST and (clean := discreet(text)) != text:
            msgspec.structs.force_setattr(struct, field, clean)


_ORDER = {Outcome.FAIL: 0, Outcome.UNKNOWN: 1, Outcome.SKIP: 2, Outcome.PASS: 3}


class Report(Judging, msgspec.Struct, frozen=True, kw_only=True):
    """The findings of one run in a stable order."""

    project: str = ""
    environments: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    plugins: tuple[Plugin, ...] = ()
    """The plug-ins of the spec, whose reporters may render it."""

    EXIT_PASS: ClassVar[int] = 0
    EXIT_FAIL: ClassVar[int] = 1
    EXIT_INVALID: ClassVar[int] = 2
    EXIT_UNKNOWN: ClassVar[int] = 3

    @classmethod
    def of(
        cls,
        findings: Iterable[Finding],
        *,
        project: str = "",
        environments: Iterable[str] = (),
        plugins: tuple[Plugin, ...] = (),
    ) -> Report:
        """A report of `findings`, sorted and without duplicates."""
        unique = dict.fromkeys(findings)
        return cls(
            project=project,
            environments=tuple(environments),
            findings=tuple(sorted(unique, key=lambda finding: finding.sort_key)),
            plugins=plugins,
        )

    def placed(self, place: Callable[[Location], Location]) -> Report:
        """The report with each place of its findings changed by `place`."""

        def told(finding: Finding) -> Finding:
            at = finding.location and place(finding.location)
            related = tuple(
                msgspec.structs.replace(other, location=place(other.location))
                for other in finding.related
            )
            return msgspec.structs.replace(finding, location=at, related=related)

        return msgspec.structs.replace(self, findings=tuple(map(told, self.findings)))

    def discreet(self) -> Report:
        """The report to be shown: names that look like a credential are bullets in it.

        Until then they are what they are, since waivers and tests go by them.
        """
        known: dict[str, str] = {}

        def clean(name: str) -> str:
            if name not in known:
                known[name] = discreet(name)
            return known[name]

        def place(at: Location | None) -> Location | None:
            if at is None:
                return None
            # a folder's name may have no order, and hosts show a finding beside the file's lines
            file = discreet(at.file, by_marks=at.line is not None)
            return at if file == at.file else msgspec.structs.replace(at, file=file)

        def shown(finding: Finding) -> Finding:
            old: dict[str, object] = {field: getattr(finding, field) for field in _NAMES}
            new: dict[str, object] = {field: clean(str(name)) for field, name in old.items()}
            new |= {
                "location": place(finding.location),
                "across": tuple(map(clean, finding.across)),
            }
            same = new == {**old, "location": finding.location, "across": finding.across}
            return finding if same else msgspec.structs.replace(finding, **new)

        return msgspec.structs.replace(
            self,
            project=clean(self.project),
            environments=tuple(dict.fromkeys(map(clean, self.environments))),
            findings=tuple(map(shown, self.findings)),
        )

    def failures(self, fail_on: Severity = Severity.ERROR) -> tuple[Finding, ...]:
        """The failures at or above a threshold that no waiver covers."""
        return tuple(
            f
            for f in self.findings
            if f.outcome is Outcome.FAIL and not f.waiver and f.severity.rank >= fail_on.rank
        )

    def exit_code(self, *, fail_on: Severity = Severity.ERROR, allow_unknown: bool = False) -> int:
        """What the run's exit code is; nothing else decides it.

        0 pass, 1 a failure at or above `fail_on`, 2 an invalid spec, 3 nothing failed but
        something is unknown.
        """
        if failures := self.failures(fail_on):
            invalid = any(finding.category is Category.SPEC for finding in failures)
            return self.EXIT_INVALID if invalid else self.EXIT_FAIL
        if not allow_unknown and any(f.outcome is Outcome.UNKNOWN for f in self.findings):
            return self.EXIT_UNKNOWN
        return self.EXIT_PASS
