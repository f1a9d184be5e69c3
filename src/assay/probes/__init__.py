"""Answers queries: dispatches each to the probe for its type, and different probes side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import copy_context
from typing import Any, ClassVar, Protocol, Self

from assay.facts import Query, Unobservable
from assay.registry import Plugin, Registry, failure, used

Probe = Callable[[Sequence[Query[Any]]], Mapping[Query[Any], object]]
"""Answers a batch of queries of its own types; `Unobservable` where it can't look."""


class LiveProbe(Protocol):
    """A probe as a run makes it, once, and closes it."""

    answers: ClassVar[tuple[type[Query[Any]], ...]]
    """The types of query that it answers."""
    live: ClassVar[bool]
    """Whether it contacts running systems."""

    @classmethod
    def of(cls, run: Any) -> Self:
        """The probe of a run, which has a `spec` and a `world`."""

    def __call__(self, queries: Sequence[Query[Any]], /) -> Mapping[Query[Any], object]:
        """Answer a batch."""

    def close(self) -> None:
        """Give back what was opened. Never raises."""


PROBES: Registry[type[LiveProbe]] = Registry(__name__, {}, group="probes")
"""Name of a type of query to `module:Class` below `assay.probes`, in alphabetical order."""


def listed(run: Any, *, contacting: bool = True) -> dict[type[Query[Any]], Probe]:
    """The registered probes; those that contact running systems only with `contacting`."""
    probes: dict[type[Query[Any]], Probe] = {}
    for name, made in PROBES.items():
        if contacting or not made.live:
            plugin = next((one for one in used() if name in one.places(PROBES.group)), None)
            probe = _once(made, run)
            probes.update(dict.fromkeys(made.answers, guarded(plugin, probe) if plugin else probe))
    return probes


def _once(made: type[LiveProbe], run: Any) -> Probe:
    """A probe that is made for each batch, and closed after it."""

    def observe(queries: Sequence[Query[Any]]) -> Mapping[Query[Any], object]:
        probe = made.of(run)
        try:
            return probe(queries)
        finally:
            probe.close()

    return observe


def guarded(plugin: Plugin, probe: Probe) -> Probe:
    """A plug-in's probe, whose failures are answers."""

    def observe(queries: Sequence[Query[Any]]) -> Mapping[Query[Any], object]:
        try:
            answers = probe(queries)
            return {query: answers[query] for query in queries}
        except Exception as error:  # noqa: BLE001 - whatever its code does
            reason, remedy = failure(plugin, error)
            return dict.fromkeys(queries, Unobservable(reason=reason, remedy=remedy))

    return observe


def nobody(queries: Sequence[Query[Any]]) -> Mapping[Query[Any], object]:
    """The answers to queries that no probe is there for, as a plug-in may ask them."""
    if not used():
        raise LookupError(f"no probe answers {type(queries[0]).__name__}")
    return {
        query: Unobservable(reason=f"no probe answers {type(query).__name__}") for query in queries
    }


def observer(probes: Mapping[type[Query[Any]], Probe]) -> Probe:
    """One function that answers every query, given the probe for each type of query.

    Probes run side by side where a batch needs more than one; each keeps its own time limits.
    """

    def observe(queries: Sequence[Query[Any]]) -> Mapping[Query[Any], object]:
        batches: dict[Probe, list[Query[Any]]] = {}
        for query in queries:
            batches.setdefault(probes.get(type(query), nobody), []).append(query)
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
        running = [
            pool.submit(copy_context().run, probe, queries) for probe, queries in batches.items()
        ]
        return [one.result() for one in running]
