"""What ends a run, and with which exit code.

    AssayError
    |-- UsageError      2   the command line can't be understood, or names what isn't there
    |   `-- SelectionError  2   what was asked for selects no check
    |-- SpecError       2   the spec is invalid; carries every problem found
    |-- LimitError      2   the input takes too much time or memory
    |-- OutputError     2   a report or document could not be written
    |-- CheckFailed     1   `Report.raise_for_failures`; 2 and 3 as `Report.exit_code` says
    |-- UnobservedError 3   what was asked for could not be observed
    |-- CredentialError 1   a stored credential does not open
    |   |-- KeyFault        its key is missing, damaged, or the wrong key
    |   |-- FormatFault     it was damaged, or written differently
    |   |-- DatabaseFault   the row holds nothing to open
    |   `-- AlgorithmFault  it was sealed with another cipher, or bound to other data
    |-- NotStartedError 126  `assay run` can't start its program
    |   `-- NotFoundError 127  there is no such program
    `-- Interrupted   130   Ctrl-C

Anything else that escapes is a bug of ours and exits with 70 (EX_SOFTWARE of sysexits.h). What the
checks found is not an error: its exit codes, 0, 1 and 3, are `Report.exit_code`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.discretion import discreet
from assay.escapes import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assay.model import Finding

BUG = 70


class AssayError(Exception):
    """A failure with a message for people and a remedy; never holds a secret.

    It can be copied and pickled, so it crosses the border of a process.
    """

    exit_code = 2

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message: str = discreet(message)
        self.remedy: str = discreet(remedy)
        super().__init__(self.message)

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (type(self), self._state())

    def _state(self) -> dict[str, object]:
        """What another process may see of it."""
        return dict(self.__dict__)


def _restored(kind: type[AssayError], state: Mapping[str, object]) -> AssayError:
    """An error as it was pickled; `__init__` takes other arguments than an exception's `args`."""
    error = kind.__new__(kind, state["message"])
    error.__dict__.update(state)
    return error


class UsageError(AssayError):
    """The command line can't be understood, or names what isn't there."""


class OutputError(AssayError):
    """A report, document or cache could not be written; what was there before is intact."""


class LimitError(AssayError):
    """The input takes too much time or memory, or would do what is not allowed."""


class SelectionError(UsageError):
    """What was asked for selects no check."""


class SpecError(AssayError):
    """The spec is invalid. `problems` holds everything that is wrong with it, in order of place."""

    def __init__(
        self, problems: Iterable[Finding], contents: Mapping[str, bytes] | None = None
    ) -> None:
        """`contents` are the files that were read, by the names that the problems give them."""
        self.problems: tuple[Finding, ...] = tuple(problems)
        self.contents: dict[str, bytes] = dict(contents or {})
        count = len(self.problems)
        first = f": {self.problems[0].message}" if self.problems else ""
        super().__init__(f"the spec has {count} problem{'' if count == 1 else 's'}{first}")

    def _state(self) -> dict[str, object]:
        """Without the files, which nobody looked through for secrets."""
        shown = tuple(map(_shown, self.problems))
        return {**super()._state(), "problems": shown, "contents": {}}


class CheckFailed(AssayError):  # noqa: N818 - the checks did their work
    """A report has failures: `findings` are those that decided. Its message lists them."""

    LISTED = 20
    """Findings that the message lists; more are counted."""

    def __init__(self, findings: Iterable[Finding], exit_code: int = 1) -> None:
        """`exit_code` is the report's."""
        self.findings: tuple[Finding, ...] = tuple(findings)
        self.exit_code = exit_code
        listed, count = self.findings[: self.LISTED], len(self.findings)
        plural = "" if count == 1 else "s"
        needed = "it needs" if count == 1 else "they need"
        headline = {
            2: f"the spec has {count} problem{plural}",
            3: f"{count} check{plural} could not observe what {needed}",
        }.get(exit_code, f"{count} check{plural} failed")
        lines = [headline, *map(_line, listed)]
        if count > len(listed):
            lines.append(f"  and {count - len(listed)} more")
        remedies = dict.fromkeys(found.remedy for found in listed if found.remedy)
        super().__init__("\n".join(lines), " ".join(remedies))

    def _state(self) -> dict[str, object]:
        return {**super()._state(), "findings": tuple(map(_shown, self.findings))}


def _shown(found: Finding) -> Finding:
    """A finding with bullets for names that look like a secret, as reports show it."""
    from msgspec.structs import replace

    texts = {name: getattr(found, name) for name in found.__struct_fields__}
    clean = {name: discreet(text) for name, text in texts.items() if type(text) is str}
    changed: dict[str, Any] = {n: text for n, text in clean.items() if text != texts[n]}
    return replace(found, **changed) if changed else found


def _line(found: Finding) -> str:
    """A finding on a line of its own."""
    where = f"{visible(found.environment)}: " if found.environment else ""
    rule = f" [{found.rule}]" if found.rule else ""
    return f"  {where}{visible(found.message or found.subject)}{rule}"


class UnobservedError(AssayError):
    """What a command was to work on could not be observed."""

    exit_code = 3


class CredentialError(AssayError):
    """A stored credential does not open. Message, remedy and evidence may be shown to anyone."""

    exit_code = 1

    def __init__(
        self,
        message: str,
        remedy: str = "",
        *,
        rule: str = "",
        confidence: str = "",
        evidence: Iterable[str] = (),
    ) -> None:
        """`rule` is a code for `assay explain`; `confidence` is proven, likely or uncertain."""
        super().__init__(message, remedy)
        self.rule = rule
        self.confidence = confidence
        self.evidence: tuple[str, ...] = tuple(evidence)


class KeyFault(CredentialError):  # noqa: N818 - an answer, not a bug
    """The key is missing, damaged, read differently, or not the one that encrypted."""


class FormatFault(CredentialError):  # noqa: N818 - an answer, not a bug
    """What is stored was damaged on its way, or is written otherwise than declared."""


class DatabaseFault(CredentialError):  # noqa: N818 - an answer, not a bug
    """The row does not hold what is needed to open it."""


class AlgorithmFault(CredentialError):  # noqa: N818 - an answer, not a bug
    """It was sealed with another cipher, bound to other data, or needs what is not at hand."""


class NotStartedError(AssayError):
    """The program that assay was to start can't be started; the code is the one of shells."""

    exit_code = 126


class NotFoundError(NotStartedError):
    """The program that assay was to start does not exist; the code is the one of shells."""

    exit_code = 127


class Interrupted(AssayError):  # noqa: N818 - it is not the run that erred
    """The person pressed Ctrl-C."""

    exit_code = 130
