"""Former codes of rules: still understood, and reported with the present ones."""

from __future__ import annotations

import json

import assay
from assay.cli.schema import schema_text
from assay.spec.rulebook import all_rules, renamed_codes

SPEC = "variables:\n  TOKEN: {type: text, secret: true}\n"
WAIVER = "waivers:\n  - {rule: variable-line-end, subject: TOKEN, reason: 'Accepted.'}\n"


def test_no_former_code_is_in_use_again():
    former = [old for rule in all_rules().values() for old in rule.formerly]
    assert set(former).isdisjoint(all_rules())
    assert len(former) == len(set(former)) == len(renamed_codes())
    assert renamed_codes()["variable-line-end"] == "variable-newline"


def test_explain_understands_a_former_code(project):
    ran = project.run("explain", "variable-line-end")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("variable-newline (error, format)\n\n  formerly  variable-line-end\n")
    [rule] = json.loads(project.run("explain", "variable-line-end", "--format", "json").out)
    assert (rule["code"], rule["formerly"]) == ("variable-newline", ["variable-line-end"])


def test_a_waiver_with_a_former_code_waives_and_says_the_new_one(project):
    project.spec(SPEC + WAIVER)
    project.env('TOKEN="kV9sTz2QqWm4Xp7LrB1n\\n"\n')
    ran = project.run("check")
    assert ran.code == 0, ran.said
    said = "waived[variable-newline]: TOKEN: Accepted.; "
    assert f"{said}variable-line-end is now called variable-newline" in ran.out


def test_a_waiver_with_a_former_code_must_still_name_a_subject(project):
    project.spec(SPEC + WAIVER.replace("subject: TOKEN", "subject: TOKN"))
    ran = project.run("lint")
    assert ran.code == 2
    assert "did you mean TOKEN?" in ran.out


def test_lint_warns_of_former_codes_and_passes(project):
    project.spec(SPEC + WAIVER)
    ran = project.run("lint", "--format", "json")
    assert ran.code == 0
    [finding] = json.loads(ran.out)["findings"]
    assert (finding["rule"], finding["severity"]) == ("spec-renamed-rule", "warning")
    [same] = assay.lint(working=str(project.folder)).findings
    assert same.message == "variable-line-end is now called variable-newline"
    assert project.run("lint", "--quiet").said == ""


def test_lint_names_the_project_of_a_former_code(project):
    project.spec(SPEC, "apps/api/specs/api.yaml")
    project.spec(SPEC + WAIVER, "apps/web/specs/web.yaml")
    ran = project.run("lint", "--all")
    assert ran.code == 0, ran.said
    assert "--> apps/web/specs/web.yaml:5:12\n" in ran.out
    assert "the spec in apps/api is valid" in ran.out


def test_a_test_may_expect_a_former_code(project):
    project.spec(SPEC)
    values = '{TOKEN: "kV9sTz2QqWm4Xp7LrB1n\\n"}'
    finding = "findings: [{variable-line-end: TOKEN}]"
    project.write(
        "specs/tests/app.yaml",
        f"assay: 1\ntests:\n  - name: a newline\n    values: {values}\n    {finding}\n",
    )
    ran = project.run("test")
    assert ran.code == 0, ran.said
    place = "specs/tests/app.yaml:5:17"
    assert f"warning: {place}: variable-line-end is now called variable-newline\n" in ran.out
    report = json.loads(project.run("test", "--format", "json").out)
    warned = [finding for finding in report["findings"] if finding["outcome"] == "fail"]
    assert [(one["rule"], one["environment"]) for one in warned] == [
        ("spec-renamed-rule", "specs/tests/app.yaml")
    ]


def test_a_line_with_values_is_not_quoted_for_its_former_code(project):
    project.spec(SPEC)
    project.write(
        "specs/tests/app.yaml",
        "assay: 1\ntests:\n"
        '  - {name: a newline, values: {TOKEN: "kV9sTz2QqWm4\\n"}, '
        "findings: [{variable-line-end: TOKEN}]}\n",
    )
    for form in ("text", "github", "sarif", "html"):
        assert "kV9sTz2QqWm4" not in project.run("test", "--format", form).said


def test_editors_strike_a_former_code_through():
    finding = json.loads(schema_text("tests"))["$defs"]["finding"]["properties"]
    assert finding["variable-line-end"]["deprecated"] is True
    assert finding["variable-line-end"]["description"] == "Now called `variable-newline`."


def test_sarif_lists_former_codes(project):
    project.spec(SPEC)
    project.env('TOKEN="kV9sTz2QqWm4Xp7LrB1n\\n"\n')
    [run] = json.loads(project.run("check", "--format", "sarif").out)["runs"]
    [rule] = run["tool"]["driver"]["rules"]
    assert (rule["id"], rule["deprecatedIds"]) == ("variable-newline", ["variable-line-end"])
