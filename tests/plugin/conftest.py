"""The plug-in that docs/plugins.md teaches, built as a wheel and installed beside assay."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.docs.test_docs import blocks
from tests.packaging.conftest import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.project import Project

PAGE = Path(__file__).parents[2] / "docs" / "plugins.md"


def block(file: str) -> str:
    """A file of the page."""
    [text] = [found.text for found in blocks(PAGE) if found.file == file]
    return text


def built(source: Path, to: Path) -> None:
    """Build a wheel, and install it into a folder of packages."""
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", source / "dist", source],
        env=clean(), capture_output=True, check=True,
    )  # fmt: skip
    [wheel] = (source / "dist").glob("*.whl")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", to, wheel],
        env=clean(), check=True,
    )  # fmt: skip


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages that holds the plug-in's wheel."""
    source, to = tmp_path_factory.mktemp("acme"), tmp_path_factory.mktemp("packages")
    for found in blocks(PAGE):
        if found.file and not found.file.startswith("specs/"):
            (source / found.file).parent.mkdir(parents=True, exist_ok=True)
            (source / found.file).write_text(found.text, encoding="utf-8")
    (source / "src" / "acme_assay" / "__init__.py").touch()
    built(source, to)
    return to


@pytest.fixture
def importable(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget what a test imports from folders of its own."""
    before = set(sys.modules)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield
    for name in set(sys.modules) - before:
        if name.partition(".")[0].endswith(("_assay", "_plugin")):
            del sys.modules[name]


@pytest.fixture
def acme(
    packages: Path, project: Project, monkeypatch: pytest.MonkeyPatch, importable: None
) -> Project:
    """The project of the page, where the plug-in is installed."""
    del importable
    monkeypatch.syspath_prepend(str(packages))
    project.write("specs/app.yaml", block("specs/app.yaml"))
    project.write("settings.json", '{"ACME_TOKEN": "acme_4f9Q2m7Xb1Zk8Rt3Vw6Yc0Ls"}')
    return project
