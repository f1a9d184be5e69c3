"""The Python API: load a spec, lint it, run its checks."""

from __future__ import annotations

import os
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import msgspec

from assay import engine
from assay.errors import SelectionError, SpecError, UsageError
from assay.facts import Listing, SourceReading, Value
from assay.kind import checks_by
from assay.kinds import KINDS, kinds_of
from assay.model import Report
from assay.probes import listed, observer
from assay.probes.environment import EnvironmentProbe
from assay.registry import using
from assay.sources.base import World
from assay.suggest import hint

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from assay.facts import Query
    from assay.kind import Check
    from assay.probes import Probe
    from assay.spec.document import Spec


def load(
    path: str | None = None, *, working: str | None = None, allow_paths: Sequence[str] = ()
) -> Spec:
    """Load the spec at `path` (a file or folder), else the nearest `specs` folder.

    Whatever the spec names has to lie inside the repository, but for the files and folders in
    `allow_paths`.

    Raises:
        SpecError: the spec can't be read or is invalid; it carries every problem found.

    """
    from assay.spec.loader import load_spec

    return load_spec(path, working=working, allowed=tuple(allow_paths))


def lint(
    path: str | None = None, *, working: str | None = None, allow_paths: Sequence[str] = ()
) -> Report:
    """Check a spec offline; its problems come back as findings. Arguments are those of `load`."""
    try:
        spec = load(path, working=working, allow_paths=allow_paths)
    except SpecError as error:
        return Report.of(error.problems)
    return Report.of((), project=spec.project)


def run(  # noqa: PLR0913 - each is independent of the others
    spec: Spec,
    *,
    environments: Sequence[str] = (),
    only: Sequence[str] = (),
    process: Mapping[str, str] | None = None,
    today: date | None = None,
    probe: EnvironmentProbe | None = None,
    offline: bool = False,
    untrusted: bool = False,
    regardless: Collection[str] = (),
    answers: dict[Query[Any], object] | None = None,
    allow_paths: Sequence[str] = (),
) -> Report:
    """Run the checks of a spec and report.

    Args:
        spec: what `load` returned.
        environments: the environments to check; all by default.
        only: the kinds, groups or subjects to check; all by default. `*` stands for any text.
        process: the variables that a `process` source sees; this process's by default.
        today: the date by which waivers end; the current one (UTC) by default.
        probe: reads the sources; one of its own by default.
        offline: whether to leave out what looks at running systems, such as databases.
        untrusted: whether strangers may have written the spec and its files: no variable of the
            process is read, and nothing is contacted. What only the process may set is unknown.
        regardless: kinds whose failures don't keep what is asked for with `only` from running.
        answers: takes what was observed, for whoever tells more of it than findings do.
        allow_paths: files and folders outside of the repository that may be read, beside those
            that `load` was given.

    Raises:
        UsageError: an environment or a selection names nothing.

    """
    if allow_paths:
        spec = spec.with_allowed((*spec.allowed, *allow_paths))
    names = selected(spec, environments)
    if probe is None:
        spec.told.clear()
        given = os.environ if process is None else process
        probe = EnvironmentProbe(spec.environments, world_of(spec, given, untrusted=untrusted))
    with ExitStack() as stack:
        stack.enter_context(using(spec.plugins))
        every = checks_of(spec, names, offline=offline or untrusted)
        checks = _only([_freed(check, only, regardless) for check in every], only)
        probes: dict[type[Query[Any]], Probe] = dict.fromkeys(
            (Listing, SourceReading, Value), probe
        )
        if any(check.kind.live for check in checks):
            probes.update(_live(spec, probe, stack))
        seen = SimpleNamespace(spec=spec, world=probe.world)
        probes.update(listed(seen, contacting=not (offline or untrusted)))
        return engine.run(
            checks,
            _kept(observer(probes), answers),
            today=datetime.now(tz=UTC).date() if today is None else today,
            waivers=spec.waivers,
            project=spec.project,
            environments=names,
        )


def world_of(spec: Spec, process: Mapping[str, str], *, untrusted: bool) -> World:
    """What the sources of a spec may see; of the process nothing, where it is `untrusted`."""
    if untrusted:
        withheld = frozenset(spec.variables)
        return World(root=spec.root, allowed=spec.allowed, process={}, withheld=withheld)
    return World(root=spec.root, allowed=spec.allowed, process=process)


