"""One environment as it is compared: live, or as a snapshot keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.comparison import Cell
from assay.facts import Listing, Query, Reading, Setting, SourceReading, State, Unobservable
from assay.hygiene.exposure import marked_secret
from assay.hygiene.naming import shown
from assay.kinds.parity.cells import key_cell, variable_cell
from assay.schema_diff.outline import Outline
from assay.snapshots.files import Environment, Snapshot, cells_of, entry_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from assay.comparison import Pepper
    from assay.kinds.variable.spec import Declared
    from assay.spec.document import Spec

    Observe = Callable[[Sequence[Query[Any]]], Mapping[Query[Any], object]]

UNSET = Setting(state=State.MISSING)
FATAL = frozenset(("source-missing", "source-unreadable", "source-refused"))
"""Problems of a source after which nobody knows what it would set."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one environment."""

    label: str
    environment: str
    file: str = ""
    """The snapshot that it comes from; empty where it is live."""
    variables: Mapping[str, Cell] = {}
    keys: Mapping[str, Cell] = {}
    values: Mapping[str, str] = {}
    """The values that may be shown."""
    databases: Mapping[str, Outline | Unobservable] | None = None
    """The outlines of the databases that it uses, or why one can't be made; None where nothing is
    said of them."""
    pepper: str = ""
    """The name of the pepper of its digests."""
    complete: bool = False
    """Whether a name that is not among them is certain not to be set."""
    trouble: str = ""
    """Why nothing is known of it."""

    def cell(self, sort: str, name: str) -> Cell:
        """What is known of a name."""
        cells = self.keys if sort == "key" else self.variables
        if name in cells:
            return cells[name]
        if self.complete and sort == "variable":
            return Cell(state=State.MISSING)
        silent = f"{self.label} says nothing of it"
        return Cell(state=State.DENIED, reason=self.trouble or silent)


def live_column(spec: Spec, environment: str, observe: Observe, pepper: Pepper) -> Column:
    """An environment as it is now."""
    sources = spec.environments[environment].values
    asked = [SourceReading(environment, index) for index in range(len(sources))]
    answers = observe([Listing(environment), *asked])
    listing: Any = answers[Listing(environment)]
    trouble = next(filter(None, (_trouble(answers[query]) for query in asked)), "")
    if trouble:
        return Column(
            label=environment, environment=environment, pepper=pepper.name, trouble=trouble
        )
    exhaustive = {source.label for source in sources if source.exhaustive}
    variables: dict[str, Cell] = {}
    values: dict[str, str] = {}
    for name, entry in spec.variables.items():
        declared: Declared = entry.declared
        setting = listing.get(name, UNSET)
        variables[name] = variable_cell(setting, name, declared, pepper)
        text = setting.text or (declared.default if setting.state is State.MISSING else None)
        if text and _showable(setting, text, declared):
            values[name] = text
    for name, setting in listing.items():
        if name not in variables and setting.source in exhaustive and shown(name) == name:
            variables[name] = variable_cell(setting, name, None, pepper)
    keys = {
        name: key_cell(
            {
                n: listing.get(n, UNSET)
                for n in (entry.declared.variable, *entry.declared.references)
            },
            name,
            entry.declared,
            spec,
            pepper,
        )
        for name, entry in spec.sections.get("keys", {}).items()
    }
    return Column(
        label=environment,
        environment=environment,
        variables=variables,
        keys=keys,
        values=values,
        pepper=pepper.name,
        complete=all(source.exhaustive for source in sources),
    )


def _trouble(answer: object) -> str:
    """Why a source could not be read; empty where it could."""
    if isinstance(answer, Unobservable):
        return answer.reason
    if isinstance(answer, Reading):
        for problem in answer.problems:
            if problem.code == "source-missing":
                return f"{answer.source} does not exist"
            if problem.code in FATAL:
                return f"{answer.source} can't be read: {problem.values.get('reason', '')}"
    return ""


def _showable(setting: Setting, text: str, declared: Declared) -> bool:
    """Whether a value may be shown: what is not of its type may be anything, pasted by mistake."""
    return not (
        declared.secret
        or setting.expanded
        or marked_secret(text)
        or any(declared.format.violations(text))
    )


def snapshot_column(snapshot: Snapshot, environment: str, file: str, label: str) -> Column:
    """An environment as a snapshot keeps it."""
    kept = snapshot.environments[environment]
    return Column(
        label=label,
        environment=environment,
        file=file,
        variables=cells_of(kept.variables, snapshot.pepper),
        keys=cells_of(kept.keys, snapshot.pepper),
        databases=kept.databases,
        pepper=snapshot.pepper,
        complete=kept.complete,
    )


def kept(column: Column) -> Environment:
    """A live environment as a snapshot keeps it, in the order of names."""
    return Environment(
        variables={name: entry_of(cell) for name, cell in sorted(column.variables.items())},
        keys={name: entry_of(cell) for name, cell in sorted(column.keys.items())},
        databases=None if column.databases is None else dict(_outlines(column.databases)),
        complete=column.complete,
    )


def _outlines(found: Mapping[str, Outline | Unobservable]) -> Iterator[tuple[str, Outline]]:
    for name, outline in sorted(found.items()):
        if isinstance(outline, Outline):
            yield name, outline
