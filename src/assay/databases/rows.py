"""Rows in pages: by key, each page a short transaction, or in one stream if there is no key.

A page is bounded in rows and in bytes, and a value that is longer than asked for is measured where
it is, and never fetched. In statements, names are quoted, and values bound.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec

from assay.databases.conditions import Foreign, clause_of, columns_of, spelt
from assay.databases.model import Row, Selection, TooLarge
from assay.databases.trouble import DatabaseTrouble, failed

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from assay.databases.session import EngineSession

ROWS = 1000
"""Rows of a page at most."""
BYTES = 8 * 2**20
"""Bytes of a page, beyond which it ends."""
STREAMED = 100
"""Rows that a cursor fetches at a time, if they can't be counted in bytes before."""
BUFFERED = 64 * 2**20
"""Bytes of the rows of one fetch, if all their values are as long as they may be."""
SLACK = 16 * 2**20
"""Bytes of an answer beyond its long values: keys, short values, and what the protocol adds."""
_LARGE = TooLarge()


def pages(session: EngineSession, shape: Shape, selection: Selection) -> Generator[Sequence[Row]]:
    """The rows of a selection. Drivers' errors pass; the session translates them."""
    named = (*selection.columns, *selection.order, *columns_of(selection.where))
    if any(name not in shape.columns for name in named):
        # undefined_column, as PostgreSQL has it
        raise failed("42703", host=session.host)
    statements = Statements(shape, selection)
    if selection.order and shape.keyed:
        return _by_key(session, statements, selection)
    return _streamed(session, statements, selection)


def _by_key(
    session: EngineSession, statements: Statements, selection: Selection
) -> Generator[Sequence[Row]]:
    after: tuple[Any, ...] | None = None
    width = len(selection.columns)
    while True:
        statement, values = statements.page(after)
        most = _bytes_of(selection, 1)
        with session.reading(most=most) as connection:
            session.begin(connection)
            page, size = _page(connection.execute(statement, values).cursor.fetchone, ROWS)
        if not page:
            return
        last = page[-1]
        key = tuple(last[index] for index in statements.keys)
        if key == after:
            raise DatabaseTrouble(
                "database-page-repeated", host=session.host, table=selection.table
            )
        after = key
        yield _cells(page, width)
        if len(page) < ROWS and size < BYTES:
            return


