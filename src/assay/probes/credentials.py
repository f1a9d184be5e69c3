"""Reads the rows of stored credentials, opens them in memory, and counts what they come to.

Rows come in pages, so memory does not grow with them. Nothing of what they hold leaves this module:
its answer has counts, causes and the identities of rows.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, Self

import msgspec

from assay.crypto.autopsy import Case, Cause, CauseCode, Confidence, Examiner
from assay.crypto.autopsy.population import Tally
from assay.crypto.examination import (
    Census,
    ColumnCensus,
    Columnless,
    Examination,
    complete,
    filled,
    fitting,
    in_words,
    placeholders,
    well_formed,
)
from assay.databases.base import answered
from assay.databases.conditions import columns_of
from assay.databases.model import (
    Asked,
    ConnectionOf,
    DatabaseRefusal,
    FoundTable,
    Selection,
    TooLarge,
)
from assay.databases.trouble import DatabaseTrouble
from assay.facts import Query, Setting, State, Unobservable, Value
from assay.net.patience import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assay.crypto.examination import SealedColumn
    from assay.databases.base import Session
    from assay.databases.model import Cell, Row
    from assay.formats.base import Format
    from assay.probes import Probe
    from assay.runs import Run

PATIENCE = 600.0
"""Seconds after which only those rows of a credential are reported that were read."""
LONGEST = 60
"""Characters of a value that names a row; more is cut off."""


class CredentialProbe:
    """Answers `Examination`, side by side where the databases are different ones."""

    answers: ClassVar[tuple[type[Query[Any]], ...]] = (Examination,)
    live: ClassVar[bool] = True

    def __init__(
        self,
        values: Probe,
        session: Callable[[str, str], Session | DatabaseRefusal | Unobservable],
        *,
        patience: float = PATIENCE,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Take what answers `Value`, and what opens a database of an environment, each once.

        `patience` is in seconds, for each credential.
        """
        self._values = values
        self._session = session
        self._patience = patience
        self._clock = clock

    @classmethod
    def of(cls, run: Run) -> Self:
        """The probe of a run, which opens databases by the one for those."""
        databases: Any = run.probe(ConnectionOf)
        return cls(run.probe(Value), databases.session, clock=run.clock)

    def close(self) -> None:
        """Do nothing: the probe for databases closes them."""

    def __call__(self, queries: Sequence[Query[Any]], /) -> Mapping[Query[Any], object]:
        """Answer a batch; never raises for what a database may do."""
        groups: dict[tuple[str, str], list[Examination]] = {}
        for query in queries:
            if isinstance(query, Examination):
                groups.setdefault((query.environment, query.database), []).append(query)
        asked = [one for group in groups.values() for one in group]
        wanted = {Value(one.environment, name) for one in asked for name in variables(one)}
        settings = self._values(list(wanted))

        def answers(group: Sequence[Examination]) -> dict[Query[Any], object]:
            return {one: self._answer(one, settings) for one in group}

        if len(groups) < 2:
            return answers(asked)
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(min(8, len(groups)), thread_name_prefix="rows") as pool:
            found = pool.map(answers, groups.values())
            return {query: answer for part in found for query, answer in part.items()}

    def _answer(
        self, asked: Examination, settings: Mapping[Query[Any], object]
    ) -> Census | Unobservable:
        own = {name: settings[Value(asked.environment, name)] for name in variables(asked)}
        gap = unreadable(asked, own)
        if gap is not None:
            return gap
        opened = self._session(asked.environment, asked.database)
        if isinstance(opened, Unobservable):
            return opened
        if isinstance(opened, DatabaseRefusal):
            return Unobservable(
                reason=f"the database {asked.database} can't be used: {refusal(opened)}",
                remedy=f"Run `assay check --only {asked.database}` to see what is wrong with it.",
            )
        texts = {name: text_of(setting) for name, setting in own.items()}
        return examined(asked, texts, opened, Deadline(self._patience, clock=self._clock))


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
    known = {} if isinstance(table.columns, Unobservable) else table.columns
    absent = tuple(name for name in spoken(asked) if name not in known)
    if absent and not isinstance(table.columns, Unobservable):
        reason = f"{asked.table} lacks {', '.join(absent)}"
        return Columnless(reason=reason, absent=absent, present=tuple(known))
    key = () if isinstance(table.primary_key, Unobservable) else table.primary_key
    rows = Rows(asked, asked.identity or key, texts)
    selection = Selection(
        table=asked.table,
        schema=asked.schema,
        columns=tuple(rows.places),
        order=key,
        where=asked.where,
        binary=frozenset(
            column.name
            for column in asked.columns
            if column.name in known and str(known[column.name].type) in _BINARY
        ),
    )
    pages = session.pages(selection)
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


