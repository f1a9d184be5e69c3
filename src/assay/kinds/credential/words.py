"""Violations of stored credentials: one for each cause, with its rows, its surety, its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from assay.crypto.autopsy import Confidence
from assay.crypto.autopsy.wording import rows_in_words
from assay.crypto.examination import MISSING, NO_COLUMN, WRONG_METADATA
from assay.suggest import hint
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.crypto.autopsy import Cluster, Explanation
    from assay.crypto.examination import Census, ColumnCensus, Columnless, Examination
    from assay.model import Violation
    from assay.spec.document import Spec

OF_ALL = frozenset((MISSING, WRONG_METADATA))
"""Rules whose rows are counted among all, those with NULL in the column included."""


def violations(name: str, census: Census, asked: Examination, spec: Spec) -> Iterator[Violation]:
    """One violation for each cause; columns that have it in the same rows are told together."""
    for columns, cluster, total in merged(census):
        values = {
            **cluster.explanation.filled,
            "column": listed(columns),
            "rows": rows_in_words(cluster, total, asked.identity),
            "key": asked.key,
            "variable": asked.variable,
            "environment": asked.environment,
        }
        violation = cluster.explanation.rule.violated().with_values(**values)
        path: tuple[str, ...] = ("credentials", name)
        if len(columns) == 1:
            section = "metadata" if columns[0] in dict(asked.metadata) else "columns"
            path = (*path, section, columns[0])
        yield msgspec.structs.replace(
            violation,
            subject=f"{name}.{columns[0]}" if len(columns) == 1 else name,
            declared=spec.location(*path, key=True),
            notes=notes(cluster.explanation),
        )


def columnless(name: str, found: Columnless, asked: Examination, spec: Spec) -> Iterator[Violation]:
    """One violation for each column that the table lacks, where the spec speaks of it first."""
    sections = {
        "columns": [column.name for column in asked.columns],
        "metadata": [column for column, _ in asked.metadata],
        "identity": asked.identity,
    }
    for column in found.absent:
        section = next((s for s, names in sections.items() if column in names), "where")
        path = (section, column) if section in ("columns", "metadata") else (section,)
        yield msgspec.structs.replace(
            NO_COLUMN.violated(table=asked.table, column=column, hint=hint(column, found.present)),
            subject=f"{name}.{column}",
            declared=spec.location("credentials", name, *path, key=True),
        )


def merged(census: Census) -> Iterator[tuple[tuple[str, ...], Cluster, int]]:
    """Each cause with its columns, its rows, and how many rows there are in all of such."""
    groups: dict[object, list[tuple[str, Cluster, int]]] = {}
    for column, counted in census.columns.items():
        for cluster in counted.clusters:
            total = census.rows if cluster.explanation.rule in OF_ALL else filled_rows(counted)
            whole = cluster.count == total
            same = (cluster.explanation, cluster.count, cluster.identities, cluster.shared, whole)
            groups.setdefault(same, []).append((column, cluster, total))
    for group in groups.values():
        columns, clusters, totals = zip(*group, strict=True)
        yield columns, clusters[0], max(totals)


def filled_rows(counted: ColumnCensus) -> int:
    """How many rows have something in a column."""
    empty = sum(c.count for c in counted.clusters if c.explanation.rule is MISSING)
    return counted.opened + counted.failed - empty


def notes(explanation: Explanation) -> tuple[str, ...]:
    """How sure it is, then the evidence."""
    evidence: Sequence[str] = explanation.evidence
    if not evidence:
        plain = explanation.confidence is Confidence.PROVED
        return () if plain else (explanation.confidence.value,)
    return (f"{explanation.confidence.value}: {evidence[0]}", *evidence[1:])
