"""How bad a finding is, what it is about, and what became of a check."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How bad a broken rule is."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """0 for info to 2 for error, to compare thresholds with."""
        return _RANKS[self]


_RANKS = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


class Category(StrEnum):
    """What kind of thing a rule is about; alerts and gates select by it."""

    SPEC = "spec"
    SOURCE = "source"
    MISSING = "missing"
    FORMAT = "format"
    SECRET = "secret"  # noqa: S105 - the category, not a password
    NAMING = "naming"
    PORTABILITY = "portability"
    PARITY = "parity"
    RULE = "rule"
    KEY = "key"
    DATABASE = "database"
    ALGORITHM = "algorithm"
    SERVICE = "service"
    TEST = "test"


class Outcome(StrEnum):
    """What became of a check. *Unknown* means that assay could not look: never pass, never fail."""

    PASS = "pass"  # noqa: S105 - the outcome, not a password
    FAIL = "fail"
    SKIP = "skip"
    UNKNOWN = "unknown"
