"""Opening databases as a spec would."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from assay.databases.base import Reach, Session
from assay.databases.trouble import DatabaseTrouble
from assay.databases.url_backend import Sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.databases.model import DatabaseRefusal, Row, Selection


def reach(*, root: str = ".", schema: str = "", seconds: float = 5.0) -> Reach:
    # certificates of the tests' servers lie in temporary folders
    return Reach(root=root, allowed=("/",), schema=schema, seconds=seconds)


@contextmanager
def opened(url: str, *, schema: str = "", seconds: float = 5.0) -> Iterator[Session]:
    """The database of a URL, closed afterwards."""
    backend = Sql(url="DATABASE_URL")
    session = backend.open({"DATABASE_URL": url}, reach(schema=schema, seconds=seconds))
    with closing(session):
        yield session


def refused(url: str, *, seconds: float = 5.0) -> DatabaseRefusal:
    """Why the database of a URL can't be opened."""
    with pytest.raises(DatabaseTrouble) as caught, opened(url, seconds=seconds):
        pass
    unchained(caught.value)
    return caught.value.refused


def unchained(trouble: DatabaseTrouble) -> None:
    """No driver's error hangs on a trouble, from where a log would print it."""
    at: BaseException | None = trouble
    while at is not None:
        assert type(at).__module__.partition(".")[0] in ("assay", "builtins"), type(at)
        at = at.__cause__ or at.__context__


def rows_of(session: Session, selection: Selection) -> list[Row]:
    return [row for page in session.pages(selection) for row in page]
