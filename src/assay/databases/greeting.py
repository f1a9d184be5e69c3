"""Why a PostgreSQL server did not let us in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.databases.base import Trouble

if TYPE_CHECKING:
    from assay.databases.network import Deadline
    from assay.databases.postgres import Target


def refusal(error: Exception, target: Target, host: str, deadline: Deadline) -> Trouble:  # noqa: ARG001
    """What a failed connection means."""
    return Trouble("database-failed", host=host, state=type(error).__name__)
