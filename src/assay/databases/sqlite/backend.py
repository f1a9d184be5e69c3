"""A SQLite file, opened so that it can't be written.

`mode=ro` and `PRAGMA query_only` both forbid it: https://www.sqlite.org/uri.html.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Annotated, ClassVar

from msgspec import Meta

from assay.databases.base import Backend, Reach, Session
from assay.databases.session import entered
from assay.databases.trouble import (
    DatabaseTrouble,
    not_opened,
    require_sqlalchemy,
    unreadable,
)
from assay.files import trouble_of
from assay.gate import Refused, inside_of, opened, resolved

if TYPE_CHECKING:
    from collections.abc import Mapping


_MAGIC = b"SQLite format 3\0"


class Sqlite(Backend, frozen=True, kw_only=True):
    """A SQLite file of the project."""

    offline: ClassVar[bool] = True

    path: Annotated[
        str,
        Meta(
            min_length=1,
            description="The file, relative to the folder that holds the specs' folder.",
            examples=["var/app.db"],
        ),
    ]

    @property
    def label(self) -> str:
        """The file, as the spec writes it."""
        return self.path

    def open(self, settings: Mapping[str, str], reach: Reach) -> Session:  # noqa: ARG002 - a file
        """See `Backend`."""
        return open_file(os.path.join(reach.root, self.path), shown=self.path, reach=reach)


def open_file(path: str, *, shown: str, reach: Reach) -> Session:
    """A session of the file at `path`, which messages call `shown`."""
    from assay.databases.sqlite.session import SqliteSession

    require_sqlalchemy()
    inside = inside_of(reach.root, reach.allowed)
    path, immutable = _examined(os.path.abspath(path), shown, inside)
    session = SqliteSession(path, shown=shown, seconds=reach.seconds, immutable=immutable)
    return entered(session, SqliteSession.greet)


def _examined(path: str, shown: str, inside: tuple[str, ...]) -> tuple[str, bool]:
    """Look at a file before SQLite does, which has one message for many troubles.

    Returns its real path, and whether nobody has it open, and it must be opened as one that nobody
    writes: SQLite otherwise writes two files beside a database in WAL mode, even to read it.
    https://www.sqlite.org/wal.html#read_only_databases
    """
    try:
        path = resolved(path, inside)
        if any(map(os.path.islink, (f"{path}-wal", f"{path}-shm", f"{path}-journal"))):
            raise unreadable(shown, "a file beside it, which SQLite would read, is a link")
        if os.path.isdir(path):
            raise unreadable(shown, "it is a folder")
        with open(opened(path, inside), "rb") as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise unreadable(shown, "it is a pipe or a device, not a file")
            head = file.read(100)
            size = found.st_size
    except Refused as refused:
        raise unreadable(shown, not_opened(refused)) from None
    except ValueError:
        raise unreadable(shown, "its name holds a NUL character") from None
    except OSError as error:
        why = trouble_of(error)
        if why.code == "missing":
            raise DatabaseTrouble("database-file-missing", host=shown) from None
        raise unreadable(shown, why.reason) from None
    if size and not head.startswith(_MAGIC):
        raise unreadable(shown, _foreign(head, size))
    return path, head[18:20] == b"\2\2" and not os.path.exists(f"{path}-wal")


def _foreign(head: bytes, size: int) -> str:
    if head.startswith(b"version https://git-lfs"):
        return "it is a Git LFS pointer; run `git lfs pull`"
    # SQLCipher and SEE encrypt whole pages, beginning with the header.
    if size % 512 == 0 and len(set(head)) > 60:
        return "it is encrypted, or not a SQLite database"
    return "it is not a SQLite database"
