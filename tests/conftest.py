"""What every test is kept from: the user's cache, the terminal's wishes, the CI's variables."""

from __future__ import annotations

import gc
import os
from collections import Counter
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, is_hypothesis_test, settings
from tests.project import Project

import assay
from assay.cli import parsing
from assay.documents import DOCUMENTS
from assay.reporters import REPORTERS
from assay.screen import store

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


MEASURED = 8
"""Cases of a parametrised test that are measured by coverage: the others run the same lines."""
EACH_MEASURED = (
    "tests/cases/",
    "tests/crypto/envelopes/",
    "tests/documents/",
    "tests/dotenv/",
    "tests/formats/",
    "tests/kinds/",
    "tests/schema_diff/",
    "tests/screen/",
    "tests/spec/",
    "tests/test_",
)
"""Where each case is about lines of its own."""
UNMEASURED = (
    "tests/cli/test_exhaustion.py",
    "tests/cli/test_pasted_secrets.py",
    "tests/databases/test_floods.py",
    "tests/databases/test_postgres_planted.py",
    "tests/documents/test_declarations.py",
    "tests/dotenv/test_dotenv_linear.py",
    "tests/editor/",
    "tests/english/",
    "tests/examples/",
    "tests/kinds/test_many_findings.py",
    "tests/kinds/test_rule_texts.py",
    "tests/library/",
    "tests/packaging/",
    "tests/precommit/",
    "tests/properties/",
    "tests/reporters/test_chromium.py",
    "tests/schema_diff/test_hostile_texts.py",
    "tests/test_discretion.py",
)
"""What runs many times over the lines that other tests run, or starts other programs."""


PROCESSES_MEASURED = (
    "tests/cli/test_check.py",
    "tests/cli/test_completion.py",
    "tests/cli/test_interrupts.py",
    "tests/cli/test_run.py",
    "tests/cli/test_untrusted.py",
)
"""What starts assay for lines that run in no other way."""


def _repeats(item: pytest.Item, case: int) -> bool:
    """Whether a test runs lines that others run."""
    return (
        (isinstance(item, pytest.Function) and is_hypothesis_test(item.function))
        or item.nodeid.startswith(UNMEASURED)
        or (case > MEASURED and not item.nodeid.startswith(EACH_MEASURED))
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure coverage where it costs least: tracing takes as long as the tests themselves."""
    cases = Counter[str]()
    for item in items:
        function = item.nodeid.partition("[")[0]
        cases[function] += 1
        if _repeats(item, cases[function]):
            item.add_marker(pytest.mark.no_cover)


_EXIT = os._exit


def pytest_runtest_setup() -> None:
    """Undo what coverage adds to `os._exit` each time that it resumes: thousands of savings."""
    os._exit = _EXIT


def pytest_collection_finish() -> None:
    """Spare the garbage collector what stays until the end."""
    gc.collect()
    gc.freeze()


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


@pytest.fixture(autouse=True, scope="session")
def _found_out_once() -> Iterator[None]:
    """A process runs one command, for which it makes a parser and looks whether our code changed.

    The tests run tens of thousands.
    """
    parse, look, ours = parsing.parser, store._modules, os.path.dirname(assay.__file__)
    code = look(ours)

    @cache
    def made(only: str | None, *_offered: str) -> parsing.Parser:
        return parse(only)

    def parser(only: str | None = None) -> parsing.Parser:
        return made(only, *REPORTERS, *DOCUMENTS)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsing, "parser", parser)
        patch.setattr(store, "_modules", lambda folder: code if folder == ours else look(folder))
        yield


@pytest.fixture(autouse=True)
def _own_world(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, _folders: Iterator[Path]
) -> None:
    item = request.node
    if item.get_closest_marker("no_cover") or not item.nodeid.startswith(PROCESSES_MEASURED):
        monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)
    for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME"):
        folder = next(_folders)
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in UNWANTED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "fsync", lambda _: None)  # no power fails, and each takes milliseconds


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project, where commands run."""
    folder = tmp_path / "project"
    folder.mkdir()
    return Project(folder)
