"""Violations of stored credentials: one for each cause, with its rows and its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from assay.crypto.autopsy import CauseCode, Confidence
from assay.crypto.autopsy.population import rows_in_words
from assay.kinds.credential.rules import BY_CAUSE, COLUMN_MISSING, OF_ALL_ROWS
from assay.kinds.credential.spec import Credential
from assay.kinds.credential.standing import standing
from assay.suggest import closest
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.crypto.autopsy import Cause, Cluster
    from assay.crypto.examination import Census, ColumnCensus, Columnless, Examination
    from assay.model import Violation
    from assay.spec.document import Spec


def violation_of(cause: Cause, among: str = "", **about: str) -> Violation:
    """The violation that a cause is; `about` is what its rule's templates take of the rows.

    `among` is how the other rows stand, if that is known.
    """
    values = cause.filled
    told = (cause.case, "counted" * ("amount" in values), "placed" * ("place" in values))
    case = "-".join(filter(None, told))
    rule = BY_CAUSE[cause.code]
    wanted = (f"{cause.case}-{among}", cause.case, among) if among else (cause.case,)
    advice = next((one for one in wanted if one in rule.remedies), "")
    violation = rule.violated(case=case, advice=advice)
    return violation.with_values(**about).with_values(**values)


def violations(name: str, census: Census, asked: Examination, spec: Spec) -> Iterator[Violation]:
    """One violation for each cause; columns that have it in the same rows share one."""
    for columns, cluster, total in merged(census):
        among, healthy = standing(columns, cluster, census, asked, spec)
        violation = violation_of(
            cluster.cause,
            among,
            healthy=healthy,
            column=listed(columns),
            rows=rows_in_words(cluster, total, asked.identity),
            key=asked.key,
            variable=asked.variable,
            environment=asked.environment,
        )
        path: tuple[str, ...] = ("credentials", name)
        if len(columns) == 1:
            section = "metadata" if columns[0] in dict(asked.metadata) else "columns"
            path = (*path, section, columns[0])
        yield msgspec.structs.replace(
            violation,
            subject=f"{name}.{columns[0]}" if len(columns) == 1 else name,
            declared=spec.location(*path, key=True),
            notes=notes(cluster.cause),
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
        similar = closest(column, found.present) or ""
        yield msgspec.structs.replace(
            COLUMN_MISSING.violated(
                case="similar" if similar else "", table=asked.table, column=column, similar=similar
            ),
            subject=f"{name}.{column}",
            declared=spec.location(Credential.section, name, *path, key=True),
        )


def merged(census: Census) -> Iterator[tuple[tuple[str, ...], Cluster, int]]:
    """Each cause with its columns, its rows, and how many rows there are in all of such."""
    groups: dict[object, list[tuple[str, Cluster, int]]] = {}
    for column, counted in census.columns.items():
        for cluster in counted.clusters:
            total = census.rows if cluster.cause.code in OF_ALL_ROWS else filled_rows(counted)
            whole = cluster.count == total
            same = (cluster.cause, cluster.count, cluster.identities, cluster.shared, whole)
            groups.setdefault(same, []).append((column, cluster, total))
    for group in groups.values():
        columns, clusters, totals = zip(*group, strict=True)
        yield columns, clusters[0], max(totals)


def filled_rows(counted: ColumnCensus) -> int:
    """How many rows have something in a column."""
    empty = sum(c.count for c in counted.clusters if c.cause.code is CauseCode.MISSING)
    return counted.opened + counted.failed - empty


def notes(cause: Cause) -> tuple[str, ...]:
    """How sure it is, then the evidence."""
    evidence: Sequence[str] = cause.evidence
    if not evidence:
        plain = cause.confidence is Confidence.PROVEN
        return () if plain else (cause.confidence.value,)
    return (f"{cause.confidence.value}: {evidence[0]}", *evidence[1:])
