"""`assay hook` reads files and names as `assay check` does, and calls clean nothing that fails."""

from __future__ import annotations

import os

import pytest
from tests.project import Project

PORT = "variables: {PORT: {type: port}, HOST: {type: hostname}}\n"


def agreed(project: Project, *files: str, environment: str = "dev") -> str:
    """What the hook finds in files, which a check fails too."""
    assert project.run("check", environment).code == 1
    fresh, remembered = project.run("hook", *files), project.run("hook", *files)
    assert (fresh.code, fresh.err) == (1, "")
    assert fresh == remembered
    return fresh.out


def reads(path: str, more: str = "") -> str:
    return f"environments: {{dev: {{values: [{{dotenv: {{path: '{path}'{more}}}}}]}}}}\n"


@pytest.mark.parametrize(
    "given", ["../.env", "../../top/.env", "{folder}/.env", "specs/../../.env"]
)
@pytest.mark.parametrize("path", ["../.env", "./..//.env", "{folder}/.env", "up.env", "up/.env"])
def test_a_file_above_the_root_belongs_to_the_environment_that_reads_it(tmp_path, given, path):
    """It lacks HOST, which is known only where the environment is."""
    top = tmp_path / "top"
    project = Project(top / "root")
    path, given = path.format(folder=top), given.format(folder=top)
    project.spec(PORT + reads(path))
    (top / ".env").write_text("PORT=80\n")
    os.symlink("../.env", project.folder / "up.env")
    os.symlink("..", project.folder / "up")
    assert "HOST is not set" in agreed(project, given)


def test_a_path_that_goes_through_a_link_and_back_is_the_file_that_it_leads_to(project):
    project.spec(PORT + reads(".env"))
    project.env("PORT=80\nHOST=a\n")
    project.env("PORT=0\nHOST=a\n", "other/.env")
    (project.folder / "other" / "inner").mkdir()
    os.symlink("other/inner", project.folder / "link")
    ran = project.run("hook", "link/../.env")
    assert ran.code == 1
    assert "port-out-of-range" in ran.out
    assert project.run("hook", ".env").code == 0


def test_each_given_file_is_read_by_the_loader_of_its_source(project):
    """Docker keeps the quotes, so the port is none; the first file is npm dotenv's."""
    project.spec(
        PORT + "environments: {dev: {values: [{dotenv: a.env}, {dotenv: {path: b.env,"
        " dialect: docker}}]}}"
    )
    project.env("HOST=a\n", "a.env")
    project.env("PORT='80'\n", "b.env")
    for files in (("a.env", "b.env"), ("./b.env", "a.env")):
        assert "PORT" in agreed(project, "--env", "dev", *files)


@pytest.mark.parametrize("order", [("a.env", "b.env"), ("b.env", "a.env")])
def test_the_environment_s_order_decides_which_file_wins(project, order):
    project.spec(
        "variables: {PORT: {type: port}}\n"
        "environments: {dev: {values: [{dotenv: b.env}, {dotenv: a.env}]}}"
    )
    project.env("PORT=0\n", "a.env")
    project.env("PORT=80\n", "b.env")
    assert "port-out-of-range" in agreed(project, "--env", "dev", *order)


def test_files_that_the_environment_does_not_read_stay_where_they_are_given(project):
    project.spec("variables: {PORT: {type: port}}\n" + reads("a.env"))
    project.env("PORT=80\n", "a.env")
    project.env("PORT=0\n", "b.env")
    assert project.run("hook", "--env", "dev", "a.env", "b.env").code == 1
    assert project.run("hook", "--env", "dev", "b.env", "a.env", "./a.env").code == 0


def test_a_file_that_other_files_override_is_judged_with_what_they_set(project):
    """By itself the file keeps the rule; with what the local file overrides, it is broken."""
    project.spec(
        "variables: {MODE: {required: false}, URL: {required: false}}\n"
        "rules: {r: {assert: \"MODE == 'test' || URL == 'real'\", message: no}}\n"
        "environments: {dev: {values: [{dotenv: .env}, {dotenv: local.env}]}}"
    )
    project.env("MODE=test\nURL=fake\n")
    project.env("MODE=live\n", "local.env")
    assert agreed(project, ".env").count("error[rule-violated]") == 1


def test_one_file_in_two_environments_is_read_by_both_loaders(project):
    project.spec(
        "variables: {PORT: {type: port}}\n"
        "environments: {dev: {values: [{dotenv: .env}]},"
        " prod: {values: [{dotenv: {path: ./.env, dialect: docker}}]}}"
    )
    project.env("PORT='80'\n")
    assert project.run("check", "dev").code == 0
    assert "prod: 1 error" in agreed(project, ".env", environment="prod")


@pytest.mark.parametrize(
    ("name", "condition", "value"),
    [
        ("environment", "environment == 'x'", "x"),
        ("environment", "environment != 'dev'", "x"),
        ("live", "live == 'x'", "x"),
        ("live", "!(live != 'x')", "x"),
    ],
)
def test_a_variable_that_is_called_like_what_surrounds_it_is_that_variable(
    project, name, condition, value
):
    project.spec(
        f'variables: {{"{name}": {{required: false}}, X: {{required: "{condition}"}}}}\n'
        + reads(".env")
    )
    assert project.run("lint").code == 0
    project.env(f"{name}={value}\n")
    assert "X is not set" in agreed(project, ".env")
    project.env(f"{name}=other\n" if "==" in condition or "!(" in condition else f"{name}=dev\n")
    assert project.run("check").code == 0
    assert project.run("hook", ".env").code == 0


def test_only_variables_are_ever_set(project):
    """A file sets `live`, which no spec declares, so `isSet` doesn't see it."""
    project.spec(
        "undeclared: ignore\nvariables: {A: }\n"
        "rules: {r: {assert: \"A == 'y' || isSet('live')\", message: no}}\n" + reads(".env")
    )
    project.env("A=x\nlive=x\n")
    assert "rule-violated" in agreed(project, ".env")


@pytest.mark.parametrize("value", ["-0", "-00", "0" * 13, "0" * 17 + "1"])
def test_spellings_that_no_duration_in_seconds_has(project, value):
    project.spec("variables: {T: {type: duration, styles: [seconds]}}\n" + reads(".env"))
    project.env(f"T={value}\n")
    assert "duration-malformed" in agreed(project, ".env")


def test_a_file_that_is_called_like_an_environment_is_not_that_environment(project):
    project.spec(
        "variables: {A: {required: \"environment == 'x.env'\"}, B: }\n"
        "environments: {x.env: {values: [{dotenv: other.env}]}}"
    )
    project.env("B=1\n", "x.env")
    assert project.run("hook", "x.env") == (0, "", "")
