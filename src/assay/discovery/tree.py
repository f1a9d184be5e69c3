"""The files of a project: what its repository lists, or what stands below its folder."""

from __future__ import annotations

import os
import subprocess
from itertools import accumulate
from typing import TYPE_CHECKING

from assay.gate import Refused, inside_of, resolved

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

SKIPPED = frozenset(
    (
        *(".git", ".hg", ".svn", ".jj", "node_modules", "bower_components", "jspm_packages"),
        *(".venv", "venv", "virtualenv", "site-packages", "__pycache__", ".tox", ".nox", ".eggs"),
        *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".direnv", ".cache"),
        *(".next", ".nuxt", ".output", ".svelte-kit", ".turbo", ".parcel-cache", ".vercel"),
        *(".netlify", ".serverless", ".terraform", ".gradle", ".idea", ".vscode", ".yarn"),
        *(".pnpm-store", ".bundle", "vendor", "Pods", "DerivedData", "dist", "build", "out"),
        *("target", "coverage", "htmlcov", ".aws-sam", "cdk.out", "storybook-static"),
    )
)
"""Folders that hold what others wrote, or what machines made."""
MOST = 200_000
"""Files. A tree with more isn't a project, but a disk."""
_PATIENCE = 20.0
"""Seconds for git to list its files."""

_HARMLESS = (
    *("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"),
    *("-c", "safe.bareRepository=explicit", "-c", "protocol.allow=never"),
)
"""A stranger's archive may hold a repository whose own configuration names programs to start."""
_ALONE = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "none"}
"""Variables with which git fetches nothing, by no program that a repository names."""


def code_files(root: str, *, without: Container[str] = ()) -> list[str]:
    """The files that may hold code, relative to `root` with `/`, sorted.

    In a repository those that git would track; elsewhere all that no usual folder of machines
    holds. `without` names folders, relative to the root, that belong to others.
    """
    listed = _listed(root)
    found = list(walk(root)) if listed is None else listed
    return sorted(file for file in found if _ours(file, without))


def walk(root: str) -> Iterator[str]:
    """Every file below a folder that no folder of machines holds; links to folders stay closed."""
    inside = inside_of(root)
    folders = [""]
    count = 0
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(os.path.join(root, folder)) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            continue
        if any(entry.name == "pyvenv.cfg" for entry in entries):
            continue
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            try:
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in SKIPPED:
                        folders.append(path)
                    continue
                if not _may_be_file(entry, inside):
                    continue
            except OSError:  # a link that leads nowhere, or round in a circle
                continue
            count += 1
            if count > MOST:
                return
            yield path


def _may_be_file(entry: os.DirEntry[str], inside: tuple[str, ...]) -> bool:
    """Whether an entry is a file, or a link that leads out: where to is nothing to look at."""
    if entry.is_symlink():
        try:
            resolved(os.path.abspath(entry.path), inside)
        except Refused:
            return True
    return entry.is_file()


def _listed(root: str) -> list[str] | None:
    """What git tracks or would track; None outside of a repository, or without git."""
    command = ["git", *_HARMLESS, "-C", root, "ls-files", "-z"]
    command += ["--cached", "--others", "--exclude-standard"]
    environ = {**os.environ, **_ALONE}
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            command, capture_output=True, check=False, timeout=_PATIENCE, env=environ
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if done.returncode:
        return None
    return [os.fsdecode(path) for path in done.stdout.split(b"\0") if path][:MOST]


def _ours(file: str, without: Container[str]) -> bool:
    folders = file.split("/")[:-1]
    above = accumulate(folders, "{}/{}".format)
    return SKIPPED.isdisjoint(folders) and not any(folder in without for folder in above)