def _live(
    spec: Spec, values: EnvironmentProbe, stack: ExitStack
) -> Mapping[type[Query[Any]], Probe]:
    """What answers questions about running systems; it is closed with the stack, come what may."""
    from assay.databases.model import Connection, StructureOf
    from assay.kinds.credential.spec import Credential
    from assay.kinds.database.spec import Database
    from assay.probes.databases import DatabaseProbe

    databases = {name: entry.declared for name, entry in spec.entries(Database).items()}
    probe = DatabaseProbe(databases, values, spec.root, spec.allowed)
    stack.callback(probe.close)
    probes: dict[type[Query[Any]], Probe] = dict.fromkeys((Connection, StructureOf), probe)
    if Credential.section in spec.sections:
        from assay.crypto.examination import Examination
        from assay.probes.credentials import CredentialProbe

        probes[Examination] = CredentialProbe(values, probe)
    return probes


def _kept(observe: Probe, answers: dict[Query[Any], object] | None) -> Probe:
    """The same, with a copy of each answer put where it is wanted."""
    if answers is None:
        return observe

    def keeping(queries: Sequence[Query[Any]]) -> Mapping[Query[Any], object]:
        found = observe(queries)
        answers.update(found)
        return found

    return keeping


def _freed(check: Check[Any], only: Sequence[str], regardless: Collection[str]) -> Check[Any]:
    """A check that was asked for, without what it requires of some kinds."""
    if not regardless or not any(_fits(check, pattern) for pattern in only):
        return check
    kept = tuple(one for one in check.requires if one.kind not in regardless)
    return msgspec.structs.replace(check, requires=kept)


def selected(spec: Spec, environments: Sequence[str]) -> tuple[str, ...]:
    """The environments to check, in the order asked for, each once; one may stand alone."""
    environments = (environments,) if isinstance(environments, str) else environments
    for name in environments:
        if name not in spec.environments:
            known = ", ".join(spec.environments)
            raise UsageError(
                f"{name} is not an environment{hint(name, spec.environments)}",
                f"Name one of {known}.",
            )
    return tuple(dict.fromkeys(environments)) or tuple(spec.environments)


def checks_of(
    spec: Spec, environments: Iterable[str], *, offline: bool = False
) -> Iterator[Check[Any]]:
    """Every check of a spec in the given environments, and those that compare them.

    With `offline` those that look at running systems are left out.
    """
    chosen = tuple(environments)
    kinds = {made.section: made for made in kinds_of(spec)}
    if len(chosen) > 1:
        comparing = {section for made in kinds.values() for section in made.compared_by}
        kinds.update({section: KINDS[section] for section in comparing})
    live = {made.name for made in kinds.values() if made.live}
    for made in sorted(kinds.values(), key=lambda made: made.name):
        if offline and made.live:
            continue
        for environment in chosen:
            yield from checks_by(made, environment, partial(made.checks, spec, environment))
        if made.across is not None:
            for check in checks_by(made, ", ".join(chosen), partial(made.across, spec, chosen)):
                if not offline or not any(one.kind in live for one in check.requires):
                    yield check


def _only(checks: list[Check[Any]], only: Sequence[str]) -> list[Check[Any]]:
    """The selected checks, with those that they depend on."""
    if not only:
        return checks
    by_id = {check.id: check for check in checks}
    chosen: dict[Any, Check[Any]] = {}
    for pattern in only:
        fitting = [check for check in checks if _fits(check, pattern)]
        if not fitting:
            shown = pattern or "''"
            words = [w for check in checks for w in (check.subject, check.kind.name)]
            raise SelectionError(
                f"--only {shown} selects nothing{hint(pattern, words)}",
                "Name a kind (such as variable), a variable, or a group; `*` stands for any text.",
            )
        waiting = list(fitting)
        while waiting:
            check = waiting.pop()
            if check.id not in chosen:
                chosen[check.id] = check
                waiting += (by_id[required] for required in check.requires)
    return [check for check in checks if check.id in chosen]


def _fits(check: Check[Any], pattern: str) -> bool:
    from fnmatch import fnmatchcase

    words = (check.kind.name, f"{check.kind.name}s", check.subject, check.group, *check.also)
    return any(word and fnmatchcase(word, pattern) for word in words)
