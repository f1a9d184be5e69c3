"""The databases of an environment as they are compared, asked through probes."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import msgspec

from assay.facts import Facts, Unobservable, Unobserved
from assay.kind import NotApplicable
from assay.kinds import reaching
from assay.schema_diff.outline import Outline, outline_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from assay.comparison import Pepper
    from assay.diff.columns import Column
    from assay.facts import Query
    from assay.spec.document import Spec

    Observe = Callable[[Sequence[Query[Any]]], Mapping[Query[Any], object]]


def live_databases(
    spec: Spec, environments: Iterable[str], observe: Observe, pepper: Pepper
) -> dict[str, dict[str, Outline | Unobservable]]:
    """By environment and name the outlines of its databases, or why one can't be made.

    Those whose condition is false there are left out, and not contacted.
    """
    names = list(spec.sections.get("databases", {}))
    pairs = [(environment, name) for environment in environments for name in names]
    facts = Facts(
        observe(
            [
                query
                for environment, name in pairs
                for query in reaching.asked(spec, environment, reaching.database_of(spec, name)[1])
            ]
        )
    )
    found: dict[str, dict[str, Outline | Unobservable]] = {e: {} for e, _ in pairs}
    asked = {}
    for environment, name in pairs:
        when = reaching.database_of(spec, name)[1].when
        try:
            reaching.fulfilled(when, spec, environment, facts)
        except NotApplicable:
            continue
        except Unobserved as gap:
            found[environment][name] = gap.fact
        else:
            asked[environment, name] = reaching.structure_query(spec, environment, name)
    answers = observe(list(asked.values())) if asked else {}
    for (environment, name), query in asked.items():
        answer: Any = answers[query]
        found[environment][name] = (
            answer if isinstance(answer, Unobservable) else outline_of(answer, pepper.expression)
        )
    return found


def with_databases(
    spec: Spec, columns: Sequence[Column], observe: Observe, pepper: Pepper
) -> list[Column]:
    """The columns, those that are live and can be read with their databases."""
    live = [c.environment for c in columns if not c.file and not c.trouble]
    if not live or not spec.sections.get("databases"):
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
    known = [*spec.variables, *spec.sections.get("keys", {})]
    return not only or any(
        pattern.strip("*") == ""
        or not (
            pattern in ("variables", "keys") or any(fnmatchcase(name, pattern) for name in known)
        )
        for pattern in only
    )
