"""A plain `assay check` leaves an environment of the process to where it runs, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assay.cli.elsewhere import checked_here
from assay.spec.loader import load_spec

if TYPE_CHECKING:
    from tests.project import Project

NOTE = "assay: production: not checked here; run `assay check production` where it runs\n"
SPEC = """\
assay: 1
environments:
  laptop: {values: [{dotenv: .env}]}
  production: {live: true, values: [process]}
variables:
  SHOP_PORT: {type: port, default: 3000}
  SHOP_SECRET: {secret: true}
  SHOP_DSN: {type: sentry-dsn, required: environment == 'production'}
"""
LAPTOP = "  laptop: {values: [{dotenv: .env}]}\n"
ENV = "SHOP_SECRET=kV9sTz2QqWx7Lm4RbN8cYp3D\n"


def made(folder: Project, environments: str, variables: str = "SHOP_SECRET: ") -> Project:
    folder.write(
        "specs/app.yaml",
        f"assay: 1\nenvironments:\n{environments}variables: {{{variables}}}\n",
    )
    return folder


@pytest.mark.parametrize(
    ("environments", "here"),
    [
        ("  production: {values: [process]}\n", "laptop"),
        ("  production: {live: true, values: [process]}\n  ci: {values: [process]}\n", "laptop"),
        # what files there are is checked with another environment
        ("  production: {live: true, values: [{dotenv: .env}, process]}\n", "laptop"),
        ("  staging: {values: [{dotenv: {path: no.env, optional: true}}, process]}\n", "laptop"),
        # a file of its own is here, or must be
        ("  staging: {values: [{dotenv: {path: own.env, optional: true}}, process]}\n", "both"),
        ("  staging: {values: [{dotenv: lost.env}, process]}\n", "both"),
        # nothing of it comes from the process
        ("  production: {live: true, values: []}\n", "both"),
        (
            "  production: {values: [{compose: {path: compose.yaml, service: a}}, process]}\n",
            "both",
        ),
    ],
)
def test_what_can_be_checked_here(environments: str, here: str, project: Project) -> None:
    made(project, LAPTOP + environments)
    project.env("A=1\n", "own.env")
    spec = load_spec(str(project.folder / "specs"))
    expected = list(spec.environments) if here == "both" else [here]
    assert checked_here(spec, {"HOME": "/home/kim"}) == expected


@pytest.mark.parametrize(
    ("process", "here"),
    [
        ({}, ["laptop"]),
        ({"CI": "false"}, ["laptop"]),
        ({"CI": "true"}, ["laptop", "production"]),
        ({"SHOP_PORT": "80"}, ["laptop"]),
        ({"SHOP_SECRET": ""}, ["laptop", "production"]),
        ({"SHOP_DSN": "x"}, ["laptop", "production"]),
    ],
)
def test_a_process_that_sets_what_must_be_set_is_checked(
    process: dict[str, str], here: list[str], project: Project
) -> None:
    project.spec(SPEC)
    assert checked_here(load_spec(str(project.folder / "specs")), process) == here


@pytest.mark.parametrize(
    ("environments", "here"),
    [
        # others that aren't live remain
        (
            "  development: {values: [process]}\n  production: {live: true, values: [process]}\n",
            ["development"],
        ),
        ("  eu: {live: true, values: [process]}\n  us: {live: true, values: [process]}\n", "all"),
        ("  production: {live: true, values: [process]}\n", "all"),
    ],
)
def test_something_is_always_checked(
    environments: str, here: list[str] | str, project: Project
) -> None:
    spec = load_spec(str(made(project, environments).folder / "specs"))
    assert checked_here(spec, {}) == (list(spec.environments) if here == "all" else here)


def test_where_nothing_must_be_set_all_is_checked(project: Project) -> None:
    made(project, LAPTOP + "  production: {values: [process]}\n", "LEVEL: {required: false}")
    spec = load_spec(str(project.folder / "specs"))
    assert checked_here(spec, {}) == ["laptop", "production"]


def test_a_plain_check_says_what_it_left_out(project: Project) -> None:
    project.spec(SPEC)
    project.env(ENV)
    assert project.run("check") == (0, "3 passed in laptop\n", NOTE)


@pytest.mark.parametrize("argv", [["production"], ["--all-environments"], ["laptop", "production"]])
def test_what_is_asked_for_is_checked(argv: list[str], project: Project) -> None:
    project.spec(SPEC)
    project.env(ENV)
    ran = project.run("check", *argv)
    assert ran.code == 1
    assert "SHOP_DSN is not set" in ran.out
    assert ran.err == ""


def test_untrusted_files_cant_leave_an_environment_out(project: Project) -> None:
    project.spec(SPEC)
    project.env(ENV)
    ran = project.run("check", "--untrusted")
    assert ran.code == 3
    assert NOTE not in ran.err


def test_waiting_says_it_once(project: Project) -> None:
    project.spec(SPEC)
    project.env("SHOP_SECRET=\n")
    ran = project.run("check", "--wait", "0.6s")
    assert (ran.code, ran.err.count(NOTE)) == (1, 1)


def test_every_project_says_it_for_itself(project: Project) -> None:
    project.write("web/specs/app.yaml", SPEC)
    project.write("web/.env", ENV)
    assert project.run("check", "--all") == (
        0,
        "3 passed in web: laptop\n",
        NOTE.replace("production:", "web: production:", 1),
    )
    assert project.run("check", "--all", "production").code == 1
