"""What to say if tables of different environments don't agree."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import msgspec

from assay.facts import Unobservable
from assay.kinds.parity.words import rule
from assay.schema_diff.outline import COLUMN_ASPECTS, Outline
from assay.schema_diff.words import aspect_of, reasons, subject_of, texts, title_of
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from assay.model import Rule, Violation
    from assay.schema_diff.comparing import Line, Side

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
        grouped.setdefault((_rule(line), subject_of(line)), []).append(line)
    for (broken_rule, subject), group in grouped.items():
        yield _violation(broken_rule, subject, group)


def _without(line: Line, bare: Sequence[str]) -> bool:
    """Whether a table is missing in an environment that has others."""
    return any(told is None and label not in bare for label, told in line.cells.items())


def _rule(line: Line) -> Rule:
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
        words=_words(group),
        command=_command(environments, first.table or subject),
    )
    return msgspec.structs.replace(made, subject=subject)


def _command(environments: Iterable[str], only: str) -> str:
    return shlex.join(["assay", "diff", *environments, "--only", only])


def _words(group: Sequence[Line]) -> str:
    """`type is bytea in development, text in production; default is ...`."""
    parts = [_part(line) for line in group[:MOST]]
    if len(group) > MOST:
        parts.append(f"and {len(group) - MOST} more")
    return "; ".join(parts)


def _part(line: Line) -> str:
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
    for (title, why), labels in list(told.items())[:MOST]:
        where = f" in {listed(labels)}" if any(labels) else ""
        parts.append(f"{title}{where}: {why}")
    if len(told) > MOST:
        parts.append(f"and {len(told) - MOST} more")
    return Unobservable(
        reason="; ".join(parts),
        remedy="Compare over a connection to the database itself, or demand less: `same` compares "
        "only tables, columns and types.",
    )
