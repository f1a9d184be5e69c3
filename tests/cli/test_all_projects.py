"""`--all`: every project of a monorepo in one run and one report."""

from __future__ import annotations

import json

import pytest

SHARED = "assay: 1\nvariables:\n  DATABASE_URL: {type: postgres}\n"
ENVIRONMENTS = "environments:\n  development: {values: [{dotenv: .env}]}\n"


@pytest.fixture(autouse=True)
def _monorepo(project):
    project.write("shared/database.yaml", SHARED)
    imports = "imports: [../../../shared/database.yaml]\n"
    live = "  production: {values: [{dotenv: .env.production}]}\n"
    project.spec(f"{imports}{ENVIRONMENTS}", "apps/web/specs/web.yaml")
    project.spec(f"{imports}{ENVIRONMENTS}{live}variables: {{PORT: {{type: port}}}}\n",
                 "apps/api/specs/api.yaml")  # fmt: skip
    url = "DATABASE_URL=postgres://shop:kV9sTz2QqW@db.internal/shop\n"
    project.env(url, "apps/web/.env")
    project.env(f"{url}PORT=80\n", "apps/api/.env")
    project.env(f"{url}PORT=80\n", "apps/api/.env.production")


def test_all_projects_are_checked_in_one_report(project):
    ran = project.run("check", "--all")
    assert (ran.code, ran.err) == (0, "")
    for label in ("apps/api: development", "apps/api: production", "apps/web: development"):
        assert label in ran.out


def test_a_finding_names_its_project_and_its_place_from_here(project):
    project.env("DATABASE_URL=mysql://db/shop\nPORT=80\n", "apps/api/.env")
    ran = project.run("check", "--all")
    assert ran.code == 1
    assert "apps/api: development" in ran.out
    assert "--> apps/api/.env:1:" in ran.out
    assert "declared here: shared/database.yaml:3:3" in ran.out
    found = json.loads(project.run("check", "--all", "--format", "json").out)["findings"]
    failed = [finding for finding in found if finding["outcome"] == "fail"]
    assert {finding["environment"] for finding in failed} == {"apps/api: development"}


def test_an_environment_is_checked_where_it_is(project):
    ran = project.run("check", "--all", "production")
    assert (ran.code, "apps/web" in ran.out) == (0, False)
    ran = project.run("check", "--all", "prodction")
    assert ran.code == 2
    assert "no project has an environment prodction: did you mean production?" in ran.err


def test_a_selection_counts_where_it_selects_something(project):
    ran = project.run("check", "--all", "--only", "PORT")
    assert (ran.code, "apps/web" in ran.out) == (0, False)
    assert project.run("check", "--all", "--only", "NOPE").code == 2


def test_the_problems_of_all_specs_come_together(project):
    project.spec("variables: {A: {type: prt}}\n", "apps/api/specs/api.yaml")
    project.spec("variables: {A: {type: enm}}\n", "apps/web/specs/web.yaml")
    for command in ("check", "lint"):
        ran = project.run(command, "--all")
        assert ran.code == 2
        assert "apps/api/specs/api.yaml:2:" in ran.said
        assert "apps/web/specs/web.yaml:2:" in ran.said


def test_all_specs_are_linted(project):
    ran = project.run("lint", "--all")
    assert (ran.code, ran.err) == (0, "")
    assert "the spec in apps/api is valid: 2 environments" in ran.out
    assert "the spec in apps/web is valid: 1 environment," in ran.out
    assert project.run("lint", "--all", "-q").said == ""
    assert json.loads(project.run("lint", "--all", "--format", "json").out)["findings"] == []


def test_a_folder_of_specs_that_others_import_is_no_project(project):
    project.write("packages/base/specs/base.yaml", "assay: 1\nvariables: {LEVEL: {}}\n")
    project.spec(
        f"imports: [../../../packages/base/specs/base.yaml]\n{ENVIRONMENTS}",
        "apps/web/specs/web.yaml",
    )
    project.env("LEVEL=info\n", "apps/web/.env")
    ran = project.run("check", "--all")
    assert (ran.code, "packages" in ran.out) == (0, False)


def test_the_folder_itself_is_one_of_them_and_fixture_tests_are_none(project):
    project.spec(f"{ENVIRONMENTS}variables: {{A: {{}}}}\n")
    project.write("specs/tests/a.yaml", "assay: 1\ntests: []\n")
    project.env("A=1\n")
    ran = project.run("check", "--all")
    assert ran.code == 0
    assert "in apps/api: development" in ran.out or "development" in ran.out
    report = json.loads(project.run("check", "--all", "--format", "json").out)
    assert "development" in report["environments"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--spec", "x.yaml"], "--all and --spec can't be combined"),
        (["--watch"], "--all and --watch can't be combined"),
    ],
)
def test_options_that_contradict_are_refused(project, words, message):
    ran = project.run("check", "--all", *words)
    assert ran.code == 2
    assert message in ran.err


def test_no_project_at_all_is_said(project):
    (project.folder / "empty").mkdir()
    for file in project.folder.glob("apps/*/specs/*"):
        file.unlink()
    ran = project.run("check", "--all")
    assert ran.code == 2
    assert "there is no spec in this folder or below\n  help: Run `assay init`" in ran.err


def test_no_secret_shows(project):
    project.env("DATABASE_URL=postgres://shop:kV9sTz2QqW@/\nPORT=x\n", "apps/api/.env")
    for format_ in ("text", "json", "sarif"):
        assert "kV9sTz2QqW" not in project.run("check", "--all", "-v", "--format", format_).said


def test_projects_do_not_spell_a_secret_together(project):
    def specs(letters: str) -> None:
        for letter in letters:
            project.spec(
                "environments: {ci: {values: [process]}}\n"
                f"variables: {{SECRET: {{secret: true, pattern: '{letter}.*'}}}}\n",
                f"{letter}/specs/app.yaml",
            )

    specs("abcd")
    assert project.run("check", "--all", environ={"SECRET": "dusk-velvet"}).code == 1
    specs("e")
    ran = project.run("check", "--all", environ={"SECRET": "dusk-velvet"})
    assert ran.code == 2
    assert "check it in 5 different ways" in " ".join(ran.said.split())
