"""Opens the files that a spec names: inside of the repository, or where a person allowed it.

A spec may be a stranger's, and so may every link in a repository. Whatever a path looks like, the
file that is opened lies below one of the folders in `inside`, by its real path, and that is checked
again on the descriptor. The screen imports this module, so it needs nothing but `os`.
"""

import os

from assay.package_data import folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

NEVER = ("/proc", "/dev", "/sys")
"""Folders whose files are the system's: no option allows them."""
_KEPT = frozenset((".git", "git~1", ".hg", ".svn", ".jj", ".bzr"))
_IGNORED = dict.fromkeys(
    (*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF)
)
"""What HFS+ leaves out of a name: https://git-scm.com/docs/git-config (core.protectHFS)."""
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a named pipe without a writer would block for ever
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_HOPS = 40
"""Links on the way to one file; as in Linux."""


class Refused(OSError):  # noqa: N818 - an answer, not an error of ours
    """A path leads to where nothing is read. Whether something is there doesn't matter."""

    def __init__(self, outside: str = "", *, ending: bool = False) -> None:
        """`outside` is the path to allow; empty if no option allows it."""
        super().__init__(13, "not permitted")
        self.outside = outside
        self.ending = ending
        """Whether it is a link to a file with a different ending."""


def top_of(root: str) -> str:
    """The real path of the repository around a folder; of the folder itself if there is none."""
    real = at = os.path.realpath(root)
    while not os.path.lexists(os.path.join(at, ".git")):
        above = os.path.dirname(at)
        if above == at:
            return real
        at = above
    return at


def inside_of(
    root: str, allowed: "Iterable[str]" = (), working: "str | None" = None
) -> "tuple[str, ...]":
    """Where a project at `root` may read: its repository, what was allowed, and assay's own.

    Without a repository, a project below the `working` folder belongs to that.
    """
    own = (folder("specs"), folder("templates"))
    top = top_of(root)
    if working is not None and not os.path.lexists(os.path.join(top, ".git")):
        here = top_of(working)
        top = here if within(top, (here,)) else top
    return (top, *(os.path.realpath(path) for path in (*allowed, *own)))


def word(path: str, inside: "tuple[str, ...]", working: str) -> "tuple[str, ...]":
    """What a person allows by naming a path on the command line; nothing if it lies inside.

    It lies inside if a folder on the way that was typed does: from there on the way is the
    repository's, and a link in it is nobody's word.
    """
    path = os.path.normpath(os.path.join(working, path))
    here = (top_of(working),)
    at, above = path, os.path.dirname(path)
    while above != at:
        real = os.path.realpath(above)
        if within(real, inside):
            return ()
        if within(real, here):
            return here
        at, above = above, os.path.dirname(above)
    return (os.path.realpath(path),)


def named_inside(
    root: str, files: "Iterable[str]", working: str, allowed: "Iterable[str]" = ()
) -> "tuple[str, ...]":
    """Where a project at `root` may read, with the files that a person named."""
    inside = inside_of(root, allowed, working)
    named = [path for file in files for path in word(file, inside, working)]
    return (*inside, *dict.fromkeys(named))


def within(path: str, inside: "tuple[str, ...]") -> bool:
    """Whether a real path is one of those folders or files, or below one of them."""
    return any(path == top or _is_above(top, path) for top in inside)


def _is_above(top: str, path: str) -> bool:
    return path.startswith(top.rstrip(os.sep) + os.sep)


def resolved(path: str, inside: "tuple[str, ...]") -> str:
    """The real path of what an absolute path means, which need not exist.

    Raises:
        Refused: it leads out, or to where nothing is read.

    """
    if os.name == "nt":  # pragma: no cover - no /proc, and links need an administrator
        return _admitted(os.path.realpath(path), inside, path)
    at = next((top for top in inside if _is_above(top, path) and not _never(top)), os.sep)
    waiting = path[len(at) :].split(os.sep)[::-1]
    outside, hops = os.path.normpath(path), 0
    while waiting:
        part = waiting.pop()
        if part == "..":
            at = _above(at, inside, outside)
            continue
        step = os.path.join(at, part) if part not in ("", ".") else at
        if _never(step):
            raise Refused
        target = _target(step)
        if target is None:
            at = step
            continue
        hops += 1
        if hops > _HOPS:
            at = step
            break  # opening it says so
        if within(at, inside):
            rest = os.path.join(at, target, *waiting[::-1])
            outside = os.sep + os.path.normpath(rest).lstrip(os.sep)
        at = os.sep if target.startswith(os.sep) else at
        waiting += target.split(os.sep)[::-1]
    return _admitted(at, inside, outside)


def _target(path: str) -> "str | None":
    """Where a link leads; None for anything else, and for nothing."""
    try:
        return os.readlink(path)
    except (OSError, ValueError):
        return None


def _above(at: str, inside: "tuple[str, ...]", outside: str) -> str:
    """The folder above, unless going there would reveal whether one outside exists."""
    if not within(at, inside) and not any(within(top, (at,)) for top in inside):
        raise Refused(outside)
    if not os.path.isdir(at):
        raise FileNotFoundError(2, "no such folder")
    return os.path.dirname(at)


def opened(path: str, inside: "tuple[str, ...]", ending: "tuple[str, ...]" = ()) -> int:
    """A descriptor of what a path means, to be read; it may be a folder or a pipe.

    With `ending`, a link may only lead to a file with one of these endings.

    Raises:
        Refused: it leads out, or to where nothing is read.
        OSError: it can't be opened.

    """
    real = resolved(path, inside)
    if ending and real != os.path.normpath(path) and not real.endswith(ending):
        raise Refused(ending=True)
    descriptor = os.open(real, _FLAGS)
    try:
        _confirm(descriptor, path, real, inside)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _confirm(descriptor: int, path: str, real: str, inside: "tuple[str, ...]") -> None:
    """Hold that what was opened lies inside, whatever became of the path in the meantime."""
    try:
        found = os.readlink(f"/proc/self/fd/{descriptor}")
    except OSError:  # not Linux
        found = ""
    if found == real:
        return
    if found[:1] == os.sep and within(found, inside):
        _admitted(found, inside, path)
        return
    have, named = os.fstat(descriptor), os.stat(resolved(path, inside), follow_symlinks=False)
    if (have.st_dev, have.st_ino) != (named.st_dev, named.st_ino):
        raise Refused(path)


def _admitted(real: str, inside: "tuple[str, ...]", outside: str) -> str:
    if _never(real):
        raise Refused
    for top in inside:
        if within(real, (top,)):
            if not any(map(of_version_control, real[len(top) :].split(os.sep))):
                return real
            outside = ""
    raise Refused(outside)


def of_version_control(name: str) -> bool:
    """Whether some file system takes a name for that of a folder with credentials and hooks."""
    return name.translate(_IGNORED).split(":")[0].rstrip(" .").lower() in _KEPT


def kept_by_git(path: str) -> str:
    """The part of a path that a version control system keeps for itself; empty if there is none."""
    return next((part for part in path.split("/") if of_version_control(part)), "")


def _never(path: str) -> bool:
    return path.startswith(NEVER) and within(path, NEVER)
