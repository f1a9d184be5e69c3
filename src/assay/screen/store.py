"""Remembers what was made of a spec, for as long as the spec's files stay the same to the byte."""

import marshal
import os
import sys

from assay.spec.discovery import located
from assay.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

PLAN = "plan"
"""What the screen judges by."""
TREE = "tree"
"""The merged data of the spec with its places."""
FORMAT = 3
"""To be raised when the form of an entry changes."""
forgetful = False
"""Whether nothing is kept, as where strangers wrote the spec."""


def recall(given: "str | None", working: str, part: str) -> "tuple[str, Any] | None":
    """The root of the project and what was remembered of its spec; None where that is of no use."""
    try:
        found = located(given, working)
        if found is None:
            return None
        root, files = found
        with open(_entry(root, given, part), "rb") as entry:
            owner = os.fstat(entry.fileno())
            if hasattr(os, "getuid") and (owner.st_uid != os.getuid() or owner.st_mode & 0o022):
                return None
            made_for, sources, payload = marshal.loads(entry.read())  # noqa: S302 - our own file
        if made_for != (_stamp(), root, files):
            return None
        for path, content in sources:
            with open(os.path.join(root, path), "rb") as source:
                if source.read() != content:
                    return None
    except (OSError, EOFError, TypeError, ValueError):
        return None
    return root, payload


def remember(
    given: "str | None",
    working: str,
    root: str,
    sources: "tuple[tuple[str, bytes], ...]",
    parts: "Mapping[str, Any]",
) -> None:
    """Keep `parts` for the next run. What can't be kept is made again; that is no error."""
    if forgetful:
        return
    try:
        found = located(given, working)
        if found is None or found[0] != root:
            return
        for part, payload in parts.items():
            path = _entry(root, given, part)
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            beside = f"{path}.{os.getpid()}"
            data = marshal.dumps(((_stamp(), root, found[1]), sources, payload))
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                with open(descriptor, "wb") as entry:
                    entry.write(data)
                os.replace(beside, path)
            except OSError:
                os.unlink(beside)
                raise
    except (OSError, ValueError):
        return


def _stamp() -> "tuple[int, str, int, int]":
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    installed = os.path.isdir(os.path.join(package, "data"))
    return (FORMAT, __version__, sys.hexversion, 0 if installed else _newest(package))


def _newest(folder: str) -> int:
    """When the newest module of a source checkout changed, in nanoseconds: developers edit it."""
    newest = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(".py"):
                newest = max(newest, entry.stat().st_mtime_ns)
            elif entry.is_dir() and entry.name != "__pycache__":
                newest = max(newest, _newest(entry.path))
    return newest


def _entry(root: str, given: "str | None", part: str) -> str:
    """The file for one project: readable, short enough for every file system, told apart by sum."""
    key = f"{root}\0{given or ''}".encode("utf-8", "surrogateescape")
    name = "".join(c if c.isalnum() else "-" for c in root[-40:])
    total = int.from_bytes(key, "big") % ((1 << 61) - 1)  # a prime, so that every byte counts
    return os.path.join(folder(), f"{name}-{total:016x}.{part}")


def folder() -> str:
    """Where entries are kept, in the user's own cache folder."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(home, "assay")
