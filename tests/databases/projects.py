"""Opening Supabase projects as a spec would."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.databases.emulator import SECRET

from assay.databases.base import Reach, Session
from assay.databases.postgrest.supabase import Supabase
from assay.databases.trouble import DatabaseTrouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.databases.model import DatabaseRefusal, Row, Selection

BACKEND = Supabase(url="SUPABASE_URL", key="SUPABASE_KEY")


@contextmanager
def opened(
    url: str, key: str = SECRET, *, schema: str = "", seconds: float = 5.0
) -> Iterator[Session]:
    """A project, closed afterwards."""
    settings = {"SUPABASE_URL": url, "SUPABASE_KEY": key}
    session = BACKEND.open(settings, Reach(root=".", schema=schema, seconds=seconds))
    with closing(session):
        yield session


def refused(
    url: str, key: str = SECRET, *, schema: str = "", seconds: float = 5.0
) -> DatabaseRefusal:
    """Why a project can't be opened."""
    with pytest.raises(DatabaseTrouble) as caught, opened(url, key, schema=schema, seconds=seconds):
        pass
    unchained(caught.value, key)
    return caught.value.refused


def refused_rows(session: Session, selection: Selection, key: str = SECRET) -> DatabaseRefusal:
    """Why rows can't be read to their end."""
    with pytest.raises(DatabaseTrouble) as caught:
        rows_of(session, selection)
    unchained(caught.value, key)
    return caught.value.refused


def unchained(trouble: DatabaseTrouble, key: str) -> None:
    """Neither the key nor an error of a library hangs on a fault, where logs would show it."""
    at: BaseException | None = trouble
    while at is not None:
        assert type(at).__module__.partition(".")[0] in ("assay", "builtins"), type(at)
        assert not key or key not in f"{at}{at!r}{at.args}"
        at = at.__cause__ or at.__context__
    assert not key or not any(key in value for value in trouble.refused.values.values())


def rows_of(session: Session, selection: Selection) -> list[Row]:
    return [row for page in session.pages(selection) for row in page]
