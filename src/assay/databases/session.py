"""An open database through SQLAlchemy: short reading transactions, and rows in pages."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from assay.databases.trouble import DatabaseTrouble, failed, timed_out, translated, trouble_of
from assay.net.flood_limit import Watched
from assay.net.patience import Late, in_time
from assay.words import in_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import Connection, CursorResult, Engine

    from assay.databases.model import Asked, Connected, Row, Selection, Structure
    from assay.databases.rows import Shape

    T = TypeVar("T")
    S = TypeVar("S", bound="EngineSession")

SEVERAL = 3
"""How many times the limit of one answer a transaction of several may take."""
GRACE = 1.0
"""Seconds that a server has beyond its own limits, before its silence ends the connection."""
LARGEST = 64 * 2**20
"""Bytes that all the answers of a transaction may take that is not for rows."""
MOST = 500_000
"""Rows of one answer about a catalogue."""


def entered(session: S, greet: Callable[[S], object]) -> S:
    """A session after its greeting; closed if that fails."""
    try:
        greet(session)
    except BaseException:
        session.close()
        raise
    return session


class EngineSession:
    """What the sessions of all dialects share. Each gives its own structure and columns."""

    connected: Connected
    streams: ClassVar[bool] = True
    """Whether the driver fetches a result piece by piece if it is asked to."""
    _structure: Callable[..., Structure]
    """Of a connection, what a schema holds."""
    _shape: Callable[[Connection, Selection], Shape]
    """By a connection, what must be known to read a selection."""

    def __init__(self, engine: Engine, *, host: str, seconds: float, schema: str = "") -> None:
        """Take a guarded engine; `seconds` is how long one answer may take.

        `schema` stands for an empty one.
        """
        self._engine = engine
        self.host = host
        self.seconds = seconds
        self.schema = schema
        self._watched = Watched()
        self._over = False
        """Whether an answer took too long, and may still come on a connection of ours."""

    def structure(
        self,
        schema: str = "",
        asked: Sequence[Asked] = (),  # noqa: ARG002 - all tables are listed
    ) -> Structure:
        """See `Session`."""
        return self.ask(
            lambda connection: self._structure(connection, schema or self.schema),
            what="the catalog of tables",
        )

    def pages(self, selection: Selection) -> Iterator[Sequence[Row]]:
        """See `Session`."""
        from assay.databases.rows import pages

        name = ".".join(filter(None, (selection.schema, selection.table)))
        what = f"rows of {name}"
        shape = self.ask(lambda connection: self._shape(connection, selection), what=name)
        inner = pages(self, shape, selection)
        try:
            while (page := self.timed(lambda: next(inner, None), what)) is not None:
                yield page
        finally:
            # Whoever reads no further does not care how the connection ends.
            with suppress(DatabaseTrouble):
                self.timed(inner.close, what)

    def ask(self, work: Callable[[Connection], T], *, what: str = "") -> T:
        """What `work` returns of a transaction that only reads, and is rolled back."""

        def asked() -> T:
            with self.reading(SEVERAL) as connection:
                self.begin(connection)
                return work(connection)

        return self.timed(asked, what)

    def timed(self, work: Callable[[], T], what: str = "", seconds: float = 0.0) -> T:
        """What `work` returns, with a limit that also holds where a driver waits without one.

        It's the last of the limits, so it leaves time to the others. `seconds` is another limit.
        What goes wrong, now or before, is a `DatabaseTrouble`.
        """
        limit = seconds or self.seconds * SEVERAL + 2 * GRACE
        if not self._over:
            try:
                fault = partial(self.trouble, what=what)
                return in_time(lambda: translated(work, fault), limit)
            except Late:
                self._over = True
                self.abandon()
        raise timed_out(self.host, self.seconds)

    def abandon(self) -> None:
        """End the connections that nobody waits for any more, if that's possible."""

    @contextmanager
    def reading(self, answers: int = 1, most: int = LARGEST) -> Iterator[Connection]:
        """A connection of the pool, rolled back and given back afterwards; see `watched`.

        The answer to the rollback is watched too: a server may keep its flood for the last.
        """
        connection = self.connect()
        with self.watched(connection, answers, most), connection:
            yield connection

    @contextmanager
    def releasing(self, connection: Connection, most: int = LARGEST) -> Iterator[None]:
        """Give a connection of `connect` back; what that takes is watched, if it's still open."""
        try:
            watched = self.watched(connection, most=most)
        except Exception:  # noqa: BLE001 - it's gone, and drivers raise what they like
            watched = nullcontext()
        with watched, connection:
            yield

    def reach(self) -> None:
        """Connect, and hold the connection ready."""
        with self.reading():
            pass

    def connect(self) -> Connection:
        """A connection of the pool; closing it rolls back, and waits for the answer."""
        return self._engine.connect()

    def watched(
        self, connection: Connection, answers: int = 1, most: int = LARGEST
    ) -> AbstractContextManager[None]:
        """Cut a connection off where a number of answers takes too long in spite of all limits.

        `most` is how many bytes they may take.
        """
        descriptor = self._descriptor(connection.connection.driver_connection)
        if descriptor is None:
            return nullcontext()
        return self._watched.within(descriptor, self.seconds * answers + GRACE, most)

    def _descriptor(self, connection: Any) -> int | None:  # noqa: ARG002 - for those that have one
        """The socket of a driver's connection; None if it doesn't show it."""
        return None

    def bounded(self, result: CursorResult[Any]) -> Sequence[Any]:
        """The rows of a catalogue, which are never more than any catalogue has."""
        rows = result.fetchmany(MOST + 1)
        if len(rows) > MOST:
            result.close()
            raise failed(f"more than {MOST} rows", host=self.host)
        return rows

    def begin(self, connection: Connection) -> None:
        """Begin a transaction that can't write, and whose statements have time limits."""

    def trouble(self, error: Exception, *, what: str = "") -> DatabaseTrouble:
        """A driver's error in our words; one that we caused is a matter of time or size."""
        if self._watched.flooded:
            size = in_bytes(self._watched.flooded)
            return failed(f"an answer of more than {size}", host=self.host)
        return timed_out(self.host, self.seconds) if self._watched.late else self._said(error, what)

    def _said(self, error: Exception, what: str) -> DatabaseTrouble:
        return trouble_of(error, host=self.host, seconds=self.seconds, what=what)

    def close(self) -> None:
        """Give the connections back. Never raises."""
        with suppress(Exception):
            in_time(self._engine.dispose, GRACE)
