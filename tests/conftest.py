"""What every test is kept from: the user's cache, the terminal's wishes, the CI's variables."""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings
from tests.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

settings.register_profile(
    "quick", max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=600)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or "quick")

UNWANTED = (
    "ASSAY_PEPPER",
    "COLUMNS",
    "FORCE_COLOR",
    "GITHUB_ACTIONS",
    "GITHUB_STEP_SUMMARY",
    "NO_COLOR",
    "PYTHONWARNINGS",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave properties out of the coverage: a hundred examples of one reach the same lines."""
    for item in items:
        if isinstance(item, pytest.Function) and is_hypothesis_test(item.function):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="session")
def _folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    base = tmp_path_factory.mktemp("tests")
    return (base / str(number) for number in count())


@pytest.fixture
def tmp_path(_folders: Iterator[Path]) -> Path:
    """A folder of the test's own.

    pytest's fixture lists the folders of all earlier tests to number each new one: with thousands
    of tests that takes minutes.
    """
    path = next(_folders)
    path.mkdir()
    return path


@pytest.fixture(autouse=True)
def _own_world(monkeypatch: pytest.MonkeyPatch, _folders: Iterator[Path]) -> None:
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME"):
        folder = next(_folders)
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in UNWANTED:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project, where commands run."""
    folder = tmp_path / "project"
    folder.mkdir()
    return Project(folder)
