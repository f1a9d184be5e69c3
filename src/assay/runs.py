"""Run: what one execution of checks needs, whoever starts it.

The module isn't called `run`, which is a function of the public API: a module would replace it.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import UTC, datetime
from threading import RLock
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

import msgspec

from assay import engine
from assay.facts import Guesses, Unobservable, Value, Variables
from assay.probes import guarded, nobody, observer, probe_class
from assay.redacted import redacted
from assay.registry import using
from assay.selection import checks_of, chosen, fits, listed, selected
from assay.sources.base import World

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date

    from assay.facts import Query, Setting
    from assay.kind import Check
    from assay.model import Finding, Report
    from assay.probes import LiveProbe, Probe
    from assay.redaction import Masker
    from assay.sources.base import Source
    from assay.spec.document import Spec

_NOT_CONTACTED = Unobservable(reason="this run contacts nothing")


@redacted("spec.root")
class Run:
    """What one execution may see of the world, what it has seen, and what it reports.

    Use it as a context manager: whatever happens, it closes what it opened, and its masker knows
    what it read. Runs share nothing, so any number of them may work side by side.
    """

    def __init__(  # noqa: PLR0913, D417 - `assay.run` documents the others
        self,
        spec: Spec,
        *,
        process: Mapping[str, str] | None = None,
        today: date | None = None,
        clock: Callable[[], float] = monotonic,
        offline: bool = False,
        untrusted: bool = False,
        allowed: Sequence[str] = (),
        masker: Masker | None = None,
        guesses: Guesses | None = None,
        probes: Iterable[LiveProbe] = (),
        sources: Mapping[str, tuple[Source, ...]] | None = None,
        on_finding: Callable[[Finding], None] | None = None,
        on_progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Prepare a run; nothing is read or contacted before it is asked for.

        Arguments are those of `assay.run`, and:

        Args:
            clock: seconds, by which time limits are kept.
            masker: learns which secrets were read.
            guesses: counts what files ask of secrets, together with other runs.
            probes: what answers queries instead of the usual probes.

        """
        spec = spec.with_allowed((*spec.allowed, *allowed)) if allowed else spec
        self.spec: Spec = spec.with_sources(sources) if sources else spec
        self._given = tuple(sources or ())
        self.world: World = World(
            root=spec.root,
            allowed=spec.allowed,
            process={} if untrusted else Variables.of(os.environ if process is None else process),
            withheld=frozenset(spec.variables) if untrusted else None,
        )
        self.today: date = datetime.now(tz=UTC).date() if today is None else today
        self.clock = clock
        self.network: bool = not (offline or untrusted)
        self.masker = masker
        self.guesses: Guesses = Guesses() if guesses is None else guesses
        self.answers: dict[Query[Any], object] = {}
        """What was observed, for whoever shows more of it than findings do."""
        self._on_finding = on_finding
        self._on_progress = on_progress
        self._probes: dict[type[Query[Any]], Probe] = {}
        self._lock = RLock()
        self._open = ExitStack()
        self._over = False
        for probe in probes:
            self._add(probe)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def check(
        self,
        environments: str | Iterable[str] = (),
        *,
        only: str | Iterable[str] = (),
        regardless: Collection[str] = (),
    ) -> Report:
        """Run the checks of these environments, all by default, and report.

        `only` selects some by kind, group or subject. `regardless` are kinds whose failures don't
        keep what was selected from running.

        Raises:
            UsageError: an environment or a selection names nothing.

        """
        names = selected(self.spec, listed(environments, "environments") or self._given)
        only = listed(only, "only")
        with using(self.spec.plugins):
            every = checks_of(self.spec, names, offline=not self.network)
            return engine.run(
                chosen([_freed(check, only, regardless) for check in every], only),
                self.observe,
                today=self.today,
                waivers=self.spec.waivers,
                project=self.spec.project,
                environments=names,
                guesses=self.guesses,
                on_finding=self._on_finding,
                on_progress=self._on_progress,
            )

    def observe(self, queries: Sequence[Query[Any]]) -> Mapping[Query[Any], Any]:
        """Answer queries of any type, by the probe for each."""
        with using(self.spec.plugins):
            for asked in {type(query) for query in queries}:
                self.probe(asked)
            answers = observer(self._probes)(queries)
        self.answers.update(answers)
        return answers

    def ask(self, query: Query[Any]) -> Any:
        """Answer one query."""
        return self.observe([query])[query]

    def probe(self, asked: type[Query[Any]]) -> Probe:
        """What answers a type of query; made when it is first needed."""
        with self._lock:
            if self._over:
                from concurrent.futures import CancelledError

                raise CancelledError
            if asked not in self._probes:
                found = probe_class(asked)
                if found is None:
                    return self._probes.setdefault(asked, nobody)
                made, plugin = found
                if made.live and not self.network:
                    return self._probes.setdefault(asked, _not_contacted)
                if plugin is None:
                    self._add(made.of(self))
                else:
                    guard = guarded(plugin, made, self)
                    self._probes.update(dict.fromkeys(made.answers, guard))
            return self._probes[asked]

    def _add(self, probe: LiveProbe) -> None:
        self._probes.update(dict.fromkeys(probe.answers, probe))
        self._open.callback(probe.close)

    @property
    def listings(self) -> Sequence[Mapping[str, Setting]]:
        """What each source that was read holds."""
        values: Any = self.probe(Value)
        found: Sequence[Mapping[str, Setting]] = values.listings
        return found

    def learn(self) -> None:
        """Tell the masker what was read so far."""
        if self.masker is not None and Value in self._probes:
            from assay.masking import learn

            learn(self.masker, self.spec, self.listings)

    def close(self) -> None:
        """Give back what was opened; the masker knows then what was read."""
        if not self._over:
            try:
                self.learn()
            finally:
                self.cancel()

    def cancel(self) -> None:
        """End the run from another thread: it stops at its next question."""
        with self._lock:
            self._over = True
            self._open.close()


def _not_contacted(queries: Sequence[Query[Any]]) -> Mapping[Query[Any], object]:
    return dict.fromkeys(queries, _NOT_CONTACTED)


def _freed(check: Check[Any], only: Sequence[str], regardless: Collection[str]) -> Check[Any]:
    """A check that was asked for, without what it requires of some kinds."""
    if not regardless or not any(fits(check, pattern) for pattern in only):
        return check
    kept = tuple(one for one in check.requires if one.kind not in regardless)
    return msgspec.structs.replace(check, requires=kept)
