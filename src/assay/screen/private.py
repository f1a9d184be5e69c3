"""Files of the user's own in the cache folder, which nobody else can have written or may read.

What comes from the cache is unmarshalled, and that must never happen to what somebody else wrote.
So a folder or a file that isn't the user's alone is not believed, a cache inside the project is not
used, and each file begins with a checksum under a key that this module keeps beside it.
"""

import os
import stat
from _blake2 import blake2b  # `hashlib` would load OpenSSL as well

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LARGEST = 64 * 1024 * 1024
"""Bytes. The plan of 10,000 variables takes two million."""
KEY = "key"
MOST = 200
"""Entries that are kept; each spec has two."""
MOST_BYTES = 128 * 1024 * 1024
"""Bytes of all entries together."""
_NAME = 32
"""Hex digits of an entry's name."""
_SIZE = 32
"""Bytes of the key, and of a checksum."""
READ = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)
"""How a file is opened that must not be a link or a pipe."""
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class CacheKey:
    """The user's own key, bound to the very file that holds it.

    An archive, a checkout or a restored backup that brings a key and entries along is of no use:
    its file has another number, and was changed at another time.
    """

    __slots__ = ("_key", "_place")

    def __init__(self, key: bytes, found: os.stat_result) -> None:
        self._key = key
        self._place = b"%d %d\0" % (found.st_ino, found.st_ctime_ns)

    def __repr__(self) -> str:
        return "Key(...)"

    def digest(self, data: "bytes | memoryview") -> bytes:
        """Stands for the content of a file."""
        return blake2b(data, key=self._key, digest_size=16).digest()

    def name(self, text: str) -> str:
        """A file name that reveals nothing of what it is for."""
        data = text.encode("utf-8", "surrogateescape")
        return blake2b(data, key=self._key, digest_size=16, person=b"name").hexdigest()

    def sum(self, name: str, data: "bytes | memoryview") -> bytes:
        """The checksum of an entry of this name."""
        made = blake2b(self._place, key=self._key, digest_size=_SIZE, person=b"entry")
        made.update(name.encode() + b"\0")
        made.update(data)
        return made.digest()


def folder(*projects: str) -> "str | None":
    """The cache folder; None if it isn't the user's alone or lies in one of these projects."""
    own = place()
    if own is None:
        return None
    home = os.path.dirname(own)
    found = {os.path.normpath(home) + os.sep, os.path.realpath(home) + os.sep}
    for top in {top for project in projects for top in _tops(project)}:
        if any(path.startswith(top) for path in found):
            return None
    return own


def place() -> "str | None":
    """Where the cache folder would be, whoever owns it; None if there is no home."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    # a relative path is invalid (XDG Base Directory Specification)
    home = given if os.path.isabs(given) else os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(home, "assay") if os.path.isabs(home) else None


def _tops(project: str) -> "Iterator[str]":
    """The project's folder, and that of the outermost repository around it, each with a slash."""
    for start in {os.path.abspath(project), os.path.realpath(project)}:
        top, at, above = start, start, os.path.dirname(start)
        while at != above:
            if os.path.lexists(os.path.join(at, ".git")):
                top = at
            at, above = above, os.path.dirname(above)
        yield top.rstrip(os.sep) + os.sep


def trusted(folder: str) -> bool:
    """Whether nobody but the user can write into the cache folder or replace it."""
    own = os.lstat(folder)
    if not stat.S_ISDIR(own.st_mode):
        return False
    if not hasattr(os, "getuid"):  # pragma: no cover - Windows has other means
        return True
    user = os.getuid()
    if own.st_uid != user or own.st_mode & 0o077:
        return False
    home = os.path.dirname(folder)
    # whoever made a link may point it elsewhere; others who may write can rename what is inside
    return os.lstat(home).st_uid in (user, 0) and not os.stat(home).st_mode & 0o002


