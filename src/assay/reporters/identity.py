"""What names a place to other tools."""

from __future__ import annotations

from posixpath import isabs, join, normpath


def repository_path(root: str, file: str) -> str:
    """`file`, which is relative to `root`, as seen from the top of the repository."""
    return normpath(join("" if isabs(root) else root, file))
