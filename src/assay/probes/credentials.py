"""Reads the rows of stored credentials, opens them in memory, and counts what they come to.

Rows come in pages, so memory does not grow with them. Nothing of what they hold leaves this module:
its answer has counts, causes and the identities of rows.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

import msgspec

from assay.crypto.autopsy import Case, Examiner
from assay.crypto.context import filled, placeholders
from assay.crypto.examination import Census, ColumnCensus, Columnless, Examination
from assay.crypto.forms import fitting
from assay.databases.base import answered
from assay.databases.conditions import columns_of
from assay.databases.model import Asked, ConnectionOf, DatabaseRefusal, FoundTable, Selection
from assay.databases.trouble import DatabaseTrouble
from assay.facts import Query, Setting, State, Unobservable, Value
from assay.net.patience import Deadline
from assay.probes.tallies import Lacking, Metadata, named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from assay.crypto.examination import SealedColumn
    from assay.databases.base import Session
    from assay.databases.model import Row
    from assay.probes import Probe
    from assay.runs import Run

PATIENCE = 600.0
"""Seconds after which only those rows of a credential are reported that were read."""


class Sessions(Protocol):
    """What opens the databases of a spec, each once."""

    def session(self, environment: str, database: str) -> Session | DatabaseRefusal | Unobservable:
        """An open session, or why there is none."""


class CredentialProbe:
    """Answers `Examination`, side by side where the databases are different ones."""

    answers: ClassVar[tuple[type[Query[Any]], ...]] = (Examination,)
    live: ClassVar[bool] = True

    def __init__(
        self,
        values: Probe,
        databases: Sessions,
        *,
        patience: float = PATIENCE,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`values` answers `Value`; `patience` is in seconds, for each credential."""
        self._values = values
        self._databases = databases
        self._patience = patience
        self._clock = clock
        self.found: dict[Examination, Census | Unobservable] = {}

    @classmethod
    def of(cls, run: Run) -> Self:
        """The probe of a run, which opens databases by the one for those."""
        databases: Any = run.probe(ConnectionOf)
        return cls(run.probe(Value), databases, clock=run.clock)

    def close(self) -> None:
        """Do nothing: the probe for databases closes them."""

    def __call__(self, queries: Sequence[Query[Any]], /) -> Mapping[Query[Any], object]:
        """Answer a batch; never raises for what a database may do."""
        groups: dict[tuple[str, str], list[Examination]] = {}
        for query in queries:
            if isinstance(query, Examination):
                groups.setdefault((query.environment, query.database), []).append(query)
        settings = self._settings([one for group in groups.values() for one in group])
        if len(groups) < 2:
            for group in groups.values():
                self._examine(group, settings)
        else:
            from concurrent.futures import ThreadPoolExecutor

            with ThreadPoolExecutor(min(8, len(groups)), thread_name_prefix="rows") as pool:
                list(pool.map(lambda group: self._examine(group, settings), groups.values()))
        return {query: self.found[query] for query in queries if isinstance(query, Examination)}

    def _settings(self, asked: Sequence[Examination]) -> dict[tuple[str, str], object]:
        """The settings of all variables that hold keys and salts, by environment and name."""
        wanted = dict.fromkeys(
            Value(one.environment, name) for one in asked for name in variables(one)
        )
        answers = self._values(list(wanted))
        return {(query.environment, query.name): answers[query] for query in wanted}

    def _examine(
        self, group: Sequence[Examination], settings: Mapping[tuple[str, str], object]
    ) -> None:
        for one in group:
            own = {name: settings[one.environment, name] for name in variables(one)}
            gap = unreadable(one, own)
            if gap is not None:
                self.found[one] = gap
                continue
            opened = self._databases.session(one.environment, one.database)
            if isinstance(opened, Unobservable):
                self.found[one] = opened
            elif isinstance(opened, DatabaseRefusal):
                self.found[one] = Unobservable(
                    reason=f"the database {one.database} can't be used: {refusal(opened)}",
                    remedy=f"Run `assay check --only {one.database}` to see what is wrong with it.",
                )
            else:
                deadline = Deadline(self._patience, clock=self._clock)
                texts = {name: text_of(setting) for name, setting in own.items()}
                self.found[one] = examined(one, texts, opened, deadline)


