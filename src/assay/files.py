"""Reading and writing files so that nothing is half done and every failure has a remedy."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from assay.errors import OutputError
from assay.gate import Refused, of_version_control, opened, top_of, within
from assay.words import in_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

OPTION = "--allow-path"
"""The option that allows a path outside of the repository."""


class FileTrouble(NamedTuple):
    """Why a file could not be read, and what to do about it."""

    code: str
    """missing, denied, directory, too-large, loop, not-a-file, outside or failed."""
    reason: str
    remedy: str


def read_bytes(
    path: str,
    *,
    limit: int,
    inside: tuple[str, ...] | None,
    ending: tuple[str, ...] = (),
) -> bytes | FileTrouble:
    """The content of a regular file of at most `limit` bytes, or why it can't be read.

    Args:
        path: the file.
        limit: in bytes.
        inside: where it may lie, as `gate.inside_of` says; None only for a file that the person
            named, or that is assay's own.
        ending: how a file that a link leads to may end.

    """
    try:
        with open(path, "rb", opener=partial(_opened, inside=inside, ending=ending)) as file:
            mode = os.fstat(file.fileno()).st_mode
            if stat.S_ISDIR(mode):
                return _DIRECTORY
            if not stat.S_ISREG(mode):
                return _NO_FILE
            data = file.read(limit + 1)
    except OSError as error:
        return trouble_of(error)
    except ValueError:
        return FileTrouble(
            "failed", "its name contains a NUL character", "Remove the character from the name."
        )
    if len(data) > limit:
        return FileTrouble(
            "too-large",
            f"it is larger than {in_bytes(limit)}",
            "Pass a configuration file; this one is probably something else.",
        )
    return data


def _opened(
    path: str, flags: int, *, inside: tuple[str, ...] | None, ending: tuple[str, ...]
) -> int:
    if inside is not None:
        return opened(os.path.join(os.getcwd(), path), inside, ending)
    # A named pipe without a writer would block for ever; regular files don't mind.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


_NO_FILE = FileTrouble(
    "not-a-file",
    "it is a pipe or a device, not a file",
    "Pass a file, or pipe the output of a program into `assay hook -`.",
)
_DIRECTORY = FileTrouble("directory", "it is a directory", "Pass a file inside it.")


def _refused(error: Refused) -> FileTrouble:
    """Why a file may not be read; the same whether or not it exists."""
    if error.ending:
        reason = "it links to a file with the wrong extension"
        return FileTrouble("outside", reason, "Replace the link with a file.")
    if not error.outside:
        reason = "assay reads nothing below /proc, /dev, /sys or .git"
        step = "Pass a file of the project, or pipe the output of a program into `assay hook -`."
        return FileTrouble("outside", reason, step)
    step = f"Move it into the repository, or allow it with `{OPTION} {quote(error.outside)}`."
    return FileTrouble("outside", "it is outside the repository", step)


_MISSING = FileTrouble("missing", "there is no such file", "Create it, or correct the path.")
_DENIED = FileTrouble(
    "denied",
    "reading it is not permitted",
    "Give the user that runs assay permission to read it.",
)
_LOOP = FileTrouble("loop", "its symbolic links form a circle", "Point the link at a real file.")
_TROUBLES = {
    errno.EACCES: _DENIED,
    errno.EISDIR: _DIRECTORY,
    errno.ELOOP: _LOOP,
    errno.ENOENT: _MISSING,
    errno.ENOTDIR: _MISSING,
    errno.EPERM: _DENIED,
}


def trouble_of(error: OSError) -> FileTrouble:
    """An operating system's refusal in our words."""
    if isinstance(error, Refused):
        return _refused(error)
    said = os.strerror(error.errno) if error.errno else "it can't be opened"
    other = FileTrouble("failed", said.lower(), "Check the path and the disk, then try again.")
    return _TROUBLES.get(error.errno or 0, other)


def _is_device(path: str) -> bool:
    # /dev/stdout stands for whatever standard output is, and may be a file with something in it
    if os.path.abspath(path).startswith(("/dev/fd/", "/dev/std", "/proc/")):
        return os.path.exists(path)
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _led_astray(path: str, target: str) -> bool:
    """Whether a link in a repository, which is nobody's word, leads out or to git's own files.

    A person names a path, and means the file that stands there. In the repository around it, and in
    the one that the command runs in, somebody else may have replaced it with a link.
    """
    named = os.path.normpath(os.path.join(os.getcwd(), path))
    here = top_of(os.getcwd())
    at = os.path.dirname(named)
    while True:
        top = os.path.realpath(at)
        if top == here or os.path.lexists(os.path.join(at, ".git")):
            if not within(target, (top,)):
                return True
            rest = os.path.relpath(target, top)
            if rest != os.path.relpath(named, at):
                return any(map(of_version_control, rest.split(os.sep)))
        above = os.path.dirname(at)
        if above == at:
            return False
        at = above


@contextmanager
def sole_writer(folder: str) -> Iterator[None]:
    """Keep other processes that ask for the same from comparing and replacing files of a folder.

    Windows and some network drives can't lock a folder; there, two may still meet.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with ExitStack() as stack:
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            stack.callback(os.close, descriptor)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


def write_atomically(path: str, data: bytes, *, mode: int | None = None) -> None:
    """Replace a file with new content: written beside it, synced, renamed; never half of it.

    A link stays one, and its target is replaced, unless it is a repository's and leads out of it. A
    device or pipe is written to: there is nothing to rename, and to replace /dev/null with a file
    would harm the whole machine.

    Raises:
        OutputError: it could not be written; the old content is intact.

    """
    target = os.path.realpath(path)
    if _led_astray(path, target):
        raise OutputError(
            f"{path} is not written: a link in the repository leads to a different place",
            "Remove the link, or pass the file that it leads to.",
        )
    folder = os.path.dirname(target)
    name = f".{os.path.basename(target)[:100]}.{os.getpid()}.{os.urandom(4).hex()}"
    beside = os.path.join(folder, name)
    try:
        if _is_device(path):
            with open(path, "ab") as file:
                file.write(data)
            return
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            kept = mode is None and os.path.exists(target)
            first = 0o600 if kept else 0o666 if mode is None else mode
            descriptor = os.open(beside, flags, first)
            with open(descriptor, "wb") as file:
                if kept and sys.platform != "win32":
                    old = os.stat(target)
                    with suppress(OSError):  # mostly only root may give files away
                        os.fchown(descriptor, old.st_uid, old.st_gid)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if kept:
                os.chmod(beside, stat.S_IMODE(os.stat(target).st_mode))
            os.replace(beside, target)
        finally:
            if os.path.lexists(beside):
                os.unlink(beside)
    except OSError as error:
        trouble = trouble_of(error)
        remedy = trouble.remedy
        if error.errno == errno.ENOSPC:
            remedy = "Free some space on the disk, then run the command again."
        elif trouble.code == "missing":
            remedy = "Create that folder first."
        elif trouble.code == "denied":
            remedy = "Give the user that runs assay permission to write there."
        reason = {"missing": "the folder does not exist", "denied": "writing is not permitted"}.get(
            trouble.code, trouble.reason
        )
        raise OutputError(f"{path} could not be written: {reason}", remedy) from None
