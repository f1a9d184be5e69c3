"""What a program asks of a report: did it pass, which findings matter, how does it read."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

import msgspec

from assay.errors import CheckFailed, UsageError
from assay.suggest import hint

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Any, Protocol, Self

    from assay.model import Finding, Outcome, Severity

    class Judged(Protocol):
        """What the methods need of a report."""

        @property
        def findings(self) -> tuple[Finding, ...]:
            """Its findings, in order."""

        def failures(self, fail_on: Severity = ...) -> tuple[Finding, ...]:
            """Those that fail it."""

        def exit_code(self, *, fail_on: Severity = ..., allow_unknown: bool = ...) -> int:
            """What it comes to."""

else:
    Judged = object


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How many findings came to what; waived failures are counted apart."""

    passed: int = 0
    failed: int = 0
    warned: int = 0
    noted: int = 0
    skipped: int = 0
    unknown: int = 0
    waived: int = 0


class Judging(Judged):
    """The methods of a report for programs."""

    __slots__ = ()

    @property
    def ok(self) -> bool:
        """Whether nothing failed and nothing is unknown, as with exit code 0."""
        return self.exit_code() == 0

    @property
    def counts(self) -> Counts:
        """The numbers of the summary line."""
        tally = dict.fromkeys(Counts.__struct_fields__, 0)
        for finding in self.findings:
            tally[counted_as(finding)] += 1
        return Counts(**tally)

    def select(  # noqa: PLR0913 - each is independent of the others
        self,
        *,
        outcome: str | Iterable[str] | None = None,
        severity: str | Iterable[str] | None = None,
        kind: str | Iterable[str] | None = None,
        environment: str | Iterable[str] | None = None,
        subject: str | Iterable[str] | None = None,
        rule: str | Iterable[str] | None = None,
    ) -> Self:
        """The report with only the findings that fit every argument, in the same order.

        Each argument is one name or several. In `kind`, `environment`, `subject` and `rule`, `*`
        stands for any text. A finding that compares environments fits each of them.

        Args:
            outcome: `pass`, `fail`, `skip` or `unknown`; see `Outcome`.
            severity: `info`, `warning` or `error`; see `Severity`.
            kind: the kind of check, such as `variable`.
            environment: the name of an environment; findings about the spec have an empty one.
            subject: what a finding is about, such as the name of a variable.
            rule: the code of a rule, such as `variable-missing`.

        Raises:
            UsageError: there is no such outcome or severity.

        """
        tests: list[Callable[[Finding], bool]] = []
        for name, given in (("outcome", outcome), ("severity", severity)):
            if given is not None:
                tests.append(_one_of(name, _names(name, given)))
        for name, given in (("kind", kind), ("environment", environment), ("subject", subject)):
            if given is not None:
                tests.append(_fitting(name, _names(name, given)))
        if rule is not None:
            tests.append(_fitting("rule", self._present(_names("rule", rule))))
        kept = tuple(found for found in self.findings if all(test(found) for test in tests))
        changed: Any = self
        return msgspec.structs.replace(changed, findings=kept)  # type: ignore[no-any-return]

    def _present(self, codes: Collection[str]) -> Collection[str]:
        """Codes of rules as they are now; a former one is translated."""
        known = {found.rule for found in self.findings}
        if all(code in known or "*" in code for code in codes):
            return codes
        renamed: Mapping[str, str] = import_module("assay.spec.rulebook").renamed_codes()
        return [renamed.get(code, code) for code in codes]

    def raise_for_failures(
        self, fail_on: str | None = None, *, allow_unknown: bool = False
    ) -> Self:
        """Raise an error that lists what failed or is unknown; else return the report itself.

        It raises exactly if `exit_code` with the same arguments is not 0.

        Args:
            fail_on: the severity from which a failure counts; `error` by default.
            allow_unknown: whether what could not be observed is passed over.

        Raises:
            CheckFailed: there are such findings; `findings` holds them.

        """
        threshold = _severity("error" if fail_on is None else fail_on)
        code = self.exit_code(fail_on=threshold, allow_unknown=allow_unknown)
        if code == 0:
            return self
        found = self.failures(threshold)
        raise CheckFailed(found or self.select(outcome="unknown").findings, exit_code=code)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The report that was written as JSON, by `render("json")` or `assay check --format json`.

        No plug-in is loaded: a rule of one is known by what its findings say, so reporters name it
        without the reason or address that the plug-in gives, and its former codes aren't known.

        Raises:
            UsageError: the text isn't such a report.

        """
        read: Callable[[str | bytes], Self] = import_module("assay.reporters.json_document").read
        return read(text)

    def render(  # noqa: PLR0913 - each is independent of the others
        self,
        format: str = "text",  # noqa: A002 - as `assay check` calls it
        *,
        fail_on: str | None = None,
        allow_unknown: bool = False,
        quiet: bool = False,
        verbose: bool = False,
        colour: bool = False,
        width: int = 100,
        root: str = ".",
    ) -> str:
        """The report as text, JSON, HTML or in another format of `assay check`.

        It quotes no line of a file, and gives only the line of a place in a .env file.

        Args:
            format: a format of `assay check --format`, such as `html`, `json`, `junit` or `sarif`.
            fail_on: the severity from which a failure counts; `error` by default.
            allow_unknown: whether what could not be observed leaves the verdict alone.
            quiet: whether `text` has only what decides the verdict.
            verbose: whether passed checks are listed too.
            colour: whether `text` has the colours of a terminal.
            width: the columns after which `text` is wrapped; 0 for no wrapping.
            root: the folder that places are relative to, as seen from the top of the repository.

        Raises:
            UsageError: there is no such format or severity.

        """
        # Reporters import the model, so they are looked up by name, as every registry does.
        rendered: Callable[..., str] = import_module("assay.rendering").rendered
        return rendered(
            self,
            format,
            fail_on=_severity("error" if fail_on is None else fail_on),
            allow_unknown=allow_unknown,
            quiet=quiet,
            verbose=verbose,
            colour=colour,
            width=width,
            root=root,
        )


def counted_as(finding: Finding) -> str:
    """The field of `Counts` that a finding is counted in."""
    if finding.outcome != "fail":
        return _OTHERS_AS[finding.outcome]
    return "waived" if finding.waiver else _FAILED_AS[finding.severity]


_OTHERS_AS = {"pass": "passed", "skip": "skipped", "unknown": "unknown"}
_FAILED_AS = {"error": "failed", "warning": "warned", "info": "noted"}


def _names(what: str, given: str | Iterable[str]) -> Collection[str]:
    """The names that an argument gives."""
    names = [given] if isinstance(given, str) else given
    found = list(names) if isinstance(names, Iterable) else [None]
    if not all(isinstance(name, str) for name in found):
        raise UsageError(
            f"{what} must be a text, or several", f"Pass one, or a list: {what}=[...]."
        )
    return [str(name) for name in found]


def _one_of(name: str, chosen: Collection[str]) -> Callable[[Finding], bool]:
    known = _enum(name)
    for one in chosen:
        if one not in list(known):
            raise _unknown(one, name)
    return lambda found: getattr(found, name) in chosen


def _fitting(name: str, patterns: Collection[str]) -> Callable[[Finding], bool]:
    from fnmatch import fnmatchcase

    def fits(found: Finding) -> bool:
        own = getattr(found, name)
        words = (own, *found.environments) if name == "environment" else (own,)
        return any(fnmatchcase(word, pattern) for word in words for pattern in patterns)

    return fits


def _severity(given: str) -> Severity:
    known: Any = _enum("severity")
    if given not in list(known):
        raise _unknown(given, "severity")
    return known(given)  # type: ignore[no-any-return]


def _enum(name: str) -> type[Outcome | Severity]:
    """`Outcome` or `Severity`; the model imports this module."""
    return getattr(import_module("assay.model"), name.capitalize())  # type: ignore[no-any-return]


def _unknown(given: object, name: str) -> UsageError:
    known = [str(one) for one in _enum(name)]
    article = "an" if name == "outcome" else "a"
    return UsageError(
        f"{given} is not {article} {name}{hint(str(given), known)}",
        f"Pass one of {', '.join(known)}.",
    )