def text_of(setting: object) -> str | None:
    """The value of a variable, if it is there and can be read."""
    return setting.text if isinstance(setting, Setting) else None


def unreadable(asked: Examination, settings: Mapping[str, object]) -> Unobservable | None:
    """Why nothing can be said of rows: a key or a salt is there, but can't be read from here."""
    for name in (asked.variable, *asked.recipe.references):
        setting = settings[name]
        if isinstance(setting, Unobservable):
            return msgspec.structs.replace(
                setting, reason=f"{name} can't be read: {setting.reason}"
            )
        if isinstance(setting, Setting) and setting.state in _THERE:
            return Unobservable(
                reason=f"{name} is set, but can't be read back from {setting.source}",
                remedy="Run this where the application runs, with its values.",
            )
    return None


_THERE = (State.UNREADABLE, State.DIGEST, State.DENIED)


def variables(asked: Examination) -> tuple[str, ...]:
    """The variables that hold its keys and their salts."""
    names = (asked.variable, *asked.previous, *asked.suspects, *asked.recipe.references)
    return tuple(dict.fromkeys(names))


def examined(
    asked: Examination, texts: Mapping[str, str | None], session: Session, deadline: Deadline
) -> Census | Unobservable:
    """What the rows come to, as far as they can be read before the deadline."""
    table = answered(lambda: described(asked, session))
    if isinstance(table, DatabaseRefusal):
        return unread(asked, table, session)
    columnless = lacking(asked, table)
    if columnless is not None:
        return columnless
    identity = asked.identity or primary_key(table)
    rows = Rows(asked, identity, texts)
    pages = session.pages(selection(asked, identity, table))
    partial = ""
    # Reading alone may fail for what a driver does: what fails in between is a bug of ours.
    while not partial and (page := answered(lambda: next(pages, None))) is not None:
        if not isinstance(page, DatabaseRefusal):
            rows.add(page)
            partial = "the time for it is over" if deadline.over else ""
        elif rows.count:
            partial = refusal(page)
        else:
            return unread(asked, page, session)
    hidden: bool | Unobservable = False if session.connected.bypasses is True else table.hidden
    return Census(rows=rows.count, columns=rows.census(), hidden=hidden, partial=partial)


def unread(asked: Examination, refused: DatabaseRefusal, session: Session) -> Unobservable:
    """Why not a single row was read, and what to do about it."""
    remedy = f"See with `assay check --only {asked.database}` whether the database answers."
    if refused.code == "database-denied":
        role = session.connected.role or "the role that assay connects as"
        remedy = f"Let {role} read them: `GRANT SELECT ON {asked.table} TO {role}`."
    elif refused.code == "database-table-not-found":
        remedy = f"Correct the table of {asked.name} in the spec, or run the migrations."
    return Unobservable(
        reason=f"the rows of {asked.table} can't be read: {refusal(refused)}", remedy=remedy
    )


def described(asked: Examination, session: Session) -> FoundTable:
    """The table as the database describes it; an empty description where it can't."""
    wanted = Asked(table=asked.table, columns=spoken(asked))
    structure = session.structure(asked.schema, (wanted,))
    found = structure.tables.get(asked.table)
    if found is None:
        raise DatabaseTrouble("database-table-not-found", table=asked.table)
    return found


def spoken(asked: Examination) -> tuple[str, ...]:
    """The columns that the spec speaks of, be it in the condition alone."""
    return tuple(dict.fromkeys((*columns(asked, asked.identity), *columns_of(asked.where))))


def lacking(asked: Examination, table: FoundTable) -> Columnless | None:
    """The columns that are not there, as far as the database shows."""
    if isinstance(table.columns, Unobservable):
        return None
    absent = tuple(name for name in spoken(asked) if name not in table.columns)
    if not absent:
        return None
    reason = f"{asked.table} lacks {', '.join(absent)}"
    return Columnless(reason=reason, absent=absent, present=tuple(table.columns))


def primary_key(table: FoundTable) -> tuple[str, ...]:
    """The columns of the primary key, as far as the database shows."""
    return () if isinstance(table.primary_key, Unobservable) else table.primary_key


