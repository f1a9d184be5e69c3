"""Finds spec files. The screen imports it, so it needs nothing but `os`; it raises OSError only."""

import os

FIXTURES = "tests"
"""The folder below a spec folder that holds fixture tests, which are no part of the spec."""


def nearest(start: str) -> str | None:
    """The nearest folder at or above `start` that has a `specs` folder; stops at a repository."""
    at = os.path.abspath(start)
    while not os.path.isdir(os.path.join(at, "specs")):
        above = os.path.dirname(at)
        if above == at or os.path.exists(os.path.join(at, ".git")):
            return None
        at = above
    return at


def located(given: str | None, working: str) -> tuple[str, tuple[str, ...]] | None:
    """The root of the project and its spec files, relative to the root; None where there is none.

    A named folder `specs` belongs to the folder above it; any other folder or file to itself.
    """
    if given is None:
        root = nearest(working)
        return None if root is None else (root, yaml_files(os.path.join(root, "specs"), root))
    path = os.path.normpath(os.path.join(working, given))
    if os.path.isdir(path):
        root = os.path.dirname(path) if os.path.basename(path) == "specs" else path
        return root, yaml_files(path, root)
    root = os.path.dirname(path)
    if os.path.basename(root) == "specs":
        root = os.path.dirname(root)
    return root, (os.path.relpath(path, root),)


def yaml_files(folder: str, root: str) -> tuple[str, ...]:
    """The YAML files below a folder in a stable order."""
    found: list[str] = []
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                if entry.name != FIXTURES and not _leads_back(entry):
                    found += yaml_files(entry.path, root)
            elif entry.name.endswith((".yaml", ".yml")):
                found.append(os.path.relpath(entry.path, root))
    return tuple(found)


def _leads_back(entry: "os.DirEntry[str]") -> bool:
    """Whether a link points at a folder that it stands in, so that there would be no end."""
    if not entry.is_symlink():
        return False
    inside = os.path.realpath(os.path.dirname(entry.path)) + os.sep
    return inside.startswith(os.path.realpath(entry.path) + os.sep)
