"""What names a place or a finding to other tools."""

from __future__ import annotations

from posixpath import isabs, join, normpath
from typing import TYPE_CHECKING

from assay.model import Location

if TYPE_CHECKING:
    from collections.abc import Iterable

NOWHERE = Location(file="specs", line=1)
"""The place of what has none, for hosts that drop a finding without a file: the spec's folder."""


def repository_path(root: str, file: str) -> str:
    """`file`, which is relative to `root`, as seen from the top of the repository."""
    return normpath(join("" if isabs(root) else root, file))


def unique(fingerprints: Iterable[str]) -> list[str]:
    """32 hex digits for each finding; those of one fingerprint are told apart by their order."""
    import hashlib

    seen: dict[str, int] = {}
    names = []
    for name in fingerprints:
        number = seen[name] = seen.get(name, 0) + 1
        again = hashlib.sha256(f"{name} {number}".encode()).hexdigest()[:32]
        names.append(name if number == 1 else again)
    return names
