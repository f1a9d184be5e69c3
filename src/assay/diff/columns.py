"""One environment as it is compared: live, or as a snapshot keeps it."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import msgspec

from assay.comparison import Cell, Pepper
from assay.facts import Listing, Query, Reading, SourceReading, State, Unobservable
from assay.kinds import KINDS, kinds_of
from assay.kinds.database.spec import Database
from assay.kinds.reaching import live_databases
from assay.schema_diff.outline import Outline
from assay.snapshots.files import SECTIONS, Snapshot, SnapshotEnvironment, cells_of, entry_of
from assay.spec.document import VARIABLES, Spec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assay.kind import Kind

    Observe = Callable[[Sequence[Query[Any]]], Mapping[Query[Any], object]]

FATAL = frozenset(("source-missing", "source-unreadable", "source-refused"))
"""Problems of a source after which nobody knows what it would set."""


class ComparedColumn(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one environment."""

    label: str
    environment: str
    file: str = ""
    """The snapshot that it comes from; empty if it is live."""
    cells: Mapping[str, Mapping[str, Cell]] = {}
    """What is known of names, by section."""
    values: Mapping[str, Mapping[str, str]] = {}
    """The values that may be shown, by section."""
    databases: Mapping[str, Outline | Unobservable] | None = None
    """The outlines of the databases that it uses, or why one can't be made; None if nothing is
    said of them."""
    pepper: str = ""
    """The name of the pepper of its digests."""
    complete: bool = False
    """Whether a name that is not among them is certain not to be set."""
    trouble: str = ""
    """Why nothing is known of it."""

    def cell(self, section: str, name: str) -> Cell:
        """What is known of a name."""
        cells = self.cells.get(section, {})
        if name in cells:
            return cells[name]
        if self.complete and section == VARIABLES:
            return Cell(state=State.MISSING)
        silent = f"{self.label} does not include it"
        return Cell(state=State.DENIED, reason=self.trouble or silent)

    def value(self, section: str, name: str) -> str | None:
        """The value of a name, if it may be shown."""
        return self.values.get(section, {}).get(name)


def comparable(spec: Spec) -> list[Kind[Any]]:
    """The kinds whose entries are compared: of a spec, and variables, which may be undeclared."""
    kinds = {VARIABLES: KINDS[VARIABLES], **{kind.section: kind for kind in kinds_of(spec)}}
    return [kind for kind in kinds.values() if kind.cells is not None]


def live_column(spec: Spec, environment: str, observe: Observe, pepper: Pepper) -> ComparedColumn:
    """An environment as it is now."""
    sources = spec.environments[environment].values
    asked = [SourceReading(environment, index) for index in range(len(sources))]
    answers = observe([Listing(environment), *asked])
    listing: Any = answers[Listing(environment)]
    trouble = next(filter(None, (_trouble(answers[query]) for query in asked)), "")
    if isinstance(listing, Unobservable):
        trouble = trouble or listing.reason
    bare = ComparedColumn(label=environment, environment=environment, pepper=pepper.name)
    if trouble:
        return msgspec.structs.replace(bare, trouble=trouble)
    kinds = comparable(spec)
    return msgspec.structs.replace(
        bare,
        cells={k.section: k.cells(spec, environment, listing, pepper) for k in kinds if k.cells},
        values={k.section: k.values(spec, listing) for k in kinds if k.values},
        complete=all(source.exhaustive for source in sources),
    )


def _trouble(answer: object) -> str:
    """Why a source could not be read; empty if it could."""
    if isinstance(answer, Unobservable):
        return answer.reason
    if isinstance(answer, Reading):
        for problem in answer.problems:
            if problem.code == "source-missing":
                return f"{answer.source} does not exist"
            if problem.code in FATAL:
                return f"{answer.source} can't be read: {problem.values.get('reason', '')}"
    return ""


def snapshot_column(snapshot: Snapshot, environment: str, file: str, label: str) -> ComparedColumn:
    """An environment as a snapshot keeps it."""
    kept = snapshot.environments[environment]
    return ComparedColumn(
        label=label,
        environment=environment,
        file=file,
        cells={
            section: cells_of(entries, snapshot.pepper)
            for section, entries in kept.sections.items()
        },
        databases=kept.databases,
        pepper=snapshot.pepper,
        complete=kept.complete,
    )


def kept(column: ComparedColumn) -> SnapshotEnvironment:
    """A live environment as a snapshot keeps it, in the order of names."""
    entries = {
        section: {name: entry_of(cell) for name, cell in sorted(cells.items())}
        for section, cells in column.cells.items()
    }
    own = {section: entries.pop(section) for section in SECTIONS if section in entries}
    known = None if column.databases is None else sorted(column.databases.items())
    return SnapshotEnvironment(
        **own,
        others=entries,
        databases=None if known is None else {n: o for n, o in known if isinstance(o, Outline)},
        complete=column.complete,
    )


def with_databases(
    spec: Spec, columns: Sequence[ComparedColumn], observe: Observe, pepper: Pepper
) -> list[ComparedColumn]:
    """The columns, those that are live and can be read with their databases."""
    live = [c.environment for c in columns if not c.file and not c.trouble]
    if not live or not spec.entries(Database):
        return list(columns)
    found = live_databases(spec, live, observe, pepper)
    return [
        msgspec.structs.replace(column, databases=found.get(column.environment))
        if column.environment in found and not column.file
        else column
        for column in columns
    ]


def concerns_tables(spec: Spec, only: Sequence[str]) -> bool:
    """Whether some of the patterns may select tables, so that databases have to be asked."""
    sections = {kind.section for kind in comparable(spec)}
    known = {name for section in sections for name in spec.sections.get(section, ())}
    return not only or any(
        pattern.strip("*") == ""
        or not (pattern in sections or any(fnmatchcase(name, pattern) for name in known))
        for pattern in only
    )
