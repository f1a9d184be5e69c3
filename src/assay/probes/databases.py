"""Opens the databases of a spec, each once in an environment, and answers questions about them."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar, Self

from assay.databases.base import answered
from assay.databases.destinations import barrier
from assay.databases.model import ConnectionOf, DatabaseRefusal, StructureOf, Unreadable
from assay.facts import Query, Setting, State, Unobservable, Value
from assay.probes import side_by_side
from assay.words import in_seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from assay.databases.base import Backend, Reach, Session
    from assay.databases.model import Connected, Structure
    from assay.probes import Probe
    from assay.runs import Run

    Opening = tuple[Backend, Reach]
    """How a database is opened."""
    Pair = tuple[str, str]
    """An environment and a database."""
    Opened = Session | DatabaseRefusal | Unobservable

GRACE = 2.0
"""Seconds beyond a database's own limits, after which its thread is left alone."""
STEPS = 3
"""How many limits of its own an answer may need: connecting, asking who we are, and the answer."""


class DatabaseProbe:
    """Answers `ConnectionOf` and `StructureOf` for the databases of a spec. Close it afterwards."""

    answers: ClassVar[tuple[type[Query[Any]], ...]] = (ConnectionOf, StructureOf)
    live: ClassVar[bool] = True

    def __init__(
        self,
        databases: Mapping[str, Any],
        values: Probe,
        root: str,
        allowed: tuple[str, ...] = (),
    ) -> None:
        """Take the spec's databases by name.

        `values` answers `Value` queries; paths in the spec are relative to `root`, and lie in its
        repository or in `allowed`.
        """
        self._databases: dict[str, Opening] = {
            name: (declared.reached_by, declared.reach(root, allowed))
            for name, declared in databases.items()
        }
        self._hosts = {name: declared.hosts for name, declared in databases.items()}
        self._values = values
        self._opened: dict[Pair, Opened] = {}
        self._structures: dict[StructureOf, Structure | Unobservable] = {}
        self._lock = Lock()
        self._opening_one = Lock()
        self._closed = False

    @classmethod
    def of(cls, run: Run) -> Self:
        """The probe of a run."""
        spec = run.spec
        entries = spec.sections.get("databases", {})
        declared = {name: entry.declared for name, entry in entries.items()}
        return cls(declared, run.probe(Value), spec.root, spec.allowed)

    def __call__(self, queries: Sequence[Query[Any]], /) -> Mapping[Query[Any], object]:
        """Answer a batch; different databases are asked side by side."""
        pairs = [_pair(query) for query in queries]
        self._open(pairs)
        self._look([query for query in queries if isinstance(query, StructureOf)])
        return {query: self._answer(query) for query in queries}

    def session(self, environment: str, database: str) -> Session | DatabaseRefusal | Unobservable:
        """The open database, or why there is none; opened where that was not asked before."""
        pair = (environment, database)
        self._open([pair])
        return self._opened[pair]

    def close(self) -> None:
        """Give all connections back. Never raises."""
        with self._lock:
            self._closed = True
            opened = list(self._opened.values())
        for session in opened:
            _close(session)

    def _answer(self, query: Query[Any]) -> Connected | DatabaseRefusal | Unobservable | Structure:
        match query:
            case ConnectionOf():
                opened = self._opened[_pair(query)]
                if isinstance(opened, DatabaseRefusal | Unobservable):
                    return opened
                return opened.connected
            case StructureOf():
                return self._structures[query]
            case _:  # pragma: no cover - the observer sends only what is registered
                raise TypeError(f"no answer for {type(query).__name__}")

    def _open(self, pairs: Iterable[Pair]) -> None:
        # The probe for credentials asks at the same time, in a thread of its own.
        with self._opening_one:
            self._open_fresh(pairs)

    def _open_fresh(self, pairs: Iterable[Pair]) -> None:
        fresh = [pair for pair in dict.fromkeys(pairs) if pair not in self._opened]
        if not fresh:
            return
        names = {
            Value(environment, name)
            for environment, database in fresh
            for name in self._databases[database][0].variables
        }
        settings = self._values(list(names)) if names else {}
        ready: dict[Pair, Mapping[str, str]] = {}
        for pair in fresh:
            values = _values_of(pair[0], self._databases[pair[1]][0], settings)
            if isinstance(values, Unobservable):
                self._opened[pair] = values
            elif barred := self._barred(pair, values, settings):
                self._opened[pair] = barred
            else:
                ready[pair] = values
        answers = self._side_by_side(
            {
                pair: partial(backend.open, values, reach)
                for pair, values in ready.items()
                for backend, reach in (self._databases[pair[1]],)
            },
            late=_close,
        )
        self._opened.update(answers)

    def _barred(
        self, pair: Pair, values: Mapping[str, str], settings: Mapping[Query[Any], Any]
    ) -> DatabaseRefusal | Unobservable | None:
        """Why a database must not be contacted."""
        environment, name = pair
        backend = self._databases[name][0]
        where = answered(lambda: backend.destination(values))
        if where is None or isinstance(where, DatabaseRefusal):
            return where
        own = {variable: settings[Value(environment, variable)] for variable in values}
        return barrier(name, backend, where, self._hosts[name], own)

    def _look(self, queries: Iterable[StructureOf]) -> None:
        batches: dict[Pair, list[StructureOf]] = {}
        for query in queries:
            if query in self._structures:
                continue
            opened = self._opened[_pair(query)]
            if isinstance(opened, DatabaseRefusal | Unobservable):
                self._structures[query] = _read(query.database, opened)
            else:
                batches.setdefault(_pair(query), []).append(query)
        work = {pair: partial(self._structures_of, batch) for pair, batch in batches.items()}
        for pair, answer in self._side_by_side(work).items():
            for query in batches[pair]:
                told = answer[query] if isinstance(answer, dict) else answer
                self._structures[query] = _read(pair[1], told)

    def _structures_of(
        self, queries: Sequence[StructureOf]
    ) -> dict[StructureOf, Structure | DatabaseRefusal]:
        session: Any = self._opened[_pair(queries[0])]  # only open ones are asked
        return {
            query: answered(partial(session.structure, query.schema, query.asked))
            for query in queries
        }

    def _side_by_side(
        self, work: Mapping[Pair, Callable[[], Any]], late: Callable[[Any], None] | None = None
    ) -> dict[Pair, Any]:
        """What each piece of work returns, or a `DatabaseRefusal` if it is too slow or breaks."""
        limits = {pair: self._databases[pair[1]][1].seconds for pair in work}
        answers = side_by_side(
            {pair: partial(answered, task) for pair, task in work.items()},
            lambda pair: limits[pair] * STEPS + GRACE,
            late,
        )
        for pair in work.keys() - answers.keys():
            values = {"seconds": in_seconds(limits[pair])}
            answers[pair] = DatabaseRefusal(code="database-timed-out", values=values)
        return answers


