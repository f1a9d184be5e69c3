"""An open SQLite file."""

from __future__ import annotations

import os
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from assay.databases.guard import guarded
from assay.databases.model import Connected, Selection, Structure
from assay.databases.rows import RawText, Shape
from assay.databases.session import EngineSession
from assay.databases.sqlite.structure import sqlite_structure
from assay.databases.trouble import DatabaseTrouble, failed, timed_out, unreadable

if TYPE_CHECKING:
    from sqlalchemy import Connection


_STEPS = 50_000
"""Instructions of SQLite's machine between two looks at the clock; a millisecond or so."""
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
_LIMITS = {
    "LENGTH": 256 * 2**20,
    "ATTACHED": 0,
    "EXPR_DEPTH": 200,
    "COMPOUND_SELECT": 50,
    "FUNCTION_ARG": 100,
    "LIKE_PATTERN_LENGTH": 1000,
    "TRIGGER_DEPTH": 1,
    "WORKER_THREADS": 0,
}
"""What statements and schemas may take. https://www.sqlite.org/security.html"""


class SqliteSession(EngineSession):
    """A SQLite file that can't be written."""

    streams: ClassVar[bool] = False

    def __init__(self, path: str, *, shown: str, seconds: float, immutable: bool) -> None:
        import sqlite3

        uri = f"file:{quote(path)}?mode=ro" + ("&immutable=1" if immutable else "")
        self._until = monotonic() + seconds
        self._path = path

        def connect() -> sqlite3.Connection:
            made = sqlite3.connect(uri, uri=True, timeout=seconds, check_same_thread=False)
            made.execute("PRAGMA query_only = ON")
            # A file may hold views that call what they should not, and pages that are made up.
            made.execute("PRAGMA trusted_schema = OFF")
            made.execute("PRAGMA cell_size_check = ON")
            made.execute("PRAGMA mmap_size = 0")
            for category, limit in _LIMITS.items():
                made.setlimit(getattr(sqlite3, f"SQLITE_LIMIT_{category}"), limit)
            made.text_factory = _text
            made.set_progress_handler(lambda: monotonic() > self._until, _STEPS)
            return made

        engine = guarded("sqlite://", creator=connect)
        super().__init__(engine, host=shown, seconds=seconds)
        self.connected: Connected = Connected(dialect="sqlite", version=sqlite3.sqlite_version)

    def greet(self) -> None:
        """Read the first page of the file, which SQLite leaves until it is needed."""
        from sqlalchemy import text

        self.ask(lambda connection: connection.execute(text("SELECT 1 FROM sqlite_master")).first())

    def begin(self, connection: Connection) -> None:  # noqa: ARG002 - reading is all that it can do
        """Start the clock of the next statements."""
        self._until = monotonic() + self.seconds

    def _said(self, error: Exception, what: str) -> DatabaseTrouble:  # noqa: ARG002 - there are no rights
        cause: Any = getattr(error, "orig", None) or error
        code = getattr(cause, "sqlite_errorcode", None)
        if code is None:
            return failed(type(cause).__name__, host=self.host)
        primary = code & 0xFF
        if primary == 9:  # SQLITE_INTERRUPT: our own limit
            return timed_out(self.host, self.seconds)
        if primary in _REASONS:
            return unreadable(self.host, _REASONS[primary])
        return failed(cause.sqlite_errorname, host=self.host)

    def _structure(self, connection: Connection, schema: str) -> Structure:
        # SQLite writes a journal beside the file
        places = (self._path, os.path.dirname(os.path.abspath(self._path)))
        writable = all(os.access(place, os.W_OK) for place in places)
        return sqlite_structure(connection, schema, host=self.host, writable=writable)

    def _shape(self, connection: Connection, selection: Selection) -> Shape:
        name, order = selection.table, set(selection.order)
        found: Any = ()
        if selection.schema in ("", "main"):
            found = sqlite_structure(connection, "", host=self.host, only=name).tables.values()
        if not found:
            raise DatabaseTrouble("database-table-not-found", host=self.host, table=name)
        (table,) = found
        filled = {column.name for column in table.columns.values() if not column.nullable}
        keys = [set(key) for key in (table.primary_key, *table.unique) if key]
        return Shape(
            schema=None,
            columns=frozenset(table.columns),
            length=_length,
            keyed=order <= filled and any(key <= order for key in keys),
        )


def _text(data: bytes) -> str | RawText:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return RawText(data)


def _length(_name: str, column: Any) -> Any:
    from sqlalchemy import LargeBinary, cast, func

    # octet_length is younger than many installations; any value can stand in any column
    return func.length(cast(column, LargeBinary))