def make(folder: str) -> bool:
    """Make the cache folder if there is none; whether it can be trusted.

    Nothing is made in a different user's home, as under `sudo`, who couldn't use it any more.
    """
    above = os.path.dirname(folder)
    while not os.path.lexists(above):
        above = os.path.dirname(above)
    if hasattr(os, "getuid") and os.lstat(above).st_uid not in (os.getuid(), 0):
        return False
    os.makedirs(os.path.dirname(folder), mode=0o700, exist_ok=True)
    if not os.path.lexists(folder):
        os.mkdir(folder, 0o700)
    return trusted(folder)


def read(path: str, largest: int = LARGEST) -> "tuple[bytes, os.stat_result] | None":
    """What a regular file holds that only the user may read and write; None for any other.

    Raises:
        OSError: it can't be read, or is a link.

    """
    descriptor = os.open(path, READ)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > largest:
            return None
        if hasattr(os, "getuid") and (found.st_uid != os.getuid() or found.st_mode & 0o077):
            return None
        data = os.read(descriptor, found.st_size + 1)
    finally:
        os.close(descriptor)
    return (data, found) if len(data) == found.st_size else None


def key(folder: str) -> "CacheKey | None":
    """The key; None if there is none to trust.

    Raises:
        OSError: there is none.

    """
    found = read(os.path.join(folder, KEY), _SIZE)
    return CacheKey(*found) if found is not None and len(found[0]) == _SIZE else None


def make_key(folder: str) -> "CacheKey | None":
    """The key, made now if there is none or it is unusable.

    Raises:
        OSError: it can't be written.

    """
    path = os.path.join(folder, KEY)
    try:
        known = key(folder)
    except FileNotFoundError:
        known = None
    except OSError:  # a link, or a file that can't be read
        known = None
        os.unlink(path)
    else:
        if known is None:
            os.unlink(path)
    if known is not None:
        return known
    try:
        descriptor = os.open(path, _WRITE, 0o600)
    except FileExistsError:  # another run was faster
        return key(folder)
    with open(descriptor, "wb") as file:
        file.write(os.urandom(_SIZE))
    return key(folder)


def unsealed(folder: str, name: str, key: CacheKey) -> "memoryview | None":
    """What an entry holds, once it is certain that this user wrote it here.

    Raises:
        OSError: there is none.

    """
    found = read(os.path.join(folder, name))
    if found is None:
        return None
    view = memoryview(found[0])
    # digests of both, so that the time of a comparison reveals nothing of the right one
    whole = key.digest(view[:_SIZE]) == key.digest(key.sum(name, view[_SIZE:]))
    return view[_SIZE:] if whole else None


def seal(folder: str, name: str, key: CacheKey, data: bytes) -> None:
    """Write an entry at once, replacing the one that was there.

    Raises:
        OSError: it can't be written; nothing is left of it.

    """
    path = os.path.join(folder, name)
    beside = f"{path}.{os.getpid()}.{os.urandom(4).hex()}"
    descriptor = os.open(beside, _WRITE, 0o600)
    try:
        with open(descriptor, "wb") as entry:
            entry.write(key.sum(name, data))
            entry.write(data)
        os.replace(beside, path)
    except OSError:
        os.unlink(beside)
        raise


def tidy(folder: str, parts: "tuple[str, ...]") -> None:
    """Remove the oldest entries beyond the bound, and what has an entry's name in an older form.

    `parts` are how the names of entries end.

    Raises:
        OSError: the folder can't be read.

    """
    kept: list[tuple[int, int, str]] = []
    with os.scandir(folder) as found:
        for file in found:
            name, _, part = file.name.partition(".")
            if not part.startswith(parts) or not file.is_file(follow_symlinks=False):
                continue
            if part in parts and len(name) == _NAME and not name.strip("0123456789abcdef"):
                at = file.stat(follow_symlinks=False)
                kept.append((at.st_mtime_ns, at.st_size, file.path))
            elif part in parts or _abandoned(file):
                os.unlink(file.path)
    kept.sort(reverse=True)
    size = 0
    for number, (_, bytes_, path) in enumerate(kept):
        size += bytes_
        if number >= MOST or size > MOST_BYTES:
            os.unlink(path)


def _abandoned(file: "os.DirEntry[str]") -> bool:
    """Whether a file that was being written will never be an entry: it is an hour old."""
    from time import time

    return time() - file.stat(follow_symlinks=False).st_mtime > 3600
