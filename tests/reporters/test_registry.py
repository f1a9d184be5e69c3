"""The registry, and that what it names exists."""

from __future__ import annotations

from pathlib import Path

import pytest

import assay.reporters
from assay.model import Finding, Outcome, Report
from assay.reporters import REPORTERS, render_report
from assay.reporters.base import Context, by_environment, sentence
from assay.words import plural

HELPERS = {
    *(
        "__init__",
        "base",
        "display",
        "excerpt",
        "folding",
        "identity",
        "markup",
    ),
}
DOCS = Path(__file__).parents[2] / "docs"


def test_names_are_in_alphabetical_order() -> None:
    assert list(REPORTERS) == sorted(REPORTERS)


def test_every_module_is_registered_and_every_name_has_a_module() -> None:
    folder = Path(next(iter(assay.reporters.__path__)))
    modules = {path.stem for path in folder.glob("*.py")} - HELPERS
    assert modules == {place.partition(":")[0] for place in REPORTERS.places.values()}


@pytest.mark.parametrize("name", REPORTERS)
def test_every_format_is_documented(name: str) -> None:
    assert f"\n## `{name}`" in (DOCS / "reports.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", REPORTERS)
def test_defaults_are_enough_to_render(name: str) -> None:
    failed = Finding(outcome=Outcome.FAIL, kind="variable", subject="A", sensitive=False)
    assert "A" in render_report(name, Report.of([failed]), Context(version="1"))


def test_an_unknown_format_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        render_report("papyrus", Report.of([]), Context(version="1"))


def test_environments_keep_their_declared_order() -> None:
    found = [
        Finding(outcome=Outcome.PASS, kind="variable", subject="A", environment=name)
        for name in ("a", "", "z")
    ]
    assert list(by_environment(Report.of(found, environments=("z", "b")))) == ["", "z", "b", "a"]


def test_words() -> None:
    assert [plural(n, "error") for n in (0, 1, 2)] == ["0 errors", "1 error", "2 errors"]
    assert [sentence(text) for text in ("", "a ", "a.", "a?")] == ["", "a.", "a.", "a?"]
