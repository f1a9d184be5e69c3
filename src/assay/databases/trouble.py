"""Why a database can't be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from assay.net.faults import NetworkFault


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Why a database can't be used: the code of a rule, and its secret-free values."""

    code: str
    values: Mapping[str, str] = {}

    @property
    def reason(self) -> str:
        """The code in words, for messages that are not about the database itself."""
        said = self.code.removeprefix("database-").replace("-", " ")
        state = self.values.get("state") if self.code == "database-failed" else None
        return f"{said} ({state})" if state else said


class Trouble(Exception):  # noqa: N818 - an answer of the world, not an error of ours
    """A database refused, or went away. It never holds a driver's own message."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.refused: Refused = Refused(code=code, values=values)

    @classmethod
    def of(cls, fault: NetworkFault) -> Trouble:
        """What keeps a server from being reached, as trouble with a database."""
        return cls(f"database-{fault.code}", **fault.values)
