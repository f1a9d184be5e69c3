"""Checks of databases and tables by facts that are made by hand, without any database."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from assay import engine
from assay.databases.model import Connected, ConnectionOf, DatabaseRefusal, Structure, StructureOf
from assay.facts import (
    Listing,
    Query,
    Reading,
    Secret,
    Setting,
    SourceReading,
    State,
    Unobservable,
    Value,
)
from assay.model import Location, Outcome
from assay.selection import checks_of
from assay.spec.loader import load_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.databases.model import DatabaseRefusal
    from assay.model import Finding, Report

HEAD = "assay: 1\nenvironments:\n  live: {values: [{dotenv: .env}]}\n"
POSTGRES = Connected(dialect="postgresql", version="15.4", role="service_role")


class World:
    """What there is to be seen, and what was asked about it."""

    def __init__(
        self,
        structures: Mapping[str, Structure | Unobservable] | None = None,
        *,
        connected: Connected | DatabaseRefusal | Unobservable = POSTGRES,
        values: Mapping[str, str | State] | None = None,
    ) -> None:
        """`structures` by schema, the default one under the empty name."""
        self.structures = structures or {}
        self.connected = connected
        self.values = values or {}
        self.asked: list[Query[Any]] = []

    def __call__(self, queries: Sequence[Query[Any]]) -> dict[Query[Any], object]:
        """Answer as the probes do."""
        self.asked += queries
        return {query: self._answer(query) for query in queries}

    def _answer(self, query: Query[Any]) -> object:
        match query:
            case Value(name=name):
                return self._setting(name)
            case Listing():
                return {name: self._setting(name) for name in self.values}
            case SourceReading():
                return Reading(source=".env")
            case ConnectionOf():
                return self.connected
            case StructureOf(schema=schema):
                return self.structures.get(schema, Unobservable(reason="it does not answer"))
            case _:
                raise TypeError(query)

    def _setting(self, name: str) -> Setting:
        given = self.values.get(name, State.MISSING)
        if isinstance(given, State):
            return Setting(state=given, source=".env")
        at = Location(file=".env", line=1, column=1)
        return Setting(
            state=State.READABLE, value=Secret(given), source=".env", location=at, name_location=at
        )


def judged(spec: str, world: World) -> Report:
    """What the checks of a spec say of a world; the spec stands below `HEAD`."""
    loaded = load_text((HEAD + spec).encode(), ".")
    return engine.run(checks_of(loaded, ["live"]), world, today=date(2026, 7, 1))


def failures(report: Report) -> list[tuple[str, str]]:
    """Rule and subject of each failure."""
    return [(f.rule, f.subject) for f in report.findings if f.outcome is Outcome.FAIL]


def about(report: Report, subject: str, kind: str = "table") -> Finding:
    """The one finding about a subject."""
    [found] = [f for f in report.findings if f.subject == subject and f.kind == kind]
    return found
