"""The monorepo: services that share imports are checked in one run, each by its own spec."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.project import Project

EXAMPLE = Path(__file__).parents[2] / "examples" / "monorepo"
SERVICES = ("api", "web", "worker")
FAULTS = {
    ("apps/api: production", "sessions", "key-mismatch"),
    ("apps/worker: production", "DATABASE_POOL_SIZE", "number-out-of-range"),
}


@pytest.fixture
def copy(tmp_path: Path) -> Project:
    """The example in a folder where it may be changed."""
    (tmp_path / ".git").mkdir()  # one repository, whose services share files
    return Project(Path(shutil.copytree(EXAMPLE, tmp_path / "monorepo")))


def faults(project: Project, *words: str) -> set[tuple[str, str, str]]:
    done = project.run("check", "--all", *words, "--format", "json")
    found = json.loads(done.out)["findings"]
    return {(f["environment"], f["subject"], f["rule"]) for f in found if f["outcome"] == "fail"}


def test_laptops_are_clean_and_production_has_its_two_faults(copy: Project) -> None:
    assert faults(copy, "development") == set()
    assert faults(copy) == FAULTS


def test_production_with_its_faults_fixed_is_clean(copy: Project) -> None:
    web = (copy.folder / "apps/web/.env.production").read_text()
    key = next(line for line in web.splitlines() if line.startswith("SESSION_KEY="))
    for name in ("api", "worker"):
        file = copy.folder / f"apps/{name}/.env.production"
        lines = [
            key if line.startswith("SESSION_KEY=") else line
            for line in file.read_text().splitlines()
            if not line.startswith("DATABASE_POOL_SIZE=")
        ]
        file.write_text("\n".join(lines) + "\n")
    done = copy.run("check", "--all")
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_is_a_project_of_its_own(copy: Project, service: str) -> None:
    inner = Project(copy.folder / "apps" / service)
    assert inner.run("lint").code == 0
    assert inner.run("check", "development").code == 0


@pytest.mark.parametrize("service", ["api", "web"])
def test_the_fixture_tests_pass_and_would_not_with_a_laxer_shared_spec(
    copy: Project, service: str
) -> None:
    inner = Project(copy.folder / "apps" / service)
    assert inner.run("test").code == 0
    for path in ("apps/api/specs/api.yaml", "apps/web/specs/web.yaml"):
        file = copy.folder / path
        text = file.read_text().replace("https://')", "http')")
        file.write_text(text.replace("[info, warning, error]", "[debug, info, warning, error]"))
    assert inner.run("test").code == 1


def test_loosening_in_silence_is_refused(copy: Project) -> None:
    file = copy.folder / "apps/worker/specs/worker.yaml"
    file.write_text(file.read_text().replace(", loosens: [required]", ""))
    done = copy.run("lint", "--all")
    assert done.code == 2
    assert "apps/worker/specs/worker.yaml" in done.said
    assert "shared/observability.yaml" in done.said


def test_no_output_shows_a_secret(copy: Project) -> None:
    files = copy.folder.glob("apps/*/.env*")
    secrets = [
        line.partition("=")[2]
        for file in files
        for line in file.read_text().splitlines()
        if line.startswith(("SESSION_KEY=", "DATABASE_URL=", "REDIS_URL="))
    ]
    assert len(secrets) == 10
    for format_ in ("text", "json", "sarif", "html", "markdown"):
        said = copy.run("check", "--all", "--verbose", "--format", format_).said
        assert [secret for secret in secrets if secret[-30:] in said] == []
