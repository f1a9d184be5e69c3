"""Which traits of tables a word of `parity` is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from assay.schema_diff.outline import SHAPE

if TYPE_CHECKING:
    from assay.schema_diff.comparing import Line

_ASKED = frozenset((*SHAPE, "columns", "tables"))


class TableDemands(Protocol):
    """What asks something of tables, as an entry of `parity` does."""

    def of_table(self, name: str) -> str | None:
        """`same`, `identical` or `any`; None if nothing is said."""


def asks(asking: TableDemands, line: Line) -> bool:
    """Whether something is asked of a trait."""
    if line.aspect == "tables":
        return True
    said = asking.of_table(line.table)
    return said == "identical" or (said == "same" and line.aspect in _ASKED)
