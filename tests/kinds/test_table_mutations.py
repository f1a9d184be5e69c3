"""A table is clean by the spec that was made of it, and each single change breaks one rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kinds.live import World, failures, judged
from tests.kinds.tables import (
    ASPECTS,
    HEAD,
    MUTATIONS,
    UNTOLD,
    VALUES,
    changed,
    spec_of,
    structure,
    tables,
    with_column,
)

from assay.model import Outcome

if TYPE_CHECKING:
    from assay.databases.model import FoundTable


def judge(declared: FoundTable, found: FoundTable) -> tuple[list[tuple[str, str]], list[str], str]:
    """The failures, what is unknown, and all that was said."""
    report = judged(HEAD + spec_of(declared), World({"": structure(found)}, values=VALUES))
    unknown = [f.message for f in report.findings if f.outcome is Outcome.UNKNOWN]
    said = " ".join(f.message + f.remedy for f in report.findings)
    return failures(report), unknown, said


@settings(max_examples=25)
@given(tables())
def test_a_table_is_clean_by_the_spec_that_was_made_of_it(table):
    assert judge(table, table)[:2] == ([], [])


@pytest.mark.parametrize("name", MUTATIONS)
@settings(max_examples=5)
@given(table=tables())
def test_each_single_change_breaks_exactly_the_rule_that_it_is_about(name, table):
    made = MUTATIONS[name](table)
    if made is None:
        return
    found, rule, about = made
    broken, unknown, said = judge(table, found)
    assert broken == [(rule, f"tenants.{about}" if about else "tenants")]
    assert unknown == []
    assert "hunter2" not in said
    assert not set("{}") & set(said)


@settings(max_examples=40)
@given(tables(), st.sampled_from(ASPECTS), st.sampled_from(sorted(MUTATIONS)))
def test_what_is_not_told_is_unknown_and_hides_nothing_else(table, aspect, name):
    made = MUTATIONS[name](table)
    found, rule, about = made or (table, "", "")
    broken, unknown, _ = judge(table, changed(found, **{aspect: UNTOLD}))
    if rule in ("table-missing", "table-wrong-kind"):  # of those all else is a consequence
        assert (broken, unknown) == ([(rule, f"tenants.{about}".rstrip("."))], [])
        return
    groups = {"primary_key": (table.primary_key,), "unique": table.unique}.get(aspect, ("",))
    if rule == "column-missing" and all(about in group for group in groups):
        assert unknown == []  # what lacks a column is reported as that alone
    else:
        assert len(unknown) == 1
        assert UNTOLD.reason in unknown[0]
    expected = [(rule, f"tenants.{about}")] if rule else []
    assert [found for found in broken if found not in expected] == []
    hidden = aspect in _HIDES.get(rule, ()) or (aspect == "columns" and rule[:6] == "column")
    assert hidden or broken == expected


_HIDES = {
    "column-wrong-options": ("columns",),
    "column-nullable": ("columns",),
    "table-check-missing": ("checks",),
    "table-foreign-key-missing": ("foreign_keys",),
    "table-grant-excess": ("grants",),
    "table-grant-missing": ("grants",),
    "table-grant-undeclared": ("grants",),
    "table-index-missing": ("indexes",),
    "table-not-unique": ("unique", "primary_key"),
    "table-policy-differs": ("policies",),
    "table-policy-missing": ("policies",),
    "table-policy-undeclared": ("policies",),
    "table-row-security-off": ("row_security",),
    "table-row-security-on": ("row_security",),
    "table-wrong-on-delete": ("foreign_keys",),
    "table-wrong-primary-key": ("primary_key",),
}
"""Rules, and the aspects without which they can't be told."""


@pytest.mark.parametrize("field", ["type", "nullable", "default"])
@settings(max_examples=5)
@given(table=tables())
def test_what_is_not_told_of_one_column_is_unknown(field, table):
    broken, unknown, _ = judge(table, with_column(table, "level", **{field: UNTOLD}))
    assert broken == []
    assert len(unknown) == 1
