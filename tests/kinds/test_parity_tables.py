"""Parity of tables: where it is not checked, and what is left alone."""

from __future__ import annotations

import json

import pytest

import assay

SPEC = """\
environments:
  a: {values: [{dotenv: a.env}]}
  b: {values: [{dotenv: b.env}]}
  c: {values: [{dotenv: c.env}]}
variables: {URL: {required: false}}
databases: {main: {sql: {url: URL}}}
parity:
  first: {between: [a, b], tables: PLACE}
  second: {between: [a, b, c], tables: same, severity: warning}
"""
TABLES = "create table t (id integer primary key, n text);"


@pytest.fixture
def three(project):
    project.spec(SPEC.replace("PLACE", "same"))
    for name in "abc":
        project.env(f"URL=sqlite:///{name}.db\n", f"{name}.env")
        project.database(f"{name}.db", TABLES)
    return project


def found(project, *argv: str) -> list[tuple[str, str, str, str]]:
    """Outcome, rule, severity and environments of each finding about parity."""
    ran = project.run("check", *argv, "--format", "json")
    return sorted(
        (f["outcome"], f["rule"] or "", f["severity"], f["environment"])
        for f in json.loads(ran.out)["findings"]
        if f["kind"] == "parity"
    )


def test_the_first_entry_that_speaks_of_two_environments_wins(three):
    three.database("b.db", "alter table t add column more text;")
    assert found(three) == [
        ("fail", "parity-column-missing", "error", "a, b"),
        ("fail", "parity-column-missing", "warning", "a, b, c"),
    ]
    three.spec(SPEC.replace("PLACE", "any"))
    assert found(three) == [("fail", "parity-column-missing", "warning", "a, b, c")]


@pytest.mark.parametrize(
    ("tables", "outcome"),
    [
        ("same", "fail"),
        ("any", None),
        ("{t: any, default: same}", "pass"),
        ("{'t*': any, default: same}", "pass"),
        ("{'*': any, t: same}", "fail"),
        ("{'t*': same}", "fail"),
        ("{other: same}", "pass"),
        ("[t]", "fail"),
        ("[other, 't*']", "fail"),
        ("[other]", "pass"),
    ],
)
def test_the_closest_name_decides(three, tables, outcome):
    text = SPEC.replace("PLACE", tables).partition("  second")[0]
    three.spec(text)
    three.database("b.db", "alter table t add column more text;")
    assert [one[0] for one in found(three)] == ([outcome] if outcome else [])


def test_a_database_that_is_not_set_up_is_left_out(three):
    three.env("#\n", "b.env")
    assert found(three, "a", "b") == [("skip", "", "error", "a, b")]
    assert ("pass", "", "error", "a, b, c") in found(three)


def test_a_database_that_fails_makes_one_failure_and_a_skip(three):
    (three.folder / "b.db").unlink()
    ran = three.run("check", "a", "b")
    assert ran.code == 1
    assert "1 error" in ran.out
    assert "skipped: 1 check, because database main: the file in URL does not exist" in ran.out


def test_what_a_condition_hides_is_unknown(three):
    three.spec(
        SPEC.replace("{url: URL}}", "{url: URL}, when: MODE == 'x'}")
        .replace("variables: {", "variables: {MODE: {required: false}, ")
        .replace("PLACE", "same")
    )
    assert {one[0] for one in found(three)} == {"skip"}


def test_tables_are_not_compared_where_nothing_may_be_contacted(three):
    spec = assay.load(working=str(three.folder))
    report = assay.run(spec, offline=True)
    assert [f.subject for f in report.findings if f.kind == "parity"] == []
    three.write(
        "specs/tests/a.yaml",
        "assay: 1\ntests:\n  - name: nothing is wrong\n    environments:\n"
        "      a: {URL: 'sqlite:///a.db'}\n      b: {URL: 'sqlite:///b.db'}\n    findings: []\n",
    )
    ran = three.run("test")
    assert ran.code == 0, ran.said
