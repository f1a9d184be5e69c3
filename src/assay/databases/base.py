"""What every backend is: what the spec says of it, how it is opened, and what an open one answers.

Nothing here may change data: a session reads in read-only transactions, or by GET alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

import msgspec

from assay.databases.model import Asked, Connected, DatabaseRefusal, Row, Selection, Structure
from assay.databases.trouble import DatabaseTrouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from assay.databases.destinations import Destination

T = TypeVar("T")


def answered(work: Callable[[], T]) -> T | DatabaseRefusal:
    """What a database answers, or why it does not; whatever a driver raises, the run goes on."""
    try:
        return work()
    except DatabaseTrouble as trouble:
        return trouble.refused
    except Exception as error:  # noqa: BLE001 - drivers raise what they like
        return DatabaseRefusal(code="database-failed", values={"state": type(error).__name__})


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """What a backend is opened with, beside the values of its variables."""

    root: str
    """The folder that paths in the spec are relative to."""
    allowed: tuple[str, ...] = ()
    """Files and folders outside of the repository that may be read."""
    schema: str = ""
    """The schema that the spec names; the backend's own default where it is empty."""
    seconds: float = 10.0
    """How long connecting, and each answer, may take."""


class Session(Protocol):
    """An open database."""

    @property
    def connected(self) -> Connected:
        """What it is, and who we are there."""

    def structure(self, schema: str = "", asked: Sequence[Asked] = ()) -> Structure:
        """The tables of a schema, in a number of queries that does not grow with them.

        `asked` are the tables that the caller needs at least. A database that lists its tables
        may ignore it; one that does not answers for those alone, and says so with `unlisted`.

        Raises:
            DatabaseTrouble: it can't be read.

        """

    def pages(self, selection: Selection) -> Iterator[Sequence[Row]]:
        """The rows that are asked for, page by page; memory does not grow with them.

        Raises:
            DatabaseTrouble: it can't be read, or went away; what was yielded before stays true.

        """

    def close(self) -> None:
        """Give the connection back."""


class Backend(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"
):
    """A way to reach a database, as a spec declares it."""

    offline: ClassVar[bool] = False
    """Whether reading it needs nothing but files of the project."""
    default_schema: ClassVar[str] = ""

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables that it is made of."""
        return ()

    @property
    def label(self) -> str:
        """If it is, in words for messages: `the URL in DATABASE_URL`."""
        raise NotImplementedError  # pragma: no cover

    def destination(self, settings: Mapping[str, str]) -> Destination | None:  # noqa: ARG002 - as all have it
        """Where `open` sends credentials; None if nothing leaves this machine.

        Raises:
            DatabaseTrouble: `open` would refuse these values too.

        """
        return None

    def open(self, settings: Mapping[str, str], reach: Reach) -> Session:
        """A session, with the values of `variables`.

        Raises:
            DatabaseTrouble: it can't be reached, or refuses.

        """
        raise NotImplementedError  # pragma: no cover
