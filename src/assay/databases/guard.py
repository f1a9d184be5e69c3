"""Lets nothing but reading through to a database, and gives away nothing of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine


class WriteRefusedError(RuntimeError):
    """A statement that might change data was stopped before it was sent."""


_ENDS = {"'": "'", '"': '"', "`": "`", "--": "\n", "/*": "*/"}
"""How quoted texts, quoted names and comments begin, and end."""
_BEGINS = re.compile("|".join(map(re.escape, _ENDS)))
_READS = re.compile(r"\(*\s*(select|with|explain)\b")
_ASIDE = re.compile(
    r"set\s+(local|transaction|session\s+transaction\s+read\s+only)\b"
    r"|(savepoint|release\s+savepoint|rollback\s+to\s+savepoint)\s+\w+$"
)
"""What changes nothing but the transaction that it stands in."""
_PRAGMA = re.compile(r"pragma\s+(\w+\s*\.\s*)?\w+\s*(\(\s*\w*\s*\))?")
_WRITES = re.compile(
    r"\b(insert|update|delete|merge|replace\s+into|into|truncate|create|alter|drop|grant|revoke|"
    r"copy|call|do|lock|vacuum|attach|analyze|refresh|nextval|setval)\b"
)


def reads_only(statement: str) -> bool:
    """Whether a statement can do nothing but read; quoted texts and names don't count."""
    unquoted = _unquoted(statement)
    if unquoted is None:
        return False
    plain = unquoted.strip().rstrip(";").rstrip().lower()
    if ";" in plain:
        return False
    if plain.startswith("pragma"):
        return _PRAGMA.fullmatch(plain.replace("''", "x")) is not None
    if _ASIDE.match(plain) or re.match(r"(show|describe)\b", plain):
        return True
    return _READS.match(plain) is not None and _WRITES.search(plain) is None


def _unquoted(statement: str) -> str | None:
    """A statement with `''` for all that is quoted; nothing if a quote doesn't end.

    A statement may hold names of the server's, so each character is looked at once.
    """
    parts: list[str] = []
    at = 0
    while (found := _BEGINS.search(statement, at)) is not None:
        end = _ENDS[found[0]]
        closed = statement.find(end, found.end())
        if closed < 0:
            return "".join((*parts, statement[at : found.start()])) if end == "\n" else None
        parts += (statement[at : found.start()], "''")
        at = closed + len(end)
    return "".join((*parts, statement[at:]))


def guarded(url: str | URL, *, seconds: float = 30.0, **more: Any) -> Engine:
    """An engine that refuses to send what does not only read, and logs nothing.

    Where an application's level lets it, SQLAlchemy logs statements with the values beside them,
    and in any case what drivers raise in its pool, with all that they quote. `seconds` is how long
    to wait for a connection of the pool.
    """
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import QueuePool

    engine = create_engine(
        url,
        poolclass=QueuePool,
        max_overflow=4,
        pool_timeout=seconds,
        hide_parameters=True,
        # names make loggers of our own, so that those of the application stay as they are
        logging_name="assay",
        pool_logging_name="assay",
        **more,
    )
    for told in (engine, engine.pool):
        logger: Any = told.logger
        logger.disabled = True

    def refuse(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not reads_only(statement):
            raise WriteRefusedError(statement.split(None, 1)[0][:20])

    event.listen(engine, "before_cursor_execute", refuse)
    return engine
