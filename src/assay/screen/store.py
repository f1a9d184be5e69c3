"""Remembers what was made of a spec, for as long as the spec's files stay the same to the byte.

An entry is believed only if the user's own key made its checksum here; see `assay.screen.private`.
Anything else there counts as nothing, and is replaced.
"""

import marshal
import os
import stat
import sys

from assay.gate import opened
from assay.screen import private
from assay.spec.discovery import located
from assay.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

PLAN = "plan"
"""What the screen judges by."""
TREE = "tree"
"""The merged data of the spec with its places."""
FORMAT = 7
"""To be raised when the form of an entry changes."""
_JUDGING = ("crypto", "formats", "hygiene", "kinds", "screen", "sources", "spec")
"""The packages whose code decides what is made of a spec."""
_NESTED = ("crypto", "kinds")
"""Those that have packages of their own."""


def recall(
    given: "str | None",
    working: str,
    part: str,
    *,
    allowed: "Sequence[str]" = (),
    inside: "tuple[str, ...] | None" = None,
) -> "tuple[str, Any] | None":
    """The root of the project and what was remembered of its spec; None if that is of no use."""
    try:
        found = located(given, working, allowed=allowed, inside=inside)
        if found is None:
            return None
        root, files, inside = found
        folder = private.folder(root, working)
        if folder is None or not private.trusted(folder):
            return None
        key = private.key(folder)
        if key is None:
            return None
        entry = private.unsealed(folder, _name(key, root, given, part), key)
        if entry is None:
            return None
        made_for, sources, payload = marshal.loads(entry)  # noqa: S302 - our own, by its checksum
        if made_for != (_stamp(), root, files) or not _unchanged(root, sources, key, inside):
            return None
    except (OSError, EOFError, TypeError, ValueError):
        return None
    return root, payload


def remember(  # noqa: PLR0913 - each is independent of the others
    given: "str | None",
    working: str,
    found: "tuple[str, tuple[str, ...], tuple[str, ...]]",
    sources: "Mapping[str, bytes]",
    parts: "Mapping[str, Any]",
    *,
    allowed: "Sequence[str]" = (),
    inside: "tuple[str, ...] | None" = None,
) -> None:
    """Keep `parts` for the next run. What can't be kept is made again, which isn't an error.

    `found` is what `located` gave before the first file was read, and `sources` what each held. If
    a file has come or gone meanwhile, nothing is kept.
    """
    try:
        root, files, within = found
        if located(
            given, working, allowed=allowed, inside=inside
        ) != found or not sources.keys() >= set(files):
            return
        folder = private.folder(root, working)
        key = private.make_key(folder) if folder is not None and private.make(folder) else None
        if folder is None or key is None:
            return
        held = tuple((path, len(data), key.digest(data)) for path, data in sources.items())
        if not _unchanged(root, held, key, within):
            return
        for part, payload in parts.items():
            data = marshal.dumps(((_stamp(), root, files), held, payload))
            private.seal(folder, _name(key, root, given, part), key, data)
        private.tidy(folder, (PLAN, TREE))
    except (OSError, ValueError):
        return


def _name(key: private.CacheKey, root: str, given: "str | None", part: str) -> str:
    project = key.name("\0".join((root, given or "")))
    return f"{project}.{part}"


def _unchanged(root: str, sources: "Any", key: private.CacheKey, within: "tuple[str, ...]") -> bool:
    """Whether each file is still a regular one that holds the same, and is reached by no new link.

    Raises:
        OSError: one can't be read.

    """
    plain: set[str] = set()
    for path, size, digest in sources:
        below = not path.startswith(os.pardir) and not os.path.isabs(path)
        if below and not _without_links(root, os.path.dirname(path), plain):
            return False
        whole = os.path.join(root, path)
        # the library may be installed by links, and its files are of no project
        descriptor = (
            os.open(whole, private.READ) if below else opened(os.path.normpath(whole), within)
        )
        try:
            now = os.fstat(descriptor)
            if not stat.S_ISREG(now.st_mode) or now.st_size != size:
                return False
            content = os.read(descriptor, size + 1)
        finally:
            os.close(descriptor)
        if len(content) != size or key.digest(content) != digest:
            return False
    return True


def _without_links(root: str, folder: str, plain: "set[str]") -> bool:
    """Whether no folder between the root and a file is a link; `plain` are known not to be."""
    while folder and folder not in plain:
        if os.path.islink(os.path.join(root, folder)):
            return False
        plain.add(folder)
        folder = os.path.dirname(folder)
    return True


def _stamp() -> "tuple[Any, ...]":
    """What made an entry: the same version may be installed again with other code."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return (FORMAT, __version__, sys.hexversion, _code(package))


def _code(package: str) -> "tuple[int, ...]":
    """Identifies the code: by what its installer wrote, else by each module that judges."""
    try:
        found = os.stat(f"{package}-{__version__}.dist-info{os.sep}RECORD")
    except OSError:
        return _modules(package)
    folders = [os.stat(folder).st_mtime_ns for folder in _folders(package)]
    return (found.st_mtime_ns, found.st_ino, found.st_size, *folders)


def _folders(package: str) -> "list[str]":
    """The folders with the modules that judge, each kind's own among them."""
    folders = [f"{package}{os.sep}{part}" for part in _JUDGING]
    for part in _NESTED:
        with os.scandir(f"{package}{os.sep}{part}") as entries:
            folders += sorted(e.path for e in entries if e.is_dir() and e.name[0] != "_")
    return folders


def _modules(package: str) -> "tuple[int, ...]":
    """When the modules of a source checkout changed: developers edit them."""
    code = 0
    for folder in _folders(package):
        for name in os.listdir(folder):
            if name.endswith(".py"):
                found = os.stat(folder + os.sep + name)
                code += found.st_mtime_ns ^ found.st_size
    return (code,)
