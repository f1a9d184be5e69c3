"""What names a place or a finding to other tools."""

from __future__ import annotations

from posixpath import isabs, join, normpath
from typing import TYPE_CHECKING

from assay.model import Location, Report
from assay.redacted import REDACTED

if TYPE_CHECKING:
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
    import hashlib

    seen: dict[str, int] = {}
    names = {}
    for finding in report.findings:
        hidden = REDACTED in finding.subject or context.mask(finding.subject) != finding.subject
        folder = project_path(context, finding.folder)
        base = finding.fingerprint_in(folder, subject="" if hidden else finding.subject)
        number = seen[base] = seen.get(base, 0) + 1
        again = hashlib.sha256(f"{base} {number}".encode()).hexdigest()[:32]
        names[id(finding)] = base if number == 1 else again
    return names
