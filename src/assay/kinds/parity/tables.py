"""Tables agree between environments: what `tables` of an entry of `parity` asks."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import msgspec

from assay.facts import Facts, Query, Unobservable, Unobserved
from assay.kind import NotApplicable
from assay.kinds import reaching
from assay.kinds.database.spec import Database
from assay.kinds.parity.words import rule
from assay.model import Severity
from assay.schema_diff.comparing import Line, Side, lines
from assay.schema_diff.outline import COLUMN_ASPECTS, Outline, outline_of
from assay.schema_diff.words import aspect_of, reasons, subject_of, texts, title_of
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assay.comparison import Pepper
    from assay.databases.model import StructureOf
    from assay.kinds.parity.spec import TableScope
    from assay.model import Rule, Violation
    from assay.spec.document import Spec


class ComparedTables(msgspec.Struct, frozen=True, kw_only=True):
    """What one check of the tables of a database holds."""

    scope: TableScope
    database: str
    declared: Database
    spec: Spec
    pepper: Pepper

    def first(self) -> Iterator[Query[Any]]:
        """The values that decide whether the database is looked at."""
        for environment in self.scope.environments:
            yield from reaching.asked(self.spec, environment, self.declared)

    def applies(self, facts: Facts) -> None:
        """Raises `NotApplicable` unless two environments at least have the database."""
        if len(self._there(facts)) < 2:
            raise NotApplicable(f"fewer than two of the environments use {self.database}")

    def _there(self, facts: Facts) -> list[str]:
        there = []
        for environment in self.scope.environments:
            try:
                reaching.ensure(self.spec, environment, self.database, facts)
            except NotApplicable:
                continue
            there.append(environment)
        return there

    def needs(self) -> Iterator[StructureOf]:
        """What the database holds in each environment."""
        return (self._query(environment) for environment in self.scope.environments)

    def _query(self, environment: str) -> StructureOf:
        return reaching.structure_query(self.spec, environment, self.database)

    def evaluate(self, facts: Facts) -> Iterator[Violation]:
        """What differs, then what can't be reported."""
        sides = [self._side(environment, facts) for environment in self._there(facts)]
        parity = self.scope.parity

        def wanted(line: Line) -> bool:
            return line.agrees is not True and line.asked_by(parity.of_table(line.table))

        found = list(lines(sides, self.scope.pairs, wanted=wanted))
        for violation in violations(found, sides, self.database):
            yield msgspec.structs.replace(violation, severity=Severity(parity.severity))
        if any(line.unknown for line in found):
            raise Unobserved(untold(found), partly=True)

    def _side(self, environment: str, facts: Facts) -> Side:
        outline: Outline | Unobservable
        try:
            outline = outline_of(facts[self._query(environment)], self.pepper.expression)
        except Unobserved as gap:
            outline = gap.fact
        return Side(label=environment, outline=outline, pepper=self.pepper.name)


def compared(spec: Spec, scope: TableScope, pepper: Pepper) -> Iterator[ComparedTables]:
    """What is to be compared for a scope: the tables of each database.

    If a condition decides whether a database is there, each pair of environments is a check of
    its own, so that none is contacted in vain.
    """
    for name, entry in spec.entries(Database).items():
        whole = entry.declared.when is None
        for pairs in [scope.pairs] if whole else [(pair,) for pair in scope.pairs]:
            chosen = tuple(e for e in scope.environments if any(e in pair for pair in pairs))
            yield ComparedTables(
                scope=msgspec.structs.replace(scope, environments=chosen, pairs=pairs),
                database=name,
                declared=entry.declared,
                spec=spec,
                pepper=pepper,
            )


TABLE_MISSING = rule(
    "parity-table-missing",
    "the table {subject} is in {having}, but not in {lacking}",
    "Run the migrations of {having} in {lacking}; `{command}` shows what else differs.",
    "A query that was tested in one environment fails in the other: the table is not there.",
    messages={
        "all": "all {count} tables of {database} are in {having}, but not in {lacking}",
        "only": "the table of {database} is in {having}, but not in {lacking}",
    },
    bad="tables: same, but the migration that makes `refunds` ran in development only",
    good="both have `refunds`",
)
COLUMN_MISSING = rule(
    "parity-column-missing",
    "the column {subject} is in {having}, but not in {lacking}",
    "Run the migrations of {having} in {lacking}; `{command}` shows what else differs.",
    "Queries that use the column fail where it is missing, and all others work.",
    bad="tables: same, but only development has payments.key_version",
    good="both have payments.key_version",
)
COLUMN_DIFFERS = rule(
    "parity-column-differs",
    "the column {subject} differs: {words}",
    "Give it the same definition in {environments} with a migration; `{command}` shows what "
    "else differs.",
    "What one environment stores, the other refuses, truncates or reads as something else; "
    "ciphertext in a text column is the usual case.",
    bad="tables: same, but consumer_key_enc is bytea in development, and text in production",
    good="it is bytea in both",
)
TABLE_DIFFERS = rule(
    "parity-table-differs",
    "{subject} differs: {words}",
    "Give it the same definition in {environments} with a migration; `{command}` shows what "
    "else differs.",
    "Without its keys and checks one environment accepts rows that the other refuses; without "
    "its indexes it is slow.",
    bad="tables: identical, but the unique key of payments is in development only",
    good="both have it",
)
RIGHTS_DIFFER = rule(
    "parity-rights-differ",
    "the rights on {subject} differ: {words}",
    "Give it the same policies and grants in {environments}; `{command}` shows what else differs.",
    "A request that is allowed in one environment is refused in the other, or worse, the other "
    "way round.",
    bad="tables: identical, but row level security is off in production",
    good="it is on in both, with the same policies",
)
_RIGHTS = frozenset(("row security", "policies", "grants", "column grants"))
MOST = 4
"""Differences of one table that a message shows."""


