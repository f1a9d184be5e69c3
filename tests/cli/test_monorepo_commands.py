"""In a repository of several projects, commands find the project that a file belongs to."""

from __future__ import annotations

import pytest

SPEC = """
environments: {development: {values: [{dotenv: .env}]}}
variables: {PORT: {type: port}}
documents: {.env.example: env-example}
"""
TESTS = """
assay: 1
tests:
  - {name: a port is a number, values: {PORT: eighty}, findings: [{port-out-of-range: PORT}]}
"""


@pytest.fixture(autouse=True)
def _projects(project):
    (project.folder / ".git").mkdir()
    for name in ("web", "api"):
        project.spec(SPEC, f"apps/{name}/specs/app.yaml")
        project.env("PORT=80\n", f"apps/{name}/.env")


def test_the_hook_judges_a_file_by_its_own_project(project):
    for _ in range(2):  # the second time by what is remembered
        assert project.run("hook", "apps/web/.env", "apps/api/.env") == (0, "", "")
    project.env("PORT=99999\n", "apps/web/.env")
    ran = project.run("hook", "apps/web/.env", "apps/api/.env")
    assert ran.code == 1
    assert "--> apps/web/.env:1:6" in ran.out
    assert "declared here: apps/web/specs/app.yaml" in ran.out
    assert "apps/web: development" in ran.out
    alone = project.run("hook", "apps/web/.env")
    assert "--> apps/web/.env:1:6" in alone.out


def test_a_file_that_several_projects_read_is_judged_by_all_on_demand(project):
    shared = SPEC.replace("dotenv: .env", "dotenv: ../../shared.env")
    project.spec(shared, "apps/web/specs/app.yaml")
    project.spec(shared.replace("port}", "port, maximum: 100}"), "apps/api/specs/app.yaml")
    project.spec("variables: {PORT: {type: integer, maximum: 100}}", "apps/api/specs/app.yaml")
    project.env("PORT=99999\n", "shared.env")
    assert project.run("hook", "shared.env").code == 2  # no project is at or above it
    ran = project.run("hook", "--all", "shared.env")
    assert ran.code == 1
    assert "apps/web: development" in ran.out


def test_a_file_that_is_not_there_is_named(project):
    ran = project.run("hook", "apps/web/.env.missing")
    assert ran.code == 1
    assert ".env.missing does not exist" in ran.out
    assert "optional" not in ran.out


def test_a_file_of_no_project_is_judged_by_that_of_the_working_folder(project):
    project.spec(SPEC)
    project.env("PORT=99999\n", "elsewhere/x.env")
    ran = project.run("hook", "elsewhere/x.env")
    assert ran.code == 1
    assert "--> elsewhere/x.env:1:6" in ran.out


def test_the_documents_of_all_projects_are_written_and_checked(project):
    ran = project.run("docs", "--all", "--check")
    assert ran.code == 1
    assert project.run("docs", "--all").out.count(".env.example written") == 2
    assert project.run("docs", "--all", "--check").code == 0
    assert project.run("docs", "--all", "--check", "--quiet").out == ""
    assert project.run("docs", "--all", ".env.example").code == 2


def test_the_fixture_tests_of_all_projects_run(project):
    assert project.run("test", "--all").code == 2
    project.write("apps/web/specs/tests/a.yaml", TESTS)
    ran = project.run("test", "--all")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("apps/web:\n1 test passed")
    project.write("apps/api/specs/tests/a.yaml", TESTS.replace("eighty", "80"))
    ran = project.run("test", "--all")
    assert ran.code == 1
    assert "apps/api:" in ran.out
    assert project.run("test", "--all", "apps/api/specs/tests/a.yaml").code == 2


def test_an_invalid_fixture_test_is_named_with_its_project(project):
    project.write("apps/api/specs/tests/a.yaml", "tests: {good: {}}\n")
    ran = project.run("test", "--all")
    assert ran.code == 2
    assert "--> apps/api/specs/tests/a.yaml:1:1" in ran.err
    assert "1 | tests: {good: {}}" in ran.err