_BINARY = frozenset(("blob", "bytea", "binary", "varbinary", "bytes"))


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


def columns(asked: Examination, identity: Sequence[str]) -> tuple[str, ...]:
    """The columns that are read, each once."""
    names = [*identity, *(column.name for column in asked.columns)]
    names += (name for name, _ in asked.metadata)
    for column in asked.columns:
        names += (*placeholders(column.envelope.aad), *column.envelope.beside)
    return tuple(dict.fromkeys(names))


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
        self.places: dict[str, int] = {name: at for at, name in enumerate(names)}
        """The columns that are read, and where each stands in a row."""
        self._identity = tuple(self.places[name] for name in identity)
        self._sealed = [
            (column, Examiner(case(asked, column, texts, identity), column.name, column.required))
            for column in asked.columns
        ]
        self._metadata = {
            name: Metadata(form, required=name in asked.required) for name, form in asked.metadata
        }
        self.count: int = 0

    def add(self, page: Sequence[Row]) -> None:
        """Open and count the rows of a page."""
        self.count += len(page)
        identities = [tuple([named(row[at]) for at in self._identity]) for row in page]
        for column, examiner in self._sealed:
            at, template = self.places[column.name], column.envelope.aad
            bound = {name: self.places[name] for name in placeholders(template)}
            beside = [self.places[name] for name in column.envelope.beside]
            cells = [row[at] for row in page]
            if beside:
                parts = [[row[place] for place in beside] for row in page]
                pairs = zip(cells, parts, strict=True)
                cells = [complete(column.envelope, cell, others) for cell, others in pairs]
            examiner.add(
                cells,
                identities,
                [filled(template, {name: row[at] for name, at in bound.items()}) for row in page],
            )
        for name, tally in self._metadata.items():
            at = self.places[name]
            tally.add([row[at] for row in page], identities)

    def census(self) -> dict[str, ColumnCensus]:
        """What each column came to."""
        found = {column.name: examiner.census() for column, examiner in self._sealed}
        return found | {name: tally.census(name) for name, tally in self._metadata.items()}


def case(
    asked: Examination,
    column: SealedColumn,
    texts: Mapping[str, str | None],
    identity: Sequence[str] = (),
) -> Case:
    """What the autopsy is given about a column, and of the columns that name its rows."""
    form = column.plaintext
    return Case(
        envelope=column.envelope.gathered(),
        stored=column.envelope if column.envelope.beside else None,
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


def named(cell: Cell) -> str:
    """A value that is part of what names a row."""
    match cell:
        case str():
            text = cell
        case None:
            return "NULL"
        case bytes() | bytearray() | memoryview():
            text = bytes(cell[:LONGEST]).hex()
        case TooLarge():
            return "?"
        case _:
            text = in_words(cell)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}\N{HORIZONTAL ELLIPSIS}"


class Metadata:
    """How many rows hold something of a different type than a column should."""

    def __init__(self, form: Format, *, required: bool = False) -> None:
        self._form = form
        self._required = required
        self._good = 0
        self._nulls = 0
        self._missing = Tally(Cause.of(CauseCode.MISSING, Confidence.PROVEN))
        self._bad = Tally(
            Cause.of(CauseCode.WRONG_METADATA, Confidence.PROVEN, expected=form.title)
        )

    def add(self, cells: Sequence[Cell], identities: Sequence[tuple[str, ...]]) -> None:
        """Count the cells of a page."""
        for cell, identity in zip(cells, identities, strict=True):
            if cell is None:
                self._nulls += 1
                if self._required:
                    self._missing.add(identity)
            elif not isinstance(cell, TooLarge) and well_formed(self._form, in_words(cell)):
                self._good += 1
            else:
                self._bad.add(identity)

    def census(self, name: str) -> ColumnCensus:
        """What they came to."""
        return ColumnCensus(
            name=name,
            opened=self._good,
            failed=self._bad.count + self._missing.count,
            proof=False,
            nulls=self._nulls,
            clusters=(*self._missing.clusters(), *self._bad.clusters()),
        )
