"""What ends a run, and with which exit code.

    AssayError
    |-- UsageError      2   the command line can't be understood, or names what isn't there
    |   `-- SelectionError  2   what was asked for selects no check
    |-- SpecError       2   the spec is invalid; carries every problem found
    |-- LimitError      2   the input takes too much time or memory
    |-- OutputError     2   a report or document could not be written
    |-- UnobservedError 3   what was asked for could not be observed
    |-- CredentialError 1   a stored credential does not open
    |   |-- KeyFault        its key is missing, damaged, or another one
    |   |-- FormatFault     it was damaged, or written in another way
    |   |-- DatabaseFault   the row holds nothing to open
    |   `-- AlgorithmFault  it was sealed with another cipher, or bound to other data
    |-- NotStartedError 126  `assay run` can't start its program
    |   `-- NotFoundError 127  there is no such program
    `-- Interrupted   130   Ctrl-C

Anything else that escapes is a bug of ours and exits with 70 (EX_SOFTWARE of sysexits.h). What the
checks found is no error: its exit codes, 0, 1 and 3, are `Report.exit_code`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.discretion import discreet

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assay.model import Finding

BUG = 70


class AssayError(Exception):
    """A failure with a message for people and a remedy; never holds a secret."""

    exit_code = 2

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message = discreet(message)
        self.remedy = discreet(remedy)
        super().__init__(self.message)


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
        self.problems = tuple(problems)
        self.contents = dict(contents or {})
        count = len(self.problems)
        first = f": {self.problems[0].message}" if self.problems else ""
        super().__init__(f"the spec has {count} problem{'' if count == 1 else 's'}{first}")


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
        self.evidence = tuple(evidence)


class KeyFault(CredentialError):  # noqa: N818 - it is told, not raised by a bug
    """The key is missing, damaged, read in another way, or not the one that sealed."""


class FormatFault(CredentialError):  # noqa: N818 - it is told, not raised by a bug
    """What is stored was damaged on its way, or is written otherwise than declared."""


class DatabaseFault(CredentialError):  # noqa: N818 - it is told, not raised by a bug
    """The row does not hold what is needed to open it."""


class AlgorithmFault(CredentialError):  # noqa: N818 - it is told, not raised by a bug
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
