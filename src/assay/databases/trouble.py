"""Why a database can't be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.databases.model import DatabaseRefusal

if TYPE_CHECKING:
    from assay.net.faults import NetworkFault


class DatabaseTrouble(Exception):  # noqa: N818 - an answer of the world, not an error of ours
    """A database refused, or went away. It never holds a driver's own message."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.refused: DatabaseRefusal = DatabaseRefusal(code=code, values=values)

    @classmethod
    def of(cls, fault: NetworkFault) -> DatabaseTrouble:
        """What keeps a server from being reached, as trouble with a database."""
        return cls(f"database-{fault.code}", **fault.values)
