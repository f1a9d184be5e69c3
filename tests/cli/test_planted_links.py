"""A link that somebody put into a repository never leads what assay writes out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project

SPEC = """
environments:
  dev: {values: [{dotenv: .env}]}
variables:
  PORT: {type: port}
"""
MINE = "alias ll='ls -l'\n"
REPORT = ("check", "dev", "--output")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / ".bashrc").write_text(MINE)
    return folder


@pytest.fixture
def planted(project: Project, home: Path) -> Project:
    project.spec(SPEC)
    project.write(".env", "PORT=80\n")
    project.write(".git/config", MINE)
    (project.folder / "real").mkdir()
    for name, target in {
        "file": f"{home}/.bashrc",
        "folder": f"{home}",
        "new": f"{home}/new",
        "git": ".git/config",
        "hook": ".git/hooks/pre-commit",
        "device": "/dev/null",
        "hop": "real/hop",
        "real/hop": "../../home/.bashrc",
        "inner": "real",
    }.items():
        (project.folder / name).symlink_to(target)
    return project


WAYS = ("file", "folder/.bashrc", "folder/new", "new", "git", "hook", "device", "hop", "inner/hop")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "command",
    [
        (*REPORT, "sarif={}"),
        (*REPORT, "json={}", "--untrusted"),
        ("lint", "--output", "text={}"),
        ("schema", "-o", "{}"),
        ("init", "--force", "--output", "{}"),
    ],
)
def test_no_report_follows_a_link_out_of_the_repository(planted, home, command, way):
    ran = planted.run(*(part.format(way) for part in command))
    assert ran.code == 2
    assert f"{way} is not written: a link in the repository leads to a different place" in ran.err
    assert (home / ".bashrc").read_text() == MINE == (planted.folder / ".git/config").read_text()
    assert [path.name for path in home.iterdir()] == [".bashrc"]
    assert (planted.folder / way).is_symlink() or "/" in way


def test_the_repository_around_a_named_file_counts_too(planted, home, monkeypatch):
    monkeypatch.chdir(home)
    ran = planted.run(
        *REPORT, f"json={planted.folder}/file", "--spec", str(planted.folder / "specs")
    )
    assert ran.code == 2
    assert "is not written" in ran.err
    assert (home / ".bashrc").read_text() == MINE


def test_links_within_the_repository_and_files_outside_are_written(planted, home):
    for path in ("inner/a.json", "real/b.json", str(home / "c.json"), "../d.json"):
        assert planted.run(*REPORT, f"json={path}").code == 0, path
    (home / "link").symlink_to(home / "e.json")
    assert planted.run(*REPORT, f"json={home}/link").code == 0
    assert (home / "e.json").exists()
    assert (planted.folder / "real/a.json").exists()
