"""A finding has one identity, wherever assay runs, and none that gives a secret away."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest

from assay.model import Category, Finding, Location, Outcome, Report
from assay.reporters import render_report
from assay.reporters.base import Context
from assay.reporters.identity import fingerprints

SPEC = """\
environments:
  development: {values: [{dotenv: .env}]}
  production: {values: [{dotenv: .env.production}]}
undeclared: fail
variables:
  PORT: {type: port}
  HOST: {type: hostname, when: isSet('PORT')}
"""
HIDDEN = ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw", "MIIEowIBAAKCAQEA3Tz2mr7SZiAMfQyuvBjM9O")
PATHS = ("apps/api", "apps/web")


@pytest.fixture(autouse=True)
def _monorepo(project):
    (project.folder / ".git").mkdir()
    for path in PATHS:
        project.spec(SPEC, f"{path}/specs/app.yaml")
        hidden = "".join(f"{name}=1\n" for name in HIDDEN)
        project.env(f"PORT=many\n{hidden}", f"{path}/.env")
        project.env("PORT=0\nHOST=a b\n", f"{path}/.env.production")


def said(project, name: str, folder: str, *argv: str) -> Any:
    within = type(project)(project.folder / folder)
    return json.loads(within.run("check", *argv, "--format", name).out)


def sarif(project, folder: str, *argv: str) -> dict[str, set[tuple[str, str]]]:
    """Category to what was found: the fingerprint, and the place."""
    log = said(project, "sarif", folder, *argv)
    made: dict[str, set[tuple[str, str]]] = {}
    for run in log["runs"]:
        category = run["automationDetails"]["id"].rpartition("/")[0]
        assert category not in made
        found = made[category] = set()
        for result in run["results"]:
            (place,) = result["locations"]
            physical = place["physicalLocation"]
            where = f"{physical['artifactLocation']['uri']}:{physical['region']['startLine']}"
            found.add((result["partialFingerprints"]["assayFingerprint/v1"], where))
        assert len(found) == len(run["results"])
    return made


def test_a_category_names_the_project_and_the_environment(project):
    found = sarif(project, ".", "--all")
    assert set(found) == {
        f"assay/{path}/{name}" for path in PATHS for name in ("development", "production")
    }
    prints = [print_ for run in found.values() for print_, _ in run]
    assert len(prints) == len(set(prints)) == 12


def test_a_project_is_the_same_with_all_and_from_within(project):
    together = sarif(project, ".", "--all")
    one_by_one = {**sarif(project, "apps/api"), **sarif(project, "apps/web")}
    assert one_by_one == together
    assert {**sarif(project, "apps", "--all")} == together
    (project.folder / "apps/api/src/deep").mkdir(parents=True)
    assert sarif(project, "apps/api/src/deep") == sarif(project, "apps/api")
    for spec in ("apps/api/specs", "apps/api/specs/app.yaml"):
        assert sarif(project, ".", "--spec", spec) == sarif(project, "apps/api")
    assert sarif(project, "apps/web", "--spec", "../api/specs") == sarif(project, "apps/api")


@pytest.mark.parametrize("name", ["gitlab", "json"])
def test_other_formats_name_a_finding_the_same(project, name):
    def prints(folder: str, *argv: str) -> list[str]:
        document = said(project, name, folder, *argv)
        found = document["findings"] if name == "json" else document
        return sorted(one["fingerprint"] for one in found)

    together = prints(".", "--all")
    assert len(together) == len(set(together))
    assert together == sorted([*prints("apps/api"), *prints("apps/web")])
    if name == "json":
        logs = sarif(project, ".", "--all")
        assert {print_ for run in logs.values() for print_, _ in run} < set(together)


def test_a_project_at_the_top_has_a_category_without_a_path(project):
    project.spec(SPEC)
    project.env("PORT=many\n")
    project.env("PORT=80\nHOST=a\n", ".env.production")
    assert set(sarif(project, ".")) == {"assay/development", "assay/production"}
    together = sarif(project, ".", "--all")
    assert len(together) == 6
    assert sarif(project, ".").items() <= together.items()


def test_problems_of_specs_belong_to_their_projects(project):
    for path in PATHS:
        project.spec("variables: {A: {type: prt}}\n", f"{path}/specs/app.yaml")

    def linted(folder: str, *argv: str) -> dict[str, set[str]]:
        within = type(project)(project.folder / folder)
        log = json.loads(within.run("lint", *argv, "--format", "sarif").out)
        return {
            run["automationDetails"]["id"]: {
                result["partialFingerprints"]["assayFingerprint/v1"] for result in run["results"]
            }
            for run in log["runs"]
        }

    together = linted(".", "--all")
    assert set(together) == {"assay/apps/api/spec/", "assay/apps/web/spec/"}


def test_an_environment_without_findings_keeps_its_category(project):
    finding = Finding(
        outcome=Outcome.PASS, kind="variable", subject="A", environment="apps/api: dev",
        own_environment="dev", folder="apps/api",
    )  # fmt: skip
    names = ("apps/api: dev", "apps/web: dev")
    text = render_report("sarif", Report.of([finding], environments=names), Context(version="1"))
    ids = [run["automationDetails"]["id"] for run in json.loads(text)["runs"]]
    assert ids == ["assay/apps/api/dev/", "assay/apps/web/dev/"]
    text = render_report("sarif", Report.of([], environments=("a: b",)), Context(version="1"))
    ids = [run["automationDetails"]["id"] for run in json.loads(text)["runs"]]
    assert ids == ["assay/a%3A%20b/"]


def masked(subject: str, line: int) -> Finding:
    return Finding(
        outcome=Outcome.FAIL, kind="source", subject=subject, rule="source-undeclared",
        category=Category.SOURCE, message="m", location=Location(file=".env", line=line),
    )  # fmt: skip


def test_hidden_names_differ_and_give_nothing_away():
    def hide(text: str) -> str:
        return re.sub("hunter[0-9]+", "••••••", text)

    context = Context(version="1", mask=hide)
    report = Report.of([masked("hunter2", 1), masked("hunter3", 2), masked("PLAIN", 3)])
    names = list(fingerprints(report, context).values())
    assert len(set(names)) == 3
    others = Report.of([masked("hunter77", 1), masked("hunter88", 2), masked("PLAIN", 3)])
    assert list(fingerprints(others, context).values()) == names
    for subject in ("hunter2", "hunter3"):
        guess = f"source\0source-undeclared\0\0{subject}".encode()
        assert hashlib.sha256(guess).hexdigest()[:32] not in names
    assert names[2] == report.findings[2].fingerprint
