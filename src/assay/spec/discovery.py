"""Finds spec files. The screen imports it, so it needs nothing but `os`; it raises OSError only."""

import os

from assay.gate import Refused, inside_of, opened, resolved, word

FIXTURES = "tests"
"""The folder below a spec folder that holds fixture tests, which aren't part of the spec."""

DEEPEST = 32
"""Folders below each other. Each takes longer to look into than the one above it."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def nearest(start: str) -> str | None:
    """The nearest folder at or above `start` that has a `specs` folder; stops at a repository."""
    at = os.path.abspath(start)
    while not _is_folder(os.path.join(at, "specs")):
        above = os.path.dirname(at)
        if above == at or os.path.exists(os.path.join(at, ".git")):
            return None
        at = above
    return at


def by_project(files: "Sequence[str]", working: str) -> dict[str, list[str]]:
    """Files by the folder of the nearest project at or above each.

    The working folder's project stands in for it, and then the working folder.
    """
    found: dict[str, list[str]] = {}
    for file in files:
        own = None if file == "-" else nearest(os.path.dirname(os.path.join(working, file)))
        found.setdefault(own or nearest(working) or working, []).append(file)
    return found


def _is_folder(path: str) -> bool:
    """Whether a path may be a folder; where a link leads is looked at later."""
    return os.path.islink(path) or os.path.isdir(path)


def located(
    given: str | None,
    working: str,
    *,
    allowed: "Sequence[str]" = (),
    inside: "tuple[str, ...] | None" = None,
) -> tuple[str, tuple[str, ...], tuple[str, ...]] | None:
    """The root of the project, its spec files relative to it, and where it may read; None if none.

    A named folder `specs` belongs to the folder above it; any other folder or file to itself.
    `given` is the word of a person, who may name what they like, unless `inside` says where it has
    to lie. What can't be looked into is listed as a file, so that reading it reports why.
    """
    if given is None:
        root = nearest(working)
        if root is None:
            return None
        inside = inside_of(root, allowed)
        return root, yaml_files(os.path.join(root, "specs"), root, inside), inside
    path = os.path.normpath(os.path.join(working, given))
    named: tuple[str, ...] = ()
    person = inside is None
    if inside is None:
        inside = inside_of(working, allowed)
        named = word(path, inside, working)
        inside = (*inside, *named)
    if not leads_inside(path, inside):
        return os.path.dirname(path), (os.path.basename(path),), inside
    folder = os.path.isdir(path)
    root = path if folder and os.path.basename(path) != "specs" else os.path.dirname(path)
    if not folder and os.path.basename(root) == "specs":
        root = os.path.dirname(root)
    if person:
        inside = inside_of(root, (*allowed, *named), working)
    files = yaml_files(path, root, inside) if folder else (os.path.relpath(path, root),)
    return root, files, inside


def yaml_files(
    folder: str, root: str, inside: "tuple[str, ...]", deepest: int = DEEPEST
) -> tuple[str, ...]:
    """The YAML files below a folder in a stable order, and links that lead out.

    Raises:
        OSError: a folder can't be looked into, or lies too deep.

    """
    if not deepest:
        import errno

        raise OSError(errno.ENAMETOOLONG, "too many folders below each other")
    found: list[str] = []
    try:
        entries = _entries(folder, inside)
    except Refused:
        return (os.path.relpath(folder, root),)
    for name, is_folder in entries:
        path = os.path.join(folder, name)
        if name.startswith("."):
            continue
        if os.path.islink(path) and not leads_inside(path, inside):
            found.append(os.path.relpath(path, root))
        elif is_folder:
            if name != FIXTURES and not _leads_back(path):
                found += yaml_files(path, root, inside, deepest - 1)
        elif name.endswith((".yaml", ".yml")):
            found.append(os.path.relpath(path, root))
    return tuple(found)


def _entries(folder: str, inside: "tuple[str, ...]") -> list[tuple[str, bool]]:
    """The names in a folder, and which are folders, whatever became of its path since."""
    descriptor = opened(os.path.abspath(folder), inside) if os.scandir in os.supports_fd else None
    try:
        with os.scandir(folder if descriptor is None else descriptor) as entries:
            return sorted((entry.name, _leads_to_folder(entry)) for entry in entries)
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _leads_to_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:  # links that go round in a circle
        return False


def leads_inside(path: str, inside: "tuple[str, ...]") -> bool:
    """Whether a path may be read; also if nothing is there."""
    try:
        resolved(os.path.abspath(path), inside)
    except Refused:
        return False
    except OSError:  # it leads nowhere, which reading it reports
        return True
    return True


def _leads_back(path: str) -> bool:
    """Whether a link points at a folder that it stands in, which would never end."""
    if not os.path.islink(path):
        return False
    inside = os.path.realpath(os.path.dirname(path)) + os.sep
    return inside.startswith(os.path.realpath(path) + os.sep)
