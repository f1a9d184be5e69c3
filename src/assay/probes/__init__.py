"""Answers queries: dispatches each to the probe for its type, and different probes side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

from assay.facts import Query

if TYPE_CHECKING:
    from assay.runs import Run

Probe = Callable[[Sequence[Query[Any]]], Mapping[Query[Any], object]]
"""Answers a batch of queries of its own types; `Unobservable` where it can't look."""
PROBES = ("environment:EnvironmentProbe", "databases:DatabaseProbe", "credentials:CredentialProbe")
"""Every probe, by its module below `assay.probes` and its class."""


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


def probe_class(asked: type[Query[Any]]) -> type[LiveProbe]:
    """The class of the probe that answers a type of query; imported when it is needed."""
    for place in PROBES:
        module, _, name = place.partition(":")
        found: type[LiveProbe] = getattr(import_module(f"assay.probes.{module}"), name)
        if asked in found.answers:
            return found
    raise LookupError(f"no probe answers {asked.__name__}")


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
