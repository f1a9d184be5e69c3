"""Words for rows: `214 of 214 rows`, `rows 17 and 90`, `row 3`, `rows of tenant 9`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.escapes import visible
from assay.words import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.crypto.autopsy.causes import Cluster

NAMED = 5
"""How many rows are called by their names; of more, only the first few."""
_FIRST = 3


def rows_in_words(cluster: Cluster, total: int, columns: Sequence[str] = ()) -> str:
    """Which rows a cluster is, of `total`; `columns` are those that name a row."""
    named = [row_in_words(identity) for identity in cluster.identities]
    known = bool(named) and all(named)
    if cluster.count == total and (total > 1 or not known):
        return f"{total} of {total} rows" if total > 1 else "1 of 1 row"
    if cluster.shared is not None and cluster.count > 1:
        position, value = cluster.shared
        return f"rows of {visible(_thing(columns, position))} {visible(value)}"
    if known and len(named) == cluster.count <= NAMED:
        return f"row {named[0]}" if cluster.count == 1 else f"rows {listed(named)}"
    some = f"{cluster.count} of {total} rows"
    first = named[:_FIRST]
    return f"{some}, the first {listed(first)}" if known and len(first) > 1 else some


def row_in_words(identity: Sequence[str]) -> str:
    """What one row is called: its identity, `9/live` where several columns make it."""
    return visible("/".join(identity))


def _thing(columns: Sequence[str], position: int) -> str:
    """What a column of an identity names: `tenant` of `tenant_id`."""
    name = columns[position] if position < len(columns) else "the same"
    for ending in ("_id", "_uuid", "Id", "_key"):
        if name.endswith(ending) and name != ending:
            return name.removesuffix(ending)
    return name
