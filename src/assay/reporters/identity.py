"""What names a place or a finding to other tools."""

from __future__ import annotations

from posixpath import isabs, join, normpath
from typing import TYPE_CHECKING

from assay.model import Location
from assay.redacted import REDACTED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assay.model import Report
    from assay.reporters.base import Context

NOWHERE = Location(file="specs", line=1)
"""The place of a finding without one, as hosts drop a finding without a file: the spec's folder."""


def repository_path(root: str, file: str) -> str:
    """`file`, which is relative to `root`, as seen from the top of the repository."""
    return normpath(join("" if isabs(root) else root, file))


def project_path(context: Context, folder: str) -> str:
    """Where the project in a folder of the report is in its repository; empty at its top."""
    path = repository_path(context.root, folder or ".")
    return "" if path == "." else path


def fingerprints(report: Report, context: Context) -> dict[int, str]:
    """32 hex digits for each finding, by its identity; no two have the same.

    They are those of a run in the project's own folder, wherever assay was run. Names that may not
    be shown are told apart by their order, because a hash would give away what a word list holds.
    """
    bases = [
        finding.fingerprint_in(
            project_path(context, finding.folder),
            subject="" if _hidden(finding.subject, context) else finding.subject,
        )
        for finding in report.findings
    ]
    return {
        id(finding): name for finding, name in zip(report.findings, _unique(bases), strict=True)
    }


def _hidden(name: str, context: Context) -> bool:
    return REDACTED in name or context.mask(name) != name


def _unique(bases: Iterable[str]) -> list[str]:
    """The same names, those that repeat with a number of their own."""
    import hashlib

    seen: dict[str, int] = {}
    names = []
    for base in bases:
        number = seen[base] = seen.get(base, 0) + 1
        again = hashlib.sha256(f"{base} {number}".encode()).hexdigest()[:32]
        names.append(base if number == 1 else again)
    return names
