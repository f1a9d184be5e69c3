"""Environments agree where they must, and differ where they must.

The `parity` of a variable applies to all environments of a run; an entry of `parity` applies to
some of them. Values are compared by keyed digests, and keys by the bytes that the application
derives, so no value is needed to say what is wrong. Tables are compared by their schema; no row is
read.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec

from assay.comparison import Cell, Pepper, Verdict, judge
from assay.facts import Facts, Query, Setting, State, Unobservable, Unobserved, Value
from assay.kind import Check, CheckId, Kind, NotApplicable, source_checks
from assay.kinds import conditions, reaching, revealing
from assay.kinds.fields import filled
from assay.kinds.key.cells import key_cell
from assay.kinds.key.entries import keys_of
from assay.kinds.parity.lint import lint
from assay.kinds.parity.spec import NameScope, Parity, parse_parity, scopes, table_scopes
from assay.kinds.parity.tables import ComparedTables
from assay.kinds.parity.tables import compared as compared_tables
from assay.kinds.parity.words import involved, rule, violation
from assay.kinds.variable.cells import variable_cell
from assay.model import Related, Severity, Violation
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.document_kind import Parameters
    from assay.kinds.key.spec import Key
    from assay.spec.document import Spec


DEMANDS = {
    "any": "not compared",
    "different": "different everywhere",
    "same": "the same everywhere",
    "shape": "set everywhere or nowhere",
}
"""What is asked of a variable between environments, in words."""


class ToldComparison(msgspec.Struct, frozen=True, kw_only=True):
    """How the values of some environments must compare."""

    name: str
    description: str
    between: tuple[str, ...]
    demands: tuple[tuple[str, str], ...]
    """Which variables, and what is asked of them."""
    ignore: tuple[str, ...]


def tell(spec: Spec, parameters: Parameters) -> dict[str, Any]:
    """The comparisons that a spec asks for, in documents that report all variables."""
    part = parameters.groups or parameters.only
    found = {} if part else spec.entries(Parity)
    return {"comparisons": [_comparison(name, entry.declared) for name, entry in found.items()]}


def _comparison(name: str, parity: Parity) -> ToldComparison:
    demands = list(_of_tables(parity))
    for who, what in parity.variables.items():
        words = (
            DEMANDS[what] if isinstance(what, str) else f"set in {' and '.join(what.only_in)} only"
        )
        demands.append(("" if who == "default" else who, words))
    return filled(ToldComparison, parity, name=name, demands=tuple(demands))


def _of_tables(parity: Parity) -> Iterator[tuple[str, str]]:
    if parity.tables is None:
        return
    said = {"default": parity.tables} if isinstance(parity.tables, str) else parity.tables
    for name, word in said.items():
        yield (f"table {name}" if name != "default" else "tables"), _TABLES[word]


_TABLES = {
    "same": "with the same columns and types",
    "identical": "the same in everything",
    "any": "left alone",
}


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What one check of this kind holds, if it isn't about tables."""

    scope: NameScope
    spec: Spec
    pepper: Pepper

    @property
    def key(self) -> Key | None:
        """The key whose bytes are compared, if it isn't a variable."""
        return keys_of(self.spec)[self.scope.name].declared if self.scope.sort == "key" else None

    @property
    def names(self) -> tuple[str, ...]:
        """The variables that are read in each environment."""
        return (self.key.variable, *self.key.references) if self.key else (self.scope.name,)

    def first(self) -> Iterator[Query[Any]]:
        """Nothing decides whether there is something to compare."""
        yield from ()

    def applies(self, _facts: Facts) -> None:
        """There is always something to compare."""

    def needs(self) -> Iterator[Query[Any]]:
        """The values in every environment, and those that say whether it must be set there."""
        names = [*self.names]
        required = _required(self)
        if isinstance(required, str):
            names += conditions.accepted(required, self.spec).names
        return (
            Value(environment, name) for environment in self.scope.environments for name in names
        )

    def evaluate(self, facts: Facts) -> Iterator[Violation]:
        """Whether the demand holds between all pairs of environments."""
        scope, name = self.scope, self.names[0]
        settings = {
            environment: {name: facts[Value(environment, name)] for name in self.names}
            for environment in scope.environments
        }
        if scope.demand.word in ("same", "different"):
            compared = {(environment, name): found[name] for environment, found in settings.items()}
            revealing.ensure_few_guesses(compared, self.spec, facts.guesses)
        cells = {environment: self._cell(found) for environment, found in settings.items()}
        pairs = scope.pairs
        if scope.demand.word != "only-in":
            told = {e for e, cell in cells.items() if cell.valueless and _told(self, e, facts)}
            pairs = tuple(pair for pair in pairs if told.isdisjoint(pair))
            if not pairs:
                missing = listed(e for e in scope.environments if e in told)
                raise NotApplicable(f"it is not set in {missing}, which has a finding of its own")
        verdict = judge(scope.demand, cells, pairs)
        if verdict.holds is None:
            raise Unobserved(_hidden(verdict, cells))
        if verdict.broken:
            places = {e: settings[e][name].location for e in involved(scope, verdict)}
            yield msgspec.structs.replace(
                violation(scope, cells, verdict, self.spec),
                severity=Severity(scope.severity),
                related=tuple(
                    Related(label=f"{environment} sets it here", location=place.start)
                    for environment, place in places.items()
                    if place is not None
                ),
            )

    def _cell(self, settings: Mapping[str, Setting]) -> Cell:
        name = self.scope.name
        if self.key:
            return key_cell(settings, name, self.key, self.spec, self.pepper)
        return variable_cell(settings[name], name, self.spec.variables[name].declared, self.pepper)


