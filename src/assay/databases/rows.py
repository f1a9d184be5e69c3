"""Rows in pages: by key, each page a short transaction, or in one stream if there is no key.

A page is bounded in rows and in bytes, and a value that is longer than asked for is measured where
it is, and never fetched.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from assay.databases.conditions import columns_of
from assay.databases.model import TooLarge
from assay.databases.statements import BYTES, ROWS, Statements
from assay.databases.trouble import DatabaseTrouble, failed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from assay.databases.model import Row, Selection
    from assay.databases.session import EngineSession
    from assay.databases.statements import Shape

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
