"""Answers queries: dispatches each to the probe for its type, and different probes side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from assay.facts import Query

Probe = Callable[[Sequence[Query[Any]]], Mapping[Query[Any], object]]
"""Answers a batch of queries of its own types; `Unobservable` where it can't look."""


def observer(probes: Mapping[type[Query[Any]], Probe]) -> Probe:
    """One function that answers every query, given the probe for each type of query.

    Probes run side by side where a batch needs more than one; each keeps its own time limits.
    """

    def observe(queries: Sequence[Query[Any]]) -> Mapping[Query[Any], object]:
        batches: dict[Probe, list[Query[Any]]] = {}
        for query in queries:
            batches.setdefault(probes[type(query)], []).append(query)
        answers: dict[Query[Any], object] = {}
        for found in _side_by_side(batches):
            answers.update(found)
        return answers

    return observe


def _side_by_side(
    batches: Mapping[Probe, Sequence[Query[Any]]],
) -> Iterable[Mapping[Query[Any], object]]:
    if len(batches) < 2:
        return [probe(queries) for probe, queries in batches.items()]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=len(batches), thread_name_prefix="probe") as pool:
        return list(pool.map(lambda item: item[0](item[1]), batches.items()))
