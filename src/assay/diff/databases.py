"""Live databases beside what else is known of environments."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import msgspec

from assay.diff.columns import comparable
from assay.kinds.database.spec import Database
from assay.kinds.reaching import live_databases

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assay.comparison import Pepper
    from assay.diff.columns import ComparedColumn
    from assay.facts import Query
    from assay.spec.document import Spec

    Observe = Callable[[Sequence[Query[Any]]], Mapping[Query[Any], object]]


def with_databases(
    spec: Spec, columns: Sequence[ComparedColumn], observe: Observe, pepper: Pepper
) -> list[ComparedColumn]:
    """The columns, those that are live and can be read with their databases."""
    live = [c.environment for c in columns if not c.file and not c.trouble]
    if not live or not spec.entries(Database):
        return list(columns)
    found = live_databases(spec, live, observe, pepper)
    return [
        msgspec.structs.replace(column, databases=found.get(column.environment))
        if column.environment in found and not column.file
        else column
        for column in columns
    ]


def concerns_tables(spec: Spec, only: Sequence[str]) -> bool:
    """Whether some of the patterns may select tables, so that databases have to be asked."""
    sections = {kind.section for kind in comparable(spec)}
    known = {name for section in sections for name in spec.sections.get(section, ())}
    return not only or any(
        pattern.strip("*") == ""
        or not (pattern in sections or any(fnmatchcase(name, pattern) for name in known))
        for pattern in only
    )