def columns(asked: Examination, identity: Sequence[str]) -> tuple[str, ...]:
    """The columns that are read, each once."""
    names = [*identity, *(column.name for column in asked.columns)]
    names += (name for name, _ in asked.metadata)
    names += (name for column in asked.columns for name in placeholders(column.envelope.aad))
    return tuple(dict.fromkeys(names))


def selection(asked: Examination, identity: Sequence[str], table: FoundTable) -> Selection:
    """Which rows are read, and in which order."""
    known = {} if isinstance(table.columns, Unobservable) else table.columns
    binary = frozenset(
        column.name
        for column in asked.columns
        if column.name in known and str(known[column.name].type) in _BINARY
    )
    return Selection(
        table=asked.table,
        schema=asked.schema,
        columns=columns(asked, identity),
        order=primary_key(table),
        where=asked.where,
        binary=binary,
    )


_BINARY = frozenset(("blob", "bytea", "binary", "varbinary", "bytes"))


def refusal(refused: DatabaseRefusal) -> str:
    """Why a database gave no answer, in words to follow its name."""
    return _WORDS.get(refused.code, refused.reason)


_WORDS = {
    "database-connection-lost": "the connection broke in mid-read",
    "database-timed-out": "it did not answer in time",
    "database-denied": "the role may not select them",
    "database-page-repeated": "the same page came again and again",
    "database-rate-limited": "it limits the rate of requests (429)",
    "database-gateway": "a gateway answered instead",
    "database-overloaded": "it is overloaded, or shutting down",
    "database-table-not-found": "there is no such table",
    "database-schema-not-exposed": "its schema is not exposed",
}


class Rows:
    """The rows of one credential as they come, page by page."""

    def __init__(
        self, asked: Examination, identity: Sequence[str], texts: Mapping[str, str | None]
    ) -> None:
        names = columns(asked, identity)
        self._places = {name: at for at, name in enumerate(names)}
        self._identity = tuple(self._places[name] for name in identity)
        self._sealed = [
            (column, Examiner(case(asked, column, texts, identity), column.name))
            for column in asked.columns
        ]
        self._lacking = {column.name: Lacking() for column in asked.columns if column.required}
        self._metadata = [(name, Metadata(form)) for name, form in asked.metadata]
        self.count: int = 0

    def add(self, page: Sequence[Row]) -> None:
        """Open and count the rows of a page."""
        self.count += len(page)
        places = self._identity
        identities = [tuple([named(row[at]) for at in places]) for row in page]
        for column, examiner in self._sealed:
            at = self._places[column.name]
            cells = [row[at] for row in page]
            examiner.add(cells, identities, list(self._contexts(column, page)))
            if column.required and None in cells:
                self._lacking[column.name].add(cells, identities)
        for name, tally in self._metadata:
            at = self._places[name]
            tally.add([row[at] for row in page], identities)

    def _contexts(self, column: SealedColumn, page: Sequence[Row]) -> Iterator[bytes]:
        """The additional authenticated data of each row."""
        template = column.envelope.aad
        names = placeholders(template)
        if not names:
            yield from [filled(template, {})] * len(page)
            return
        for row in page:
            yield filled(template, {name: row[self._places[name]] for name in names})

    def census(self) -> dict[str, ColumnCensus]:
        """What each column came to."""
        found = {}
        for column, examiner in self._sealed:
            counted = examiner.census()
            if column.required:
                counted = self._lacking[column.name].told(counted)
            found[column.name] = counted
        found.update((name, tally.census(name)) for name, tally in self._metadata)
        return found


def case(
    asked: Examination,
    column: SealedColumn,
    texts: Mapping[str, str | None],
    identity: Sequence[str] = (),
) -> Case:
    """What the autopsy is given about a column, and of the columns that name its rows."""
    form = column.plaintext
    return Case(
        envelope=column.envelope,
        recipe=asked.recipe,
        variable=asked.variable,
        text=texts[asked.variable] or "",
        previous=known(asked.previous, texts),
        suspects=known(asked.suspects, texts),
        salts={name: texts[name] for name in asked.recipe.references},
        identity=tuple(identity) or asked.identity,
        fits=None if form is None else fitting(form),
        expected="anything" if form is None else f"{form.title} as the spec declares",
    )


def known(names: Sequence[str], texts: Mapping[str, str | None]) -> dict[str, str]:
    """The variables that have a value."""
    return {name: text for name in names if (text := texts[name])}