Model: TypeAlias = Compared | ComparedTables


def across(spec: Spec, environments: tuple[str, ...]) -> Iterator[Check[Model]]:
    """One check for each name or database, and each part of the spec that asks something of it."""
    pepper = Pepper.of_run()
    for asked in table_scopes(spec, environments):
        for tables in compared_tables(spec, asked, pepper):
            there = tables.scope.environments
            required = (reaching.required(spec, e, tables.database) for e in there)
            yield Check(
                kind=KIND,
                subject=f"tables of {tables.database}",
                environment=", ".join(there),
                across=there,
                model=tables,
                location=spec.location(*asked.path),
                also=("tables", tables.database),
                requires=tuple(dict.fromkeys(chain.from_iterable(required))),
            )
    for scope in scopes(spec, environments):
        model = Compared(scope=scope, spec=spec, pepper=pepper)
        sources = (check for name in scope.environments for check in source_checks(spec, name))
        keys = (CheckId("key", name, scope.name) for name in scope.environments if model.key)
        yield Check(
            kind=KIND,
            subject=scope.name,
            environment=", ".join(scope.environments),
            across=scope.environments,
            model=model,
            location=spec.location(*scope.path),
            group=(model.key or spec.variables[scope.name].declared.variable).group,
            requires=(*sources, *keys),
        )


def _required(model: Compared) -> bool | str:
    """Whether the variable must be set, if that is checked at all."""
    if model.key:
        return False
    declared = model.spec.variables[model.scope.name].declared
    if declared.default is not None or declared.variable.when is not None:
        return False
    return declared.variable.required


def _told(model: Compared, environment: str, facts: Facts) -> bool:
    """Whether the check of the variable itself reports that it is missing or empty there."""
    required = _required(model)
    if isinstance(required, bool):
        return required
    try:
        return conditions.holds(required, model.spec, environment, facts) is True
    except (NotApplicable, Unobserved):
        return False


def _hidden(verdict: Verdict, cells: Mapping[str, Cell]) -> Unobservable:
    environments = dict.fromkeys(name for pair in verdict.unknown for name in pair)
    first = next(name for name in environments if cells[name].reason)
    hidden = (State.DIGEST, State.DENIED, State.UNREADABLE)
    others = [n for n in environments if cells[n].state not in hidden]
    beside = f", so it can't be compared with {listed(others)}" if others else ""
    return Unobservable(
        reason=f"in {first} {cells[first].reason}{beside}",
        remedy="Compare where it can be read: `assay snapshot` there writes what can be compared "
        "here; `--allow-unknown` accepts that it can't be seen from here.",
    )


def shape() -> dict[str, Any]:
    """The JSON Schema of an entry."""
    from assay.spec.structs import shape_of

    made = shape_of(Parity)
    listed = {"type": "array", "items": {"type": "string"}, "minItems": 1}
    made["properties"]["tables"]["anyOf"].append(listed)
    return {"title": "parity", **made}


KIND: Kind[Model] = Kind(
    name="parity",
    section=Parity.section,
    rules=rule.made,
    doc=__doc__ or "",
    noun="comparison",
    fields=Parity,
    parse=parse_parity,
    shape=shape,
    tell=tell,
    lint=lint,
    checks=lambda _spec, _environment: iter(()),  # one environment has nothing to be compared with
    first=lambda model: model.first(),
    applies=lambda model, facts: model.applies(facts),
    needs=lambda model: model.needs(),
    evaluate=lambda model, facts: model.evaluate(facts),
    across=across,
)