def _pair(query: Any) -> Pair:
    return (query.environment, query.database)


def _close(session: object) -> None:
    if not isinstance(session, DatabaseRefusal | Unobservable):
        with suppress(Exception):
            session.close()  # type: ignore[attr-defined]  # what is left is a session


def _read(
    database: str, told: Structure | DatabaseRefusal | Unobservable
) -> Structure | Unobservable:
    if not isinstance(told, DatabaseRefusal):
        return told
    reason = f"the tables of {database} can't be read: {told.reason}"
    return Unreadable(reason=reason, refused=told)


def _values_of(
    environment: str, backend: Backend, settings: Mapping[Query[Any], object]
) -> dict[str, str] | Unobservable:
    """The values of a backend's variables, or why one of them lacks one."""
    values: dict[str, str] = {}
    for name in backend.variables:
        setting = settings[Value(environment, name)]
        if isinstance(setting, Unobservable):
            return setting
        if not isinstance(setting, Setting) or setting.text is None:
            return _unset(name, environment, setting)
        values[name] = setting.text
    return values


_WHY = {
    State.MISSING: "is not set",
    State.EMPTY: "is set but empty",
    State.UNREADABLE: "can't be read back",
    State.DIGEST: "is known by its digest alone",
    State.DENIED: "may not be read",
}


def _unset(name: str, environment: str, setting: object) -> Unobservable:
    state = setting.state if isinstance(setting, Setting) else State.MISSING
    why = _WHY.get(state, "can't be read")
    return Unobservable(
        reason=f"{name}, which contains the address of the database, {why}",
        remedy=f"Set {name} in {environment}." if state in (State.MISSING, State.EMPTY) else "",
    )
