"""Values that a program or a fixture test gives an environment, instead of its own sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar

from assay.errors import UsageError
from assay.facts import Secret, Setting, State, Unobservable, Variables
from assay.sources.base import Source, SourceContent, World

Text = str | Secret | bool | int | float | None
"""A value as a program may give it; None for one that is not set."""
Values = Mapping[str, Text]
Own = Source | Values | Callable[[], Values]
"""A source as a program may give it: one of ours, values, or a function that returns some."""


class GivenValues(Source, frozen=True, kw_only=True, eq=False):
    """Values that are there before a run begins."""

    offline: ClassVar[bool] = True

    settings: Mapping[str, Setting]
    called: str = "the given values"

    @property
    def label(self) -> str:
        """How messages name it."""
        return self.called

    def read(self, world: World) -> SourceContent:  # noqa: ARG002 - they don't come from the world
        """The values as they were given."""
        return SourceContent(settings=self.settings)


class Fetched(Source, frozen=True, kw_only=True, eq=False):
    """Values that a function of the program gets when the run needs them."""

    slow: ClassVar[bool] = True

    fetch: Callable[[], Values]

    @property
    def label(self) -> str:
        """The function's name."""
        return str(getattr(self.fetch, "__name__", type(self.fetch).__name__))

    def read(self, world: World) -> SourceContent | Unobservable:
        """What the function returns."""
        try:
            found = given("the values", self.fetch(), self.label)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it raises, the run goes on
            return Unobservable(reason=f"{self.label} raised {type(error).__name__}")
        return (
            Unobservable(reason=found.message)
            if isinstance(found, UsageError)
            else found.read(world)
        )


def given(
    argument: str, values: object, called: str = "the given values"
) -> GivenValues | UsageError:
    """The source of these values, or what is wrong with them.

    The error is for the caller to raise, once no frame holds the values any more.
    """
    if not isinstance(values, Mapping):
        return _wrong(argument, "a mapping of names to values", values)
    settings: dict[str, Setting] = {}
    for name in values:
        value = values[name]
        if not isinstance(name, str):
            return _wrong(f"a name in {argument}", "text", name)
        if isinstance(value, bool):
            value = "true" if value else "false"
        elif isinstance(value, int | float):
            value = str(value)
        if isinstance(value, str):
            value = Secret(value)
        if isinstance(value, Secret):
            state = State.READABLE if value.reveal() else State.EMPTY
            settings[name] = Setting(state=state, value=value, source=called)
        elif value is not None:
            return _wrong(
                f"{argument}[{name!r}]", "text, a Secret, a number, True, False or None", value
            )
    return GivenValues(settings=settings, called=called)


def variables(process: object) -> Variables | UsageError | None:
    """The variables of a process, hidden; see `given`."""
    if process is None or isinstance(process, Variables):
        return process
    if not isinstance(process, Mapping):
        return _wrong("process", "a mapping of names to texts", process)
    for name in process:
        if not isinstance(name, str):
            return _wrong("a name in process", "text", name)
        if not isinstance(process[name], str | Secret):
            return _wrong(f"process[{name!r}]", "text or a Secret", process[name])
    return Variables.of(process)


def sources(values: object, own: object) -> dict[str, tuple[Source, ...]] | UsageError:
    """The sources of environments, by name, that a program gives; see `given`."""
    made: dict[str, tuple[Source, ...]] = {}
    for argument, by_environment in (("values", values), ("sources", own)):
        if by_environment is None:
            continue
        if not isinstance(by_environment, Mapping):
            return _wrong(argument, "a mapping of environments", by_environment)
        for environment, one in by_environment.items():
            if environment in made:
                return UsageError(
                    f"values and sources both give the values of {environment}",
                    "Put the values into a mapping among its sources: later ones win.",
                )
            found = _sources(f"{argument}[{environment!r}]", one, single=argument == "values")
            if isinstance(found, UsageError):
                return found
            made[environment] = found
    return made


def _sources(argument: str, one: object, *, single: bool) -> tuple[Source, ...] | UsageError:
    alone = single or isinstance(one, Source | Mapping) or callable(one)
    if not alone and (isinstance(one, str) or not isinstance(one, Iterable)):
        return _wrong(argument, "a list of sources, mappings or functions", one)
    made: list[Source] = []
    for source in [one] if alone else one:  # type: ignore[attr-defined]  # an Iterable by now
        found: Source | UsageError
        if isinstance(source, Source) and not single:
            found = source
        elif callable(source) and not single:
            found = Fetched(fetch=source)
        else:
            found = given(argument, source)
        if isinstance(found, UsageError):
            return found
        made.append(found)
    return tuple(made)


def _wrong(argument: str, expected: str, found: object) -> UsageError:
    return UsageError(
        f"{argument} must be {expected}, not {type(found).__name__}",
        "Pass what docs/python.md shows for it.",
    )
