"""Answers queries: dispatches each to the probe for its type, and different probes side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from contextvars import copy_context
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, TypeVar

from assay.facts import Query, Unobservable
from assay.net.patience import Late, awaited, started
from assay.registry import Plugin, Registry, failure, used

if TYPE_CHECKING:
    from assay.runs import Run

Probe = Callable[[Sequence[Query[Any]]], Mapping[Query[Any], object]]
"""Answers a batch of queries of its own types; `Unobservable` where it can't look."""


class LiveProbe(Protocol):
    """A probe as a run makes it, once, and closes it."""

    answers: ClassVar[tuple[type[Query[Any]], ...]]
    """The types of query that it answers."""
    live: ClassVar[bool]
    """Whether it contacts running systems."""

    @classmethod
    def of(cls, run: Run) -> Self:
        """The probe of a run."""

    def __call__(self, queries: Sequence[Query[Any]], /) -> Mapping[Query[Any], object]:
        """Answer a batch."""

    def close(self) -> None:
        """Give back what was opened. Never raises."""


PROBES: Registry[type[LiveProbe]] = Registry(
    __name__,
    {
        "ConnectionOf": "databases:DatabaseProbe",
        "Examination": "credentials:CredentialProbe",
        "Listing": "environment:EnvironmentProbe",
        "SourceReading": "environment:EnvironmentProbe",
        "StructureOf": "databases:DatabaseProbe",
        "Value": "environment:EnvironmentProbe",
    },
    group="probes",
)
"""The name of a type of query to `module:Class` of what answers it, in alphabetical order."""


def probe_class(asked: type[Query[Any]]) -> tuple[type[LiveProbe], Plugin | None] | None:
    """What answers a type of query, and the plug-in that brings it; imported when it is needed."""
    name = asked.__name__
    if name not in PROBES or asked not in PROBES[name].answers:
        return None
    owners = (plugin for plugin in used() if name in plugin.places(PROBES.group))
    return PROBES[name], next(owners, None)


def guarded(plugin: Plugin, made: type[LiveProbe], run: Run) -> Probe:
    """A plug-in's probe, whose failures are answers."""

    def observe(queries: Sequence[Query[Any]]) -> Mapping[Query[Any], object]:
        try:
            probe = made.of(run)
            try:
                answers = probe(queries)
                return {query: answers[query] for query in queries}
            finally:
                probe.close()
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever its code does
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


K = TypeVar("K")
T = TypeVar("T")


def side_by_side(
    work: Mapping[K, Callable[[], T]],
    seconds: Callable[[K], float],
    late: Callable[[T], None] | None = None,
) -> dict[K, T]:
    """What each piece of work returns; nothing for one that takes longer than its seconds.

    `late` is given what such a piece returns in the end, by the thread that made it. What a piece
    raises is raised here, if it is waited for.
    """
    begun = monotonic()
    running = {key: started(task, late) for key, task in work.items()}
    answers: dict[K, T] = {}
    for key, future in running.items():
        with suppress(Late):
            answers[key] = awaited(future, begun + seconds(key) - monotonic())
    return answers
