"""`assay diff` heeds the waivers that `assay check` heeds, and no others."""

from __future__ import annotations

import json

import pytest
from tests.cli.test_diff_tables import DEV, PROD, database

SPEC = """\
environments:
  dev: {values: [{dotenv: .env}]}
  ci: {values: [{dotenv: ci.env}]}
  prod: {values: [{dotenv: prod.env}]}
variables:
  A: {required: false, %s}
waivers: [{rule: %s, subject: A, reason: the tariff changes in May%s}]
"""


def shop(project, demand="parity: same", rule="parity-differs", more=""):
    project.spec(SPEC % (demand, rule, more))
    project.env("A=1\n")
    project.env("A=1\n", "ci.env")
    project.env("A=2\n", "prod.env")
    return project


def test_a_waived_demand_is_shown_as_such_and_does_not_fail(project):
    ran = shop(project).run("diff", "dev", "prod")
    assert (ran.code, project.run("check").code) == (0, 0)
    assert "same: waived" in ran.out
    assert "parity: 1 waived" in ran.out
    assert "A is waived: the tariff changes in May" in ran.out
    told = json.loads(project.run("diff", "dev", "prod", "--format", "json").out)
    (demand,) = told["rows"][0]["demands"]
    assert (demand["verdict"], demand["waiver"]) == ("waived", "the tariff changes in May")
    assert (told["exit-code"], told["demands"]["waived"]) == (0, 1)


@pytest.mark.parametrize(
    ("demand", "rule", "prod"),
    [
        ("parity: different", "parity-equal", "A=1"),
        ("parity: shape", "parity-unset", ""),
        ("only-in: [dev]", "variable-misplaced", "A=1"),
    ],
)
def test_each_demand_is_waived_by_the_rule_that_it_breaks(project, demand, rule, prod):
    shop(project, demand, rule)
    project.env(f"{prod}\n", "prod.env")
    assert project.run("check", "dev", "prod").code == 0
    assert project.run("diff", "dev", "prod").code == 0


def test_an_entry_of_parity_is_waived_by_its_rule(project):
    shop(project, "description: x", "parity-misplaced")
    text = (project.folder / "specs/app.yaml").read_text()
    project.write(
        "specs/app.yaml",
        text + "parity: {p: {between: [dev, prod], variables: {A: {only-in: [dev]}}}}\n",
    )
    ran = project.run("diff", "dev", "prod")
    assert "only in dev: waived" in ran.out
    assert (ran.code, project.run("check", "dev", "prod").code) == (0, 0)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (", environment: prod", 0),
        (", environment: dev", 0),
        (", environment: ci", 1),
        (", expires: 2020-01-01", 1),
        (", expires: 2999-01-01", 0),
    ],
)
def test_a_waiver_of_another_environment_or_time_does_not_hold(project, more, code):
    shop(project, more=more)
    assert project.run("diff", "dev", "prod").code == code
    assert project.run("check", "dev", "prod").code == code


@pytest.mark.parametrize("rule", ["parity-equal", "variable-weak"])
def test_a_waiver_of_another_rule_does_not_hold(project, rule):
    assert shop(project, rule=rule).run("diff", "dev", "prod").code == 1


def test_what_the_command_line_expects_is_not_waived(project):
    ran = shop(project).run("diff", "dev", "prod", "--expect", "same")
    assert ran.code == 1
    assert "same: broken" in ran.out


def test_a_trait_of_a_table_is_waived(project):
    project.spec("""\
environments:
  dev: {values: [{dotenv: .env}]}
  prod: {values: [{dotenv: prod.env}]}
variables: {URL: {secret: true}}
databases: {main: {sql: {url: URL}}}
tables: {pay: {}, log: {}}
parity: {p: {between: [dev, prod], tables: same}}
waivers:
  - {rule: parity-table-missing, subject: log, reason: it comes with the next release}
  - {rule: parity-column-differs, subject: pay.note, reason: prod is migrated on Monday}
""")
    project.env("URL=sqlite:///dev.db\n")
    project.env("URL=sqlite:///prod.db\n", "prod.env")
    database(project, "dev.db", DEV)
    database(project, "prod.db", PROD)
    ran = project.run("diff", "dev", "prod")
    assert "table log is waived: it comes with the next release" in ran.out
    assert "table pay.note type is waived: prod is migrated on Monday" in ran.out
    assert ran.code == 0
    assert project.run("diff", "dev", "prod", "--expect", "identical").code == 1
