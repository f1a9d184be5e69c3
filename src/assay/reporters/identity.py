"""What names a finding and its place to other tools."""

from __future__ import annotations

from posixpath import isabs, join, normpath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from assay.reporters.display import visible

if TYPE_CHECKING:
    from assay.model import Finding


def fingerprint(finding: Finding) -> str:
    """The finding's fingerprint, also where a name holds a lone surrogate (bytes not UTF-8)."""
    try:
        return finding.fingerprint
    except UnicodeEncodeError:
        names = ("kind", "rule", "environment", "subject")
        spelled = {name: visible(getattr(finding, name)) for name in names}
        return replace(finding, **spelled).fingerprint


def repository_path(root: str, file: str) -> str:
    """`file`, which is relative to `root`, as seen from the top of the repository."""
    return normpath(join("" if isabs(root) else root, file))
