"""Why a SQLite file can't be read."""

from __future__ import annotations

from typing import Any

from assay.databases.trouble import DatabaseTrouble
from assay.words import in_seconds


def unreadable(shown: str, reason: str) -> DatabaseTrouble:
    """The file can't be read as a database."""
    return DatabaseTrouble("database-file-unreadable", host=shown, reason=reason)


_REASONS: dict[int, str] = {
    5: "another process keeps it locked",  # SQLITE_BUSY
    6: "another process keeps it locked",  # SQLITE_LOCKED
    8: "it is in WAL mode, but the files beside it can't be written",  # SQLITE_READONLY
    10: "the disk can't be read",  # SQLITE_IOERR
    11: "it is damaged",  # SQLITE_CORRUPT
    14: "it is in WAL mode, but the files beside it can't be written",  # SQLITE_CANTOPEN
    26: "it is encrypted, or not a SQLite database",  # SQLITE_NOTADB
}
"""Result code to reason. https://www.sqlite.org/rescode.html"""


def trouble_of_file(error: Exception, *, shown: str, seconds: float) -> DatabaseTrouble:
    """What SQLite's error means, by its result code."""
    cause: Any = getattr(error, "orig", None) or error
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        return DatabaseTrouble("database-failed", host=shown, state=type(cause).__name__)
    primary = code & 0xFF
    if primary == 9:  # SQLITE_INTERRUPT: our own limit
        return DatabaseTrouble("database-timed-out", host=shown, seconds=in_seconds(seconds))
    if primary in _REASONS:
        return unreadable(shown, _REASONS[primary])
    return DatabaseTrouble("database-failed", host=shown, state=cause.sqlite_errorname)
