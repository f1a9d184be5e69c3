"""`assay diff --all`: each project of a monorepo has a matrix of its own."""

from __future__ import annotations

import json

import pytest

SPEC = """\
assay: 1
environments:
  dev: {values: [{dotenv: .env}]}
  prod: {values: [{dotenv: prod.env}]}
variables:
  MODE: {parity: same}
  %s: {}
"""


@pytest.fixture
def shops(project):
    (project.folder / ".git").mkdir()
    for folder, own, mode in (("apps/api", "PORT", "b"), ("apps/web", "SITE", "a")):
        project.write(f"{folder}/specs/app.yaml", SPEC % own)
        project.env(f"MODE=a\n{own}=1\n", f"{folder}/.env")
        project.env(f"MODE={mode}\n{own}=1\n", f"{folder}/prod.env")
    project.write("lib/specs/app.yaml", "assay: 1\nvariables: {X: {default: 1}}\n")
    return project


def test_each_project_that_has_the_environments_is_compared(shops):
    ran = shops.run("diff", "dev", "prod", "--all")
    assert ran.code == 1
    api, web = ran.out.split("apps/web:\n")
    assert api.startswith("apps/api:\n")
    assert "same: broken" in api
    assert "2 names compared: all match" in web
    assert "lib" not in ran.out
    assert "SITE" in shops.run("diff", "dev", "prod", "--all", "--matching").out


def test_the_worst_project_decides(shops):
    shops.env("MODE=a\nPORT=1\n", "apps/api/prod.env")
    assert shops.run("diff", "dev", "prod", "--all").code == 0
    (shops.folder / "apps/web/prod.env").unlink()
    assert shops.run("diff", "dev", "prod", "--all").code == 3
    shops.env("MODE=b\nPORT=1\n", "apps/api/prod.env")
    assert shops.run("diff", "dev", "prod", "--all").code == 1


def test_programs_get_a_list_of_projects_and_people_headings(shops):
    told = json.loads(shops.run("diff", "dev", "prod", "--all", "--format", "json").out)
    assert told["exit-code"] == 1
    assert [(p["folder"], p["exit-code"]) for p in told["projects"]] == [
        ("apps/api", 1),
        ("apps/web", 0),
    ]
    assert told["projects"][0]["rows"][0]["name"] == "MODE"
    markdown = shops.run("diff", "dev", "prod", "--all", "--format", "markdown").out
    assert markdown.startswith("## `apps/api`\n\n| name |")
    assert "\n\n## `apps/web`\n\n- 2 names compared" in markdown


def test_only_may_select_in_one_project(shops):
    ran = shops.run("diff", "dev", "prod", "--all", "--only", "SITE", "--matching")
    assert ran.code == 0
    assert ran.out.startswith("apps/web:\n")
    assert "apps/api" not in ran.out
    ran = shops.run("diff", "dev", "prod", "--all", "--only", "SIET")
    assert ran.code == 2
    assert "--only SIET selects nothing: did you mean SITE?" in ran.err


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("dev", "prdo"), "no project has an environment prdo: did you mean prod?"),
        (("dev", "s.json"), "no project has an environment s.json"),
        (("dev", "default"), "no project has all of dev and default"),
        (("dev",), "there is nothing to compare dev with"),
        (("dev", "prod", "--spec", "lib/specs"), "--all and --spec can't be combined"),
    ],
)
def test_what_no_project_can_compare_is_told(shops, argv, said):
    ran = shops.run("diff", *argv, "--all")
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err


def test_without_a_spec_here_the_option_is_named(shops):
    assert "--all" in shops.run("diff", "dev", "prod").err
