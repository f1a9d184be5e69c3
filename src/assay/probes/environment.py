"""Reads the sources of environments, each once, and answers what is asked about their values."""

from __future__ import annotations

from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Self

from assay.facts import (
    Listing,
    Lost,
    Query,
    Reading,
    Setting,
    SourceReading,
    State,
    Unobservable,
    Value,
)
from assay.registry import blamed, failure
from assay.sources.base import SourceContent
from assay.sources.dotenv_layers import layered
from assay.words import in_seconds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.runs import Run
    from assay.sources.base import Source, World
    from assay.spec.environments import Environment

UNSET = Setting(state=State.MISSING)
PATIENCE = 30.0
"""Seconds after which a source that has not answered is called unobservable."""


class EnvironmentProbe:
    """Answers `Value`, `Listing` and `SourceReading` for the environments of one spec."""

    answers: ClassVar[tuple[type[Query[Any]], ...]] = (Listing, SourceReading, Value)
    live: ClassVar[bool] = False

    def __init__(
        self,
        environments: Mapping[str, Environment],
        world: World,
        *,
        patience: float = PATIENCE,
    ) -> None:
        """`patience` is in seconds, for all slow sources together."""
        self._sources = {name: layered(one.values) for name, one in environments.items()}
        self.world = world
        self._patience = patience
        self._readings: dict[Source, SourceContent | Unobservable] = {}
        self._listings: dict[str, dict[str, Setting]] = {}
        self._lost: dict[str, tuple[Lost, frozenset[str]]] = {}
        """For environments with a source that can't be read: why, and the names that are known."""

    @classmethod
    def of(cls, run: Run) -> Self:
        """The probe of a run."""
        return cls(run.spec.environments, run.world)

    def close(self) -> None:
        """Do nothing: sources are closed once they are read."""

    def __call__(self, queries: Sequence[Query[Any]], /) -> Mapping[Query[Any], object]:
        """Answer a batch; sources that were read before are not read again."""
        names = dict.fromkeys(q.environment for q in queries)  # type: ignore[attr-defined]  # all three types have it
        self._read([source for name in names for source in self._sources[name]])
        return {query: self._answer(query) for query in queries}

    @property
    def listings(self) -> list[Mapping[str, Setting]]:
        """What each source that was read holds, so that output can be kept free of it."""
        snapshots = [r for r in self._readings.values() if isinstance(r, SourceContent)]
        return [snapshot.settings for snapshot in snapshots]

    def _answer(self, query: Query[Any]) -> object:
        match query:
            case Value(environment=environment, name=name):
                listing = self._listing(environment)
                if environment in self._lost:
                    why, known = self._lost[environment]
                    if name not in known:
                        return why
                return listing.get(name, UNSET)
            case Listing(environment=environment):
                return self._listing(environment)
            case SourceReading(environment=environment, index=index):
                source = self._sources[environment][index]
                reading = self._readings[source]
                if isinstance(reading, Unobservable):
                    return reading
                return Reading(source=source.label, problems=reading.problems)
            case _:  # pragma: no cover - the observer sends only what is registered
                raise TypeError(f"no answer for {type(query).__name__}")

    def _listing(self, environment: str) -> dict[str, Setting]:
        """All names of an environment, later sources over earlier ones."""
        if environment not in self._listings:
            self._listings[environment] = self._merged(environment)
        return self._listings[environment]

    def _merged(self, environment: str) -> dict[str, Setting]:
        merged: dict[str, Setting] = {}
        lost: Lost | None = None
        known: set[str] = set()
        for source in self._sources[environment]:
            reading = self._readings[source]
            if why := _why_lost(source.label, reading):
                lost = why
                known.clear()
            if isinstance(reading, Unobservable):
                continue
            for name, setting in reading.settings.items():
                if reading.withheld and name in merged:
                    continue  # what a file says can be judged, whether or not it is the last word
                if setting.state is not State.MISSING or name not in merged:
                    merged[name] = setting
                if not why and setting.state is not State.MISSING:
                    known.add(name)
        if lost is not None:
            self._lost[environment] = (lost, frozenset(known))
        return merged

    def _read(self, sources: Sequence[Source]) -> None:
        fresh = [s for s in dict.fromkeys(sources) if s not in self._readings]
        for source in fresh:
            if not source.slow:
                self._readings[source] = self._read_one(source)
        if slow := [source for source in fresh if source.slow]:
            self._read_side_by_side(slow)

    def _read_one(self, source: Source) -> SourceContent | Unobservable:
        """What a source holds; it is not asked for more than files if strangers wrote the spec."""
        if self.world.withheld is not None and source.contacts:
            reason = f"{source.label} is not read for specs that strangers wrote"
            return Unobservable(reason=reason)
        try:
            return _checked(source.read(self.world))
        except (Exception, SystemExit) as error:
            plugin = blamed(error, source)
            if plugin is None:
                raise
            reason, remedy = failure(plugin, error)
            return Unobservable(reason=reason, remedy=remedy)

    def _read_side_by_side(self, sources: Sequence[Source]) -> None:
        from assay.probes import side_by_side

        work = {source: partial(copy_context().run, self._read_one, source) for source in sources}
        answers = side_by_side(work, lambda _: self._patience)
        for source in sources:
            waited = in_seconds(self._patience)
            self._readings[source] = answers.get(source) or Unobservable(
                reason=f"{source.label} did not answer within {waited} seconds",
                remedy="Check the connection, then run the check again.",
            )


def _checked(found: object) -> SourceContent | Unobservable:
    """What a source gave, which may be a plug-in's."""
    if not isinstance(found, SourceContent | Unobservable):
        raise TypeError(type(found).__name__)
    return found


def _why_lost(source: str, reading: SourceContent | Unobservable) -> Lost | None:
    """Why nobody knows what a source sets; None for one that was read."""
    if isinstance(reading, Unobservable):
        return Lost(reason=reading.reason, remedy=reading.remedy, source=source)
    fatal = next((problem.code for problem in reading.problems if problem.fatal), "")
    if not fatal:
        return None
    how = "does not exist" if fatal == "source-missing" else "can't be read in full"
    return Lost(
        reason=f"{source} {how}",
        remedy=f"See with `assay check --only source` what is wrong with {source}.",
        source=source,
    )
