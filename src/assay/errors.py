"""What ends a run, and with which exit code.

    AssayError
    |-- UsageError      2   the command line can't be understood, or names what isn't there
    |   `-- SelectionError  2   what was asked for selects no check
    |-- SpecError       2   the spec is invalid; carries every problem found
    |-- OutputError     2   a report or document could not be written
    |-- UnobservedError 3   what was asked for could not be observed
    |-- NotStartedError 126  `assay run` can't start its program
    |   `-- NotFoundError 127  there is no such program
    `-- Interrupted   130   Ctrl-C

Anything else that escapes is a bug of ours and exits with 70 (EX_SOFTWARE of sysexits.h). What the
checks found is no error: its exit codes, 0, 1 and 3, are `Report.exit_code`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assay.model import Finding

BUG = 70


class AssayError(Exception):
    """A failure with a message for people and a remedy; never holds a secret."""

    exit_code = 2

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class UsageError(AssayError):
    """The command line can't be understood, or names what isn't there."""


class OutputError(AssayError):
    """A report, document or cache could not be written; what was there before is intact."""


class SelectionError(UsageError):
    """What was asked for selects no check."""


class SpecError(AssayError):
    """The spec is invalid. `problems` holds everything that is wrong with it, in order of place."""

    def __init__(self, problems: Iterable[Finding]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        first = f": {self.problems[0].message}" if self.problems else ""
        super().__init__(f"the spec has {count} problem{'' if count == 1 else 's'}{first}")


class UnobservedError(AssayError):
    """What a command was to work on could not be observed."""

    exit_code = 3


class NotStartedError(AssayError):
    """The program that assay was to start can't be started; the code is the one of shells."""

    exit_code = 126


class NotFoundError(NotStartedError):
    """The program that assay was to start does not exist; the code is the one of shells."""

    exit_code = 127


class Interrupted(AssayError):  # noqa: N818 - it is not the run that erred
    """The person pressed Ctrl-C."""

    exit_code = 130
