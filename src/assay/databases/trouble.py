"""Why a database can't be used, in the codes of the rules; no words of a driver are passed on.

Whatever reads a URL, a key or a database raises `DatabaseTrouble` where it can't go on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from assay.databases.model import DatabaseRefusal
from assay.files import trouble_of as trouble_of_file
from assay.words import in_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.gate import Refused
    from assay.net.faults import NetworkFault

T = TypeVar("T")

_STATES = {
    "28P01": "database-wrong-password",
    "28000": "database-wrong-password",
    "3D000": "database-not-found",
    "42501": "database-denied",
    "53300": "database-overloaded",
    "57P03": "database-overloaded",
    "57014": "database-timed-out",
    "55P03": "database-timed-out",
    "25P03": "database-connection-lost",
    "57P01": "database-connection-lost",
    "57P02": "database-connection-lost",
    "57P05": "database-connection-lost",
}
"""SQLSTATE to code. https://www.postgresql.org/docs/current/errcodes-appendix.html"""
_MEANINGS = {
    "22003": "a value that it is compared with is too large for a column",
    "22007": "a value that it is compared with is not a date or time",
    "22P02": "a value that it is compared with is not of a column's type",
    "25006": "reading it would write, which a function or a view does",
    "42703": "there is no column of that name",
    "42804": "a column is compared with a value of a different type",
    "42883": "a column is compared with a value of a different type, or a function of a policy or "
    "a view calls another without its schema (assay reads with `search_path = pg_catalog`)",
    "42P01": "a table that it depends on does not exist, or a function of a policy or a view names "
    "one without its schema (assay reads with `search_path = pg_catalog`)",
    "53100": "its disk is full",
    "53200": "it is out of memory",
    "55000": "it is not ready for that",
    "58030": "its disk can't be read",
    "XX001": "its data is damaged",
    "XX002": "an index is damaged",
}
"""What states mean that have no rule of their own."""
_LONGEST = 200
"""Characters of a text that is passed on."""


_VALUES = {
    "database-wrong-password": "role",
    "database-not-found": "name",
    "database-denied": "what",
    "database-tls-failed": "reason",
}
"""What messages say of a fault beside the host, for those that any driver reports."""


class DatabaseTrouble(Exception):  # noqa: N818 - an answer of the world, not an error of ours
    """A database refused, or went away. It never holds a driver's own message."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.refused: DatabaseRefusal = DatabaseRefusal(code=code, values=values)

    @classmethod
    def of(cls, fault: NetworkFault) -> DatabaseTrouble:
        """What keeps a server from being reached, as trouble with a database."""
        return cls(f"database-{fault.code}", **fault.values)


def timed_out(host: str, seconds: float) -> DatabaseTrouble:
    """No answer in time."""
    return DatabaseTrouble("database-timed-out", host=host, seconds=in_seconds(seconds))


def failed(state: str, *, host: str) -> DatabaseTrouble:
    """A fault that has no rule of its own, in words or by its SQLSTATE, with what that means."""
    known = _MEANINGS.get(state)
    return DatabaseTrouble(
        "database-failed", host=host, state=f"{state}, {known}" if known else state
    )


def refused(
    code: str, *, host: str, seconds: float, state: str = "", **known: str
) -> DatabaseTrouble:
    """A fault by the code of its rule, with those values that its messages have."""
    if code == "database-timed-out":
        return timed_out(host, seconds)
    if code == "database-failed":
        return failed(state, host=host)
    values = {name: known[name] for name in (_VALUES.get(code, ""),) if name in known}
    return DatabaseTrouble(code, host=host, **values)


def unreadable(shown: str, reason: str) -> DatabaseTrouble:
    """The file can't be read as a database."""
    return DatabaseTrouble("database-file-unreadable", host=shown, reason=reason)


def not_opened(refused: Refused) -> str:
    """Why a file may not be opened, and what lets it be, as a part of a sentence."""
    found = trouble_of_file(refused)
    return f"{found.reason}; {found.remedy[:1].lower()}{found.remedy[1:].rstrip('.')}"


def is_state(text: str) -> bool:
    """Whether a text is an SQLSTATE, and not what a server makes of it."""
    return len(text) == 5 and text.isascii() and text.isalnum() and text == text.upper()


def plain(text: object) -> str:
    """What a server says of itself, such as its version: one short line without control characters.

    A server says what it likes, of whatever type it likes.
    """
    said = text[:_LONGEST] if isinstance(text, str) else ""
    return "".join(each if each.isprintable() else " " for each in said)


def code_of_state(state: str) -> str:
    """The code of the rule for an SQLSTATE."""
    if state.startswith("08"):
        return "database-connection-lost"
    return _STATES.get(state, "database-failed")


def trouble_of(
    error: BaseException, *, host: str, seconds: float, what: str = ""
) -> DatabaseTrouble:
    """A driver's error in our words.

    `what` says what was being read, for a refusal of rights.
    """
    cause = getattr(error, "orig", None) or error
    bad = getattr(getattr(cause, "pgconn", None), "status", 0) == 1  # as libpq has it
    if bad or getattr(error, "connection_invalidated", False):
        return DatabaseTrouble("database-connection-lost", host=host)
    state = getattr(cause, "sqlstate", None) or ""
    if not is_state(state):
        late = isinstance(cause, TimeoutError)
        return timed_out(host, seconds) if late else failed(type(cause).__name__, host=host)
    what = what or "what assay asks for"
    return refused(code_of_state(state), host=host, seconds=seconds, state=state, what=what)


def translated(work: Callable[[], T], trouble: Callable[[Exception], DatabaseTrouble]) -> T:
    """What `work` returns; its errors become a `DatabaseTrouble` that chains no driver's error."""
    try:
        return work()
    except DatabaseTrouble:
        raise
    except Exception as error:  # noqa: BLE001 - drivers raise what they like, and quote what they like
        caught = error
    # Outside of the handler, so that the driver's error is nobody's context, and gone with all that
    # its frames hold, such as the connection.
    told = trouble(caught)
    del caught
    raise told


def require_sqlalchemy(extra: str = "sql") -> None:
    """Refuse to go on without the library that talks to all databases but Supabase's API."""
    from importlib.util import find_spec

    if find_spec("sqlalchemy") is None:
        raise DatabaseTrouble(
            "database-driver-missing",
            library="SQLAlchemy",
            command=f"pip install 'assay[{extra}]'",
        )