def violations(found: Sequence[Line], sides: Sequence[Side], database: str) -> Iterator[Violation]:
    """What the broken lines come to: one violation for each subject and rule."""
    counts = {s.label: len(s.outline.tables) for s in sides if isinstance(s.outline, Outline)}
    bare = [label for label, count in counts.items() if not count]
    broken = [line for line in found if line.broken]
    if bare and any(line.aspect == "table" for line in broken):
        most = max(counts.values())
        having = [label for label in counts if label not in bare]
        yield TABLE_MISSING.violated(
            case="all" if most > 1 else "only",
            count=most,
            database=database,
            having=listed(having),
            lacking=listed(bare),
            command=_command([*having, *bare], "tables"),
        )
        broken = [line for line in broken if line.aspect != "table" or _without(line, bare)]
    grouped: dict[tuple[Rule, str], list[Line]] = {}
    for line in broken:
        grouped.setdefault((rule_of(line), subject_of(line)), []).append(line)
    for (broken_rule, subject), group in grouped.items():
        yield _violation(broken_rule, subject, group)


def _without(line: Line, bare: Sequence[str]) -> bool:
    """Whether a table is missing in an environment that has others."""
    return any(told is None and label not in bare for label, told in line.cells.items())


def rule_of(line: Line) -> Rule:
    """The rule that a broken line violates."""
    if line.aspect in ("table", "column") and None in line.cells.values():
        return TABLE_MISSING if line.aspect == "table" else COLUMN_MISSING
    if line.aspect in _RIGHTS:
        return RIGHTS_DIFFER
    return COLUMN_DIFFERS if line.aspect in COLUMN_ASPECTS else TABLE_DIFFERS


def _violation(broken: Rule, subject: str, group: Sequence[Line]) -> Violation:
    first = group[0]
    labels = dict.fromkeys(label for line in group for label in line.cells)
    environments = [e for e in labels if any(e in pair for line in group for pair in line.broken)]
    having = [label for label in environments if first.cells.get(label) is not None]
    made = broken.violated(
        subject=f"the extension {subject}" if first.aspect == "extension" else subject,
        having=listed(having),
        lacking=listed(label for label in environments if label not in having),
        environments=listed(environments),
        words=_some([_part(line) for line in group]),
        command=_command(environments, first.table or subject),
    )
    return msgspec.structs.replace(made, subject=subject)


def _command(environments: Iterable[str], only: str) -> str:
    return shlex.join(["assay", "diff", *environments, "--only", only])


def _some(parts: list[str]) -> str:
    more = [f"and {len(parts) - MOST} more"] if len(parts) > MOST else []
    return "; ".join([*parts[:MOST], *more])


def _part(line: Line) -> str:
    """`type is bytea in development, text in production`."""
    having: dict[str, list[str]] = {}
    for label, text in texts(line).items():
        if any(label in pair for pair in line.broken):
            having.setdefault(text, []).append(label)
    aspect = aspect_of(line)
    if "missing" in having and line.aspect in _PARTS:
        missing = having.pop("missing")
        there = [label for labels in having.values() for label in labels]
        return f"{aspect or 'it'} is in {listed(there)}, but not in {listed(missing)}"
    what = "it" if line.aspect in ("nullable", "generated", "table") else aspect
    verb = "are" if line.aspect in ("grants", "column grants", "options") else "is"
    said = _SAID.get(line.aspect, {"missing": "none"})
    told = [f"{said.get(text, text)} in {listed(labels)}" for text, labels in having.items()]
    return f"{what} {verb} {', '.join(told)}"


_PARTS = frozenset(("foreign keys", "unique", "indexes", "checks", "policies", "extension"))
"""Aspects whose items are there or not."""
_SAID = {
    "nullable": {"yes": "nullable", "no": "not null"},
    "generated": {"yes": "generated", "no": "given"},
    "table": {"table": "a table", "view": "a view"},
}
"""What a message calls what a matrix calls otherwise."""


def untold(found: Sequence[Line]) -> Unobservable:
    """Why some lines are unknown: what, where and for which reason."""
    told: dict[tuple[str, str], list[str]] = {}
    for line in found:
        if line.unknown:
            for label, why in reasons(line).items():
                told.setdefault((title_of(line), why), []).append(label)
    parts = []
    for (title, why), labels in told.items():
        where = f" in {listed(labels)}" if any(labels) else ""
        parts.append(f"{title}{where}: {why}")
    return Unobservable(
        reason=_some(parts),
        remedy="Compare over a connection to the database itself, or demand less: `same` compares "
        "only tables, columns and types.",
    )