def _streamed(
    session: EngineSession, statements: Statements, selection: Selection
) -> Generator[Sequence[Row]]:
    width = len(selection.columns)
    longest = max(1, width * selection.largest)
    buffered = max(1, min(STREAMED, BUFFERED // longest))
    most = _bytes_of(selection, buffered)
    options = {"stream_results": True, "max_row_buffer": buffered} if session.streams else {}
    connection = session.connect()
    result = None
    try:
        with session.watched(connection, most=most):
            session.begin(connection)
            streaming = connection.execution_options(**options)
            result = streaming.execute(statements.stream())
        while True:
            with session.watched(connection, most=most):
                page, _ = _page(result.fetchone, STREAMED)
            if not page:
                return
            yield _cells(page, width)
    finally:
        with session.releasing(connection, most):
            if result is not None:
                result.close()


def _bytes_of(selection: Selection, rows: int) -> int:
    """How many bytes a page may take on its way, in which bytes come as hex.

    A page ends when it is full; what was fetched with the last row may be `rows`.
    """
    return 2 * (BYTES + rows * len(selection.columns) * selection.largest) + SLACK


def _page(fetch: Callable[[], Any], rows: int) -> tuple[list[Sequence[Any]], int]:
    """Some rows, which `fetch` gives one by one, and how many bytes they are."""
    page: list[Sequence[Any]] = []
    size = 0
    for row in islice(iter(fetch, None), rows):
        page.append(row)
        size += row[-1]
        if size >= BYTES:
            break
    return page, size


def _cells(page: Sequence[Sequence[Any]], width: int) -> list[Row]:
    return [
        tuple(_LARGE if row[-2] >> index & 1 else row[index] for index in range(width))
        if row[-2]
        else tuple(row[:width])
        for row in page
    ]


class RawText(bytes):
    """A text that isn't one: bytes that are not UTF-8 where a database should have text."""

    __slots__ = ()


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What must be known of a table before its rows can be read."""

    schema: str | None
    columns: frozenset[str]
    length: Callable[[str, Any], Any]
    """The number of bytes of a column, as SQL; None for types that are never long."""
    keyed: bool = False
    """Whether the selection's order names each row once, and is never NULL."""
    windows: bool = False
    """Whether the server should count a page's bytes, because the driver fetches all at once."""
    exact_floats: bool = True
    """Whether a float means the same as a parameter as in its column, which may be of 32 bits."""
    foreign: Mapping[str, Foreign] = {}
    """The columns whose types have operators of their own."""
    row_values: bool = True
    """Whether rows can be compared as `(a, b) > (1, 2)`."""


class Statements:
    """The statements of a selection. Their rows end with `large`, a set of bits, and `size`."""

    def __init__(self, shape: Shape, selection: Selection) -> None:
        self._shape = shape
        self._selection = selection
        self.names: tuple[str, ...] = tuple(dict.fromkeys((*selection.columns, *selection.order)))
        """The columns that are fetched: what was asked for, then what the pages go by."""
        self.keys: tuple[int, ...] = tuple(self.names.index(name) for name in selection.order)
        """Where the key stands among them."""
        self._made: dict[tuple[bool, ...] | None, Select[Any]] = {}

    def page(self, after: Sequence[Any] | None) -> tuple[Select[Any], dict[str, Any]]:
        """The page that follows a key, and the values to send with it; the first for None."""
        # SQLite finds a text by a text alone; what isn't UTF-8 can only be sent as bytes.
        raw = None if after is None else tuple(isinstance(each, RawText) for each in after)
        if raw not in self._made:
            self._made[raw] = self._limited(raw)
        if not self._shape.exact_floats:
            after = [repr(each) if isinstance(each, float) else each for each in after or ()]
        return self._made[raw], {f"after_{i}": each for i, each in enumerate(after or ())}

    def stream(self) -> Select[Any]:
        """All rows."""
        outer = self._measured(below := self._rows(None).subquery("page"))
        return outer.order_by(*(below.c[f"c_{key}"] for key in self.keys))

    def _limited(self, raw: tuple[bool, ...] | None) -> Select[Any]:
        from sqlalchemy import func, select

        rows = self._rows(raw)
        ordered = rows.order_by(*(rows.selected_columns[f"c_{key}"] for key in self.keys))
        below = ordered.limit(ROWS).subquery("page")
        outer = self._measured(below)
        order = [below.c[f"c_{key}"] for key in self.keys]
        if not self._shape.windows:
            return outer.order_by(*order)
        size = list(outer.selected_columns)[-1]
        # only PostgreSQL is to count, and its own function is to do it
        running = func.pg_catalog.sum(size).over(order_by=order, rows=(None, 0)).label("running")
        counted = outer.add_columns(running).subquery("counted")
        *cells, total = counted.c
        # The first row always fits, however long it is: nothing stands before it.
        return (
            select(*cells)
            .where(total - counted.c.size < BYTES)
            .order_by(*(cells[key] for key in self.keys))
        )

    def _rows(self, raw: tuple[bool, ...] | None) -> Select[Any]:
        """The rows of a page, with the lengths of what may be long."""
        from sqlalchemy import column, select, table
        from sqlalchemy.sql import quoted_name

        chosen, schema = self._selection, self._shape.schema
        source = table(
            quoted_name(chosen.table, quote=True),
            *(column(quoted_name(name, quote=True)) for name in sorted(self._shape.columns)),
            schema=quoted_name(schema, quote=True) if schema else None,
        )
        cells: list[Any] = [source.c[n].label(f"c_{i}") for i, n in enumerate(self.names)]
        for index, name in enumerate(self.names):
            length = self._shape.length(name, source.c[name])
            if length is not None:
                cells.append(length.label(f"n_{index}"))
        made = select(*cells)
        if chosen.where is not None:
            made = made.where(
                clause_of(chosen.where, lambda name: source.c[name], self._shape.foreign)
            )
        keys = [source.c[name] for name in chosen.order]
        if raw is not None:
            made = made.where(self._beyond(keys, raw))
        return made

    def _measured(self, below: Any) -> Select[Any]:
        """The cells that are short enough, which of them are not, and the bytes of the others."""
        from sqlalchemy import case, literal_column, select

        cells: list[Any] = []
        large: Any = literal_column("0")
        size: Any = literal_column("0")
        limit: Any = literal_column(str(self._selection.largest))
        for index in range(len(self.names)):
            cell, length = below.c[f"c_{index}"], below.c.get(f"n_{index}")
            if length is not None:
                size = size + case((length <= limit, length), else_=0)
                if index not in self.keys:
                    large = large + case((length > limit, 1 << index), else_=0)
                    cell = case((length <= limit, cell))
            cells.append(cell.label(f"v_{index}"))
        return select(*cells, large.label("large"), size.label("size"))

    def _beyond(self, keys: list[Any], raw: tuple[bool, ...]) -> ColumnElement[bool]:
        from sqlalchemy import Text, and_, bindparam, cast, or_, tuple_
        from sqlalchemy.types import NullType

        values: list[Any] = [bindparam(f"after_{i}", type_=NullType()) for i in range(len(keys))]
        values = [cast(v, Text) if r else v for v, r in zip(values, raw, strict=True)]
        foreign = [self._shape.foreign.get(name) for name in self._selection.order]
        values = [cast(v, spelt(f.type)) if f else v for v, f in zip(values, foreign, strict=True)]
        # as in conditions: a domain is not the type that it's made of
        keys = [cast(k, spelt(f.type)) if f else k for k, f in zip(keys, foreign, strict=True)]
        if len(keys) == 1:
            alone: ColumnElement[bool] = keys[0] > values[0]
            return alone
        if self._shape.row_values:
            return tuple_(*keys) > tuple_(*values)
        pairs = list(zip(keys, values, strict=True))
        return or_(
            *(
                and_(*(k == v for k, v in pairs[:i]), pairs[i][0] > pairs[i][1])
                for i in range(len(pairs))
            )
        )
