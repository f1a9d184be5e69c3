"""Rows are called what people call them."""

from __future__ import annotations

import pytest

from assay.crypto.autopsy import Cause, CauseCode, Cluster, Confidence, rows_in_words

CAUSE = Cause.of(CauseCode.EMPTY, Confidence.PROVEN)


@pytest.mark.parametrize(
    ("count", "total", "identities", "shared", "words"),
    [
        (214, 214, [("1",)], None, "214 of 214 rows"),
        (1, 1, [("3",)], None, "row 3"),
        (1, 1, [()], None, "1 of 1 row"),
        (1, 214, [("3",)], None, "row 3"),
        (2, 214, [("17",), ("90",)], None, "rows 17 and 90"),
        (3, 214, [("3",), ("17",), ("90",)], None, "rows 3, 17 and 90"),
        (1, 9, [("9", "live")], None, "row 9/live"),
        (40, 214, [("9", "1")], (0, "9"), "rows of tenant 9"),
        (1, 214, [("9", "1")], (0, "9"), "row 9/1"),
        (40, 214, [("1",), ("2",), ("3",), ("4",)], None, "40 of 214 rows, the first 1, 2 and 3"),
        (40, 214, [], None, "40 of 214 rows"),
        (1, 214, [()], None, "1 of 214 rows"),
    ],
)
def test_rows_are_named_where_they_are_few(count, total, identities, shared, words):
    cluster = Cluster(cause=CAUSE, count=count, identities=tuple(identities), shared=shared)
    assert rows_in_words(cluster, total, ("tenant_id", "id")) == words


@pytest.mark.parametrize(
    ("column", "words"),
    [("tenant_id", "tenant"), ("tenantId", "tenant"), ("region", "region"), ("_id", "_id")],
)
def test_what_rows_share_is_called_by_its_column(column, words):
    cluster = Cluster(cause=CAUSE, count=2, shared=(0, "9"))
    assert rows_in_words(cluster, 5, (column,)) == f"rows of {words} 9"
