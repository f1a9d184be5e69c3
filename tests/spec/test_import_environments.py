"""An environment or a policy of an import is weakened only where the spec says so."""

from __future__ import annotations

import pytest

import assay

WEAKER = "loosens what the imported spec demands"


def lint(project, imported, own):
    project.write("base.yaml", imported)
    project.spec(f"imports: [../base.yaml]\n{own}")
    return project.run("lint")


@pytest.mark.parametrize(
    ("imported", "own"),
    [
        ("live: true", "live: false"),
        ("undeclared: fail", "undeclared: ignore"),
        ("undeclared: fail", "undeclared: warn"),
        ("undeclared: warn", "undeclared: ignore"),
        ("undeclared: {prefixes: {A_: fail}}", "undeclared: {prefixes: {A_: warn}}"),
        ("undeclared: {prefixes: {A_: fail}}", "undeclared: {prefixes: {A_B: ignore}}"),
        ("undeclared: {prefixes: {A_: fail}}", "undeclared: fail"),
        ("undeclared: fail", "undeclared: {prefixes: {A_: fail}}"),
        ("undeclared: fail", "undeclared: {default: fail, prefixes: {A_: ignore}}"),
    ],
)
def test_an_imported_environment_that_becomes_weaker_is_told(project, imported, own):
    imported = f"environments: {{production: {{values: [process], {imported}}}}}"
    field = own.partition(":")[0]
    ran = lint(project, imported, f"environments: {{production: {{{own}}}}}")
    assert ran.code == 2
    assert f"error[spec-loosened]: production {WEAKER}: {field}\n  --> specs/app.yaml" in ran.out
    assert "imported from here: base.yaml:1:" in ran.out
    assert f"list it: `loosens: [{field}]`" in ran.said
    admitted = f"environments: {{production: {{{own}, loosens: [{field}]}}}}"
    assert lint(project, imported, admitted).code == 0


@pytest.mark.parametrize(
    ("imported", "own"),
    [
        ("live: false", "live: true"),
        ("description: x", "live: false"),
        ("live: true", "live: true"),
        ("live: true", "values: [{dotenv: .env}]"),
        ("undeclared: warn", "undeclared: fail"),
        ("undeclared: ignore", "undeclared: {prefixes: {A_: fail}}"),
        ("undeclared: {prefixes: {A_: warn}}", "undeclared: {default: fail, prefixes: {A_: fail}}"),
        ("live: true", "undeclared: ignore"),
    ],
)
def test_an_imported_environment_may_become_stricter(project, imported, own):
    imported = f"environments: {{production: {{values: [process], {imported}}}}}"
    assert lint(project, imported, f"environments: {{production: {{{own}}}}}").code == 0


def test_an_imported_policy_of_the_project_is_not_weakened_in_silence(project):
    ran = lint(project, "undeclared: fail", "undeclared: ignore")
    assert ran.code == 2
    assert f"error[spec-loosened]: the spec {WEAKER}: undeclared\n  --> specs/app.yaml:3" in ran.out
    assert "write `loosens: [undeclared]` at the top level" in ran.said
    assert lint(project, "undeclared: fail", "undeclared: ignore\nloosens: [undeclared]").code == 0
    assert assay.load(working=str(project.folder)).undeclared == "ignore"


@pytest.mark.parametrize("known", [True, False])
def test_no_environment_relaxes_an_imported_policy_of_the_project(project, known):
    imported = "undeclared: fail" + ("\nenvironments: {dev: {values: [process]}}" if known else "")
    own = "environments: {dev: {values: [process], undeclared: %s}}"
    ran = lint(project, imported, own % "warn")
    assert f"error[spec-loosened]: dev {WEAKER}: undeclared" in ran.out
    assert "imported from here: base.yaml:1:" in ran.out
    assert lint(project, imported, own % "warn, loosens: [undeclared]").code == 0
    assert lint(project, imported, own % "{prefixes: {A_: fail}}").code == 0


def test_an_import_that_relaxes_what_it_imports_is_told(project):
    project.write("far.yaml", "undeclared: fail")
    ran = lint(project, "imports: [far.yaml]\nundeclared: warn", "variables: {A: }")
    assert f"the spec {WEAKER}: undeclared\n  --> base.yaml:2" in ran.out


@pytest.mark.parametrize("order", ["left, right", "right, left"])
def test_the_stricter_policy_of_two_imports_holds(project, order):
    project.write("left.yaml", "undeclared: fail")
    project.write("right.yaml", "undeclared: warn\nenvironments: {dev: {undeclared: ignore}}")
    names = ", ".join(f"../{name}.yaml" for name in order.split(", "))
    project.spec(f"imports: [{names}]")
    assert project.run("lint").code == 0
    assert assay.load(working=str(project.folder)).undeclared == "fail"


def test_a_policy_that_is_none_is_only_called_that(project):
    ran = lint(project, "undeclared: fail", "undeclared: strict")
    assert WEAKER not in ran.out
    assert ran.code == 2
    own = "environments: {dev: {values: [process], undeclared: 5}}"
    assert WEAKER not in lint(project, "undeclared: fail", own).out


def test_only_what_an_import_declares_can_be_loosened(project):
    ran = lint(project, "variables: {A: }", "environments: {dev: {values: [], loosens: [live]}}")
    assert "dev has `loosens`, but no imported spec declares dev" in ran.out
