"""What looks like a fault and is none: forms that a spec or a standard prescribes."""

from __future__ import annotations

import json

import pytest

import assay


def rules(project, variable: str, value: str) -> list[str]:
    """The rules that one variable's value breaks."""
    project.spec(
        f"variables: {{V: {variable}}}\nenvironments: {{dev: {{values: [{{dotenv: .env}}]}}}}\n"
    )
    project.env(f"V={value}\n")
    report = json.loads(project.run("check", "--format", "json").out)
    return [finding["rule"] for finding in report["findings"] if finding["rule"]]


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("{type: json}", "'\"text\"'", []),
        ("{type: text}", "'\"text\"'", ["variable-quoted"]),
        ("{secret: true, pattern: '[0-9]{6}'}", "481593", []),
        ("{secret: true}", "481593", ["variable-low-entropy"]),
        ("{secret: true, pattern: '[0-9]{6}'}", "123456", ["variable-weak"]),
        ("{type: postgres}", "postgresql+asyncpg://app:pw8sTz@db.acme.io/app", []),
        ("{type: mysql}", "mysql+pymysql://app:pw8sTz@db.acme.io/app", []),
        ("{type: postgres}", "mysql://app:pw8sTz@db.acme.io/app", ["connection-scheme"]),
        (
            "{type: postgres, schemes: [postgresql]}",
            "postgresql+asyncpg://app:pw8sTz@db.acme.io/app",
            ["connection-scheme"],
        ),
    ],
)
def test_a_prescribed_form_is_no_fault(project, variable, value, expected):
    assert rules(project, variable, value) == expected


def test_a_nil_uuid_is_only_warned_of(project):
    assert rules(project, "{type: uuid}", "00000000-0000-0000-0000-000000000000") == ["uuid-nil"]
    assert project.run("check").code == 0
    assert project.run("check", "--fail-on", "warning").code == 1


def test_a_line_that_is_expanded_is_not_shown(project):
    """Its raw text may hold a default or a message, which may be a secret."""
    project.spec(
        "variables: {PORT: {type: port}}\n"
        "environments: {dev: {values: [{dotenv: {path: .env, dialect: compose}}]}}\n"
    )
    project.env("PORT=${NONE:-hK9xQ2mZ7vLpR4wT}\n")
    ran = project.run("check")
    assert "error[port-out-of-range]" in ran.out
    assert "hK9xQ2mZ7vLpR4wT" not in ran.out


def test_an_own_policy_lies_over_an_imported_one(project):
    project.spec("undeclared: ignore\nvariables: {A: {required: false}}\n", "lib/base.yaml")
    project.spec(
        "imports: [../lib/base.yaml]\nundeclared: fail\n"
        "environments: {dev: {values: [{dotenv: .env}]}}\n"
    )
    project.env("OTHER=1\n")
    ran = project.run("check")
    assert ran.code == 1
    assert "error[variable-undeclared]" in ran.out


def test_two_own_policies_clash(project):
    project.spec("undeclared: ignore\nvariables: {A: {required: false}}\n", "specs/a.yaml")
    project.spec("undeclared: fail\nvariables: {B: {required: false}}\n", "specs/b.yaml")
    ran = project.run("lint")
    assert ran.code == 2
    assert "undeclared is declared twice" in ran.out


def test_one_environment_may_be_named_without_a_list(project):
    project.spec("environments: {dev: {values: []}, prod: {values: []}}\nvariables: {}\n")
    spec = assay.load(working=str(project.folder))
    assert assay.run(spec, environments="dev").environments == ("dev",)


def test_an_invalid_spec_says_why_in_its_exception(tmp_path):
    with pytest.raises(assay.SpecError, match="the spec has 1 problem: nope can't be read"):
        assay.load("nope", working=str(tmp_path))
