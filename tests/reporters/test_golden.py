"""Every case renders as its expected files say, in every format that it names."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.reporters.golden import CASES, ENDINGS, load

from assay.reporters import REPORTERS, render_report

if TYPE_CHECKING:
    from pathlib import Path

FOLDERS = sorted(path.parent for path in CASES.glob("*/report.yaml"))
ALL = [(folder, name) for folder in FOLDERS for name in load(folder).formats]


@pytest.mark.parametrize(("folder", "name"), ALL, ids=lambda value: getattr(value, "name", value))
def test_a_case_renders_as_expected(folder: Path, name: str) -> None:
    case = load(folder)
    made = render_report(name, case.report, case.settings)
    assert render_report(name, case.report, case.settings) == made, (
        "the same report renders the same"
    )
    expected = folder / f"expected.{ENDINGS[name]}"
    if os.environ.get("ASSAY_UPDATE_CASES"):
        expected.write_text(made, encoding="utf-8", newline="")
    assert made == expected.read_bytes().decode()


def test_no_expected_file_is_left_behind() -> None:
    wanted = {folder / f"expected.{ENDINGS[name]}" for folder, name in ALL}
    assert set(CASES.glob("*/expected.*")) == wanted


def test_every_format_has_a_case() -> None:
    assert {name for _, name in ALL} == set(REPORTERS) == set(ENDINGS)
