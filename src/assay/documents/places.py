"""Where documents stand: below the project's root, never through a link, never below `.git`.

A spec names these places, and it may be a stranger's. So each folder on the way is opened in the
one above it, and none of them may be a link; what is written is written into that very folder.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assay.errors import OutputError
from assay.files import FileTrouble, read_bytes, trouble_of, write_atomically
from assay.gate import kept_by_git

if TYPE_CHECKING:
    from collections.abc import Iterator

ANCHORED = {os.open, os.mkdir, os.stat, os.unlink} <= os.supports_dir_fd
"""Whether the system can open a file in a folder that is open; Windows can't."""
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_FILE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_OTHERS = "Choose another path for the document in the spec."


def read_document(root: str, path: str, *, limit: int) -> bytes | FileTrouble:
    """What a document holds, or why that can't be reported.

    Raises:
        OutputError: no document may stand there.

    """
    try:
        with _folder_of(root, path, make=False) as (folder, name):
            _refuse_link(path, name, folder)
            if folder is None:  # pragma: no cover - Windows
                return read_bytes(os.path.join(root, path), limit=limit, inside=None)
            descriptor = os.open(name, os.O_RDONLY | _FILE, dir_fd=folder)
            with open(descriptor, "rb") as file:
                return _content(file.fileno(), limit)
    except OSError as error:
        return trouble_of(error)


def write_document(root: str, path: str, data: bytes) -> None:
    """Replace a document with new content, all or nothing, in a folder that is made if needed.

    Raises:
        OutputError: no document may stand there, or it can't be written; the old one is intact.

    """
    try:
        with _folder_of(root, path, make=True) as (folder, name):
            _refuse_link(path, name, folder)
            if folder is None:  # pragma: no cover - Windows
                write_atomically(os.path.join(root, path), data)
            else:
                _replace(folder, name, data)
    except OSError as error:
        reason = trouble_of(error).reason
        raise OutputError(
            f"{path} could not be written: {reason}",
            "Give the user that runs assay permission to write there, and check the free space of "
            "the disk.",
        ) from None


@contextmanager
def _folder_of(root: str, path: str, *, make: bool) -> Iterator[tuple[int | None, str]]:
    """The folder of a document, opened, and the name of its file."""
    *folders, name = path.split("/")
    kept = kept_by_git(path)
    if ".." in folders or path.startswith("/"):
        raise OutputError(f"{path} is outside the project", _OTHERS)
    if kept:
        raise OutputError(f"{path} can't be written: {kept} belongs to version control", _OTHERS)
    if not ANCHORED:  # pragma: no cover - Windows
        at = root
        for part in folders:
            at = os.path.join(at, part)
            _refuse_link(path, at, None)
        if make:
            os.makedirs(at, exist_ok=True)
        yield None, os.path.join(root, path)
        return
    at_folder = os.open(root, _FOLDER & ~getattr(os, "O_NOFOLLOW", 0))
    try:
        _refuse_repository(path, at_folder)
        for part in folders:
            below = _entered(path, part, at_folder, make=make)
            os.close(at_folder)
            at_folder = below
            _refuse_repository(path, at_folder)
        yield at_folder, name
    finally:
        os.close(at_folder)


def _entered(path: str, part: str, folder: int, *, make: bool) -> int:
    _refuse_link(path, part, folder)
    try:
        return os.open(part, _FOLDER, dir_fd=folder)
    except FileNotFoundError:
        if not make:
            raise
    os.mkdir(part, dir_fd=folder)
    return os.open(part, _FOLDER, dir_fd=folder)


def _refuse_link(path: str, name: str, folder: int | None) -> None:
    try:
        mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    except OSError:
        return  # opening it shows why
    if stat.S_ISLNK(mode):
        raise OutputError(
            f"{path} goes through a symbolic link, which may leave the project",
            f"Replace the link {os.path.basename(name)} with a real file or folder. {_OTHERS}",
        )


def _refuse_repository(path: str, folder: int) -> None:
    """Refuse a folder that is a repository itself, by whatever name, as of a submodule."""
    names = set(os.listdir(folder))
    if "HEAD" in names and (names >= {"objects", "refs"} or "commondir" in names):
        raise OutputError(
            f"{path} can't be written: it is inside the data of a Git repository", _OTHERS
        )


def _content(descriptor: int, limit: int) -> bytes | FileTrouble:
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISDIR(mode):
        return FileTrouble("directory", "it is a directory", "Name the file inside it.")
    if not stat.S_ISREG(mode):
        return FileTrouble("not-a-file", "it is a pipe or a device, not a file", _OTHERS)
    with open(descriptor, "rb", closefd=False) as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        return FileTrouble("too-large", f"it is larger than {limit // 1048576} MiB", _OTHERS)
    return data


def _replace(folder: int, name: str, data: bytes) -> None:
    """Write beside a file, then rename, both within an open folder."""
    beside = f".{name[:100]}.{os.getpid()}.{os.urandom(4).hex()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FILE
    descriptor = os.open(beside, flags, 0o666, dir_fd=folder)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            try:
                found = os.stat(name, dir_fd=folder, follow_symlinks=False)
                os.fchmod(file.fileno(), stat.S_IMODE(found.st_mode))
            except FileNotFoundError:
                pass
            os.fsync(file.fileno())
        os.replace(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        os.unlink(beside, dir_fd=folder)
        raise
