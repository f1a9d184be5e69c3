"""No file of the project is ever taken for a plug-in, whatever it looks like."""

from __future__ import annotations

import os
import site
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.plugin.made import install

from assay.plugins import GROUP, REGISTRIES, registry_of

if TYPE_CHECKING:
    from pathlib import Path

    from tests.project import Project

EVIL = "open('ran.txt', 'w').write('x')\nfrom assay.formats.text import Text as T\n"
ENTRIES = {"types.evil": "evil_plugin:T"}
SPEC = "plugins: [evil-plugin]\nvariables: {A: {type: evil, required: false}}\n"


@pytest.fixture
def hostile(project: Project) -> Project:
    """A project that looks like a folder of installed packages."""
    install(project.folder, ENTRIES, EVIL, name="evil-plugin")
    project.spec(SPEC)
    return project


@pytest.mark.parametrize("path", ["", ".", "{here}", "{here}/"])
@pytest.mark.parametrize("command", ["lint", "check", "explain", "schema", "docs"])
def test_a_package_in_the_project_is_not_installed(
    hostile: Project, command: str, path: str
) -> None:
    environ = {**os.environ, "PYTHONPATH": path.format(here=hostile.folder)}
    done = hostile.spawn(command, env=environ)
    assert done.code == 2, done.said
    assert "the plug-in evil-plugin is not installed" in done.said
    assert not (hostile.folder / "ran.txt").exists()


def test_a_package_elsewhere_in_the_repository_is_not_installed(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.folder / ".git").mkdir()
    install(project.folder / "lib", ENTRIES, EVIL, name="evil-plugin")
    project.spec(SPEC, "app/specs/app.yaml")
    monkeypatch.syspath_prepend(str(project.folder / "lib"))
    done = project.run("lint", "--spec", "app/specs")
    assert "the plug-in evil-plugin is not installed" in done.said
    assert not list(project.folder.rglob("ran.txt"))


def test_a_link_to_the_project_is_not_installed(
    hostile: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "linked").symlink_to(hostile.folder)
    monkeypatch.syspath_prepend(str(tmp_path / "linked"))
    assert "is not installed" in hostile.run("lint").said
    assert not (hostile.folder / "ran.txt").exists()


@pytest.mark.parametrize("name", ["evil_plugin.py", "evil_plugin/__init__.py"])
def test_a_module_in_the_project_does_not_replace_an_installed_one(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    install(tmp_path / "packages", ENTRIES, "", name="evil-plugin")
    project.write(name, EVIL)
    project.spec(SPEC)
    monkeypatch.syspath_prepend(str(tmp_path / "packages"))
    monkeypatch.syspath_prepend(str(project.folder))
    done = project.run("lint")
    assert done.code == 2
    said = " ".join(done.said.split())
    assert "Python would import evil_plugin from the project" in said
    assert not (project.folder / "ran.txt").exists()


def test_python_m_assay_imports_nothing_from_the_project(project: Project) -> None:
    project.spec("variables: {A: {required: false}}\n")
    project.env("A=1\n")
    for name in ("yaml", "msgspec", "argparse", "json"):
        project.write(f"{name}.py", "open('ran.txt', 'w').write('x')\n")
    done = project.spawn("check")
    assert (done.code, done.err) == (0, "")
    assert not (project.folder / "ran.txt").exists()


def test_the_packages_of_this_python_count_even_inside_of_the_project(
    project: Project, tmp_path: Path
) -> None:
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", project.folder / ".venv"], check=True
    )
    [packages] = project.folder.glob(".venv/lib/python*/site-packages")
    install(packages, ENTRIES, EVIL.partition("\n")[2], name="evil-plugin")
    ours = [path for path in sys.path if path and not path.startswith(str(tmp_path))]
    (packages / "ours.pth").write_text("\n".join(ours))
    project.spec(SPEC)
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [project.folder / ".venv" / "bin" / "python", "-m", "assay", "lint"],
        cwd=project.folder, env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stdout + done.stderr
    assert "which has the tag text" in done.stderr + done.stdout, "it was found and imported"


def test_the_users_own_packages_count_even_inside_of_the_project(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    packages = project.folder / "own"
    install(packages, ENTRIES, EVIL.partition("\n")[2], name="evil-plugin")
    monkeypatch.syspath_prepend(str(packages))
    project.spec(SPEC)
    monkeypatch.setattr(site, "getusersitepackages", lambda: str(packages))
    monkeypatch.setattr(site, "ENABLE_USER_SITE", False)
    assert "is not installed" in project.run("lint").said
    monkeypatch.setattr(site, "ENABLE_USER_SITE", True)
    assert "which has the tag text" in " ".join(project.run("lint").said.split())


def test_each_registry_is_there_under_its_name() -> None:
    assert GROUP == "assay.plugins"
    assert list(REGISTRIES) == sorted(REGISTRIES)
    for group in REGISTRIES:
        assert registry_of(group).group == group
