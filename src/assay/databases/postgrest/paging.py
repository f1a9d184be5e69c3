"""The rows of a table, page by page, over an API that may cut pages short and answers at length.

Pages follow each other by key, so that what is written meanwhile shifts no row from one page to
another. Every column is asked for as text: JSON would lose digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from assay.databases.model import Cell, FoundTable, Row, Selection, TooLarge
from assay.databases.postgrest.conditions import alias, behind, column, never, parameters, selected
from assay.databases.postgrest.faults import Rejected
from assay.databases.trouble import DatabaseTrouble, failed
from assay.facts import Unobservable
from assay.net.http import LARGEST, TooMuch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


FIRST = 100
"""Rows of the first page, before anything is known of their size."""
MOST = 1000
"""Rows of a page; hosted projects give no more."""
WANTED = 2**20
"""Bytes of an answer."""
_UNORDERED = frozenset({"json", "xml", "point", "polygon", "line", "lseg", "box", "path", "circle"})
_MADE: dict[str, Callable[[str], Cell]] = {
    **dict.fromkeys(("smallint", "integer", "bigint"), int),
    **dict.fromkeys(("real", "double precision"), float),
    "boolean": {"true": True, "false": False}.__getitem__,
}
_NO_ORDER = "42883"
"""No ordering operator: of a type such as json."""
_BEYOND = "PGRST103"
"""The offset lies after the last row."""

Found = dict[str, Any]


class Ask(NamedTuple):
    """One request for rows of a table."""

    names: tuple[str, ...]
    filters: tuple[tuple[str, str], ...]
    order: tuple[str, ...]
    limit: int
    offset: int = 0

    def parameters(self) -> list[tuple[str, str]]:
        """The query of the URL."""
        order = ",".join(f"{column(name)}.asc" for name in self.order)
        asked = [("select", selected(self.names)), *self.filters, ("limit", str(self.limit))]
        asked += [("order", order)] if order else []
        return asked + ([("offset", str(self.offset))] if self.offset else [])


class Answer(NamedTuple):
    """What a request for rows came to."""

    rows: list[Found]
    size: int
    """Bytes."""
    start: int | None
    """Where the server says that the rows begin among all."""


class PageReading:
    """One reading of a table from its beginning to its end."""

    def __init__(
        self,
        ask: Callable[[Ask, int], Answer],
        selection: Selection,
        table: FoundTable | None,
        host: str,
    ) -> None:
        """`ask` gives rows in an answer of at most so many bytes."""
        self._ask = ask
        self._selection = selection
        self._host = host
        columns = table.columns if table is not None else {}
        self._columns = {} if isinstance(columns, Unobservable) else columns
        primary = table.primary_key if table is not None else ()
        key = () if isinstance(primary, Unobservable) else primary
        self._order = selection.order or key
        # A view may show the key of a table in several rows.
        named = table is not None and table.sort == "table" and bool(key)
        self._unique = named and set(key) <= set(self._order)
        self._names = tuple(dict.fromkeys((*selection.columns, *self._order)))
        self._limit = FIRST
        self._caps: list[tuple[int, int]] = []
        """Rows ahead among which there is a long one, and how few are asked for among them."""

    def pages(self) -> Iterator[Sequence[Row]]:
        """See `Session.pages`; raises Rejected and TooMuch too."""
        if never(self._selection.where):
            return
        if self._unique or not self._order:
            yield from self._pages("")
        else:
            first = column(self._order[0])
            yield from self._pages(f"{first}.not.is.null")
            yield from self._pages(f"{first}.is.null")

    def _pages(self, within: str) -> Iterator[Sequence[Row]]:
        """Rows by key. One that may name several rows is passed by the number of those seen.

        Without a key they are all passed by number, in the order of what is asked for: rows may
        shift meanwhile.
        """
        sorted_by = (name for name in self._names if self._type(name) not in _UNORDERED)
        order = self._order or tuple(sorted_by)
        place: tuple[str | None, ...] | None = None
        passed = 0
        seen: set[int] = set()
        last: list[Found] = []
        while True:
            trees = [within] if within else []
            if place:
                ties = not self._unique
                trees.append(behind(order, place, ties=ties, nulls=ties))
            filters = tuple(parameters(self._selection.where, trees))
            try:
                answer = self._answer(filters, order, passed)
            except Rejected as rejected:
                if rejected.code != _NO_ORDER or self._order or not order:
                    raise
                order = ()
                continue
            rows = answer.rows
            if not rows:
                return
            keys = [tuple(_text(row[name]) for name in self._order) for row in rows]
            same = keys[0] == place
            again = hash(keys[0]) in seen and (self._unique or not same)
            # a server may give the same rows again instead of those after them
            stuck = answer.start != passed if answer.start is not None else rows == last
            if again or (same and stuck):
                raise DatabaseTrouble(
                    "database-page-repeated", host=self._host, table=self._selection.table
                )
            seen.add(hash(keys[0]))
            yield self._cells(rows)
            if not self._unique:
                ending = sum(1 for key in keys if key == keys[-1])
                passed = passed + ending if keys[-1] == place else ending
            place, last = keys[-1], rows

    def _answer(
        self, filters: tuple[tuple[str, str], ...], order: tuple[str, ...], offset: int
    ) -> Answer:
        """A page of as many rows as fit into an answer; at least one, if there is one."""
        while True:
            ask = Ask(self._names, filters, order, self._limit, offset)
            try:
                answer = self._rows(ask, LARGEST)
            except Rejected as rejected:
                if rejected.code != _BEYOND or not offset:
                    raise
                return Answer([], 0, None)
            except TooMuch:
                if self._limit > 1:
                    self._caps.append((self._limit, self._limit // 8))
                    self._limit = max(1, self._limit // 8)
                    continue
                answer = self._alone(ask)
            self._adapt(len(answer.rows), answer.size)
            return answer

    def _rows(self, ask: Ask, largest: int) -> Answer:
        """The rows of an answer, under the names of their columns."""
        answer = self._ask(ask, largest)
        asked = {alias(number): name for number, name in enumerate(ask.names)}
        for row in answer.rows:
            if not isinstance(row, dict) or any(given not in row for given in asked):
                raise failed("rows without the columns that were asked for", host=self._host)
        rows = [{name: row[given] for given, name in asked.items()} for row in answer.rows]
        return answer._replace(rows=rows)

    def _adapt(self, rows: int, size: int) -> None:
        """Ask for as many rows next as will fit, by what these came to."""
        self._caps = [(left - rows, cap) for left, cap in self._caps if left > rows]
        fitting = [cap for _, cap in self._caps]
        fitting += [WANTED * rows // max(1, size)] if rows else []
        self._limit = max(1, min([*fitting, self._limit * 4, MOST]))

    def _alone(self, ask: Ask) -> Answer:
        """One row that is too long for an answer, column by column."""
        largest = 6 * self._selection.largest + 65536  # a character takes six in JSON at most
        answer = self._rows(ask._replace(names=self._order or self._names[:1]), largest)
        if not answer.rows:
            return answer
        found = answer.rows[0]
        key = dict(found)
        for name in self._names:
            if name in self._order:
                continue
            try:
                part = self._rows(ask._replace(names=(*self._order, name)), largest)
            except TooMuch as much:
                if much.late:
                    raise
                found[name] = TooLarge()
                continue
            if not part.rows or any(part.rows[0][each] != key[each] for each in self._order):
                raise failed("rows that change while they are read", host=self._host)
            found[name] = part.rows[0][name]
        return Answer([found], LARGEST, answer.start)

    def _cells(self, rows: list[Found]) -> list[Row]:
        return [
            tuple(self._cell(name, row[name]) for name in self._selection.columns) for row in rows
        ]

    def _type(self, name: str) -> str:
        known = self._columns.get(name)
        return known.type if known is not None and isinstance(known.type, str) else ""

    def _cell(self, name: str, value: Any) -> Cell:
        if isinstance(value, TooLarge):
            return value
        type_ = "bytea" if name in self._selection.binary else self._type(name)
        return _cell_of(_text(value), type_, self._selection.largest)


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else str(value)


def _cell_of(text: str | None, type_: str, largest: int) -> Cell:
    """A value of at most `largest` bytes by its type, as PostgreSQL casts it to text.

    A type that isn't listed here, and what is malformed, stays text.
    """
    if text is None:
        return None
    if type_ == "bytea":
        return _bytes(text, largest)
    if _longer(text, largest):
        return TooLarge()
    try:
        return _MADE.get(type_, str)(text)
    except (KeyError, ValueError):
        return text


def _bytes(text: str, largest: int) -> Cell:
    r"""`\x` and hex (PostgreSQL, documentation, section 8.4.1, "bytea Hex Format")."""
    if text.startswith("\\x"):
        if len(text) - 2 > 2 * largest:
            return TooLarge()
        try:
            return bytes.fromhex(text[2:])
        except ValueError:
            return text
    return TooLarge() if _longer(text, largest) else text


def _longer(text: str, largest: int) -> bool:
    if len(text) > largest:
        return True
    return len(text) * 4 > largest and len(text.encode("utf-8", "surrogatepass")) > largest
